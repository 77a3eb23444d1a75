"""How a plan ends before its time: its planner calls it off, its room closes, its planner's account goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.accounts import Account
from salon.core.dispatch import Context, listens
from salon.core.http import Visit
from salon.core.refusals import Refused
from salon.core.tables import Member, Room
from salon.core.writer import Work
from salon.plans import jobs
from salon.plans.access import Seen, access_own_plan, proven_key, series_of
from salon.plans.tables import Invitee, Job, Notice, Plan, StoppedBrowser, Subscription
from salon.rooms.contract import RoomClosed

if TYPE_CHECKING:
    from salon.core.house import House


async def cancel(work: Work, house: House, visit: Visit, plan_id: str) -> Seen:
    """Call it off. The room closes if nobody is in it, or else when its people have gone and its idle time is over."""
    seen = await access_own_plan(work.session, visit, plan_id)
    if seen.plan.cancelled_at is not None or seen.plan.last_end <= work.now:
        raise Refused("plan_over")
    await _call_off(work.session, seen.plan, work.now)
    room = await work.session.get_one(Room, seen.plan.room_id, populate_existing=True)
    room.kept_until = None
    await work.session.flush()
    if room.closed_at is None and await _is_unused(work.session, room, seen.plan.planner_id):

        async def close(ctx: Context) -> None:
            for feature in house.features:
                if feature.closes is not None:
                    await feature.closes(ctx, "owner")

        await house.dispatcher.within(work, room, close)
    return seen


async def _call_off(session: AsyncSession, plan: Plan, now: int) -> None:
    await jobs.disarm(session, plan)
    plan.cancelled_at = plan.last_end = plan.changed_at = now
    plan.sequence += 1
    jobs.tell(session, "cancelled", plan, now)


async def _is_unused(session: AsyncSession, room: Room, planner: str) -> bool:
    """Nobody is in it, and nobody else has become its owner."""
    somebody = exists().where(Member.room_id == room.id, Member.seated)
    another = exists().where(Member.room_id == room.id, Member.role == "owner", Member.identity_id != planner)
    return (await session.execute(select(somebody | another))).scalar_one() is False


@listens(RoomClosed)
async def follow_room(_event: RoomClosed, ctx: Context) -> None:
    """What was still to come will not be: there is no room for it. The end of a last meeting is no cancellation."""
    theirs = select(Plan).where(Plan.room_id == ctx.room.id).with_for_update()
    plan = (await ctx.session.execute(theirs)).scalar_one_or_none()
    if plan is None or plan.cancelled_at is not None or plan.last_end <= ctx.now:
        return
    if series_of(plan).ending_after(ctx.now, 2)[-1].start > ctx.now:
        await _call_off(ctx.session, plan, ctx.now)
    else:
        await jobs.disarm(ctx.session, plan)
        plan.last_end = ctx.now


async def forget_identity(work: Work, identity: str) -> None:
    """An account is deleted. Its plans are called off without its name, and go when everybody was told."""
    account = await work.session.get(Account, identity)
    plans = select(Plan).where(Plan.planner_id == identity).with_for_update()
    for plan in (await work.session.execute(plans)).scalars().all():
        await _orphan(work, plan)
    key = proven_key(account) if account is not None else None
    if key is not None:
        await work.session.execute(delete(Invitee).where(Invitee.email_key == key))
    await _forget_news(work.session, identity)


async def _orphan(work: Work, plan: Plan) -> None:
    if plan.cancelled_at is None and plan.last_end > work.now:
        await _call_off(work.session, plan, work.now)
        await work.session.execute(update(Room).where(Room.id == plan.room_id).values(kept_until=None))
        plan.description = ""
        await work.session.flush()
        return
    told = (await work.session.execute(select(Job.id).where(Job.plan_id == plan.id).limit(1))).first()
    if told is None:
        await delete_plan(work.session, plan.id)
    else:
        plan.description = ""


async def delete_plan(session: AsyncSession, plan_id: str) -> None:
    """Everything of a plan but its room."""
    await session.execute(update(Notice).where(Notice.plan_id == plan_id).values(plan_id=None))
    for table in (Job, Invitee):
        await session.execute(delete(table).where(table.plan_id == plan_id))
    await session.execute(delete(Plan).where(Plan.id == plan_id))


async def _forget_news(session: AsyncSession, identity: str) -> None:
    await session.execute(delete(Notice).where(Notice.identity_id == identity))
    await session.execute(delete(Subscription).where(Subscription.identity_id == identity))
    await session.execute(delete(StoppedBrowser).where(StoppedBrowser.identity_id == identity))
