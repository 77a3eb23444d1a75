"""What becomes of items when their person is sent out, signs in or has their account deleted, and the room ends."""

from __future__ import annotations

from sqlalchemy import delete, func, select, update

from salon.core.dispatch import Context, listens
from salon.core.tables import Member
from salon.floor.commands import take_away
from salon.floor.queue import hold
from salon.floor.tables import FloorAsked, FloorCounter, FloorItem, FloorSettings, FloorVote
from salon.people.contract import PersonRemoved
from salon.rooms.contract import RoomClosed


@listens(PersonRemoved)
async def take_away_theirs(event: PersonRemoved, ctx: Context) -> None:
    """Who was sent out does not stand in the queue. A ban may take along what was answered, too."""
    await hold(ctx)
    states = ("waiting", "open", "answered") if event.messages_deleted else ("waiting", "open")
    theirs = select(FloorItem).where(FloorItem.member_id == event.person.id, FloorItem.state.in_(states))
    items = list((await ctx.session.execute(theirs.order_by(FloorItem.number))).scalars())
    if items:
        await take_away(ctx, items, "deleted")


async def adopt(ctx: Context, guest: Member, own: Member) -> None:
    """Items, votes and the cool-down of the guest become the other member's. Two votes for one item are one."""
    session = ctx.session
    twice = select(FloorVote.item_id).where(FloorVote.member_id == own.id)
    doubled = delete(FloorVote).where(FloorVote.member_id == guest.id, FloorVote.item_id.in_(twice))
    gone = list((await session.execute(doubled.returning(FloorVote.item_id))).scalars())
    await session.execute(update(FloorVote).where(FloorVote.member_id == guest.id).values(member_id=own.id))
    theirs = (FloorItem.member_id == guest.id,)
    await session.execute(update(FloorItem).where(*theirs).values(member_id=own.id, name=own.name))
    # Nobody votes for their own.
    selfish = (
        delete(FloorVote)
        .where(
            FloorVote.member_id == own.id,
            FloorVote.item_id.in_(select(FloorItem.id).where(FloorItem.member_id == own.id)),
        )
        .returning(FloorVote.item_id)
    )
    gone += (await session.execute(selfish)).scalars()
    await _count_anew(ctx, gone)
    newest = select(func.max(FloorAsked.at)).where(FloorAsked.member_id.in_((guest.id, own.id)))
    at = (await session.execute(newest)).scalar_one()
    await session.execute(delete(FloorAsked).where(FloorAsked.member_id.in_((guest.id, own.id))))
    if at is not None:
        session.add(FloorAsked(member_id=own.id, at=at))
    await session.flush()


async def _count_anew(ctx: Context, items: list[str]) -> None:
    votes = select(func.count()).select_from(FloorVote).where(FloorVote.item_id == FloorItem.id).scalar_subquery()
    await ctx.session.execute(
        update(FloorItem).where(FloorItem.id.in_(items)).values(votes=votes, told_votes=votes),
        execution_options={"synchronize_session": False},
    )


async def forget_person(ctx: Context, member: Member) -> None:
    """The account was deleted: items and votes go, and what was answered loses text and name."""
    await hold(ctx)
    session = ctx.session
    theirs = select(FloorItem).where(FloorItem.member_id == member.id, FloorItem.state.in_(("waiting", "open")))
    items = list((await session.execute(theirs)).scalars())
    if items:
        await take_away(ctx, items, "deleted")
    ctx.forget_events()
    await session.execute(update(FloorItem).where(FloorItem.member_id == member.id).values(name="", body=""))
    voted = delete(FloorVote).where(FloorVote.member_id == member.id).returning(FloorVote.item_id)
    await _count_anew(ctx, list((await session.execute(voted)).scalars()))
    await session.execute(delete(FloorAsked).where(FloorAsked.member_id == member.id))


@listens(RoomClosed)
async def forget(_event: RoomClosed, ctx: Context) -> None:
    """A closed room keeps nothing of its queue."""
    room = ctx.room.id
    items = select(FloorItem.id).where(FloorItem.room_id == room)
    members = select(Member.id).where(Member.room_id == room)
    await ctx.session.execute(delete(FloorVote).where(FloorVote.item_id.in_(items)))
    await ctx.session.execute(delete(FloorItem).where(FloorItem.room_id == room))
    await ctx.session.execute(delete(FloorAsked).where(FloorAsked.member_id.in_(members)))
    for table in (FloorCounter, FloorSettings):
        await ctx.session.execute(delete(table).where(table.room_id == room))
