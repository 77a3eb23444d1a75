"""Polls as somebody sees them who comes in now."""

from __future__ import annotations

from dataclasses import dataclass

import orjson
from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.feature import View
from salon.polls import counting
from salon.polls.contract import shapes
from salon.polls.desk import asked, hidden_of, host_poll_on_wire, poll_on_wire, polls_of
from salon.polls.rules import Choice, answer_of
from salon.polls.tables import Poll, PollChoice, PollVoter

_POLLS = TypeAdapter(list[shapes.Poll])
_HOSTS = TypeAdapter(list[shapes.HostPoll])
_LIVE = TypeAdapter(list[shapes.Live])
_OWN = TypeAdapter(list[shapes.OwnVote])


@dataclass(frozen=True)
class _Reading:
    """What is read once for everybody of a glance."""

    hosts: bytes
    """JSON of the part that only hosts get."""
    open: list[tuple[Poll, shapes.Tally]]
    own: dict[str, list[shapes.OwnVote]]
    """By member."""
    voted: dict[str, set[str]]
    """By member: polls."""


async def snapshot(view: View) -> bytes:
    common = await view.glance.kept("polls", lambda: _common(view))
    read = await view.glance.once("polls", lambda: _read(view))
    me = view.me.id
    live = [
        shapes.Live(
            poll=poll.id,
            votes=tally.votes,
            tally=tally if is_entitled(poll, host=view.me.is_host, voted=poll.id in read.voted.get(me, ())) else None,
        )
        for poll, tally in read.open
    ]
    return orjson.dumps(
        {
            "polls": orjson.Fragment(common),
            "live": orjson.Fragment(_LIVE.dump_json(live)),
            "own": orjson.Fragment(_OWN.dump_json(read.own.get(me, []))),
            "hosts": {"polls": orjson.Fragment(read.hosts)} if view.me.is_host else None,
        }
    )


def is_entitled(poll: Poll, *, host: bool, voted: bool) -> bool:
    """Whether somebody may see the totals of a released poll now."""
    by_voting = voted and poll.state == "open" and asked(poll).question.visibility == "voted"
    return host or poll.shown or by_voting


async def _common(view: View) -> bytes:
    """What follows from what the room was told."""
    polls = await polls_of(view.session, view.room.id)
    return _POLLS.dump_json([poll_on_wire(poll) for poll in polls if poll.state != "draft"])


async def _read(view: View) -> _Reading:
    session = view.session
    polls = await polls_of(session, view.room.id)
    released = {poll.id: poll for poll in polls if poll.state != "draft"}
    running = [poll for poll in polls if poll.state == "open"]
    hosts = b"[]"
    if any(member.is_host for member in view.company):
        hidden = await hidden_of(session, [poll.id for poll in polls])
        hosts = _HOSTS.dump_json([host_poll_on_wire(poll, hidden.get(poll.id, [])) for poll in polls])
    members = [member.id for member in view.company]
    own = await votes_of(session, released, members)
    return _Reading(
        hosts=hosts,
        open=[(poll, await counting.count(session, poll)) for poll in running],
        own=own,
        voted={member: {vote.poll for vote in votes} for member, votes in own.items()},
    )


async def votes_of(
    session: AsyncSession, polls: dict[str, Poll], members: list[str]
) -> dict[str, list[shapes.OwnVote]]:
    """By member: how they have voted in these polls, by the polls' ids."""
    if not polls:
        return {}
    of_members = select(PollVoter.member_id, PollVoter.poll_id).where(
        PollVoter.member_id.in_(members), PollVoter.poll_id.in_(polls)
    )
    voted = (await session.execute(of_members.order_by(PollVoter.member_id, PollVoter.poll_id))).all()
    chosen = await chosen_of(session, list(polls), members) if voted else {}
    found: dict[str, list[shapes.OwnVote]] = {}
    for member, name in voted:
        poll = polls[name]
        known = asked(poll)
        rows = chosen.get((name, member), [])
        choice = None if poll.anonymous else answer_of(known.question, rows, known.options)
        found.setdefault(member, []).append(shapes.OwnVote(poll=name, opened_at=poll.opened_at or 0, choice=choice))
    return found


async def chosen_of(session: AsyncSession, polls: list[str], members: list[str]) -> dict[tuple[str, str], list[Choice]]:
    """By poll and member: what they chose, where that is known."""
    row = PollChoice
    statement = select(row.poll_id, row.member_id, row.key, row.rank, row.text, row.value)
    found: dict[tuple[str, str], list[Choice]] = {}
    where = (row.poll_id.in_(polls), row.member_id.in_(members))
    for poll, member, key, rank, text, value in await session.execute(statement.where(*where)):
        found.setdefault((poll, member), []).append(Choice(key, rank, text, value))
    return found
