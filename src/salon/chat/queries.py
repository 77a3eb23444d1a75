"""Looking back: older messages, searching, who reacted; and taking the whole chat away."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import orjson
from sqlalchemy import or_, select

from salon.chat import contract
from salon.chat.access import access_message, find_conversation
from salon.chat.messages import messages_of
from salon.chat.rules import one_emoji
from salon.chat.tables import Conversation, Message, Reaction
from salon.core.dispatch import Asking, answers
from salon.core.feature import View
from salon.core.tables import Member
from salon.core.text import comparable, tidy_text

FOUND_AT_ONCE = 30
REACTORS = 100
PORTION = 200


@answers(contract.History)
async def history(query: contract.History, asking: Asking) -> contract.MessagePage:
    conversation = await find_conversation(asking.session, asking.me, query.peer)
    if conversation is None:
        return contract.MessagePage(messages=[])
    statement = select(Message).where(Message.conversation_id == conversation.id).limit(query.limit)
    if query.after is not None:
        newer = statement.where(Message.n > query.after).order_by(Message.n)
        rows = list((await asking.session.execute(newer)).scalars())
    else:
        before = query.before if query.before is not None else conversation.last_n + 1
        older = statement.where(Message.n < before).order_by(Message.n.desc())
        rows = list((await asking.session.execute(older)).scalars())[::-1]
    return contract.MessagePage(messages=await messages_of(asking.session, rows, asking.me.id))


@answers(contract.Search)
async def search(query: contract.Search, asking: Asking) -> contract.Found:
    session, me = asking.session, asking.me
    wanted = comparable(tidy_text(query.text))
    if not wanted:
        # Every message holds an empty text: that would not be a search.
        return contract.Found(found=[], more=False)
    mine = select(Conversation).where(
        Conversation.room_id == asking.room.id,
        or_(Conversation.low.is_(None), Conversation.low == me.id, Conversation.high == me.id),
    )
    conversations = {each.id: each for each in (await session.execute(mine)).scalars()}
    statement = (
        select(Message)
        .where(
            Message.conversation_id.in_(conversations),
            Message.folded.contains(wanted, autoescape=True),
        )
        .order_by(Message.at.desc(), Message.n.desc())
        .limit(FOUND_AT_ONCE + 1)
    )
    if query.before is not None:
        statement = statement.where(Message.at < query.before)
    rows = list((await session.execute(statement)).scalars())
    messages = await messages_of(session, rows[:FOUND_AT_ONCE], me.id)
    found = [
        contract.FoundMessage(peer=conversations[row.conversation_id].peer_of(me.id), message=message)
        for row, message in zip(rows, messages, strict=False)
    ]
    return contract.Found(found=found, more=len(rows) > FOUND_AT_ONCE)


@answers(contract.WhoReacted)
async def who_reacted(query: contract.WhoReacted, asking: Asking) -> contract.Reactors:
    message, _ = await access_message(asking.session, asking.me, query.message)
    statement = (
        select(Member.name)
        .join(Reaction, Reaction.member_id == Member.id)
        .where(Reaction.message_id == message.id, Reaction.emoji == one_emoji(query.emoji))
        .order_by(Reaction.id)
        .limit(REACTORS)
    )
    return contract.Reactors(names=list((await asking.session.execute(statement)).scalars()))


async def archive(view: View) -> dict[str, bytes]:
    """``chat.txt`` and ``chat.json``: the room's conversation. Direct ones are nobody else's."""
    text: list[str] = []
    entries: list[dict[str, object]] = []
    # In portions, so that a long chat keeps nobody else waiting.
    async for messages in _whole(view):
        text += [_as_line(message) for message in messages]
        entries += [_as_entry(message) for message in messages]
    document = {"room": view.room.name, "messages": entries}
    return {"chat.txt": "".join(text).encode(), "chat.json": orjson.dumps(document, option=orjson.OPT_INDENT_2)}


async def _whole(view: View) -> AsyncIterator[list[contract.Message]]:
    after = 0
    while True:
        statement = (
            select(Message)
            .where(Message.conversation_id == view.room.id, Message.n > after, Message.body.is_not(None))
            .order_by(Message.n)
            .limit(PORTION)
        )
        rows = list((await view.session.execute(statement)).scalars())
        if not rows:
            return
        yield await messages_of(view.session, rows, view.me.id)
        after = rows[-1].n


def _as_line(message: contract.Message) -> str:
    time = datetime.fromtimestamp(message.at / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
    quote = f"(to {message.reply_to.name}) " if message.reply_to is not None else ""
    # Further lines are indented, so that nobody can write a line that looks like somebody else's message.
    body = (message.body or "").replace("\n", "\n    ")
    return f"[{time} UTC] {message.name}: {quote}{body}\n"


def _as_entry(message: contract.Message) -> dict[str, object]:
    return {
        "id": message.id,
        "n": message.n,
        "at": datetime.fromtimestamp(message.at / 1000, UTC).isoformat(),
        "author": message.author,
        "name": message.name,
        "body": message.body,
        "edited": message.edited_at is not None,
        "reply_to": message.reply_to.message if message.reply_to is not None else None,
        "reactions": {reaction.emoji: reaction.count for reaction in message.reactions},
    }
