"""Requests to speak, calls, and the screen that auto mode calls to."""

from __future__ import annotations

from sqlalchemy import BigInteger, Float, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from salon.core.storage import Base


class VoiceSettings(Base):
    __tablename__ = "voice_settings"

    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id"), primary_key=True)
    phones: Mapped[int]
    speak_seconds: Mapped[int]


class VoiceRequest(Base):
    """A request to speak that stands in the queue. It follows what the floor tells."""

    __tablename__ = "voice_requests"

    item_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id"), index=True)
    member_id: Mapped[str] = mapped_column(ForeignKey("members.id"), index=True)
    place: Mapped[float] = mapped_column(Float(53))
    missed: Mapped[bool]


class VoiceCall(Base):
    """A call that rings or goes on. Those that have ended are deleted."""

    __tablename__ = "voice_calls"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id"), index=True)
    item_id: Mapped[str] = mapped_column(String(32), unique=True)
    member_id: Mapped[str] = mapped_column(ForeignKey("members.id"), unique=True)
    """Who is called: nobody is called twice at the same time."""
    state: Mapped[str] = mapped_column(String(16))
    screen_id: Mapped[str] = mapped_column(ForeignKey("members.id"), index=True)
    screen_sid: Mapped[str | None] = mapped_column(String(64))
    """The connection that has this end; None while it is lost."""
    screen_line: Mapped[str | None] = mapped_column(String(64))
    """A hash of what the page said, by which it comes back."""
    phone_sid: Mapped[str | None] = mapped_column(String(64))
    phone_line: Mapped[str | None] = mapped_column(String(64))
    epoch: Mapped[int]
    muted: Mapped[bool]
    auto: Mapped[bool]
    called_at: Mapped[int] = mapped_column(BigInteger)
    live_at: Mapped[int | None] = mapped_column(BigInteger)
    rings_until: Mapped[int | None] = mapped_column(BigInteger)
    speaks_until: Mapped[int | None] = mapped_column(BigInteger)
    back_until: Mapped[int | None] = mapped_column(BigInteger)
    due_at: Mapped[int | None] = mapped_column(BigInteger, index=True)
    """When something happens to it by itself: it is looked for every second."""


class VoiceDesk(Base):
    """Auto mode is on: where it calls to."""

    __tablename__ = "voice_desks"

    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id"), primary_key=True)
    member_id: Mapped[str] = mapped_column(ForeignKey("members.id"), index=True)
    sid: Mapped[str | None] = mapped_column(String(64))
    line: Mapped[str] = mapped_column(String(64))
