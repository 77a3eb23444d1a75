"""Pure rules of planned rooms: what a plan may say."""

from __future__ import annotations

import functools
import zoneinfo
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from salon.core.accounts import email_address
from salon.core.refusals import Refused
from salon.core.text import comparable, fits, tidy_line, tidy_text
from salon.plans.occurrences import WEEKDAYS, Rule, Series
from salon.plans.shapes import Repeat

TITLE_LENGTH = 80
DESCRIPTION_LENGTH = 2000
LONGEST_MINUTES = 24 * 60
MOST_INVITEES = 500
MOST_TIMES = 2000
LONGEST_INTERVAL = 366
HORIZON_YEARS = 5
SOON_MS = 15 * 60 * 1000


def title_line(text: str) -> str:
    title = tidy_line(text)
    if not title:
        raise Refused("name_required", "A title is needed.", field="title")
    if not fits(title, TITLE_LENGTH, 4 * TITLE_LENGTH):
        raise Refused("name_too_long", f"A title has at most {TITLE_LENGTH} characters.", field="title")
    return title


def description_text(text: str) -> str:
    description = tidy_text(text)
    if not fits(description, DESCRIPTION_LENGTH, 4 * DESCRIPTION_LENGTH):
        message = f"A description has at most {DESCRIPTION_LENGTH} characters."
        raise Refused("name_too_long", message, field="description")
    return description


@functools.cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones() - {"Factory", "localtime"})


def known_zone(name: str) -> str:
    """The name of a time zone that there is."""
    if name not in _zones():
        raise Refused("zone_unknown", field="zone")
    return name


def local_time(text: str) -> datetime:
    """A time on a clock, to the minute."""
    try:
        time = datetime.strptime(text, "%Y-%m-%dT%H:%M")
    except ValueError:
        raise Refused("time_invalid", "A time is written like 2030-01-31T09:00.", field="start") from None
    if not 1970 <= time.year <= 2200 or time.strftime("%Y-%m-%dT%H:%M") != text:
        raise Refused("time_invalid", "A time is written like 2030-01-31T09:00.", field="start")
    return time


def duration(minutes: int) -> int:
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise Refused("time_invalid", f"It takes from one minute to {LONGEST_MINUTES}.", field="minutes")
    return minutes


def series(start: str, zone: str, minutes: int, repeat: Repeat | None) -> Series:
    """When it happens. Of a weekly plan the first time is the first of its weekdays from ``start`` on."""
    first = local_time(start)
    zone = known_zone(zone)
    minutes = duration(minutes)
    if repeat is None:
        return Series(first, zone, minutes, None)
    rule = _rule(repeat, first)
    if rule.weekdays:
        while first.weekday() not in rule.weekdays:
            first += timedelta(days=1)
    if rule.until is not None and rule.until < first.date():
        raise Refused("time_invalid", "It would end before it begins.", field="repeat.until")
    found = Series(first, zone, minutes, rule)
    if not found.is_within_horizon:
        field = "repeat.until" if rule.until is not None else "repeat.count"
        raise Refused("time_invalid", f"Plan at most {HORIZON_YEARS} years ahead.", field=field)
    return found


def _rule(repeat: Repeat, first: datetime) -> Rule:
    if not 1 <= repeat.interval <= LONGEST_INTERVAL:
        raise Refused("time_invalid", f"Every 1 to {LONGEST_INTERVAL} days or weeks.", field="repeat.interval")
    if repeat.every == "day" and repeat.weekdays:
        raise Refused("time_invalid", "Weekdays are for weekly plans.", field="repeat.weekdays")
    if repeat.until is not None and repeat.count is not None:
        raise Refused("time_invalid", "Until a day, or so many times: not both.", field="repeat.count")
    if repeat.count is not None and not 1 <= repeat.count <= MOST_TIMES:
        raise Refused("time_invalid", f"It repeats 1 to {MOST_TIMES} times.", field="repeat.count")
    days = tuple(sorted({WEEKDAYS.index(each) for each in repeat.weekdays}))
    if repeat.every == "week" and not days:
        days = (first.weekday(),)
    return Rule(repeat.every, repeat.interval, days, _last_day(repeat.until), repeat.count)


def _last_day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise Refused("time_invalid", "A day is written like 2030-01-31.", field="repeat.until")
    return day


def check_ahead(series: Series, now: int) -> None:
    """It begins in the future, and not so far away that nobody knows the clocks of then."""
    began = series.first_start <= now
    if began:
        raise Refused("time_invalid", "It would begin in the past.", field="start")
    if series.first_start > now + HORIZON_YEARS * 366 * 24 * 3600 * 1000:
        raise Refused("time_invalid", f"Plan at most {HORIZON_YEARS} years ahead.", field="start")


def group_names(given: Sequence[str], admission: str) -> list[str]:
    """Each once, however it is written; at least one where it goes by groups."""
    names = {comparable(name): name for each in given if (name := tidy_line(each))}
    if admission == "groups" and not names:
        raise Refused("invalid", "Choose at least one group.", field="groups")
    return sorted(names.values(), key=comparable)


def addresses(given: Sequence[str], own: str | None) -> dict[str, str]:
    """By the form in which they are compared, as they were written. The planner's own address is left out."""
    if len(given) > 2 * MOST_INVITEES:
        raise Refused("invitees_too_many", field="invitees")
    found: dict[str, str] = {}
    for number, each in enumerate(given):
        try:
            written, key = email_address(each)
        except Refused:
            raise Refused("email_invalid", field=f"invitees.{number}") from None
        if key != own:
            found.setdefault(key, written)
    if len(found) > MOST_INVITEES:
        raise Refused("invitees_too_many", field="invitees")
    return found
