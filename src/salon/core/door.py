"""A room's door: what somebody must do before they may come in now. Looked at in the transaction in which they do.

The rules, by :attr:`Room.admission`:

- ``open``: whoever has found the room.
- ``knock``: a host accepts each newcomer. Who was in the room before comes back without.
- ``invited``: accounts that have proven an invited address, and people who were invited in person.
- ``groups``: accounts in one of the room's groups; the group ``everyone`` is all accounts.
- ``locked``: nobody.

A password is asked for besides, once for each password. Owner and co-hosts always get in, and so does the creator
of a room that they have not entered yet. Nobody who is inside is sent out by a change; whose connection was lost for
less than the grace is inside. Who was away for longer must match the rule as it is then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.accounts import Account
from salon.core.invitations import RoomInvitation
from salon.core.refusals import Refused
from salon.core.tables import Member, Pass, Room
from salon.core.text import comparable

Way = Literal["open", "password", "knock", "sign_in", "not_invited", "locked"]
EVERYONE = "everyone"
"""The group that every account is in."""


@dataclass(frozen=True)
class AtDoor:
    """Somebody who has found a room. ``member`` is their membership, whatever its status."""

    room: Room
    identity: str | None
    member: Member | None


def is_guarded(room: Room) -> bool:
    """Whether anybody has to do anything before coming in."""
    return room.admission != "open" or room.password_hash is not None


def is_inside(room: Room, member: Member) -> bool:
    """Whether a member of status ``in`` counts as being in the room now, without passing its door again."""
    return member.seated or member.is_host or not is_guarded(room)


async def check_way(session: AsyncSession, room: Room, identity: str, member: Member | None) -> None:
    """Refused unless this person may come in now. Costs nothing where the door is open."""
    if is_guarded(room):
        (way,) = await ways(session, [AtDoor(room, identity, member)])
        if way != "open":
            raise closed(way)


def closed(way: Way) -> Refused:
    """What is said to somebody who tries to come in without having done this."""
    match way:
        case "password":
            return Refused("room_password_required")
        case "knock":
            return Refused("knock_required")
        case "sign_in":
            return Refused("invited_only")
        case "not_invited":
            return Refused("not_invited")
        case _:
            return Refused("room_locked")


async def ways(session: AsyncSession, those: Sequence[AtDoor]) -> list[Way]:
    """What each of them must do first, ``open`` for who may come in now."""
    asking = [each for each in those if not _passes(each)]
    known = await _look_up(session, asking) if asking else _Known()
    return ["open" if _passes(each) else _way(each, known) for each in those]


async def grant(
    session: AsyncSession, room: Room, identity: str, kind: Literal["accepted", "password"], now: int
) -> None:
    """Note that a host has let somebody in, or that they knew the password of now."""
    version = room.password_version if kind == "password" else 0
    await session.execute(delete(Pass).where(Pass.room_id == room.id, Pass.identity_id == identity, Pass.kind == kind))
    session.add(Pass(room_id=room.id, identity_id=identity, kind=kind, version=version, at=now))


async def revoke(session: AsyncSession, room_id: str, identity: str) -> None:
    """Whatever somebody has achieved at this door is worth nothing any more."""
    await session.execute(delete(Pass).where(Pass.room_id == room_id, Pass.identity_id == identity))


@dataclass(frozen=True)
class _Known:
    """What the database tells of those who ask."""

    accounts: dict[str, Account] = field(default_factory=dict)
    invited: frozenset[tuple[str, str]] = frozenset()
    """Room and identity, or room and the key of an address."""
    passes: frozenset[tuple[str, str, str, int]] = frozenset()


def _passes(each: AtDoor) -> bool:
    """Whether no rule has to be asked."""
    room, member = each.room, each.member
    if not is_guarded(room):
        return True
    if member is None:
        return each.identity is not None and each.identity == room.creator_id
    return member.is_host or (member.status == "in" and member.seated)


async def _look_up(session: AsyncSession, asking: Sequence[AtDoor]) -> _Known:
    identities = {each.identity for each in asking if each.identity is not None}
    rooms = {each.room.id for each in asking}
    if not identities:
        return _Known()
    held = select(Pass.room_id, Pass.identity_id, Pass.kind, Pass.version).where(
        Pass.room_id.in_(rooms), Pass.identity_id.in_(identities)
    )
    passes = frozenset((row[0], row[1], row[2], row[3]) for row in await session.execute(held))
    choosy = {each.room.id for each in asking if each.room.admission in {"invited", "groups"}}
    if not choosy:
        return _Known(passes=passes)
    signed_up = select(Account).where(Account.identity_id.in_(identities), Account.disabled_at.is_(None))
    accounts = {each.identity_id: each for each in (await session.execute(signed_up)).scalars()}
    addresses = {each.email_key for each in accounts.values() if each.verified_at is not None and each.email_key}
    theirs = select(RoomInvitation.room_id, RoomInvitation.identity_id, RoomInvitation.email_key).where(
        RoomInvitation.room_id.in_(choosy),
        or_(RoomInvitation.identity_id.in_(identities), RoomInvitation.email_key.in_(addresses)),
    )
    invited = frozenset((row[0], row[1] or row[2] or "") for row in await session.execute(theirs))
    return _Known(accounts, invited, passes)


def _way(each: AtDoor, known: _Known) -> Way:
    room, identity = each.room, each.identity or ""
    account = known.accounts.get(identity)
    if room.admission == "locked":
        return "locked"
    if room.admission in {"invited", "groups"} and not _is_meant(room, identity, account, known):
        return "sign_in" if account is None else "not_invited"
    if room.password_hash is not None and (room.id, identity, "password", room.password_version) not in known.passes:
        return "password"
    if room.admission == "knock" and each.member is None and (room.id, identity, "accepted", 0) not in known.passes:
        return "knock"
    return "open"


def _is_meant(room: Room, identity: str, account: Account | None, known: _Known) -> bool:
    if room.admission == "groups":
        wanted = {comparable(name) for name in room.groups}
        return account is not None and not wanted.isdisjoint({EVERYONE, *map(comparable, account.groups)})
    if (room.id, identity) in known.invited:
        return True
    proven = account is not None and account.verified_at is not None and account.email_key is not None
    return proven and account is not None and (room.id, account.email_key) in known.invited
