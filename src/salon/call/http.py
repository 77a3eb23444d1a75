"""Where browsers get servers for the way to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Response

from salon.core import ice
from salon.core.access import access_member, access_room_by_link
from salon.core.contract import Need
from salon.core.http import HouseOf, IdentityOf
from salon.core.refusals import Refused
from salon.core.security import TokenBuckets

if TYPE_CHECKING:
    from salon.core.house import House

PER_MINUTE = 30
"""For one identity: a page asks before it joins, and once an hour after that."""


def _asked(_house: House) -> TokenBuckets:
    return TokenBuckets(PER_MINUTE / 60, PER_MINUTE)


def router() -> APIRouter:
    routes = APIRouter(prefix="/api/rooms", tags=["call"])

    # Browsers would take null for a text.
    @routes.get("/{link}/call/ice", response_model_exclude_none=True)
    async def call_servers(link: str, house: HouseOf, identity: IdentityOf, response: Response) -> ice.IceConfig:
        """Servers and credentials of one hour, for members of a room that has a call: they are asked for before
        joining, so that the way is found at once."""
        now = house.clock.now()
        wait = house.kept(_asked).take(identity, now)
        if wait:
            raise Refused("rate_limited", retry_after=wait)
        async with house.storage.read() as session:
            room = await access_room_by_link(session, link)
            room, member = await access_member(session, room.id, identity, Need.AUDIENCE)
        if "call" not in room.activities:
            raise Refused("activity_off")
        response.headers["Cache-Control"] = "no-store"
        return ice.config(house.turn.servers(), member.id, now)

    return routes
