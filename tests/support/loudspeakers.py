"""A sound system of a test's own: loudspeakers that exist only in it, and what is really heard from each.

Firefox plays nothing, and lets no clock of WebAudio run, on a machine without loudspeakers; test machines have none. So
PulseAudio runs with two that lead nowhere, reached by a socket in a private folder. What comes out of them is taken as
the system hands it on: behind the page, the browser and the choice of the device.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import math
import os
import shutil
import struct
import tempfile
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

RATE = 8_000
"""Samples a second that are listened to."""
PIECE = RATE // 20
"""Samples that are looked at together: a twentieth of a second, so that a tone that comes and goes is whole in some."""
START_SECONDS = 20
SECONDS = 30
"""How long something is waited for to be heard."""
SCRIPT = """
load-module module-null-sink sink_name=desk sink_properties=device.description=Desk
load-module module-null-sink sink_name=hall sink_properties=device.description=Hall
set-default-sink hall
load-module module-native-protocol-unix socket={socket} auth-anonymous=1
"""
AUDIBLE, SILENT = 0.01, 0.001
"""Root of the mean square, of full scale."""


@dataclass(frozen=True)
class Heard:
    """A piece of sound: how loud, and how much of it is one tone."""

    loud: float
    """Root of the mean square, 0 to 1."""
    part: float
    """The tone's share of the energy, 0 to 1."""


class Loudspeakers:
    """``desk``, and ``hall``, which is the system's own at first; browsers call them Desk and Hall."""

    def __init__(self, program: str) -> None:
        """``program``: PulseAudio; ``parec`` and ``pactl`` stand beside it."""
        self._program = program
        self._listener = str(Path(program).with_name("parec"))
        self._control = str(Path(program).with_name("pactl"))
        self._folder = Path(tempfile.mkdtemp(prefix="sound-"))
        self._process: Process | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What a program is given to use these and no others."""
        return {"PULSE_SERVER": f"unix:{self._folder / 'socket'}", "PULSE_COOKIE": str(self._folder / "cookie")}

    async def start(self) -> None:
        """Returns when programs may connect.

        :raises AssertionError: it did not start; the text is what it said
        """
        script = self._folder / "script.pa"
        script.write_text(SCRIPT.format(socket=self._folder / "socket"))
        options = ["-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", "--disable-shm=yes"]
        options += ["--realtime=no", "--high-priority=no", f"--file={script}"]
        home = {
            "HOME": str(self._folder),
            "XDG_RUNTIME_DIR": str(self._folder),
            "DBUS_SESSION_BUS_ADDRESS": "disabled:",
        }
        log = self._folder / "log.txt"
        with log.open("wb") as said:
            self._process = await asyncio.create_subprocess_exec(
                self._program, *options, env=os.environ | home, stdin=DEVNULL, stdout=said, stderr=said
            )
        atexit.register(self._end)
        deadline = time.monotonic() + START_SECONDS
        while not (self._folder / "socket").exists():
            assert self._process.returncode is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            await asyncio.sleep(0.02)

    async def stop(self) -> None:
        self._end()
        if self._process is not None:
            await self._process.wait()
        atexit.unregister(self._end)

    def _end(self) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    async def prefer(self, name: str) -> None:
        """From now on this is the system's own, also of what plays there already without having chosen."""
        order = [self._control, "set-default-sink", name]
        done = await asyncio.create_subprocess_exec(*order, env=os.environ | self.environment)
        assert await done.wait() == 0

    async def hears(self, name: str, hertz: float) -> None:
        """Wait until a loudspeaker plays this tone, and little else."""

        def tone(piece: Heard) -> bool:
            return piece.loud > AUDIBLE and piece.part > 0.7

        await self._until(name, hertz, tone, 1)

    async def is_silent(self, name: str) -> None:
        """Wait until nothing has come out of a loudspeaker for a second."""
        await self._until(name, 0, lambda piece: piece.loud < SILENT, 20)

    async def _until(self, name: str, hertz: float, found: Callable[[Heard], bool], pieces: int) -> None:
        """Wait for so many pieces in a row."""
        order = [f"--device={name}.monitor", "--raw", "--format=s16le", f"--rate={RATE}", "--channels=1"]
        ear = await asyncio.create_subprocess_exec(
            self._listener, *order, "--latency-msec=50", env=os.environ | self.environment, stdout=PIPE
        )
        assert ear.stdout is not None
        row, heard = 0, Heard(0, 0)
        try:
            async with asyncio.timeout(SECONDS):
                while row < pieces:
                    heard = listen(await ear.stdout.readexactly(2 * PIECE), hertz)
                    row = row + 1 if found(heard) else 0
        except TimeoutError:
            raise AssertionError(f"{hertz} Hz from {name} was waited for; the last was {heard}") from None
        finally:
            ear.kill()
            await ear.wait()


def listen(sound: bytes, hertz: float) -> Heard:
    """``sound``: samples of 16 bits. The tone's share is found by Goertzel's filter."""
    samples = [each / 32_768 for (each,) in struct.iter_unpack("<h", sound)]
    energy = sum(each * each for each in samples)
    turn = 2 * math.cos(2 * math.pi * hertz / RATE)
    before = last = 0.0
    for sample in samples:
        before, last = last, sample + turn * last - before
    tone = before * before + last * last - turn * before * last
    return Heard(math.sqrt(energy / len(samples)), 2 * tone / (len(samples) * energy) if energy else 0.0)
