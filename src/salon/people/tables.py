"""What people need beyond the members of a room."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from salon.core.storage import Base


class Knock(Base):
    """Somebody asks to come in. Its id is known to that person and to the hosts; both must also be who they are."""

    __tablename__ = "knocks"
    __table_args__ = (Index("knocks_room", "room_id", "state"), Index("knocks_state", "state", "created_at"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    room_id: Mapped[str | None] = mapped_column(ForeignKey("rooms.id"))
    """Null when the PIN was wrong: nobody will answer, but the asking person cannot tell."""
    identity_id: Mapped[str] = mapped_column(ForeignKey("identities.id"))
    name: Mapped[str] = mapped_column(String(400))
    about: Mapped[str] = mapped_column(String(1000))
    via: Mapped[str] = mapped_column(String(8), default="pin", server_default="pin")
    """``pin``: a PIN was tried while too many wrong ones were; ``link``: at the room's own door."""
    state: Mapped[str] = mapped_column(String(16))
    """``new`` (not asked yet), ``waiting``, ``away`` (has closed the page, and may come back), ``accepted``,
    ``declined`` or ``unanswered``."""
    created_at: Mapped[int] = mapped_column(BigInteger)
    asked_at: Mapped[int] = mapped_column(BigInteger)
    settled_at: Mapped[int | None] = mapped_column(BigInteger)
    """When a host answered, or nobody did."""
