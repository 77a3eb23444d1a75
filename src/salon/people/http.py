"""Getting a session; the door's routes are beside (:mod:`salon.people.http_door`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response

from salon.core.contract import Id, Model
from salon.core.http import HouseOf, MaybeIdentityOf, NetworkOf, bearer_of, give_cookie
from salon.core.refusals import Refused
from salon.core.security import TokenBuckets
from salon.core.sessions import COOKIE
from salon.people.http_door import add_door

if TYPE_CHECKING:
    from salon.core.house import House


class NewSession(Model):
    bearer: bool = False
    """Answer with a token, for bots, instead of setting a cookie."""


class SessionMade(Model):
    identity: Id
    token: str | None = None


def _sessions(house: House) -> TokenBuckets:
    return TokenBuckets(house.settings.sessions_per_hour / 3600, house.settings.sessions_per_hour)


def router() -> APIRouter:
    routes = APIRouter(prefix="/api", tags=["people"])

    @routes.post("/session")
    async def get_session(
        asked: NewSession,
        house: HouseOf,
        identity: MaybeIdentityOf,
        network: NetworkOf,
        request: Request,
        response: Response,
    ) -> SessionMade:
        """The session that the browser has, or a new one."""
        if identity is not None and not asked.bearer:
            if COOKIE in request.cookies and bearer_of(request) is None:
                # The browser keeps it for as long again.
                give_cookie(house, response, request.cookies[COOKIE])
            return SessionMade(identity=identity)
        wait = house.kept(_sessions).take(network, house.clock.now())
        if wait:
            raise Refused("rate_limited", retry_after=wait)
        made = await house.sessions.open(bearer=asked.bearer)
        if asked.bearer:
            return SessionMade(identity=made.identity, token=made.token)
        give_cookie(house, response, made.token)
        return SessionMade(identity=made.identity)

    add_door(routes)
    return routes
