"""Asking, taking back, voting: what everyone does."""

from __future__ import annotations

from sqlalchemy import delete, update

from salon.core.dispatch import Context, handles
from salon.core.refusals import Refused
from salon.core.security import new_id
from salon.core.storage import upsert
from salon.floor import contract
from salon.floor.queue import (
    VOTES,
    Queue,
    access_item,
    answered_people,
    count_open,
    hold,
    item_on_wire,
    next_number,
    past_changed,
    settings_of,
)
from salon.floor.rules import QUEUE_LENGTH, item_text
from salon.floor.tables import FloorAsked, FloorItem, FloorSettings, FloorVote


@handles(contract.Ask)
async def ask(cmd: contract.Ask, ctx: Context) -> contract.Asked:
    await hold(ctx)
    settings = await settings_of(ctx.session, ctx.room.id)
    body = _content(cmd, settings)
    if ctx.me.muted:
        raise Refused("muted")
    await _check_turn(ctx, settings)
    waits = settings.approval and not ctx.me.is_host
    item = FloorItem(
        id=new_id(),
        room_id=ctx.room.id,
        number=await next_number(ctx),
        kind=cmd.kind,
        body=body,
        member_id=ctx.me.id,
        name=ctx.me.name,
        asked_at=ctx.now,
        state="waiting",
        settled_at=None,
        votes=0,
        told_votes=0,
        place=0.0,
        taken_at=None,
        pinned=None,
        moved=None,
        after=None,
    )
    await _note_asked(ctx)
    if waits:
        ctx.session.add(item)
        told = contract.ItemsWaiting(items=[item_on_wire(item, newcomer=False)])
        ctx.to_hosts(told)
        ctx.to_person(ctx.me.id, told)
    else:
        queue = await Queue.load(ctx, settings)
        ctx.session.add(item)
        queue.add(item)
        queue.settle()
    return contract.Asked(item=item.id, number=item.number, waiting=waits)


def _content(cmd: contract.Ask, settings: FloorSettings) -> str:
    if not (settings.text if cmd.kind == "text" else settings.voice):
        raise Refused("floor_closed", field="kind")
    if cmd.kind == "text":
        return item_text(cmd.body, settings.min_words, settings.max_words)
    # Who asks to speak may say about what, and need not.
    return item_text(cmd.body, 1, settings.max_words) if cmd.body.strip() else ""


async def _check_turn(ctx: Context, settings: FloorSettings) -> None:
    if await count_open(ctx.session, ctx.room) >= QUEUE_LENGTH:
        raise Refused("queue_full")
    if ctx.me.is_host:
        return
    if await count_open(ctx.session, ctx.room, ctx.me.id) >= settings.open_items:
        raise Refused("item_open")
    asked = await ctx.session.get(FloorAsked, ctx.me.id, populate_existing=True)
    # Moments of different transactions may be a little ahead of each other: without a cool-down they do not matter.
    if asked is not None and settings.cooldown_seconds > 0:
        wait = (asked.at + settings.cooldown_seconds * 1000 - ctx.now) / 1000
        if wait > 0:
            raise Refused("cooling_down", retry_after=wait)


async def _note_asked(ctx: Context) -> None:
    statement = upsert(ctx.session, FloorAsked).values(member_id=ctx.me.id, at=ctx.now)
    await ctx.session.execute(statement.on_conflict_do_update(index_elements=["member_id"], set_={"at": ctx.now}))
    ctx.to_person(ctx.me.id, contract.AskedAt(at=ctx.now))


@handles(contract.Withdraw)
async def withdraw(cmd: contract.Withdraw, ctx: Context) -> None:
    await hold(ctx)
    item = await access_item(ctx, cmd.item, "waiting", "open")
    if item.member_id != ctx.me.id:
        raise Refused("forbidden", "Only who asked takes it back.")
    await take_away(ctx, [item], "withdrawn")


async def take_away(ctx: Context, items: list[FloorItem], outcome: contract.Outcome) -> None:
    """Delete items, whatever their state, and tell those who saw them. Their texts leave the log too."""
    ctx.forget_events()
    waiting = [item for item in items if item.state == "waiting"]
    standing = [item for item in items if item.state == "open"]
    past = [item for item in items if item.state == "answered"]
    queue = await Queue.load(ctx) if standing or past else None
    for item in standing:
        assert queue is not None  # noqa: S101  it was just loaded
        queue.remove(queue.items[item.id])
    gone = [item.id for item in items]
    await ctx.session.execute(delete(FloorVote).where(FloorVote.item_id.in_(gone)))
    await ctx.session.execute(delete(FloorItem).where(FloorItem.id.in_(gone)))
    if waiting:
        ctx.to_hosts(contract.WaitingGone(items=[item.id for item in waiting]))
        for author in dict.fromkeys(item.member_id for item in waiting):
            theirs = [item.id for item in waiting if item.member_id == author]
            ctx.to_person(author, contract.WaitingGone(items=theirs))
    if standing:
        ctx.to_room(contract.ItemsGone(items=[item.id for item in standing], outcome=outcome, past=[]))
    if past:
        ctx.to_room(await past_changed(ctx, deleted=[item.id for item in past]))
    if queue is not None:
        await _settle_after(queue, {item.member_id for item in past})


async def _settle_after(queue: Queue, people: set[str]) -> None:
    """Give places anew; of these people perhaps nothing was answered any more."""
    if people:
        queue.answered = await answered_people(queue.ctx.session, queue.ctx.room.id)
        queue.touch_newcomers(people - queue.answered)
    queue.settle()


@handles(contract.Upvote)
async def upvote(cmd: contract.Upvote, ctx: Context) -> None:
    settings = await settings_of(ctx.session, ctx.room.id)
    if not settings.upvotes and cmd.on:
        raise Refused("upvotes_off")
    item = await access_item(ctx, cmd.item, "open")
    if item.member_id == ctx.me.id:
        raise Refused("forbidden", "Nobody votes for their own.")
    if cmd.on:
        statement = upsert(ctx.session, FloorVote).values(item_id=item.id, member_id=ctx.me.id)
        done = await ctx.session.execute(statement.on_conflict_do_nothing().returning(FloorVote.item_id))
    else:
        mine = delete(FloorVote).where(FloorVote.item_id == item.id, FloorVote.member_id == ctx.me.id)
        done = await ctx.session.execute(mine.returning(FloorVote.item_id))
    if done.first() is None:
        return
    # The database counts; the loaded item may be older.
    step = update(FloorItem).where(FloorItem.id == item.id).values(votes=FloorItem.votes + (1 if cmd.on else -1))
    await ctx.session.execute(step, execution_options={"synchronize_session": False})
    ctx.to_person(ctx.me.id, contract.Voted(item=item.id, on=cmd.on))
    ctx.ring(VOTES)
