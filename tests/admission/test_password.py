"""A room's password: asked of everyone outside, checked apart from everything else, guessed by nobody."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from salon.rooms.password import OWN_TRIES
from tests.admission.door import Visitor
from tests.support.dump import places_of
from tests.support.house import Place, Stage, open_stage
from tests.support.recorder import eventually

PASSWORD = "the cat is grey"


async def host(stage: Stage, place: Place) -> Visitor:
    """The owner's way to what hosts do over HTTP."""
    kim = await Visitor.come(stage, place)
    owner = await stage.owner(place)
    inside = await kim.join("Carl")
    await owner.must("people.role", person=inside.me, role="cohost")
    return kim


async def set_password(by: Visitor, password: str | None) -> tuple[int, Any]:
    return await by.call("PUT", f"/api/rooms/{by.place.link}/password", {"password": password})


@pytest.fixture
async def carl(stage: Stage, place: Place) -> Visitor:
    return await host(stage, place)


@pytest.mark.feature("R4")
async def test_it_is_asked_for_and_opens(stage: Stage, place: Place, carl: Visitor) -> None:
    assert await set_password(carl, PASSWORD) == (200, {"ok": True})
    kim = await Visitor.come(stage, place)
    assert await kim.way() == "password"
    assert await kim.try_to_join() == "room_password_required"
    wrong = await kim.password("the cat is gray")
    assert (wrong["code"], wrong["field"]) == ("room_password_wrong", "password")
    assert await kim.try_to_join() == "room_password_required"
    assert await kim.password(PASSWORD) == {"ok": True}
    assert await kim.try_to_join() is None
    # It is one person's pass, not the network's.
    assert await (await Visitor.come(stage, place)).way() == "password"


@pytest.mark.feature("R4")
async def test_it_is_told_and_stored_nowhere(stage: Stage, place: Place, carl: Visitor) -> None:
    await set_password(carl, PASSWORD)
    assert await places_of(stage.house.storage, PASSWORD) == []
    room = (await stage.snapshot(place, carl.identity))["features"]["rooms"]["room"]
    assert room["password"] is True
    assert "argon2" not in carl.everything
    await set_password(carl, None)
    assert await (await Visitor.come(stage, place)).way() == "open"


@pytest.mark.feature("R4")
async def test_a_new_password_is_asked_of_those_who_knew_the_old_one(stage: Stage, place: Place, carl: Visitor) -> None:
    await set_password(carl, "the old one")
    kim, lou = await Visitor.come(stage, place), await Visitor.come(stage, place)
    for each in (kim, lou):
        await each.password("the old one")
    inside = await kim.join()
    await set_password(carl, PASSWORD)
    # Inside one stays, also over a short loss.
    await inside.must("chat.send", body="still here")
    inside.lose()
    await stage.pass_time(10)
    assert (await stage.again(inside)).refused is None
    assert await lou.try_to_join() == "room_password_required"
    assert (await lou.password("the old one"))["code"] == "room_password_wrong"
    for client in stage.clients:
        if client.identity == kim.identity:
            client.lose()
    await stage.pass_time(30)
    assert (await kim.connect()).refused == "room_password_required"
    assert (await kim.password(PASSWORD))["ok"]
    assert (await kim.connect()).refused is None


@pytest.mark.feature("R4")
async def test_only_hosts_set_it(stage: Stage, place: Place, carl: Visitor) -> None:
    kim = await Visitor.come(stage, place)
    assert (await set_password(kim, PASSWORD))[1]["code"] == "not_joined"
    await kim.join()
    assert (await set_password(kim, PASSWORD))[1]["code"] == "forbidden"
    for weak in ("abc", "    ", "x" * 129):
        assert (await set_password(carl, weak))[1]["code"] == "password_weak"
    assert await (await Visitor.come(stage, place)).way() == "open"


@pytest.mark.feature("R4")
async def test_it_comes_before_knocking_and_after_the_list(stage: Stage, place: Place, carl: Visitor) -> None:
    owner = next(client for client in stage.clients if client.identity == place.creator)
    await set_password(carl, PASSWORD)
    await owner.must("rooms.update", admission="knock")
    kim = await Visitor.come(stage, place)
    assert (await kim.knock())["code"] == "room_password_required", "hosts are asked only by those who know it"
    await kim.password(PASSWORD)
    assert await kim.way() == "knock"
    await owner.must("people.admit", knock=await kim.must_knock())
    assert await kim.try_to_join() is None
    await owner.must("rooms.update", admission="invited")
    lou = await Visitor.come(stage, place)
    assert (await lou.password(PASSWORD))["code"] == "invited_only", (
        "to the others it tells not even whether it is right"
    )


@pytest.mark.feature("R4")
async def test_guessing_is_limited_for_each_person(stage: Stage, place: Place, carl: Visitor) -> None:
    await set_password(carl, PASSWORD)
    kim = await Visitor.come(stage, place)
    # At once, so that none is checked before the others are counted.
    answers = await asyncio.gather(*(kim.password(f"guess {number}") for number in range(OWN_TRIES + 3)))
    codes = sorted(answer["code"] for answer in answers)
    assert codes == ["rate_limited"] * 3 + ["room_password_wrong"] * OWN_TRIES
    assert (await kim.password(PASSWORD))["code"] == "rate_limited", "also the right one"
    await stage.pass_time(61)
    assert (await kim.password(PASSWORD))["ok"]


@pytest.mark.feature("R4")
async def test_guessing_is_limited_for_each_network(tmp_path: Path, at_once: None) -> None:
    async with open_stage(tmp_path, room_passwords_per_hour=2 * OWN_TRIES) as stage:
        place = await stage.room()
        await set_password(await host(stage, place), PASSWORD)
        codes = []
        for number in range(3):
            kim = await Visitor.come(stage, place)
            codes += [(await kim.password(f"guess {number}"))["code"] for _ in range(OWN_TRIES)]
        assert codes == ["room_password_wrong"] * 2 * OWN_TRIES + ["rate_limited"] * OWN_TRIES
        # Other networks are not concerned.
        lou = await Visitor.come(stage, place, address="192.0.2.1")
        assert (await lou.password(PASSWORD))["ok"]


@pytest.mark.feature("R4")
async def test_right_passwords_use_up_nothing(tmp_path: Path, at_once: None) -> None:
    """A whole school behind one address comes in."""
    async with open_stage(tmp_path, room_passwords_per_hour=OWN_TRIES) as stage:
        place = await stage.room()
        await set_password(await host(stage, place), PASSWORD)
        for _ in range(OWN_TRIES + 3):
            kim = await Visitor.come(stage, place)
            assert (await kim.password(PASSWORD))["ok"]


@pytest.mark.feature("R4")
async def test_a_flood_neither_fills_the_memory_nor_stops_the_chat(
    stage: Stage, place: Place, carl: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await set_password(carl, PASSWORD)
    owner = next(client for client in stage.clients if client.identity == place.creator)
    crowd = [await Visitor.come(stage, place, address=f"192.0.2.{number}") for number in range(60)]
    passwords, most, running = stage.house.passwords, [0], [0]
    check = passwords._check

    def count(*arguments: str) -> bool:
        running[0] += 1
        most[0] = max(most[0], running[0])
        try:
            return check(*arguments)
        finally:
            running[0] -= 1

    monkeypatch.setattr(passwords, "_check", count)
    flood = asyncio.gather(*(each.password(PASSWORD) for each in crowd))
    await eventually(lambda: passwords._inside, "the flood")
    await owner.must("chat.send", body="the chat goes on")
    assert not flood.done(), "the message did not wait for the passwords"
    answers = await flood
    assert most[0] <= 2
    assert {answer.get("code", "ok") for answer in answers} == {"ok", "rate_limited"}
    assert passwords._inside == 0


@pytest.mark.feature("R4")
async def test_a_password_that_was_changed_while_it_was_checked_opens_nothing(
    stage: Stage, place: Place, carl: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await set_password(carl, PASSWORD)
    fits = stage.house.passwords.fits

    async def dawdle(hashed: str | None, password: str) -> bool:
        right = await fits(hashed, password)
        monkeypatch.undo()
        await set_password(carl, "another one")
        return right

    kim = await Visitor.come(stage, place)
    monkeypatch.setattr(stage.house.passwords, "fits", dawdle)
    assert (await kim.password(PASSWORD))["code"] == "room_password_wrong"
    assert await kim.try_to_join() == "room_password_required"


@pytest.mark.feature("R4")
async def test_typed_on_whatever_keyboard_it_is_the_same(stage: Stage, place: Place, carl: Visitor) -> None:
    await set_password(carl, "cafe\u0301 ole\u0301")
    assert (await (await Visitor.come(stage, place)).password("caf\u00e9 ol\u00e9"))["ok"]
