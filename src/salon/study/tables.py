"""To-dos, timers and alarms. Each belongs to a room or to an identity, never to both."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Float, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from salon.core.storage import Base


def _owned(table: str) -> CheckConstraint:
    return CheckConstraint("(room_id IS NULL) <> (identity_id IS NULL)", name=f"{table}_owner")


class Owned:
    """What is a room's or somebody's own."""

    room_id: Mapped[str | None] = mapped_column(ForeignKey("rooms.id"), index=True)
    identity_id: Mapped[str | None] = mapped_column(ForeignKey("identities.id"), index=True)


class StudyList(Owned, Base):
    """A list beside the two that are always there, ``room`` and ``mine``, which have no rows."""

    __tablename__ = "study_lists"
    __table_args__ = (_owned("study_lists"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(1200))
    created_at: Mapped[int] = mapped_column(BigInteger)


class StudyTodo(Owned, Base):
    __tablename__ = "study_todos"
    __table_args__ = (_owned("study_todos"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    list: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    place: Mapped[float] = mapped_column(Float(53))
    due: Mapped[str | None] = mapped_column(String(10))
    assignee_id: Mapped[str | None] = mapped_column(ForeignKey("members.id"), index=True)
    by_id: Mapped[str | None] = mapped_column(ForeignKey("members.id"), index=True)
    done_at: Mapped[int | None] = mapped_column(BigInteger)
    done_by_id: Mapped[str | None] = mapped_column(ForeignKey("members.id"), index=True)
    created_at: Mapped[int] = mapped_column(BigInteger)


class StudyTimer(Base):
    """A timer that somebody has touched; before, it is as :func:`salon.study.timing.fresh` says."""

    __tablename__ = "study_timers"
    __table_args__ = (_owned("study_timers"), Index("study_timers_due", "ends_at"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    room_id: Mapped[str | None] = mapped_column(ForeignKey("rooms.id"), unique=True)
    identity_id: Mapped[str | None] = mapped_column(ForeignKey("identities.id"), unique=True)
    phase: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(8))
    ends_at: Mapped[int | None] = mapped_column(BigInteger)
    """Of one that runs; null otherwise."""
    remaining_ms: Mapped[int | None]
    length_ms: Mapped[int]
    cycle: Mapped[int]
    focus_ms: Mapped[int]
    short_ms: Mapped[int]
    long_ms: Mapped[int]
    cycles: Mapped[int]
    breaks: Mapped[bool]
    auto_start: Mapped[bool]
    revision: Mapped[int]
    rang_phase: Mapped[str | None] = mapped_column(String(8))
    rang_at: Mapped[int | None] = mapped_column(BigInteger)
    rang_late_ms: Mapped[int | None] = mapped_column(BigInteger)


class StudyAlarm(Owned, Base):
    __tablename__ = "study_alarms"
    __table_args__ = (_owned("study_alarms"), Index("study_alarms_due", "state", "rings_at"))

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    label: Mapped[str] = mapped_column(Text)
    day: Mapped[str] = mapped_column(String(10))
    time: Mapped[str] = mapped_column(String(5))
    zone: Mapped[str] = mapped_column(String(64))
    rings_at: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(8))
    late_ms: Mapped[int] = mapped_column(BigInteger)
    snoozed: Mapped[bool]
    by_id: Mapped[str | None] = mapped_column(ForeignKey("members.id"), index=True)


class StudySettings(Base):
    __tablename__ = "study_settings"

    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id"), primary_key=True)
    control: Mapped[str] = mapped_column(String(16))
    mood: Mapped[str] = mapped_column(String(16))
    announce: Mapped[bool]


class StudyPart(Base):
    """Somebody who has said whether they take part in statistics."""

    __tablename__ = "study_parts"

    identity_id: Mapped[str] = mapped_column(ForeignKey("identities.id"), primary_key=True)
    recording: Mapped[bool]
    board: Mapped[bool]
    zone: Mapped[str] = mapped_column(String(64))


class StudyRecord(Base):
    """A phase of work that has ended, of somebody who takes part."""

    __tablename__ = "study_records"
    __table_args__ = (
        Index("study_records_whose", "identity_id", "ended_at"),
        Index("study_records_where", "room_id", "ended_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    identity_id: Mapped[str] = mapped_column(ForeignKey("identities.id"))
    room_id: Mapped[str | None] = mapped_column(ForeignKey("rooms.id"))
    """Of the room's timer; null when the timer was their own, or the room is closed."""
    shared: Mapped[bool]
    """Whether it was a room's timer."""
    ended_at: Mapped[int] = mapped_column(BigInteger)
    focus_ms: Mapped[int]
