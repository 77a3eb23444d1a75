"""Readers that hang while much is said: they cost the server little and the others nothing, and miss nothing."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from tests.faults.client import Client
from tests.faults.test_cuts import fine
from tests.faults.world import World

STALLED = 20
POLLING = 5
"""So many of them poll, and ask for nothing more."""
MESSAGES = 2500
TEXT = "x" * 3900
AT_ONCE = 50
COST = 1 << 20
"""Bytes that one of them may cost the server. What is said to each is ten times that."""
ACK_SECONDS = 1.0


@pytest.mark.feature("C1", "R8")
@pytest.mark.xdist_group("faults")
async def test_readers_that_hang(world: World) -> None:
    ann = await world.room("Ann", fold=False)
    talker = ann.devices[0].client
    for number in range(STALLED):
        person = await world.person(f"P{number}", ann.room)
        await world.device(person, narrow=True, polling=number < POLLING, fold=number % 7 == 0)
    await world.arrived()
    await _talk(world, talker, AT_ONCE)  # so that what the server makes once is made
    before = resident(world.server.pid)
    for passage in world.passages:
        passage.hold("down")
    worst = await _talk(world, talker, MESSAGES)
    grown = resident(world.server.pid) - before
    print(f"{STALLED} readers that hang cost {grown / STALLED / 1024:.0f} KiB each; worst {AT_ONCE} acks {worst:.3f} s")
    assert grown < STALLED * COST
    assert worst < ACK_SECONDS
    await fine(world)
    assert [one.connections for one in world.clients if one is not talker] == [2] * STALLED, "each was cut off once"


async def _talk(world: World, client: Client, count: int) -> float:
    """Say much, some of it at once. Returns the longest that so much took until it was all answered, in seconds."""
    worst = 0.0
    for _ in range(count // AT_ONCE):
        begun = time.monotonic()
        said = [client.do("chat.send", body=world.tag(client, "*").body(TEXT)) for _ in range(AT_ONCE)]
        for each in said:
            assert (await each.answered)["ok"]
        worst = max(worst, time.monotonic() - begun)
    return worst


def resident(pid: int) -> int:
    """Bytes of memory that a process holds."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found[1]) * 1024
