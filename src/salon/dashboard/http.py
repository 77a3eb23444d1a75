"""One's rooms over HTTP."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.access import find_member
from salon.core.contract import Model
from salon.core.dispatch import Caller
from salon.core.http import HouseOf, IdentityOf, MaybeIdentityOf
from salon.core.refusals import Refused
from salon.core.security import new_id
from salon.core.tables import Room
from salon.core.writer import Work
from salon.dashboard import lists

if TYPE_CHECKING:
    pass

_LINK = re.compile(r"[A-Za-z0-9_-]{1,64}")
Offset = Annotated[int, Query(ge=0, le=10_000_000)]


class Done(Model):
    ok: bool = True


def router() -> APIRouter:
    routes = APIRouter(prefix="/api/me/rooms", tags=["dashboard"])

    @routes.get("")
    async def list_rooms(
        house: HouseOf, identity: MaybeIdentityOf, which: lists.Which = "mine", offset: Offset = 0
    ) -> lists.MyRooms:
        """Rooms that one runs (``mine``, open ones) or was in (``visited``, also those that have ended)."""
        if identity is None:
            return lists.MyRooms(total=0, rooms=[])
        async with house.storage.read() as session:
            return await lists.look(session, identity, which, offset, house.addresses.public_url)

    @routes.delete("/{link}")
    async def forget(link: str, house: HouseOf, identity: IdentityOf) -> Done:
        """Take a room off the list of those one was in. What one did there stays."""

        async def write(work: Work) -> None:
            room_id = await _room(work.session, link, identity)
            await lists.forget_visit(work, identity, room_id)

        await house.writer.run("", write)
        return Done()

    @routes.post("/{link}/close")
    async def close(link: str, house: HouseOf, identity: IdentityOf) -> Done:
        """End one's room for everyone, as its owner does inside."""
        async with house.storage.read() as session:
            room_id = await _room(session, link, identity)
        await house.dispatcher.ask(Caller(identity, room_id), "rooms.close", {"id": new_id()})
        return Done()

    return routes


async def _room(session: AsyncSession, link: str, identity: str) -> str:
    """The id of a room that this person has been in, open or not."""
    found = None
    if _LINK.fullmatch(link):
        found = (await session.execute(select(Room.id).where(Room.link == link))).scalar_one_or_none()
    if found is None or await find_member(session, found, identity) is None:
        raise Refused("room_unknown")
    return found
