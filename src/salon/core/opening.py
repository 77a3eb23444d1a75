"""Opening a room: the one place where its row is made."""

from __future__ import annotations

from collections.abc import Sequence

from salon.core.pins import new_pin
from salon.core.security import new_id, new_token
from salon.core.settings import Settings
from salon.core.tables import Room
from salon.core.writer import Work


async def open_room(
    work: Work,
    settings: Settings,
    *,
    creator: str,
    preset: str,
    name: str,
    theme: str,
    activities: Sequence[str],
    newcomers: str,
    capacity: int | None = None,
    admission: str = "open",
) -> Room:
    """A new room with its link and PIN. Whoever made it becomes its owner on joining."""
    room = Room(
        id=new_id(),
        link=new_token(),
        pin=await new_pin(work.session, settings),
        creator_id=creator,
        preset=preset,
        name=name,
        theme=theme,
        activities=list(activities),
        capacity=capacity,
        newcomers=newcomers,
        admission=admission,
        groups=[],
        password_version=0,
        idle_minutes=settings.idle_minutes,
        created_at=work.now,
        active_at=work.now,
    )
    work.session.add(room)
    return room
