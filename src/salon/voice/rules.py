"""Pure rules of a call: the table of its states, who may have an end of it, and when something is due.

``docs/voice.md`` shows the same table; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from salon.core.refusals import Refused

State = Literal["asked", "ringing", "live", "reconnecting", "gone"]
"""``asked``: in the queue, without a call. ``gone``: no longer in the queue."""
Act = Literal[
    "call", "talk", "call_off", "decline", "ring_out", "hang_up", "time_up", "lose", "resume", "give_up", "take_away"
]
Outcome = Literal["answered", "declined", "missed", "called_off"]

STATES: tuple[State, ...] = ("asked", "ringing", "live", "reconnecting", "gone")
ACTS: tuple[Act, ...] = (
    "call",
    "talk",
    "call_off",
    "decline",
    "ring_out",
    "hang_up",
    "time_up",
    "lose",
    "resume",
    "give_up",
    "take_away",
)

RING_MS = 30_000
AUTO_RING_MS = 10_000
BACK_MS = 30_000
"""How long a lost end is waited for."""


@dataclass(frozen=True)
class Step:
    """Where an act leads, and how the call ends by it."""

    to: State
    outcome: Outcome | None = None


TABLE: dict[State, dict[Act, Step]] = {
    "asked": {
        "call": Step("ringing"),
        "take_away": Step("gone"),
    },
    "ringing": {
        "talk": Step("live"),
        "call_off": Step("asked", "called_off"),
        "decline": Step("gone", "declined"),
        "ring_out": Step("asked", "missed"),
        "lose": Step("ringing"),
        "resume": Step("ringing"),
        "take_away": Step("gone", "called_off"),
    },
    "live": {
        "hang_up": Step("gone", "answered"),
        "time_up": Step("gone", "answered"),
        "lose": Step("reconnecting"),
        "resume": Step("live"),
        "call_off": Step("asked", "called_off"),
        "take_away": Step("gone", "called_off"),
    },
    "reconnecting": {
        "hang_up": Step("gone", "answered"),
        "time_up": Step("gone", "answered"),
        "give_up": Step("gone", "answered"),
        "lose": Step("reconnecting"),
        "resume": Step("live"),
        "call_off": Step("asked", "called_off"),
        "take_away": Step("gone", "called_off"),
    },
    "gone": {},
}
"""What is not here changes nothing, and is refused with the code that :func:`step` has for it."""


def step(state: State, act: Act) -> Step:
    """What the act does in this state."""
    found = TABLE[state].get(act)
    if found is not None:
        return found
    if act == "call" and state != "gone":
        raise Refused("call_running")
    if act == "talk" and state in {"live", "reconnecting"}:
        raise Refused("call_taken")
    raise Refused("call_unknown", field="call")


def settled(state: State, *, phone_there: bool, screen_there: bool) -> State:
    """A call is live while both ends are there."""
    if state in {"live", "reconnecting"}:
        return "live" if phone_there and screen_there else "reconnecting"
    return state


def hangs_up(state: State, *, host: bool) -> Act:
    """What hanging up means: before the person has answered, it depends on who does it."""
    if state == "ringing":
        return "call_off" if host else "decline"
    return "hang_up"


def may_take_end(has: str | None, line_of: str | None, line: str) -> bool:
    """Whether a page that says this line may have the end. ``has``: the connection that has it now."""
    return has is None or line_of == line


def due_at(state: State, rings: int | None, speaks: int | None, back: int | None) -> int | None:
    """When something happens by itself next."""
    moments = [rings] if state == "ringing" else [speaks, back if state == "reconnecting" else None]
    return min((each for each in moments if each is not None), default=None)


def happens(state: State, rings: int | None, speaks: int | None, back: int | None, now: int) -> Act | None:
    """What happens by itself at this moment."""
    if state == "ringing":
        return "ring_out" if rings is not None and rings <= now else None
    if speaks is not None and speaks <= now:
        return "time_up"
    return "give_up" if state == "reconnecting" and back is not None and back <= now else None
