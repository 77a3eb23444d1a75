"""Rooms that nobody is in any more end by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, ColumnElement, bindparam, cast, exists, or_, select

from salon.core.database.statements import Statement
from salon.core.dispatch import Context
from salon.core.feature import Service
from salon.core.tables import Member, Room
from salon.rooms.commands import close_room

if TYPE_CHECKING:
    from salon.core.house import House

MINUTE_MS = 60 * 1000


def _is_idle(now: Any) -> tuple[ColumnElement[bool], ...]:
    somebody = exists().where(Member.room_id == Room.id, Member.seated)
    idle = cast(Room.idle_minutes, BigInteger) * MINUTE_MS
    over = or_(Room.kept_until.is_(None), Room.kept_until + idle < now)
    return (Room.closed_at.is_(None), Room.active_at + idle < now, over, ~somebody)


_IDLE = Statement(select(Room.id).where(*_is_idle(bindparam("now", type_=Room.active_at.type))))


class IdleRooms(Service):
    """Closes rooms after their idle time."""

    sweep_seconds = 5

    def __init__(self, house: House) -> None:
        self._house = house

    async def sweep(self) -> None:
        now = self._house.clock.now()
        for (room_id,) in await self._house.storage.look(_IDLE, now=now):
            await self._house.dispatcher.system(room_id, self._close)

    async def _close(self, ctx: Context) -> None:
        # Somebody may have come since it was looked up.
        still = await ctx.session.execute(select(Room.id).where(Room.id == ctx.room.id, *_is_idle(ctx.now)))
        if still.first() is not None:
            await close_room(ctx, "idle")
