"""When a plan happens: pure arithmetic of calendars, clocks and instants.

What is stored is a time on a clock and the zone of that clock; a weekly 09:00 stays 09:00 when clocks change. A time
that a change of clocks leaves out is taken with the offset before the change, one that comes twice is the first of the
two, as RFC 5545 says (section 3.3.5).
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
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
        return self._start(self._times - 1) + self.minutes * MINUTE_MS

    @property
    def last_local(self) -> datetime:
        """The last beginning on a clock in the zone."""
        return self._time(self._times - 1)

    @property
    def is_within_horizon(self) -> bool:
        """Whether all that the rule asks for is within the years that are planned ahead."""
        if self.rule is None:
            return True
        if self.rule.until is not None:
            return self.rule.until <= self._horizon
        return self.rule.count is None or self._times == self.rule.count

    def ending_after(self, now: int, most: int) -> list[Occurrence]:
        """The one that is going on, and those to come."""
        found: list[Occurrence] = []
        for number in range(self._ended(now), self._times):
            if len(found) == most:
                break
            start = self._start(number)
            # Two on either side of a day that a zone left out are one.
            if not found or found[-1].start != start:
                found.append(self._at(start))
        return found

    def ended(self, now: int) -> Occurrence | None:
        """The one that ended last."""
        number = self._ended(now)
        return self._at(self._start(number - 1)) if number else None

    # Each is computed from its number alone: a series of years costs no more than one of days.

    def _ended(self, now: int) -> int:
        """How many have ended."""
        return bisect_right(range(self._times), now - self.minutes * MINUTE_MS, key=self._start)

    def _start(self, number: int) -> int:
        return instant(self._time(number), self.zone)

    def _at(self, start: int) -> Occurrence:
        return Occurrence(start, start + self.minutes * MINUTE_MS)

    @property
    def _horizon(self) -> date:
        return (self.first + HORIZON).date()

    @cached_property
    def _times(self) -> int:
        """How many there are."""
        rule = self.rule
        if rule is None:
            return 1
        last = min(rule.until or self._horizon, self._horizon)
        # No more than that are within the horizon; far beyond, dates end.
        most = HORIZON.days // rule.interval + 1
        if rule.weekdays:
            most = len(rule.weekdays) * (HORIZON.days // (7 * rule.interval) + 2)
        possible = range(min(rule.count or most, most))
        return bisect_right(possible, last, key=lambda number: self._time(number).date())

    def _time(self, number: int) -> datetime:
        """When the one of this number begins on a clock in the zone; the first has number 0."""
        rule = self.rule
        if rule is None or not number:
            return self.first
        if not rule.weekdays:
            return self.first + timedelta(days=number * rule.interval)
        weeks, day = divmod(rule.weekdays.index(self.first.weekday()) + number, len(rule.weekdays))
        monday = self.first - timedelta(days=self.first.weekday())
        return monday + timedelta(days=7 * weeks * rule.interval + rule.weekdays[day])


def instant(time: datetime, zone: str) -> int:
    """Milliseconds UTC of a time on a clock in a zone."""
    # fold=0 is RFC 5545's rule for both: the first of two, and the offset before a gap.
    return round(time.replace(tzinfo=ZoneInfo(zone), fold=0).timestamp()) * 1000


def local(moment: int, zone: str) -> datetime:
    """What a clock in the zone shows at a moment."""
    return datetime.fromtimestamp(moment / 1000, ZoneInfo(zone))
