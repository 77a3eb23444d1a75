"""The call in a transaction: who is in it, taking the steps of the table, and telling everyone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.call import contract, rules
from salon.call.lines import Lines, Seat
from salon.call.tables import CallHold, CallSeat, CallSettings
from salon.core.contract import Role
from salon.core.database.statements import Statement
from salon.core.dispatch import Context
from salon.core.refusals import Refused
from salon.core.tables import Member, Room

ANY_SEAT = Statement(select(CallSeat.id).where(CallSeat.room_id == bindparam("room_id")).limit(1))


async def begin(ctx: Context) -> None:
    """Nobody else changes this room's call until the transaction has ended: before anything of it is read."""
    await ctx.session.execute(select(Room.id).where(Room.id == ctx.room.id).with_for_update())


# Reading.


async def settings_of(session: AsyncSession, room_id: str) -> CallSettings:
    found = await session.get(CallSettings, room_id, populate_existing=True)
    return found or CallSettings(
        room_id=room_id, share="everyone", record="hosts", join_muted=False, pictures="auto", most=rules.MOST
    )


def settings_on_wire(settings: CallSettings) -> contract.Settings:
    names = contract.Settings.model_fields
    return contract.Settings.model_validate({name: getattr(settings, name) for name in names})


async def seats_of(session: AsyncSession, room_id: str) -> list[CallSeat]:
    """All of them, in the order of joining; those that are only kept, too."""
    statement = select(CallSeat).where(CallSeat.room_id == room_id).order_by(CallSeat.joined_at, CallSeat.id)
    return list((await session.execute(statement.execution_options(populate_existing=True))).scalars())


async def seat_of(session: AsyncSession, member: str) -> CallSeat | None:
    statement = select(CallSeat).where(CallSeat.member_id == member)
    return (await session.execute(statement.execution_options(populate_existing=True))).scalar_one_or_none()


async def access_own(ctx: Context) -> CallSeat:
    """The place of the very connection that asks."""
    seat = await seat_of(ctx.session, ctx.me.id)
    if seat is None or seat.state != "in" or not seat.sid or seat.sid != ctx.caller.sid:
        raise Refused("not_in_call")
    return seat


async def access_shown(ctx: Context, person: str) -> CallSeat:
    """The place of somebody whom everybody sees in the call."""
    seat = await seat_of(ctx.session, person)
    if seat is None or seat.room_id != ctx.room.id or not is_shown(seat):
        raise Refused("participant_unknown", field="person")
    return seat


async def holds_of(session: AsyncSession, room_id: str) -> list[CallHold]:
    statement = select(CallHold).where(CallHold.room_id == room_id).order_by(CallHold.member_id)
    return list((await session.execute(statement.execution_options(populate_existing=True))).scalars())


def is_shown(seat: CallSeat) -> bool:
    return seat.state in {"in", "lost"}


def state_of(seat: CallSeat | None) -> rules.State:
    return cast("rules.State", seat.state) if seat is not None else "out"


def participant(seat: CallSeat) -> contract.Participant:
    return contract.Participant.model_validate(
        {
            "id": seat.id,
            "person": seat.member_id,
            "there": seat.sid is not None,
            "epoch": seat.epoch,
            "joined_at": seat.joined_at,
            "microphone": seat.microphone,
            "camera": seat.camera,
            "screen": seat.screen,
            "screen_sound": seat.screen_sound,
            "held": seat.held,
            "hand_at": seat.hand_at,
        }
    )


# What may be sent.


async def settle(ctx: Context, seats: Iterable[CallSeat]) -> list[CallSeat]:
    """Bring up to date what each of them may send, and switch off the rest. Returns whom it changed."""
    settings = await settings_of(ctx.session, ctx.room.id)
    holds = {each.member_id: each.what for each in await holds_of(ctx.session, ctx.room.id)}
    changed = []
    for seat in seats:
        member = await ctx.session.get_one(Member, seat.member_id)
        now = rules.held(
            cast("Role", member.role),
            holds.get(member.id, []),
            muted=member.muted,
            screens_for_hosts=settings.share == "hosts",
        )
        before = (seat.held, seat.microphone, seat.camera, seat.screen, seat.screen_sound)
        seat.held = list(now)
        switch_off_held(seat)
        if before != (seat.held, seat.microphone, seat.camera, seat.screen, seat.screen_sound):
            changed.append(seat)
    return changed


def switch_off_held(seat: CallSeat) -> None:
    seat.microphone = seat.microphone and "microphone" not in seat.held
    seat.camera = seat.camera and "camera" not in seat.held
    seat.screen = seat.screen and "screen" not in seat.held
    seat.screen_sound = seat.screen_sound and seat.screen


# Steps and telling.


def tell(ctx: Context, seats: Iterable[CallSeat]) -> None:
    """Tell the room of those who are shown, and let words go to these connections from the commit on."""
    shown = [seat for seat in seats if is_shown(seat)]
    if shown:
        ctx.to_room(contract.ParticipantsChanged(participants=[participant(seat) for seat in shown]))
    for seat in shown:
        bind(ctx, seat)


def bind(ctx: Context, seat: CallSeat) -> None:
    bound = Seat(
        id=seat.id,
        room_id=seat.room_id,
        person=seat.member_id,
        sid=seat.sid,
        epoch=seat.epoch,
        microphone=seat.microphone,
    )
    ctx.at_commit(lambda: Lines.of[ctx.fanout].bind(bound))


def lose(ctx: Context, seat: CallSeat, wait_ms: int) -> None:
    """Its connection is gone. Others see that, for so long."""
    seat.state = rules.step(state_of(seat), "lose")
    seat.sid, seat.due_at = None, ctx.now + wait_ms


def give_up(ctx: Context, seat: CallSeat) -> None:
    """Others see them no more; their page may still come back to this place."""
    seat.state = rules.step(state_of(seat), "give_up")
    seat.due_at = ctx.now + rules.KEPT_MS
    _unbind(ctx, seat)
    ctx.to_room(contract.ParticipantLeft(participant=seat.id, person=seat.member_id, why="lost"))


async def end(ctx: Context, seat: CallSeat, act: rules.Act, why: contract.Why | None) -> None:
    """Their place is nobody's any more. Who was not shown is not told of."""
    shown = is_shown(seat)
    rules.step(state_of(seat), act)
    await ctx.session.execute(delete(CallSeat).where(CallSeat.id == seat.id))
    ctx.session.expunge(seat)
    _unbind(ctx, seat)
    if shown and why is not None:
        ctx.to_room(contract.ParticipantLeft(participant=seat.id, person=seat.member_id, why=why))


def _unbind(ctx: Context, seat: CallSeat) -> None:
    name = seat.id
    ctx.at_commit(lambda: Lines.of[ctx.fanout].unbind(name))
