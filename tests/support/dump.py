"""Everything that a database holds, for comparing before and after, and for searching in."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from salon.core.storage import Base, Storage

Dump = dict[str, list[tuple[Any, ...]]]


async def dump(storage: Storage, *without: str) -> Dump:
    """Table → its rows, in an order that does not depend on how they came there."""
    whole: Dump = {}
    async with storage.read() as session:
        for table in Base.metadata.sorted_tables:
            if table.name not in without:
                rows = (await session.execute(select(table))).all()
                whole[table.name] = sorted((tuple(row) for row in rows), key=repr)
    return whole


def changed(before: Dump, after: Dump) -> dict[str, tuple[list[Any], list[Any]]]:
    """Table → rows that went and rows that came."""
    return {
        name: ([row for row in rows if row not in after[name]], [row for row in after[name] if row not in rows])
        for name, rows in before.items()
        if rows != after[name]
    }


async def places_of(storage: Storage, text: str) -> list[str]:
    """The tables and columns in which a text is found anywhere."""
    found = []
    async with storage.read() as session:
        for table in Base.metadata.sorted_tables:
            for row in (await session.execute(select(table))).mappings():
                found += [f"{table.name}.{column}" for column, value in row.items() if text in str(value)]
    return found
