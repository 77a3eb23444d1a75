"""Timers: what people press, what rings by itself, and who may."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.study.conftest import Hall
from tests.study.support import MINUTE, another_room, lengths, own, press, seen, study_on, timer_of
from tests.support.house import open_stage

pytestmark = pytest.mark.feature("S2")


async def test_a_timer_is_ready_before_anybody_touches_it(hall: Hall) -> None:
    timer = await timer_of(hall.lea)
    assert timer["state"] == "ready"
    assert timer["phase"] == "focus"
    assert timer["remaining_ms"] == timer["length_ms"] == 25 * MINUTE
    assert timer["ends_at"] is None
    assert timer["revision"] == 0


async def test_start_pause_go_on_and_ring(hall: Hall) -> None:
    assert (await press(hall.ann, "start"))["ok"]
    running = await timer_of(hall.ben)
    began = running["ends_at"] - 25 * MINUTE
    await hall.stage.pass_time(10 * 60)
    assert (await press(hall.ben, "pause"))["ok"]
    paused = await timer_of(hall.ann)
    assert paused["ends_at"] is None
    assert abs(paused["remaining_ms"] - 15 * MINUTE) < 200
    await hall.stage.pass_time(3600)
    assert (await timer_of(hall.ann)) == paused
    assert (await press(hall.ann, "start"))["ok"]
    due = (await timer_of(hall.ann))["ends_at"]
    assert due > began + 3600_000 + 24 * MINUTE
    await hall.stage.pass_time(15 * 60 + 1)
    rung = await timer_of(hall.lea)
    assert rung["rang"]["at"] == due
    assert rung["rang"]["phase"] == "focus"
    assert rung["rang"]["late_ms"] < 1500
    assert (rung["phase"], rung["state"], rung["cycle"]) == ("short", "ready", 1)


async def test_it_is_told_once_that_it_rang(hall: Hall) -> None:
    await press(hall.ann, "start")
    before = len(hall.ben.events("study.timer_changed"))
    await hall.stage.pass_time(25 * 60 + 1)
    await hall.stage.pass_time(1)
    await hall.stage.house.sweep()
    told = hall.ben.events("study.timer_changed")[before:]
    assert [each["data"]["timer"]["rang"]["phase"] for each in told] == ["focus"]


async def test_two_cycles_by_themselves_and_the_long_break(hall: Hall) -> None:
    await lengths(hall.host, focus_ms=2 * MINUTE, short_ms=MINUTE, long_ms=3 * MINUTE, cycles=2, auto_start=True)
    await press(hall.host, "start")
    began = (await timer_of(hall.ann))["ends_at"] - 2 * MINUTE
    for minutes, phase, cycle in ((2, "short", 1), (3, "focus", 1), (5, "long", 2), (8, "focus", 0)):
        now = hall.stage.clock.now()
        await hall.stage.pass_time((began + minutes * MINUTE - now) / 1000)
        timer = await timer_of(hall.ann)
        assert (timer["phase"], timer["cycle"], timer["state"]) == (phase, cycle, "running")
        # Each phase begins when the one before has ended, however late the server noticed: nothing drifts.
        assert timer["rang"]["at"] == began + minutes * MINUTE
        assert timer["ends_at"] == began + minutes * MINUTE + timer["length_ms"]


async def test_nothing_begins_by_itself_in_an_empty_room(hall: Hall) -> None:
    await lengths(hall.host, focus_ms=2 * MINUTE, auto_start=True)
    await press(hall.host, "start")
    for client in (hall.host, hall.ann, hall.ben, hall.lea):
        client.lose()
    await hall.stage.pass_time(60)
    await hall.stage.pass_time(60 + 1)
    back = await hall.stage.come_back(hall.ann)
    timer = await timer_of(back)
    assert (timer["phase"], timer["state"]) == ("short", "ready")


async def test_reset_restart_skip_and_a_minute_more(hall: Hall) -> None:
    await press(hall.ann, "add")
    assert (await timer_of(hall.ann))["remaining_ms"] == 26 * MINUTE
    await press(hall.ann, "start")
    await press(hall.ann, "add")
    timer = await timer_of(hall.ann)
    assert timer["length_ms"] == 27 * MINUTE
    await press(hall.ann, "skip")
    timer = await timer_of(hall.ann)
    assert (timer["phase"], timer["state"], timer["length_ms"]) == ("short", "running", 5 * MINUTE)
    await press(hall.ann, "reset")
    timer = await timer_of(hall.ann)
    assert (timer["phase"], timer["state"], timer["remaining_ms"]) == ("short", "ready", 5 * MINUTE)
    await press(hall.ann, "restart")
    timer = await timer_of(hall.ann)
    assert (timer["phase"], timer["cycle"]) == ("focus", 0)
    assert timer["rang"] is None


async def test_a_plain_timer_is_over_when_it_has_rung(hall: Hall) -> None:
    await lengths(hall.ann, breaks=False, focus_ms=90_000)
    await press(hall.ann, "start")
    await hall.stage.pass_time(91)
    timer = await timer_of(hall.ann)
    assert (timer["state"], timer["remaining_ms"]) == ("over", 0)
    assert (await press(hall.ann, "add"))["code"] == "timer_state"
    assert (await press(hall.ann, "skip"))["code"] == "timer_state"
    await press(hall.ann, "start")
    assert (await timer_of(hall.ann))["state"] == "running"


async def test_what_cannot_be_pressed_now(hall: Hall) -> None:
    assert (await press(hall.ann, "pause"))["code"] == "timer_state"
    await press(hall.ann, "start")
    assert (await press(hall.ann, "start"))["code"] == "timer_state"


async def test_start_and_pause_at_the_same_moment_end_in_one_state(hall: Hall) -> None:
    await press(hall.ann, "start")
    await hall.stage.pass_time(60)
    revision = (await timer_of(hall.ann))["revision"]
    asked = [
        client.ask("study.timer", scope="room", act=act, revision=revision)
        for client, act in ((hall.ann, "pause"), (hall.ben, "reset"), (hall.host, "pause"))
    ]
    answers = await asyncio.gather(*asked)
    assert sorted(each.get("code", "ok") for each in answers) == ["ok", "timer_changed", "timer_changed"]
    await hall.stage.settle()
    seen_by = [await timer_of(client) for client in (hall.host, hall.ann, hall.ben, hall.lea)]
    assert all(each == seen_by[0] for each in seen_by)
    assert seen_by[0]["revision"] == revision + 1


async def test_a_repeated_command_has_one_effect(hall: Hall) -> None:
    once = {"id": "press1", "scope": "room", "act": "start", "revision": 0}
    assert (await hall.ann.ask_exactly("study.timer", once))["ok"]
    first = await timer_of(hall.ann)
    assert (await hall.ann.ask_exactly("study.timer", once))["ok"]
    assert await timer_of(hall.ann) == first


async def test_who_works_the_rooms_timer(hall: Hall) -> None:
    assert (await press(hall.lea, "start"))["code"] == "forbidden"
    assert (await hall.ann.ask("study.settings", control="hosts"))["code"] == "forbidden"
    await hall.host.must("study.settings", control="hosts")
    assert (await press(hall.ann, "start"))["code"] == "forbidden"
    assert (await lengths(hall.ann, focus_ms=MINUTE))["code"] == "forbidden"
    assert (await press(hall.host, "start"))["ok"]
    assert (await press(hall.lea, "start", "mine"))["ok"], "one's own is one's own"


async def test_ones_own_timer_is_seen_by_nobody_else_and_in_every_room(hall: Hall) -> None:
    _, elsewhere = await another_room(hall.stage, hall.ann)
    await lengths(hall.ann, "mine", focus_ms=7 * MINUTE)
    await press(elsewhere, "start", "mine")
    await hall.stage.settle()
    assert (await own(hall.ann))["timer"] == (await own(elsewhere))["timer"]
    assert (await own(hall.ann))["timer"]["state"] == "running"
    assert (await own(hall.ben))["timer"]["state"] == "ready"
    assert (await timer_of(hall.ann))["revision"] == 0
    assert not hall.ben.events("study.timer_changed")
    await hall.stage.pass_time(7 * 60 + 1)
    for client in (hall.ann, elsewhere):
        (rang,) = client.events("study.timer_changed")[-1:]
        assert rang["stream"] == "me"
        assert rang["data"]["timer"]["rang"]["phase"] == "focus"


@pytest.mark.parametrize("milliseconds", [0, -1, 999, 24 * 3600 * 1000 + 1, 2**60, "60000", 1.5])
async def test_lengths_that_cannot_be(hall: Hall, milliseconds: object) -> None:
    before = await seen(hall.ann)
    for field in ("focus_ms", "short_ms", "long_ms"):
        answer = await hall.ann.ask("study.lengths", scope="room", revision=0, **{field: milliseconds})
        assert answer["code"] == "invalid"
        assert answer["field"] == field
    assert await seen(hall.ann) == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"cycles": 0},
        {"cycles": 13},
        {"scope": "theirs"},
        {"revision": -1},
        {"revision": 2**40},
        {"breaks": "yes"},
        {"more": 1},
    ],
)
async def test_what_lengths_may_not_say(hall: Hall, wrong: dict[str, object]) -> None:
    asked = {"scope": "room", "revision": 0, **wrong}
    assert (await hall.ann.ask("study.lengths", **asked))["code"] == "invalid"
    assert (await timer_of(hall.ann))["revision"] == 0


async def test_a_day_is_the_longest(hall: Hall) -> None:
    await lengths(hall.ann, focus_ms=24 * 60 * MINUTE)
    answer = await press(hall.ann, "add")
    assert answer["code"] == "time_invalid"
    assert (await timer_of(hall.ann))["revision"] == 1


async def test_what_should_have_rung_while_the_server_was_down_rings_once_and_says_how_late(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        clock = stage.clock
        place = await stage.room()
        host = await stage.owner(place)
        await study_on(host)
        await press(host, "start")
        await press(host, "start", "mine")
        due = (await timer_of(host))["ends_at"]
        host.lose()
    clock.advance(seconds=28 * 60)
    async with open_stage(tmp_path, clock=clock) as stage:
        host.stage = stage
        back = await stage.come_back(host)
        timer = await timer_of(back)
        assert timer["rang"] == {"phase": "focus", "at": due, "late_ms": timer["rang"]["late_ms"]}
        assert abs(timer["rang"]["late_ms"] - 3 * MINUTE) < 500
        assert (await own(back))["timer"]["rang"] is not None
        await stage.pass_time(5)
        assert await timer_of(back) == timer
    async with open_stage(tmp_path, clock=clock) as stage:
        host.stage = stage
        back = await stage.come_back(host)
        assert await timer_of(back) == timer


async def test_a_phase_that_runs_runs_on_over_a_restart(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        clock = stage.clock
        place = await stage.room()
        host = await stage.owner(place)
        await study_on(host)
        await lengths(host, auto_start=True)
        await press(host, "start")
        running = await timer_of(host)
    clock.advance(seconds=26 * 60)
    async with open_stage(tmp_path, clock=clock) as stage:
        host.stage = stage
        back = await stage.come_back(host)
        timer = await timer_of(back)
        # The break began when the work ended, as pages have shown it meanwhile.
        assert (timer["phase"], timer["state"]) == ("short", "running")
        assert timer["ends_at"] == running["ends_at"] + 5 * MINUTE
