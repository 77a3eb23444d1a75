"""Polls in a transaction: finding them, what is told of them, and where they stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.database.statements import Statement
from salon.core.dispatch import Context
from salon.core.refusals import Refused
from salon.core.security import new_id
from salon.core.tables import Room
from salon.polls import contract
from salon.polls.contract import shapes
from salon.polls.rules import tidied
from salon.polls.tables import Poll, PollChoice, PollCount, PollHidden, PollVoter

MOST = 200
"""Polls of a room, drafts among them."""
STEP = 1024.0
"""Between the places of neighbours."""
CLOSE = 1e-6

HOLD = Statement(select(Room.id).where(Room.id == bindparam("room_id")).with_for_update())


@dataclass(frozen=True)
class Asked:
    """A poll's question and the ids of its options, read from its row."""

    question: shapes.Question
    options: tuple[str, ...]

    @property
    def right(self) -> list[str]:
        together = zip(self.options, self.question.options, strict=True) if self.options else ()
        return [each for each, option in together if option.right]


@lru_cache(maxsize=256)
def read_question(question: str, options: str) -> Asked:
    """What the columns of a poll hold. The same texts are read once: an open poll is looked at for each vote."""
    return Asked(shapes.Question.model_validate_json(question), tuple(options.split()))


def asked(poll: Poll) -> Asked:
    """What is asked."""
    return read_question(poll.question, poll.options)


async def hold(ctx: Context) -> None:
    """Nobody else changes this room's polls, or votes, until the transaction has ended: several servers do so one after
    the other. Before anything that it depends on is read.
    """
    await ctx.db.all(HOLD, room_id=ctx.room.id)


async def access_poll(ctx: Context, poll: str, *states: str, field: str = "poll") -> Poll:
    """A poll of this very room in one of these states."""
    found = await ctx.session.get(Poll, poll, populate_existing=True)
    if found is None or found.room_id != ctx.room.id:
        raise Refused("poll_unknown", field=field)
    if found.state not in states:
        raise Refused("poll_state", _WHY[found.state], field=field)
    return found


_WHY = {
    "draft": "The poll is a draft: open it first.",
    "open": "The poll is open.",
    "closed": "The poll is closed.",
}


async def polls_of(session: AsyncSession, room_id: str) -> list[Poll]:
    """All of a room, drafts too, in their order."""
    statement = select(Poll).where(Poll.room_id == room_id).order_by(Poll.place, Poll.id)
    return list((await session.execute(statement.execution_options(populate_existing=True))).scalars())


async def add_drafts(
    ctx: Context, questions: Iterable[shapes.Question], after: Poll | None = None, again: Poll | None = None
) -> list[str]:
    """New drafts, behind another poll or at the end. ``again``: a new round of that one. Returns their ids."""
    wanted = list(questions)
    known = await polls_of(ctx.session, ctx.room.id)
    if len(known) + len(wanted) > MOST:
        raise Refused("polls_too_many")
    made = [_draft(ctx, question) for question in wanted]
    if again is not None:
        for each in made:
            each.series = again.series
            each.round = max(poll.round for poll in known if poll.series == again.series) + 1
    at = next((at + 1 for at, each in enumerate(known) if after is not None and each.id == after.id), len(known))
    ctx.session.add_all(made)
    moved = put(known, made, at)
    await ctx.session.flush()
    await tell(ctx, moved)
    return [each.id for each in made]


def _draft(ctx: Context, question: shapes.Question) -> Poll:
    name = new_id()
    return Poll(
        id=name,
        room_id=ctx.room.id,
        place=0.0,
        series=name,
        round=1,
        revision=1,
        state="draft",
        anonymous=question.anonymous,
        question=tidied(question).model_dump_json(),
        options="",
        opened_at=None,
        closes_at=None,
        closed_at=None,
        shown=False,
        revealed=False,
        projected=False,
        final=None,
    )


def put(others: list[Poll], movers: list[Poll], at: int) -> list[Poll]:
    """Let ``movers`` stand before the ``at``-th of the others, which are in their order. Returns those that moved."""
    before = others[at - 1].place if at else 0.0
    step = (others[at].place - before) / (len(movers) + 1) if at < len(others) else STEP
    if step > CLOSE:
        for number, each in enumerate(movers, 1):
            each.place = before + step * number
        return movers
    line = [*others[:at], *movers, *others[at:]]
    for number, each in enumerate(line, 1):
        each.place = STEP * number
    return line


def poll_on_wire(poll: Poll) -> shapes.Poll:
    """As everyone sees it: nothing that is not shown or revealed."""
    known = asked(poll)
    terms = known.question.model_dump(exclude={"options"})
    options = [
        {"id": each, "text": option.text} for each, option in zip(known.options, known.question.options, strict=True)
    ]
    visible = poll.shown and poll.final is not None
    return shapes.Poll.model_validate(
        {
            **_standing(poll),
            "question": {**terms, "options": options},
            "opened_at": poll.opened_at,
            "closes_at": poll.closes_at,
            "closed_at": poll.closed_at,
            "shown": poll.shown,
            "revealed": poll.revealed,
            "projected": poll.projected,
            "tally": final_of(poll) if visible else None,
            "right": known.right if poll.revealed else None,
        }
    )


def final_of(poll: Poll) -> shapes.Tally | None:
    return shapes.Tally.model_validate_json(poll.final) if poll.final is not None else None


def host_poll_on_wire(poll: Poll, hidden: list[shapes.HiddenWord]) -> shapes.HostPoll:
    known = asked(poll)
    return shapes.HostPoll.model_validate(
        {
            **_standing(poll),
            "revision": poll.revision,
            "question": known.question,
            "right": known.right,
            "tally": final_of(poll),
            "hidden": hidden,
        }
    )


def _standing(poll: Poll) -> dict[str, object]:
    return {"id": poll.id, "place": poll.place, "series": poll.series, "round": poll.round, "state": poll.state}


async def hidden_of(session: AsyncSession, polls: Iterable[str]) -> dict[str, list[shapes.HiddenWord]]:
    """By poll: what hosts have hidden."""
    statement = select(PollHidden).where(PollHidden.poll_id.in_(list(polls))).order_by(PollHidden.key)
    found: dict[str, list[shapes.HiddenWord]] = {}
    for row in (await session.execute(statement.execution_options(populate_existing=True))).scalars():
        found.setdefault(row.poll_id, []).append(shapes.HiddenWord(key=row.key, text=row.text))
    return found


async def tell(ctx: Context, polls: Iterable[Poll]) -> None:
    """Say how these polls are now: to everyone what everyone may know, and the rest to hosts."""
    changed = list(polls)
    released = [poll_on_wire(poll) for poll in changed if poll.state != "draft"]
    if released:
        ctx.to_room(contract.PollsChanged(polls=released))
    await tell_hosts(ctx, changed)


async def tell_hosts(ctx: Context, polls: Iterable[Poll]) -> None:
    changed = list(polls)
    if changed:
        hidden = await hidden_of(ctx.session, [poll.id for poll in changed])
        told = [host_poll_on_wire(poll, hidden.get(poll.id, [])) for poll in changed]
        ctx.to_hosts(contract.HostPollsChanged(polls=told))


async def project(ctx: Context, poll: Poll) -> list[Poll]:
    """Put a poll on the big screen. Returns those for which that changes something."""
    there = select(Poll).where(Poll.room_id == ctx.room.id, Poll.projected)
    before = (await ctx.session.execute(there.execution_options(populate_existing=True))).scalars()
    changed = [each for each in before if each is not poll]
    for each in changed:
        each.projected = False
    if not poll.projected:
        poll.projected = True
        changed.append(poll)
    return changed


async def delete_votes(session: AsyncSession, polls: list[str]) -> None:
    """All that was voted in these polls, and what was hidden of it."""
    for table in (PollVoter, PollChoice, PollCount, PollHidden):
        await session.execute(delete(table).where(table.poll_id.in_(polls)))
