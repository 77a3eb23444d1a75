"""What lists, timers, alarms and statistics go by, as pure functions."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salon.core.refusals import Refused
from salon.study import clocks, counting, rules, timing
from salon.study.contract.shapes import LONGEST_MS, Lengths
from salon.study.counting import Worked

DAY_MS = 24 * 3600 * 1000
HOUR_MS = 3600 * 1000
ZONES = st.sampled_from(
    [
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "Pacific/Apia",
        "Africa/Cairo",
    ]
)
MOMENTS = st.integers(1_500_000_000, 2_200_000_000).map(lambda seconds: seconds * 1000)
TIMES = st.builds(time, st.integers(0, 23), st.integers(0, 59))


# Order.


@pytest.mark.feature("S1")
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=120))
def test_any_moves_end_in_the_order_that_a_list_would_have(moves: list[tuple[int, int]]) -> None:
    names: list[int] = []
    places: dict[int, float] = {}
    for number, (taken, to) in enumerate(moves):
        # Every third is a new one, the others move.
        name = number if number % 3 == 0 or not names else names[taken % len(names)]
        if name in places:
            names.remove(name)
            del places[name]
        at = to % (len(names) + 1)
        put = rules.put([places[each] for each in names], at)
        if put.others is not None:
            places = dict(zip(names, put.others, strict=True))
        places[name] = put.place
        names.insert(at, name)
        assert sorted(places, key=places.__getitem__) == names
        assert len(set(places.values())) == len(names)


@pytest.mark.feature("S1")
@given(st.lists(st.floats(-1e9, 1e9), unique=True, min_size=1, max_size=20), st.integers(0, 20))
def test_a_place_is_between_its_neighbours(places: list[float], at: int) -> None:
    line, at = sorted(places), min(at, len(places))
    put = rules.put(line, at)
    found = list(put.others or line)
    found.insert(at, put.place)
    assert all(before < after for before, after in pairwise(found))


@pytest.mark.feature("S1")
def test_the_same_gap_can_be_used_again_and_again() -> None:
    line = [1024.0, 2048.0]
    moved = 0
    for _ in range(400):
        put = rules.put(line, 1)
        if put.others is not None:
            line, moved = list(put.others), moved + 1
        line.insert(1, put.place)
        assert line == sorted(set(line))
    assert moved < 20, "that everybody moves is rare"


# Timers.

LENGTHS = st.builds(
    Lengths,
    focus_ms=st.integers(1000, 10 * 60_000),
    short_ms=st.integers(1000, 10 * 60_000),
    long_ms=st.integers(1000, 10 * 60_000),
    cycles=st.integers(1, 12),
    breaks=st.booleans(),
    auto_start=st.booleans(),
)
STEPS = st.lists(
    st.tuples(st.sampled_from([*timing.ACTS, "wait", "lengths"]), st.integers(1, 20 * 60_000)), max_size=60
)


@pytest.mark.feature("S2")
@given(LENGTHS, STEPS, LENGTHS, st.booleans())
def test_whatever_is_pressed_a_timer_is_in_a_state_that_makes_sense(
    lengths: Lengths, steps: list[tuple[str, int]], others: Lengths, here: bool
) -> None:
    timer, now = timing.fresh(lengths), 1_700_000_000_000
    for act, passed in steps:
        if act == "wait":
            now += passed
        elif act == "lengths":
            timer = timing.measured(timer, others)
        else:
            with suppress(Refused):
                timer = timing.ACTS[act](timer, now)
        while timer.is_due(now):
            timer = timing.ring(timer, now, here=here)
        _check(timer, now)


def _check(timer: timing.Clockwork, now: int) -> None:
    assert (timer.ends_at is not None) == (timer.state == "running")
    assert (timer.remaining_ms is None) == (timer.state == "running")
    assert 0 <= timer.left(now) <= LONGEST_MS
    assert timer.left(now) <= timer.length_ms
    assert 0 <= timer.cycle <= 12
    if timer.state == "running":
        assert timer.left(now) > 0


@pytest.mark.feature("S2")
@given(LENGTHS, st.lists(st.integers(1, 60_000), max_size=30))
def test_pausing_loses_and_gains_nothing(lengths: Lengths, waits: list[int]) -> None:
    timer, now, ran = timing.fresh(lengths), 1_700_000_000_000, 0
    for number, passed in enumerate(waits):
        if number % 2 == 0:
            timer = timing.start(timer, now)
            now += passed
            ran += passed
            if timer.is_due(now):
                assert ran >= lengths.focus_ms
                return
            timer = timing.pause(timer, now)
        else:
            now += passed
        assert timer.left(now) == lengths.focus_ms - ran


@pytest.mark.feature("S2")
@given(LENGTHS, st.integers(1, 60))
def test_the_long_break_comes_after_so_many_phases_of_work(lengths: Lengths, phases: int) -> None:
    lengths = lengths.model_copy(update={"breaks": True, "auto_start": True})
    timer, worked = timing.start(timing.fresh(lengths), 0), 0
    for _ in range(phases):
        assert timer.ends_at is not None
        was, due = timer.phase, timer.ends_at
        timer = timing.ring(timer, due, here=True)
        assert timer.ends_at == due + timer.length_ms, "nothing drifts"
        if was == "focus":
            worked += 1
            assert timer.phase == ("long" if worked % lengths.cycles == 0 else "short")
        else:
            assert timer.phase == "focus"


@pytest.mark.feature("S2")
def test_late_a_phase_that_would_be_over_does_not_run() -> None:
    lengths = timing.DEFAULT.model_copy(update={"auto_start": True})
    timer = timing.start(timing.fresh(lengths), 0)
    due = lengths.focus_ms
    assert timing.ring(timer, due + lengths.short_ms - 1, here=True).ends_at == due + lengths.short_ms
    assert timing.ring(timer, due + lengths.short_ms, here=True).state == "ready"
    assert timing.ring(timer, due, here=False).state == "ready"


@pytest.mark.feature("S2")
def test_a_break_that_runs_when_breaks_are_switched_off_ends_quietly() -> None:
    timer = replace(timing.start(timing.fresh(), 0), phase="short", lengths=timing.DEFAULT)
    off = timing.measured(timer, timing.DEFAULT.model_copy(update={"breaks": False, "auto_start": True}))
    after = timing.ring(off, off.ends_at or 0, here=True)
    assert (after.phase, after.state) == ("focus", "ready")


# Alarms.


@pytest.mark.feature("S3")
@given(TIMES, ZONES, MOMENTS)
def test_the_next_time_is_ahead_and_within_two_days(at: time, zone: str, now: int) -> None:
    day = clocks.next_day(at, zone, now)
    rings_at = clocks.moment(day, at, zone)
    # A day that a zone left out, and an hour that clocks skip, may come between.
    assert now < rings_at <= now + 2 * DAY_MS + 2 * HOUR_MS
    shown = datetime.fromtimestamp(rings_at / 1000, ZoneInfo(zone))
    there = datetime.combine(day, at)
    if _is_shown(there, zone):
        assert (shown.date(), shown.timetz().replace(tzinfo=None)) == (day, at)
        assert shown.fold == 0, "of two the first"
    else:
        assert shown.replace(tzinfo=None) > there, "a time that is left out rings after the gap"


def _is_shown(local: datetime, zone: str) -> bool:
    """Whether clocks in the zone ever show this: there and back again is the same."""
    back = local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).astimezone(ZoneInfo(zone))
    return back.replace(tzinfo=None) == local


@pytest.mark.feature("S3")
@given(TIMES, ZONES, MOMENTS)
def test_no_earlier_day_would_do(at: time, zone: str, now: int) -> None:
    day = clocks.next_day(at, zone, now)
    before = day - timedelta(days=1)
    assert before < clocks.day_in(zone, now) or clocks.moment(before, at, zone) <= now


@pytest.mark.feature("S3")
@pytest.mark.parametrize(
    ("day", "at", "utc"),
    [
        ("2026-03-28", "07:00", "2026-03-28T06:00"),
        ("2026-03-29", "07:00", "2026-03-29T05:00"),  # the clocks were put forward
        ("2026-03-29", "02:30", "2026-03-29T01:30"),  # left out: it shows 03:30 then
        ("2026-10-25", "02:30", "2026-10-25T00:30"),  # comes twice: the first
        ("2026-10-25", "07:00", "2026-10-25T06:00"),
    ],
)
def test_the_same_time_on_the_clock_through_changes_in_berlin(day: str, at: str, utc: str) -> None:
    found = clocks.moment(date.fromisoformat(day), clocks.time_of_day(at), "Europe/Berlin")
    assert found == datetime.fromisoformat(utc).replace(tzinfo=UTC).timestamp() * 1000


# Statistics.

RECORDS = st.lists(st.builds(Worked, ended_at=MOMENTS, focus_ms=st.integers(60_000, HOUR_MS)), max_size=40)


@pytest.mark.feature("S5")
@given(RECORDS, ZONES)
def test_nothing_is_lost_between_days(records: list[Worked], zone: str) -> None:
    days = counting.by_day(records, zone)
    assert sum(each.focus_ms for each in days.values()) == sum(each.focus_ms for each in records)
    assert sum(each.cycles for each in days.values()) == len(records)
    assert list(days) == sorted(days)


@pytest.mark.feature("S5")
@given(st.sets(st.integers(0, 60)), st.integers(0, 70))
def test_streaks(numbers: set[int], today: int) -> None:
    first = date(2026, 2, 1)
    days = [first + timedelta(days=each) for each in sorted(each for each in numbers if each <= today)]
    streak, longest = counting.streaks(days, first + timedelta(days=today))
    known = {(each - first).days for each in days}
    start = today if today in known else today - 1
    expected = 0
    while start - expected in known:
        expected += 1
    assert streak == expected
    assert longest == max((_run(known, each) for each in known), default=0)
    assert longest >= streak


def _run(known: set[int], first: int) -> int:
    length = 0
    while first + length in known:
        length += 1
    return length


@pytest.mark.feature("S5")
@given(st.lists(st.tuples(st.integers(0, 10 * HOUR_MS), st.integers(60_000, 3 * HOUR_MS)), max_size=30))
def test_two_timers_do_not_make_two_hours_of_one(phases: list[tuple[int, int]]) -> None:
    """However many phases end whenever: their sum is no longer than the time that has passed since the first began."""
    ends = sorted(phases)
    total, before = 0, None
    for ended, focus in ends:
        total += counting.creditable(focus, ended, before)
        before = ended
    if ends:
        first_end, first_focus = ends[0]
        assert total <= ends[-1][0] - first_end + first_focus


@pytest.mark.feature("S5")
def test_the_last_days_are_whole() -> None:
    days = counting.by_day([Worked(1_700_000_000_000, 60_000)], "UTC")
    told = counting.last_days(days, date(2023, 11, 16), 4)
    assert [each.day for each in told] == ["2023-11-13", "2023-11-14", "2023-11-15", "2023-11-16"]
    assert [each.cycles for each in told] == [0, 1, 0, 0]
