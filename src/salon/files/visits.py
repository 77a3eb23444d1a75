"""Who asks for files over HTTP, and whether they may: looked at anew for every request."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from starlette.requests import Request

from salon.core.access import access_member, access_room_by_link, check_membership, check_standing, find_member, inside
from salon.core.contract import Need
from salon.core.dispatch import Context
from salon.core.house import House
from salon.core.http import house_of, identity
from salon.core.refusals import Refused
from salon.core.tables import Member, Room
from salon.files.desk import access_file, check_may_upload, may_fetch, settings_of
from salon.files.tables import File
from salon.files.talking import talk_of

T = TypeVar("T")


async def unbroken(reading: Coroutine[Any, Any, T]) -> T:
    """Let it come to its end, whatever happens to whoever waits: a reading that is broken off keeps its connection
    to the database from others."""
    task = asyncio.create_task(reading)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise


@dataclass(frozen=True)
class Visit:
    """Somebody who is in the room, and asks for something there."""

    house: House
    identity: str
    room_id: str

    async def standing(self) -> tuple[Room, Member]:
        """The room and who they are there, now. Refused unless they are inside and the room has files."""
        return await unbroken(self._standing())

    async def hosting(self) -> None:
        """Refused unless they are a host of the room, now; whether it has files just now is no matter."""
        await unbroken(self._hosting())

    async def fetching(self, name: str) -> File:
        """A file that they may have, with all of its bytes."""
        return await unbroken(self._fetching(name))

    async def sending(self, name: str) -> File:
        """An upload of theirs, which may go on."""
        return await unbroken(self._sending(name))

    async def _standing(self) -> tuple[Room, Member]:
        async with self.house.storage.read() as session:
            room, member = await access_member(session, self.room_id, self.identity, Need.AUDIENCE)
        check_on(room)
        return room, member

    async def _hosting(self) -> None:
        async with self.house.storage.read() as session:
            await access_member(session, self.room_id, self.identity, Need.COHOST)

    async def _fetching(self, name: str) -> File:
        async with self.house.storage.read() as session:
            room, member = await access_member(session, self.room_id, self.identity, Need.AUDIENCE)
            check_on(room)
            file = await access_file(session, room.id, member, name)
        if not may_fetch(file, member.id):
            raise Refused("forbidden", "Accept it first.")
        if file.done_at is None:
            raise Refused("upload_incomplete")
        return file

    async def _sending(self, name: str) -> File:
        async with self.house.storage.read() as session:
            room, member = await access_member(session, self.room_id, self.identity, Need.AUDIENCE)
            check_on(room)
            file = await access_file(session, room.id, member, name)
            if file.member_id != member.id or file.blob is None:
                raise Refused("file_unknown")
            if file.done_at is None:
                check_may_upload(await settings_of(session, room), member)
                if file.chat:
                    await talk_of(self.house).check(session, room, member)
                # One that grows is closed when nothing comes; until then, more may come.
                waits = file.grows in {"open", "told"}
                if not waits and file.expires_at is not None and file.expires_at <= self.house.clock.now():
                    raise Refused("upload_over")
        return file


def check_on(room: Room) -> None:
    if "files" not in room.activities:
        raise Refused("activity_off")


async def arrival(request: Request) -> Visit:
    """Whoever asks must be known, and there must be such a room. Whether they are in it is looked at with the first
    thing that they ask of the visit."""
    house = house_of(request)
    who = await identity(request)
    async with house.storage.read() as session:
        room = await access_room_by_link(session, request.path_params["link"])
    return Visit(house, who, room.id)


async def visit(request: Request, *, hosts: bool = False) -> Visit:
    """Whoever asks must be known and in the room of the address. To others there is no such room or file."""
    found = await arrival(request)
    await (found.hosting() if hosts else found.standing())
    return found


async def visitor_in(ctx: Context) -> Member:
    """The same, in a transaction that :meth:`Dispatcher.system` has begun for them."""
    check_on(ctx.room)
    member = await find_member(ctx.session, ctx.room.id, ctx.caller.identity)
    member = inside(ctx.room, check_membership(member))
    check_standing(member, Need.AUDIENCE)
    assert member is not None  # noqa: S101  check_standing refuses anything below the audience
    return member
