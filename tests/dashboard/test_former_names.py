"""Who may not come in any more goes on seeing the name that they know, and learns no other."""

from __future__ import annotations

import pytest

from tests.accounts.support import Caller, caller
from tests.support.house import LocalClient, Place, Stage

pytestmark = pytest.mark.feature("R4", "R7")


@pytest.fixture
async def place(stage: Stage) -> Place:
    return await stage.room(name="Choir")


async def come_and_go(stage: Stage, place: Place, who: Caller) -> None:
    stage.clock.advance(seconds=1)
    came = await stage.come(place, "Ben", identity=who.identity)
    await came.must("people.leave")
    await stage.settle()
    stage.clock.advance(seconds=1)


async def seen(who: Caller) -> str:
    """All that the list tells: one room, by this name."""
    answer = await who.ask("GET", "/me/rooms", params={"which": "visited"})
    [room] = answer.json()["rooms"]
    name: str = room["name"]
    others = {"Choir", "Merger", "Buyers"} - {name}
    assert not [other for other in others if other in answer.text]
    return name


@pytest.mark.parametrize("rule", ["invited", "groups", "locked"])
async def test_a_name_given_behind_a_closed_door(stage: Stage, place: Place, owner: LocalClient, rule: str) -> None:
    ben = await caller(stage)
    await come_and_go(stage, place, ben)
    groups = {"groups": ["founders"]} if rule == "groups" else {}
    await owner.must("rooms.update", admission=rule, **groups)
    await owner.must("rooms.update", name="Merger")
    assert await seen(ben) == "Choir"
    stage.clock.advance(seconds=1)
    await owner.must("rooms.update", name="Buyers")
    assert await seen(ben) == "Choir"
    await owner.must("rooms.update", admission="open")
    assert await seen(ben) == "Buyers"


async def test_who_was_there_knows_the_new_name(stage: Stage, place: Place, owner: LocalClient) -> None:
    ben = await caller(stage)
    came = await stage.come(place, "Ben", identity=ben.identity)
    stage.clock.advance(seconds=1)
    await owner.must("rooms.update", name="Merger")
    await came.must("people.leave")
    await owner.must("rooms.update", admission="locked")
    assert await seen(ben) == "Merger"


async def test_who_came_between_two_names_knows_the_first(stage: Stage, place: Place, owner: LocalClient) -> None:
    ben = await caller(stage)
    await come_and_go(stage, place, ben)
    await owner.must("rooms.update", name="Merger")
    await come_and_go(stage, place, ben)
    await owner.must("rooms.update", admission="locked")
    assert await seen(ben) == "Merger"
    await owner.must("rooms.update", name="Buyers")
    assert await seen(ben) == "Merger"


async def test_a_door_that_lets_them_in_hides_nothing(stage: Stage, place: Place, owner: LocalClient) -> None:
    ben = await caller(stage)
    await come_and_go(stage, place, ben)
    await owner.must("rooms.update", admission="knock")
    await owner.must("rooms.update", name="Merger")
    # Who was in before comes back without knocking.
    assert await seen(ben) == "Merger"


async def test_also_after_the_room_has_ended(stage: Stage, place: Place, owner: LocalClient) -> None:
    ben = await caller(stage)
    await come_and_go(stage, place, ben)
    await owner.must("rooms.update", admission="locked")
    await owner.must("rooms.update", name="Merger")
    await owner.must("rooms.close")
    await stage.settle()
    assert await seen(ben) == "Choir"


async def test_hosts_who_are_away_may_know_it(stage: Stage, place: Place, owner: LocalClient) -> None:
    ben = await caller(stage)
    came = await stage.come(place, "Ben", identity=ben.identity)
    await owner.must("people.role", person=came.me, role="cohost")
    await came.must("people.leave")
    await owner.must("rooms.update", admission="locked", name="Merger")
    listed = (await ben.must("GET", "/me/rooms"))["rooms"]
    assert [each["name"] for each in listed] == ["Merger"]
