"""Pure rules of rooms: what a name may be, and what a preset switches on."""

from __future__ import annotations

from dataclasses import dataclass

from salon.core.refusals import Refused
from salon.core.text import fits, tidy_line
from salon.rooms.contract import Newcomers, Preset

ROOM_NAME_LENGTH = 80
"""As people count characters."""


@dataclass(frozen=True)
class PresetRules:
    """What a preset stands for. ``activities`` may name ones that this version of Salon does not have."""

    title: str
    newcomers: Newcomers
    activities: tuple[str, ...]


PRESETS: dict[Preset, PresetRules] = {
    "stage": PresetRules("Stage", "audience", ("chat", "floor", "polls")),
    "meeting": PresetRules("Meeting", "participant", ("chat", "call")),
    "study": PresetRules("Study", "participant", ("chat", "study", "music")),
    "drop": PresetRules("Drop", "participant", ("chat", "files")),
}


def room_name(text: str, preset: Preset) -> str:
    """The name as it is stored; the preset's title when there is none."""
    name = tidy_line(text)
    if not fits(name, ROOM_NAME_LENGTH, 4 * ROOM_NAME_LENGTH):
        raise Refused("name_too_long", f"A room's name has at most {ROOM_NAME_LENGTH} characters.", field="name")
    return name or PRESETS[preset].title
