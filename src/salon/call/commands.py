"""Joining, leaving, and what one sends."""

from __future__ import annotations

from salon.call import contract, rules
from salon.call.seats import (
    access_own,
    begin,
    end,
    is_shown,
    participant,
    seat_of,
    seats_of,
    settings_of,
    settle,
    state_of,
    switch_off_held,
    tell,
)
from salon.call.tables import CallSeat
from salon.core.dispatch import Context, handles
from salon.core.given import given
from salon.core.refusals import Refused
from salon.core.security import digest, new_id


@handles(contract.Join)
async def join(cmd: contract.Join, ctx: Context) -> contract.Joined:
    if not ctx.caller.sid:
        raise Refused("invalid", "This must be said over a connection to the room.")
    await begin(ctx)
    before, line = await seat_of(ctx.session, ctx.me.id), digest(cmd.line)
    own = before is not None and (before.line == line or before.sid == ctx.caller.sid)
    act = rules.comes(state_of(before), same_line=own, take=cmd.take)
    rules.step(state_of(before), act)
    await _check_places(ctx, before)
    muted = act == "join" and await _begins_muted(ctx)
    if before is not None and act == "join":
        await end(ctx, before, "forget", None)
    seat = before if before is not None and act != "join" else _new_seat(ctx)
    if rules.begins_anew(state_of(before), act, anew=cmd.anew):
        seat.epoch += 1
    seat.state, seat.sid, seat.line, seat.due_at = "in", ctx.caller.sid, line, None
    seat.microphone, seat.camera = cmd.microphone and not muted, cmd.camera
    seat.screen, seat.screen_sound = cmd.screen, cmd.screen_sound
    ctx.session.add(seat)
    await ctx.session.flush()
    await settle(ctx, [seat])
    tell(ctx, [seat])
    return contract.Joined(participant=participant(seat))


async def _check_places(ctx: Context, before: CallSeat | None) -> None:
    """Whoever is shown has a place already."""
    if before is not None and is_shown(before):
        return
    shown = [seat for seat in await seats_of(ctx.session, ctx.room.id) if is_shown(seat)]
    if len(shown) >= (await settings_of(ctx.session, ctx.room.id)).most:
        raise Refused("call_full")


def _new_seat(ctx: Context) -> CallSeat:
    return CallSeat(
        id=new_id(), room_id=ctx.room.id, member_id=ctx.me.id, epoch=0, joined_at=ctx.now, held=[], hand_at=None
    )


async def _begins_muted(ctx: Context) -> bool:
    return not ctx.me.is_host and (await settings_of(ctx.session, ctx.room.id)).join_muted


@handles(contract.Leave)
async def leave(_cmd: contract.Leave, ctx: Context) -> None:
    await begin(ctx)
    seat = await seat_of(ctx.session, ctx.me.id)
    # Whoever leaves while the connection is lost says so over the next one.
    if seat is not None and seat.sid in {None, ctx.caller.sid}:
        await end(ctx, seat, "leave", "left")


@handles(contract.ChangeMedia)
async def change_media(cmd: contract.ChangeMedia, ctx: Context) -> None:
    await begin(ctx)
    seat = await access_own(ctx)
    changed = False
    for name, value in given(cmd).items():
        what = "screen" if name == "screen_sound" else name
        if value and what in seat.held:
            raise Refused("held", field=name)
        changed = changed or getattr(seat, name) != value
        setattr(seat, name, value)
    switch_off_held(seat)
    if changed:
        tell(ctx, [seat])


@handles(contract.RaiseHand)
async def raise_hand(cmd: contract.RaiseHand, ctx: Context) -> None:
    await begin(ctx)
    seat = await access_own(ctx)
    if cmd.up != (seat.hand_at is not None):
        seat.hand_at = ctx.now if cmd.up else None
        tell(ctx, [seat])
