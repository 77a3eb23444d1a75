"""Everybody comes back at once after a restart, and those who are back are not kept waiting for the others.

``SALON_FAULTS_HERD=1000 make test ARGS="tests/faults/test_herd.py -s"`` does it with a thousand and prints what it
measured.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from tests.faults import herd
from tests.faults.world import World

COUNT = int(os.environ.get("SALON_FAULTS_HERD", "200"))
ALL_BACK_SECONDS = 10.0
ACK_SECONDS = 1.0


@pytest.mark.feature("R8")
@pytest.mark.xdist_group("faults")
@pytest.mark.timeout(120 + COUNT)
async def test_a_restart_under_a_full_room(world: World, record_property: Callable[[str, object], None]) -> None:
    world.history.fold = False
    room = await herd.gather(world, COUNT)
    measured = await herd.restart(world, room)
    print(measured)
    record_property("herd", str(measured))
    assert measured.live_after <= ALL_BACK_SECONDS, measured
    assert measured.worst_ack <= ACK_SECONDS, measured
    assert measured.snapshots == 0, measured
    wrong = await world.judged()
    assert not wrong, "\n".join(wrong[:20])
