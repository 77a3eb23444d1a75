"""Opening a room: the one place where its row is made."""

from __future__ import annotations

from collections.abc import Sequence

from salon.core.pins import new_pin
from salon.core.refusals import Refused
from salon.core.security import new_id, new_token
from salon.core.settings import Settings
from salon.core.tables import Room
from salon.core.writer import Work


def chosen(known: Sequence[str], usual: Sequence[str], wanted: Sequence[str] | None) -> list[str]:
    """The activities that a room begins with, in the order of those that the server has."""
    if wanted is None:
        return [each for each in known if each in usual]
    if unknown := set(wanted) - set(known):
        raise Refused("activity_unknown", f"There is no activity {min(unknown)!r}.", field="activities")
    return [each for each in known if each in wanted]


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
