"""Messages as they go over the wire, with what they quote and the reactions to them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.chat import contract
from salon.chat.rules import excerpt
from salon.chat.tables import Message, Reaction


async def messages_of(session: AsyncSession, rows: Sequence[Message], me: str) -> list[contract.Message]:
    """The wire's form of the messages as ``me`` sees them, in the order given."""
    quotes = await _quotes(session, [row.reply_to for row in rows if row.reply_to is not None])
    reactions = await _reactions(session, [row.id for row in rows], me)
    return [message_of(row, quotes.get(row.reply_to or ""), reactions.get(row.id, [])) for row in rows]


def message_of(row: Message, quote: contract.Quote | None, reactions: list[contract.Reaction]) -> contract.Message:
    return contract.Message(
        id=row.id,
        n=row.n,
        key=row.key,
        author=row.author_id,
        name=row.name,
        body=row.body,
        at=row.at,
        edited_at=row.edited_at,
        reply_to=quote,
        mentions=row.mentions,
        reactions=reactions,
        pinned=row.pinned,
    )


def quote_of(row: Message) -> contract.Quote:
    return quote(row.id, row.name, row.body)


def quote(message: str, name: str, body: str | None) -> contract.Quote:
    return contract.Quote(message=message, name=name, excerpt=None if body is None else excerpt(body))


async def _quotes(session: AsyncSession, ids: Sequence[str]) -> dict[str, contract.Quote]:
    if not ids:
        return {}
    rows = (await session.execute(select(Message).where(Message.id.in_(set(ids))))).scalars()
    return {row.id: quote_of(row) for row in rows}


async def _reactions(session: AsyncSession, ids: Sequence[str], me: str) -> dict[str, list[contract.Reaction]]:
    if not ids:
        return {}
    first = func.min(Reaction.id)
    statement = (
        select(
            Reaction.message_id,
            Reaction.emoji,
            func.count(),
            func.count().filter(Reaction.member_id == me),
        )
        .where(Reaction.message_id.in_(ids))
        .group_by(Reaction.message_id, Reaction.emoji)
        .order_by(first)
    )
    found: dict[str, list[contract.Reaction]] = {}
    for message, emoji, count, mine in await session.execute(statement):
        found.setdefault(message, []).append(contract.Reaction(emoji=emoji, count=count, mine=mine > 0))
    return found
