"""Files, what a room has decided about them, and how much they take.

A row is there before its first byte: it reserves its size, or what it may grow to for now. ``done_at`` says when the
bytes were all there. Every change of what is taken goes through :mod:`salon.files.quota`, in the transaction that
adds, changes or deletes the row.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from salon.core.storage import Base


class File(Base):
    __tablename__ = "files"
    __table_args__ = (Index("files_due", "expires_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id"), index=True)
    member_id: Mapped[str] = mapped_column(ForeignKey("members.id"), index=True)
    """Who put it there."""
    person: Mapped[str] = mapped_column(String(400))
    """Their name then."""
    name: Mapped[str] = mapped_column(String(255))
    folder: Mapped[str] = mapped_column(String(1000))
    size: Mapped[int] = mapped_column(BigInteger)
    type: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(8))
    blob: Mapped[str | None] = mapped_column(String(32), unique=True)
    """The random name of its bytes where they are kept; null for a text."""
    text: Mapped[str | None] = mapped_column(Text)
    sha256: Mapped[str | None] = mapped_column(String(64))
    """What the content has; while it comes, what the sender says that it will have."""
    chat: Mapped[bool]
    to_id: Mapped[str | None] = mapped_column(ForeignKey("members.id"), index=True)
    device: Mapped[str | None] = mapped_column(String(32))
    accepted: Mapped[bool | None]
    thumbnail: Mapped[bool]
    width: Mapped[int | None]
    """Of an image, upright, in pixels; null for everything else."""
    height: Mapped[int | None]
    created_at: Mapped[int] = mapped_column(BigInteger)
    done_at: Mapped[int | None] = mapped_column(BigInteger)
    expires_at: Mapped[int | None] = mapped_column(BigInteger)
    """When it is deleted; while it comes, when it is given up."""
    synced: Mapped[int] = mapped_column(BigInteger)
    """While it comes: so many bytes would survive a power cut."""
    grows: Mapped[str | None] = mapped_column(String(8))
    """While it comes, of one that was begun without a length (:mod:`salon.files.growing`); null for any other."""
    boot: Mapped[str] = mapped_column(String(64))
    """While it comes: in which run of the machine. Behind ``synced``, bytes are there no longer than that lasts."""


class FileRoom(Base):
    """What a room has decided, and what its files take. A room without a row is as usual for its preset."""

    __tablename__ = "file_rooms"

    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id"), primary_key=True)
    uploads: Mapped[str | None] = mapped_column(String(16))
    expiry_minutes: Mapped[int | None]
    taken: Mapped[int] = mapped_column(BigInteger)
    """Bytes of all its files, also of those that are still coming."""


class FileTotal(Base):
    """One row: what all rooms' files take together."""

    __tablename__ = "file_total"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    taken: Mapped[int] = mapped_column(BigInteger)


class GoneBlob(Base):
    """Bytes that nothing refers to any more. The row goes when they have gone."""

    __tablename__ = "gone_blobs"

    blob: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger)
