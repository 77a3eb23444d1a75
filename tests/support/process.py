"""A real `salon serve` as a process of its own, which can be killed and started again on the same port and data."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.support.nursery import Forked

START_SECONDS = 60


class ServerProcess:
    """`url` is valid after :meth:`start`; the port stays the same over restarts."""

    program: tuple[str, ...] = ("-m", "salon.cli")
    """What Python runs: the ``salon`` command."""

    cold: bool = False
    """Started as by an administrator, importing everything. Otherwise it is forked where it has been imported."""

    inside: tuple[str, ...] = ()
    """What is put before the command, as to run it in a network of its own."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self._folder = folder
        self._settings = settings
        self._port = 0
        self._process: subprocess.Popen[bytes] | Forked | None = None
        self.url = ""
        self.guide = ""
        """Where plain HTTP leads, for one with HTTPS of its own."""

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        return (self._folder / "log.txt").read_text()

    def start(self) -> None:
        ready = self._folder / "ready.json"
        ready.unlink(missing_ok=True)
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("SALON_")},
            "SALON_HOST": "127.0.0.1",
            "SALON_PORT": str(self._port),
            "SALON_DATA_DIR": str(self._folder / "data"),
            "SALON_READY_FILE": str(ready),
            **{f"SALON_{name.upper()}": value for name, value in self._settings.items()},
        }
        self._process = self._born(environment)
        deadline = time.monotonic() + START_SECONDS
        while not ready.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise AssertionError(f"the server did not start:\n{self.log}")
            time.sleep(0.02)
        said = json.loads(ready.read_text())
        self.url, self._port = said["url"], said["port"]
        self.guide = said.get("guide", "")

    def _born(self, environment: dict[str, str]) -> subprocess.Popen[bytes] | Forked:
        log = self._folder / "log.txt"
        if not (self.cold or self.inside) and self.program == ServerProcess.program:
            return Forked(self._folder, environment, log)
        with log.open("ab") as file:
            return subprocess.Popen(
                [*self.inside, sys.executable, *self.program, "serve"],
                cwd=self._folder,
                env=environment,
                stdout=file,
                stderr=file,
            )

    def kill(self) -> None:
        """As a power cut: SIGKILL, nothing is finished."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> int:
        """As an administrator: SIGTERM. Returns the exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
