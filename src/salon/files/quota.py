"""How much files may take: reserved before the first byte, given back when the row goes, all in one transaction.

The server's total is locked first and the room after it, by everybody in this order.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, bindparam, func, select, update

from salon.core.database.statements import Statement, Upsert
from salon.core.dispatch import Context
from salon.core.refusals import Refused
from salon.files.tables import File, FileRoom, FileTotal

MIB = 1024 * 1024

_BYTES: Any = bindparam("bytes", type_=BigInteger)
HOLD_TOTAL = Statement(select(FileTotal.taken).where(FileTotal.id == 1).with_for_update())
_ROOM = Statement(
    select(
        select(FileRoom.taken).where(FileRoom.room_id == bindparam("room_id")).scalar_subquery(),
        select(func.count()).select_from(File).where(File.room_id == bindparam("room_id")).scalar_subquery(),
    )
)
_TO_COME = Statement(select(func.coalesce(func.sum(File.size - File.synced), 0)).where(File.done_at.is_(None)))
_ADD_TO_TOTAL = Statement(update(FileTotal).where(FileTotal.id == 1).values(taken=FileTotal.taken + _BYTES))
_ADD_TO_ROOM: Upsert[()] = Upsert(FileRoom, lambda new: {"taken": FileRoom.taken + new.taken})


def numbers(*, size: int, limit: int, free: int) -> dict[str, int]:
    """What a refusal tells, in bytes: what was asked for, the limit, and what is left of it."""
    return {"size": size, "limit": max(0, limit), "free": max(0, free)}


async def hold(ctx: Context) -> int:
    """Nobody else adds or deletes files until the transaction has ended. Returns what all take together."""
    row = await ctx.db.one(HOLD_TOTAL)
    return int(row[0]) if row is not None else 0


async def reserve(ctx: Context, size: int, disk_free: int | None = None, *, more_for: File | None = None) -> None:
    """Take so many bytes for the room, or refuse. ``disk_free``: what the disk has for files now, if they go there.
    ``more_for``: a file that is there already, and has become so much larger."""
    settings = ctx.settings
    total = await hold(ctx)
    row = await ctx.db.one(_ROOM, room_id=ctx.room.id)
    taken, count = (int(row[0] or 0), int(row[1])) if row is not None else (0, 0)
    largest, room, server = (
        each * MIB for each in (settings.file_mib, settings.room_files_mib, settings.server_files_mib)
    )
    whole = size if more_for is None else more_for.size + size
    if whole > largest:
        raise Refused("file_too_large", numbers=numbers(size=whole, limit=largest, free=largest))
    if taken + size > room:
        raise Refused("room_files_full", numbers=numbers(size=size, limit=room, free=room - taken))
    if more_for is None and count >= settings.files_per_room:
        raise Refused("files_too_many")
    if total + size > server:
        raise Refused("server_files_full", numbers=numbers(size=size, limit=server, free=server - total))
    if disk_free is not None:
        to_come = await ctx.db.one(_TO_COME)
        left = disk_free - int(to_come[0] if to_come is not None else 0)
        if size > left:
            raise Refused("disk_full", numbers=numbers(size=size, limit=max(0, disk_free), free=left))
    await _add(ctx, size)
    if more_for is not None:
        more_for.size = whole


async def turned_out(ctx: Context, file: File, size: int) -> None:
    """The file that is there is as large as this; nobody is asked any more."""
    if size != file.size:
        await hold(ctx)
        await _add(ctx, size - file.size)
        file.size = size


async def give_back(ctx: Context, size: int) -> None:
    """The rows of so many bytes are deleted in this transaction."""
    await hold(ctx)
    await _add(ctx, -size)


async def _add(ctx: Context, size: int) -> None:
    await ctx.db.all(_ADD_TO_TOTAL, bytes=size)
    await ctx.db.all(_ADD_TO_ROOM, room_id=ctx.room.id, uploads=None, expiry_minutes=None, taken=size)
