"""The ground that every feature stands on: identities, their sessions, rooms, and who is in them as what."""

from __future__ import annotations

from typing import cast

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from salon.core.contract import STANDING, Need, Role
from salon.core.storage import Base


class Identity(Base):
    """Somebody, across rooms: a guest's browser, a bot, later an account."""

    __tablename__ = "identities"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    created_at: Mapped[int] = mapped_column(BigInteger)


class Session(Base):
    """A session on the server. Only the SHA-256 of its token is stored."""

    __tablename__ = "sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    identity_id: Mapped[str] = mapped_column(ForeignKey("identities.id"), index=True)
    bearer: Mapped[bool]
    created_at: Mapped[int] = mapped_column(BigInteger)
    used_at: Mapped[int] = mapped_column(BigInteger)


class Room(Base):
    __tablename__ = "rooms"
    __table_args__ = (Index("rooms_open", "closed_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    link: Mapped[str] = mapped_column(String(32), unique=True)
    pin: Mapped[str | None] = mapped_column(String(16), unique=True)
    """Unique among open rooms: it is null when the room is closed."""
    creator_id: Mapped[str] = mapped_column(ForeignKey("identities.id"), index=True)
    """Becomes the owner on joining, when the room has had none yet."""
    preset: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(400))
    theme: Mapped[str] = mapped_column(String(16))
    activities: Mapped[list[str]] = mapped_column(JSON)
    capacity: Mapped[int | None]
    newcomers: Mapped[str] = mapped_column(String(16))
    admission: Mapped[str] = mapped_column(String(16), default="open", server_default="open")
    """Who may come in: ``open``, ``knock``, ``invited``, ``groups`` or ``locked`` (see :mod:`salon.core.door`)."""
    groups: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    """Of accounts, who may come in when it goes by groups."""
    password_hash: Mapped[str | None] = mapped_column(String(200))
    """Argon2id; null for a room without a password."""
    password_version: Mapped[int] = mapped_column(default=0, server_default="0")
    """Counts the passwords that it has had: who knew an earlier one is asked again."""
    idle_minutes: Mapped[int]
    created_at: Mapped[int] = mapped_column(BigInteger)
    active_at: Mapped[int] = mapped_column(BigInteger)
    """When somebody was last known to be in it."""
    kept_until: Mapped[int | None] = mapped_column(BigInteger)
    """The idle time begins no earlier: the room was planned for a time until then."""
    closed_at: Mapped[int | None] = mapped_column(BigInteger)


class Pass(Base):
    """What somebody has achieved at a room's door: a host has let them in, or they knew the password."""

    __tablename__ = "room_passes"
    __table_args__ = (Index("room_passes_holder", "room_id", "identity_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id"))
    identity_id: Mapped[str] = mapped_column(ForeignKey("identities.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    """``accepted`` or ``password``."""
    version: Mapped[int]
    """Of the password; 0 for those who were let in."""
    at: Mapped[int] = mapped_column(BigInteger)


class Member(Base):
    """One identity in one room."""

    __tablename__ = "members"
    __table_args__ = (
        UniqueConstraint("room_id", "identity_id"),
        UniqueConstraint("room_id", "name_key"),
        Index("members_here", "room_id", "present"),
        Index("members_lost", "lost_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id"))
    identity_id: Mapped[str] = mapped_column(ForeignKey("identities.id"), index=True)
    name: Mapped[str] = mapped_column(String(400))
    name_key: Mapped[str] = mapped_column(String(1000))
    """The name as compared: no two in a room are alike."""
    about: Mapped[str] = mapped_column(String(1000))
    picture: Mapped[str | None] = mapped_column(String(32))
    """The account's, as it was when they came or last changed it."""
    role: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16))
    """``in``, ``left`` (of their own will), ``removed`` or ``banned``."""
    status_at: Mapped[int] = mapped_column(BigInteger)
    muted: Mapped[bool]
    seated: Mapped[bool]
    """Takes one of the places that a room's capacity allows: connected, or lost for less than the grace."""
    present: Mapped[bool]
    """The room was told that they are here. What many do at once is told together, a moment after ``seated``."""
    devices: Mapped[list[str]] = mapped_column(JSON)
    """The kinds of connected devices, as last told to the room."""
    since: Mapped[int] = mapped_column(BigInteger)
    lost_at: Mapped[int | None] = mapped_column(BigInteger)
    """When the last connection ended, while that may still be a short loss."""

    @property
    def standing(self) -> Need:
        return STANDING[cast("Role", self.role)]

    @property
    def is_host(self) -> bool:
        return self.standing >= Need.COHOST


class FormerName(Base):
    """What a room was called when this member was in it last: it has another name since, which they may not know."""

    __tablename__ = "former_names"

    member_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id"), index=True)
    name: Mapped[str] = mapped_column(String(400))
    at: Mapped[int] = mapped_column(BigInteger)
    """When it was renamed. Who has come in since knows the name of now."""
