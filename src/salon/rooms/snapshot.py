"""A room as everyone in it sees it."""

from __future__ import annotations

from salon.core.feature import View
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
            "idle_minutes": room.idle_minutes,
            "created_at": room.created_at,
        }
    )


def share_url(public_url: str, link: str) -> str:
    """The address that the QR code and the share button carry."""
    return f"{public_url}/r/{link}"


async def snapshot(view: View) -> bytes:
    return await view.glance.kept("rooms", lambda: _json(view))


async def _json(view: View) -> bytes:
    seen = contract.RoomsSnapshot(room=room_of(view.room), url=share_url(view.public_url, view.room.link))
    return seen.model_dump_json().encode()
