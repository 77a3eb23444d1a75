"""Conversations and their messages. A room has one; two people who write to each other directly have one."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from salon.core.storage import Base


class ChatSettings(Base):
    """A room without a row has the defaults."""

    __tablename__ = "chat_settings"

    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id"), primary_key=True)
    slow_seconds: Mapped[int] = mapped_column(default=0)
    participants_only: Mapped[bool] = mapped_column(default=False)
    direct: Mapped[bool] = mapped_column(default=True)


class Conversation(Base):
    __tablename__ = "conversations"
    __table_args__ = (Index("conversations_low", "low"), Index("conversations_high", "high"))

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    """The room's id, or both people's."""
    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id"), index=True)
    low: Mapped[str | None] = mapped_column(ForeignKey("members.id"))
    high: Mapped[str | None] = mapped_column(ForeignKey("members.id"))
    """The two people, in the order of their ids; null for the room's conversation."""
    last_n: Mapped[int] = mapped_column(BigInteger)
    cleared_n: Mapped[int] = mapped_column(BigInteger)

    @property
    def people(self) -> tuple[str, ...]:
        """Whose it is; empty for everyone's."""
        return (self.low, self.high) if self.low is not None and self.high is not None else ()

    def peer_of(self, person: str) -> str | None:
        """The other one of a direct conversation."""
        return next((each for each in self.people if each != person), None)


class Message(Base):
    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "n"),
        Index("messages_author", "author_id", "at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id"))
    n: Mapped[int] = mapped_column(BigInteger)
    key: Mapped[str] = mapped_column(String(64))
    author_id: Mapped[str] = mapped_column(ForeignKey("members.id"))
    name: Mapped[str] = mapped_column(String(400))
    body: Mapped[str | None] = mapped_column(Text)
    folded: Mapped[str | None] = mapped_column(Text)
    """The text as it is compared in searches."""
    at: Mapped[int] = mapped_column(BigInteger)
    edited_at: Mapped[int | None] = mapped_column(BigInteger)
    reply_to: Mapped[str | None] = mapped_column(String(32), index=True)
    mentions: Mapped[list[str]] = mapped_column(JSON)
    pinned: Mapped[bool]


class Reaction(Base):
    __tablename__ = "reactions"
    __table_args__ = (UniqueConstraint("message_id", "emoji", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    """Grows with time: the order of first reactions."""
    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"))
    member_id: Mapped[str] = mapped_column(ForeignKey("members.id"), index=True)
    emoji: Mapped[str] = mapped_column(String(64))


class ReadMark(Base):
    """How far somebody has read a conversation."""

    __tablename__ = "read_marks"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    member_id: Mapped[str] = mapped_column(ForeignKey("members.id"), primary_key=True)
    n: Mapped[int] = mapped_column(BigInteger)


class Turn(Base):
    """When somebody last said something in the room's chat that is no message: for slow mode."""

    __tablename__ = "chat_turns"

    member_id: Mapped[str] = mapped_column(ForeignKey("members.id"), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id"), index=True)
    at: Mapped[int] = mapped_column(BigInteger)
