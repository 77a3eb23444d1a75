"""As many as there are places, exactly, whoever lets them in; and an acceptance waits for a place."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from salon.core.tables import Member
from tests.admission.door import Visitor
from tests.support.house import LocalClient, Place, Stage, open_stage


async def seated(stage: Stage, place: Place) -> int:
    async with stage.house.storage.read() as session:
        statement = select(func.count()).select_from(Member).where(Member.room_id == place.id, Member.seated)
        return (await session.execute(statement)).scalar_one()


@pytest.mark.feature("R1", "R4")
async def test_fifty_accepted_people_for_ten_places(stage: Stage) -> None:
    place = await stage.room(admission="knock")
    owner = await stage.owner(place)
    await owner.must("rooms.update", capacity=11)
    crowd = [await Visitor.come(stage, place, address=f"198.51.100.{number}") for number in range(50)]
    tickets = [await each.must_knock(f"Person {number}") for number, each in enumerate(crowd)]
    await owner.must("people.admit_all", knocks=tickets)
    clients = [await each.connect(f"Person {number}") for number, each in enumerate(crowd)]
    answers = await asyncio.gather(*(client.ask("people.join", name=client.name) for client in clients))
    await stage.settle()
    assert Counter(answer.get("code", "ok") for answer in answers) == {"ok": 10, "room_full": 40}
    assert await seated(stage, place) == 11


@pytest.mark.feature("R4")
async def test_who_was_accepted_goes_in_when_there_is_room(stage: Stage) -> None:
    place = await stage.room(admission="knock", capacity=2)
    owner = await stage.owner(place)
    lou, kim = await Visitor.come(stage, place), await Visitor.come(stage, place)
    await owner.must("people.admit", knock=await lou.must_knock("Lou"))
    inside = await lou.join("Lou")
    ticket = await kim.must_knock()
    await owner.must("people.admit", knock=ticket)
    assert (await kim.wait(ticket))["state"] == "accepted"
    assert await kim.try_to_join() == "room_full", "told clearly, and still accepted"
    await inside.must("people.leave")
    await stage.settle()
    assert await kim.try_to_join() is None


@pytest.mark.feature("R1", "R4", "O3")
async def test_two_servers_give_away_no_place_twice(tmp_path: Path, at_once: None) -> None:
    """On PostgreSQL several servers share a room. (With SQLite there is one: this is then the same once more.)"""
    async with open_stage(tmp_path) as one:
        place = await one.room()
        owner = await one.owner(place)
        await owner.must("rooms.update", capacity=11)
        if one.house.storage.is_sqlite:
            stages = [one, one]
            await _crowd_comes(stages, place)
            return
        async with open_stage(tmp_path, clock=one.clock) as two:
            await _crowd_comes([one, two], place)


async def _crowd_comes(stages: list[Stage], place: Place) -> None:
    clients = [
        LocalClient(stages[number % 2], place, await stages[0].identity(), f"Person {number}") for number in range(50)
    ]
    answers = await asyncio.gather(*(client.ask("people.join", name=client.name) for client in clients))
    assert Counter(answer.get("code", "ok") for answer in answers) == {"ok": 10, "room_full": 40}
    assert await seated(stages[0], place) == 11
