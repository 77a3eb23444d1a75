"""Who may see and write what in the chat: one function for each thing that is looked up."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.chat.rules import slow_mode_wait
from salon.chat.tables import ChatSettings, Conversation, Message
from salon.core.access import access_person
from salon.core.contract import Need
from salon.core.refusals import Refused
from salon.core.tables import Member


async def settings_of(session: AsyncSession, room_id: str) -> ChatSettings:
    """The room's settings. One without a row has the defaults; the row is added when something changes them."""
    stored = await session.get(ChatSettings, room_id)
    return stored or ChatSettings(room_id=room_id, slow_seconds=0, participants_only=False, direct=True)


def _id(room_id: str, me: str, peer: str | None) -> str:
    return room_id if peer is None else ":".join(sorted((me, peer)))


async def find_conversation(session: AsyncSession, me: Member, peer: str | None) -> Conversation | None:
    """The room's conversation, or one's own with somebody; None while nobody has written in it."""
    return await session.get(Conversation, _id(me.room_id, me.id, peer), populate_existing=True)


async def access_conversation(session: AsyncSession, me: Member, peer: str | None) -> Conversation:
    """The conversation to write in, begun when there is none yet."""
    found = await find_conversation(session, me, peer)
    if found is not None:
        return found
    low, high = sorted((me.id, peer)) if peer is not None else (None, None)
    begun = Conversation(id=_id(me.room_id, me.id, peer), room_id=me.room_id, low=low, high=high, last_n=0, cleared_n=0)
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


async def check_may_write(session: AsyncSession, me: Member, peer: str | None) -> None:
    """Whether somebody may write at all, apart from how often."""
    settings = await settings_of(session, me.room_id)
    if me.muted:
        raise Refused("muted")
    if peer is not None:
        if not settings.direct:
            raise Refused("direct_off")
        if peer == me.id:
            raise Refused("person_unknown", "That is you.", field="peer")
        await access_person(session, me.room_id, peer, field="peer")
    else:
        _check_audience(settings, me)


async def check_may_react(session: AsyncSession, me: Member, conversation: Conversation) -> None:
    """Whoever may not speak does not react either."""
    if me.muted:
        raise Refused("muted")
    if not conversation.people:
        _check_audience(await settings_of(session, me.room_id), me)


def _check_audience(settings: ChatSettings, me: Member) -> None:
    if settings.participants_only and me.standing < Need.PARTICIPANT:
        raise Refused("participants_only")


async def check_slow_mode(session: AsyncSession, me: Member, conversation: Conversation, now: int) -> None:
    """In slow mode, one message in the room's chat in so many seconds. Deleting one's message does not shorten it."""
    settings = await settings_of(session, me.room_id)
    if settings.slow_seconds == 0 or conversation.people or me.is_host:
        return
    own = select(func.max(Message.at)).where(Message.author_id == me.id, Message.conversation_id == conversation.id)
    wait = slow_mode_wait((await session.execute(own)).scalar_one(), now, settings.slow_seconds)
    if wait:
        raise Refused("slow_mode", f"Slow mode is on: wait {int(wait) + 1} s.", retry_after=wait)
