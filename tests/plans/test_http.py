"""Planning a room: who may, what is refused, what the lists say."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from salon.core.invitations import RoomInvitation
from tests.accounts.support import Caller, caller
from tests.plans.support import clock_at, listed, look, millis, person, place_of, plan, prove, room_row, turn_to
from tests.support.dump import dump
from tests.support.house import LocalClient, Stage, open_stage

pytestmark = pytest.mark.feature("R6")

START = "2026-03-23T09:00"


async def test_planning_makes_the_room_at_once(quiet: Stage) -> None:
    ana = await person(quiet)
    made = await plan(
        ana, START, "Europe/Berlin", minutes=90, preset="study", theme="moss", description="Bring tea.\nAnd cake."
    )
    assert made["start"] == START
    assert made["next"] == {"start": millis("2026-03-23T08:00"), "end": millis("2026-03-23T09:30")}
    assert made["joinable_from"] == millis("2026-03-23T07:45")
    assert made["joinable_until"] == made["ends_at"] == millis("2026-03-23T09:30")
    assert (made["mine"], made["planner"], made["state"], made["answer"]) == (True, "Ana", "upcoming", None)
    assert made["activities"] == ["chat", "call", "files", "study"]
    assert made["description"] == "Bring tea.\nAnd cake."
    assert made["url"].endswith(f"/r/{made['link']}")
    assert (await quiet.http(ana.token).get(f"/api/rooms/{made['link']}")).json()["name"] == "Weekly"
    room = await room_row(quiet, made["link"])
    assert (room.pin, room.theme, room.preset) == (made["pin"], "moss", "study")
    owner = await quiet.come(await place_of(quiet, made, ana.identity), "Ana", identity=ana.identity)
    (member,) = owner.snapshot["features"]["people"]["people"]
    assert member["role"] == "owner"


async def test_guests_cannot_plan(quiet: Stage) -> None:
    guest = await caller(quiet)
    for method, path in (("POST", "/plans"), ("GET", "/plans"), ("GET", "/plans/x"), ("POST", "/plans/x/cancel")):
        body = {"title": "T", "start": START, "zone": "UTC"} if (method, path) == ("POST", "/plans") else None
        assert await guest.code(method, path, body) == "sign_in_required"
    async with quiet.http() as nobody:
        assert (await nobody.get("/api/plans")).json()["code"] == "session_required"
    assert (await dump(quiet.house.storage))["rooms"] == []


async def test_a_plan_is_known_to_its_planner_and_proven_invitees_only(quiet: Stage) -> None:
    ana, ben = await person(quiet), await person(quiet, "ben@example.org", "Ben", proven=False)
    eve = await person(quiet, "eve@example.org", "Eve")
    made = await plan(ana, START, invitees=["Ben@Example.org", "ann@example.org", "ana@example.org"])
    assert [each["email"] for each in made["invitees"]] == ["ann@example.org", "Ben@Example.org"]
    path = f"/plans/{made['id']}"
    routes: list[tuple[str, str, Any]] = [
        ("GET", path, None),
        ("GET", f"{path}/calendar.ics", None),
        ("PATCH", path, {"title": "Mine"}),
        ("POST", f"{path}/cancel", None),
        ("PUT", f"{path}/answer", {"answer": "accepted"}),
    ]
    for who in (eve, ben):
        for method, route, body in routes:
            assert await who.code(method, route, body) == "plan_unknown"
            assert await who.code(method, route.replace(made["id"], "nothing"), body) == "plan_unknown"
        assert await listed(who, "all") == []
    await prove(quiet, ben)
    seen = await look(ben, made["id"])
    assert (seen["mine"], seen["invitees"], seen["answers"], seen["answer"]) == (False, None, None, "pending")
    assert "ann@example.org" not in str(seen)
    assert await listed(ben, "upcoming") == ["Weekly"]
    assert await ben.code("PATCH", path, {"title": "Mine"}) == "forbidden"
    assert await ben.code("POST", f"{path}/cancel") == "forbidden"
    answered = (await ben.must("PUT", f"{path}/answer", {"answer": "tentative"}))["plan"]
    assert answered["answer"] == "tentative"
    assert await ana.code("PUT", f"{path}/answer", {"answer": "accepted"}) == "forbidden"
    mine = await look(ana, made["id"])
    assert mine["answers"] == {"pending": 1, "accepted": 0, "declined": 0, "tentative": 1}
    assert [each["answer"] for each in mine["invitees"]] == ["pending", "tentative"]


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"title": " \u200b "}, "name_required", "title"),
        ({"title": "x" * 81}, "name_too_long", "title"),
        ({"description": "x" * 2001}, "name_too_long", "description"),
        ({"start": "2026-03-20T11:59"}, "time_invalid", "start"),
        ({"start": "2032-03-20T11:59"}, "time_invalid", "start"),
        ({"start": "tomorrow"}, "time_invalid", "start"),
        ({"minutes": 0}, "time_invalid", "minutes"),
        ({"zone": "Mars/Olympus"}, "zone_unknown", "zone"),
        ({"repeat": {"every": "day", "until": "2026-03-01"}}, "time_invalid", "repeat.until"),
        ({"repeat": {"every": "month"}}, "invalid", "repeat.every"),
        ({"invitees": ["ben@example.org", "no address"]}, "email_invalid", "invitees.1"),
        ({"invitees": ["ben@example.org\r\nBcc: eve@example.org"]}, "email_invalid", "invitees.0"),
        ({"invitees": ["=?utf-8?q?eve=40example.net=2C?=ben@example.org"]}, "email_invalid", "invitees.0"),
        ({"invitees": [f"p{n}@example.org" for n in range(501)]}, "invitees_too_many", "invitees"),
        ({"invitees": [f"{n}@e.io" for n in range(3000)]}, "invitees_too_many", "invitees"),
        ({"invitees": [f"person{n}@example.org" for n in range(10_000)]}, "too_large", None),
        ({"activities": ["juggling"]}, "activity_unknown", "activities"),
        ({"admission": "nobody"}, "invalid", "admission"),
        ({"admission": "groups", "groups": [" "]}, "invalid", "groups"),
        ({"sequence": 7}, "invalid", "sequence"),
    ],
)
async def test_what_cannot_be_planned(quiet: Stage, change: dict[str, Any], code: str, field: str | None) -> None:
    ana = await person(quiet)
    before = await dump(quiet.house.storage)
    answer = await ana.ask("POST", "/plans", {"title": "T", "start": START, "zone": "UTC", **change})
    assert answer.status_code in {409, 413, 422} or code == "activity_unknown"
    assert (answer.json()["code"], answer.json().get("field")) == (code, field)
    assert await dump(quiet.house.storage) == before


async def test_five_hundred_may_be_invited(quiet: Stage) -> None:
    ana = await person(quiet)
    made = await plan(ana, START, invitees=[f"p{n}@example.org" for n in range(500)])
    assert made["answers"]["pending"] == 500


async def test_plans_of_one_account_are_limited_also_at_the_same_moment(tmp_path: Path, at_once: None) -> None:
    async with open_stage(tmp_path, clock=clock_at("2026-03-20T12:00"), plans_per_account=3) as stage:
        ana, ben = await person(stage), await person(stage, "ben@example.org", "Ben")
        body = {"title": "T", "start": START, "zone": "UTC"}
        codes = await asyncio.gather(*(ana.code("POST", "/plans", body) for _ in range(8)))
        assert sorted(codes) == ["", "", "", *["plans_too_many"] * 5]
        await plan(ben, START)
        (first, *_) = (await ana.must("GET", "/plans"))["plans"]
        await ana.must("POST", f"/plans/{first['id']}/cancel")
        assert await ana.code("POST", "/plans", body) == ""


async def test_lists(quiet: Stage) -> None:
    ana = await person(quiet)
    await plan(ana, "2026-03-23T09:00", title="Once")
    await plan(ana, "2026-03-21T08:30", title="Daily", repeat={"every": "day", "count": 3})
    gone = await plan(ana, "2026-03-22T09:00", title="Off")
    await ana.must("POST", f"/plans/{gone['id']}/cancel")
    assert await listed(ana, "upcoming") == ["Daily", "Once"]
    assert await listed(ana, "past") == ["Off"]
    assert await listed(ana, "all") == ["Once", "Off", "Daily"]
    assert await listed(ana, "all", offset=1, limit=1) == ["Off"]
    assert (await ana.must("GET", "/plans?list=all&limit=1"))["total"] == 3
    await turn_to(quiet, "2026-03-23T09:15")
    assert await listed(ana, "upcoming") == ["Daily", "Once"]
    await turn_to(quiet, "2026-03-23T10:00")
    assert await listed(ana, "upcoming") == []
    assert await listed(ana, "past") == ["Daily", "Once", "Off"] or await listed(ana, "past") == [
        "Once",
        "Daily",
        "Off",
    ]
    assert await ana.code("GET", "/plans?list=some") == "invalid"
    assert await ana.code("GET", "/plans?limit=1000") == "invalid"


async def test_states_as_time_goes_by(quiet: Stage) -> None:
    ana = await person(quiet)
    made = await plan(ana, START, repeat={"every": "day", "count": 2})

    async def state() -> tuple[str, int | None]:
        found = await look(ana, made["id"])
        return found["state"], found["joinable_until"]

    first, second = millis("2026-03-23T10:00"), millis("2026-03-24T10:00")
    for moment, expected in (
        ("2026-03-23T08:44", ("upcoming", first)),
        ("2026-03-23T08:45", ("soon", first)),
        ("2026-03-23T09:00", ("live", first)),
        ("2026-03-23T09:59", ("live", first)),
        ("2026-03-23T10:00", ("upcoming", second)),
        ("2026-03-24T09:10", ("live", second)),
        ("2026-03-24T10:00", ("over", None)),
    ):
        await turn_to(quiet, moment)
        assert await state() == expected, moment
    assert (await look(ana, made["id"]))["last"]["end"] == second
    assert await ana.code("PATCH", f"/plans/{made['id']}", {"title": "Late"}) == "plan_over"
    assert await ana.code("POST", f"/plans/{made['id']}/cancel") == "plan_over"


async def test_a_change_reaches_the_room_and_those_who_are_in_it(quiet: Stage) -> None:
    ana = await person(quiet)
    made = await plan(ana, START, invitees=["ben@example.org", "cem@example.org"])
    owner = await quiet.come(await place_of(quiet, made, ana.identity), "Ana", identity=ana.identity)
    body = {
        "title": "Monthly",
        "theme": "dusk",
        "activities": [],
        "admission": "invited",
        "start": "2026-03-25T10:00",
        "zone": "America/New_York",
        "repeat": {"every": "week", "weekdays": ["wed"], "until": "2026-04-30"},
        "invitees": ["cem@example.org", "dee@example.org"],
    }
    changed = (await ana.must("PATCH", f"/plans/{made['id']}", body))["plan"]
    await quiet.settle()
    assert {key: changed[key] for key in ("title", "theme", "activities", "admission", "start", "zone")} == {
        key: body[key] for key in ("title", "theme", "activities", "admission", "start", "zone")
    }
    assert changed["ends_at"] == millis("2026-04-29T15:00")
    assert [each["email"] for each in changed["invitees"]] == ["cem@example.org", "dee@example.org"]
    (told,) = owner.events("rooms.changed")
    assert told["data"]["room"]["name"] == "Monthly"
    room = await room_row(quiet, made["link"])
    assert (room.admission, room.kept_until, room.activities) == ("invited", changed["ends_at"], [])
    async with quiet.house.storage.read() as session:
        invited = (await session.execute(select(RoomInvitation.email_key))).scalars().all()
    assert sorted(map(str, invited)) == ["cem@example.org", "dee@example.org"]
    assert (await ana.must("PATCH", f"/plans/{made['id']}", {"repeat": None}))["plan"]["repeat"] is None
    assert await ana.code("PATCH", f"/plans/{made['id']}", {"title": None}) == "invalid"
    assert await ana.code("PATCH", f"/plans/{made['id']}", {"start": "2026-03-20T07:00"}) == "time_invalid"


async def test_only_the_invited_come_in_and_who_is_taken_off_the_list_does_not(quiet: Stage) -> None:
    ana, ben = await person(quiet), await person(quiet, "ben@example.org", "Ben")
    eve = await person(quiet, "eve@example.org", "Eve")
    made = await plan(ana, START, admission="invited", invitees=["ben@example.org"])
    place = await place_of(quiet, made, ana.identity)

    async def code(who: Caller) -> str:
        visitor = LocalClient(quiet, place, who.identity, "Somebody")
        await visitor.connect()
        return visitor.refused or str((await visitor.ask("people.join", name="Somebody")).get("code", ""))

    assert (await code(ana), await code(ben), await code(eve)) == ("", "", "not_invited")
    await ana.must("PATCH", f"/plans/{made['id']}", {"invitees": ["eve@example.org"]})
    assert await code(eve) == ""
    cem = await person(quiet, "cem@example.org", "Cem")
    assert await code(cem) == "not_invited"
    await ana.must("PATCH", f"/plans/{made['id']}", {"admission": "open"})
    assert await code(cem) == ""


async def test_what_has_begun_can_change_but_not_be_over_at_once(quiet: Stage) -> None:
    ana = await person(quiet)
    made = await plan(ana, START, repeat={"every": "week", "count": 4})
    await turn_to(quiet, "2026-03-30T12:00")
    path = f"/plans/{made['id']}"
    changed = (await ana.must("PATCH", path, {"start": "2026-03-23T11:00"}))["plan"]
    assert changed["next"]["start"] == millis("2026-04-06T11:00")
    assert await ana.code("PATCH", path, {"repeat": {"every": "week", "count": 2}}) == "time_invalid"


async def test_a_planned_room_stays_until_its_time_is_over(quiet: Stage) -> None:
    ana = await person(quiet)
    made = await plan(ana, "2026-06-01T09:00")
    await turn_to(quiet, "2026-06-02T09:00")
    assert (await room_row(quiet, made["link"])).closed_at is None, "its idle time of a day has not passed since"
    await turn_to(quiet, "2026-06-02T10:01")
    assert (await room_row(quiet, made["link"])).closed_at is not None
    assert (await look(ana, made["id"]))["state"] == "over"
    assert (await look(ana, made["id"]))["pin"] is None


async def test_the_file_for_calendars(quiet: Stage) -> None:
    ana = await person(quiet)
    made = await plan(ana, START, "Europe/Berlin", title="Ünï; code, \\n", invitees=["ben@example.org"])
    answer = await ana.ask("GET", f"/plans/{made['id']}/calendar.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "METHOD:PUBLISH" in answer.text
    assert "SUMMARY:Ünï\\; code\\, \\\\n" in answer.text
    assert "ben@example.org" not in answer.text
