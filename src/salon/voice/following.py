"""What other features do, and what it means for calls: the queue, people who go or lose their role, a room's end."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from salon.core.contract import STANDING, Need
from salon.core.dispatch import Context, listens
from salon.core.storage import upsert
from salon.core.tables import Member
from salon.floor.contract import ItemsChanged, ItemsGone
from salon.people.contract import PeopleChanged, Person
from salon.rooms.contract import RoomChanged, RoomClosed
from salon.voice import rules
from salon.voice.calls import (
    ANY_CALL,
    ANY_DESK,
    act,
    bind,
    calls_of,
    hold,
    lose,
    state_of,
    tell_desk,
    tell_missed,
    unbind,
)
from salon.voice.lines import Lines
from salon.voice.tables import VoiceCall, VoiceDesk, VoiceRequest, VoiceSettings


@listens(ItemsChanged)
async def follow_queue(event: ItemsChanged, ctx: Context) -> None:
    """Requests to speak stand where the queue says."""
    spoken = [item for item in event.items if item.kind == "voice"]
    if not spoken:
        return
    room_id = ctx.room.id
    rows = [
        {"item_id": item.id, "room_id": room_id, "member_id": item.person, "place": item.place, "missed": False}
        for item in spoken
    ]
    statement = upsert(ctx.session, VoiceRequest).values(rows)
    moved = statement.on_conflict_do_update(index_elements=["item_id"], set_={"place": statement.excluded.place})
    await ctx.session.execute(moved)
    Lines.call_next(ctx)


@listens(ItemsGone)
async def leave_queue(event: ItemsGone, ctx: Context) -> None:
    """What is no longer in the queue is not called; a call that goes on ends."""
    await ctx.session.flush()
    for call in await calls_of(ctx.session, ctx.room.id):
        if call.item_id in event.items:
            await act(ctx, call, "take_away")
    gone = delete(VoiceRequest).where(VoiceRequest.item_id.in_(event.items)).returning(VoiceRequest.missed)
    if any((await ctx.session.execute(gone)).scalars()):
        await tell_missed(ctx)


@listens(PeopleChanged)
async def follow_people(event: PeopleChanged, ctx: Context) -> None:
    """Who was muted or has gone for good speaks no more; who is no host any more hears nobody."""
    room_id = ctx.room.id
    if await ctx.db.one(ANY_CALL, room_id=room_id) is None and await ctx.db.one(ANY_DESK, room_id=room_id) is None:
        return
    await hold(ctx)
    left = await _left_for_good(ctx, event.left)
    muted = {person.id for person in event.people if person.muted}
    demoted = {person.id for person in event.people if not _is_host(person)} | left
    for call in await calls_of(ctx.session, ctx.room.id):
        if call.member_id in left | muted:
            await act(ctx, call, rules.hangs_up(state_of(call), host=True))
        elif call.screen_id in demoted and call.screen_sid is not None:
            # Their page's line is worth nothing any more.
            call.screen_line = None
            lose(ctx, call, screen=True)
    desk = await ctx.session.get(VoiceDesk, ctx.room.id, populate_existing=True)
    if desk is not None and desk.member_id in demoted:
        await ctx.session.delete(desk)
        tell_desk(ctx, None)


def _is_host(person: Person) -> bool:
    return STANDING[person.role] >= Need.COHOST


async def _left_for_good(ctx: Context, people: list[str]) -> set[str]:
    """A short loss of the connection is another matter: the call waits for them as long as for everyone."""
    if not people:
        return set()
    await ctx.session.flush()
    gone = select(Member.id).where(Member.id.in_(people), Member.status != "in")
    return set((await ctx.session.execute(gone)).scalars())


@listens(RoomChanged)
async def follow_room(event: RoomChanged, ctx: Context) -> None:
    """Without a queue there are no calls."""
    if "floor" in event.room.activities:
        return
    for call in await calls_of(ctx.session, ctx.room.id):
        await act(ctx, call, "call_off")
    desk = await ctx.session.get(VoiceDesk, ctx.room.id, populate_existing=True)
    if desk is not None:
        await ctx.session.delete(desk)
        tell_desk(ctx, None)


@listens(RoomClosed)
async def forget(_event: RoomClosed, ctx: Context) -> None:
    for call in await calls_of(ctx.session, ctx.room.id):
        unbind(ctx, call.id)
    for table in (VoiceCall, VoiceRequest, VoiceDesk, VoiceSettings):
        await ctx.session.execute(delete(table).where(table.room_id == ctx.room.id))


async def adopt(ctx: Context, guest: Member, own: Member) -> None:
    """Requests and calls of the guest become the other member's. One of two calls ends: its request stays."""
    session = ctx.session
    theirs = [call for call in await calls_of(session, ctx.room.id) if call.member_id in {guest.id, own.id}]
    for call in theirs[1:]:
        await act(ctx, call, "call_off")
    for column in (VoiceRequest.member_id, VoiceCall.member_id, VoiceCall.screen_id, VoiceDesk.member_id):
        await session.execute(update(column.class_).where(column == guest.id).values({column.key: own.id}))
    await session.flush()
    for call in await calls_of(session, ctx.room.id):
        bind(ctx, call)


async def forget_person(ctx: Context, member: Member) -> None:
    """The account was deleted. Requests leave with the queue's items; a screen or desk of theirs is nobody's."""
    for call in await calls_of(ctx.session, ctx.room.id):
        if call.member_id == member.id:
            await act(ctx, call, "call_off")
    await ctx.session.execute(delete(VoiceRequest).where(VoiceRequest.member_id == member.id))
    desk = await ctx.session.get(VoiceDesk, ctx.room.id, populate_existing=True)
    if desk is not None and desk.member_id == member.id:
        await ctx.session.delete(desk)
        tell_desk(ctx, None)
