"""Pure rules of rooms: what a name may be."""

from __future__ import annotations

from salon.core.refusals import Refused
from salon.core.settings import Settings
from salon.core.text import fits, tidy_line
from salon.rooms.contract import PRESETS as PRESETS
from salon.rooms.contract import Preset

ROOM_NAME_LENGTH = 80
"""As people count characters."""


def check_size(capacity: int | None, settings: Settings) -> None:
    """No room may hold more than any room of this server."""
    if capacity is not None and settings.largest_room is not None and capacity > settings.largest_room:
        raise Refused(
            "invalid", f"A room on this server holds at most {settings.largest_room} people.", field="capacity"
        )


def room_name(text: str, preset: Preset) -> str:
    """The name as it is stored; the preset's title when there is none."""
    name = tidy_line(text)
    if not fits(name, ROOM_NAME_LENGTH, 4 * ROOM_NAME_LENGTH):
        raise Refused("name_too_long", f"A room's name has at most {ROOM_NAME_LENGTH} characters.", field="name")
    return name or PRESETS[preset].title
