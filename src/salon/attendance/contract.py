"""What attendance says on the wire. Only hosts ask."""

from __future__ import annotations

from salon.core.contract import Device, Id, Millis, Model, Need, Query


class Attendee(Model):
    """All stays of one person together."""

    person: Id
    name: str
    devices: list[Device]
    """The kinds that were used."""
    stays: int
    first_joined: Millis
    last_left: Millis | None
    """Null for somebody who is here now."""
    since: Millis | None
    """The beginning of the present stay; null for somebody who has left."""
    lost: bool
    """The connection is gone, and they may come back."""
    total_ms: int
    """How long they were here altogether, up to ``at``."""


class Attendance(Model):
    at: Millis
    people: list[Attendee]
    """In the order in which they first came."""


class List(Query, name="attendance.list", needs=Need.COHOST, answer=Attendance):
    """Who is and was in the room."""
