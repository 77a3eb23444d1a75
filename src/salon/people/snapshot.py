"""Who is here, and for hosts: who knocks and who was sent out."""

from __future__ import annotations

import orjson
from sqlalchemy import String, bindparam, cast, select

from salon.core.feature import View
from salon.core.tables import Member
from salon.people import contract
from salon.people.tables import Knock


def person_of(member: Member) -> contract.Person:
    return contract.Person.model_validate(
        {
            "id": member.id,
            "name": member.name,
            "about": member.about,
            "picture": member.picture,
            "role": member.role,
            "devices": member.devices,
            "muted": member.muted,
            "since": member.since,
        }
    )


def removed_person_of(member: Member) -> contract.RemovedPerson:
    return contract.RemovedPerson(id=member.id, name=member.name, banned=member.status == "banned", at=member.status_at)


def knock_of(knock: Knock) -> contract.Knock:
    return contract.Knock(id=knock.id, name=knock.name, about=knock.about, at=knock.asked_at)


async def snapshot(view: View) -> bytes:
    hosts = await view.glance.once("people.hosts", lambda: _for_hosts(view)) if view.me.is_host else None
    people = await view.glance.kept("people.here", lambda: _here(view))
    return orjson.dumps(
        {
            "me": view.me.id,
            "people": orjson.Fragment(people),
            "hosts": None if hosts is None else orjson.Fragment(hosts),
        }
    )


_NAMES = [name for name in contract.Person.model_fields if name != "devices"]
_HERE = (
    # What is stored as JSON is sent as it is. PostgreSQL's driver would read it, if it were not told that it is text.
    select(*(getattr(Member, name) for name in _NAMES), cast(Member.devices, String))
    .where(Member.room_id == bindparam("room"), Member.present)
    .order_by(Member.since, Member.id)
)


async def _here(view: View) -> bytes:
    """Everyone as JSON. Of a full room this is most of a snapshot: rows of columns, without objects in between."""
    rows = await view.session.execute(_HERE, {"room": view.room.id})
    return orjson.dumps(
        [{**dict(zip(_NAMES, row[:-1], strict=True)), "devices": orjson.Fragment(row[-1])} for row in rows]
    )


async def _for_hosts(view: View) -> bytes:
    session, room_id = view.session, view.room.id
    waiting = select(Knock).where(Knock.room_id == room_id, Knock.state == "waiting").order_by(Knock.asked_at, Knock.id)
    out = (
        select(Member)
        .where(Member.room_id == room_id, Member.status.in_(("removed", "banned")))
        .order_by(Member.status_at, Member.id)
    )
    seen = contract.HostsSnapshot(
        knocks=[knock_of(each) for each in (await session.execute(waiting)).scalars()],
        removed=[removed_person_of(each) for each in (await session.execute(out)).scalars()],
    )
    return seen.model_dump_json().encode()


async def archive(view: View) -> dict[str, bytes]:
    """``people.txt``: everyone who was ever in the room."""
    everyone = select(Member).where(Member.room_id == view.room.id).order_by(Member.since, Member.id)
    lines = [
        f"{member.name} ({member.role}){f': {member.about}' if member.about else ''}"
        for member in (await view.session.execute(everyone)).scalars()
    ]
    return {"people.txt": "".join(line + "\n" for line in lines).encode()}
