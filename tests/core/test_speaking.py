"""Who speaks is told when it changes, and nobody speaks for ever of whom nothing is heard."""

from __future__ import annotations

from salon.call.contract import Speaking
from salon.core.speaking import Speakers
from tests.support.house import LocalClient, Place, Stage


def told(client: LocalClient) -> list[list[str]]:
    return [each["data"]["people"] for each in client.signals("call.speaking")]


async def test_it_is_told_when_it_changes(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    speakers = Speakers(stage.house.fanout, stage.clock, 3_000, lambda people: Speaking(people=people))
    speakers.begin("one", place.id, owner.me)
    speakers.go_on("one")
    speakers.begin("two", place.id, guest.me)
    speakers.begin("elsewhere", "another room", "somebody")
    speakers.fall_silent("one")
    speakers.fall_silent("one")
    assert told(guest) == [[owner.me], [owner.me, guest.me], [guest.me]]
    assert speakers.speaks("two")
    assert not speakers.speaks("one")


async def test_whoever_is_not_heard_falls_silent(stage: Stage, place: Place, owner: LocalClient) -> None:
    speakers = Speakers(stage.house.fanout, stage.clock, 3_000, lambda people: Speaking(people=people))
    for key in ("one", "two"):
        speakers.begin(key, place.id, key)
    stage.clock.advance(seconds=3)
    speakers.go_on("two")
    speakers.expire()
    stage.clock.advance(seconds=0.1)
    speakers.expire()
    assert owner.link is not None
    speakers.tell(owner.link)
    assert told(owner) == [["one"], ["one", "two"], ["two"], ["two"]]
