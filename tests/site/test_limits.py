"""Limits that administrators change while the server runs: each is in force at once and after a restart."""

from __future__ import annotations

from pathlib import Path

import pytest

from salon.core.clock import ManualClock
from tests.accounts.support import PASSWORD, Caller, caller, make_admin
from tests.support.house import Stage, open_stage

NEW = {"email": "new@example.org", "password": PASSWORD, "name": "New"}


async def an_admin(stage: Stage) -> Caller:
    admin = await caller(stage, "198.51.100.1")
    await admin.sign_up("root@example.org", "Root")
    await make_admin(stage, admin)
    return admin


async def room(who: Caller, **more: object) -> str:
    return await who.code("POST", "/rooms", {"preset": "meeting", **more})


@pytest.mark.feature("R1", "P6")
async def test_rooms_may_need_an_account(stage: Stage) -> None:
    admin, guest = await an_admin(stage), await caller(stage)
    assert await room(guest) == ""
    await admin.must("PATCH", "/admin/limits", {"rooms_need_account": True})
    assert (await guest.must("GET", "/site"))["rooms_need_account"] is True
    answer = await guest.ask("POST", "/rooms", {"preset": "meeting"})
    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_required")
    await guest.sign_up()
    assert await room(guest) == ""
    await admin.must("PATCH", f"/admin/users/{guest.identity}", {"disabled": True})
    assert await room(guest) != ""
    await admin.must("PATCH", "/admin/limits", {"rooms_need_account": None})
    assert await room(await caller(stage)) == ""


@pytest.mark.feature("P6")
async def test_sign_ups_are_closed_and_opened(stage: Stage) -> None:
    admin, guest = await an_admin(stage), await caller(stage)
    await admin.must("PATCH", "/admin/limits", {"sign_ups_open": False})
    assert (await guest.must("GET", "/site"))["sign_ups_open"] is False
    assert await guest.code("POST", "/account", NEW) == "sign_ups_closed"
    # Who has an account goes on signing in.
    assert await guest.code("POST", "/account/sign-in", {"email": "root@example.org", "password": PASSWORD}) == ""
    other = await caller(stage)
    await admin.must("PATCH", "/admin/limits", {"sign_ups_open": True})
    assert await other.code("POST", "/account", NEW) == ""


@pytest.mark.feature("P6")
async def test_how_many_rooms_in_an_hour(stage: Stage) -> None:
    admin, guest = await an_admin(stage), await caller(stage)
    await admin.must("PATCH", "/admin/limits", {"rooms_per_hour": 2})
    assert [await room(guest) for _ in range(3)] == ["", "", "rate_limited"]
    await admin.must("PATCH", "/admin/limits", {"rooms_per_hour": 4})
    assert [await room(guest) for _ in range(3)] == ["", "", "rate_limited"]


@pytest.mark.feature("P6")
async def test_how_many_sign_ups_in_an_hour(stage: Stage) -> None:
    admin = await an_admin(stage)
    await admin.must("PATCH", "/admin/limits", {"sign_ups_per_hour": 1})
    ana, ben = await caller(stage), await caller(stage)
    assert await ana.code("POST", "/account", NEW) == ""
    assert await ben.code("POST", "/account", {**NEW, "email": "ben@example.org"}) == "rate_limited"


@pytest.mark.feature("P6", "R1")
async def test_no_room_is_larger_than_the_largest(stage: Stage) -> None:
    admin = await an_admin(stage)
    place = await stage.room()
    owner = await stage.owner(place)
    await stage.come(place, "Gil")
    await admin.must("PATCH", "/admin/limits", {"largest_room": 3})
    # A room without a capacity of its own too; who is inside stays.
    await stage.come(place, "Tom")
    late = await stage.visitor(place)
    assert (await late.ask("people.join", name="Late"))["code"] == "room_full"
    assert (await owner.ask("rooms.update", capacity=4))["code"] == "invalid"
    assert (await owner.ask("rooms.update", capacity=3))["ok"]
    guest = await caller(stage)
    answer = await guest.ask("POST", "/rooms", {"preset": "meeting", "capacity": 4})
    assert (answer.json()["code"], answer.json()["field"]) == ("invalid", "capacity")
    # A capacity that was larger before holds no more than the server allows.
    await owner.must("rooms.update", capacity=None)
    await admin.must("PATCH", "/admin/limits", {"largest_room": None})
    assert (await late.ask("people.join", name="Late"))["ok"]


@pytest.mark.feature("P6")
async def test_what_is_chosen_outlives_a_restart(tmp_path: Path, at_once: None) -> None:
    clock = ManualClock()
    async with open_stage(tmp_path, clock=clock) as stage:
        admin = await an_admin(stage)
        now = await admin.must("PATCH", "/admin/limits", {"rooms_per_hour": 7, "largest_room": 50})
        assert now["now"] == {**now["configured"], "rooms_per_hour": 7, "largest_room": 50}
        assert now["chosen"] == ["largest_room", "rooms_per_hour"]
        assert now["fixed"]["session_days"] == 90
    async with open_stage(tmp_path, clock=clock) as stage:
        assert (stage.house.settings.rooms_per_hour, stage.house.settings.largest_room) == (7, 50)
        admin.stage = stage
        now = await admin.must("PATCH", "/admin/limits", {"rooms_per_hour": None})
        assert now["now"]["rooms_per_hour"] == now["configured"]["rooms_per_hour"] == 100_000
        assert now["chosen"] == ["largest_room"]


@pytest.mark.feature("P6")
async def test_limits_that_make_no_sense(stage: Stage) -> None:
    admin = await an_admin(stage)
    for wrong in (
        {"rooms_per_hour": 0},
        {"largest_room": 0},
        {"largest_room": 20_000},
        {"rooms_need_account": 1},
        {"x": 1},
    ):
        assert await admin.code("PATCH", "/admin/limits", wrong) == "invalid"
    assert (await admin.must("GET", "/admin/limits"))["chosen"] == []


@pytest.mark.feature("P6")
async def test_changes_are_in_the_audit_list(stage: Stage) -> None:
    admin = await an_admin(stage)
    await admin.must("PATCH", "/admin/limits", {"rooms_per_hour": 9, "sign_ups_open": None})
    await admin.must("PATCH", "/admin/limits", {})
    lines = (await admin.must("GET", "/admin/audit", params={"action": "site."}))["lines"]
    assert [(line["actor"], line["action"], line["detail"]) for line in lines] == [
        (admin.identity, "site.limits", {"rooms_per_hour": 9, "sign_ups_open": None})
    ]
