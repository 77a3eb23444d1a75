"""When a plan happens: pure arithmetic of calendars, clocks and instants.

What is stored is a time on a clock and the zone of that clock; a weekly 09:00 stays 09:00 when clocks change. A time
that a change of clocks leaves out is taken with the offset before the change, one that comes twice is the first of the
two, as RFC 5545 says (section 3.3.5).
"""

from __future__ import annotations

import functools
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HORIZON = timedelta(days=5 * 366)
"""A series without an end goes on for so long after its beginning."""
MINUTE_MS = 60 * 1000


@dataclass(frozen=True)
class Rule:
    """How a plan repeats."""

    every: Literal["day", "week"]
    interval: int
    weekdays: tuple[int, ...]
    """Monday is 0; empty for daily ones."""
    until: date | None
    count: int | None

    def as_json(self) -> dict[str, Any]:
        """In the form of ``shapes.Repeat``."""
        return {
            "every": self.every,
            "interval": self.interval,
            "weekdays": [WEEKDAYS[each] for each in self.weekdays],
            "until": None if self.until is None else self.until.isoformat(),
            "count": self.count,
        }

    @staticmethod
    def of_json(stored: dict[str, Any]) -> Rule:
        until = stored["until"]
        days = tuple(WEEKDAYS.index(each) for each in stored["weekdays"])
        return Rule(
            stored["every"],
            stored["interval"],
            days,
            None if until is None else date.fromisoformat(until),
            stored["count"],
        )


@dataclass(frozen=True)
class Occurrence:
    start: int
    end: int


@dataclass(frozen=True)
class Series:
    first: datetime
    """On a clock in the zone."""
    zone: str
    minutes: int
    rule: Rule | None

    @property
    def first_start(self) -> int:
        return instant(self.first, self.zone)

    @property
    def last_end(self) -> int:
        return _all(self)[-1] + self.minutes * MINUTE_MS

    @property
    def last_local(self) -> datetime:
        """The last beginning on a clock in the zone."""
        return local(_all(self)[-1], self.zone)

    def ending_after(self, now: int, most: int) -> list[Occurrence]:
        """The one that is going on, and those to come."""
        starts, begun = _all(self), self._ended(now)
        return [self._at(start) for start in starts[begun : begun + most]]

    def ended(self, now: int) -> Occurrence | None:
        """The one that ended last."""
        begun = self._ended(now)
        return self._at(_all(self)[begun - 1]) if begun else None

    def _ended(self, now: int) -> int:
        """How many have ended."""
        return bisect_right(_all(self), now - self.minutes * MINUTE_MS)

    def _at(self, start: int) -> Occurrence:
        return Occurrence(start, start + self.minutes * MINUTE_MS)

    @property
    def is_within_horizon(self) -> bool:
        """Whether all that the rule asks for is within the years that are planned ahead."""
        if self.rule is None:
            return True
        horizon = self.first + HORIZON
        if self.rule.until is not None:
            return self.rule.until <= horizon.date()
        return self.rule.count is None or sum(1 for _ in _times(self)) == self.rule.count


def instant(time: datetime, zone: str) -> int:
    """Milliseconds UTC of a time on a clock in a zone."""
    # fold=0 is RFC 5545's rule for both: the first of two, and the offset before a gap.
    return round(time.replace(tzinfo=ZoneInfo(zone), fold=0).timestamp()) * 1000


def local(moment: int, zone: str) -> datetime:
    """What a clock in the zone shows at a moment."""
    return datetime.fromtimestamp(moment / 1000, ZoneInfo(zone))


@functools.lru_cache(maxsize=512)
def _all(series: Series) -> array[int]:
    """All beginnings, in their order. Two on either side of a day that a zone left out may be one."""
    return array("q", sorted({instant(time, series.zone) for time in _times(series)}))


def _times(series: Series) -> Iterator[datetime]:
    rule = series.rule
    if rule is None:
        yield series.first
        return
    horizon = (series.first + HORIZON).date()
    last = min(rule.until or horizon, horizon)
    for number, time in enumerate(_candidates(series.first, rule)):
        if time.date() > last or number == rule.count:
            return
        yield time


def _candidates(first: datetime, rule: Rule) -> Iterator[datetime]:
    if rule.every == "day":
        for number in range(366 * 6):
            yield first + timedelta(days=number * rule.interval)
        return
    monday = first - timedelta(days=first.weekday())
    for number in range(53 * 6):
        for day in rule.weekdays:
            time = monday + timedelta(days=7 * number * rule.interval + day)
            if time >= first:
                yield time
