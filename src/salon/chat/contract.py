"""What the chat says on the wire. ``peer`` is null for the room's chat, or the other person of a direct one."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from salon.core.contract import (
    LARGEST_NUMBER,
    ClientSignal,
    Command,
    Event,
    Id,
    Millis,
    Model,
    Need,
    Query,
    ServerSignal,
)

MESSAGE_LENGTH = 4_000
"""Code points in a message."""

Body = Annotated[str, Field(max_length=60_000)]
"""Measured by ``rules.message_body``: 1 to 4,000 code points after trimming."""
N = Annotated[int, Field(ge=0, le=LARGEST_NUMBER)]
"""The place of a message in its conversation, from 1 without gaps."""


class Quote(Model):
    """The message that a reply answers."""

    message: Id
    name: str
    excerpt: str | None
    """The beginning of its text, on one line; null when it was deleted."""


class Reaction(Model):
    emoji: str
    count: int
    mine: bool


class Message(Model):
    id: Id
    n: N
    key: Id
    """The id of the command that sent it, by which the sender's page knows its own."""
    author: Id
    name: str
    """The author's name when it was sent."""
    body: str | None
    """Null when it was deleted."""
    at: Millis
    edited_at: Millis | None
    reply_to: Quote | None
    mentions: list[Id]
    reactions: list[Reaction]
    """In the order in which they were first given."""
    pinned: bool


class Conversation(Model):
    """The room's chat, or a direct one, as one person sees it."""

    peer: Id | None
    peer_name: str
    """Empty for the room's chat."""
    last: N
    """The number of the newest message."""
    cleared: N
    """Messages up to this number were cleared away."""
    read: N
    """How far this person has read."""
    messages: list[Message]
    """The newest ones, oldest first; older ones by ``chat.history``."""


class Settings(Model):
    slow_seconds: int
    """Seconds between two messages of one person; 0 is off. Hosts are exempt."""
    participants_only: bool
    """The audience may read only."""
    direct: bool
    """People may write to each other directly."""


class ChatSnapshot(Model):
    settings: Settings
    room: Conversation
    direct: list[Conversation]
    """The newest conversation first."""
    pins: list[Message]
    """Pinned messages, in their order in the chat."""


class Sent(Model):
    message: Id
    n: N


class MessagePage(Model):
    messages: list[Message]
    """Oldest first."""


class FoundMessage(Model):
    peer: Id | None
    message: Message


class Found(Model):
    found: list[FoundMessage]
    """Newest first."""
    more: bool


class Reactors(Model):
    names: list[str]


class Send(Command, name="chat.send", needs=Need.AUDIENCE, answer=Sent):
    body: Body
    reply_to: Id | None = None
    peer: Id | None = None


class Edit(Command, name="chat.edit", needs=Need.AUDIENCE):
    """Change one's own message."""

    message: Id
    body: Body


class Delete(Command, name="chat.delete", needs=Need.AUDIENCE):
    """Delete one's own message; hosts any of the room's chat."""

    message: Id


class React(Command, name="chat.react", needs=Need.AUDIENCE):
    message: Id
    emoji: Annotated[str, Field(max_length=64)]
    on: bool


class Pin(Command, name="chat.pin", needs=Need.COHOST):
    """Pin a message of the room's chat for everyone, or take it off."""

    message: Id
    on: bool


class Read(Command, name="chat.read", needs=Need.AUDIENCE):
    """Say how far one has read, so that all own devices know. It never goes back."""

    upto: N
    peer: Id | None = None


class ChangeSettings(Command, name="chat.settings", needs=Need.COHOST):
    """Fields that are left out stay as they are."""

    slow_seconds: Annotated[int, Field(ge=0, le=3600)] | None = None
    participants_only: bool | None = None
    direct: bool | None = None


class Clear(Command, name="chat.clear", needs=Need.COHOST):
    """Delete every message of the room's chat so far."""


class History(Query, name="chat.history", needs=Need.AUDIENCE, answer=MessagePage):
    """Messages older than ``before``, or newer than ``after`` when that is given; cleared ones are left out."""

    before: N | None = None
    after: N | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    peer: Id | None = None


class Search(Query, name="chat.search", needs=Need.AUDIENCE, answer=Found):
    """Messages that hold the text, in the room's chat and in one's own direct ones."""

    text: Annotated[str, Field(min_length=1, max_length=200)]
    before: Millis | None = None
    """Only messages sent earlier, for the next page."""


class WhoReacted(Query, name="chat.reactors", needs=Need.AUDIENCE, answer=Reactors):
    message: Id
    emoji: Annotated[str, Field(max_length=64)]


class Typing(ClientSignal, name="chat.typing", needs=Need.AUDIENCE):
    """Tell that one is typing; at most every second or two while it lasts."""

    peer: Id | None = None


class TypingNow(ServerSignal, name="chat.typing"):
    """Who began or went on typing just now; take it to last four seconds."""

    people: list[Id]
    peer: Id | None = None


class MessageSent(Event, name="chat.sent"):
    peer: Id | None
    peer_name: str
    message: Message


class MessageEdited(Event, name="chat.edited"):
    peer: Id | None
    message: Id
    body: str
    excerpt: str
    """What replies to it quote now."""
    mentions: list[Id]
    edited_at: Millis


class MessageDeleted(Event, name="chat.deleted"):
    """The text is gone, also from replies that quote it, and it is no longer pinned."""

    peer: Id | None
    messages: list[Id]


class Reacted(Event, name="chat.reacted"):
    peer: Id | None
    message: Id
    emoji: str
    count: int
    person: Id
    on: bool


class MessagePinned(Event, name="chat.pinned"):
    message: Message
    on: bool


class ReadUpTo(Event, name="chat.read"):
    """Own stream only."""

    peer: Id | None
    upto: N


class SettingsChanged(Event, name="chat.settings"):
    settings: Settings


class Cleared(Event, name="chat.cleared"):
    upto: N
