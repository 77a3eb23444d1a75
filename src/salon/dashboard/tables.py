"""What somebody does not want to see on their list of rooms any more."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from salon.core.storage import Base


class ForgottenVisit(Base):
    """A visit taken off the list. A later visit to the same room is on it again."""

    __tablename__ = "dashboard_forgotten"
    __table_args__ = (Index("dashboard_forgotten_whose", "identity_id", "room_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    identity_id: Mapped[str] = mapped_column(ForeignKey("identities.id"))
    room_id: Mapped[str] = mapped_column(String(32), ForeignKey("rooms.id"))
    at: Mapped[int] = mapped_column(BigInteger)
