"""How planned rooms end: called off, closed, over, or with the account of who planned them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.plans.support import jobs, listed, look, person, place_of, plan, room_row, turn_to
from tests.support.dump import dump
from tests.support.house import Stage

pytestmark = pytest.mark.feature("R6")

START = "2026-03-23T09:00"


async def test_what_is_over_goes_after_a_year(quiet: Stage) -> None:
    ana = await person(quiet)
    await plan(ana, START, invitees=["ben@example.org"])
    for moment, kept in (("2027-03-23T09:58", 1), ("2027-03-23T10:02", 0)):
        await turn_to(quiet, moment)
        found = await dump(quiet.house.storage)
        assert (len(found["plans"]), len(found["plan_invitees"])) == (kept, kept)


async def test_calling_off_closes_a_room_that_nobody_is_in(quiet: Stage) -> None:
    ana = await person(quiet)
    empty, full = await plan(ana, START), await plan(ana, START, title="Full")
    await quiet.come(await place_of(quiet, full, ana.identity), "Ana", identity=ana.identity)
    for each in (empty, full):
        off = (await ana.must("POST", f"/plans/{each['id']}/cancel"))["plan"]
        assert (off["state"], off["next"], off["joinable_from"]) == ("cancelled", None, None)
        assert await ana.code("POST", f"/plans/{each['id']}/cancel") == "plan_over"
    await quiet.settle()
    assert (await room_row(quiet, empty["link"])).closed_at is not None
    kept = await room_row(quiet, full["link"])
    assert (kept.closed_at, kept.kept_until) == (None, None)
    assert [each.kind for each in await jobs(quiet)] == []


@pytest.mark.parametrize(
    ("when", "repeat", "state"),
    [
        ("2026-03-23T08:00", None, "cancelled"),
        ("2026-03-23T09:50", None, "over"),
        ("2026-03-23T09:50", {"every": "day", "count": 2}, "cancelled"),
    ],
)
async def test_closing_the_room_ends_its_plan(quiet: Stage, when: str, repeat: Any, state: str) -> None:
    ana = await person(quiet)
    made = await plan(ana, START, repeat=repeat)
    await turn_to(quiet, when)
    owner = await quiet.come(await place_of(quiet, made, ana.identity), "Ana", identity=ana.identity)
    await owner.must("rooms.close")
    await quiet.pass_time(1)
    found = await look(ana, made["id"])
    assert (found["state"], found["next"]) == (state, None)
    assert await listed(ana, "upcoming") == []
    assert [each.kind for each in await jobs(quiet)] == []


async def test_deleting_the_account_calls_off_and_forgets(quiet: Stage) -> None:
    ana, ben = await person(quiet, name="Anastasia"), await person(quiet, "ben@example.org", "Ben")
    made = await plan(ana, START, invitees=["ben@example.org"], description="By Anastasia")
    past = await plan(ana, "2026-03-20T12:02", title="Gone", minutes=2, invitees=["ben@example.org"])
    theirs = await plan(ben, START, title="Bens", invitees=["ana@example.org"])
    await turn_to(quiet, "2026-03-20T12:05")
    await ana.must("DELETE", "/account", {})
    await quiet.pass_time(1)
    everything = str(await dump(quiet.house.storage))
    assert "Anastasia" not in everything
    assert "ana@example.org" not in everything
    assert await ben.code("GET", f"/plans/{made['id']}") == "plan_unknown"
    assert await ben.code("GET", f"/plans/{past['id']}") == "plan_unknown"
    assert (await look(ben, theirs["id"]))["invitees"] == []
    found = (await ben.must("GET", "/notifications"))["notifications"]
    assert (found[0]["kind"], found[0]["title"], found[0]["who"], found[0]["plan"]) == (
        "plan.cancelled",
        "Weekly",
        "",
        None,
    )
