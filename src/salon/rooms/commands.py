"""Changing a room, and ending it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import select, update

from salon.core.dispatch import Context, handles
from salon.core.former_names import note_renamed
from salon.core.given import given
from salon.core.refusals import Refused
from salon.core.tables import Member
from salon.rooms import contract
from salon.rooms.guests import change_rule
from salon.rooms.rules import check_size, room_name
from salon.rooms.snapshot import room_of


@handles(contract.Update)
async def change(cmd: contract.Update, ctx: Context) -> None:
    changes = given(cmd, may_be_empty={"capacity"})
    check_size(cmd.capacity, ctx.settings)
    if cmd.name is not None:
        before, ctx.room.name = ctx.room.name, room_name(cmd.name, cast("contract.Preset", ctx.room.preset))
        await note_renamed(ctx.session, ctx.room, before, ctx.now)
    change_rule(cmd, ctx)
    for name in changes.keys() - {"name", "admission", "groups"}:
        setattr(ctx.room, name, changes[name])
    if changes:
        ctx.to_room(contract.RoomChanged(room=room_of(ctx.room)))


@handles(contract.SwitchActivity)
async def switch_activity(cmd: contract.SwitchActivity, ctx: Context) -> None:
    if cmd.activity not in ctx.activities:
        raise Refused("activity_unknown", field="activity")
    on = set(ctx.room.activities) - {cmd.activity} | ({cmd.activity} if cmd.on else set())
    # A new list: the database layer does not see changes within one.
    ctx.room.activities = [name for name in ctx.activities if name in on]
    ctx.to_room(contract.RoomChanged(room=room_of(ctx.room)))


@handles(contract.Close)
async def close(_cmd: contract.Close, ctx: Context) -> None:
    await close_room(ctx, "owner")


async def close_room(ctx: Context, reason: contract.CloseReason) -> None:
    """End the room: everyone is told and disconnected, the PIN is free. Features delete what they hold of it."""
    ctx.room.closed_at = ctx.now
    ctx.room.pin = None
    everyone = update(Member).where(Member.room_id == ctx.room.id)
    await ctx.session.execute(everyone.values(seated=False, present=False, devices=[], lost_at=None))
    ctx.forget_events()
    ctx.to_room(contract.RoomClosed(reason=reason))
    ctx.dismiss()


async def close_for(ctx: Context, reason: str) -> None:
    await close_room(ctx, cast("contract.CloseReason", reason))


async def adjust(ctx: Context, values: Mapping[str, Any]) -> None:
    """Others' features change the room: the checks are theirs."""
    groups, before = ctx.room.groups, ctx.room.name
    for name, value in values.items():
        setattr(ctx.room, name, value)
    await note_renamed(ctx.session, ctx.room, before, ctx.now)
    if ctx.room.groups != groups:
        ctx.to_hosts(contract.GroupsChanged(groups=ctx.room.groups))
    if values:
        ctx.to_room(contract.RoomChanged(room=room_of(ctx.room)))


async def forget_owner(ctx: Context, member: Member) -> None:
    """The owner's account is deleted: without a co-host to follow them, nobody could ever manage or end the room."""
    if member.role != "owner":
        return
    cohosts = select(Member.id).where(
        Member.room_id == ctx.room.id, Member.role == "cohost", Member.status.in_(("in", "left"))
    )
    if (await ctx.session.execute(cohosts)).first() is None:
        await close_room(ctx, "owner")
