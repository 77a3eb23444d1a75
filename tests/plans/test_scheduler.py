"""Reminders: once, at the right time, over restarts, with several servers on one database, also when clocks change."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from salon.core.clock import ManualClock
from salon.plans import telling
from salon.plans.scheduler import scheduler_of
from salon.plans.tables import Job, Plan
from tests.plans.support import clock_at, jobs, listed, millis, notified, person, plan, turn_to
from tests.support.dump import dump
from tests.support.house import Stage, open_stage
from tests.support.mailbox import Mailbox, smtp

pytestmark = pytest.mark.feature("R6")

BEN: dict[str, Any] = {"invitees": ["ben@example.org"]}
BOTH: list[tuple[str, int | None]] = [("reminder", 15), ("reminder", 5)]


async def people(stage: Stage) -> tuple[Any, Any]:
    return await person(stage), await person(stage, "ben@example.org", "Ben")


async def test_reminders_go_fifteen_and_five_minutes_before(posting: Stage, mailbox: Mailbox) -> None:
    ana, ben = await people(posting)
    await plan(ana, "2026-03-20T13:00", **BEN)
    assert await notified(ben) == [("created", None)]
    for moment, told in (
        ("2026-03-20T12:44:59", []),
        ("2026-03-20T12:45:00", BOTH[:1]),
        ("2026-03-20T12:54:59", BOTH[:1]),
        ("2026-03-20T12:55:00", BOTH),
        ("2026-03-20T14:30:00", BOTH),
    ):
        await turn_to(posting, moment)
        assert await notified(ben) == [("created", None), *told], moment
        assert await notified(ana) == told, "the planner is reminded too"
    assert [each["Subject"] for each in mailbox.to("ben@example.org")] == [
        "Invitation: Weekly",
        "In 15 minutes: Weekly",
        "In 5 minutes: Weekly",
    ]
    assert [each["Subject"] for each in mailbox.to("ana@example.org")] == [
        "In 15 minutes: Weekly",
        "In 5 minutes: Weekly",
    ]
    assert await jobs(posting) == []


async def test_who_declined_is_not_reminded(quiet: Stage) -> None:
    ana, ben = await people(quiet)
    made = await plan(ana, "2026-03-20T13:00", **BEN)
    await ben.must("PUT", f"/plans/{made['id']}/answer", {"answer": "declined"})
    await turn_to(quiet, "2026-03-20T12:45")
    assert await notified(ben) == [("created", None)]
    await ben.must("PUT", f"/plans/{made['id']}/answer", {"answer": "accepted"})
    await turn_to(quiet, "2026-03-20T12:55")
    assert await notified(ben) == [("created", None), ("reminder", 5)]


async def test_reminders_follow_the_clock_on_the_wall(quiet: Stage) -> None:
    """Nine days ahead, and clocks in Berlin change in between."""
    ana, _ = await people(quiet)
    await plan(ana, "2026-03-30T09:00", "Europe/Berlin")
    await turn_to(quiet, "2026-03-30T06:44:59")
    assert await notified(ana) == []
    await turn_to(quiet, "2026-03-30T06:45:00")
    assert await notified(ana) == BOTH[:1]
    await turn_to(quiet, "2026-03-30T06:55:00")
    assert await notified(ana) == BOTH


async def test_each_time_of_a_series_has_its_reminders(quiet: Stage) -> None:
    ana, _ = await people(quiet)
    made = await plan(ana, "2026-03-27T09:00", "Europe/Berlin", minutes=24 * 60, repeat={"every": "day", "count": 4})
    # On the 29th clocks go forward: 09:00 is an hour earlier from then on.
    count = 0
    for day, hour in ((27, 8), (28, 8), (29, 7), (30, 7)):
        for minute in (45, 55):
            await turn_to(quiet, f"2026-03-{day}T{hour - 1:02}:{minute}")
            count += 1
            assert len(await notified(ana)) == count, (day, minute)
    await turn_to(quiet, "2026-04-02T00:00")
    assert len(await notified(ana)) == 8
    assert await jobs(quiet) == []
    assert await listed(ana, "past") == ["Weekly"]
    found = (await ana.must("GET", f"/plans/{made['id']}"))["plan"]
    assert found["last"]["start"] == millis("2026-03-30T07:00")


async def test_a_change_of_time_moves_reminders_and_calling_off_removes_them(quiet: Stage) -> None:
    ana, ben = await people(quiet)
    made = await plan(ana, "2026-03-20T13:00", **BEN)
    await turn_to(quiet, "2026-03-20T12:45")
    await ana.must("PATCH", f"/plans/{made['id']}", {"start": "2026-03-20T13:30"})
    await quiet.settle()
    await turn_to(quiet, "2026-03-20T12:55")
    assert await notified(ben) == [("created", None), ("reminder", 15), ("changed", None)]
    await turn_to(quiet, "2026-03-20T13:15")
    assert (await notified(ben))[3:] == BOTH[:1]
    await ana.must("PATCH", f"/plans/{made['id']}", {"title": "Other"})
    await quiet.settle()
    await ana.must("POST", f"/plans/{made['id']}/cancel")
    await turn_to(quiet, "2026-03-20T13:25")
    assert (await notified(ben))[4:] == [("changed", None), ("cancelled", None)]
    assert await jobs(quiet) == []


async def test_what_is_planned_at_short_notice_has_the_reminders_that_are_left(quiet: Stage) -> None:
    ana, _ = await people(quiet)
    await plan(ana, "2026-03-20T12:10")
    await plan(ana, "2026-03-20T12:03", title="Now")
    assert [(each.kind, each.minutes) for each in await jobs(quiet)] == [
        ("reminder", 5),
        ("turn", None),
        ("turn", None),
    ]


@pytest.mark.parametrize(
    ("back", "told"),
    [
        ("2026-03-20T12:50", BOTH),
        ("2026-03-20T12:57", BOTH[1:]),
        ("2026-03-20T13:00", []),
        ("2026-03-21T13:00", []),
    ],
)
async def test_what_was_due_while_the_server_was_down(
    tmp_path: Path, at_once: None, back: str, told: list[tuple[str, int | None]]
) -> None:
    clock = clock_at("2026-03-20T12:00")
    async with open_stage(tmp_path, clock=clock) as before:
        ana = await person(before)
        await plan(ana, "2026-03-20T13:00")
    clock.advance(seconds=(millis(back) - clock.now()) / 1000)
    async with open_stage(tmp_path, clock=clock) as after:
        ana.stage = after
        await after.pass_time(0)
        await turn_to(after, "2026-03-21T14:00") if not told else await turn_to(after, "2026-03-20T12:59")
        assert await notified(ana) == told
        await after.pass_time(3600)
        assert await notified(ana) == told


async def test_a_series_goes_on_after_a_long_absence(tmp_path: Path, at_once: None) -> None:
    clock = clock_at("2026-03-20T12:00")
    async with open_stage(tmp_path, clock=clock) as before:
        ana = await person(before)
        made = await plan(ana, "2026-03-20T13:00", repeat={"every": "day"})
    clock.advance(seconds=(millis("2026-05-01T12:58") - clock.now()) / 1000)
    async with open_stage(tmp_path, clock=clock) as after:
        ana.stage = after
        await after.pass_time(0)
        await after.pass_time(1)
        assert await notified(ana) == BOTH[1:], "late, but before the beginning, and once"
        assert (await ana.must("GET", f"/plans/{made['id']}"))["plan"]["next"]["start"] == millis("2026-05-01T13:00")
        await turn_to(after, "2026-05-02T12:45")
        assert await notified(ana) == [*BOTH[1:], *BOTH[:1]]


async def two_servers(tmp_path: Path, mailbox: Mailbox, clock: ManualClock) -> None:
    """Both look at the same moment, again and again; everything is told once."""
    settings = smtp(mailbox)
    async with (
        open_stage(tmp_path, clock=clock, **settings) as one,
        open_stage(tmp_path, clock=clock, **settings) as two,
    ):
        ana, ben = await people(one)
        crowd = [f"p{n}@example.org" for n in range(55)]
        await plan(ana, "2026-03-20T13:00", invitees=["ben@example.org", *crowd], repeat={"every": "day", "count": 2})
        await asyncio.gather(one.house.sweep(), two.house.sweep())
        for moment in ("2026-03-20T12:45", "2026-03-20T12:55", "2026-03-20T14:00", "2026-03-21T12:45"):
            clock.advance(seconds=(millis(moment) - clock.now()) / 1000)
            for _ in range(3):
                await asyncio.gather(one.house.sweep(), two.house.sweep(), two.house.sweep())
                await one.settle()
        assert await notified(ben) == [("created", None), *BOTH, *BOTH[:1]]
        ana.stage = two
        assert await notified(ana) == [*BOTH, *BOTH[:1]]
        for address in ("ben@example.org", *crowd):
            assert [each["Subject"] for each in mailbox.to(address)] == [
                "Invitation: Weekly",
                "In 15 minutes: Weekly",
                "In 5 minutes: Weekly",
                "In 15 minutes: Weekly",
            ], address
        assert (await dump(one.house.storage))["outgoing_mail"] == []
        assert [(each.kind, each.minutes) for each in await jobs(one)] == [("reminder", 5), ("turn", None)]


async def test_two_servers_remind_once(tmp_path: Path, at_once: None, mailbox: Mailbox) -> None:
    await two_servers(tmp_path, mailbox, clock_at("2026-03-20T12:00"))


@pytest.mark.real("postgres")
@pytest.mark.xdist_group("postgres")
async def test_two_servers_remind_once_on_postgres(
    tmp_path: Path, at_once: None, postgres: None, mailbox: Mailbox
) -> None:
    await two_servers(tmp_path, mailbox, clock_at("2026-03-20T12:00"))


async def called_off_at_that_moment(tmp_path: Path) -> None:
    """One server calls off what the other one is reminding of: whoever is first, nothing is left and nothing fails."""
    clock = clock_at("2026-03-20T12:00")
    async with open_stage(tmp_path, clock=clock) as one, open_stage(tmp_path, clock=clock) as two:
        ana, ben = await people(one)
        made = [await plan(ana, "2026-03-20T13:00", title=f"T{number}", **BEN) for number in range(6)]
        clock.advance(seconds=(millis("2026-03-20T12:45") - clock.now()) / 1000)
        codes = await asyncio.gather(
            *(ana.code("POST", f"/plans/{each['id']}/cancel") for each in made),
            one.house.sweep(),
            two.house.sweep(),
        )
        assert set(codes) == {"", None}
        for _ in range(3):
            await one.settle()
            clock.advance(seconds=1)
            await asyncio.gather(one.house.sweep(), two.house.sweep())
        await one.settle()
        assert await jobs(one) == []
        found = (await ben.must("GET", "/notifications"))["notifications"]
        for number in range(6):
            told = [each["kind"] for each in reversed(found) if each["title"] == f"T{number}"]
            assert told in (
                ["plan.created", "plan.cancelled"],
                ["plan.created", "plan.reminder", "plan.cancelled"],
            )


async def test_what_is_called_off_while_it_is_reminded_of(tmp_path: Path, at_once: None) -> None:
    await called_off_at_that_moment(tmp_path)


@pytest.mark.real("postgres")
@pytest.mark.xdist_group("postgres")
async def test_what_is_called_off_while_it_is_reminded_of_on_postgres(
    tmp_path: Path, at_once: None, postgres: None
) -> None:
    await called_off_at_that_moment(tmp_path)


async def test_a_job_that_fails_keeps_no_other_waiting(quiet: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    ana, ben = await people(quiet)
    await plan(ana, "2026-03-20T13:00", title="Bad")
    really = telling.tell_next

    async def fail(work: Any, house: Any, found: Plan, job: Job) -> None:
        if found.title == "Bad":
            raise ValueError(found.title)
        await really(work, house, found, job)

    monkeypatch.setattr("salon.plans.scheduler.tell_next", fail)
    await plan(ben, "2026-03-20T13:00", title="Good")
    await turn_to(quiet, "2026-03-20T12:45")
    assert await notified(ben) == BOTH[:1]
    assert await notified(ana) == []
    monkeypatch.undo()
    await turn_to(quiet, "2026-03-20T12:48")
    assert await notified(ana) == BOTH[:1]


async def test_a_job_of_a_plan_that_is_gone_is_dropped(quiet: Stage) -> None:
    ana, _ = await people(quiet)
    await plan(ana, "2026-03-20T13:00")
    statement = update(Job).values(plan_id="nothing")
    await quiet.house.writer.run("", lambda work: work.session.execute(statement))
    await turn_to(quiet, "2026-03-20T14:00")
    scheduler_of(quiet.house).look()
    await quiet.settle()
    assert await jobs(quiet) == []
