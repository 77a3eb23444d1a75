"""What other features do, and what it means for the call: people who go or get another role, a room's end."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from salon.call import recording, rules
from salon.call.seats import (
    ANY_SEAT,
    begin,
    bind,
    end,
    give_up,
    holds_of,
    is_shown,
    seat_of,
    seats_of,
    settle,
    tell,
)
from salon.call.tables import CallHold, CallRecording, CallSeat, CallSettings
from salon.core.dispatch import Context, listens
from salon.core.tables import Member
from salon.people.contract import PeopleChanged, PersonRemoved
from salon.rooms.contract import RoomChanged, RoomClosed


@listens(PeopleChanged)
async def follow_people(event: PeopleChanged, ctx: Context) -> None:
    """Who was sent out of the room is out of the call; who has another role may send other things."""
    if await ctx.db.one(ANY_SEAT, room_id=ctx.room.id) is None:
        return
    await begin(ctx)
    await ctx.session.flush()
    here = {person.id for person in event.people}
    changed = []
    for seat in await seats_of(ctx.session, ctx.room.id):
        if seat.member_id in event.left:
            await _let_go(ctx, seat)
        elif seat.member_id in here:
            changed.append(seat)
    tell(ctx, await settle(ctx, changed))


async def _let_go(ctx: Context, seat: CallSeat) -> None:
    """For good, or lost for so long that the room has given them up."""
    status = select(Member.status).where(Member.id == seat.member_id)
    if (await ctx.session.execute(status)).scalar_one() != "in":
        await end(ctx, seat, "go", "gone")
    elif is_shown(seat):
        if seat.sid is not None:
            seat.sid, seat.state = None, rules.step("in", "lose")
        give_up(ctx, seat)


@listens(PersonRemoved)
async def send_away(event: PersonRemoved, ctx: Context) -> None:
    """Also those whom nobody saw any more: there is no place to come back to."""
    seat = await seat_of(ctx.session, event.person.id)
    if seat is not None:
        await begin(ctx)
        await end(ctx, seat, "go", "gone")


@listens(RoomChanged)
async def follow_room(event: RoomChanged, ctx: Context) -> None:
    """The call ends when it is switched off."""
    if "call" in event.room.activities or await ctx.db.one(ANY_SEAT, room_id=ctx.room.id) is None:
        return
    await begin(ctx)
    for seat in await seats_of(ctx.session, ctx.room.id):
        await end(ctx, seat, "end", "ended")


@listens(RoomClosed)
async def forget(_event: RoomClosed, ctx: Context) -> None:
    """A closed room keeps nothing of it."""
    for seat in await seats_of(ctx.session, ctx.room.id):
        await end(ctx, seat, "end", None)
    for table in (CallHold, CallSettings, CallRecording):
        await ctx.session.execute(delete(table).where(table.room_id == ctx.room.id))


async def adopt(ctx: Context, guest: Member, own: Member) -> None:
    """The guest's place and holds become the other member's. Of two places the one that is in use stays."""
    await begin(ctx)
    session = ctx.session
    theirs, mine = await seat_of(session, guest.id), await seat_of(session, own.id)
    if theirs is not None and mine is not None:
        unused = theirs if is_shown(mine) else mine
        await end(ctx, unused, "end", None)
    await session.execute(update(CallSeat).where(CallSeat.member_id == guest.id).values(member_id=own.id))
    await _join_holds(ctx, guest.id, own.id)
    await recording.adopt(ctx, guest, own)
    seat = await seat_of(session, own.id)
    if seat is not None:
        await settle(ctx, [seat])
        if is_shown(seat):
            bind(ctx, seat)


async def _join_holds(ctx: Context, guest: str, own: str) -> None:
    """What is held of either is held of both: signing in lets go of nothing."""
    holds = [each for each in await holds_of(ctx.session, ctx.room.id) if each.member_id in {guest, own}]
    what = [each for each in rules.WHATS if any(each in hold.what for hold in holds)]
    for hold in holds:
        await ctx.session.delete(hold)
    await ctx.session.flush()
    if what:
        ctx.session.add(CallHold(member_id=own, room_id=ctx.room.id, what=list(what)))
        await ctx.session.flush()


async def forget_person(ctx: Context, member: Member) -> None:
    """The account was deleted."""
    seat = await seat_of(ctx.session, member.id)
    if seat is not None:
        await end(ctx, seat, "go", "gone")
    await recording.forget_person(ctx, member)
    await ctx.session.execute(delete(CallHold).where(CallHold.member_id == member.id))
