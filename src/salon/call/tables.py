"""Who is in a call, what is held of whom, and how calls are in a room."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from salon.core.storage import Base


class CallSettings(Base):
    __tablename__ = "call_settings"

    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id"), primary_key=True)
    share: Mapped[str] = mapped_column(String(16))
    record: Mapped[str] = mapped_column(String(16))
    join_muted: Mapped[bool]
    pictures: Mapped[str] = mapped_column(String(16))
    most: Mapped[int]


class CallSeat(Base):
    """Somebody's place in the call. It is kept for a while when its page is lost, shown to nobody."""

    __tablename__ = "call_seats"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id"), index=True)
    member_id: Mapped[str] = mapped_column(ForeignKey("members.id"), unique=True)
    """Nobody has two."""
    state: Mapped[str] = mapped_column(String(8))
    """``in``, ``lost`` (shown, and waited for) or ``kept`` (not shown)."""
    sid: Mapped[str | None] = mapped_column(String(64))
    """The connection that has it; None while it is lost."""
    line: Mapped[str] = mapped_column(String(64))
    """A hash of what the page said, by which it comes back."""
    epoch: Mapped[int]
    joined_at: Mapped[int] = mapped_column(BigInteger)
    microphone: Mapped[bool]
    camera: Mapped[bool]
    screen: Mapped[bool]
    screen_sound: Mapped[bool]
    held: Mapped[list[str]] = mapped_column(JSON)
    """What they may not send, as it was told last: by holds, role, and the room's settings together."""
    hand_at: Mapped[int | None] = mapped_column(BigInteger)
    due_at: Mapped[int | None] = mapped_column(BigInteger, index=True)
    """When it is waited for no longer, or kept no longer: it is looked for every second."""


class CallRecording(Base):
    """Somebody records, in their own page."""

    __tablename__ = "call_recordings"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id"), index=True)
    member_id: Mapped[str] = mapped_column(ForeignKey("members.id"), unique=True)
    """Nobody has two."""
    seat_id: Mapped[str] = mapped_column(String(32))
    epoch: Mapped[int]
    """Of the seat: in another one the page was loaded again, and records no more."""
    file: Mapped[str] = mapped_column(String(64))
    since: Mapped[int] = mapped_column(BigInteger)
    due_at: Mapped[int | None] = mapped_column(BigInteger, index=True)
    """Its place is lost: so long is it waited for."""


class CallHold(Base):
    """What hosts hold of a member, in the call or not."""

    __tablename__ = "call_holds"

    member_id: Mapped[str] = mapped_column(ForeignKey("members.id"), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id"), index=True)
    what: Mapped[list[str]] = mapped_column(JSON)
