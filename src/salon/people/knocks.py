"""Knocking: when a PIN alone no longer opens (too many wrong ones were tried), a host decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.dispatch import Context, handles, listens
from salon.core.feature import Service
from salon.core.refusals import Refused
from salon.core.security import new_token
from salon.core.tables import Room
from salon.core.writer import Work
from salon.people import contract
from salon.people.rules import about_line, person_name
from salon.people.snapshot import knock_of
from salon.people.tables import Knock
from salon.rooms.contract import RoomClosed

if TYPE_CHECKING:
    from salon.core.house import House

ANSWER_MS = 3 * 60 * 1000
"""After so long nobody will answer any more."""
KEPT_MS = 24 * 3600 * 1000
"""How long somebody who waited can still see what became of it."""
WAITING_AT_ONCE = 20
"""So many may wait at one door; the hosts are spared further ones."""


def new_knock(work: Work, room_id: str | None, identity: str) -> str:
    """A ticket for asking the host. Made alike for a right PIN and a wrong one, so that it tells nothing."""
    ticket = new_token()
    work.session.add(
        Knock(
            id=ticket,
            room_id=room_id,
            identity_id=identity,
            name="",
            about="",
            state="new",
            created_at=work.now,
            asked_at=work.now,
        )
    )
    return ticket


async def access_own_knock(session: AsyncSession, ticket: str, identity: str) -> Knock:
    """The request of this very person."""
    # What is no identifier is not looked up: some databases refuse to even compare it.
    knock = (
        await session.get(Knock, ticket, populate_existing=True) if ticket.isascii() and ticket.isprintable() else None
    )
    if knock is None or knock.identity_id != identity:
        raise Refused("knock_unknown")
    return knock


def bell(ticket: str) -> str:
    """The bell that rings when the request is decided."""
    return f"knock:{ticket}"


async def ask(work: Work, ticket: str, identity: str, name: str, about: str) -> None:
    """Tell the hosts that somebody is at the door. Asking twice changes nothing."""
    name, about = person_name(name), about_line(about)
    knock = await access_own_knock(work.session, ticket, identity)
    if knock.state != "new":
        return
    knock.state, knock.name, knock.about, knock.asked_at = "waiting", name, about, work.now
    room = await work.session.get(Room, knock.room_id) if knock.room_id else None
    if room is None or room.closed_at is not None:
        return
    waiting = select(func.count()).select_from(Knock).where(Knock.room_id == room.id, Knock.state == "waiting")
    if (await work.session.execute(waiting)).scalar_one() > WAITING_AT_ONCE:
        knock.room_id = None
        return
    work.to_hosts(room.id, contract.Knocked(knock=knock_of(knock)))


class Door(Service):
    """Ends the waiting of those whom nobody answers."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def sweep(self) -> None:
        """Nobody answered: tell the hosts that it is over; those who wait see it too."""
        limit = self._house.clock.now() - ANSWER_MS
        due = select(Knock.id, Knock.room_id).where(Knock.state.in_(("new", "waiting")), Knock.asked_at <= limit)
        async with self._house.storage.read() as session:
            rows = (await session.execute(due)).all()
        if rows:
            await self._house.writer.run("", lambda work: self._give_up(work, [row.id for row in rows]))
        for row in rows:
            self._house.bells.ring(bell(row.id))
        if rows:
            await self._house.writer.run("", self._forget_old)

    async def _forget_old(self, work: Work) -> None:
        await work.session.execute(delete(Knock).where(Knock.created_at <= work.now - KEPT_MS))

    async def _give_up(self, work: Work, tickets: list[str]) -> None:
        statement = (
            update(Knock)
            .where(Knock.id.in_(tickets), Knock.state.in_(("new", "waiting")))
            .values(state="unanswered")
            .returning(Knock.id, Knock.room_id, Knock.name)
        )
        for row in (await work.session.execute(statement)).all():
            if row.room_id is not None and row.name:
                work.to_hosts(row.room_id, contract.KnockSettled(knock=row.id, outcome="unanswered"))


async def _settle(ctx: Context, ticket: str, outcome: contract.KnockOutcome) -> None:
    knock = await ctx.session.get(Knock, ticket, populate_existing=True)
    if knock is None or knock.room_id != ctx.room.id or knock.state != "waiting":
        raise Refused("knock_unknown", "That was decided already.", field="knock")
    knock.state = outcome
    ctx.to_hosts(contract.KnockSettled(knock=knock.id, outcome=outcome))
    ctx.ring(bell(ticket))


@handles(contract.Admit)
async def admit(cmd: contract.Admit, ctx: Context) -> None:
    await _settle(ctx, cmd.knock, "accepted")


@handles(contract.Decline)
async def decline(cmd: contract.Decline, ctx: Context) -> None:
    await _settle(ctx, cmd.knock, "declined")


@listens(RoomClosed)
async def turn_away(_event: RoomClosed, ctx: Context) -> None:
    """Whoever waits at the door of a closed room sees at once that nobody will answer. Their names are forgotten."""
    theirs = update(Knock).where(Knock.room_id == ctx.room.id)
    statement = theirs.values(room_id=None, name="", about="", state="unanswered").returning(Knock.id)
    for ticket in (await ctx.session.execute(statement)).scalars():
        ctx.ring(bell(ticket))
