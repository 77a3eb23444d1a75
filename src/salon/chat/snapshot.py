"""The chat as one person sees it: the newest messages of each conversation, pins and settings."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.chat import contract
from salon.chat.access import settings_of
from salon.chat.messages import messages_of
from salon.chat.moderation import settings_on_wire
from salon.chat.tables import Conversation, Message, ReadMark
from salon.core.feature import View
from salon.core.tables import Member

NEWEST = 50
"""Messages of each conversation in a snapshot."""


async def snapshot(view: View) -> contract.ChatSnapshot:
    session, me = view.session, view.me
    room = await session.get(Conversation, view.room.id)
    direct = select(Conversation).where(
        Conversation.room_id == view.room.id, or_(Conversation.low == me.id, Conversation.high == me.id)
    )
    conversations = [(await _conversation(session, each, me)) for each in (await session.execute(direct)).scalars()]
    # By their newest message; its id decides between two of the same millisecond.
    conversations.sort(key=lambda each: (each.messages[-1].at, each.messages[-1].n), reverse=True)
    return contract.ChatSnapshot(
        settings=settings_on_wire(await settings_of(session, view.room.id)),
        room=await _conversation(session, room, me) if room is not None else _empty(),
        direct=conversations,
        pins=await _pins(session, view.room.id, me),
    )


def _empty() -> contract.Conversation:
    return contract.Conversation(peer=None, peer_name="", last=0, cleared=0, read=0, messages=[])


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


async def _pins(session: AsyncSession, room_id: str, me: Member) -> list[contract.Message]:
    statement = select(Message).where(Message.conversation_id == room_id, Message.pinned).order_by(Message.n)
    rows = list((await session.execute(statement)).scalars())
    # Reactions are left out: the event that tells of a pin goes to everyone alike, and cannot say which are mine.
    return [message.model_copy(update={"reactions": []}) for message in await messages_of(session, rows, me.id)]
