"""The shapes of planned rooms over HTTP. Instants are milliseconds UTC; ``start`` is a time on a clock in ``zone``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from salon.core.contract import Id, Millis, Model
from salon.rooms.contract import Admission, Preset, Theme

Text = Annotated[str, Field(max_length=10_000)]
"""Measured by ``rules``: a title has at most 80 characters, a description 2,000."""
LocalTime = Annotated[str, Field(max_length=32)]
"""``YYYY-MM-DDTHH:MM``, as a clock in the plan's zone shows it."""
LocalDate = Annotated[str, Field(max_length=32)]
"""``YYYY-MM-DD``."""
Zone = Annotated[str, Field(max_length=100)]
"""An IANA time zone, such as ``Europe/Berlin``."""
Whole = Annotated[int, Field(ge=-(2**31), lt=2**31)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Answer = Literal["accepted", "declined", "tentative"]
ShownAnswer = Literal["pending", "accepted", "declined", "tentative"]
State = Literal["upcoming", "soon", "live", "over", "cancelled"]
"""``soon`` from 15 minutes before a beginning; a repeating plan is ``upcoming`` again after each end but the last."""
Activities = Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=50)]
Groups = Annotated[list[Annotated[str, Field(min_length=1, max_length=64)]], Field(max_length=50)]
Addresses = Annotated[list[Annotated[str, Field(max_length=400)]], Field(max_length=20_000)]


class Repeat(Model):
    """With neither ``until`` nor ``count`` it goes on for as long as the server plans ahead (five years)."""

    every: Literal["day", "week"]
    interval: Whole = 1
    """Every so many days or weeks."""
    weekdays: Annotated[list[Weekday], Field(max_length=7)] = Field(default=[])
    """Of weekly plans only; empty: the weekday of ``start``. A ``start`` on another day moves to the next of these."""
    until: LocalDate | None = None
    """The last day on which it may begin."""
    count: Whole | None = None
    """So many times in all."""


class NewPlan(Model):
    title: Text
    description: Text = ""
    start: LocalTime
    zone: Zone
    minutes: Whole = 60
    """How long it takes: 1 to 1440."""
    repeat: Repeat | None = None
    invitees: Addresses = Field(default=[])
    """Addresses of e-mail, at most 500. The planner's own is left out."""
    preset: Preset = "meeting"
    activities: Activities | None = None
    """What is switched on; left out: what the preset has."""
    admission: Admission | None = None
    """Who may come in; left out: what the preset has."""
    groups: Groups = Field(default=[])
    """Whom ``groups`` lets in."""
    theme: Theme = "linen"


class PlanChanges(Model):
    """What is left out stays as it is. The whole series changes."""

    title: Text | None = None
    description: Text | None = None
    start: LocalTime | None = None
    zone: Zone | None = None
    minutes: Whole | None = None
    repeat: Repeat | None = None
    """An explicit null: it no longer repeats."""
    invitees: Addresses | None = None
    """The whole list: who is new is invited, who is missing is told that they are not needed."""
    activities: Activities | None = None
    admission: Admission | None = None
    groups: Groups | None = None
    theme: Theme | None = None


class Occurrence(Model):
    start: Millis
    end: Millis


class ShownInvitee(Model):
    email: str
    answer: ShownAnswer
    answered_at: Millis | None


class Answers(Model):
    """How many said what."""

    pending: int
    accepted: int
    declined: int
    tentative: int


class ShownPlan(Model):
    id: Id
    title: str
    description: str
    start: str
    """``YYYY-MM-DDTHH:MM`` of the first occurrence, in ``zone``."""
    zone: str
    minutes: int
    repeat: Repeat | None
    preset: Preset
    activities: list[str]
    admission: Admission
    groups: list[str]
    """For the planner only; empty for others."""
    theme: Theme
    mine: bool
    """Whether one planned it oneself, and may change and cancel it."""
    planner: str
    """The planner's name; empty when their account is gone."""
    state: State
    next: Occurrence | None
    """The one that is going on, or else the next; null when it is over or cancelled."""
    last: Occurrence | None
    """The one that ended last."""
    coming: list[Occurrence]
    """``next`` and those after it, at most five; in lists empty."""
    ends_at: Millis
    """The end of the last occurrence."""
    joinable_from: Millis | None
    """“Join now” is shown from 15 minutes before ``next`` …"""
    joinable_until: Millis | None
    """… until its end."""
    link: str
    """The token of the room's link: ``/r/<link>``."""
    url: str
    pin: str | None
    """Null when the room is closed."""
    answer: ShownAnswer | None
    """One's own; null for the planner."""
    answers: Answers | None
    """For the planner."""
    invitees: list[ShownInvitee] | None
    """For the planner, and not in lists."""
    created_at: Millis
    changed_at: Millis


class PlanList(Model):
    now: Millis
    """The server's clock, for countdowns."""
    total: int
    plans: list[ShownPlan]


class OnePlan(Model):
    now: Millis
    plan: ShownPlan


class Timing(Model):
    """When something would be, as ``NewPlan`` says it."""

    start: LocalTime
    zone: Zone
    minutes: Whole = 60
    repeat: Repeat | None = None


class Preview(Model):
    now: Millis
    coming: list[Occurrence]
    """The one that would be going on, and those after it: at least one, at most five."""


class AnswerGiven(Model):
    answer: Answer


class InvitationToken(Model):
    token: Annotated[str, Field(min_length=1, max_length=200)]
    """What stands behind the ``#`` of the link in the mail."""


class Invitation(Model):
    """A plan as somebody sees it who holds the link in a mail, without an account."""

    title: str
    planner: str
    email: str
    """The address that the mail went to."""
    start: str
    zone: str
    minutes: int
    next: Occurrence | None
    state: State
    answer: ShownAnswer
    silenced: bool
    """This address gets no mail about planned rooms from this server any more."""


class InvitationAnswer(InvitationToken):
    answer: Answer = "declined"
    silence: bool | None = None
    """True: never send mail about planned rooms to this address again; false: take that back."""


class Done(Model):
    ok: bool = True


# Notifications


NotificationKind = Literal["plan.created", "plan.changed", "plan.cancelled", "plan.reminder"]


class Notification(Model):
    id: int
    kind: NotificationKind
    plan: Id | None
    """Null when the plan is no more, or no longer one's own."""
    title: str
    who: str
    """Who planned it."""
    start: Millis | None
    """Of the occurrence that it is about."""
    zone: str
    minutes: int | None
    """Of a reminder: 15 or 5."""
    link: str | None
    """The token of the room's link."""
    created_at: Millis
    read_at: Millis | None


class Notifications(Model):
    stamp: str
    """Another one whenever anything here is another. Ask with ``?than=<stamp>`` and the answer waits for that."""
    unread: int
    notifications: list[Notification]
    """The newest first, at most 50."""


class NotificationsRead(Model):
    ids: Annotated[list[Annotated[int, Field(ge=0, lt=2**31)]], Field(max_length=500)] | None = None
    """Left out: all of them."""


# Push


class PushKey(Model):
    key: str
    """For ``applicationServerKey``: base64url, without padding."""


class SubscriptionKeys(Model):
    p256dh: Annotated[str, Field(min_length=80, max_length=100, pattern=r"^[A-Za-z0-9_-]+=*$")]
    auth: Annotated[str, Field(min_length=16, max_length=32, pattern=r"^[A-Za-z0-9_-]+=*$")]


class NewSubscription(Model):
    """``PushSubscription.toJSON()`` without ``expirationTime``."""

    endpoint: Annotated[str, Field(min_length=1, max_length=1000)]
    keys: SubscriptionKeys
    again: bool = False
    """Told anew by a page that nobody asked to: not to be switched on where it was taken off the list."""


class Subscribed(Model):
    """A browser that is told while no page is open."""

    id: Id
    browser: str
    """What people know it by: ``Firefox on Windows``."""
    current: bool
    """It is the one that asks."""
    created_at: Millis
    """Switched on then."""


class Subscriptions(Model):
    subscriptions: list[Subscribed]
    """The newest first."""


class OldSubscription(Model):
    endpoint: Annotated[str, Field(min_length=1, max_length=1000)]
