"""What is written down about a run: commands, streams, and who was sent what."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from tests.faults.history import Witness

Json = dict[str, Any]
PASSING = frozenset({"unavailable", "rate_limited"})
"""Refusals that speak of the moment: the command is sent again, and may then come after later ones."""


class Stream(NamedTuple):
    """``owner`` is the room's link, or for ``me`` a person."""

    name: str
    owner: str


class Tag(NamedTuple):
    """What the body of every message begins with: whatever it passes through, one sees whose it is."""

    command: str
    room: str
    sender: str
    to: str
    """A person's name, or ``*`` for everyone in the room."""

    def body(self, text: str = "") -> str:
        return "|".join((*self, text))

    @classmethod
    def of(cls, body: str) -> Tag:
        return cls(*body.split("|")[:4])


def cause_of(wire: Json) -> str | None:
    """The command that made an event, where the event says so."""
    if wire["type"] == "chat.sent":
        key: str = wire["data"]["message"]["key"]
        return key
    return Tag.of(wire["data"]["body"]).command if wire["type"] == "chat.edited" else None


@dataclass(eq=False)
class Command:
    """One command of one client, with everything that became of it."""

    id: str
    word: str
    payload: Json
    by: Witness
    order: int
    """Its place among the commands of its client."""
    sent: list[float] = field(default_factory=list)
    """When it was sent; more than once after a cut, or on purpose."""
    answers: list[tuple[float, Json]] = field(default_factory=list)

    @property
    def answer(self) -> Json | None:
        """The first answer that says it is done."""
        return next((answer for _, answer in self.answers if answer["ok"]), None)

    @property
    def done_at(self) -> float:
        """When the client knew that it is done; never, as far as it can tell, is infinity."""
        return next((at for at, answer in self.answers if answer["ok"]), float("inf"))

    @property
    def begun_at(self) -> float:
        return self.sent[0] if self.sent else float("inf")

    @property
    def was_put_off(self) -> bool:
        """It was refused for the moment, and sent again when later ones may have been done already.

        Where the database was lost, that answer may be the one which a cut has swallowed.
        """
        if any(not answer["ok"] and answer["code"] in PASSING for _, answer in self.answers):
            return True
        return not self.settled and any(at < self.sent[-1] for at in self.by.history.database_lost)

    @property
    def settled(self) -> bool:
        """Every time it was sent was answered."""
        return len(self.answers) >= len(self.sent)


@dataclass
class Seen:
    """A stretch of a stream that one client was sent without a break."""

    stream: Stream
    first: int
    last: int
    asked: float
    """When its connection began: it was read later than that."""
    until: float


@dataclass(frozen=True)
class Shown:
    """A snapshot, as far as it matters who got it."""

    asked: float
    """When its connection began: it was read later than that."""
    at: float
    streams: frozenset[str]
