"""Numbered streams: what happened, in order and without gaps, for clients that were away for a moment.

A stream is the room's, its hosts' or one person's. Numbers are given in the transaction that makes the event
true, by one UPDATE that adds to the stream's counter: commit order is number order. The log is for delivery and
has a retention; queries read the features' tables.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import orjson
from sqlalchemy import BigInteger, String, Text, bindparam, delete, insert, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from salon.core.contract import Event, StreamName
from salon.core.database.statements import Statement, insert_into, listed
from salon.core.database.transaction import Transaction
from salon.core.storage import Base


class Stream(Base):
    __tablename__ = "streams"

    id: Mapped[str] = mapped_column(String(48), primary_key=True)
    room_id: Mapped[str] = mapped_column(String(32), index=True)
    last_seq: Mapped[int] = mapped_column(BigInteger)


class LoggedEvent(Base):
    __tablename__ = "events"

    stream_id: Mapped[str] = mapped_column(String(48), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    room_id: Mapped[str] = mapped_column(String(32))
    at: Mapped[int] = mapped_column(BigInteger)
    type: Mapped[str] = mapped_column(String(48))
    data: Mapped[str] = mapped_column(Text)


def _reserving(database: str) -> Any:
    """Add to the counters of streams, beginning those that are new: a list of id, room and how many."""
    row = listed(database, "wanted")
    # SQLite takes the ON of an upsert for that of a join where there is no WHERE.
    wanted = select(row[0].as_string(), row[1].as_string(), row[2].as_integer()).where(true())
    insert = insert_into(database, Stream).from_select(["id", "room_id", "last_seq"], wanted)
    more = {"last_seq": Stream.last_seq + insert.excluded.last_seq}
    return insert.on_conflict_do_update(index_elements=["id"], set_=more).returning(Stream.id, Stream.last_seq)


_STORE = Statement(insert(LoggedEvent))
_RESERVE: Statement[str, int] = Statement(_reserving)
_OF_ROOM = LoggedEvent.stream_id.in_(select(Stream.id).where(Stream.room_id == bindparam("room_id")))
_FORGET = Statement(delete(LoggedEvent).where(_OF_ROOM))


class StreamKey(NamedTuple):
    """Which stream: whose (a room's or a person's id) and what a client calls it."""

    name: StreamName
    owner: str

    @property
    def id(self) -> str:
        return f"{self.name}:{self.owner}"


class Draft(NamedTuple):
    """An event on its way into a stream."""

    room_id: str
    stream: StreamKey
    event: Event


class Entry(NamedTuple):
    """An event with its place. ``data`` is JSON text, made once and sent as it is."""

    stream: StreamKey
    seq: int
    at: int
    type: str
    data: str

    def on_wire(self) -> dict[str, Any]:
        return {
            "stream": self.stream.name,
            "seq": self.seq,
            "at": self.at,
            "type": self.type,
            "data": orjson.Fragment(self.data),
        }


async def append(db: Transaction, drafts: Sequence[Draft], at: int) -> list[Entry]:
    """Give the drafts their numbers and store them, in their order. ``at`` is in milliseconds."""
    following = await _reserve(db, drafts)
    entries = []
    for draft in drafts:
        stream, event = draft.stream, draft.event
        seq = following[stream]
        following[stream] = seq + 1
        entry = Entry(stream, seq, at, event.wire_name, event.model_dump_json())
        entries.append(entry)
        db.later(_STORE, stream_id=stream.id, seq=seq, room_id=draft.room_id, at=at, type=entry.type, data=entry.data)
    return entries


async def _reserve(db: Transaction, drafts: Sequence[Draft]) -> dict[StreamKey, int]:
    """Take as many numbers of each stream as are needed. Returns the first ones."""
    counts = Counter(draft.stream for draft in drafts)
    if not counts:
        return {}
    rooms = {draft.stream: draft.room_id for draft in drafts}
    # In the order of their names, so that several processes lock them in the same order.
    wanted = sorted((stream.id, rooms[stream], count) for stream, count in counts.items())
    last = {row[0]: row[1] for row in await db.all(_RESERVE, wanted=wanted)}
    return {stream: last[stream.id] - count + 1 for stream, count in counts.items()}


async def last_seqs(session: AsyncSession, keys: Iterable[StreamKey]) -> dict[StreamName, int]:
    """The newest number of each stream; 0 where nothing has happened yet."""
    wanted = {key.id: key.name for key in keys}
    rows = await session.execute(select(Stream.id, Stream.last_seq).where(Stream.id.in_(wanted)))
    seqs: dict[StreamName, int] = dict.fromkeys(wanted.values(), 0)
    seqs.update({wanted[stream]: seq for stream, seq in rows})
    return seqs


_LAST_OF = select(Stream.id, Stream.last_seq).where(Stream.id.in_(bindparam("ids", expanding=True)))


async def last_of(session: AsyncSession, keys: Iterable[StreamKey]) -> dict[StreamKey, int]:
    """The newest number of each stream, of many people and rooms at once."""
    wanted = {key.id: key for key in keys}
    seqs = dict.fromkeys(wanted.values(), 0)
    rows = await session.execute(_LAST_OF, {"ids": list(wanted)})
    seqs.update({wanted[stream]: seq for stream, seq in rows})
    return seqs


async def since(session: AsyncSession, key: StreamKey, seq: int, limit: int) -> list[Entry] | None:
    """What came after ``seq``, or None when that is not wholly kept any more, is more than ``limit``, or lies ahead."""
    last = (await last_seqs(session, [key]))[key.name]
    if seq > last or last - seq > limit:
        return None
    rows = await session.execute(
        select(LoggedEvent.seq, LoggedEvent.at, LoggedEvent.type, LoggedEvent.data)
        .where(LoggedEvent.stream_id == key.id, LoggedEvent.seq > seq, LoggedEvent.seq <= last)
        .order_by(LoggedEvent.seq)
    )
    entries = [Entry(key, *row) for row in rows]
    return entries if len(entries) == last - seq else None


async def prune(session: AsyncSession, keep: int) -> None:
    """Forget all but the newest ``keep`` events of each stream."""
    long = await session.execute(select(Stream.id, Stream.last_seq).where(Stream.last_seq > keep))
    for stream, last in long.all():
        old = delete(LoggedEvent).where(LoggedEvent.stream_id == stream, LoggedEvent.seq <= last - keep)
        await session.execute(old)


async def forget(db: Transaction, room_id: str) -> None:
    """Delete the events of a room that is closed. The counters stay, so that numbers are never used again."""
    await db.all(_FORGET, room_id=room_id)
