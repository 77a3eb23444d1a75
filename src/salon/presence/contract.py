"""What is said about how present somebody is. All of it is fleeting: told, and not kept."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from salon.core.contract import ClientSignal, Millis, Model, Need, ServerSignal

Quality = Literal["good", "fair", "poor"]
"""Of a connection, in three steps, from how long answers take and how many do not come."""


class Level(Model):
    """How present a person is. Several devices: away when all are, and as well connected as the best of them."""

    away: bool
    quality: Quality


class MyLevel(ClientSignal, name="presence.level", needs=Need.AUDIENCE):
    """How it is on this connection. Others are told when the person's level changes by it.

    Whoever says it for the first time on a connection is told of everybody who is away or poorly connected.
    """

    away: bool = False
    quality: Quality = "good"
    probe: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    """Any number: it is sent back at once, by which a client measures its connection."""


class AskTime(ClientSignal, name="presence.time", needs=Need.AUDIENCE):
    """What time is it? Answered at once, without a look at the database: with when one asked and when the answer came,
    this tells how far one's own clock is from the server's (as NTP does, RFC 5905 section 8).
    """

    probe: Annotated[int, Field(ge=0, le=2**31 - 1)]
    """Any number: it is sent back."""


class TimeNow(ServerSignal, name="presence.time"):
    """The answer, to nobody but who asked."""

    probe: int
    received_at: Millis
    """When the question was read, by the server's clock."""
    sent_at: Millis
    """When the answer was given to the connection."""


class LevelsNow(ServerSignal, name="presence.level"):
    """Levels of people; what changes within a second is told together."""

    people: dict[str, Level]
    """By the ids of people. Who is named nowhere is not away, and well connected."""
    whole: bool
    """Everybody who is not as everybody is by default: whoever is not named here is."""


class Probed(ServerSignal, name="presence.probe"):
    """The answer to a probe, to nobody but who sent it."""

    probe: int
