"""Voting: the hot path. All that decides is read and written in one transaction, behind one lock for the room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, delete, insert, select, update

from salon.core.contract import Need
from salon.core.database.statements import Statement
from salon.core.dispatch import Context, handles
from salon.core.refusals import Refused
from salon.polls import contract, rules
from salon.polls.contract.shapes import OwnVote
from salon.polls.counting import ADD_COUNT, TOUCH_COUNTS
from salon.polls.desk import Asked, hold, read_question
from salon.polls.live import Live
from salon.polls.tables import Poll, PollChoice, PollVoter

_POLL = Statement(
    select(
        Poll.id,
        Poll.room_id,
        Poll.state,
        Poll.anonymous,
        Poll.question,
        Poll.options,
        Poll.opened_at,
        Poll.closes_at,
    ).where(Poll.id == bindparam("poll_id"))
)
_MINE = (PollVoter.poll_id == bindparam("of_poll"), PollVoter.member_id == bindparam("of_member"))
_HAS_VOTED = Statement(select(PollVoter.poll_id).where(*_MINE))
_NOTE_VOTER: Statement[()] = Statement(insert(PollVoter))
_CHANGE_VOTER: Statement[()] = Statement(
    update(PollVoter)
    .where(*_MINE)
    .values(took=bindparam("new_took"), points=bindparam("new_points"), correct=bindparam("new_correct"))
)
_NOTE_CHOICE: Statement[()] = Statement(insert(PollChoice))
_FORGET_CHOICES: Statement[()] = Statement(
    delete(PollChoice).where(PollChoice.poll_id == bindparam("of_poll"), PollChoice.member_id == bindparam("of_member"))
)


class _Running(NamedTuple):
    """What a vote needs to know of its poll."""

    id: str
    room_id: str
    state: str
    anonymous: bool
    question: str
    options: str
    opened_at: int | None
    closes_at: int | None


@handles(contract.Vote)
async def vote(cmd: contract.Vote, ctx: Context) -> None:
    await hold(ctx)
    poll = await _open_poll(ctx, cmd.poll)
    if cmd.opened_at is not None and cmd.opened_at != poll.opened_at:
        raise Refused("poll_begun_anew", field="opened_at")
    known = read_question(poll.question, poll.options)
    if not known.question.audience and ctx.me.standing < Need.PARTICIPANT:
        raise Refused("forbidden", "Only participants and hosts vote here.", field="poll")
    chosen = rules.choices(known.question, known.options, cmd.choice)
    again = await ctx.db.one(_HAS_VOTED, of_poll=poll.id, of_member=ctx.me.id) is not None
    if again and not known.question.changeable:
        raise Refused("already_voted", field="poll")
    await _note_voter(ctx, poll, known, chosen, again=again)
    if poll.anonymous:
        await _add_counts(ctx, poll, known, chosen)
    else:
        await _note_choices(ctx, poll, chosen, again=again)
    choice = None if poll.anonymous else rules.answer_of(known.question, chosen, known.options)
    # The column says null for drafts only.
    told = OwnVote(poll=poll.id, opened_at=poll.opened_at or 0, choice=choice)
    ctx.to_person(ctx.me.id, contract.Voted(vote=told))
    Live.counted(ctx, poll.id)


async def _open_poll(ctx: Context, name: str) -> _Running:
    """The poll, if votes count in it at this moment."""
    row = await ctx.db.one(_POLL, poll_id=name)
    poll = _Running(*row) if row is not None else None
    if poll is None or poll.room_id != ctx.room.id:
        raise Refused("poll_unknown", field="poll")
    if poll.state == "draft":
        # Those who are no hosts do not know that it exists; the answer tells them no more than that they are early.
        raise Refused("poll_not_open", field="poll")
    if poll.state == "closed" or (poll.closes_at is not None and ctx.now >= poll.closes_at):
        raise Refused("poll_over", field="poll")
    return poll


async def _note_voter(
    ctx: Context, poll: _Running, known: Asked, chosen: Sequence[rules.Choice], *, again: bool
) -> None:
    """The row whose key is the poll and the person: there is one, whatever comes at the same time."""
    took = worth = right = None
    if known.question.kind == "quiz" and not poll.anonymous:
        opened, until = poll.opened_at or 0, poll.closes_at
        took = max(0, ctx.now - opened)
        right = rules.is_right(known.question, known.options, chosen)
        open_for = until - opened if until is not None else None
        worth = rules.points(took, open_for, right=right, speed=known.question.speed)
    if again:
        whose = {"of_poll": poll.id, "of_member": ctx.me.id}
        await ctx.db.all(_CHANGE_VOTER, **whose, new_took=took, new_points=worth, new_correct=right)
    else:
        row = {"poll_id": poll.id, "member_id": ctx.me.id, "took": took, "points": worth, "correct": right}
        await ctx.db.all(_NOTE_VOTER, **row)


async def _note_choices(ctx: Context, poll: _Running, chosen: Sequence[rules.Choice], *, again: bool) -> None:
    if again:
        await ctx.db.all(_FORGET_CHOICES, of_poll=poll.id, of_member=ctx.me.id)
    for each in chosen:
        row = {"key": each.key, "rank": each.rank, "text": each.text, "value": each.value}
        ctx.db.later(_NOTE_CHOICE, poll_id=poll.id, member_id=ctx.me.id, **row)


async def _add_counts(ctx: Context, poll: _Running, known: Asked, chosen: Sequence[rules.Choice]) -> None:
    """Numbers go up by one; that somebody has voted is one of them. No row says whose vote it was."""
    for each in (rules.Choice(""), *chosen):
        row = {"key": each.key, "rank": each.rank, "text": each.text, "value": each.value, "count": 1}
        ctx.db.later(ADD_COUNT, poll_id=poll.id, **row)
    if known.question.kind not in rules.FREE and ctx.db.connection.dialect.name != "sqlite":
        ctx.db.later(TOUCH_COUNTS, of_poll=poll.id)
