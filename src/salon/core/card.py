"""What somebody who holds a room's link may know of it before joining."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.access import access_open_rooms, check_membership, find_members
from salon.core.contract import Model
from salon.core.door import AtDoor, Way, ways
from salon.core.refusals import Refused
from salon.core.tables import Member, Room


class RoomCard(Model):
    """A room from outside. Only who may come in now learns its name, its kind and how many are in it."""

    way: Way
    """What must be done first; ``open`` for who may come in."""
    theme: str
    name: str | None
    preset: str | None
    people: int | None
    """How many are in it now."""
    member: bool
    """Whether this session has joined before and may go straight in."""
    person_name: str | None
    """The name it has in the room, when it was there before."""


async def room_card(session: AsyncSession, room: Room, identity: str | None) -> RoomCard:
    """The card for one person, who may have no session yet. Refused when they were sent out."""
    members = await find_members(session, [(room.id, identity)]) if identity else {}
    member = members.get((room.id, identity or ""))
    check_membership(member)
    (way,) = await ways(session, [AtDoor(room, identity, member)])
    people = await _counts(session, [room.id])
    return _card(room, way, people.get(room.id, 0), member)


async def room_cards(session: AsyncSession, who: Sequence[tuple[str, str]]) -> list[RoomCard | Refused]:
    """For many ``(room, identity)`` at once: the card, or why there is none."""
    ids = {room_id for room_id, _ in who}
    rooms = await access_open_rooms(session, ids)
    members = await find_members(session, who)
    people = await _counts(session, ids)
    doors = {
        (room_id, identity): AtDoor(room, identity, members.get((room_id, identity)))
        for room_id, identity in who
        if not isinstance(room := rooms[room_id], Refused)
    }
    found = dict(zip(doors, await ways(session, list(doors.values())), strict=True))
    cards: list[RoomCard | Refused] = []
    for room_id, identity in who:
        room = rooms[room_id]
        if isinstance(room, Refused):
            cards.append(room)
        else:
            known = members.get((room_id, identity))
            cards.append(_card(room, found[room_id, identity], people.get(room_id, 0), known))
    return cards


async def _counts(session: AsyncSession, ids: Collection[str]) -> dict[str, int]:
    here = (
        select(Member.room_id, func.count().label("people"))
        .where(Member.room_id.in_(ids), Member.present)
        .group_by(Member.room_id)
    )
    return {row.room_id: row.people for row in await session.execute(here)}


def _card(room: Room, way: Way, people: int, member: Member | None) -> RoomCard:
    may_enter = way == "open"
    return RoomCard(
        way=way,
        theme=room.theme,
        name=room.name if may_enter else None,
        preset=room.preset if may_enter else None,
        people=people if may_enter else None,
        member=may_enter and member is not None and member.status == "in",
        person_name=member.name if member is not None else None,
    )
