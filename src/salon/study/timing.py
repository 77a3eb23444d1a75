"""Pure rules of a timer: what becomes of it by what people press, and by its ringing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from salon.core.refusals import Refused
from salon.study.contract.shapes import LONGEST_MS, Lengths, Phase, TimerState

MINUTE_MS = 60 * 1000
DEFAULT = Lengths(
    focus_ms=25 * MINUTE_MS,
    short_ms=5 * MINUTE_MS,
    long_ms=15 * MINUTE_MS,
    cycles=4,
    breaks=True,
    auto_start=False,
)


@dataclass(frozen=True)
class Clockwork:
    """Where a timer stands. It has an end while it runs, and otherwise something that remains."""

    phase: Phase
    state: TimerState
    ends_at: int | None
    remaining_ms: int | None
    length_ms: int
    cycle: int
    lengths: Lengths

    def left(self, now: int) -> int:
        """Milliseconds until it rings, if it ran on from now."""
        return max(0, self.ends_at - now) if self.ends_at is not None else self.remaining_ms or 0

    def is_due(self, now: int) -> bool:
        return self.ends_at is not None and self.ends_at <= now


def fresh(lengths: Lengths = DEFAULT) -> Clockwork:
    return _ready(Clockwork("focus", "ready", None, 0, 0, 0, lengths), "focus", 0)


def length_of(lengths: Lengths, phase: Phase) -> int:
    return {"focus": lengths.focus_ms, "short": lengths.short_ms, "long": lengths.long_ms}[phase]


def _ready(timer: Clockwork, phase: Phase, cycle: int) -> Clockwork:
    """Before the beginning of a phase."""
    length = length_of(timer.lengths, phase)
    return replace(timer, phase=phase, state="ready", ends_at=None, remaining_ms=length, length_ms=length, cycle=cycle)


def _run(timer: Clockwork, since: int) -> Clockwork:
    return replace(timer, state="running", ends_at=since + timer.left(since), remaining_ms=None)


# What people press.


def start(timer: Clockwork, now: int) -> Clockwork:
    if timer.state == "running":
        raise Refused("timer_state", "The timer is running.", field="act")
    return _run(reset(timer, now) if timer.state == "over" else timer, now)


def pause(timer: Clockwork, now: int) -> Clockwork:
    if timer.state != "running":
        raise Refused("timer_state", "The timer does not run.", field="act")
    return replace(timer, state="paused", ends_at=None, remaining_ms=timer.left(now))


def reset(timer: Clockwork, _now: int) -> Clockwork:
    return _ready(timer, timer.phase, timer.cycle)


def restart(timer: Clockwork, _now: int) -> Clockwork:
    return _ready(timer, "focus", 0)


def skip(timer: Clockwork, now: int) -> Clockwork:
    """On to the next phase, which runs if this one did."""
    if not timer.lengths.breaks and timer.phase == "focus":
        raise Refused("timer_state", "There is no other phase.", field="act")
    following = _next(timer)
    return _run(following, now) if timer.state == "running" else following


def add(timer: Clockwork, now: int) -> Clockwork:
    if timer.state == "over":
        raise Refused("timer_state", "The timer is over.", field="act")
    left, length = timer.left(now) + MINUTE_MS, timer.length_ms + MINUTE_MS
    if left > LONGEST_MS or length > 2 * LONGEST_MS:
        raise Refused("time_invalid", "A timer runs for a day at most.", field="act")
    if timer.state == "running":
        return replace(timer, ends_at=now + left, length_ms=length)
    return replace(timer, remaining_ms=left, length_ms=length)


ACTS: dict[str, Callable[[Clockwork, int], Clockwork]] = {
    "start": start,
    "pause": pause,
    "reset": reset,
    "restart": restart,
    "skip": skip,
    "add": add,
}


def measured(timer: Clockwork, lengths: Lengths) -> Clockwork:
    """With other lengths. What has begun keeps its own until it is reset."""
    changed = replace(timer, lengths=lengths)
    if timer.state in {"running", "paused"}:
        return changed
    if not lengths.breaks:
        return _ready(changed, "focus", 0)
    return _ready(changed, timer.phase, min(timer.cycle, lengths.cycles - 1) if timer.phase == "focus" else timer.cycle)


# What happens by itself.


def _next(timer: Clockwork) -> Clockwork:
    """Before the beginning of the phase that follows."""
    if timer.phase == "long":
        return _ready(timer, "focus", 0)
    if timer.phase == "short" or not timer.lengths.breaks:
        return _ready(timer, "focus", timer.cycle)
    worked = timer.cycle + 1
    return _ready(timer, "long" if worked >= timer.lengths.cycles else "short", worked)


def ring(timer: Clockwork, now: int, *, here: bool) -> Clockwork:
    """The phase has ended. ``here``: whether there is anybody for whom the next one might begin by itself.

    It begins when the one before ended, also if that is noticed late: pages have rung, and go on, without the server.
    What would be over by now is not made up for: people have not lived by it.
    """
    if timer.ends_at is None:
        raise ValueError("a timer that does not run does not ring")
    if not timer.lengths.breaks and timer.phase == "focus":
        return replace(timer, state="over", ends_at=None, remaining_ms=0)
    following = _next(timer)
    goes_on = timer.lengths.auto_start and timer.lengths.breaks and here
    if not goes_on or timer.ends_at + following.length_ms <= now:
        return following
    return _run(following, timer.ends_at)
