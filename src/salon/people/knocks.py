"""Knocking: a host decides who comes in.

At the door of a room that asks for it (``via`` link), and for PINs while too many wrong ones are tried (``via`` PIN):
there a right PIN and a wrong one are treated alike.
"""

from __future__ import annotations

from typing import Literal

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.audit import record
from salon.core.dispatch import Context, handles, listens
from salon.core.door import AtDoor, closed, grant, ways
from salon.core.refusals import Refused
from salon.core.security import new_token
from salon.core.tables import Member, Pass, Room
from salon.core.writer import Work
from salon.people import contract
from salon.people.rules import about_line, person_name, wait_before_asking_again
from salon.people.snapshot import knock_of
from salon.people.tables import Knock
from salon.rooms.contract import RoomChanged, RoomClosed

UNDECIDED = ("waiting", "away")
"""States of those who have knocked and were not answered: whoever has gone for a moment keeps their place."""
WAITING_AT_ONCE = 20
"""So many may wait by PIN at one door; the hosts are spared further ones."""
WAITING_BY_LINK = 200
"""So many of those who have the link; further ones are told to come back."""


def new_knock(work: Work, room_id: str | None, identity: str) -> str:
    """A ticket for asking the host. Made alike for a right PIN and a wrong one, so that it tells nothing."""
    return _new_knock(work, room_id, identity, "pin").id


def _new_knock(work: Work, room_id: str | None, identity: str, via: Literal["pin", "link"]) -> Knock:
    knock = Knock(
        id=new_token(),
        room_id=room_id,
        identity_id=identity,
        name="",
        about="",
        via=via,
        state="new",
        created_at=work.now,
        asked_at=work.now,
        settled_at=None,
    )
    work.session.add(knock)
    return knock


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
    if await _waiting(work.session, room.id, "pin") > WAITING_AT_ONCE:
        knock.room_id = None
        return
    work.to_hosts(room.id, contract.Knocked(knock=knock_of(knock)))


async def ask_at_door(work: Work, room: Room, member: Member | None, identity: str, name: str, about: str) -> str:
    """The same by link, where a newcomer must be let in. Returns the ticket: the same one while it is undecided.

    Refused with what else must be done first, or with ``rate_limited`` until one may ask again.
    """
    name, about = person_name(name), about_line(about)
    (way,) = await ways(work.session, [AtDoor(room, identity, member)])
    if way not in {"open", "knock"}:
        raise closed(way)
    earlier = await _earlier(work.session, room.id, identity)
    if earlier and (earlier[0].state in UNDECIDED or (way == "open" and earlier[0].state == "accepted")):
        return earlier[0].id
    if way == "open":
        # There is nothing to ask: the rule was changed a moment ago.
        knock = _new_knock(work, room.id, identity, "link")
        knock.state, knock.settled_at = "accepted", work.now
        return knock.id
    wait = again_in(earlier, work.now)
    if wait:
        raise Refused("rate_limited", "Give the hosts a moment before you ask again.", retry_after=wait)
    if await _waiting(work.session, room.id, "link") >= WAITING_BY_LINK:
        raise Refused("rate_limited", "Many people are at the door. Try again in a moment.", retry_after=15.0)
    knock = _new_knock(work, room.id, identity, "link")
    knock.state, knock.name, knock.about = "waiting", name, about
    work.to_hosts(room.id, contract.Knocked(knock=knock_of(knock)))
    return knock.id


def again_in(earlier: list[Knock], now: int) -> float:
    """Seconds until somebody may knock again, by how often they were not let in of late; the newest first."""
    refused = [each for each in earlier if each.state in {"declined", "unanswered"}]
    if not refused:
        return 0.0
    free_at = (refused[0].settled_at or refused[0].asked_at) + wait_before_asking_again(len(refused))
    return max(0, free_at - now) / 1000


async def _earlier(session: AsyncSession, room_id: str, identity: str) -> list[Knock]:
    theirs = select(Knock).where(Knock.room_id == room_id, Knock.identity_id == identity, Knock.via == "link")
    return list((await session.execute(theirs.order_by(Knock.created_at.desc()))).scalars())


async def wait_to_ask_again(session: AsyncSession, knock: Knock, now: int) -> float:
    """Seconds until whoever was not let in by this may knock again."""
    return again_in(await _earlier(session, knock.room_id or "", knock.identity_id), now)


async def _waiting(session: AsyncSession, room_id: str, via: str) -> int:
    those = select(func.count()).select_from(Knock)
    waiting = those.where(Knock.room_id == room_id, Knock.state.in_(UNDECIDED), Knock.via == via)
    return (await session.execute(waiting)).scalar_one()


async def _settle(ctx: Context, which: ColumnElement[bool], outcome: contract.KnockOutcome) -> list[str]:
    """Decide what is undecided of these: whoever comes second finds nothing. Returns the tickets."""
    statement = (
        update(Knock)
        .where(Knock.room_id == ctx.room.id, Knock.state.in_(UNDECIDED), which)
        .values(state=outcome, settled_at=ctx.now)
        .returning(Knock.id, Knock.identity_id)
    )
    rows = sorted((await ctx.session.execute(statement)).all())
    for row in rows:
        if outcome == "accepted":
            # To the identity of the request, in this room: nobody else can use it.
            await grant(ctx.session, ctx.room, row.identity_id, "accepted", ctx.now)
        ctx.to_hosts(contract.KnockSettled(knock=row.id, outcome=outcome))
        ctx.ring(bell(row.id))
    return [row.id for row in rows]


async def _decide(ctx: Context, tickets: list[str], outcome: contract.KnockOutcome) -> None:
    if not (settled := await _settle(ctx, Knock.id.in_(tickets), outcome)):
        raise Refused("knock_unknown", "That was decided already.", field="knock")
    action = "room.admit" if outcome == "accepted" else "room.decline"
    record(ctx.session, ctx.now, action, actor=ctx.caller.identity, subject=ctx.room.id, people=len(settled))


@handles(contract.Admit)
async def admit(cmd: contract.Admit, ctx: Context) -> None:
    await _decide(ctx, [cmd.knock], "accepted")


@handles(contract.AdmitAll)
async def admit_all(cmd: contract.AdmitAll, ctx: Context) -> None:
    await _decide(ctx, cmd.knocks, "accepted")


@handles(contract.Decline)
async def decline(cmd: contract.Decline, ctx: Context) -> None:
    await _decide(ctx, [cmd.knock], "declined")


@listens(RoomChanged)
async def follow_rule(_event: RoomChanged, ctx: Context) -> None:
    """The room does not ask for knocking any more: nobody waits in vain."""
    if ctx.room.admission != "knock":
        outcome: contract.KnockOutcome = "accepted" if ctx.room.admission == "open" else "unanswered"
        await _settle(ctx, Knock.via == "link", outcome)


@listens(RoomClosed)
async def turn_away(_event: RoomClosed, ctx: Context) -> None:
    """Whoever waits at the door of a closed room sees at once that nobody will answer. Their names are forgotten."""
    theirs = update(Knock).where(Knock.room_id == ctx.room.id)
    statement = theirs.values(room_id=None, name="", about="", state="unanswered").returning(Knock.id)
    for ticket in (await ctx.session.execute(statement)).scalars():
        ctx.ring(bell(ticket))
    await ctx.session.execute(delete(Pass).where(Pass.room_id == ctx.room.id))
