"""What rooms say on the wire: their settings, and that they are closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from salon.core.contract import Command, Event, Id, Millis, Model, Need
from salon.core.invitations import Invitation as Invitation
from salon.core.invitations import Invited as Invited
from salon.core.invitations import Uninvited as Uninvited

Preset = Literal["stage", "meeting", "study", "drop"]
Theme = Literal["linen", "ember", "moss", "tide", "dusk", "rose", "slate", "honey"]
Newcomers = Literal["participant", "audience"]
CloseReason = Literal["owner", "idle", "admin"]


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


RoomName = Annotated[str, Field(max_length=400)]
"""Cut to shape by ``rules.room_name``: at most 80 characters as people count them."""

Capacity = Annotated[int, Field(ge=1, le=10_000)]
IdleMinutes = Annotated[int, Field(ge=5, le=60 * 24 * 30)]


class Room(Model):
    """A room as everyone in it sees it."""

    id: Id
    name: str
    preset: Preset
    theme: Theme
    pin: str
    link: str
    """The token of the share link; the page is ``<public URL>/r/<link>``."""
    activities: list[str]
    """The activities that are switched on, in the order of the registry."""
    capacity: int | None
    """How many people may be in the room at once; null is as many as come."""
    newcomers: Newcomers
    """The role of people who join."""
    idle_minutes: int
    """The room closes by itself after so many minutes with nobody in it."""
    created_at: Millis


class RoomsSnapshot(Model):
    room: Room
    url: str
    """The share link, from the configured public URL."""


class Update(Command, name="rooms.update", needs=Need.COHOST):
    """Change settings of the room. Fields that are left out stay as they are."""

    name: RoomName | None = None
    theme: Theme | None = None
    capacity: Capacity | None = None
    newcomers: Newcomers | None = None
    idle_minutes: IdleMinutes | None = None


class SwitchActivity(Command, name="rooms.activity", needs=Need.COHOST):
    """Switch an activity on or off for everyone."""

    activity: Annotated[str, Field(max_length=40)]
    on: bool


class Close(Command, name="rooms.close", needs=Need.OWNER):
    """End the room for everyone. Its PIN becomes free, what was written in it is deleted."""


class RoomChanged(Event, name="rooms.changed"):
    room: Room


class RoomClosed(Event, name="rooms.closed"):
    reason: CloseReason
