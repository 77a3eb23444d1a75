"""What somebody who holds a room's link may know of it before joining."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.access import find_member
from salon.core.contract import Model
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
    member = await find_member(session, room.id, identity) if identity else None
    here = select(func.count()).select_from(Member).where(Member.room_id == room.id, Member.present)
    return RoomCard(
        name=room.name,
        preset=room.preset,
        theme=room.theme,
        people=(await session.execute(here)).scalar_one(),
        member=member is not None and member.status == "in",
        person_name=member.name if member is not None else None,
    )
