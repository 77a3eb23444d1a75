"""Calling, answering, hanging up: what hosts and the called do."""

from __future__ import annotations

from sqlalchemy import delete, select

from salon.core.dispatch import Context, handles
from salon.core.given import change
from salon.core.refusals import Refused
from salon.core.security import digest
from salon.core.tables import Member
from salon.voice import contract, rules
from salon.voice.calls import (
    access_call,
    access_request,
    act,
    begin,
    is_free,
    ring,
    settings_of,
    settings_on_wire,
    state_of,
    tell,
    tell_desk,
    tell_missed,
)
from salon.voice.lines import Lines
from salon.voice.tables import VoiceCall, VoiceDesk


@handles(contract.CallUp)
async def call_up(cmd: contract.CallUp, ctx: Context) -> contract.Called:
    await begin(ctx)
    sid = _connection(ctx)
    request = await access_request(ctx, cmd.item)
    member = await ctx.session.get(Member, request.member_id)
    if member is None or member.status != "in" or not member.present:
        raise Refused("person_away", field="item")
    if member.muted:
        raise Refused("muted", field="item")
    running = await _running_call(ctx, request.member_id)
    rules.step("asked" if running is None else state_of(running), "call")
    if not await is_free(ctx):
        raise Refused("lines_busy")
    return contract.Called(call=await ring(ctx, request, ctx.me, digest(cmd.line), sid, auto=False))


async def _running_call(ctx: Context, member: str) -> VoiceCall | None:
    """Somebody with two requests is called for one of them at a time."""
    found = await ctx.session.execute(select(VoiceCall).where(VoiceCall.member_id == member))
    return found.scalar_one_or_none()


def _connection(ctx: Context) -> str:
    """The very connection that asks: media goes to where it is."""
    if not ctx.caller.sid:
        raise Refused("invalid", "This must be said over a connection to the room.")
    return ctx.caller.sid


@handles(contract.Talk)
async def talk(cmd: contract.Talk, ctx: Context) -> None:
    await begin(ctx)
    call = await access_call(ctx, cmd.call)
    if call.member_id != ctx.me.id:
        raise Refused("forbidden", "Only who is called answers.")
    if call.phone_sid == ctx.caller.sid:
        # Pressed twice.
        return
    done = rules.step(state_of(call), "talk")
    sid = _connection(ctx)
    if ctx.me.muted:
        raise Refused("muted")
    if sid == call.screen_sid:
        raise Refused("call_taken", "The page that plays the voices does not speak. Take another device.")
    limit = (await settings_of(ctx.session, ctx.room.id)).speak_seconds
    call.state, call.live_at, call.rings_until = done.to, ctx.now, None
    call.speaks_until = ctx.now + limit * 1000 if limit else None
    call.phone_sid, call.phone_line = sid, digest(cmd.line)
    call.epoch += 1
    tell(ctx, call)


@handles(contract.HangUp)
async def hang_up(cmd: contract.HangUp, ctx: Context) -> None:
    await begin(ctx)
    call = await access_call(ctx, cmd.call)
    if not ctx.me.is_host and call.member_id != ctx.me.id:
        raise Refused("forbidden", "Only hosts and who is called hang up.")
    # A host who asked to speak and is called declines as everyone does.
    await act(ctx, call, rules.hangs_up(state_of(call), host=call.member_id != ctx.me.id))


@handles(contract.Mute)
async def mute(cmd: contract.Mute, ctx: Context) -> None:
    await begin(ctx)
    call = await access_call(ctx, cmd.call)
    if call.muted != cmd.on:
        call.muted = cmd.on
        tell(ctx, call)


@handles(contract.Resume)
async def resume(cmd: contract.Resume, ctx: Context) -> None:
    await begin(ctx)
    call = await access_call(ctx, cmd.call)
    sid, line = _connection(ctx), digest(cmd.line)
    if sid in {call.phone_sid, call.screen_sid}:
        # It has an end already, and goes on having it.
        return
    if _means_screen(call, ctx.me, line):
        _resume_screen(call, ctx.me, sid, line)
    elif call.member_id == ctx.me.id:
        _resume_phone(call, sid, line)
    else:
        raise Refused("forbidden", "This is somebody else's call.")
    call.epoch += 1
    tell(ctx, call)


def _means_screen(call: VoiceCall, me: Member, line: str) -> bool:
    """Hosts mean the screen, unless it is themselves who were called: then their page says which end it had."""
    return me.is_host and (call.member_id != me.id or (line == call.screen_line and line != call.phone_line))


def _resume_screen(call: VoiceCall, me: Member, sid: str, line: str) -> None:
    rules.step(state_of(call), "resume")
    if not rules.may_take_end(call.screen_sid, call.screen_line, line):
        raise Refused("call_taken")
    call.screen_id, call.screen_sid, call.screen_line = me.id, sid, line


def _resume_phone(call: VoiceCall, sid: str, line: str) -> None:
    if state_of(call) == "ringing":
        raise Refused("call_unknown", "It has not been answered yet.", field="call")
    rules.step(state_of(call), "resume")
    if not rules.may_take_end(call.phone_sid, call.phone_line, line):
        raise Refused("call_taken")
    call.phone_sid, call.phone_line = sid, line


@handles(contract.Ready)
async def ready(cmd: contract.Ready, ctx: Context) -> None:
    await begin(ctx)
    request = await access_request(ctx, cmd.item)
    if request.member_id != ctx.me.id:
        raise Refused("forbidden", "Only who asked says so.")
    if request.missed:
        request.missed = False
        await tell_missed(ctx)
        Lines.call_next(ctx)


@handles(contract.SwitchAuto)
async def switch_auto(cmd: contract.SwitchAuto, ctx: Context) -> None:
    await begin(ctx)
    desk = await ctx.session.get(VoiceDesk, ctx.room.id, populate_existing=True)
    if not cmd.on:
        if desk is not None:
            await ctx.session.execute(delete(VoiceDesk).where(VoiceDesk.room_id == ctx.room.id))
            tell_desk(ctx, None)
        return
    sid, line = _connection(ctx), digest(cmd.line)
    if desk is None:
        desk = VoiceDesk(room_id=ctx.room.id, member_id=ctx.me.id, sid=sid, line=line)
        ctx.session.add(desk)
    elif (desk.member_id, desk.sid, desk.line) == (ctx.me.id, sid, line):
        return
    desk.member_id, desk.sid, desk.line = ctx.me.id, sid, line
    tell_desk(ctx, desk)


@handles(contract.ChangeSettings)
async def change_settings(cmd: contract.ChangeSettings, ctx: Context) -> None:
    await begin(ctx)
    settings = await settings_of(ctx.session, ctx.room.id)
    change(settings, cmd)
    ctx.session.add(settings)
    ctx.to_room(contract.SettingsChanged(settings=settings_on_wire(settings)))
    Lines.call_next(ctx)
