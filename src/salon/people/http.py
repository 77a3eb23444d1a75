"""Getting a session, and coming to a room's door by PIN."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field

from salon.core.contract import Id, Model
from salon.core.http import HouseOf, IdentityOf, MaybeIdentityOf, NetworkOf, bearer_of, give_cookie
from salon.core.pins import guesses_are_used_up, note_wrong_pin, room_by_pin
from salon.core.refusals import Refused
from salon.core.security import TokenBuckets
from salon.core.sessions import COOKIE
from salon.core.settings import Settings
from salon.core.tables import Room
from salon.core.writer import Work
from salon.people import knocks
from salon.people.contract import About, Name

if TYPE_CHECKING:
    from salon.core.house import House

KNOCKS_PER_MINUTE = 10
WAIT_SECONDS = 20.0
"""How long a question for the state of a knock waits for news."""


class NewSession(Model):
    bearer: bool = False
    """Answer with a token, for bots, instead of setting a cookie."""


class SessionMade(Model):
    identity: Id
    token: str | None = None


class PinTried(Model):
    pin: Annotated[str, Field(max_length=40)]


class PinFound(Model):
    outcome: Literal["found"] = "found"
    link: str


class PinKnock(Model):
    outcome: Literal["knock"] = "knock"
    ticket: str


class KnockAsked(Model):
    name: Name
    about: About = ""


class KnockState(Model):
    state: Literal["new", "waiting", "accepted", "declined", "unanswered"]
    link: str | None = None


def router(house: House) -> APIRouter:
    routes = APIRouter(prefix="/api", tags=["people"])
    sessions = TokenBuckets(house.settings.sessions_per_hour / 3600, house.settings.sessions_per_hour)
    tickets = TokenBuckets(KNOCKS_PER_MINUTE / 60, KNOCKS_PER_MINUTE)

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
        wait = sessions.take(network, house.clock.now())
        if wait:
            raise Refused("rate_limited", retry_after=wait)
        made = await house.sessions.open(bearer=asked.bearer)
        if asked.bearer:
            return SessionMade(identity=made.identity, token=made.token)
        give_cookie(house, response, made.token)
        return SessionMade(identity=made.identity)

    @routes.post("/pin")
    async def try_pin(asked: PinTried, house: HouseOf, identity: IdentityOf, network: NetworkOf) -> PinFound | PinKnock:
        """Find a room by its PIN. When too many wrong ones were tried of late, a host is asked instead."""
        pin = "".join(each for each in asked.pin if each not in " -\u00a0\u2009")
        if not (pin.isascii() and pin.isdigit() and len(pin) <= 16):
            raise Refused("invalid", "A PIN has digits only.", field="pin")

        # Once for each request, though what the writer does may have to be done twice.
        take = functools.cache(tickets.take)
        found = await house.writer.run("", lambda work: _find(work, house.settings, network, identity, pin, take))
        if found is None:
            raise Refused("pin_unknown", field="pin")
        return found

    @routes.post("/knocks/{ticket}")
    async def knock(ticket: str, asked: KnockAsked, house: HouseOf, identity: IdentityOf) -> KnockState:
        """Ask the hosts to be let in."""
        await house.writer.run("", lambda work: knocks.ask(work, ticket, identity, asked.name, asked.about))
        return await _state(house, ticket, identity)

    @routes.get("/knocks/{ticket}")
    async def wait_for_answer(ticket: str, house: HouseOf, identity: IdentityOf) -> KnockState:
        """What the hosts said. While they have not, the answer waits up to 20 seconds for it."""
        with house.bells.listening(knocks.bell(ticket)) as wait:
            state = await _state(house, ticket, identity)
            if state.state == "waiting":
                await wait(WAIT_SECONDS)
                state = await _state(house, ticket, identity)
        return state

    return routes


async def _find(
    work: Work, settings: Settings, network: str, identity: str, pin: str, take: Callable[[str, int], float]
) -> PinFound | PinKnock | None:
    """The room, a ticket for asking its host, or None for a wrong PIN that may be told to be wrong.

    Over the limit the same is done for a right PIN and a wrong one, so that neither answer nor time tell them apart.
    """
    room = await room_by_pin(work.session, pin)
    if await guesses_are_used_up(work.session, settings, network, work.now):
        wait = take(network, work.now)
        if wait:
            raise Refused("rate_limited", retry_after=wait)
        return PinKnock(ticket=knocks.new_knock(work, room.id if room else None, identity))
    if room is None:
        await note_wrong_pin(work.session, network, work.now)
        return None
    return PinFound(link=room.link)


async def _state(house: House, ticket: str, identity: str) -> KnockState:
    async with house.storage.read() as session:
        found = await knocks.access_own_knock(session, ticket, identity)
        room = await session.get(Room, found.room_id) if found.room_id else None
    if found.state != "accepted":
        return KnockState.model_validate({"state": found.state})
    if room is None or room.closed_at is not None:
        return KnockState(state="unanswered")
    return KnockState(state="accepted", link=room.link)
