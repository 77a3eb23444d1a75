"""Away and connection quality: told to everyone in few words, from all of a person's devices together."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from salon.core.refusals import Refused
from salon.presence import levels
from salon.presence.contract import Level
from salon.presence.rules import ORDINARY, together
from tests.support.house import LocalClient, Place, Stage, open_stage

AWAY = {"away": True, "quality": "good"}
HERE = {"away": False, "quality": "good"}


def news(client: LocalClient) -> list[dict[str, Any]]:
    return [each["data"]["people"] for each in client.signals("presence.level") if not each["data"]["whole"]]


async def told(client: LocalClient, count: int = 1) -> list[dict[str, Any]]:
    await client.until(lambda: len(news(client)) >= count)
    return news(client)


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(levels, "MERGE_SECONDS", 0.01)


@pytest.mark.feature("P4")
def test_several_devices_are_one_person() -> None:
    away, poor = Level(away=True, quality="good"), Level(away=False, quality="poor")
    assert together([]) == ORDINARY
    assert together([away, None]) == ORDINARY
    assert together([away, poor]) == Level(away=False, quality="good")
    assert together([away, Level(away=True, quality="poor")]) == away
    assert together([poor, Level(away=False, quality="fair")]) == Level(away=False, quality="fair")


@pytest.mark.feature("P4")
async def test_away_is_told(stage: Stage, owner: LocalClient, guest: LocalClient) -> None:
    guest.tell("presence.level", away=True)
    assert await told(owner) == [{guest.me: AWAY}]
    assert await told(guest) == [{guest.me: AWAY}]
    guest.tell("presence.level", away=False, quality="poor")
    assert (await told(owner, 2))[1] == {guest.me: {"away": False, "quality": "poor"}}
    guest.tell("presence.level")
    assert (await told(owner, 3))[2] == {guest.me: HERE}


@pytest.mark.feature("P4")
async def test_a_person_is_away_when_all_their_devices_are(
    stage: Stage, owner: LocalClient, guest: LocalClient
) -> None:
    phone = await stage.again(guest, device="phone")
    guest.tell("presence.level", away=True)
    phone.tell("presence.level", away=False)
    await asyncio.sleep(0.03)
    assert news(owner) == []
    phone.tell("presence.level", away=True)
    assert await told(owner) == [{guest.me: AWAY}]
    # The one that is not away goes: what is left counts.
    phone.tell("presence.level", away=False)
    await told(owner, 2)
    phone.lose()
    assert (await told(owner, 3))[2] == {guest.me: AWAY}


@pytest.mark.feature("P4")
async def test_the_ordinary_is_not_told(stage: Stage, owner: LocalClient, guest: LocalClient) -> None:
    guest.tell("presence.level")
    owner.tell("presence.level", away=True)
    assert await told(guest) == [{owner.me: AWAY}]


@pytest.mark.feature("P4")
async def test_who_comes_is_told_how_it_is(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    guest.tell("presence.level", quality="fair")
    await told(owner)
    tom = await stage.come(place, "Tom")
    tom.tell("presence.level")
    first = await tom.signal("presence.level")
    assert first["data"] == {"people": {guest.me: {"away": False, "quality": "fair"}}, "whole": True}
    # Once for each connection.
    tom.tell("presence.level", away=True)
    assert await told(tom) == [{tom.me: AWAY}]
    assert len(tom.signals("presence.level")) == 2


@pytest.mark.feature("P4")
async def test_who_has_gone_is_ordinary_when_they_come_back(
    stage: Stage, owner: LocalClient, guest: LocalClient
) -> None:
    guest.tell("presence.level", away=True)
    await told(owner)
    guest.lose()
    assert (await told(owner, 2))[1] == {guest.me: HERE}
    house = levels.Levels.of[stage.house.fanout]
    assert (house._said, house._told) == ({}, {})


@pytest.mark.feature("P4")
async def test_flapping_is_told_once(tmp_path: Path, at_once: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(levels, "MERGE_SECONDS", 0.2)
    async with open_stage(tmp_path) as stage:
        place = await stage.room()
        owner, gil = await stage.owner(place), await stage.come(place, "Gil")
        for number in range(50):
            gil.tell("presence.level", away=number % 2 == 0)
        gil.tell("presence.level", away=True)
        assert await told(owner) == [{gil.me: AWAY}]


@pytest.mark.feature("P4")
async def test_a_hall_is_told_in_parts(tmp_path: Path, at_once: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(levels, "TOLD_AT_ONCE", 10)
    async with open_stage(tmp_path) as stage:
        place = await stage.room()
        owner = await stage.owner(place)
        crowd = await stage.crowd(place, [f"Person {number}" for number in range(25)])
        for client in crowd:
            client.tell("presence.level", away=True)
        assert [len(each) for each in await told(owner, 3)] == [10, 10, 5]


@pytest.mark.feature("P4")
async def test_a_probe_comes_back_to_its_sender_alone(stage: Stage, owner: LocalClient, guest: LocalClient) -> None:
    guest.tell("presence.level", probe=7)
    assert (await guest.signal("presence.probe"))["data"] == {"probe": 7}
    assert owner.signals("presence.probe") == []


@pytest.mark.feature("P4")
@pytest.mark.parametrize("wrong", [{"quality": "excellent"}, {"away": 1}, {"probe": -1}, {"person": "x"}])
async def test_what_is_not_declared_is_refused(
    stage: Stage, owner: LocalClient, guest: LocalClient, wrong: dict[str, Any]
) -> None:
    with pytest.raises(Refused, match="invalid"):
        guest.tell("presence.level", **wrong)
