"""What hosts do with the queue."""

from __future__ import annotations

from sqlalchemy import select

from salon.core.dispatch import Context, handles
from salon.core.given import change
from salon.core.refusals import Refused
from salon.floor import contract
from salon.floor.commands import take_away
from salon.floor.queue import (
    Queue,
    access_item,
    count_open,
    hold,
    next_turn,
    past_changed,
    past_on_wire,
    settings_of,
    settings_on_wire,
)
from salon.floor.rules import QUEUE_LENGTH
from salon.floor.tables import FloorItem, FloorSettings


@handles(contract.Approve)
async def approve(cmd: contract.Approve, ctx: Context) -> None:
    await hold(ctx)
    item = await access_item(ctx, cmd.item, "waiting")
    await _let_in(ctx, [item])


async def _let_in(ctx: Context, items: list[FloorItem]) -> None:
    """Waiting items stand in the queue from now on."""
    queue = await Queue.load(ctx)
    gone = [item.id for item in items]
    ctx.to_hosts(contract.WaitingGone(items=gone))
    for item in items:
        ctx.to_person(item.member_id, contract.WaitingGone(items=[item.id]))
        queue.add(item)
    queue.settle()


@handles(contract.Move)
async def move(cmd: contract.Move, ctx: Context) -> None:
    await hold(ctx)
    item = await access_item(ctx, cmd.item, "open")
    if cmd.after is not None:
        if cmd.after == item.id:
            raise Refused("invalid", "An item does not stand behind itself.", field="after")
        await access_item(ctx, cmd.after, "open")
    queue = await Queue.load(ctx)
    target = queue.items[cmd.after] if cmd.after is not None else None
    on_top = target is None or target.pinned is not None or target.taken_at is not None
    stays_pinned = item.pinned is not None and on_top
    queue.lift(item)
    if stays_pinned:
        await _pin_behind(queue, item, cmd.after)
    else:
        item.moved, item.after = await next_turn(ctx), None if on_top else cmd.after
    queue.settle()


async def _pin_behind(queue: Queue, item: FloorItem, after: str | None) -> None:
    """The pinned ones in a new order: the newest pinning stands on top, so that all are pinned anew."""
    pinned = sorted(
        (each for each in queue.items.values() if each.pinned is not None), key=lambda each: -(each.pinned or 0)
    )
    at = next((at + 1 for at, each in enumerate(pinned) if each.id == after), 0)
    for each in reversed([*pinned[:at], item, *pinned[at:]]):
        each.pinned = await next_turn(queue.ctx)


@handles(contract.Pin)
async def pin(cmd: contract.Pin, ctx: Context) -> None:
    await hold(ctx)
    item = await access_item(ctx, cmd.item, "open")
    if (item.pinned is not None) == cmd.on:
        return
    queue = await Queue.load(ctx)
    queue.lift(item)
    item.pinned = await next_turn(ctx) if cmd.on else None
    queue.settle()


@handles(contract.Take)
async def take(cmd: contract.Take, ctx: Context) -> None:
    await hold(ctx)
    item = await access_item(ctx, cmd.item, "open")
    if (item.taken_at is not None) == cmd.on:
        return
    queue = await Queue.load(ctx)
    if cmd.on:
        for each in [each for each in queue.items.values() if each.taken_at is not None]:
            mark_answered(queue, each)
    queue.lift(item)
    if cmd.on:
        item.taken_at = ctx.now
    else:
        item.moved = await next_turn(ctx)
    queue.settle()


@handles(contract.Answer)
async def answer(cmd: contract.Answer, ctx: Context) -> None:
    await hold(ctx)
    item = await access_item(ctx, cmd.item, "open")
    queue = await Queue.load(ctx)
    mark_answered(queue, item)
    queue.settle()


def mark_answered(queue: Queue, item: FloorItem) -> None:
    """It leaves the queue and stands in the history."""
    queue.lift(item)
    queue.drop(item)
    item.state, item.settled_at = "answered", queue.ctx.now
    item.told_votes = item.votes
    queue.ctx.to_room(contract.ItemsGone(items=[item.id], outcome="answered", past=[past_on_wire(item)]))
    if item.member_id not in queue.answered:
        queue.answered.add(item.member_id)
        queue.touch_newcomers([item.member_id])


@handles(contract.Reopen)
async def reopen(cmd: contract.Reopen, ctx: Context) -> None:
    await hold(ctx)
    item = await access_item(ctx, cmd.item, "answered")
    if await count_open(ctx.session, ctx.room) >= QUEUE_LENGTH:
        raise Refused("queue_full")
    item.state = "open"
    queue = await Queue.load(ctx)
    ctx.to_room(await past_changed(ctx))
    queue.add(queue.items[item.id])
    if item.member_id not in queue.answered:
        queue.touch_newcomers([item.member_id])
    queue.settle()


@handles(contract.Delete)
async def delete(cmd: contract.Delete, ctx: Context) -> None:
    await hold(ctx)
    await take_away(ctx, [await access_item(ctx, cmd.item, "waiting", "open", "answered")], "deleted")


@handles(contract.Clear)
async def clear(cmd: contract.Clear, ctx: Context) -> None:
    await hold(ctx)
    states = ("answered",) if cmd.past else ("waiting", "open")
    statement = select(FloorItem).where(FloorItem.room_id == ctx.room.id, FloorItem.state.in_(states))
    items = list((await ctx.session.execute(statement.order_by(FloorItem.number))).scalars())
    if items:
        await take_away(ctx, items, "deleted")


@handles(contract.ChangeSettings)
async def change_settings(cmd: contract.ChangeSettings, ctx: Context) -> None:
    await hold(ctx)
    settings = await settings_of(ctx.session, ctx.room.id)
    change(settings, cmd)
    if settings.min_words > settings.max_words:
        raise Refused("invalid", "At least cannot be more than at most.", field="min_words")
    ctx.session.add(settings)
    ctx.to_room(contract.SettingsChanged(settings=settings_on_wire(settings)))
    await _follow(cmd, ctx, settings)


async def _follow(cmd: contract.ChangeSettings, ctx: Context, settings: FloorSettings) -> None:
    """What the new settings mean for those who are in the queue already."""
    await ctx.session.flush()
    if cmd.approval is False:
        statement = select(FloorItem).where(FloorItem.room_id == ctx.room.id, FloorItem.state == "waiting")
        waiting = list((await ctx.session.execute(statement.order_by(FloorItem.number))).scalars())
        if waiting:
            await _let_in(ctx, waiting)
    if cmd.order is not None:
        (await Queue.load(ctx, settings)).settle()
