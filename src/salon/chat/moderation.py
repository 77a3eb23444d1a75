"""Reactions, pins, read marks, the hosts' settings, and what the end of others' stay does to the chat."""

from __future__ import annotations

from sqlalchemy import and_, bindparam, delete, func, insert, select, update

from salon.chat import contract
from salon.chat.access import access_message, check_may_react, conversation_id, settings_of
from salon.chat.commands import for_each, note_read, wipe
from salon.chat.messages import message_of, quote_of
from salon.chat.rules import one_emoji
from salon.chat.tables import ChatSettings, Conversation, Message, Reaction, ReadMark, Turn
from salon.core.database.statements import Statement
from salon.core.dispatch import Context, Hearing, handles, listens, receives
from salon.core.fanout import signal
from salon.core.given import change
from salon.core.refusals import Refused
from salon.people.contract import PersonRemoved
from salon.rooms.contract import RoomClosed

DIFFERENT_REACTIONS = 20
PINS = 50


@handles(contract.React)
async def react(cmd: contract.React, ctx: Context) -> None:
    emoji = one_emoji(cmd.emoji)
    message, conversation = await access_message(ctx.session, ctx.me, cmd.message)
    await check_may_react(ctx.session, ctx.me, conversation)
    this = (Reaction.message_id == message.id, Reaction.emoji == emoji)
    mine = await ctx.session.execute(select(Reaction.id).where(*this, Reaction.member_id == ctx.me.id))
    if (mine.first() is not None) == cmd.on:
        return
    if cmd.on:
        await _check_room_for(ctx, message.id, emoji)
        values = {"message_id": message.id, "member_id": ctx.me.id, "emoji": emoji}
        await ctx.session.execute(insert(Reaction).values(**values))
    else:
        await _take_back(ctx, message.id, emoji)
    count = (await ctx.session.execute(select(func.count()).select_from(Reaction).where(*this))).scalar_one()
    for_each(
        ctx,
        conversation,
        lambda peer: contract.Reacted(
            peer=peer, message=message.id, emoji=emoji, count=count, person=ctx.me.id, on=cmd.on
        ),
    )


async def _take_back(ctx: Context, message: str, emoji: str) -> None:
    """Delete the caller's reaction. The emoji keeps its place among the others as long as anybody's is left."""
    this = (Reaction.message_id == message, Reaction.emoji == emoji)
    first = (await ctx.session.execute(select(func.min(Reaction.id)).where(*this))).scalar_one()
    await ctx.session.execute(delete(Reaction).where(*this, Reaction.member_id == ctx.me.id))
    following: int | None = (await ctx.session.execute(select(func.min(Reaction.id)).where(*this))).scalar_one()
    if following is not None and following != first:
        await ctx.session.execute(update(Reaction).where(Reaction.id == following).values(id=first))


async def _check_room_for(ctx: Context, message: str, emoji: str) -> None:
    statement = select(Reaction.emoji).where(Reaction.message_id == message).distinct()
    given = set((await ctx.session.execute(statement)).scalars())
    if emoji not in given and len(given) >= DIFFERENT_REACTIONS:
        raise Refused("emoji_invalid", f"A message has at most {DIFFERENT_REACTIONS} different reactions.")


@handles(contract.Pin)
async def pin(cmd: contract.Pin, ctx: Context) -> None:
    message, conversation = await access_message(ctx.session, ctx.me, cmd.message)
    if conversation.people:
        raise Refused("message_unknown", "Only messages of the room's chat can be pinned.", field="message")
    if message.pinned == cmd.on:
        return
    if cmd.on:
        pinned = (
            select(func.count()).select_from(Message).where(Message.conversation_id == conversation.id, Message.pinned)
        )
        if (await ctx.session.execute(pinned)).scalar_one() >= PINS:
            raise Refused("invalid", f"At most {PINS} messages can be pinned. Take one off first.")
    message.pinned = cmd.on
    quoted = await ctx.session.get(Message, message.reply_to) if message.reply_to else None
    quote = quote_of(quoted) if quoted else None
    ctx.to_room(contract.MessagePinned(message=message_of(message, quote, []), on=cmd.on))


_READ = Statement(
    select(Conversation.last_n, func.coalesce(ReadMark.n, -1))
    .outerjoin(
        ReadMark,
        and_(ReadMark.conversation_id == Conversation.id, ReadMark.member_id == bindparam("member_id")),
    )
    .where(Conversation.id == bindparam("conversation_id"))
)


@handles(contract.Read)
async def read(cmd: contract.Read, ctx: Context) -> None:
    conversation = conversation_id(ctx.room.id, ctx.me.id, cmd.peer)
    row = await ctx.db.one(_READ, conversation_id=conversation, member_id=ctx.me.id)
    if row is None:
        return
    last, mark = row
    upto = min(cmd.upto, last)
    if upto > mark:
        note_read(ctx, conversation, upto)
        ctx.to_person(ctx.me.id, contract.ReadUpTo(peer=cmd.peer, upto=upto))


@handles(contract.ChangeSettings)
async def change_settings(cmd: contract.ChangeSettings, ctx: Context) -> None:
    settings = await settings_of(ctx.session, ctx.room.id)
    change(settings, cmd)
    ctx.session.add(settings)
    ctx.to_room(contract.SettingsChanged(settings=settings_on_wire(settings)))


def settings_on_wire(settings: ChatSettings) -> contract.Settings:
    return contract.Settings(
        slow_seconds=settings.slow_seconds,
        participants_only=settings.participants_only,
        direct=settings.direct,
    )


@receives(contract.Typing)
def typing(word: contract.Typing, hearing: Hearing) -> None:
    link = hearing.link
    if word.peer is None:
        hearing.merger.add(link.room_id, "chat.typing", hearing.me, lambda people: contract.TypingNow(people=people))
        return
    text = signal(contract.TypingNow(people=[hearing.me], peer=hearing.me), hearing.me)
    for other in hearing.fanout.of_room(link.room_id):
        if other.welcomed and other.person == word.peer:
            other.send(text)


@listens(PersonRemoved)
async def wipe_messages_of(event: PersonRemoved, ctx: Context) -> None:
    """A ban may take along all that the person wrote."""
    if not event.messages_deleted:
        return
    statement = select(Message.conversation_id, Message.id).where(
        Message.author_id == event.person.id, Message.body.is_not(None)
    )
    written: dict[str, list[str]] = {}
    for where, message in await ctx.session.execute(statement.order_by(Message.n)):
        written.setdefault(where, []).append(message)
    for where, messages in written.items():
        conversation = await ctx.session.get_one(Conversation, where)
        await wipe(ctx, conversation, messages)


@listens(RoomClosed)
async def forget(_event: RoomClosed, ctx: Context) -> None:
    """A closed room keeps nothing of what was said in it."""
    room = ctx.room.id
    conversations = select(Conversation.id).where(Conversation.room_id == room)
    messages = select(Message.id).where(Message.conversation_id.in_(conversations))
    await ctx.session.execute(delete(Reaction).where(Reaction.message_id.in_(messages)))
    await ctx.session.execute(delete(Message).where(Message.conversation_id.in_(conversations)))
    await ctx.session.execute(delete(ReadMark).where(ReadMark.conversation_id.in_(conversations)))
    await ctx.session.execute(delete(Conversation).where(Conversation.room_id == room))
    await ctx.session.execute(delete(ChatSettings).where(ChatSettings.room_id == room))
    await ctx.session.execute(delete(Turn).where(Turn.room_id == room))
