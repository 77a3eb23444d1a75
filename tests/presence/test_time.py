"""What time it is: answered at once, to who asked alone, so that pages can set their clocks by it."""

from __future__ import annotations

import pytest

from salon.core.refusals import Refused
from tests.support.house import LocalClient, Stage

pytestmark = pytest.mark.feature("S2")


async def test_the_time_is_the_servers(stage: Stage, owner: LocalClient, guest: LocalClient) -> None:
    guest.tell("presence.time", probe=7)
    stage.clock.advance(seconds=1.5)
    guest.tell("presence.time", probe=8)
    told = [each["data"] for each in guest.signals("presence.time")]
    now = stage.clock.now()
    assert told == [
        {"probe": 7, "received_at": now - 1500, "sent_at": now - 1500},
        {"probe": 8, "received_at": now, "sent_at": now},
    ]
    assert not owner.signals("presence.time"), "nobody else is told"


@pytest.mark.parametrize("probe", [None, -1, 2**31, "7", 1.5])
async def test_what_is_no_probe(guest: LocalClient, probe: object) -> None:
    with pytest.raises(Refused) as refused:
        guest.tell("presence.time", probe=probe)
    assert refused.value.code == "invalid"
    assert not guest.signals("presence.time")
