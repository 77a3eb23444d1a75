"""Calls in a transaction: finding them, taking the steps of the table, and telling everyone."""

from __future__ import annotations

from typing import cast

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.database.statements import Statement
from salon.core.dispatch import Context
from salon.core.refusals import Refused
from salon.core.security import new_id
from salon.core.tables import Member, Room
from salon.voice import contract, rules
from salon.voice.lines import Ends, Lines
from salon.voice.tables import VoiceCall, VoiceDesk, VoiceRequest, VoiceSettings

DEFAULTS: dict[str, int] = {"phones": 1, "speak_seconds": 0}

ANY_CALL = Statement(select(VoiceCall.id).where(VoiceCall.room_id == bindparam("room_id")).limit(1))
ANY_DESK = Statement(select(VoiceDesk.room_id).where(VoiceDesk.room_id == bindparam("room_id")).limit(1))


async def hold(ctx: Context) -> None:
    """Nobody else changes this room's calls until the transaction has ended: before anything of them is read."""
    await ctx.session.execute(select(Room.id).where(Room.id == ctx.room.id).with_for_update())


async def begin(ctx: Context) -> None:
    """For commands: there are calls only where there is a queue."""
    if "floor" not in ctx.room.activities:
        raise Refused("activity_off")
    await hold(ctx)


async def settings_of(session: AsyncSession, room_id: str) -> VoiceSettings:
    found = await session.get(VoiceSettings, room_id, populate_existing=True)
    return found or VoiceSettings(room_id=room_id, **DEFAULTS)


def settings_on_wire(settings: VoiceSettings) -> contract.Settings:
    return contract.Settings(phones=settings.phones, speak_seconds=settings.speak_seconds)


async def calls_of(session: AsyncSession, room_id: str) -> list[VoiceCall]:
    statement = select(VoiceCall).where(VoiceCall.room_id == room_id).order_by(VoiceCall.called_at, VoiceCall.id)
    return list((await session.execute(statement.execution_options(populate_existing=True))).scalars())


async def access_call(ctx: Context, call: str) -> VoiceCall:
    found = await ctx.session.get(VoiceCall, call, populate_existing=True)
    if found is None or found.room_id != ctx.room.id:
        raise Refused("call_unknown", field="call")
    return found


async def access_request(ctx: Context, item: str) -> VoiceRequest:
    found = await ctx.session.get(VoiceRequest, item, populate_existing=True)
    if found is None or found.room_id != ctx.room.id:
        raise Refused("item_unknown", field="item")
    return found


def call_on_wire(call: VoiceCall) -> contract.Call:
    return contract.Call.model_validate(
        {
            "id": call.id,
            "item": call.item_id,
            "person": call.member_id,
            "state": call.state,
            "screen": call.screen_id,
            "phone_there": call.phone_sid is not None,
            "screen_there": call.screen_sid is not None,
            "epoch": call.epoch,
            "muted": call.muted,
            "auto": call.auto,
            "called_at": call.called_at,
            "live_at": call.live_at,
            "rings_until": call.rings_until,
            "speaks_until": call.speaks_until,
            "back_until": call.back_until,
        }
    )


def state_of(call: VoiceCall) -> rules.State:
    return cast("rules.State", call.state)


async def is_free(ctx: Context) -> bool:
    """Whether one more may be called."""
    calls = select(func.count()).select_from(VoiceCall).where(VoiceCall.room_id == ctx.room.id)
    counted: int = (await ctx.session.execute(calls)).scalar_one()
    return counted < (await settings_of(ctx.session, ctx.room.id)).phones


async def ring(ctx: Context, request: VoiceRequest, screen: Member, line: str, sid: str, *, auto: bool) -> str:
    """Let the phone of a request ring. ``line`` is hashed already. Whether it may ring was looked at before."""
    until = ctx.now + (rules.AUTO_RING_MS if auto else rules.RING_MS)
    call = VoiceCall(
        id=new_id(),
        room_id=ctx.room.id,
        item_id=request.item_id,
        member_id=request.member_id,
        state="ringing",
        screen_id=screen.id,
        screen_sid=sid,
        screen_line=line,
        phone_sid=None,
        phone_line=None,
        epoch=0,
        muted=False,
        auto=auto,
        called_at=ctx.now,
        live_at=None,
        rings_until=until,
        speaks_until=None,
        back_until=None,
        due_at=until,
    )
    ctx.session.add(call)
    if request.missed:
        request.missed = False
        await tell_missed(ctx)
    tell(ctx, call)
    return call.id


def tell(ctx: Context, call: VoiceCall) -> None:
    """Bring up to date what follows from the ends, tell the room, and let words go to these ends from the commit on."""
    both = {"phone_there": call.phone_sid is not None, "screen_there": call.screen_sid is not None}
    call.state = rules.settled(state_of(call), **both)
    if call.state == "reconnecting":
        call.back_until = call.back_until or ctx.now + rules.BACK_MS
    else:
        call.back_until = None
    call.due_at = rules.due_at(state_of(call), call.rings_until, call.speaks_until, call.back_until)
    ctx.to_room(contract.CallChanged(call=call_on_wire(call)))
    bind(ctx, call)


def bind(ctx: Context, call: VoiceCall) -> None:
    ends = Ends(
        call=call.id,
        room_id=call.room_id,
        person=call.member_id,
        epoch=call.epoch,
        phone=call.phone_sid,
        screen=call.screen_sid,
        muted=call.muted,
    )
    ctx.at_commit(lambda: Lines.of[ctx.fanout].bind(ends))


def unbind(ctx: Context, call: str) -> None:
    ctx.at_commit(lambda: Lines.of[ctx.fanout].unbind(call))


async def act(ctx: Context, call: VoiceCall, what: rules.Act) -> None:
    """Take a step of the table that ends the call."""
    done = rules.step(state_of(call), what)
    if done.outcome is None:
        raise LookupError(f"{what} does not end a call")
    await _end(ctx, call, done.outcome)


async def _end(ctx: Context, call: VoiceCall, outcome: rules.Outcome) -> None:
    await ctx.session.delete(call)
    await ctx.session.flush()
    unbind(ctx, call.id)
    ctx.to_room(contract.CallEnded(call=call.id, item=call.item_id, outcome=outcome))
    if outcome == "missed" and (request := await ctx.session.get(VoiceRequest, call.item_id)) is not None:
        request.missed = True
        await tell_missed(ctx)
    Lines.call_next(ctx)


def lose(ctx: Context, call: VoiceCall, *, phone: bool = False, screen: bool = False) -> None:
    """An end of it has no connection any more."""
    rules.step(state_of(call), "lose")
    call.phone_sid = None if phone else call.phone_sid
    call.screen_sid = None if screen else call.screen_sid
    tell(ctx, call)


async def missed_of(session: AsyncSession, room_id: str) -> list[str]:
    statement = select(VoiceRequest.item_id).where(VoiceRequest.room_id == room_id, VoiceRequest.missed)
    return list((await session.execute(statement.order_by(VoiceRequest.item_id))).scalars())


async def tell_missed(ctx: Context) -> None:
    await ctx.session.flush()
    ctx.to_room(contract.MissedNow(missed=await missed_of(ctx.session, ctx.room.id)))


def desk_on_wire(desk: VoiceDesk | None) -> contract.Auto | None:
    return None if desk is None else contract.Auto(person=desk.member_id, there=desk.sid is not None)


def tell_desk(ctx: Context, desk: VoiceDesk | None) -> None:
    ctx.to_room(contract.AutoSwitched(auto=desk_on_wire(desk)))
    room_id, sid = ctx.room.id, desk.sid if desk is not None else None
    ctx.at_commit(lambda: Lines.of[ctx.fanout].seat(room_id, sid))
    Lines.call_next(ctx)
