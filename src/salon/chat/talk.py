"""What is said in the room's chat by other means than messages, as a file dropped there: the same rules hold."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from salon.chat.access import check_may_write, check_slow_mode, settings_of
from salon.chat.tables import Turn
from salon.core.database.statements import Upsert
from salon.core.dispatch import Context
from salon.core.feature import Talk
from salon.core.refusals import Refused
from salon.core.tables import Member, Room

_NOTE: Upsert[()] = Upsert(Turn, lambda new: {"at": new.at})


async def check(session: AsyncSession, room: Room, member: Member) -> None:
    if "chat" not in room.activities:
        raise Refused("activity_off")
    check_may_write(await settings_of(session, room.id), member)


async def wait(ctx: Context, member: Member) -> None:
    settings = await settings_of(ctx.session, ctx.room.id)
    await check_slow_mode(ctx, member, settings.slow_seconds)


async def note(ctx: Context, member: Member) -> None:
    ctx.db.later(_NOTE, member_id=member.id, room_id=ctx.room.id, at=ctx.now)


TALK = Talk(check=check, wait=wait, note=note)
