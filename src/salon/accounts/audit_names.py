"""The names behind the ids of the audit list, as they are now. The list holds none: of those who go nothing is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.accounts.tables import Account, AuditEntry
from salon.core.tables import Member, Room


@dataclass(frozen=True)
class Names:
    """What is still known, by id."""

    accounts: dict[str, str]
    rooms: dict[str, str]
    people: dict[str, str]
    """Members, by their own id."""
    members: dict[tuple[str | None, str | None], str]
    """Members, by room and identity: the name of a guest who did something there."""


async def names_in(session: AsyncSession, entries: Sequence[AuditEntry]) -> Names:
    """Look up everybody and everything that these lines name."""
    actors = {each.actor for each in entries if each.actor is not None}
    subjects = {each.subject for each in entries if each.subject is not None}
    persons = {str(each.detail["person"]) for each in entries if "person" in each.detail}
    accounts = select(Account.identity_id, Account.name).where(Account.identity_id.in_(actors | subjects))
    rooms = select(Room.id, Room.name).where(Room.id.in_(subjects))
    people = select(Member.id, Member.name).where(Member.id.in_(persons))
    members = select(Member.room_id, Member.identity_id, Member.name).where(
        Member.room_id.in_(subjects), Member.identity_id.in_(actors)
    )
    return Names(
        accounts=dict((await session.execute(accounts)).all()),
        rooms=dict((await session.execute(rooms)).all()),
        people=dict((await session.execute(people)).all()),
        members={(room, identity): name for room, identity, name in (await session.execute(members)).all()},
    )
