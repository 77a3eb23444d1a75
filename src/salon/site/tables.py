"""What administrators say to everyone, and what they have set while the server runs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from salon.core.storage import Base


class Announcement(Base):
    """A word to everyone on this server."""

    __tablename__ = "site_announcements"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    text: Mapped[str] = mapped_column(String(2000))
    level: Mapped[str] = mapped_column(String(16))
    """``info`` or ``warn``."""
    created_at: Mapped[int] = mapped_column(BigInteger)
    until: Mapped[int | None] = mapped_column(BigInteger)
    """Nobody sees it from then on; null is until an administrator takes it back."""


class AnnouncementRead(Base):
    """Somebody has seen an announcement, and put it away."""

    __tablename__ = "site_announcement_readers"

    id: Mapped[int] = mapped_column(primary_key=True)
    """No key of the two others: when a guest signs in, both may have read the same."""
    announcement_id: Mapped[str] = mapped_column(ForeignKey("site_announcements.id"), index=True)
    identity_id: Mapped[str] = mapped_column(ForeignKey("identities.id"), index=True)


class Chosen(Base):
    """A setting that an administrator has changed while the server runs; it wins over the configured one."""

    __tablename__ = "site_settings"

    name: Mapped[str] = mapped_column(String(48), primary_key=True)
    value: Mapped[dict[str, Any]] = mapped_column(JSON)
    """``{"is": …}``: a bare number would not come back from SQLite as JSON."""


class Revision(Base):
    """One row, counted up with every change here, so that other processes of the server hear of it."""

    __tablename__ = "site_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
