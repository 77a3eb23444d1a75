"""What becomes of somebody's messages when they sign in as somebody who was here too, or have their account deleted.

Everyone gets a new snapshot afterwards, so that nothing here need be told as events.
"""

from __future__ import annotations

from sqlalchemy import String, cast, delete, func, or_, select, update
from sqlalchemy.orm import aliased

from salon.chat.commands import wipe
from salon.chat.tables import Conversation, Message, Reaction, ReadMark, Turn
from salon.core.dispatch import Context
from salon.core.tables import Member


async def adopt(ctx: Context, guest: Member, own: Member) -> None:
    """Messages, mentions, reactions, read marks and direct conversations of the guest become the other member's."""
    session = ctx.session
    for conversation in await _direct_of(ctx, guest):
        await _adopt_conversation(ctx, conversation, guest.id, own.id)
    await session.execute(update(Message).where(Message.author_id == guest.id).values(author_id=own.id))
    mentioning = select(Message).where(
        Message.room_id == ctx.room.id, cast(Message.mentions, String).contains(guest.id, autoescape=True)
    )
    for message in (await session.execute(mentioning)).scalars().all():
        # The order stays, and nobody is named twice.
        message.mentions = list(dict.fromkeys(own.id if each == guest.id else each for each in message.mentions))
    await _adopt_reactions(ctx, guest.id, own.id)
    await _adopt_marks(ctx, ctx.room.id, guest.id, own.id)
    await _adopt_turn(ctx, guest.id, own.id)
    await session.flush()


async def _direct_of(ctx: Context, member: Member) -> list[Conversation]:
    either = or_(Conversation.low == member.id, Conversation.high == member.id)
    statement = select(Conversation).where(Conversation.room_id == ctx.room.id, either)
    return list((await ctx.session.execute(statement)).scalars())


async def _adopt_conversation(ctx: Context, old: Conversation, guest: str, own: str) -> None:
    """The guest's conversation with somebody, put together with the one that there may be already."""
    session = ctx.session
    peer = old.peer_of(guest) or ""
    if peer != own:
        low, high = sorted((own, peer))
        to = await session.get(Conversation, f"{low}:{high}")
        if to is None:
            to = Conversation(id=f"{low}:{high}", room_id=ctx.room.id, low=low, high=high, last_n=0, cleared_n=0)
            session.add(to)
            await session.flush()
        await _join(ctx, old, to, {guest: own, own: own, peer: peer})
    else:
        # They talked to themselves.
        gone = select(Message.id).where(Message.conversation_id == old.id)
        await session.execute(delete(Reaction).where(Reaction.message_id.in_(gone)))
        await session.execute(delete(Message).where(Message.conversation_id == old.id))
    await session.execute(delete(ReadMark).where(ReadMark.conversation_id == old.id))
    await session.delete(old)
    await session.flush()


async def _join(ctx: Context, old: Conversation, to: Conversation, people: dict[str, str]) -> None:
    """Put two conversations' messages into one, by their times. Each is numbered anew, and read marks follow."""
    session = ctx.session
    both = (old.id, to.id)
    columns = select(Message.id, Message.conversation_id, Message.n, Message.author_id)
    ordered = columns.where(Message.conversation_id.in_(both)).order_by(Message.at, Message.n, Message.id)
    messages = (await session.execute(ordered)).all()
    marks = select(ReadMark).where(ReadMark.conversation_id.in_(both))
    read: dict[tuple[str, str], int] = {}
    for mark in (await session.execute(marks)).scalars().all():
        key = (mark.conversation_id, people[mark.member_id])
        read[key] = max(read.get(key, 0), mark.n)
    # Two steps, for no two messages of a conversation may have the same number in between.
    for number, message in enumerate(messages, 1):
        this = update(Message).where(Message.id == message.id)
        await session.execute(this.values(conversation_id=to.id, n=-number))
    await session.execute(
        update(Message).where(Message.conversation_id == to.id).values(n=-Message.n),
        execution_options={"synchronize_session": False},
    )
    to.last_n = len(messages)
    await session.execute(delete(ReadMark).where(ReadMark.conversation_id.in_(both)))
    for person in sorted(set(people.values())):
        upto = 0
        for message in messages:
            if message.n > read.get((message.conversation_id, person), 0) and people[message.author_id] != person:
                break
            upto += 1
        if upto:
            session.add(ReadMark(conversation_id=to.id, member_id=person, n=upto))
    await session.flush()


async def _adopt_reactions(ctx: Context, guest: str, own: str) -> None:
    """The same emoji of both on one message is one reaction: the first of the two."""
    session = ctx.session
    other = aliased(Reaction)
    twice = (
        select(func.max(Reaction.id), func.min(Reaction.id))
        .join(other, (other.message_id == Reaction.message_id) & (other.emoji == Reaction.emoji))
        .where(Reaction.member_id.in_((guest, own)), other.member_id.in_((guest, own)))
        .group_by(Reaction.message_id, Reaction.emoji)
        .having(func.count(func.distinct(Reaction.id)) > 1)
    )
    later = [row[0] for row in (await session.execute(twice)).all()]
    await session.execute(delete(Reaction).where(Reaction.id.in_(later)))
    await session.execute(update(Reaction).where(Reaction.member_id == guest).values(member_id=own))


async def _adopt_marks(ctx: Context, conversation: str, guest: str, own: str) -> None:
    session = ctx.session
    theirs = await session.get(ReadMark, (conversation, guest), populate_existing=True)
    if theirs is None:
        return
    mine = await session.get(ReadMark, (conversation, own), populate_existing=True)
    if mine is None:
        session.add(ReadMark(conversation_id=conversation, member_id=own, n=theirs.n))
    else:
        mine.n = max(mine.n, theirs.n)
    await session.delete(theirs)


async def _adopt_turn(ctx: Context, guest: str, own: str) -> None:
    """Signing in is no way around slow mode."""
    theirs = await ctx.session.get(Turn, guest, populate_existing=True)
    if theirs is None:
        return
    mine = await ctx.session.get(Turn, own, populate_existing=True)
    if mine is None:
        ctx.session.add(Turn(member_id=own, room_id=ctx.room.id, at=theirs.at))
    else:
        mine.at = max(mine.at, theirs.at)
    await ctx.session.delete(theirs)


async def forget_author(ctx: Context, member: Member) -> None:
    """Texts, names, reactions and read marks of somebody go; the places of their messages stay."""
    session = ctx.session
    statement = select(Message.conversation_id, Message.id).where(
        Message.author_id == member.id, Message.body.is_not(None)
    )
    written: dict[str, list[str]] = {}
    for conversation_id, message in (await session.execute(statement.order_by(Message.n))).all():
        written.setdefault(conversation_id, []).append(message)
    for conversation_id, messages in written.items():
        await wipe(ctx, await session.get_one(Conversation, conversation_id), messages)
    await session.execute(update(Message).where(Message.author_id == member.id).values(name=""))
    await session.execute(delete(Reaction).where(Reaction.member_id == member.id))
    await session.execute(delete(ReadMark).where(ReadMark.member_id == member.id))
    await session.execute(delete(Turn).where(Turn.member_id == member.id))
