"""Who may see and write what in the chat: one function for each thing that is looked up."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.chat.rules import slow_mode_wait
from salon.chat.tables import ChatSettings, Conversation, Message, Turn
from salon.core.contract import Need
from salon.core.database.statements import Statement
from salon.core.dispatch import Context
from salon.core.refusals import Refused
from salon.core.tables import Member, Room


class Terms(NamedTuple):
    """On what terms somebody writes: the room's settings, and the name of the one they write to directly."""

    slow_seconds: int
    participants_only: bool
    direct: bool
    peer_name: str | None


_DEFAULT = Terms(slow_seconds=0, participants_only=False, direct=True, peer_name=None)


async def settings_of(session: AsyncSession, room_id: str) -> ChatSettings:
    """The room's settings. One without a row has the defaults; the row is added when something changes them."""
    stored = await session.get(ChatSettings, room_id)
    return stored or ChatSettings(
        room_id=room_id,
        slow_seconds=_DEFAULT.slow_seconds,
        participants_only=_DEFAULT.participants_only,
        direct=_DEFAULT.direct,
    )


def conversation_id(room_id: str, me: str, peer: str | None) -> str:
    """The room's conversation, or that of two people."""
    return room_id if peer is None else ":".join(sorted((me, peer)))


async def find_conversation(session: AsyncSession, me: Member, peer: str | None) -> Conversation | None:
    """The room's conversation, or one's own with somebody; None while nobody has written in it."""
    return await session.get(Conversation, conversation_id(me.room_id, me.id, peer), populate_existing=True)


async def access_conversation(session: AsyncSession, me: Member, peer: str | None) -> Conversation:
    """The conversation to write in, begun when there is none yet."""
    found = await find_conversation(session, me, peer)
    if found is not None:
        return found
    low, high = sorted((me.id, peer)) if peer is not None else (None, None)
    begun = Conversation(
        id=conversation_id(me.room_id, me.id, peer), room_id=me.room_id, low=low, high=high, last_n=0, cleared_n=0
    )
    session.add(begun)
    await session.flush()
    return begun


async def access_message(
    session: AsyncSession, me: Member, message: str, *, field: str = "message"
) -> tuple[Message, Conversation]:
    """A message that one can see: of this room's chat or of an own direct conversation, neither deleted nor cleared."""
    found = await session.get(Message, message)
    if found is not None and found.room_id == me.room_id and found.body is not None:
        conversation = await session.get(Conversation, found.conversation_id)
        if conversation is not None and (not conversation.people or me.id in conversation.people):
            return found, conversation
    raise Refused("message_unknown", field=field)


async def access_own_message(session: AsyncSession, me: Member, message: str) -> tuple[Message, Conversation]:
    found, conversation = await access_message(session, me, message)
    if found.author_id != me.id:
        raise Refused("forbidden", "Only the author changes a message.")
    return found, conversation


_TERMS = Statement(
    select(
        func.coalesce(ChatSettings.slow_seconds, _DEFAULT.slow_seconds),
        func.coalesce(ChatSettings.participants_only, _DEFAULT.participants_only),
        func.coalesce(ChatSettings.direct, _DEFAULT.direct),
        Member.name,
    )
    .select_from(Room)
    .outerjoin(ChatSettings, ChatSettings.room_id == Room.id)
    .outerjoin(Member, and_(Member.id == bindparam("peer"), Member.room_id == Room.id, Member.status == "in"))
    .where(Room.id == bindparam("room_id"))
)


async def access_terms(ctx: Context, peer: str | None) -> Terms:
    """The terms on which the caller writes, who must be allowed to write at all. How often is another question."""
    [row] = await ctx.db.all(_TERMS, room_id=ctx.room.id, peer=peer)
    terms = Terms(*row)
    if peer is None:
        check_may_write(terms, ctx.me)
    elif ctx.me.muted:
        raise Refused("muted")
    elif not terms.direct:
        raise Refused("direct_off")
    elif peer == ctx.me.id:
        raise Refused("person_unknown", "That is you.", field="peer")
    elif terms.peer_name is None:
        raise Refused("person_unknown", field="peer")
    return terms


async def check_may_react(session: AsyncSession, me: Member, conversation: Conversation) -> None:
    """Whoever may not speak does not react either."""
    if not conversation.people:
        check_may_write(await settings_of(session, me.room_id), me)
    elif me.muted:
        raise Refused("muted")


def check_may_write(settings: ChatSettings | Terms, me: Member) -> None:
    """In the room's chat. How often is another question."""
    if me.muted:
        raise Refused("muted")
    if settings.participants_only and me.standing < Need.PARTICIPANT:
        raise Refused("participants_only")


_LAST = Statement(
    select(
        select(func.max(Message.at))
        .where(Message.author_id == bindparam("author_id"), Message.conversation_id == bindparam("conversation_id"))
        .scalar_subquery(),
        select(Turn.at).where(Turn.member_id == bindparam("author_id")).scalar_subquery(),
    )
)


async def check_slow_mode(ctx: Context, me: Member, slow_seconds: int) -> None:
    """In slow mode, one message in the room's chat in so many seconds. Deleting one's message does not shorten it."""
    if slow_seconds == 0 or me.is_host:
        return
    row = await ctx.db.one(_LAST, author_id=me.id, conversation_id=ctx.room.id)
    last = max((at for at in row or () if at is not None), default=None)
    wait = slow_mode_wait(last, ctx.now, slow_seconds)
    if wait:
        raise Refused("slow_mode", f"Slow mode is on: wait {int(wait) + 1} s.", retry_after=wait)
