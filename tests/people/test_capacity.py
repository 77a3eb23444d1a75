"""As many as there are places, exactly."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from tests.support.house import LocalClient, Stage


@pytest.mark.feature("R1", "R5")
async def test_thirty_people_for_ten_places(stage: Stage) -> None:
    place = await stage.room(capacity=10)
    visitors = [await stage.visitor(place, f"Person {number}") for number in range(30)]
    answers = await asyncio.gather(*(visitor.ask("people.join", name=visitor.name) for visitor in visitors))
    await stage.settle()
    assert Counter(answer.get("code", "ok") for answer in answers) == {"ok": 10, "room_full": 20}
    refused = next(answer for answer in answers if not answer["ok"])
    assert "10" in refused["message"]
    inside = [visitor for visitor, answer in zip(visitors, answers, strict=True) if answer["ok"]]
    assert len((await inside[0].look())["features"]["people"]["people"]) == 10
    # The others are where they were, and may try again.
    outside = next(visitor for visitor, answer in zip(visitors, answers, strict=True) if not answer["ok"])
    assert outside.kinds == ["lobby"]
    await inside[0].must("people.leave")
    assert (await outside.ask("people.join", name="Late"))["ok"]
    assert (await visitors[-1].ask("people.join", name="Later")).get("code") in {"room_full", "already_joined"}


@pytest.mark.feature("R1", "R5")
async def test_hosts_always_find_a_place(stage: Stage) -> None:
    place = await stage.room(capacity=2)
    first, second = await stage.come(place, "One"), await stage.come(place, "Two")
    owner = await stage.owner(place)
    third = await stage.visitor(place)
    assert (await third.ask("people.join", name="Three"))["code"] == "room_full"
    await first.must("people.leave")
    # The owner takes a place too.
    assert (await third.ask("people.join", name="Three"))["code"] == "room_full"
    await owner.must("rooms.update", capacity=None)
    assert (await third.ask("people.join", name="Three"))["ok"]
    assert second.refused is None


@pytest.mark.feature("R1", "P3")
async def test_a_short_loss_keeps_the_place(stage: Stage) -> None:
    place = await stage.room(capacity=1)
    gil, tom = await stage.come(place, "Gil"), await stage.visitor(place)
    gil.lose()
    await stage.pass_time(10)
    assert (await tom.ask("people.join", name="Tom"))["code"] == "room_full"
    gil = await stage.again(gil)
    assert gil.refused is None
    gil.lose()
    await stage.pass_time(21)
    assert (await tom.ask("people.join", name="Tom"))["ok"]
    # Now it is the other one for whom there is none; told so, not left waiting.
    await stage.settle()
    assert (await gil.connect(gil.seqs)).refused == "room_full"
    await tom.must("people.leave")
    assert (await gil.connect(gil.seqs)).refused is None


@pytest.mark.feature("R1", "P3")
async def test_five_come_back_to_two_places(stage: Stage) -> None:
    place = await stage.room(capacity=5)
    crowd = await stage.crowd(place, [f"Person {number}" for number in range(5)])
    owner = await stage.owner(place)
    for client in crowd:
        client.lose()
    await stage.pass_time(30)
    await owner.must("rooms.update", capacity=3)
    await asyncio.gather(*(client.connect() for client in crowd))
    await stage.settle()
    assert Counter(client.refused for client in crowd) == {None: 2, "room_full": 3}
    assert len((await owner.look())["features"]["people"]["people"]) == 3


@pytest.mark.feature("R1")
async def test_fewer_places_send_nobody_away(stage: Stage) -> None:
    place = await stage.room()
    owner = await stage.owner(place)
    crowd = await stage.crowd(place, ["One", "Two", "Three"])
    await owner.must("rooms.update", capacity=2)
    for client in crowd:
        await client.must("chat.send", body="still here")
    again: list[LocalClient] = [await stage.again(client) for client in crowd]
    assert [client.refused for client in again] == [None, None, None]
    assert (await (await stage.visitor(place)).ask("people.join", name="Four"))["code"] == "room_full"
