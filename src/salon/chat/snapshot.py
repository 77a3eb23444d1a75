"""The chat as one person sees it: the newest messages of each conversation, pins and settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from pydantic import TypeAdapter
from sqlalchemy import bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.chat import contract
from salon.chat.access import settings_of
from salon.chat.messages import messages_of
from salon.chat.moderation import settings_on_wire
from salon.chat.tables import Conversation, Message, Reaction, ReadMark
from salon.core.feature import View
from salon.core.tables import Member

NEWEST = 50
"""Messages of each conversation in a snapshot."""

_MESSAGES = TypeAdapter(list[contract.Message])


@dataclass(frozen=True)
class _Common:
    """What is alike for everybody; ``mine`` is false in all reactions."""

    settings: bytes
    pins: bytes
    last: int
    cleared: int
    newest: list[contract.Message]
    newest_json: bytes


@dataclass(frozen=True)
class _Own:
    """What differs, for everybody of a glance: by member's id."""

    read: dict[str, int]
    reactions: dict[str, set[tuple[str, str]]]
    """Message and emoji."""
    direct: dict[str, list[Conversation]]


# Put together, and known to SQLAlchemy's cache, once: whoever comes in costs some of these.
_PEOPLE: Any = bindparam("people", expanding=True)
_MARKS = select(ReadMark.member_id, ReadMark.n).where(
    ReadMark.conversation_id == bindparam("room"), ReadMark.member_id.in_(_PEOPLE)
)
_DIRECT = select(Conversation).where(
    Conversation.room_id == bindparam("room"), or_(Conversation.low.in_(_PEOPLE), Conversation.high.in_(_PEOPLE))
)
_PINNED = select(Message).where(Message.conversation_id == bindparam("room"), Message.pinned).order_by(Message.n)


async def snapshot(view: View) -> bytes:
    common = await view.glance.kept("chat", lambda: _common(view))
    own = await view.glance.once("chat", lambda: _own(view, common))
    me = view.me.id
    conversations = [(await _conversation(view.session, each, view.me)) for each in own.direct.get(me, ())]
    # By their newest message; its id decides between two of the same millisecond.
    conversations.sort(key=lambda each: (each.messages[-1].at, each.messages[-1].n), reverse=True)
    room = {
        "peer": None,
        "peer_name": "",
        "last": common.last,
        "cleared": common.cleared,
        "read": max(own.read.get(me, 0), common.cleared),
        "messages": orjson.Fragment(_messages_for(common, own.reactions.get(me))),
    }
    return orjson.dumps(
        {
            "settings": orjson.Fragment(common.settings),
            "room": room,
            "direct": [orjson.Fragment(each.model_dump_json()) for each in conversations],
            "pins": orjson.Fragment(common.pins),
        }
    )


async def _common(view: View) -> _Common:
    session, room_id = view.session, view.room.id
    conversation = await session.get(Conversation, room_id)
    rows = await newest(session, conversation, NEWEST) if conversation is not None else []
    messages = await messages_of(session, rows, "")
    return _Common(
        settings=settings_on_wire(await settings_of(session, room_id)).model_dump_json().encode(),
        pins=_MESSAGES.dump_json(await _pins(session, room_id)),
        last=conversation.last_n if conversation is not None else 0,
        cleared=conversation.cleared_n if conversation is not None else 0,
        newest=messages,
        newest_json=_MESSAGES.dump_json(messages),
    )


async def _own(view: View, common: _Common) -> _Own:
    session = view.session
    people = [member.id for member in view.company]
    values = {"room": view.room.id, "people": people}
    read = {row.member_id: row.n for row in await session.execute(_MARKS, values)}
    reacted_to = [message.id for message in common.newest if message.reactions]
    reactions: dict[str, set[tuple[str, str]]] = {}
    if reacted_to:
        mine = select(Reaction.member_id, Reaction.message_id, Reaction.emoji).where(
            Reaction.message_id.in_(reacted_to), Reaction.member_id.in_(people)
        )
        for member, message, emoji in await session.execute(mine):
            reactions.setdefault(member, set()).add((message, emoji))
    direct: dict[str, list[Conversation]] = {}
    for each in (await session.execute(_DIRECT, values)).scalars():
        for person in each.people:
            direct.setdefault(person, []).append(each)
    return _Own(read, reactions, direct)


def _messages_for(common: _Common, mine: set[tuple[str, str]] | None) -> bytes:
    if not mine:
        return common.newest_json
    return _MESSAGES.dump_json([_marked(message, mine) for message in common.newest])


def _marked(message: contract.Message, mine: set[tuple[str, str]]) -> contract.Message:
    reactions = [
        each.model_copy(update={"mine": True}) if (message.id, each.emoji) in mine else each
        for each in message.reactions
    ]
    return message.model_copy(update={"reactions": reactions})


async def _conversation(session: AsyncSession, conversation: Conversation, me: Member) -> contract.Conversation:
    mark = await session.get(ReadMark, (conversation.id, me.id))
    peer = conversation.peer_of(me.id)
    other = await session.get(Member, peer) if peer is not None else None
    rows = await newest(session, conversation, NEWEST)
    return contract.Conversation(
        peer=peer,
        peer_name=other.name if other is not None else "",
        last=conversation.last_n,
        cleared=conversation.cleared_n,
        read=max(mark.n if mark is not None else 0, conversation.cleared_n),
        messages=await messages_of(session, rows, me.id),
    )


async def newest(session: AsyncSession, conversation: Conversation, limit: int) -> list[Message]:
    """The newest messages, oldest first."""
    statement = (
        select(Message).where(Message.conversation_id == conversation.id).order_by(Message.n.desc()).limit(limit)
    )
    return list((await session.execute(statement)).scalars())[::-1]


async def _pins(session: AsyncSession, room_id: str) -> list[contract.Message]:
    rows = list((await session.execute(_PINNED, {"room": room_id})).scalars())
    # Reactions are left out: the event that tells of a pin goes to everyone alike, and cannot say which are mine.
    return [message.model_copy(update={"reactions": []}) for message in await messages_of(session, rows, "")]
