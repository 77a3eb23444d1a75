"""Pure arithmetic of alarms: which moment a time of day is, on clocks that are put forward and back.

A time that a change of clocks leaves out is taken with the offset before the change, so that it rings an hour later on
the clock; of one that comes twice it is the first, as RFC 5545 has it (section 3.3.5).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from salon.core.refusals import Refused
from salon.study.rules import a_day

_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
FARTHEST_DAYS = 366
"""Nobody is woken by an alarm of years ago, and zones change their rules."""
MOST_ALARMS = 50
MINUTE_MS = 60 * 1000


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones() - {"Factory", "localtime"})


def known_zone(name: str) -> str:
    if name not in _zones():
        raise Refused("zone_unknown", field="zone")
    return name


def time_of_day(text: str) -> time:
    if not _TIME.fullmatch(text):
        raise Refused("time_invalid", "A time is written like 07:30.", field="time")
    return time.fromisoformat(text)


def moment(day: date, at: time, zone: str) -> int:
    """Milliseconds UTC of a time on a clock in a zone."""
    local = datetime.combine(day, at, ZoneInfo(zone)).replace(fold=0)
    return round(local.timestamp()) * 1000


def day_in(zone: str, now: int) -> date:
    """Which day it is there."""
    return datetime.fromtimestamp(now / 1000, UTC).astimezone(ZoneInfo(zone)).date()


def next_day(at: time, zone: str, now: int) -> date:
    """The day on which clocks in the zone show this time next."""
    day = day_in(zone, now)
    while moment(day, at, zone) <= now:
        day += timedelta(days=1)
    return day


def alarm_day(text: str | None, at: time, zone: str, now: int) -> date:
    """The day of an alarm: this one, or the next on which it can ring."""
    if text is None:
        return next_day(at, zone, now)
    day = a_day(text, "day")
    rings_at = moment(day, at, zone)
    if rings_at <= now:
        raise Refused("alarm_past", field="day")
    if rings_at > now + FARTHEST_DAYS * 24 * 3600 * 1000:
        raise Refused("time_invalid", "Set an alarm at most a year ahead.", field="day")
    return day
