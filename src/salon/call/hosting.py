"""What hosts may do in a call: hold what somebody sends, lower hands, send out, and say how calls are in their room."""

from __future__ import annotations

from sqlalchemy import delete

from salon.call import contract, rules
from salon.call.seats import (
    access_shown,
    begin,
    end,
    holds_of,
    is_shown,
    seats_of,
    settings_of,
    settings_on_wire,
    settle,
    tell,
)
from salon.call.tables import CallHold
from salon.core.access import access_subordinate
from salon.core.dispatch import Context, handles
from salon.core.given import change
from salon.core.tables import Member


@handles(contract.LowerHand)
async def lower_hand(cmd: contract.LowerHand, ctx: Context) -> None:
    await begin(ctx)
    seat = await access_shown(ctx, cmd.person)
    if seat.hand_at is not None:
        seat.hand_at = None
        tell(ctx, [seat])


@handles(contract.LowerHands)
async def lower_hands(_cmd: contract.LowerHands, ctx: Context) -> None:
    await begin(ctx)
    raised = [seat for seat in await seats_of(ctx.session, ctx.room.id) if seat.hand_at is not None]
    for seat in raised:
        # Also of those who are lost just now: they come back without.
        seat.hand_at = None
    tell(ctx, raised)


@handles(contract.Hold)
async def hold(cmd: contract.Hold, ctx: Context) -> None:
    await begin(ctx)
    if cmd.person is not None:
        people = [(await access_subordinate(ctx.session, ctx.me, cmd.person)).id]
    else:
        people = await _everybody(ctx, cmd)
    known = {each.member_id: each for each in await holds_of(ctx.session, ctx.room.id)}
    changed = []
    for person in people:
        before = known.get(person)
        what = rules.with_hold(before.what if before is not None else (), cmd.what, on=cmd.on)
        if what != (before.what if before is not None else []):
            await _write(ctx, before, person, what)
            changed.append(contract.Holds(person=person, what=what))
    if not changed:
        return
    await ctx.session.flush()
    ctx.to_room(contract.HoldsChanged(holds=sorted(changed, key=lambda each: each.person)))
    theirs = [seat for seat in await seats_of(ctx.session, ctx.room.id) if seat.member_id in people]
    tell(ctx, await settle(ctx, theirs))


async def _everybody(ctx: Context, cmd: contract.Hold) -> list[str]:
    """Of lower standing: who is in the call, or whatever is held of."""
    if cmd.on:
        found = [seat.member_id for seat in await seats_of(ctx.session, ctx.room.id) if is_shown(seat)]
    else:
        found = [each.member_id for each in await holds_of(ctx.session, ctx.room.id)]
    members = [await ctx.session.get_one(Member, person) for person in found]
    return [member.id for member in members if member.standing < ctx.me.standing]


async def _write(ctx: Context, before: CallHold | None, person: str, what: list[contract.What]) -> None:
    if not what:
        await ctx.session.execute(delete(CallHold).where(CallHold.member_id == person))
    elif before is None:
        ctx.session.add(CallHold(member_id=person, room_id=ctx.room.id, what=list(what)))
    else:
        before.what = list(what)


@handles(contract.SendOut)
async def send_out(cmd: contract.SendOut, ctx: Context) -> None:
    await begin(ctx)
    member = await access_subordinate(ctx.session, ctx.me, cmd.person)
    await end(ctx, await access_shown(ctx, member.id), "send_out", "sent_out")


@handles(contract.ChangeSettings)
async def change_settings(cmd: contract.ChangeSettings, ctx: Context) -> None:
    await begin(ctx)
    settings = await settings_of(ctx.session, ctx.room.id)
    before = settings_on_wire(settings)
    change(settings, cmd)
    now = settings_on_wire(settings)
    if now == before:
        return
    ctx.session.add(settings)
    await ctx.session.flush()
    ctx.to_room(contract.SettingsChanged(settings=now))
    tell(ctx, await settle(ctx, await seats_of(ctx.session, ctx.room.id)))
