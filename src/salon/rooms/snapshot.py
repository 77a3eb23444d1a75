"""A room as everyone in it sees it."""

from __future__ import annotations

import orjson

from salon.core.feature import View
from salon.core.invitations import invitations_of
from salon.core.tables import Room
from salon.rooms import contract


def room_of(room: Room) -> contract.Room:
    return contract.Room.model_validate(
        {
            "id": room.id,
            "name": room.name,
            "preset": room.preset,
            "theme": room.theme,
            "pin": room.pin or "",
            "link": room.link,
            "activities": room.activities,
            "capacity": room.capacity,
            "newcomers": room.newcomers,
            "admission": room.admission,
            "password": room.password_hash is not None,
            "idle_minutes": room.idle_minutes,
            "created_at": room.created_at,
        }
    )


def share_url(public_url: str, link: str) -> str:
    """The address that the QR code and the share button carry."""
    return f"{public_url}/r/{link}"


async def snapshot(view: View) -> bytes:
    hosts = await view.glance.once("rooms.hosts", lambda: _for_hosts(view)) if view.me.is_host else b"null"
    seen = await view.glance.kept("rooms", lambda: _json(view))
    return seen + b',"hosts":' + hosts + b"}"


async def _json(view: View) -> bytes:
    """What is alike for everybody: the snapshot's beginning."""
    room, url = room_of(view.room).model_dump(), share_url(view.public_url, view.room.link)
    return orjson.dumps({"room": room, "url": url})[:-1]


async def _for_hosts(view: View) -> bytes:
    invitations = await invitations_of(view.session, view.room.id)
    return contract.Hosts(groups=view.room.groups, invitations=invitations).model_dump_json().encode()
