"""Writing, changing and deleting messages."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Protocol

from sqlalchemy import bindparam, delete, insert, select, update

from salon.chat import contract
from salon.chat.access import (
    access_conversation,
    access_message,
    access_own_message,
    access_terms,
    check_slow_mode,
    conversation_id,
)
from salon.chat.messages import quote
from salon.chat.rules import excerpt, mentioned, message_body
from salon.chat.tables import Conversation, Message, Reaction, ReadMark
from salon.core.contract import Event
from salon.core.database.statements import Statement, Upsert
from salon.core.dispatch import Context, handles
from salon.core.refusals import Refused
from salon.core.security import new_id
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


# Sending is what everyone does all the time: its statements are compiled once, and one at a time only where they must.
_QUOTED = Statement(
    select(Message.name, Message.body).where(
        Message.id == bindparam("message"),
        Message.conversation_id == bindparam("conversation_id"),
        Message.body.is_not(None),
    )
)
_NEXT_N: Upsert[int] = Upsert(Conversation, lambda _new: {"last_n": Conversation.last_n + 1}, Conversation.last_n)
_STORE = Statement(insert(Message))
_HERE = Statement(select(Member.id, Member.name).where(Member.room_id == bindparam("room_id"), Member.present))
_READ_UP_TO: Upsert[()] = Upsert(ReadMark, lambda new: {"n": new.n})


@handles(contract.Send)
async def send(cmd: contract.Send, ctx: Context) -> contract.Sent:
    body, me = message_body(cmd.body), ctx.me
    terms = await access_terms(ctx, cmd.peer)
    if cmd.peer is None:
        await check_slow_mode(ctx, me, terms.slow_seconds)
    conversation = conversation_id(ctx.room.id, me.id, cmd.peer)
    quoted = await _quoted(ctx, cmd.reply_to, conversation)
    message = contract.Message(
        id=new_id(),
        n=await _next_n(ctx, conversation, cmd.peer),
        key=cmd.id,
        author=me.id,
        name=me.name,
        body=body,
        at=ctx.now,
        edited_at=None,
        reply_to=quoted,
        mentions=await _mentions(ctx, body, _people(me.id, cmd.peer)),
        reactions=[],
        pinned=False,
    )
    _store(ctx, conversation, message)
    note_read(ctx, conversation, message.n)
    _tell_sent(ctx, cmd.peer, terms.peer_name or "", message)
    return contract.Sent(message=message.id, n=message.n)


def _people(me: str, peer: str | None) -> tuple[str, ...]:
    """The two of a direct conversation, in the order of their ids; nobody for everyone's."""
    if peer is None:
        return ()
    return (me, peer) if me < peer else (peer, me)


async def _quoted(ctx: Context, reply_to: str | None, conversation: str) -> contract.Quote | None:
    if reply_to is None:
        return None
    row = await ctx.db.one(_QUOTED, message=reply_to, conversation_id=conversation)
    if row is None:
        raise Refused("message_unknown", field="reply_to")
    return quote(reply_to, *row)


async def _next_n(ctx: Context, conversation: str, peer: str | None) -> int:
    """The number of the next message. The first one begins the conversation."""
    low, high = _people(ctx.me.id, peer) or (None, None)
    [(n,)] = await ctx.db.all(_NEXT_N, id=conversation, room_id=ctx.room.id, low=low, high=high, last_n=1, cleared_n=0)
    return n


async def _mentions(ctx: Context, body: str, only: tuple[str, ...]) -> list[str]:
    """Only people who are here, and in a direct conversation only its two, can be mentioned."""
    if "@" not in body and "\uff20" not in body:
        return []
    here = await ctx.db.all(_HERE, room_id=ctx.room.id)
    return mentioned(body, [(person, name) for person, name in here if not only or person in only])


def _store(ctx: Context, conversation: str, message: contract.Message) -> None:
    assert message.body is not None  # noqa: S101  it was just written
    ctx.db.later(
        _STORE,
        id=message.id,
        conversation_id=conversation,
        room_id=ctx.room.id,
        n=message.n,
        key=message.key,
        author_id=message.author,
        name=message.name,
        body=message.body,
        folded=comparable(message.body),
        at=message.at,
        edited_at=None,
        reply_to=message.reply_to.message if message.reply_to is not None else None,
        mentions=message.mentions,
        pinned=False,
    )


def note_read(ctx: Context, conversation: str, n: int) -> None:
    """Move the caller's read mark forward to the message of this number."""
    ctx.db.later(_READ_UP_TO, conversation_id=conversation, member_id=ctx.me.id, n=n)


def _tell_sent(ctx: Context, peer: str | None, peer_name: str, message: contract.Message) -> None:
    """Tell everyone whose conversation it is, like :func:`for_each`."""
    if peer is None:
        ctx.to_room(contract.MessageSent(peer=None, peer_name="", message=message))
        return
    others = {ctx.me.id: (peer, peer_name), peer: (ctx.me.id, ctx.me.name)}
    for person in _people(ctx.me.id, peer):
        other, name = others[person]
        ctx.to_person(person, contract.MessageSent(peer=other, peer_name=name, message=message))


@handles(contract.Edit)
async def edit(cmd: contract.Edit, ctx: Context) -> None:
    body = message_body(cmd.body)
    message, conversation = await access_own_message(ctx.session, ctx.me, cmd.message)
    await access_terms(ctx, conversation.peer_of(ctx.me.id))
    if body == message.body:
        return
    message.body, message.folded, message.edited_at = body, comparable(body), ctx.now
    message.mentions = await _mentions(ctx, body, conversation.people)
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
