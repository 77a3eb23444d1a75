"""A room's password over HTTP: hosts set it, others give it. Neither is hashed in the event loop or a transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter
from pydantic import Field
from sqlalchemy import delete

from salon.core.access import access_member, access_open_room, access_room_by_link, check_membership, find_member
from salon.core.audit import record
from salon.core.contract import Model, Need
from salon.core.dispatch import Context
from salon.core.door import AtDoor, closed, grant, ways
from salon.core.hashing import normal
from salon.core.http import HouseOf, IdentityOf, NetworkOf
from salon.core.refusals import Refused
from salon.core.security import TokenBuckets
from salon.core.tables import Pass
from salon.core.writer import Work
from salon.rooms import contract
from salon.rooms.snapshot import room_of

if TYPE_CHECKING:
    from salon.core.house import House

SHORTEST, LONGEST = 4, 128
"""In characters, after normalisation."""
OWN_TRIES = 5
"""Wrong passwords of one person at once; later one a minute."""

Typed = Annotated[str, Field(max_length=1000)]


class PasswordGiven(Model):
    password: Typed


class PasswordWanted(Model):
    password: Typed | None
    """Null takes it away."""


class Done(Model):
    ok: bool = True


class Tries:
    """How often wrong passwords may be tried, by one person at one door and from one network."""

    def __init__(self, house: House) -> None:
        hourly = house.settings.room_passwords_per_hour
        self._clock = house.clock
        self._networks = TokenBuckets(hourly / 3600, hourly)
        self._people = TokenBuckets(1 / 60, OWN_TRIES)

    def take(self, room_id: str, identity: str, network: str) -> None:
        """Before it is checked, so that many at once are no more tries."""
        now = self._clock.now()
        wait = self._people.take((room_id, identity), now) or self._networks.take(network, now)
        if wait:
            raise Refused("rate_limited", "Too many wrong passwords. Wait a little.", retry_after=wait)

    def give_back(self, room_id: str, identity: str, network: str) -> None:
        """It was right, or could not be checked."""
        self._people.give_back((room_id, identity))
        self._networks.give_back(network)


def add_password(routes: APIRouter) -> None:
    """Put the routes under ``/api/rooms``."""

    @routes.post("/{link}/password")
    async def give_password(
        link: str, given: PasswordGiven, house: HouseOf, identity: IdentityOf, network: NetworkOf
    ) -> Done:
        """Show that one knows the room's password: then its door is open, as far as that goes."""
        room_id, version, hashed = await _asked_for(house, link, identity)
        if hashed is None:
            return Done()
        tries = house.kept(Tries)
        tries.take(room_id, identity, network)
        fits = None
        try:
            async with house.passwords.turn():
                fits = await house.passwords.fits(hashed, given.password[:LONGEST])
        finally:
            if fits is not False:
                tries.give_back(room_id, identity, network)
        if not fits:
            raise Refused("room_password_wrong", field="password")
        await house.writer.run(room_id, lambda work: _pass(work, room_id, identity, version))
        return Done()

    @routes.put("/{link}/password")
    async def set_password(link: str, wanted: PasswordWanted, house: HouseOf, identity: IdentityOf) -> Done:
        """For hosts: give the room a password, another one, or none. Who is inside stays."""
        chosen = None if wanted.password is None else new_password(wanted.password)
        async with house.storage.read() as session:
            room_id = (await access_room_by_link(session, link)).id
            await access_member(session, room_id, identity, Need.COHOST)
        hashed = None
        if chosen is not None:
            async with house.passwords.turn():
                hashed = await house.passwords.hash(chosen)
        await house.dispatcher.system(room_id, lambda ctx: _change(ctx, hashed), by=identity)
        return Done()


async def _pass(work: Work, room_id: str, identity: str, version: int) -> None:
    room = await access_open_room(work.session, room_id)
    if room.password_version != version:
        raise Refused("room_password_wrong", "The password was changed just now.", field="password")
    await grant(work.session, room, identity, "password", work.now)


async def _change(ctx: Context, hashed: str | None) -> None:
    # Once more, in the transaction: they may be no host any longer.
    await access_member(ctx.session, ctx.room.id, ctx.caller.identity, Need.COHOST)
    ctx.room.password_hash = hashed
    ctx.room.password_version += 1
    await ctx.session.execute(delete(Pass).where(Pass.room_id == ctx.room.id, Pass.kind == "password"))
    ctx.to_room(contract.RoomChanged(room=room_of(ctx.room)))
    action = "room.no_password" if hashed is None else "room.password"
    record(ctx.session, ctx.now, action, actor=ctx.caller.identity, subject=ctx.room.id)


def new_password(password: str) -> str:
    """A room's password, normalised. It is told to many people and need not be as long as that of an account."""
    chosen = normal(password)
    if not SHORTEST <= len(chosen) <= LONGEST or not chosen.strip():
        message = f"A room's password has {SHORTEST} to {LONGEST} characters."
        raise Refused("password_weak", message, field="password")
    return chosen


async def _asked_for(house: House, link: str, identity: str) -> tuple[str, int, str | None]:
    """The room, which password it has, and its hash; None for whom it is not asked.

    Whoever could not come in with the right one is refused before it is checked.
    """
    async with house.storage.read() as session:
        room = await access_room_by_link(session, link)
        member = await find_member(session, room.id, identity)
        check_membership(member)
        (way,) = await ways(session, [AtDoor(room, identity, member)])
        if way not in {"open", "knock", "password"}:
            raise closed(way)
        return room.id, room.password_version, room.password_hash if way == "password" else None
