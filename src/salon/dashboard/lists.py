"""Which rooms are on somebody's list. A guest has one too: it is the browser's session that it belongs to."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import Select, and_, delete, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.contract import Millis, Model, Role
from salon.core.door import AtDoor, ways
from salon.core.former_names import names_of_before
from salon.core.tables import Member, Room
from salon.core.writer import Work
from salon.dashboard.tables import ForgottenVisit

PAGE = 24

Which = Literal["mine", "visited"]


class MyRoom(Model):
    link: str
    url: str
    name: str
    """Where its door is closed to one, what it was called when one was in it last."""
    preset: str
    theme: str
    role: Role
    """One's own in it."""
    joined: bool
    """Has been in it: whoever made a room may not have entered it yet."""
    pin: str | None
    """For those who run it, while it is open."""
    people: int
    """Who are in it now; 0 where its door is closed to one."""
    here: bool
    """Is in it now, on some device."""
    came_at: Millis
    """When one last came in, or made it."""
    closed_at: Millis | None


class MyRooms(Model):
    total: int
    rooms: list[MyRoom]


_HOSTS = ("owner", "cohost")
_THERE = Member.status.in_(("in", "left"))
_RUNS = or_(Member.role.in_(_HOSTS), Member.id.is_(None))


def _of(identity: str, which: Which) -> Select[Room, Member]:
    """Rooms with one's membership, which may be missing for a room that one has made."""
    own = and_(Member.room_id == Room.id, Member.identity_id == identity)
    joined = select(Room, Member).outerjoin(Member, own)
    if which == "mine":
        theirs = select(Member.room_id).where(Member.identity_id == identity, Member.role.in_(_HOSTS), _THERE)
        made = and_(Room.creator_id == identity, Member.id.is_(None))
        return joined.where(Room.closed_at.is_(None), or_(Room.id.in_(theirs), made))
    forgotten = exists().where(
        ForgottenVisit.identity_id == identity,
        ForgottenVisit.room_id == Room.id,
        ForgottenVisit.at >= Member.since,
        ~Member.present,
    )
    visited = select(Member.room_id).where(Member.identity_id == identity, _THERE)
    return joined.where(Room.id.in_(visited), or_(Room.closed_at.is_not(None), Member.role.not_in(_HOSTS)), ~forgotten)


async def look(session: AsyncSession, identity: str, which: Which, offset: int, public_url: str) -> MyRooms:
    """One page of a list: what is open before what has ended, the last visited first."""
    those = _of(identity, which)
    total = (await session.execute(select(func.count()).select_from(those.subquery()))).scalar_one()
    came = func.coalesce(Member.since, Room.created_at)
    ordered = those.order_by(Room.closed_at.is_not(None), came.desc(), Room.id).offset(offset).limit(PAGE)
    rows = (await session.execute(ordered)).all()
    here = (
        select(Member.room_id, func.count().label("people"))
        .where(Member.room_id.in_([room.id for room, _ in rows]), Member.present)
        .group_by(Member.room_id)
    )
    people = {row.room_id: row.people for row in (await session.execute(here)).all()} if rows else {}
    doors = await ways(session, [AtDoor(room, identity, mine) for room, mine in rows])
    # How many are in it, and what it is called since they were, learns only who may go in. The others are members:
    # whoever has made a room and not entered it yet may.
    names = await names_of_before(session, [mine for (_, mine), way in zip(rows, doors, strict=True) if way != "open"])
    counts = [people.get(room.id, 0) if way == "open" else 0 for (room, _), way in zip(rows, doors, strict=True)]
    shown = [_shown(room, mine, count, names, public_url) for (room, mine), count in zip(rows, counts, strict=True)]
    return MyRooms(total=total, rooms=shown)


def _shown(room: Room, mine: Member | None, people: int, names: dict[str, str], public_url: str) -> MyRoom:
    role = mine.role if mine is not None else "owner"
    return MyRoom.model_validate(
        {
            "link": room.link,
            "url": f"{public_url}/r/{room.link}",
            "name": names.get(mine.id, room.name) if mine is not None else room.name,
            "preset": room.preset,
            "theme": room.theme,
            "role": role,
            "joined": mine is not None,
            "pin": room.pin if role in _HOSTS else None,
            "people": people,
            "here": mine is not None and mine.present,
            "came_at": mine.since if mine is not None else room.created_at,
            "closed_at": room.closed_at,
        }
    )


async def forget_visit(work: Work, identity: str, room_id: str) -> None:
    """Take it off the list, until one comes to the room again."""
    again = delete(ForgottenVisit).where(ForgottenVisit.identity_id == identity, ForgottenVisit.room_id == room_id)
    await work.session.execute(again)
    work.session.add(ForgottenVisit(identity_id=identity, room_id=room_id, at=work.now))


async def forget_list(work: Work, identity: str) -> None:
    await work.session.execute(delete(ForgottenVisit).where(ForgottenVisit.identity_id == identity))
