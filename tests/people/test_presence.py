"""Who is here: coming and going is told, a short loss removes nobody, a crowd is told in few words."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from salon.core.clock import ManualClock
from salon.people.roll import Roll
from tests.support.house import LocalClient, Place, Stage, open_stage
from tests.support.wire import serve


def news(client: LocalClient) -> list[dict[str, Any]]:
    return [event["data"] for event in client.events("people.changed")]


def here(snapshot: dict[str, Any]) -> list[str]:
    return [person["name"] for person in snapshot["features"]["people"]["people"]]


@pytest.mark.feature("P3")
async def test_coming_and_going_is_told(stage: Stage, place: Place, owner: LocalClient) -> None:
    owner.forget()
    gil = await stage.come(place, "Gil", about="brings cake", device="phone")
    assert news(owner) == [
        {
            "people": [
                {
                    "id": gil.me,
                    "name": "Gil",
                    "about": "brings cake",
                    "picture": None,
                    "role": "participant",
                    "devices": ["phone"],
                    "muted": False,
                    "since": news(owner)[0]["people"][0]["since"],
                }
            ],
            "joined": [gil.me],
            "left": [],
        }
    ]
    owner.forget()
    await gil.must("people.leave")
    await stage.settle()
    assert news(owner) == [{"people": [], "joined": [], "left": [gil.me]}]
    assert gil.signals("people.out")[0]["data"] == {"reason": "left"}
    assert here(await owner.look()) == ["Olga"]


@pytest.mark.feature("P3")
async def test_a_visitor_in_the_lobby_is_not_here(stage: Stage, place: Place, owner: LocalClient) -> None:
    owner.forget()
    visitor = await stage.visitor(place)
    await stage.settle()
    assert visitor.kinds == ["lobby"]
    assert visitor.of("lobby")[0]["room"]["people"] == 1
    visitor.lose()
    await stage.pass_time(60)
    assert owner.got == []


@pytest.mark.feature("P3")
async def test_a_short_loss_removes_nobody(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    owner.forget()
    guest.lose()
    await stage.settle()
    assert [each["people"][0]["devices"] for each in news(owner)] == [[]]
    await stage.pass_time(19)
    back = await stage.again(guest, guest.seqs)
    assert back.kinds[0] == "resumed"
    assert [each["people"][0]["devices"] for each in news(owner)] == [[], ["desktop"]]
    await stage.pass_time(60)
    assert [each["left"] + each["joined"] for each in news(owner)] == [[], []]
    assert here(await owner.look()) == ["Olga", "Gil"]


@pytest.mark.feature("P3")
async def test_a_long_loss_does(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    guest.lose()
    await stage.pass_time(21)
    assert news(owner)[-1] == {"people": [], "joined": [], "left": [guest.me]}
    assert here(await owner.look()) == ["Olga"]
    # Coming back needs no joining, and is news.
    back = await stage.again(guest)
    assert back.me == guest.me
    assert news(owner)[-1]["joined"] == [guest.me]
    assert here(await back.look()) == ["Olga", "Gil"]


@pytest.mark.feature("P3")
async def test_the_grace_is_a_setting(tmp_path: Path, at_once: None) -> None:
    async with open_stage(tmp_path, presence_grace_seconds=5) as stage:
        place = await stage.room()
        owner, gil = await stage.owner(place), await stage.come(place, "Gil")
        gil.lose()
        await stage.pass_time(4)
        assert here(await owner.look()) == ["Olga", "Gil"]
        await stage.pass_time(2)
        assert here(await owner.look()) == ["Olga"]


@pytest.mark.feature("P3")
async def test_one_of_two_devices_lost(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    phone = await stage.again(guest, device="phone")
    assert news(owner)[-1]["people"][0]["devices"] == ["desktop", "phone"]
    guest.lose()
    await stage.settle()
    assert news(owner)[-1]["people"][0]["devices"] == ["phone"]
    await stage.pass_time(60)
    assert news(owner)[-1]["left"] == []
    # A second tab on the same kind of device is no news.
    owner.forget()
    tab = await stage.again(phone, device="phone")
    tab.lose()
    await stage.settle()
    assert owner.got == []


@pytest.mark.feature("P3", "R8")
async def test_a_restart_removes_nobody(tmp_path: Path, at_once: None) -> None:
    clock = ManualClock()
    async with open_stage(tmp_path, clock=clock) as stage:
        place = await stage.room()
        owner, gil = await stage.owner(place), await stage.come(place, "Gil")
        tom = await stage.come(place, "Tom")
        since = dict(owner.seqs)
    clock.advance(seconds=300)
    async with open_stage(tmp_path, clock=clock) as stage:
        back = LocalClient(stage, place, owner.identity, "Olga")
        back.seqs = dict(since)
        await back.connect(since)
        await stage.pass_time(19)
        assert sorted(here(await back.look())) == ["Gil", "Olga", "Tom"], "the grace begins with the server"
        await stage.come_back(gil)
        await stage.pass_time(2)
        assert sorted(here(await back.look())) == ["Gil", "Olga"]
        assert [each["left"] for each in news(back) if each["left"]] == [[tom.me]]
        assert not [each for each in news(back) if each["joined"]]


@pytest.mark.feature("P3")
async def test_a_herd_is_told_in_few_words(tmp_path: Path, clean: None) -> None:
    """A hundred people within a moment: at most ten updates a second, each with everyone who came meanwhile."""
    async with open_stage(tmp_path) as stage:
        place = await stage.room()
        owner = await stage.owner(place)
        owner.forget()
        loop = asyncio.get_running_loop()
        began = loop.time()
        crowd = await stage.crowd(place, [f"Person {number}" for number in range(100)])
        took = loop.time() - began
        told = news(owner)
        assert sorted(person for each in told for person in each["joined"]) == sorted(client.me for client in crowd)
        assert len(told) <= 2 + took * 10
        owner.forget()
        for client in crowd:
            client.lose()
        await stage.settle()
        assert len(news(owner)) <= 3
        owner.forget()
        await stage.pass_time(30)
        assert [len(each["left"]) for each in news(owner)] == [100]


@pytest.mark.feature("P3")
async def test_flickering_connections_are_told_in_few_words(tmp_path: Path, clean: None) -> None:
    async with open_stage(tmp_path) as stage:
        place = await stage.room()
        owner, gil = await stage.owner(place), await stage.come(place, "Gil")
        owner.forget()
        loop = asyncio.get_running_loop()
        began = loop.time()
        for _ in range(12):
            gil.lose()
            await gil.connect()
        await stage.settle()
        assert len(news(owner)) <= 2 + (loop.time() - began) * 10
        assert (await owner.look())["features"]["people"]["people"][1]["devices"] == ["desktop"]


@pytest.mark.feature("P3")
async def test_sockets_that_break_are_noticed(tmp_path: Path, at_once: None) -> None:
    async with serve(tmp_path) as served:
        token = await served.token()
        room = (await served.room(token))["link"]
        olga = await served.come(room, "Olga", token)
        gil = await served.come(room, "Gil")
        olga.forget()
        await gil.cut()
        await olga.until(
            lambda: [each["data"]["people"][0]["devices"] for each in olga.events("people.changed")] == [[]]
        )
        back = await served.client("Gil", gil.token)
        back.seqs = dict(gil.seqs)
        await back.connect(room, gil.seqs)
        await back.has("resumed")
        await olga.until(lambda: olga.events("people.changed")[-1]["data"]["people"][0]["devices"] == ["bot"])
        assert back.of("snapshot") == []


async def test_a_connection_that_goes_after_the_end_is_written_down_nowhere(tmp_path: Path, at_once: None) -> None:
    """The database is closed by then: what is opened once more nobody closes."""
    async with open_stage(tmp_path) as stage:
        owner = await stage.owner(await stage.room())
        (roll,) = [each for each in stage.house.services if isinstance(each, Roll)]
    assert owner.link is not None
    roll.depart(owner.link)
    assert all(pending.task is None or pending.task.done() for pending in roll._rooms.values())
