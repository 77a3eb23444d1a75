"""A server restarts under everybody who is connected, and they all come back at once."""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import dataclass
from pathlib import Path

from tests.faults.client import LIKE_THE_PAGE, Client, Pace
from tests.faults.world import Person, World

AT_ONCE = 40
PROBE_EVERY = 0.05
EAGER = Pace(0.02, 0.1)
GIVE_UP = 60.0


@dataclass(frozen=True)
class Measured:
    """Times in seconds, from when the new server accepts connections."""

    clients: int
    live_after: float
    """Until the last one was live again."""
    half_after: float
    worst_ack: float
    """The longest that an ack was waited for meanwhile, by somebody who was back first."""
    acks: int
    own_lag: float
    """The longest that this process kept its own clients waiting: so much of ``worst_ack`` may be its own fault."""
    snapshots: int
    """How many had to be given everything anew."""
    cpu: float
    """Seconds of processor time that the server took."""

    def __str__(self) -> str:
        return (
            f"{self.clients} clients: half live after {self.half_after:.2f} s, all after {self.live_after:.2f} s; "
            f"worst of {self.acks} acks {self.worst_ack * 1000:.0f} ms (own lag {self.own_lag * 1000:.0f} ms); "
            f"{self.snapshots} snapshots; {self.cpu:.2f} s of the server's processor time"
        )


async def gather(world: World, count: int) -> Person:
    """A room with so many people in it, who come back at the pace of the page. Returns its owner."""
    owner = await world.room("Ann", pace=EAGER)
    people = [await world.person(f"P{number}", owner.room) for number in range(count)]
    for start in range(0, count, AT_ONCE):
        wave = people[start : start + AT_ONCE]
        for person in wave:
            await world.device(person, direct=True, pace=LIKE_THE_PAGE)
        await world.arrived(*wave)
    return owner


async def restart(world: World, owner: Person) -> Measured:
    """Stop the server as an administrator does, start it again, and wait for everybody."""
    probe = owner.devices[0].client
    herd = [client for client in world.clients if client is not probe]
    snapshots = world.history.snapshots
    before = {client: client.connections for client in world.clients}
    await asyncio.to_thread(world.server.stop)
    await asyncio.to_thread(world.server.start)
    begun = time.monotonic()
    cpu = processor_seconds(world.server.pid)
    probing = asyncio.create_task(_probe(world, probe, before[probe]))
    half = 0.0
    async with asyncio.timeout(GIVE_UP):
        while missing := [one for one in herd if not (one.live and one.connections > before[one])]:
            if not half and len(missing) <= len(herd) / 2:
                half = time.monotonic() - begun
            await asyncio.sleep(0.01)
    live_after = time.monotonic() - begun
    cpu = processor_seconds(world.server.pid) - cpu
    probing.cancel()
    waits, own_lag = await probing
    snapshots = world.history.snapshots - snapshots
    return Measured(len(herd), live_after, half or live_after, max(waits), len(waits), own_lag, snapshots, cpu)


async def _probe(world: World, client: Client, connections: int) -> tuple[list[float], float]:
    """Say something again and again. Returns how long each ack took, the last one so far."""
    await client.until(lambda: client.connections > connections and client.live, "being back")
    loop = asyncio.get_running_loop()
    waits: list[float] = []
    lag, asked = 0.0, loop.time()
    try:
        while True:
            asked = loop.time()
            assert (await world.say(client).answered)["ok"]
            waits.append(loop.time() - asked)
            due = loop.time() + PROBE_EVERY
            await asyncio.sleep(PROBE_EVERY)
            lag = max(lag, loop.time() - due)
    except asyncio.CancelledError:
        return [*waits, loop.time() - asked], lag


def processor_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
