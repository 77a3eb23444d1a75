"""The queue of a room, what was answered, and how it works."""

from __future__ import annotations

from sqlalchemy import BigInteger, Float, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from salon.core.storage import Base


class FloorSettings(Base):
    __tablename__ = "floor_settings"

    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id"), primary_key=True)
    min_words: Mapped[int]
    max_words: Mapped[int]
    open_items: Mapped[int]
    cooldown_seconds: Mapped[int]
    order: Mapped[str] = mapped_column("item_order", String(16))
    upvotes: Mapped[bool]
    approval: Mapped[bool]
    text: Mapped[bool]
    voice: Mapped[bool]


class FloorCounter(Base):
    """The last number that was given to an item, and to a move or a pinning."""

    __tablename__ = "floor_counters"

    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id"), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
    turn: Mapped[int] = mapped_column(BigInteger)


_UNTOLD = "state = 'open' AND votes <> told_votes"


class FloorItem(Base):
    __tablename__ = "floor_items"
    __table_args__ = (
        UniqueConstraint("room_id", "number"),
        Index("floor_items_state", "room_id", "state", "settled_at"),
        Index("floor_items_member", "member_id", "state"),
        # Nearly empty, and looked at whenever somebody votes.
        Index("floor_items_untold", "room_id", sqlite_where=text(_UNTOLD), postgresql_where=text(_UNTOLD)),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id"))
    number: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(8))
    body: Mapped[str] = mapped_column(String(2000))
    member_id: Mapped[str] = mapped_column(ForeignKey("members.id"))
    name: Mapped[str] = mapped_column(String(400))
    asked_at: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(16))
    """``waiting`` for approval, ``open`` in the queue, or ``answered``. Others are deleted."""
    settled_at: Mapped[int | None] = mapped_column(BigInteger)
    """When it was answered."""
    votes: Mapped[int]
    told_votes: Mapped[int]
    """As many as the room was told of: votes are told together, at most ten times a second."""
    place: Mapped[float] = mapped_column(Float(53))
    taken_at: Mapped[int | None] = mapped_column(BigInteger)
    """Since when an open item is being answered."""
    pinned: Mapped[int | None] = mapped_column(BigInteger)
    moved: Mapped[int | None] = mapped_column(BigInteger)
    after: Mapped[str | None] = mapped_column("after_id", String(32))


class FloorVote(Base):
    """One person's vote for one item."""

    __tablename__ = "floor_votes"

    item_id: Mapped[str] = mapped_column(ForeignKey("floor_items.id"), primary_key=True)
    member_id: Mapped[str] = mapped_column(ForeignKey("members.id"), primary_key=True, index=True)


class FloorAsked(Base):
    """When somebody last asked: for the cool-down, which outlives the item."""

    __tablename__ = "floor_asked"

    member_id: Mapped[str] = mapped_column(ForeignKey("members.id"), primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger)
