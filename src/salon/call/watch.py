"""What happens by itself: lost connections, a restart, and places that are waited for no longer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from salon.call import rules
from salon.call.lines import Lines
from salon.call.seats import begin, end, give_up, is_shown, lose, seats_of, tell
from salon.call.tables import CallSeat
from salon.core.database.statements import Statement
from salon.core.dispatch import Context
from salon.core.due import Errand, in_open_room
from salon.core.feature import Service

if TYPE_CHECKING:
    from salon.core.fanout import Link
    from salon.core.house import House

_DUE = Statement(select(CallSeat.room_id).where(CallSeat.due_at <= bindparam("now")).distinct())
_ROOMS = select(CallSeat.room_id).where(CallSeat.state != "kept").distinct()


class Watch(Service):
    """Sees to what is due. Everything that it goes by is in the database: a restart forgets nothing."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._lines = Lines(house.fanout, house.clock, self._lose)
        self._lost: dict[str, tuple[str, int]] = {}
        """Connections that are gone while the database believes that they have a place: their rooms, and for how long
        they are waited for."""
        self._errand = Errand("call", self._see_to_the_lost)

    async def start(self) -> None:
        """No connection of before is there any more."""
        async with self._house.storage.read() as session:
            rooms = sorted((await session.execute(_ROOMS)).scalars())
        for room_id in rooms:
            await self._in_room(room_id, lose_everyone)

    async def stop(self) -> None:
        await self._errand.stop()

    def greet(self, link: Link) -> None:
        self._lines.greet(link)

    def depart(self, link: Link) -> None:
        if self._lines.has(link.sid):
            self._lose(link.sid, link.room_id, silent=link.outlet.silent)

    def _lose(self, sid: str, room_id: str, *, silent: bool = False) -> None:
        self._lost[sid] = (room_id, rules.waits_ms(silent=silent))
        self._errand.begin()

    async def _see_to_the_lost(self) -> None:
        """Those of whoever was here when the server stopped are seen to at the next start."""
        while self._lost:
            sid, (room_id, wait_ms) = next(iter(self._lost.items()))
            await self._in_room(room_id, partial(lose_connection, sid=sid, wait_ms=wait_ms))
            self._lost.pop(sid, None)

    async def _in_room(self, room_id: str, job: Callable[[Context], Awaitable[None]]) -> None:
        await in_open_room(self._house.dispatcher, room_id, job)

    async def sweep(self) -> None:
        self._lines.speech.expire()
        if self._lost:
            self._errand.begin()
        for (room_id,) in await self._house.storage.look(_DUE, now=self._house.clock.now()):
            await self._in_room(room_id, pass_time)


async def lose_everyone(ctx: Context) -> None:
    await begin(ctx)
    shown = [seat for seat in await seats_of(ctx.session, ctx.room.id) if is_shown(seat)]
    there = [seat for seat in shown if seat.sid is not None]
    # Who was lost before has as long as the others: they could not come back to a server that was away.
    for seat in shown:
        lose(ctx, seat, rules.RESTART_MS)
    tell(ctx, there)


async def lose_connection(ctx: Context, sid: str, wait_ms: int) -> None:
    """Whoever's place hung on this connection has lost it."""
    await begin(ctx)
    theirs = [seat for seat in await seats_of(ctx.session, ctx.room.id) if seat.sid == sid]
    for seat in theirs:
        lose(ctx, seat, wait_ms)
    tell(ctx, theirs)


async def pass_time(ctx: Context) -> None:
    """Do what is due by now."""
    await begin(ctx)
    for seat in await seats_of(ctx.session, ctx.room.id):
        if seat.due_at is None or seat.due_at > ctx.now:
            continue
        if seat.state == "lost":
            give_up(ctx, seat)
        else:
            await end(ctx, seat, "forget", None)
