"""Whoever closes the waiting page is off the hosts' card soon; a reload, or a short loss, costs nobody their place."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from salon.people.waiting import Door, door_of
from tests.admission.door import Visitor
from tests.support.house import LocalClient, Place, Stage, open_stage
from tests.support.recorder import Json, eventually
from tests.support.wire import Served

pytestmark = pytest.mark.feature("R4")


@pytest.fixture
async def place(stage: Stage) -> Place:
    return await stage.room(admission="knock")


@asynccontextmanager
async def asking(kim: Visitor, ticket: str) -> AsyncIterator[asyncio.Task[Json]]:
    """Kim's page is open, and asks what the hosts say."""
    door = door_of(kim.stage.house)
    question = asyncio.create_task(kim.wait(ticket))
    await watched(door, ticket)
    yield question
    question.cancel()
    await asyncio.gather(question, return_exceptions=True)
    await watched(door, ticket, False)


async def watched(door: Door, ticket: str, is_so: bool = True) -> None:
    await eventually(lambda: door.is_watched(ticket) == is_so, "the page")


async def later(stage: Stage, seconds: float) -> None:
    """Turn the clock, without waiting for questions that are open."""
    stage.clock.advance(seconds=seconds)
    await stage.house.sweep()


def settled(host: LocalClient) -> list[Json]:
    return [event["data"] for event in host.events("people.knock_settled")]


async def at_the_door(host: LocalClient) -> list[str]:
    return [each["name"] for each in (await host.look())["features"]["people"]["hosts"]["knocks"]]


async def test_who_closes_the_page_is_gone_soon(stage: Stage, place: Place, owner: LocalClient) -> None:
    kim = await Visitor.come(stage, place)
    ticket = await kim.must_knock()
    async with asking(kim, ticket):
        # However long it takes: the page is open.
        for _ in range(5):
            await later(stage, 30)
        assert await at_the_door(owner) == ["Kim"]
    await later(stage, 19)
    assert await at_the_door(owner) == ["Kim"]
    await later(stage, 1)
    assert await at_the_door(owner) == []
    assert settled(owner) == [{"knock": ticket, "outcome": "left"}]


async def test_a_knock_without_a_page_after_it_is_gone_as_soon(stage: Stage, place: Place, owner: LocalClient) -> None:
    kim = await Visitor.come(stage, place)
    await kim.must_knock()
    await stage.pass_time(20)
    assert await at_the_door(owner) == []


async def test_a_reload_keeps_the_place(stage: Stage, place: Place, owner: LocalClient) -> None:
    kim, lou = await Visitor.come(stage, place), await Visitor.come(stage, place)
    first = await kim.must_knock()
    async with asking(kim, first):
        stage.clock.advance(seconds=1)
        second = await lou.must_knock("Lou")
    async with asking(lou, second):
        await later(stage, 19)
        async with asking(kim, first):
            await later(stage, 60)
            assert await at_the_door(owner) == ["Kim", "Lou"]
    assert settled(owner) == []
    assert len(owner.events("people.knocked")) == 2, "nobody knocked again"


async def test_two_pages_of_one_person_are_one(stage: Stage, place: Place, owner: LocalClient) -> None:
    kim = await Visitor.come(stage, place)
    ticket = await kim.must_knock()
    async with asking(kim, ticket) as one:
        other = asyncio.create_task(kim.wait(ticket))
        await asyncio.sleep(0.05)
        one.cancel()
        await asyncio.gather(one, return_exceptions=True)
        await later(stage, 60)
        assert await at_the_door(owner) == ["Kim"]
        other.cancel()
        await asyncio.gather(other, return_exceptions=True)


async def test_who_comes_back_has_the_place_of_before(stage: Stage, place: Place, owner: LocalClient) -> None:
    kim, lou = await Visitor.come(stage, place), await Visitor.come(stage, place)
    ticket = await kim.must_knock()
    await later(stage, 20)
    other = await lou.must_knock("Lou")
    async with asking(lou, other), asking(kim, ticket) as question:
        assert await at_the_door(owner) == ["Kim", "Lou"]
        told = [event["data"]["knock"]["name"] for event in owner.events("people.knocked")]
        assert told == ["Kim", "Lou", "Kim"]
        await owner.must("people.admit", knock=ticket)
        assert (await question)["state"] == "accepted"
    assert await kim.try_to_join() is None


async def test_who_knocks_again_is_seen_again(stage: Stage, place: Place, owner: LocalClient) -> None:
    kim = await Visitor.come(stage, place)
    ticket = await kim.must_knock()
    await stage.pass_time(30)
    assert await at_the_door(owner) == []
    assert await kim.must_knock() == ticket
    assert await at_the_door(owner) == ["Kim"]
    await stage.pass_time(30)
    assert await at_the_door(owner) == []


async def test_a_host_may_answer_whoever_has_gone_this_moment(stage: Stage, place: Place, owner: LocalClient) -> None:
    kim, lou = await Visitor.come(stage, place), await Visitor.come(stage, place)
    tickets = [await kim.must_knock(), await lou.must_knock("Lou")]
    await stage.pass_time(20)
    await owner.must("people.admit", knock=tickets[0])
    await owner.must("people.decline", knock=tickets[1])
    assert (await kim.wait(tickets[0]))["state"] == "accepted"
    assert await kim.try_to_join() is None
    assert (await lou.wait(tickets[1]))["state"] == "declined"


async def test_nobody_answers_whoever_stays_away(stage: Stage, place: Place, owner: LocalClient) -> None:
    kim = await Visitor.come(stage, place)
    ticket = await kim.must_knock()
    await stage.pass_time(30)
    await stage.pass_time(3 * 60)
    assert (await kim.wait(ticket))["state"] == "unanswered"
    assert settled(owner) == [{"knock": ticket, "outcome": "left"}], "of whom the hosts know nothing, nothing is told"


async def test_the_rule_goes_while_somebody_is_away(stage: Stage, place: Place, owner: LocalClient) -> None:
    kim = await Visitor.come(stage, place)
    ticket = await kim.must_knock()
    await stage.pass_time(30)
    await owner.must("rooms.update", admission="open")
    assert (await kim.wait(ticket))["state"] == "accepted"


async def test_the_room_closes_while_somebody_is_away(stage: Stage, place: Place, owner: LocalClient) -> None:
    kim = await Visitor.come(stage, place)
    ticket = await kim.must_knock()
    await stage.pass_time(30)
    await owner.must("rooms.close")
    assert await kim.wait(ticket) == {"state": "unanswered", "link": None}


async def test_after_a_restart_there_is_time_for_coming_back(tmp_path: Path, at_once: None) -> None:
    async with open_stage(tmp_path) as stage:
        place = await stage.room(admission="knock")
        owner = await stage.owner(place)
        kim, lou = await Visitor.come(stage, place), await Visitor.come(stage, place)
        ticket = await kim.must_knock()
        await lou.must_knock("Lou")
        clock = stage.clock
    clock.advance(seconds=30)
    async with open_stage(tmp_path, clock=clock) as stage:
        owner = await stage.come_back(owner)
        await later(stage, 19)
        kim.stage = stage
        async with asking(kim, ticket):
            assert await at_the_door(owner) == ["Kim", "Lou"]
            await later(stage, 1)
            assert await at_the_door(owner) == ["Kim"]


async def test_who_asks_again_in_the_very_moment_stays(
    stage: Stage, place: Place, owner: LocalClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    kim = await Visitor.come(stage, place)
    ticket = await kim.must_knock()
    door = door_of(stage.house)
    async with asking(kim, ticket) as question:
        # As if the sweep had looked just before the page asked.
        door._seen[ticket] = stage.clock.now() - 60_000
        with monkeypatch.context() as blind:
            blind.setattr(Door, "is_watched", lambda _door, _ticket: False)
            await door.sweep()
        assert (await question)["state"] == "waiting"
        assert await at_the_door(owner) == ["Kim"]


@pytest.mark.feature("R3")
async def test_a_wrong_pin_tells_nothing_by_going_and_coming(stage: Stage, place: Place, owner: LocalClient) -> None:
    stage.house.settings.pin_wrong_guesses_per_network = 1
    kim = await Visitor.come(stage, place)
    await kim.call("POST", "/api/pin", {"pin": "0000000000000"})
    answers: list[list[Json]] = []
    for pin in (place.pin, "0000000000000"):
        _, tried = await kim.call("POST", "/api/pin", {"pin": pin})
        path = f"/api/knocks/{tried['ticket']}"
        _, asked = await kim.call("POST", path, {"name": "Kim"})
        await stage.pass_time(30)
        _, again = await kim.call("GET", f"{path}?now=true")
        await stage.pass_time(4 * 60)
        _, over = await kim.call("GET", f"{path}?now=true")
        answers.append([asked, again, over])
    assert answers[0] == answers[1]
    assert [each["state"] for each in answers[0]] == ["waiting", "waiting", "unanswered"]
    assert len(owner.events("people.knocked")) == 2


async def test_a_closed_connection_is_noticed_at_once(served: Served) -> None:
    room = await served.room(await served.token(), admission="knock")
    token = await served.token()
    _, made = await served.post(f"/api/rooms/{room['link']}/knock", {"name": "Kim"}, token)
    ticket = made["ticket"]
    door = door_of(served.house)
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(served.url) as page:
        question = asyncio.create_task(page.get(f"/api/knocks/{ticket}", headers=headers))
        await watched(door, ticket)
        question.cancel()
    # Well before the question's twenty seconds are over.
    async with asyncio.timeout(5):
        await watched(door, ticket, False)
