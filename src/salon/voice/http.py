"""Where the two ends of a call get servers for the way between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Response
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core import ice
from salon.core.access import access_member
from salon.core.contract import Id, Need
from salon.core.http import HouseOf, IdentityOf
from salon.core.refusals import Refused
from salon.core.security import TokenBuckets
from salon.core.tables import Member
from salon.voice.tables import VoiceCall

if TYPE_CHECKING:
    from salon.core.house import House

PER_MINUTE = 30
"""For one identity: a page asks at each beginning of a call, and when it has come back."""


def _asked(_house: House) -> TokenBuckets:
    return TokenBuckets(PER_MINUTE / 60, PER_MINUTE)


def router() -> APIRouter:
    routes = APIRouter(prefix="/api/voice", tags=["voice"])

    # Browsers would take null for a text.
    @routes.get("/ice", response_model_exclude_none=True)
    async def ice_servers(
        call: Annotated[Id, Query()], house: HouseOf, identity: IdentityOf, response: Response
    ) -> ice.IceConfig:
        """Servers and credentials of one hour, for who is called and for hosts, as long as the call goes on."""
        now = house.clock.now()
        wait = house.kept(_asked).take(identity, now)
        if wait:
            raise Refused("rate_limited", retry_after=wait)
        async with house.storage.read() as session:
            found = await session.get(VoiceCall, call)
            member = await _entitled(session, found, identity) if found is not None else None
        if member is None:
            # The same for everyone else: it is not told whether there is such a call.
            raise Refused("call_unknown", field="call")
        response.headers["Cache-Control"] = "no-store"
        return ice.config(house.turn.servers(), member.id, now)

    return routes


async def _entitled(session: AsyncSession, call: VoiceCall, identity: str) -> Member | None:
    """The member, if it is the one who is called, or a host of the room."""
    try:
        _, member = await access_member(session, call.room_id, identity, Need.AUDIENCE)
    except Refused:
        return None
    return member if member.id == call.member_id or member.is_host else None
