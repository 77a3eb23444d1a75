"""What becomes of votes when their person is banned, signs in or has their account deleted, and the room ends."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, select, update

from salon.core.dispatch import Context, listens
from salon.core.tables import Member
from salon.core.writer import Work
from salon.people.contract import PersonRemoved
from salon.polls.counting import count_again
from salon.polls.desk import delete_votes, hold, polls_of, tell
from salon.polls.live import Live
from salon.polls.tables import Poll, PollChoice, PollTemplate, PollVoter
from salon.rooms.contract import RoomClosed


@listens(PersonRemoved)
async def take_away_theirs(event: PersonRemoved, ctx: Context) -> None:
    """Votes of somebody who was sent out stay. A ban that deletes what they wrote takes those with names along."""
    if not event.messages_deleted:
        return
    await hold(ctx)
    concerned = await _take_votes(ctx, event.person.id)
    if concerned:
        ctx.forget_events()
        await tell(ctx, [poll for poll in concerned if poll.state == "closed"])


async def _take_votes(ctx: Context, member: str) -> list[Poll]:
    """Delete somebody's votes in polls with names, and count these anew. Anonymous ones nobody knows."""
    polls = await _voted_in(ctx, [member])
    of_polls = [poll.id for poll in polls]
    for table in (PollVoter, PollChoice):
        theirs = delete(table).where(table.member_id == member, table.poll_id.in_(of_polls))
        await ctx.session.execute(theirs)
    await _count(ctx, polls)
    return polls


async def _voted_in(ctx: Context, members: list[str]) -> list[Poll]:
    """Polls with names in which one of these has voted."""
    voted = select(PollVoter.poll_id).where(PollVoter.member_id.in_(members))
    named = set((await ctx.session.execute(select(Poll.id).where(Poll.id.in_(voted), ~Poll.anonymous))).scalars())
    return [poll for poll in await polls_of(ctx.session, ctx.room.id) if poll.id in named]


async def _count(ctx: Context, polls: Iterable[Poll]) -> None:
    for poll in polls:
        if poll.state == "closed":
            await count_again(ctx, poll)
        Live.counted(ctx, poll.id)


async def adopt(ctx: Context, guest: Member, own: Member) -> None:
    """Votes of the guest become the other member's. Of two in one poll the member's own stays; in an anonymous poll
    both were counted, and stay so.
    """
    session = ctx.session
    twice = select(PollVoter.poll_id).where(PollVoter.member_id == own.id)
    doubled = list(
        (
            await session.execute(
                select(PollVoter.poll_id).where(PollVoter.member_id == guest.id, PollVoter.poll_id.in_(twice))
            )
        ).scalars()
    )
    concerned = await _voted_in(ctx, [guest.id])
    for table in (PollVoter, PollChoice):
        theirs = (table.member_id == guest.id, table.poll_id.in_(doubled))
        await session.execute(delete(table).where(*theirs))
        await session.execute(update(table).where(table.member_id == guest.id).values(member_id=own.id))
    await _count(ctx, concerned)
    await session.flush()


async def forget_person(ctx: Context, member: Member) -> None:
    """The account was deleted: votes with a name go, and of anonymous ones that there was one of theirs."""
    await hold(ctx)
    if await _take_votes(ctx, member.id):
        ctx.forget_events()
    await ctx.session.execute(delete(PollVoter).where(PollVoter.member_id == member.id))


async def forget_identity(work: Work, identity: str) -> None:
    await work.session.execute(delete(PollTemplate).where(PollTemplate.identity_id == identity))


@listens(RoomClosed)
async def forget(_event: RoomClosed, ctx: Context) -> None:
    """A closed room keeps nothing of its polls."""
    of_room = list((await ctx.session.execute(select(Poll.id).where(Poll.room_id == ctx.room.id))).scalars())
    await delete_votes(ctx.session, of_room)
    await ctx.session.execute(delete(Poll).where(Poll.room_id == ctx.room.id))
