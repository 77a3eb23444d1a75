"""What is said on the wire about people: who is here, what they may do, who knocks, who was removed."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from salon.core.contract import Command, Device, Event, Id, Millis, Model, Need, Role

GivenRole = Literal["cohost", "participant", "audience"]
KnockOutcome = Literal["accepted", "declined", "unanswered"]
KnockEnd = Literal[KnockOutcome, "left"]

Name = Annotated[str, Field(max_length=4_000)]
"""Tidied and measured by ``rules.person_name``: 1 to 40 characters as people count them."""
About = Annotated[str, Field(max_length=4_000)]
"""Tidied and measured by ``rules.about_line``: at most 140 characters as people count them."""


class Person(Model):
    """Somebody who is in the room now; several tabs and devices are one person."""

    id: Id
    name: str
    about: str
    picture: Id | None
    """``/api/pictures/<picture>`` shows it; null for those who have none."""
    role: Role
    devices: list[Device]
    """The kinds of device that are connected, each once. Empty for a short while after the connection was lost."""
    muted: bool
    """May not write in the chat."""
    since: Millis
    """Here without a break since."""


class RemovedPerson(Model):
    """Somebody who was sent out and cannot come back unless a host lets them."""

    id: Id
    name: str
    banned: bool
    at: Millis


class Knock(Model):
    """Somebody who asks to come in."""

    id: Id
    name: str
    about: str
    at: Millis


class HostsSnapshot(Model):
    knocks: list[Knock]
    removed: list[RemovedPerson]


class PeopleSnapshot(Model):
    me: Id
    people: list[Person]
    """In the order in which they came."""
    hosts: HostsSnapshot | None
    """Only for hosts."""


class Joined(Model):
    person: Id


class Join(Command, name="people.join", needs=Need.LOBBY, answer=Joined):
    """Come into the room. The name gets a suffix when somebody has it already."""

    name: Name
    about: About = ""


class Update(Command, name="people.update", needs=Need.AUDIENCE):
    """Change one's own name or line. Fields that are left out stay as they are."""

    name: Name | None = None
    about: About | None = None


class Leave(Command, name="people.leave", needs=Need.AUDIENCE):
    """Go, with all tabs and devices. The role is kept for coming back."""


class SetRole(Command, name="people.role", needs=Need.COHOST):
    """Promote or demote somebody of lower standing than one's own."""

    person: Id
    role: GivenRole


class HandOver(Command, name="people.hand_over", needs=Need.OWNER):
    """Make somebody else the owner. The one who was becomes a co-host."""

    person: Id


class Mute(Command, name="people.mute", needs=Need.COHOST):
    """Stop somebody from writing in the chat, or allow it again."""

    person: Id
    muted: bool


class Remove(Command, name="people.remove", needs=Need.COHOST):
    """Send somebody out. They cannot come back until a host lets them."""

    person: Id


class Ban(Command, name="people.ban", needs=Need.COHOST):
    """Send somebody out for good: only the owner can lift it. May delete all they wrote."""

    person: Id
    delete_messages: bool = False


class Readmit(Command, name="people.readmit", needs=Need.COHOST):
    """Let a removed person come back; a banned one only the owner lets back."""

    person: Id


class Admit(Command, name="people.admit", needs=Need.COHOST):
    """Let in somebody who knocks."""

    knock: Id


class AdmitAll(Command, name="people.admit_all", needs=Need.COHOST):
    """Let in several of those who knock. Who was answered meanwhile keeps that answer."""

    knocks: Annotated[list[Id], Field(min_length=1, max_length=200)]


class Decline(Command, name="people.decline", needs=Need.COHOST):
    """Turn away somebody who knocks."""

    knock: Id


class PeopleChanged(Event, name="people.changed"):
    """New states of people; what many did within a tenth of a second is one event."""

    people: list[Person]
    """Whole new states of people who are here."""
    joined: list[Id]
    """Which of them were not here before."""
    left: list[Id]
    """Who is not here any more."""


class Knocked(Event, name="people.knocked"):
    """Hosts only."""

    knock: Knock


class KnockSettled(Event, name="people.knock_settled"):
    """Nobody knocks any more. Hosts only."""

    knock: Id
    outcome: KnockEnd
    """``left``: has closed the page. Whoever opens it again in time is told of as knocking once more."""


class PersonRemoved(Event, name="people.removed"):
    """Hosts only."""

    person: RemovedPerson
    messages_deleted: bool
    """Whether all that the person wrote was deleted with it."""


class PersonReadmitted(Event, name="people.readmitted"):
    """Hosts only."""

    person: Id
