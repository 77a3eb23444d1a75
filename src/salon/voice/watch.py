"""What happens by itself: deadlines, lost connections, a restart, and whose turn it is in auto mode."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from salon.core.database.statements import Statement
from salon.core.dispatch import Context
from salon.core.due import Errand, in_open_room
from salon.core.feature import Service
from salon.core.tables import Member, Room
from salon.voice import rules
from salon.voice.calls import DEFAULTS, act, calls_of, hold, is_free, lose, ring, state_of, tell_desk
from salon.voice.lines import NEXT, Lines
from salon.voice.tables import VoiceCall, VoiceDesk, VoiceRequest, VoiceSettings

if TYPE_CHECKING:
    from salon.core.fanout import Link
    from salon.core.house import House

_DUE = Statement(select(VoiceCall.room_id).where(VoiceCall.due_at <= bindparam("now")).distinct())
_called = aliased(VoiceCall)
_taken = (
    select(func.count()).select_from(_called).where(_called.room_id == VoiceDesk.room_id).correlate(VoiceDesk)
).scalar_subquery()
_phones = select(VoiceSettings.phones).where(VoiceSettings.room_id == VoiceDesk.room_id).scalar_subquery()
_WAITING = (
    VoiceRequest.missed.is_(False),
    Member.present,
    Member.muted.is_(False),
    Member.status == "in",
    ~select(VoiceCall.id).where(VoiceCall.member_id == VoiceRequest.member_id).exists(),
)
_NEXT = Statement(
    select(VoiceDesk.room_id)
    .join(VoiceRequest, VoiceRequest.room_id == VoiceDesk.room_id)
    .join(Member, Member.id == VoiceRequest.member_id)
    .join(Room, Room.id == VoiceDesk.room_id)
    .where(
        VoiceDesk.sid.is_not(None),
        Room.closed_at.is_(None),
        _taken < func.coalesce(_phones, DEFAULTS["phones"]),
        *_WAITING,
    )
    .distinct()
)


class Watch(Service):
    """Sees to what is due. Everything that it goes by is in the database: a restart forgets nothing."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._lines = Lines(house.fanout, house.clock, self._lose)
        self._lost: dict[str, str] = {}
        """Connections that are gone while the database believes that they have an end, and their rooms."""
        self._errand = Errand("voice", self._work)
        self._look = False
        house.bells.answer(NEXT, self._look_soon)

    async def start(self) -> None:
        """No connection of before is there any more: calls wait for both ends, for as long as after any loss."""
        async with self._house.storage.read() as session:
            rooms = await _rooms_with_calls(session)
        for room_id in rooms:
            await self._in_room(room_id, lose_everyone)

    async def stop(self) -> None:
        await self._errand.stop()

    def depart(self, link: Link) -> None:
        if self._lines.has(link.sid):
            self._lose(link.sid, link.room_id)

    def _lose(self, sid: str, room_id: str) -> None:
        self._lost[sid] = room_id
        self._errand.begin()

    def _look_soon(self) -> None:
        self._look = True
        self._errand.begin()

    async def _work(self) -> None:
        while self._lost or self._look:
            if self._lost:
                sid, room_id = next(iter(self._lost.items()))
                await self._in_room(room_id, partial(lose_connection, sid=sid))
                self._lost.pop(sid, None)
            else:
                self._look = False
                await self._call_next()

    async def _in_room(self, room_id: str, job: Callable[[Context], Awaitable[None]]) -> None:
        await in_open_room(self._house.dispatcher, room_id, job)

    async def sweep(self) -> None:
        self._lines.speech.expire()
        for (room_id,) in await self._house.storage.look(_DUE, now=self._house.clock.now()):
            await self._in_room(room_id, pass_time)
        self._look_soon()

    async def _call_next(self) -> None:
        for (room_id,) in await self._house.storage.look(_NEXT):
            await self._in_room(room_id, call_next)


async def _rooms_with_calls(session: AsyncSession) -> list[str]:
    calls = select(VoiceCall.room_id)
    desks = select(VoiceDesk.room_id).where(VoiceDesk.sid.is_not(None))
    return sorted({*(await session.execute(calls)).scalars(), *(await session.execute(desks)).scalars()})


async def lose_everyone(ctx: Context) -> None:
    await hold(ctx)
    for call in await calls_of(ctx.session, ctx.room.id):
        lose(ctx, call, phone=True, screen=True)
    desk = await ctx.session.get(VoiceDesk, ctx.room.id, populate_existing=True)
    if desk is not None and desk.sid is not None:
        desk.sid = None
        tell_desk(ctx, desk)


async def lose_connection(ctx: Context, sid: str) -> None:
    """Whatever hung on this connection has lost it."""
    await hold(ctx)
    for call in await calls_of(ctx.session, ctx.room.id):
        if sid in {call.phone_sid, call.screen_sid}:
            lose(ctx, call, phone=call.phone_sid == sid, screen=call.screen_sid == sid)
    desk = await ctx.session.get(VoiceDesk, ctx.room.id, populate_existing=True)
    if desk is not None and desk.sid == sid:
        desk.sid = None
        tell_desk(ctx, desk)


async def pass_time(ctx: Context) -> None:
    """Do what is due by now."""
    await hold(ctx)
    for call in await calls_of(ctx.session, ctx.room.id):
        due = rules.happens(state_of(call), call.rings_until, call.speaks_until, call.back_until, ctx.now)
        if due is not None:
            await act(ctx, call, due)


async def call_next(ctx: Context) -> None:
    """Auto mode: as many phones ring as there are lines free, in the order of the queue."""
    await hold(ctx)
    desk = await ctx.session.get(VoiceDesk, ctx.room.id, populate_existing=True)
    if desk is None or desk.sid is None or "floor" not in ctx.room.activities:
        return
    host = await ctx.session.get(Member, desk.member_id)
    if host is None or not host.is_host:
        return
    while await is_free(ctx):
        request = await _first(ctx)
        if request is None:
            return
        await ring(ctx, request, host, desk.line, desk.sid, auto=True)
        await ctx.session.flush()


async def _first(ctx: Context) -> VoiceRequest | None:
    statement = (
        select(VoiceRequest)
        .join(Member, Member.id == VoiceRequest.member_id)
        .where(VoiceRequest.room_id == ctx.room.id, *_WAITING)
        .order_by(VoiceRequest.place)
        .limit(1)
    )
    return (await ctx.session.execute(statement)).scalar_one_or_none()
