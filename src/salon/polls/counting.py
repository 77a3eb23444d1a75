"""Counting votes: totals are what the database counts, of rows or of numbers that it has added to itself."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.database.statements import Statement, Upsert
from salon.core.dispatch import Context
from salon.polls import rules
from salon.polls.contract.shapes import Count, Tally
from salon.polls.desk import asked, tell
from salon.polls.tables import Poll, PollChoice, PollCount, PollHidden, PollVoter
from salon.polls.totals import Counted, tally_of

WORDS_SHOWN = 120
TEXTS_SHOWN = 40
"""In totals; what is more is to be asked for."""

ADD_COUNT: Upsert[()] = Upsert(PollCount, lambda _new: {"count": PollCount.count + 1})
TOUCH_COUNTS: Statement[()] = Statement(
    update(PollCount).where(PollCount.poll_id == bindparam("of_poll")).values(count=PollCount.count)
)
"""Write all numbers of a poll anew (see :mod:`salon.polls.tables`)."""


def grouped(poll: Poll) -> Select[str, int, str, float | None, int]:
    """What was chosen, how often, without what is hidden. For named polls the first spelling of a word, by letters."""
    hidden = select(PollHidden.key).where(PollHidden.poll_id == poll.id)
    if poll.anonymous:
        columns = (PollCount.key, PollCount.rank, PollCount.text, PollCount.value, PollCount.count)
        return select(*columns).where(PollCount.poll_id == poll.id, PollCount.key != "", PollCount.key.not_in(hidden))
    chosen = PollChoice
    return (
        select(chosen.key, chosen.rank, func.min(chosen.text), func.min(chosen.value), func.count())
        .where(chosen.poll_id == poll.id, chosen.key.not_in(hidden))
        .group_by(chosen.key, chosen.rank)
    )


async def count_votes(session: AsyncSession, poll: Poll) -> int:
    """How many people have voted."""
    voted: Select[int]
    if poll.anonymous:
        voted = select(func.coalesce(func.sum(PollCount.count), 0)).where(
            PollCount.poll_id == poll.id, PollCount.key == ""
        )
    else:
        voted = select(func.count()).select_from(PollVoter).where(PollVoter.poll_id == poll.id)
    return int((await session.execute(voted)).scalar_one())


async def count(session: AsyncSession, poll: Poll) -> Tally:
    """The totals as the database has them now."""
    known = asked(poll)
    votes = await count_votes(session, poll)
    rows = grouped(poll)
    if known.question.kind not in {"words", "text"}:
        found = [Counted(*row) for row in await session.execute(rows)]
        return tally_of(known.question, known.options, votes, found, 0)
    inner = rows.subquery()
    key, total = inner.c[0], inner.c[4]
    different = int((await session.execute(select(func.count()).select_from(inner))).scalar_one())
    order: tuple[ColumnElement[object], ...] = (total.desc(), key) if known.question.kind == "words" else (key,)
    shown = WORDS_SHOWN if known.question.kind == "words" else TEXTS_SHOWN
    page = await session.execute(select(*inner.c).order_by(*order).limit(shown))
    found = [Counted(*row) for row in page]
    return tally_of(known.question, known.options, votes, found, different - len(found))


async def page_of_texts(session: AsyncSession, poll: Poll, after: str, limit: int) -> list[Count]:
    """Words or texts behind this key, in the order of their keys; one more than asked for tells that there are more."""
    inner = grouped(poll).subquery()
    rows = select(inner.c[0], inner.c[2], inner.c[4]).where(inner.c[0] > after).order_by(inner.c[0]).limit(limit + 1)
    return [Count(key=row[0], text=row[1], count=row[2]) for row in await session.execute(rows)]


async def prepare(ctx: Context, poll: Poll) -> None:
    """Numbers of an anonymous poll for all that is known beforehand, at 0: when they came tells nothing."""
    if not poll.anonymous:
        return
    known = asked(poll)
    keys = [("", 0)]
    if known.question.kind == "ranking":
        keys += [(key, rank) for key in known.options for rank in range(1, len(known.options) + 1)]
    elif known.question.kind == "rating":
        keys += [(rules.number_key(step), 0) for step in range(1, known.question.steps + 1)]
    else:
        keys += [(key, 0) for key in known.options]
    rating = known.question.kind == "rating"
    for key, rank in sorted(keys):
        value = float(key) if rating and key else None
        ctx.session.add(PollCount(poll_id=poll.id, key=key, rank=rank, text="", value=value, count=0))
    await ctx.session.flush()


async def close(ctx: Context, poll: Poll) -> None:
    """Voting has ended: count, and say so. The lock on the room is held."""
    poll.state = "closed"
    poll.closed_at = min(ctx.now, poll.closes_at) if poll.closes_at is not None else ctx.now
    if asked(poll).question.visibility != "hosts":
        poll.shown = True
    await count_again(ctx, poll)
    if poll.anonymous and ctx.session.get_bind().dialect.name != "sqlite":
        await _rewrite(ctx.session, poll.id)
    await tell(ctx, [poll])


async def count_again(ctx: Context, poll: Poll) -> None:
    """The final totals of a closed poll follow from its rows."""
    await ctx.session.flush()
    poll.final = (await count(ctx.session, poll)).model_dump_json()


async def _rewrite(session: AsyncSession, poll: str) -> None:
    """Write voters and numbers anew in the order of their keys, so that neither their places nor the transactions that
    wrote them tell when they came (see :mod:`salon.polls.tables`).
    """
    for table in (PollVoter, PollCount):
        columns = list(table.__table__.columns)
        found = await session.execute(select(*columns).where(table.poll_id == poll))
        rows = sorted((dict(row) for row in found.mappings()), key=repr)
        await session.execute(delete(table).where(table.poll_id == poll))
        if rows:
            await session.execute(insert(table), rows)
