"""What rooms say on the wire: their settings, and that they are closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from salon.core.contract import Command, Event, Id, Invitation, Millis, Model, Need, Query

Preset = Literal["stage", "meeting", "study", "drop"]
Theme = Literal["linen", "ember", "moss", "tide", "dusk", "rose", "slate", "honey"]
Newcomers = Literal["participant", "audience"]
Admission = Literal["open", "knock", "invited", "groups", "locked"]
"""Who may come in (see :mod:`salon.core.door`)."""
CloseReason = Literal["owner", "idle", "admin"]


@dataclass(frozen=True)
class PresetRules:
    """What a preset stands for. ``activities`` may name ones that this version of Salon does not have."""

    title: str
    newcomers: Newcomers
    admission: Admission
    activities: tuple[str, ...]


PRESETS: dict[Preset, PresetRules] = {
    "stage": PresetRules("Stage", "audience", "open", ("chat", "floor", "polls")),
    "meeting": PresetRules("Meeting", "participant", "open", ("chat", "call")),
    "study": PresetRules("Study", "participant", "knock", ("chat", "study", "call", "files", "music")),
    "drop": PresetRules("Drop", "participant", "open", ("chat", "files")),
}


RoomName = Annotated[str, Field(max_length=400)]
"""Cut to shape by ``rules.room_name``: at most 80 characters as people count them."""

Capacity = Annotated[int, Field(ge=1, le=10_000)]
GroupName = Annotated[str, Field(min_length=1, max_length=64)]
Groups = Annotated[list[GroupName], Field(max_length=20)]
Activities = Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=40)]
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
    admission: Admission
    """Who may come in."""
    password: bool
    """Whether it has one."""
    idle_minutes: int
    """The room closes by itself after so many minutes with nobody in it."""
    created_at: Millis


class Hosts(Model):
    """What only hosts see of who may come in."""

    groups: list[str]
    """Of accounts, for a room that goes by groups; ``everyone`` is all accounts."""
    invitations: list[Invitation]


class RoomsSnapshot(Model):
    room: Room
    hosts: Hosts | None
    """Only for hosts."""
    url: str
    """The share link, from the configured public URL."""


class InviteAnswer(Model):
    new: int
    """How many were not invited yet."""
    unclear: list[str]
    """What is no address, to be corrected."""


class Update(Command, name="rooms.update", needs=Need.COHOST):
    """Change settings of the room. Fields that are left out stay as they are."""

    name: RoomName | None = None
    theme: Theme | None = None
    capacity: Capacity | None = None
    newcomers: Newcomers | None = None
    admission: Admission | None = None
    groups: Groups | None = None
    """With capitals or without; at least one for a room that goes by groups."""
    idle_minutes: IdleMinutes | None = None


class Invite(Command, name="rooms.invite", needs=Need.COHOST, answer=InviteAnswer):
    """Invite people by e-mail address. It counts for the account that has proven the address."""

    people: Annotated[str, Field(max_length=20_000)]
    """Addresses as they are pasted: a line, a comma or a semicolon between them, names before ``<address>``."""


class InvitePerson(Command, name="rooms.invite_person", needs=Need.COHOST):
    """Invite somebody who is here, with an account or without: they may come back."""

    person: Id


class Uninvite(Command, name="rooms.uninvite", needs=Need.COHOST):
    """Take invitations back. Who is inside stays."""

    invitations: Annotated[list[Id], Field(min_length=1, max_length=500)]


class KnownGroupsAnswer(Model):
    groups: list[str]


class KnownGroups(Query, name="rooms.known_groups", needs=Need.COHOST, answer=KnownGroupsAnswer):
    """Groups of accounts that one may choose from: those that one is in; for administrators, all."""


class SwitchActivity(Command, name="rooms.activity", needs=Need.COHOST):
    """Switch an activity on or off for everyone."""

    activity: Annotated[str, Field(max_length=40)]
    on: bool


class Close(Command, name="rooms.close", needs=Need.OWNER):
    """End the room for everyone. Its PIN becomes free, what was written in it is deleted."""


class RoomChanged(Event, name="rooms.changed"):
    room: Room


class GroupsChanged(Event, name="rooms.groups_changed"):
    """Hosts only."""

    groups: list[str]


class RoomClosed(Event, name="rooms.closed"):
    reason: CloseReason
