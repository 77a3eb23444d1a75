"""Who may what: one function for each thing that must be looked up before it is touched."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.contract import Need
from salon.core.door import is_inside
from salon.core.log import StreamKey
from salon.core.refusals import Refused
from salon.core.tables import Member, Room

_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")

# Everybody who comes is looked up by these: they are put together, and known to SQLAlchemy's cache, once.
_BY_LINK = select(Room).where(Room.link.in_(bindparam("links", expanding=True)))
_BY_ID = select(Room).where(Room.id.in_(bindparam("ids", expanding=True)))
_MEMBERS = select(Member).where(
    # The two conditions find a little more than was asked for, and each has its index.
    Member.room_id.in_(bindparam("rooms", expanding=True)),
    Member.identity_id.in_(bindparam("identities", expanding=True)),
)


async def access_room_by_link(session: AsyncSession, link: object) -> Room:
    """The open room with this link."""
    (room,) = await access_rooms_by_link(session, [link])
    if isinstance(room, Refused):
        raise room
    return room


async def access_rooms_by_link(session: AsyncSession, links: Sequence[object]) -> list[Room | Refused]:
    """Many rooms at once: each, or why it is not to be had."""
    wanted = {link for link in links if isinstance(link, str) and _TOKEN.fullmatch(link)}
    rows = (await session.execute(_BY_LINK, {"links": list(wanted)})).scalars() if wanted else ()
    found: dict[object, Room] = {room.link: room for room in rows}
    return [_if_open(found.get(link) if isinstance(link, str) else None) for link in links]


async def access_open_room(session: AsyncSession, room_id: str) -> Room:
    """The room of this id, which must be open."""
    room = await session.get(Room, room_id, populate_existing=True)
    if room is None:
        raise Refused("room_unknown")
    if room.closed_at is not None:
        raise Refused("room_closed")
    return room


async def find_member(session: AsyncSession, room_id: str, identity: str) -> Member | None:
    """The identity's membership, whatever its status."""
    statement = select(Member).where(Member.room_id == room_id, Member.identity_id == identity)
    return (await session.execute(statement)).scalar_one_or_none()


async def find_members(session: AsyncSession, who: Collection[tuple[str, str]]) -> dict[tuple[str, str], Member]:
    """The memberships of ``(room, identity)``, whatever their status, of many at once."""
    rooms, identities = {room for room, _ in who}, {identity for _, identity in who}
    found = await session.execute(_MEMBERS, {"rooms": list(rooms), "identities": list(identities)})
    return {(each.room_id, each.identity_id): each for each in found.scalars()}


async def access_open_rooms(session: AsyncSession, ids: Collection[str]) -> dict[str, Room | Refused]:
    """Many rooms at once: each, or why it is not to be had."""
    found = {room.id: room for room in (await session.execute(_BY_ID, {"ids": list(ids)})).scalars()}
    return {each: _if_open(found.get(each)) for each in ids}


def _if_open(room: Room | None) -> Room | Refused:
    if room is None:
        return Refused("room_unknown")
    return room if room.closed_at is None else Refused("room_closed")


async def access_membership(session: AsyncSession, room_id: str, identity: str) -> Member | None:
    """The identity's membership if it is in the room, None if it has not joined; refused when it was sent out."""
    return check_membership(await find_member(session, room_id, identity))


def check_membership(member: Member | None) -> Member | None:
    """The membership of somebody who is in the room; None for those who have not joined or have left."""
    if member is None or member.status == "left":
        return None
    if member.status != "in":
        raise Refused(member.status)  # "removed" and "banned" are codes too
    return member


def inside(room: Room, member: Member | None) -> Member | None:
    """The member, or None for one who was away for longer than a short loss and has to pass the room's door again."""
    return member if member is not None and is_inside(room, member) else None


def check_standing(member: Member | None, needs: Need) -> None:
    """The caller must have at least the standing that a request needs."""
    if needs is Need.LOBBY:
        if member is not None:
            raise Refused("already_joined")
    elif member is None:
        raise Refused("not_joined")
    elif member.standing < needs:
        raise Refused("forbidden")


async def access_member(session: AsyncSession, room_id: str, identity: str, needs: Need) -> tuple[Room, Member]:
    """The open room and the identity's membership with at least this standing (not for the lobby)."""
    room = await access_open_room(session, room_id)
    member = inside(room, await access_membership(session, room_id, identity))
    check_standing(member, needs)
    assert member is not None  # noqa: S101  check_standing refuses anything below the audience
    return room, member


async def access_person(session: AsyncSession, room_id: str, person: str, *, field: str = "person") -> Member:
    """Somebody who is a member of this very room now."""
    member = await session.get(Member, person)
    if member is None or member.room_id != room_id or member.status != "in":
        raise Refused("person_unknown", field=field)
    return member


async def access_subordinate(session: AsyncSession, me: Member, person: str, also: tuple[str, ...] = ()) -> Member:
    """Somebody of lower standing than one's own, who is a member or has one of these other statuses."""
    member = await session.get(Member, person)
    if member is None or member.room_id != me.room_id or member.status not in ("in", *also):
        raise Refused("person_unknown", field="person")
    check_above(me, member)
    return member


def check_above(me: Member, other: Member) -> None:
    """Only somebody of higher standing acts on others."""
    if other.standing >= me.standing:
        raise Refused("forbidden", "Only somebody above them can do that.")


def streams_of(member: Member) -> list[StreamKey]:
    """What a member may follow."""
    keys = [StreamKey("room", member.room_id), StreamKey("me", member.id)]
    return [*keys, StreamKey("hosts", member.room_id)] if member.is_host else keys
