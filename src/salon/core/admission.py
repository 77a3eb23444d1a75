"""Who connects, and to which room: the first look at a connection, for many of them at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.access import access_rooms_by_link, check_membership, find_members
from salon.core.gather import Gatherer
from salon.core.refusals import Refused

if TYPE_CHECKING:
    from salon.core.house import House

AT_ONCE = 100


@dataclass(frozen=True)
class Admitted:
    identity: str
    room_id: str
    person: str | None
    """The member that it was just now; None for somebody who has not joined."""


@dataclass(frozen=True)
class Asking:
    """What a connection brings; nothing of it is to be trusted."""

    token: object
    bearer: bool
    link: object
    """Of the room."""


class Admissions:
    """Knows the session by its token and the room by its link; refuses who was sent out of it."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._looking: Gatherer[Asking, Admitted] = Gatherer(self._look_up, AT_ONCE)

    async def admit(self, asking: Asking) -> Admitted:
        return await self._looking.ask(asking)

    async def _look_up(self, those: list[Asking]) -> list[Admitted | Exception]:
        async with self._house.storage.read() as session:
            known = await self._house.sessions.find(session, [(each.token, each.bearer) for each in those])
            answers = await self._enter(session, those, known.identities)
        await self._house.sessions.touch(known.unused_for_long)
        return answers

    async def _enter(
        self, session: AsyncSession, those: list[Asking], identities: list[str | None]
    ) -> list[Admitted | Exception]:
        rooms = await access_rooms_by_link(session, [each.link for each in those])
        pairs = zip(rooms, identities, strict=True)
        members = await find_members(
            session, [(room.id, who) for room, who in pairs if who is not None and not isinstance(room, Refused)]
        )
        answers: list[Admitted | Exception] = []
        for room, who in zip(rooms, identities, strict=True):
            if who is None:
                answers.append(Refused("session_required"))
            elif isinstance(room, Refused):
                answers.append(room)
            else:
                try:
                    member = check_membership(members.get((room.id, who)))
                    answers.append(Admitted(who, room.id, None if member is None else member.id))
                except Refused as refused:
                    answers.append(refused)
        return answers
