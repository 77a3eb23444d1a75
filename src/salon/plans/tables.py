"""Planned rooms: the plans, whom they are for, what is due, and who was told what."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from salon.core.keys import ServerKey as ServerKey
from salon.core.storage import Base


class Plan(Base):
    __tablename__ = "plans"
    __table_args__ = (Index("plans_planner", "planner_id", "last_end"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id"), unique=True)
    planner_id: Mapped[str] = mapped_column(ForeignKey("identities.id"))
    uid: Mapped[str] = mapped_column(String(300))
    """By which calendars know it; it stays the same when the server's address changes."""
    sequence: Mapped[int]
    """Of calendars: grows with each change that they are told."""
    title: Mapped[str] = mapped_column(String(400))
    description: Mapped[str] = mapped_column(Text)
    start: Mapped[str] = mapped_column(String(16))
    """``YYYY-MM-DDTHH:MM`` on a clock in the zone: the truth, from which instants are computed."""
    zone: Mapped[str] = mapped_column(String(100))
    minutes: Mapped[int]
    repeat: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """``rules.Rule`` without its defaults; null for a plan that happens once."""
    preset: Mapped[str] = mapped_column(String(16))
    activities: Mapped[list[str]] = mapped_column(JSON)
    admission: Mapped[str] = mapped_column(String(16))
    groups: Mapped[list[str]] = mapped_column(JSON)
    theme: Mapped[str] = mapped_column(String(16))
    next_at: Mapped[int] = mapped_column(BigInteger)
    """The beginning of the occurrence that is going on, or else the next; for the order of lists."""
    last_end: Mapped[int] = mapped_column(BigInteger, index=True)
    """The end of the last occurrence; of what was cancelled, when that was."""
    armed_until: Mapped[int] = mapped_column(BigInteger)
    """Reminders of occurrences that begin until then have been put among the jobs."""
    cancelled_at: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[int] = mapped_column(BigInteger)
    changed_at: Mapped[int] = mapped_column(BigInteger)


class Invitee(Base):
    """An address that a plan is for. An account is meant by it when it has proven the address."""

    __tablename__ = "plan_invitees"
    __table_args__ = (UniqueConstraint("plan_id", "email_key"), Index("plan_invitees_email", "email_key"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id"))
    email: Mapped[str] = mapped_column(String(254))
    """As it was written."""
    email_key: Mapped[str] = mapped_column(String(254))
    """As it is compared."""
    answer: Mapped[str] = mapped_column(String(16))
    answered_at: Mapped[int | None] = mapped_column(BigInteger)


class Job(Base):
    """Something to be done once, at a time. Whoever does it deletes the row in the same transaction."""

    __tablename__ = "plan_jobs"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[str | None] = mapped_column(String(32), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    """``created``, ``changed``, ``cancelled``, ``uninvited``, ``reminder``, ``turn``; ``push`` for one browser."""
    due_at: Mapped[int] = mapped_column(BigInteger, index=True)
    occurrence: Mapped[int | None] = mapped_column(BigInteger)
    """The beginning of the one that it is about."""
    minutes: Mapped[int | None]
    """Of a reminder: how long before."""
    after: Mapped[str] = mapped_column(String(32))
    """Of what goes to many: the last invitee who was told. They are told in groups, each in one transaction."""
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    attempts: Mapped[int]
    claimed_until: Mapped[int] = mapped_column(BigInteger)
    """Somebody is at it: a push is under way outside of any transaction, and no other process may begin it."""


class MailCount(Base):
    """How many mails somebody's plans have caused on one day (UTC)."""

    __tablename__ = "plan_mail_counts"

    identity_id: Mapped[str] = mapped_column(ForeignKey("identities.id"), primary_key=True)
    day: Mapped[int] = mapped_column(primary_key=True)
    mails: Mapped[int]


class Silenced(Base):
    """An address whose person wants no mail about planned rooms. Of the address only the SHA-256 is kept."""

    __tablename__ = "plan_silenced"

    email_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger)


class Notice(Base):
    """Something that a page tells somebody."""

    __tablename__ = "notifications"
    __table_args__ = (Index("notifications_whose", "identity_id", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    identity_id: Mapped[str] = mapped_column(ForeignKey("identities.id"))
    kind: Mapped[str] = mapped_column(String(32))
    plan_id: Mapped[str | None] = mapped_column(String(32), index=True)
    parts: Mapped[dict[str, Any]] = mapped_column(JSON)
    """``title``, ``who``, ``start``, ``zone``, ``minutes``, ``link``."""
    created_at: Mapped[int] = mapped_column(BigInteger, index=True)
    read_at: Mapped[int | None] = mapped_column(BigInteger)


class Subscription(Base):
    """A browser that wants to be told also while no page is open."""

    __tablename__ = "push_subscriptions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    identity_id: Mapped[str] = mapped_column(ForeignKey("identities.id"), index=True)
    session_hash: Mapped[str] = mapped_column(String(64))
    """It ends with the session: a browser that was signed out is told nothing more."""
    endpoint: Mapped[str] = mapped_column(String(1000))
    endpoint_hash: Mapped[str] = mapped_column(String(64), unique=True)
    p256dh: Mapped[str] = mapped_column(String(100))
    auth: Mapped[str] = mapped_column(String(32))
    browser: Mapped[str] = mapped_column(String(60), default="A browser", server_default="A browser")
    """What its person knows it by."""
    created_at: Mapped[int] = mapped_column(BigInteger)


class StoppedBrowser(Base):
    """Taken off the list elsewhere: it is not switched on again by itself, only by a press."""

    __tablename__ = "push_stopped"

    endpoint_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    identity_id: Mapped[str] = mapped_column(ForeignKey("identities.id"), index=True)
    at: Mapped[int] = mapped_column(BigInteger)
