"""Writing, changing and deleting messages."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Protocol

from sqlalchemy import delete, select, update

from salon.chat import contract
from salon.chat.access import (
    access_conversation,
    access_message,
    access_own_message,
    check_may_write,
    check_slow_mode,
)
from salon.chat.messages import message_of, quote_of
from salon.chat.rules import excerpt, mentioned, message_body
from salon.chat.tables import Conversation, Message, Reaction, ReadMark
from salon.core.contract import Event
from salon.core.dispatch import Context, handles
from salon.core.refusals import Refused
from salon.core.security import new_id
from salon.core.storage import upsert
from salon.core.tables import Member
from salon.core.text import comparable

WIPED_AT_ONCE = 500
"""Messages in one event, and in one statement."""


class EventFor(Protocol):
    """Makes the event as somebody is told it: ``peer`` is the other one, or None in the room's conversation."""

    def __call__(self, *, peer: str | None) -> Event: ...


def for_each(ctx: Context, conversation: Conversation, event_for: EventFor) -> None:
    """Tell everyone whose conversation it is. To each of two people it goes by the other's id."""
    if not conversation.people:
        ctx.to_room(event_for(peer=None))
    for person in conversation.people:
        ctx.to_person(person, event_for(peer=conversation.peer_of(person)))


@handles(contract.Send)
async def send(cmd: contract.Send, ctx: Context) -> contract.Sent:
    body = message_body(cmd.body)
    await check_may_write(ctx.session, ctx.me, cmd.peer)
    conversation = await access_conversation(ctx.session, ctx.me, cmd.peer)
    await check_slow_mode(ctx.session, ctx.me, conversation, ctx.now)
    quoted = await _quoted(ctx, cmd.reply_to, conversation)
    message = Message(
        id=new_id(),
        conversation_id=conversation.id,
        room_id=ctx.room.id,
        n=await _next_n(ctx, conversation),
        key=cmd.id,
        author_id=ctx.me.id,
        name=ctx.me.name,
        body=body,
        folded=comparable(body),
        at=ctx.now,
        edited_at=None,
        reply_to=cmd.reply_to,
        mentions=await _mentions(ctx, body, conversation),
        pinned=False,
    )
    ctx.session.add(message)
    await ctx.session.flush()
    await note_read(ctx, conversation, message.n)
    await _tell_sent(ctx, conversation, message_of(message, quote_of(quoted) if quoted else None, []))
    return contract.Sent(message=message.id, n=message.n)


async def _quoted(ctx: Context, reply_to: str | None, conversation: Conversation) -> Message | None:
    if reply_to is None:
        return None
    message, its_conversation = await access_message(ctx.session, ctx.me, reply_to, field="reply_to")
    if its_conversation.id != conversation.id:
        raise Refused("message_unknown", field="reply_to")
    return message


async def _next_n(ctx: Context, conversation: Conversation) -> int:
    statement = (
        update(Conversation)
        .where(Conversation.id == conversation.id)
        .values(last_n=Conversation.last_n + 1)
        .returning(Conversation.last_n)
        .execution_options(synchronize_session=False)
    )
    n: int = (await ctx.session.execute(statement)).scalar_one()
    return n


async def _mentions(ctx: Context, body: str, conversation: Conversation) -> list[str]:
    """Only people who are here, and in a direct conversation only its two, can be mentioned."""
    if "@" not in body and "\uff20" not in body:
        return []
    here = select(Member.id, Member.name).where(Member.room_id == ctx.room.id, Member.present)
    people = [(person, name) for person, name in await ctx.session.execute(here)]
    if conversation.people:
        people = [(person, name) for person, name in people if person in conversation.people]
    return mentioned(body, people)


async def note_read(ctx: Context, conversation: Conversation, n: int) -> bool:
    """Move the caller's read mark forward. Returns whether it moved."""
    mark = await ctx.session.get(ReadMark, (conversation.id, ctx.me.id))
    if mark is not None and mark.n >= n:
        return False
    if mark is not None:
        mark.n = n
        return True
    values = {"conversation_id": conversation.id, "member_id": ctx.me.id, "n": n}
    statement = upsert(ctx.session, ReadMark).values(**values)
    await ctx.session.execute(
        statement.on_conflict_do_update(index_elements=["conversation_id", "member_id"], set_={"n": n})
    )
    return True


async def _tell_sent(ctx: Context, conversation: Conversation, message: contract.Message) -> None:
    rows = await ctx.session.execute(select(Member.id, Member.name).where(Member.id.in_(conversation.people)))
    names: dict[str | None, str] = dict(rows.all())
    for_each(
        ctx,
        conversation,
        lambda peer: contract.MessageSent(peer=peer, peer_name=names.get(peer, ""), message=message),
    )


@handles(contract.Edit)
async def edit(cmd: contract.Edit, ctx: Context) -> None:
    body = message_body(cmd.body)
    message, conversation = await access_own_message(ctx.session, ctx.me, cmd.message)
    await check_may_write(ctx.session, ctx.me, conversation.peer_of(ctx.me.id))
    if body == message.body:
        return
    message.body, message.folded, message.edited_at = body, comparable(body), ctx.now
    message.mentions = await _mentions(ctx, body, conversation)
    for_each(
        ctx,
        conversation,
        lambda peer: contract.MessageEdited(
            peer=peer,
            message=message.id,
            body=body,
            excerpt=excerpt(body),
            mentions=message.mentions,
            edited_at=ctx.now,
        ),
    )


@handles(contract.Delete)
async def delete_message(cmd: contract.Delete, ctx: Context) -> None:
    message, conversation = await access_message(ctx.session, ctx.me, cmd.message)
    by_host = ctx.me.is_host and not conversation.people
    if message.author_id != ctx.me.id and not by_host:
        raise Refused("forbidden", "Only the author or a host deletes a message.")
    await wipe(ctx, conversation, [message.id])


async def wipe(ctx: Context, conversation: Conversation, messages: Sequence[str]) -> None:
    """Take the texts of these messages away. Their places stay, so that the numbers have no gaps."""
    # The log has the texts too. Whoever was away gets a snapshot instead.
    ctx.forget_events()
    for start in range(0, len(messages), WIPED_AT_ONCE):
        ids = list(messages[start : start + WIPED_AT_ONCE])
        emptied = update(Message).where(Message.id.in_(ids))
        await ctx.session.execute(emptied.values(body=None, folded=None, mentions=[], pinned=False))
        await ctx.session.execute(delete(Reaction).where(Reaction.message_id.in_(ids)))
        for_each(ctx, conversation, partial(contract.MessageDeleted, messages=ids))


@handles(contract.Clear)
async def clear(_cmd: contract.Clear, ctx: Context) -> None:
    conversation = await access_conversation(ctx.session, ctx.me, None)
    gone = select(Message.id).where(Message.conversation_id == conversation.id)
    await ctx.session.execute(delete(Reaction).where(Reaction.message_id.in_(gone)))
    await ctx.session.execute(delete(Message).where(Message.conversation_id == conversation.id))
    conversation.cleared_n = conversation.last_n
    ctx.forget_events()
    ctx.to_room(contract.Cleared(upto=conversation.cleared_n))
