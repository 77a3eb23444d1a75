"""What the database says in the end, read from beside the server."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import orjson

from tests.faults.records import Json, Stream

TABLES = {
    "rooms": "id, link",
    "members": "id, room_id, identity_id, name, role, status",
    "conversations": "id, room_id, last_n",
    "messages": "id, conversation_id, room_id, n, key, author_id, body, at",
    "reactions": "message_id, member_id, emoji",  # of messages, which say the room
    "streams": "id, room_id, last_seq",
    "events": "stream_id, seq, room_id, at, type, data",
    "receipts": "room_id, identity_id, command_id, answer",
}

Rows = dict[str, list[Json]]


@dataclass(frozen=True)
class Ledger:
    """The tables that matter, with names as the clients know them: rooms are their links."""

    members: list[Json]
    conversations: dict[str, Json]
    messages: list[Json]
    reactions: set[tuple[str, str, str]]
    """Message, person, emoji."""
    last_seqs: dict[Stream, int]
    events: dict[Stream, dict[int, Json]]
    """Those that are still kept, as they go over the wire."""
    receipts: dict[tuple[str, str], list[Json]]
    """By room and command: the answers of whoever sent a command of this id, which here are never two people."""

    @classmethod
    def of(cls, rows: Rows, rooms: Collection[str]) -> Ledger:
        """Of these rooms only, by their links."""
        links = {room["id"]: room["link"] for room in rows["rooms"] if room["link"] in rooms}
        rows = {
            table: found if table == "reactions" else [row for row in found if row.get("room_id") in links]
            for table, found in rows.items()
        }
        events: dict[Stream, dict[int, Json]] = {}
        for row in rows["events"]:
            stream = _stream(row["stream_id"], links)
            data = orjson.loads(row["data"])
            wire = {"stream": stream.name, "seq": row["seq"], "at": row["at"], "type": row["type"], "data": data}
            events.setdefault(stream, {})[row["seq"]] = wire
        receipts: dict[tuple[str, str], list[Json]] = {}
        for row in rows["receipts"]:
            key = (links[row["room_id"]], row["command_id"])
            receipts.setdefault(key, []).append(orjson.loads(row["answer"]))
        return cls(
            members=[{**row, "room": links[row["room_id"]]} for row in rows["members"]],
            conversations={row["id"]: {**row, "room": links[row["room_id"]]} for row in rows["conversations"]},
            messages=[{**row, "room": links[row["room_id"]]} for row in rows["messages"]],
            reactions={(row["message_id"], row["member_id"], row["emoji"]) for row in rows["reactions"]},
            last_seqs={_stream(row["id"], links): row["last_seq"] for row in rows["streams"]},
            events=events,
            receipts=receipts,
        )


def _stream(stored: str, links: dict[str, str]) -> Stream:
    name, _, owner = stored.partition(":")
    return Stream(name, owner if name == "me" else links[owner])


def read_sqlite(file: Path, rooms: Collection[str]) -> Ledger:
    """One consistent state, also while the server runs. Nothing is written, not even a checkpoint."""
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True, isolation_level=None, timeout=15)
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("BEGIN")
        return Ledger.of(
            {
                table: [dict(row) for row in connection.execute(f"SELECT {columns} FROM {table}")]  # noqa: S608
                for table, columns in TABLES.items()
            },
            rooms,
        )
    finally:
        connection.close()


async def read_postgres(url: str, rooms: Collection[str]) -> Ledger:
    """The same from a database whose SQLAlchemy URL is given."""
    connection: Any = await asyncpg.connect(url.replace("+asyncpg", "", 1))
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            return Ledger.of(
                {
                    table: [dict(row) for row in await connection.fetch(f"SELECT {columns} FROM {table}")]  # noqa: S608
                    for table, columns in TABLES.items()
                },
                rooms,
            )
    finally:
        await connection.close()
