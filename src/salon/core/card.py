"""What somebody who holds a room's link may know of it before joining."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.access import access_open_rooms, find_members
from salon.core.contract import Model
from salon.core.refusals import Refused
from salon.core.tables import Member, Room


class RoomCard(Model):
    """A room from outside."""

    name: str
    preset: str
    theme: str
    people: int
    """How many are in it now."""
    member: bool
    """Whether this session has joined before and may go straight in."""
    person_name: str | None
    """The name it has in the room, when it was there before."""


async def room_card(session: AsyncSession, room: Room, identity: str | None) -> RoomCard:
    members = await find_members(session, [(room.id, identity)]) if identity else {}
    people = await _counts(session, [room.id])
    return _card(room, people.get(room.id, 0), members.get((room.id, identity or "")))


async def room_cards(session: AsyncSession, who: Sequence[tuple[str, str]]) -> list[RoomCard | Refused]:
    """For many ``(room, identity)`` at once: the card, or why there is none."""
    ids = {room_id for room_id, _ in who}
    rooms = await access_open_rooms(session, ids)
    members = await find_members(session, who)
    people = await _counts(session, ids)
    cards: list[RoomCard | Refused] = []
    for room_id, identity in who:
        room = rooms[room_id]
        known = members.get((room_id, identity))
        cards.append(room if isinstance(room, Refused) else _card(room, people.get(room_id, 0), known))
    return cards


async def _counts(session: AsyncSession, ids: Collection[str]) -> dict[str, int]:
    here = (
        select(Member.room_id, func.count().label("people"))
        .where(Member.room_id.in_(ids), Member.present)
        .group_by(Member.room_id)
    )
    return {row.room_id: row.people for row in await session.execute(here)}


def _card(room: Room, people: int, member: Member | None) -> RoomCard:
    return RoomCard(
        name=room.name,
        preset=room.preset,
        theme=room.theme,
        people=people,
        member=member is not None and member.status == "in",
        person_name=member.name if member is not None else None,
    )
