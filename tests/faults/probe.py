"""Somebody in a process of their own who asks for something again and again, and notes how long each answer took.

In a process of its own, because a process that is a thousand clients keeps each of them waiting too.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.faults.client import Client, Pace, Pending
from tests.faults.history import History

EVERY = 0.05
EAGER = Pace(0.02, 0.1)
ROOT = Path(__file__).parents[2]


@dataclass
class Probe:
    """``waits`` is complete when the block that runs it is left: when something was asked, and how long it took."""

    waits: list[tuple[float, float]] = field(default_factory=list)

    def between(self, begin: float, end: float) -> list[float]:
        """How long those waited who asked between these moments of the monotonic clock, in seconds."""
        return [wait for asked, wait in self.waits if begin <= asked <= end]


@contextlib.asynccontextmanager
async def running(port: int, room: str, token: str) -> AsyncIterator[Probe]:
    """Somebody new in the room, who is in it when the block begins."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.faults.probe",
        *(str(port), room, token),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert child.stdout is not None
    probe = Probe()
    try:
        await child.stdout.readline()
        yield probe
        said, _ = await child.communicate(b"\n")
        probe.waits = [(asked, wait) for asked, wait in json.loads(said)]
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()


async def _ask(client: Client, waits: list[tuple[float, float]], enough: asyncio.Event) -> None:
    while not enough.is_set():
        await client.until(lambda: client.live, "being let in", 60)
        connection, asked = client.connections, time.monotonic()
        # It is stored like any command, but told to nobody: a thousand who hear of it would be another load.
        pending = client.do("chat.read", upto=0)
        await client.until(partial(_over, client, connection, pending), "an answer", 60)
        # While the server was away nobody could answer: that is no waiting in line.
        if client.connections == connection:
            waits.append((asked, time.monotonic() - asked))
        else:
            await pending.answered
        await asyncio.sleep(EVERY)


def _over(client: Client, connection: int, pending: Pending) -> bool:
    return pending.answered.done() or client.connections != connection


async def _main(port: int, room: str, token: str) -> None:
    witness = History(fold=False).witness("Probe-0a", "Probe", room)
    client = Client(witness, token, port, pace=EAGER).start()
    await client.until(lambda: client.live, "being let in")
    print("in", flush=True)
    enough = asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin, enough.set)
    waits: list[tuple[float, float]] = []
    await _ask(client, waits, enough)
    await client.stop()
    print(json.dumps(waits))


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
