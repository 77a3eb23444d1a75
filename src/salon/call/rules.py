"""Pure rules of a call: the table of a place's states, who may have it, what may be sent, and which way media goes.

``docs/calls.md`` shows the same table; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Literal

from salon.call.contract import What
from salon.core.contract import STANDING, Need, Role
from salon.core.refusals import Refused

State = Literal["out", "in", "lost", "kept"]
"""``out``: no place. ``lost``: the connection is gone, others still see them. ``kept``: they do not, but the same page
comes back to the same place."""
Act = Literal["join", "resume", "take", "lose", "give_up", "forget", "leave", "send_out", "go", "end"]
Topology = Literal["mesh", "sfu"]
Setting = Literal["auto", "mesh", "sfu"]

STATES: tuple[State, ...] = ("out", "in", "lost", "kept")
ACTS: tuple[Act, ...] = ("join", "resume", "take", "lose", "give_up", "forget", "leave", "send_out", "go", "end")
WHATS: tuple[What, ...] = ("microphone", "camera", "screen")

TABLE: dict[State, dict[Act, State]] = {
    "out": {"join": "in"},
    "in": {
        "resume": "in",
        "take": "in",
        "lose": "lost",
        "leave": "out",
        "send_out": "out",
        "go": "out",
        "end": "out",
    },
    "lost": {
        "resume": "in",
        "take": "in",
        "lose": "lost",
        "give_up": "kept",
        "leave": "out",
        "send_out": "out",
        "go": "out",
        "end": "out",
    },
    "kept": {"join": "in", "resume": "in", "leave": "out", "forget": "out", "go": "out", "end": "out"},
}
"""What is not here changes nothing, and is refused with the code that :func:`step` has for it."""

MOST = 8
"""People in one mesh: each sends to each."""
CAMERAS = 4
"""Above, each browser sends more pictures than most of them can: where there is a media server, it takes over."""
CLOSED_MS = 3_000
"""A connection that was closed belongs to a tab that was closed, or is loading again."""
SILENT_MS = 6_000
"""One that fell silent belongs to a network that may come back. It was silent for up to 22 s already: a page on a
machine that is busy with a large call says nothing for longer than one would think, and beginning with it anew costs
everybody."""
RESTART_MS = 18_000
"""After a restart of the server everybody has to come back, some of them after others."""
KEPT_MS = 10 * 60_000


def step(state: State, act: Act) -> State:
    """Where an act leads."""
    found = TABLE[state].get(act)
    if found is not None:
        return found
    if act == "join":
        raise Refused("call_elsewhere")
    raise Refused("participant_unknown")


def comes(state: State, *, same_line: bool, take: bool) -> Act:
    """What it is when a person comes into the call, who has a place in this state already; as the place's very
    connection or by its line, or as another page of theirs.
    """
    if same_line and state != "out":
        return "resume"
    if state == "lost" or (state == "in" and take):
        # What nobody has any of them may take.
        return "take"
    return "join"


def begins_anew(state: State, act: Act, *, anew: bool) -> bool:
    """Whether others must make new media connections with them: what was given up, they have closed."""
    return anew or act != "resume" or state == "kept"


def waits_ms(*, silent: bool) -> int:
    return SILENT_MS if silent else CLOSED_MS


def held(role: Role, holds: Collection[str], *, muted: bool, screens_for_hosts: bool) -> list[What]:
    """What somebody may not send."""
    standing = STANDING[role]
    if standing < Need.PARTICIPANT:
        return list(WHATS)
    found = set(holds)
    if muted:
        found.add("microphone")
    if screens_for_hosts and standing < Need.COHOST:
        found.add("screen")
    return [what for what in WHATS if what in found]


def with_hold(holds: Iterable[str], what: What, *, on: bool) -> list[What]:
    found = {*holds, what} if on else {*holds} - {what}
    return [each for each in WHATS if each in found]


def topology(people: int, cameras: int, setting: Setting, available: Collection[Topology]) -> Topology:
    """Which way media goes: from browser to browser, or by a media server where there is one."""
    if setting != "sfu" and "mesh" in available:
        small = people <= MOST and cameras <= CAMERAS
        if setting == "mesh" or small or "sfu" not in available:
            return "mesh"
    return "sfu" if "sfu" in available else "mesh"
