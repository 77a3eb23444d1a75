"""Statements that are compiled once give what SQLAlchemy gives, and objects are as if it had loaded them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import bindparam, delete, inspect, select, update

from salon.core.database.statements import Statement, Upsert, as_loaded, attach, columns_of, is_changed
from salon.core.log import Stream
from salon.core.tables import Member, Room
from salon.core.writer import Work
from tests.support.house import LocalClient, Place, Stage

pytestmark = pytest.mark.feature("C1")

ROOM = Statement(select(*columns_of(Room)).where(Room.id == bindparam("id"), Room.closed_at.is_(None)))
RENAME = Statement(update(Room).where(Room.id == bindparam("room")).values(name=bindparam("new"), idle_minutes=7))
NAMED: Statement[str] = Statement(
    update(Room).where(Room.id == bindparam("room")).values(name=bindparam("new")).returning(Room.name)
)
FORGET = Statement(delete(Stream).where(Stream.id == bindparam("id"), Stream.room_id == "a"))
COUNT: Upsert[int] = Upsert(Stream, lambda new: {"last_seq": Stream.last_seq + new.last_seq}, Stream.last_seq)


async def test_rows_are_those_that_sqlalchemy_loads(stage: Stage, place: Place, owner: LocalClient) -> None:
    """Numbers, truth values, lists: whatever the database keeps them as."""

    async def job(work: Work) -> None:
        row = await work.db.one(ROOM, id=place.id)
        assert row is not None
        loaded = await work.session.get_one(Room, place.id)
        assert list(row) == [getattr(loaded, attribute.key) for attribute in inspect(Room).column_attrs]
        assert await work.db.one(ROOM, id="nothing") is None
        [member] = await work.db.all(Statement(select(*columns_of(Member)).where(Member.room_id == place.id)))
        there = await work.session.get_one(Member, owner.me)
        assert list(member) == [getattr(there, attribute.key) for attribute in inspect(Member).column_attrs]
        assert isinstance(there.present, bool)

    await stage.house.writer.run("", job)


async def test_writing(stage: Stage, place: Place) -> None:
    async def job(work: Work) -> None:
        assert await work.db.all(RENAME, room=place.id, new="Renamed") == []
        assert await work.db.one(NAMED, room=place.id, new="Again") is not None
        for expected in (3, 6):
            assert tuple(await work.db.one(COUNT, id="x", room_id="a", last_seq=3) or ()) == (expected,)
        await work.db.all(FORGET, id="x")
        work.db.later(RENAME, room=place.id, new="Last")
        loaded = await work.session.get_one(Room, place.id)
        assert (loaded.name, loaded.idle_minutes) == ("Last", 7)
        assert await work.session.get(Stream, "x") is None

    await stage.house.writer.run("", job)


async def test_lists_are_not_for_what_is_compiled_once(stage: Stage) -> None:
    among = Statement(select(Room.id).where(Room.id.in_(["a", "b"])))
    with pytest.raises(TypeError, match="list"):
        await stage.house.writer.run("", lambda work: work.db.all(among))


async def test_objects_are_as_loaded(stage: Stage, place: Place) -> None:
    """What is changed is written, whether before or after a session has heard of it; what is not is not."""

    async def job(work: Work) -> Any:
        row = await work.db.one(ROOM, id=place.id)
        assert row is not None
        room = as_loaded(Room, row)
        assert not is_changed(room)
        room.theme = "night"
        assert is_changed(room)
        attach(work.session, room)
        room.capacity = 12
        assert await work.session.get(Room, place.id) is room
        assert inspect(room).attrs.name.history.unchanged
        return room

    await stage.house.writer.run("", job)
    async with stage.house.storage.read() as session:
        room = await session.get_one(Room, place.id)
        assert (room.theme, room.capacity, room.preset) == ("night", 12, "meeting")
