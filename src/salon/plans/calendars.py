"""Plans as calendar files: for mails, where a calendar takes them in, and to download (RFC 5545, RFC 5546)."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vCalAddress, vRecur, vText
from icalendar.parser import Contentline

from salon.plans.occurrences import HORIZON, Series, instant

Method = Literal["REQUEST", "CANCEL", "PUBLISH"]
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class Entry:
    """What a calendar is told of a plan."""

    uid: str
    sequence: int
    stamp: int
    """When it was changed, in milliseconds UTC."""
    title: str
    description: str
    url: str
    """The room's link."""
    organizer: str
    """The address that the server sends from: people's own are not given away."""
    planner: str
    series: Series


def calendar(entry: Entry, method: Method, attendee: str | None = None, answer: str = "pending") -> bytes:
    """The file. ``attendee`` is the one whom the mail goes to: nobody is told who else is invited."""
    whole = _body(entry, method)
    if attendee is None:
        return whole
    status = {"accepted": "ACCEPTED", "declined": "DECLINED", "tentative": "TENTATIVE"}.get(answer, "NEEDS-ACTION")
    person = vCalAddress(f"mailto:{attendee}")
    person.params.update({"ROLE": "REQ-PARTICIPANT", "PARTSTAT": status, "RSVP": "TRUE"})
    line = Contentline.from_parts("ATTENDEE", person.params, person).to_ical()
    end = b"\r\nEND:VEVENT\r\n"
    return whole.replace(end, b"\r\n" + line + end, 1)


@functools.lru_cache(maxsize=64)
def _body(entry: Entry, method: Method) -> bytes:
    series = entry.series
    zone = ZoneInfo(series.zone)
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", datetime.fromtimestamp(entry.stamp // 1000, UTC))
    event.add("dtstart", series.first.replace(tzinfo=zone))
    event.add("duration", timedelta(minutes=series.minutes))
    event.add("summary", entry.title)
    if entry.description:
        event.add("description", entry.description)
    event.add("location", entry.url)
    event.add("url", entry.url)
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    event.add("organizer", _organizer(entry))
    if series.rule is not None:
        event.add("rrule", _recurrence(series))
    whole = Calendar()
    whole.add("prodid", "-//Salon//Planned rooms//EN")
    whole.add("version", "2.0")
    whole.add("method", method)
    if series.zone not in {"UTC", "Etc/UTC"}:
        whole.add_component(_timezone(series.zone, series.first.year - 1, series.last_local.year + 1))
    whole.add_component(event)
    return bytes(whole.to_ical())


def _organizer(entry: Entry) -> vCalAddress:
    organizer = vCalAddress(f"mailto:{entry.organizer}")
    organizer.params["CN"] = vText(entry.planner or "Salon")
    return organizer


def _recurrence(series: Series) -> vRecur:
    rule = series.rule
    if rule is None:
        raise LookupError("it does not repeat")
    recurrence = vRecur(FREQ="DAILY" if rule.every == "day" else "WEEKLY")
    if rule.interval != 1:
        recurrence["INTERVAL"] = rule.interval
    if rule.weekdays:
        recurrence["BYDAY"] = [DAYS[each] for each in rule.weekdays]
    if rule.count is not None:
        recurrence["COUNT"] = rule.count
    else:
        last_day = rule.until or (series.first + HORIZON).date()
        # With a time zone it must be an instant in UTC: that of the last moment at which one may begin.
        latest = datetime.combine(last_day, series.first.time())
        recurrence["UNTIL"] = datetime.fromtimestamp(instant(latest, series.zone) / 1000, UTC)
    return recurrence


@functools.lru_cache(maxsize=256)
def _timezone(zone: str, first_year: int, last_year: int) -> Timezone:
    """The zone's clock changes in the years that the plan is in: what these are may take 30 ms to find."""
    return Timezone.from_tzinfo(ZoneInfo(zone), zone, date(first_year, 1, 1), date(last_year, 12, 31))
