"""What a form shows before anything is planned."""

from __future__ import annotations

import pytest

from tests.accounts.support import caller
from tests.plans.support import listed, millis, person
from tests.support.house import Stage

pytestmark = pytest.mark.feature("R6")


def starts(answer: dict) -> list[int]:
    return [each["start"] for each in answer["coming"]]


async def test_a_preview_is_what_the_plan_will_be(quiet: Stage) -> None:
    ana = await person(quiet)
    repeat = {"every": "week", "weekdays": ["mon", "thu"], "until": "2026-04-20"}
    timing = {"start": "2026-03-24T09:00", "zone": "Europe/Berlin", "minutes": 45, "repeat": repeat}
    shown = await ana.must("POST", "/plans/preview", timing)
    # Thursday, and then on nine o'clock of a clock that is changed on the 29th.
    days = ["2026-03-26T08:00", "2026-03-30T07:00", "2026-04-02T07:00", "2026-04-06T07:00", "2026-04-09T07:00"]
    assert starts(shown) == [millis(day) for day in days]
    assert shown["coming"][0]["end"] == millis("2026-03-26T08:45")
    assert shown["now"] == quiet.clock.now()
    assert (await listed(ana, "all")) == []
    made = (await ana.must("POST", "/plans", {"title": "Weekly", **timing}))["plan"]
    assert made["coming"] == shown["coming"]


async def test_a_preview_is_refused_as_the_plan_would_be(quiet: Stage) -> None:
    ana = await person(quiet)
    once = {"start": "2026-03-24T09:00", "zone": "UTC"}
    for more, field in (
        ({"start": "2026-03-20T10:00"}, "start"),
        ({"start": "tomorrow"}, "start"),
        ({"zone": "Europe/Nowhere"}, "zone"),
        ({"minutes": 0}, "minutes"),
        ({"repeat": {"every": "day", "count": 0}}, "repeat.count"),
        ({"repeat": {"every": "day", "until": "2026-03-23"}}, "repeat.until"),
    ):
        refused = await ana.ask("POST", "/plans/preview", {**once, **more})
        assert (refused.status_code, refused.json()["field"]) == (422, field)
    guest = await caller(quiet)
    assert await guest.code("POST", "/plans/preview", once) == "sign_in_required"


async def test_one_that_is_going_on_is_shown(quiet: Stage) -> None:
    ana = await person(quiet)
    timing = {"start": "2026-03-20T11:30", "zone": "UTC", "minutes": 60}
    assert starts(await ana.must("POST", "/plans/preview", timing)) == [millis("2026-03-20T11:30")]


async def test_nobody_asks_for_previews_without_end(quiet: Stage) -> None:
    ana = await person(quiet)
    timing = {"start": "2026-03-24T09:00", "zone": "UTC"}
    codes = {await ana.code("POST", "/plans/preview", timing) for _ in range(140)}
    assert codes == {"", "rate_limited"}
