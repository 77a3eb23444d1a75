"""Coming to a room's door over HTTP: by PIN, by knocking, and waiting for what the hosts say."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Request
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.access import access_open_room, access_room_by_link, check_membership, find_member
from salon.core.contract import Model
from salon.core.http import HouseOf, IdentityOf, NetworkOf
from salon.core.pins import guesses_are_used_up, note_wrong_pin, room_by_pin
from salon.core.refusals import Refused
from salon.core.security import TokenBuckets
from salon.core.settings import Settings
from salon.core.tables import Room
from salon.core.writer import Work
from salon.people import knocks
from salon.people.contract import About, Name
from salon.people.tables import Knock
from salon.people.waiting import come_back, door_of

if TYPE_CHECKING:
    from salon.core.house import House

KNOCKS_PER_MINUTE = 10
KNOCKS_BY_LINK_PER_MINUTE = 200
"""From one network: a whole hall may share an address."""
WAIT_SECONDS = 20.0
"""How long a question for the state of a knock waits for news."""


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


class KnockAtDoor(KnockState):
    """At the door of a room whose link the person has."""

    link: str
    again_in: float
    """Seconds until they may ask again, when they were not let in."""


class KnockMade(Model):
    ticket: str


def _tickets(_house: House) -> TokenBuckets:
    return TokenBuckets(KNOCKS_PER_MINUTE / 60, KNOCKS_PER_MINUTE)


def _by_link(_house: House) -> TokenBuckets:
    return TokenBuckets(KNOCKS_BY_LINK_PER_MINUTE / 60, KNOCKS_BY_LINK_PER_MINUTE)


def add_door(routes: APIRouter) -> None:
    """Put the door's routes under ``/api``."""

    @routes.post("/pin")
    async def try_pin(asked: PinTried, house: HouseOf, identity: IdentityOf, network: NetworkOf) -> PinFound | PinKnock:
        """Find a room by its PIN. When too many wrong ones were tried of late, a host is asked instead."""
        pin = "".join(each for each in asked.pin if each not in " -\u00a0\u2009")
        if not (pin.isascii() and pin.isdigit() and len(pin) <= 16):
            raise Refused("invalid", "A PIN has digits only.", field="pin")

        # Once for each request, though what the writer does may have to be done twice.
        take = functools.cache(house.kept(_tickets).take)
        found = await house.writer.run("", lambda work: _find(work, house.settings, network, identity, pin, take))
        if found is None:
            raise Refused("pin_unknown", field="pin")
        return found

    @routes.post("/rooms/{link}/knock")
    async def knock_at_door(
        link: str, asked: KnockAsked, house: HouseOf, identity: IdentityOf, network: NetworkOf
    ) -> KnockMade:
        """Ask the hosts of a room that one must be let into. Asking again while one waits gives the same ticket."""
        wait = house.kept(_by_link).take(network, house.clock.now())
        if wait:
            raise Refused("rate_limited", retry_after=wait)
        async with house.storage.read() as session:
            room_id = (await access_room_by_link(session, link)).id

        async def knock(work: Work) -> str:
            room = await access_open_room(work.session, room_id)
            member = await find_member(work.session, room_id, identity)
            check_membership(member)
            ticket = await knocks.ask_at_door(work, room, member, identity, asked.name, asked.about)
            await come_back(work, ticket)
            return ticket

        ticket = await house.writer.run(room_id, knock)
        door_of(house).expect(ticket)
        return KnockMade(ticket=ticket)

    @routes.post("/knocks/{ticket}")
    async def knock(ticket: str, asked: KnockAsked, house: HouseOf, identity: IdentityOf) -> KnockAtDoor | KnockState:
        """Ask the hosts to be let in."""
        await house.writer.run("", lambda work: knocks.ask(work, ticket, identity, asked.name, asked.about))
        door_of(house).expect(ticket)
        return await _state(house, ticket, identity)

    @routes.get("/knocks/{ticket}")
    async def wait_for_answer(
        ticket: str, house: HouseOf, identity: IdentityOf, request: Request, now: bool = False
    ) -> KnockAtDoor | KnockState:
        """What the hosts said. While they have not, the answer waits up to 20 seconds for it, unless asked for now.

        Whoever does not ask for 20 seconds has gone from the door: the hosts do not see them until they ask again.
        """
        with house.bells.listening(knocks.bell(ticket)) as wait:
            state = await _state(house, ticket, identity)
            with door_of(house).watching(ticket):
                if state.state == "waiting" and not now:
                    await _while_there(request, wait(WAIT_SECONDS))
                    state = await _state(house, ticket, identity)
        return state


async def _while_there(request: Request, waiting: Awaitable[None]) -> None:
    """Wait for it, but no longer than the client does."""
    tasks = [asyncio.ensure_future(waiting), asyncio.ensure_future(_gone(request))]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _gone(request: Request) -> None:
    """Returns when the client has closed the connection."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


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
    """How it stands for whoever asks. By asking they are at the door again."""
    while True:
        async with house.storage.read() as session:
            found = await knocks.access_own_knock(session, ticket, identity)
            if found.state != "away":
                return await _told(house, session, found)
        door_of(house).expect(ticket)
        await house.writer.run("", lambda work: come_back(work, ticket))


async def _told(house: House, session: AsyncSession, knock: Knock) -> KnockState:
    room = await session.get(Room, knock.room_id) if knock.room_id else None
    if knock.via == "link" and room is not None and room.closed_at is None:
        again = await knocks.wait_to_ask_again(session, knock, house.clock.now())
        return KnockAtDoor.model_validate({"state": knock.state, "link": room.link, "again_in": again})
    if knock.state != "accepted":
        return KnockState.model_validate({"state": knock.state})
    if room is None or room.closed_at is not None:
        return KnockState(state="unanswered")
    return KnockState(state="accepted", link=room.link)
