"""When plans happen: by hand where clocks change, and against dateutil everywhere else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil import rrule
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from salon.core.refusals import Refused
from salon.plans import occurrences, rules
from salon.plans.calendars import Entry, calendar
from salon.plans.occurrences import WEEKDAYS, Rule, Series, instant
from salon.plans.shapes import Repeat
from tests.plans.support import millis

pytestmark = pytest.mark.feature("R6")


def starts(start: str, zone: str, repeat: Repeat | None = None, *, after: str = "1970-01-01T00:00") -> list[str]:
    """The beginnings in UTC."""
    series = rules.series(start, zone, 60, repeat)
    return [utc(each.start) for each in series.ending_after(millis(after), 6)]


def utc(moment: int) -> str:
    return datetime.fromtimestamp(moment / 1000, UTC).strftime("%Y-%m-%dT%H:%M")


def test_a_weekly_nine_stays_nine_when_clocks_change() -> None:
    weekly = Repeat(every="week", count=3)
    found = starts("2026-03-23T09:00", "Europe/Berlin", weekly)
    assert found == ["2026-03-23T08:00", "2026-03-30T07:00", "2026-04-06T07:00"]
    back = starts("2026-10-30T09:00", "America/New_York", weekly)
    assert back == ["2026-10-30T13:00", "2026-11-06T14:00", "2026-11-13T14:00"]


def test_a_time_that_is_left_out_is_taken_with_the_offset_before() -> None:
    daily = Repeat(every="day", count=3)
    # Clocks go from 02:00 to 03:00 on the 29th: 02:30 is 03:30 on that day, and 02:30 again on the next.
    found = starts("2026-03-28T02:30", "Europe/Berlin", daily)
    assert found == ["2026-03-28T01:30", "2026-03-29T01:30", "2026-03-30T00:30"]
    found = starts("2026-03-08T02:30", "America/New_York")
    assert found == ["2026-03-08T07:30"]


def test_a_time_that_comes_twice_is_the_first_of_the_two() -> None:
    assert starts("2026-10-25T02:30", "Europe/Berlin") == ["2026-10-25T00:30"]
    assert starts("2026-11-01T01:30", "America/New_York") == ["2026-11-01T05:30"]


def test_a_day_that_a_zone_left_out_happens_once() -> None:
    # Samoa went from the 29th to the 31st of December 2011.
    daily = Repeat(every="day", until="2012-01-01")
    found = starts("2011-12-29T09:00", "Pacific/Apia", daily)
    assert found == ["2011-12-29T19:00", "2011-12-30T19:00", "2011-12-31T19:00"]


def test_what_is_going_on_comes_before_what_is_next() -> None:
    series = rules.series("2026-03-23T09:00", "UTC", 60, Repeat(every="week", weekdays=["mon", "thu"]))
    during = millis("2026-03-23T09:59")
    assert [utc(each.start) for each in series.ending_after(during, 2)] == ["2026-03-23T09:00", "2026-03-26T09:00"]
    assert series.ended(during) is None
    assert series.ending_after(during + 60_000, 1)[0].start == millis("2026-03-26T09:00")
    last = series.ended(during + 60_000)
    assert last is not None
    assert utc(last.end) == "2026-03-23T10:00"


def test_a_weekly_plan_begins_on_the_first_of_its_days() -> None:
    # A Saturday, and every second week: counted from the week of the first Monday.
    found = starts("2026-03-21T09:00", "UTC", Repeat(every="week", interval=2, weekdays=["mon", "wed"], count=4))
    assert found == ["2026-03-23T09:00", "2026-03-25T09:00", "2026-04-06T09:00", "2026-04-08T09:00"]


def test_without_an_end_it_goes_on_for_five_years() -> None:
    series = rules.series("2026-03-21T09:00", "UTC", 60, Repeat(every="day"))
    assert utc(series.last_end) == "2031-03-25T10:00"


@pytest.mark.parametrize("every", ["day", "week"])
def test_rare_and_late_ones(every: Any) -> None:
    weekdays = WEEKDAYS if every == "week" else ()
    rare = Repeat(every=every, interval=366, weekdays=list(weekdays))  # type: ignore[arg-type]
    series = rules.series("2200-12-29T09:00", "UTC", 60, rare)
    assert len(series.ending_after(0, 100)) == (6 if every == "day" else 7)
    assert series.is_within_horizon


def test_years_of_days_cost_no_more_than_days(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def note(time: datetime, zone: str) -> int:
        asked.append(time)
        return instant(time, zone)

    monkeypatch.setattr(occurrences, "instant", note)
    series = rules.series("2026-03-21T09:00", "Europe/Berlin", 60, Repeat(every="day"))
    assert len(series.ending_after(millis("2028-01-01T00:00"), 5)) == 5
    assert len(asked) < 30


ZONES = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Sao_Paulo", "UTC"]
TIMES = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)).map(lambda time: time.replace(second=0, microsecond=0))
RULES = st.one_of(
    st.builds(Rule, st.just("day"), st.integers(1, 40), st.just(()), st.none(), st.integers(1, 40)),
    st.builds(
        Rule,
        st.just("week"),
        st.integers(1, 6),
        st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
        st.none(),
        st.integers(1, 40),
    ),
)


def by_dateutil(series: Series) -> list[int]:
    """The same by somebody else's arithmetic: times on the clock first, then each as an instant."""
    rule = series.rule
    assert rule is not None
    found = rrule.rrule(
        rrule.DAILY if rule.every == "day" else rrule.WEEKLY,
        dtstart=series.first,
        interval=rule.interval,
        byweekday=list(rule.weekdays) or None,
        count=rule.count,
        wkst=rrule.MO,
    )
    return sorted({round(time.replace(tzinfo=ZoneInfo(series.zone)).timestamp() * 1000) for time in found})


@given(TIMES, st.sampled_from(ZONES), RULES)
def test_occurrences_are_those_of_dateutil(first: datetime, zone: str, rule: Rule) -> None:
    repeat = Repeat(
        every=rule.every,
        interval=rule.interval,
        weekdays=[WEEKDAYS[each] for each in rule.weekdays],  # type: ignore[misc]
        count=rule.count,
    )
    series = rules.series(first.strftime("%Y-%m-%dT%H:%M"), zone, 30, repeat)
    assert [each.start for each in series.ending_after(0, 100)] == by_dateutil(series)


@given(TIMES, st.sampled_from(ZONES), RULES, st.integers(1, 400))
def test_calendars_are_told_the_same_rule(first: datetime, zone: str, rule: Rule, days: int) -> None:
    until = (first + timedelta(days=days + 7)).date()
    bounded = Rule(rule.every, rule.interval, rule.weekdays, until, None)
    while bounded.weekdays and first.weekday() not in bounded.weekdays:
        first += timedelta(days=1)
    series = Series(first, zone, 30, bounded)
    entry = Entry("a@b", 0, 0, "T", "", "https://x/r/y", "salon@x", "Ana", series)
    whole: Any = Calendar.from_ical(calendar(entry, "REQUEST"))
    (event,) = whole.events
    text = event["rrule"].to_ical().decode()
    start = event["dtstart"].dt
    assert start.replace(tzinfo=None) == first
    found = rrule.rrulestr(f"RRULE:{text}", dtstart=start)
    assert sorted({round(each.timestamp() * 1000) for each in found}) == [
        each.start for each in series.ending_after(0, 1000)
    ]


@pytest.mark.parametrize(
    ("start", "minutes", "repeat", "field"),
    [
        ("2026-02-30T09:00", 60, None, "start"),
        ("2026-03-23 09:00", 60, None, "start"),
        ("2026-3-23T09:00", 60, None, "start"),
        ("2026-03-23T09:00Z", 60, None, "start"),
        ("0001-01-01T00:00", 60, None, "start"),
        ("9999-12-31T23:59", 60, None, "start"),
        ("2026-03-23T09:00", 0, None, "minutes"),
        ("2026-03-23T09:00", -5, None, "minutes"),
        ("2026-03-23T09:00", 1441, None, "minutes"),
        ("2026-03-23T09:00", 60, Repeat(every="day", interval=0), "repeat.interval"),
        ("2026-03-23T09:00", 60, Repeat(every="day", count=0), "repeat.count"),
        ("2026-03-23T09:00", 60, Repeat(every="day", count=2001), "repeat.count"),
        ("2026-03-23T09:00", 60, Repeat(every="week", count=1000), "repeat.count"),
        ("2026-03-23T09:00", 60, Repeat(every="day", count=3, until="2026-04-01"), "repeat.count"),
        ("2026-03-23T09:00", 60, Repeat(every="day", until="2026-03-22"), "repeat.until"),
        ("2026-03-23T09:00", 60, Repeat(every="day", until="2033-03-22"), "repeat.until"),
        ("2026-03-23T09:00", 60, Repeat(every="day", until="20260401"), "repeat.until"),
        ("2026-03-23T09:00", 60, Repeat(every="day", weekdays=["mon"]), "repeat.weekdays"),
    ],
)
def test_impossible_times(start: str, minutes: int, repeat: Repeat | None, field: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.series(start, "UTC", minutes, repeat)
    assert (refused.value.code, refused.value.field) == ("time_invalid", field)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../../etc/passwd", "europe/berlin", "localtime", "UTC\n"])
def test_unknown_zones(zone: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.series("2026-03-23T09:00", zone, 60, None)
    assert refused.value.code == "zone_unknown"


def test_a_rule_is_stored_as_it_is() -> None:
    rule = Rule("week", 2, (0, 3), date(2027, 1, 31), None)
    assert Rule.of_json(rule.as_json()) == rule
    assert Repeat.model_validate(rule.as_json()).weekdays == ["mon", "thu"]
