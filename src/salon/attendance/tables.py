"""Who was in a room from when to when."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from salon.core.storage import Base


class Stay(Base):
    """One stay of one member. A short loss of the connection does not end it, several devices are one stay."""

    __tablename__ = "attendance_stays"
    __table_args__ = (
        Index("attendance_room", "room_id", "joined_at"),
        Index("attendance_member", "member_id", "left_at"),
        Index("attendance_here", "left_at", "lost_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id"))
    member_id: Mapped[str] = mapped_column(ForeignKey("members.id"))
    """Whose identity it was the member knows: nothing here ties what somebody did in one room to another."""
    name: Mapped[str] = mapped_column(String(400))
    """The last one in this stay."""
    devices: Mapped[list[str]] = mapped_column(JSON)
    """The kinds of device that were used in it."""
    joined_at: Mapped[int] = mapped_column(BigInteger)
    last_seen_at: Mapped[int] = mapped_column(BigInteger)
    """Written by a heartbeat: what counts when the server dies."""
    lost_at: Mapped[int | None] = mapped_column(BigInteger)
    """When the last connection broke, while they may still come back; the stay will have ended then if they do not."""
    left_at: Mapped[int | None] = mapped_column(BigInteger)
