"""What the server keeps, in rows and bytes."""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, LargeBinary, String, Table, cast, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.contract import Id, Millis, Model
from salon.core.log import LoggedEvent
from salon.core.storage import Base
from salon.core.tables import Room

if TYPE_CHECKING:
    from salon.core.house import House

LARGEST = 10
LOOKED_AT = 100
"""Rooms of each table that may be among the largest."""


class Kind(Model):
    table: str
    rows: int


class LargeRoom(Model):
    id: Id
    name: str
    closed: bool
    rows: int
    size: int
    """Bytes of text, about; what indexes and the database's own order take comes on top."""


class StorageNow(Model):
    at: Millis
    database: str
    """``sqlite`` or ``postgresql``."""
    database_size: int
    """In bytes, with what is not written back yet."""
    data_size: int
    """Bytes of everything in the data directory."""
    free: int
    """Bytes free where the data directory is."""
    log_events: int
    """Events that are kept for clients which come back."""
    log_size: int
    """Their bytes."""
    kinds: list[Kind]
    """Rows of each table, the most first."""
    rooms: list[LargeRoom]
    """The largest."""


async def look(house: House) -> StorageNow:
    data_size, free = await asyncio.to_thread(_directory, house.settings.data_dir)
    async with house.storage.read() as session:
        is_sqlite = house.storage.is_sqlite
        count, size = (
            await session.execute(select(func.count(), func.coalesce(func.sum(func.length(LoggedEvent.data)), 0)))
        ).one()
        return StorageNow(
            at=house.clock.now(),
            database="sqlite" if is_sqlite else "postgresql",
            database_size=await _database(session, house),
            data_size=data_size,
            free=free,
            log_events=count,
            log_size=size,
            kinds=await _kinds(session),
            rooms=await _rooms(session),
        )


def _directory(folder: Path) -> tuple[int, int]:
    size = 0
    for path in folder.rglob("*"):
        try:
            size += path.stat().st_size if path.is_file() else 0
        except OSError:
            # It went while it was looked at.
            continue
    known = next((each for each in (folder.absolute(), *folder.absolute().parents) if each.exists()), Path("/"))
    return size, shutil.disk_usage(known).free


async def _database(session: AsyncSession, house: House) -> int:
    if not house.storage.is_sqlite:
        return int((await session.execute(text("SELECT pg_database_size(current_database())"))).scalar_one())
    pages = (await session.execute(text("PRAGMA page_count"))).scalar_one()
    size = (await session.execute(text("PRAGMA page_size"))).scalar_one()
    log = Path(f"{house.storage.url.database}-wal")
    return int(pages) * int(size) + (await asyncio.to_thread(_size, log))


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


async def _kinds(session: AsyncSession) -> list[Kind]:
    kinds = []
    for table in Base.metadata.sorted_tables:
        rows = (await session.execute(select(func.count()).select_from(table))).scalar_one()
        kinds.append(Kind(table=table.name, rows=rows))
    return sorted(kinds, key=lambda kind: (-kind.rows, kind.table))


def _bytes(table: Table) -> Any:
    """About what a row takes: the lengths of its texts."""
    size: Any = 0
    for column in table.columns:
        if isinstance(column.type, String | JSON | LargeBinary):
            written = cast(column, String) if isinstance(column.type, JSON) else column
            size = size + func.coalesce(func.length(written), 0)
    return size


async def _rooms(session: AsyncSession) -> list[LargeRoom]:
    rows: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for table in Base.metadata.sorted_tables:
        if "room_id" not in table.columns:
            continue
        size = func.sum(_bytes(table))
        each = select(table.c.room_id, func.count(), size).where(table.c.room_id.is_not(None))
        largest = each.group_by(table.c.room_id).order_by(size.desc()).limit(LOOKED_AT)
        for room, count, taken in (await session.execute(largest)).all():
            rows[room] += count
            sizes[room] += int(taken or 0)
    first = [room for room, _ in sizes.most_common(LARGEST)]
    known = {room.id: room for room in (await session.execute(select(Room).where(Room.id.in_(first)))).scalars()}
    return [
        LargeRoom(
            id=room,
            name=known[room].name,
            closed=known[room].closed_at is not None,
            rows=rows[room],
            size=sizes[room],
        )
        for room in first
        if room in known
    ]
