"""Pure arithmetic of statistics: what was recorded, by days on a clock in somebody's zone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from salon.study.clocks import day_in
from salon.study.contract.shapes import DayOfFocus

SHORTEST_MS = 60 * 1000
"""What is shorter is no work worth recording."""
LATEST_MS = 2 * 60 * 1000
"""A phase of which the server learns so late is not recorded: nobody knows who was there at its end."""


@dataclass(frozen=True)
class Worked:
    """A phase of work that has ended. It belongs to the day on which it ended."""

    ended_at: int
    focus_ms: int


def creditable(focus_ms: int, ended_at: int, before: int | None) -> int:
    """So much of a phase counts for somebody whose last recorded one ended at ``before``. Two timers that run at the
    same time do not make two hours of one."""
    return focus_ms if before is None else max(0, min(focus_ms, ended_at - before))


def by_day(records: Iterable[Worked], zone: str) -> dict[date, DayOfFocus]:
    sums: dict[date, tuple[int, int]] = {}
    for each in records:
        day = day_in(zone, each.ended_at)
        focus, cycles = sums.get(day, (0, 0))
        sums[day] = focus + each.focus_ms, cycles + 1
    return {
        day: DayOfFocus(day=day.isoformat(), focus_ms=focus, cycles=cycles)
        for day, (focus, cycles) in sorted(sums.items())
    }


def last_days(days: dict[date, DayOfFocus], today: date, number: int) -> list[DayOfFocus]:
    """So many days up to today, also those on which nothing was done."""
    wanted = [today - timedelta(days=back) for back in range(number - 1, -1, -1)]
    return [days.get(day) or DayOfFocus(day=day.isoformat(), focus_ms=0, cycles=0) for day in wanted]


def runs(days: Sequence[date]) -> list[tuple[date, int]]:
    """Runs of days in a row, by their last day, from days that ascend."""
    found: list[tuple[date, int]] = []
    for day in days:
        if found and found[-1][0] + timedelta(days=1) == day:
            found[-1] = (day, found[-1][1] + 1)
        else:
            found.append((day, 1))
    return found


def streaks(days: Sequence[date], today: date) -> tuple[int, int]:
    """The run that goes on (until yesterday at least: today is not over), and the longest."""
    found = runs(days)
    going_on = found[-1][1] if found and found[-1][0] >= today - timedelta(days=1) else 0
    return going_on, max((length for _, length in found), default=0)
