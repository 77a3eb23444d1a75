"""What people ask about polls: how one stands, its texts, who voted how, who leads."""

from __future__ import annotations

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.dispatch import Asking, answers
from salon.core.refusals import Refused
from salon.core.tables import Member
from salon.polls import contract, counting
from salon.polls.contract import shapes
from salon.polls.desk import asked, final_of
from salon.polls.exchange import loaded
from salon.polls.rules import answer_of
from salon.polls.snapshot import chosen_of, is_entitled
from salon.polls.tables import Poll, PollTemplate, PollVoter


async def _access(asking: Asking, name: str) -> Poll:
    """A poll of this room that the person knows of."""
    poll = await asking.session.get(Poll, name)
    if poll is None or poll.room_id != asking.room.id:
        raise Refused("poll_unknown", field="poll")
    if poll.state == "draft":
        raise Refused("poll_not_open", field="poll")
    return poll


async def _may_see(asking: Asking, poll: Poll) -> bool:
    voted = await asking.session.get(PollVoter, (poll.id, asking.me.id)) is not None
    return is_entitled(poll, host=asking.me.is_host, voted=voted)


@answers(contract.Results)
async def results(query: contract.Results, asking: Asking) -> shapes.Live:
    poll = await _access(asking, query.poll)
    tally = final_of(poll) or await counting.count(asking.session, poll)
    return shapes.Live(poll=poll.id, votes=tally.votes, tally=tally if await _may_see(asking, poll) else None)


@answers(contract.Texts)
async def texts(query: contract.Texts, asking: Asking) -> shapes.TextsPage:
    poll = await _access(asking, query.poll)
    if not await _may_see(asking, poll):
        raise Refused("results_hidden", field="poll")
    if asked(poll).question.kind not in {"words", "text"}:
        return shapes.TextsPage(texts=[], more=False)
    found = await counting.page_of_texts(asking.session, poll, query.after, query.limit)
    return shapes.TextsPage(texts=found[: query.limit], more=len(found) > query.limit)


@answers(contract.Ballots)
async def ballots(query: contract.Ballots, asking: Asking) -> shapes.BallotsPage:
    poll = await _access(asking, query.poll)
    if poll.anonymous:
        raise Refused("poll_anonymous", field="poll")
    found = await ballots_of(asking.session, poll, query.after, query.limit + 1)
    return shapes.BallotsPage(ballots=found[: query.limit], more=len(found) > query.limit)


async def ballots_of(session: AsyncSession, poll: Poll, after: str = "", limit: int = 100_000) -> list[shapes.Ballot]:
    """Who voted how, in the order of the people's ids."""
    voters = (
        select(PollVoter.member_id, Member.name, PollVoter.points)
        .join(Member, Member.id == PollVoter.member_id)
        .where(PollVoter.poll_id == poll.id, PollVoter.member_id > after)
        .order_by(PollVoter.member_id)
        .limit(limit)
    )
    rows = (await session.execute(voters)).all()
    known = asked(poll)
    found = []
    for start in range(0, len(rows), 500):
        page = rows[start : start + 500]
        chosen = await chosen_of(session, [poll.id], [row[0] for row in page])
        for person, name, worth in page:
            choice = answer_of(known.question, chosen.get((poll.id, person), []), known.options)
            found.append(shapes.Ballot(person=person, name=name, choice=choice, points=worth))
    return found


@answers(contract.Leaders)
async def leaders(query: contract.Leaders, asking: Asking) -> shapes.LeadersPage:
    """Only what is revealed counts: before, points would tell which answers are right."""
    whose = [Poll.id.in_(query.polls)] if query.polls is not None else []
    everyone = await leaders_of(asking.session, asking.room.id, *whose)
    own = next((each for each in everyone if each.person == asking.me.id), None)
    return shapes.LeadersPage(leaders=everyone[: query.limit], own=own)


async def leaders_of(session: AsyncSession, room_id: str, *also: ColumnElement[bool]) -> list[shapes.Leader]:
    """Everyone who has answered a quiz that counts, the best first; of those alike the one who took less time."""
    total = func.coalesce(func.sum(PollVoter.points), 0)
    right = func.sum(case((PollVoter.correct.is_(True), 1), else_=0))
    statement = (
        select(PollVoter.member_id, Member.name, total, right)
        .join(Poll, Poll.id == PollVoter.poll_id)
        .join(Member, Member.id == PollVoter.member_id)
        .where(Poll.room_id == room_id, Poll.revealed, PollVoter.points.is_not(None), *also)
        .group_by(PollVoter.member_id, Member.name)
        .order_by(total.desc(), func.sum(PollVoter.took), PollVoter.member_id)
    )
    found: list[shapes.Leader] = []
    for at, (person, name, worth, correct) in enumerate(await session.execute(statement), 1):
        rank = found[-1].rank if found and found[-1].points == worth else at
        found.append(shapes.Leader(rank=rank, person=person, name=name, points=worth, right=correct))
    return found


@answers(contract.Templates)
async def templates(_query: contract.Templates, asking: Asking) -> shapes.TemplateList:
    mine = select(PollTemplate).where(PollTemplate.identity_id == asking.me.identity_id)
    rows = (await asking.session.execute(mine.order_by(PollTemplate.name, PollTemplate.id))).scalars()
    found = [shapes.Template(id=row.id, name=row.name, questions=loaded(row.questions)) for row in rows]
    return shapes.TemplateList(templates=found)
