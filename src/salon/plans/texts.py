"""What people read of planned rooms in mails and push messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from salon.plans.occurrences import MINUTE_MS, Rule, local

Kind = Literal["created", "changed", "cancelled", "uninvited", "reminder"]
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True)
class News:
    """What is to be told of a plan, the same for everybody."""

    kind: Kind
    title: str
    description: str
    planner: str
    start: int
    """Of the occurrence that it is about."""
    zone: str
    minutes: int
    rule: Rule | None
    page: str
    """The plan's page."""
    room: str
    """The room's link."""
    pin: str | None
    now: int


@dataclass(frozen=True)
class Addressee:
    """To whom a mail goes, as far as its text says so."""

    email: str
    is_planner: bool
    decline: str | None
    """The page to decline on; None for those who are not invited any more."""


_SUBJECTS: dict[Kind, str] = {
    "created": "Invitation: {title}",
    "changed": "Changed: {title}",
    "cancelled": "Called off: {title}",
    "uninvited": "Called off for you: {title}",
}
_FIRST: dict[Kind, str] = {
    "created": "{who} invites you to “{title}”.",
    "changed": "{who} has changed “{title}”. This is how it is now:",
    "cancelled": "“{title}”, to which {who} had invited you, does not take place.",
    "uninvited": "{who} has taken back your invitation to “{title}”.",
}
_PUSH: dict[Kind, str] = {
    "created": "{who} invites you: {when}",
    "changed": "{who} has changed it: {when}",
    "cancelled": "It does not take place.",
    "uninvited": "{who} has taken back your invitation.",
}


def subject(news: News) -> str:
    if news.kind == "reminder":
        return f"{_remaining(news)}: {news.title}"
    return _SUBJECTS[news.kind].format(title=news.title)


def mail(news: News, to: Addressee) -> str:
    """The text of a mail."""
    parts = [_beginning(news)]
    if news.kind != "uninvited":
        parts.append(f"When: {when(news)}")
    if news.kind in {"created", "changed", "reminder"}:
        parts[-1] += f"\nWhere: {news.room}" + (f"\nPIN: {_spaced(news.pin)}" if news.pin else "")
    if news.kind in {"created", "changed"}:
        parts += [news.description] if news.description else []
        parts.append(f"Answer here: {news.page}")
    parts.append(_ending(news, to))
    return "\n\n".join(parts) + "\n"


def _beginning(news: News) -> str:
    if news.kind == "reminder":
        return f"“{news.title}” begins {_remaining(news).lower()}."
    return _FIRST[news.kind].format(who=news.planner or "Somebody", title=news.title)


def _ending(news: News, to: Addressee) -> str:
    if to.is_planner:
        return "You get this mail because you have planned it."
    why = f"You get this mail because {news.planner or 'somebody'} invited {to.email}."
    if to.decline is None:
        return why
    return f"{why}\nTo decline and get no more mail about it: {to.decline}"


def push(news: News) -> dict[str, str]:
    """Title and body of a push message."""
    if news.kind == "reminder":
        return {"title": news.title, "body": f"Begins {_remaining(news).lower()}."}
    body = _PUSH[news.kind].format(who=news.planner or "Somebody", when=when(news))
    return {"title": news.title, "body": body}


def when(news: News) -> str:
    """Like “Monday, 23 November 2026, 09:00 to 10:00 (Europe/Berlin), every week on Monday”."""
    start = local(news.start, news.zone)
    end = local(news.start + news.minutes * MINUTE_MS, news.zone)
    till = f"{end:%H:%M}" if end.date() == start.date() else f"{_day(end)}, {end:%H:%M}"
    text = f"{_day(start)}, {start:%H:%M} to {till} ({news.zone})"
    return text if news.rule is None else f"{text}, {_repeats(news.rule)}"


def _repeats(rule: Rule) -> str:
    unit = rule.every
    text = f"every {unit}" if rule.interval == 1 else f"every {rule.interval} {unit}s"
    if rule.weekdays:
        text += " on " + _listed([_DAYS[each] for each in rule.weekdays])
    if rule.until is not None:
        text += f" until {rule.until.day} {_MONTHS[rule.until.month - 1]} {rule.until.year}"
    if rule.count is not None:
        text += f", {rule.count} times"
    return text


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _day(moment: datetime) -> str:
    return f"{_DAYS[moment.weekday()]}, {moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def _remaining(news: News) -> str:
    minutes = max(1, round(timedelta(milliseconds=news.start - news.now) / timedelta(minutes=1)))
    return "In a minute" if minutes == 1 else f"In {minutes} minutes"


def _spaced(pin: str) -> str:
    return pin if len(pin) < 6 else f"{pin[: len(pin) // 2]} {pin[len(pin) // 2 :]}"
