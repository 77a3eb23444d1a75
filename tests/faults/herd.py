"""A server restarts under everybody who is connected, and they all come back at once."""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import dataclass
from pathlib import Path

from tests.faults import probe
from tests.faults.client import LIKE_THE_PAGE
from tests.faults.world import World

AT_ONCE = 40
GIVE_UP = 60.0


@dataclass(frozen=True)
class Measured:
    """Times in seconds, from when the new server accepts connections."""

    clients: int
    half_after: float
    """Until half of them were live again."""
    live_after: float
    """Until all were."""
    worst_ack: float
    """The longest that anybody who was back waited for an ack meanwhile."""
    acks: int
    snapshots: int
    """How many had to be given everything anew."""
    cpu: float
    """Seconds of processor time that the server took."""

    def __str__(self) -> str:
        return (
            f"{self.clients} clients: half live after {self.half_after:.2f} s, all after {self.live_after:.2f} s; "
            f"worst of {self.acks} acks {self.worst_ack * 1000:.0f} ms; {self.snapshots} snapshots; "
            f"{self.cpu:.2f} s of the server's processor time"
        )


async def gather(world: World, count: int) -> str:
    """A room with so many people in it, who come back at the pace of the page. Returns its link."""
    room = (await world.room("Ann", pace=LIKE_THE_PAGE)).room
    for start in range(1, count, AT_ONCE):
        names = [f"P{number}" for number in range(start, min(start + AT_ONCE, count))]
        wave = await asyncio.gather(*(world.person(name, room) for name in names))
        for person in wave:
            await world.device(person, direct=True, pace=LIKE_THE_PAGE)
        await world.arrived(*wave)
    return room


async def restart(world: World, room: str) -> Measured:
    """Stop the server as an administrator does, start it again, and wait for everybody."""
    async with probe.running(world.port, room, await world.session()) as probing:
        snapshots = world.history.snapshots
        before = {client: client.connections for client in world.clients}
        await asyncio.to_thread(world.server.stop)
        await asyncio.to_thread(world.server.start)
        begun, cpu, half = time.monotonic(), processor_seconds(world.server.pid), 0.0
        async with asyncio.timeout(GIVE_UP):
            while missing := [one for one in before if not (one.live and one.connections > before[one])]:
                if not half and len(missing) <= len(before) / 2:
                    half = time.monotonic() - begun
                await asyncio.sleep(0.01)
        end = time.monotonic()
        cpu = processor_seconds(world.server.pid) - cpu
    waits = probing.between(begun, end)
    assert waits, "nobody asked for anything"
    snapshots = world.history.snapshots - snapshots
    return Measured(len(before), half or end - begun, end - begun, max(waits), len(waits), snapshots, cpu)


def processor_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
