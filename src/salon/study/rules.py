"""Pure rules of to-dos: what they may say, and where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from salon.core.refusals import Refused
from salon.core.text import fits, tidy_line

TEXT_LENGTH = 500
NAME_LENGTH = 60
LABEL_LENGTH = 120
MOST_TODOS = 500
"""Of a room, or of one person, on all their lists."""
MOST_LISTS = 20
STEP = 1024.0
"""Between the places of neighbours."""
CLOSE = 1e-6
"""Closer neighbours leave no room between them."""


def todo_text(text: str) -> str:
    return _line(text, TEXT_LENGTH, "text")


def list_name(text: str) -> str:
    return _line(text, NAME_LENGTH, "name")


def label(text: str) -> str:
    """Of an alarm; it may be empty."""
    line = tidy_line(text)
    if not fits(line, LABEL_LENGTH, 4 * LABEL_LENGTH):
        raise Refused("text_invalid", f"A label has at most {LABEL_LENGTH} characters.", field="label")
    return line


def _line(text: str, longest: int, field: str) -> str:
    line = tidy_line(text)
    if not line:
        raise Refused("text_invalid", "Write something first.", field=field)
    if not fits(line, longest, 4 * longest):
        raise Refused("text_invalid", f"At most {longest} characters.", field=field)
    return line


def a_day(text: str, field: str = "due") -> date:
    """A day as it is written on the wire, and in no other way."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text or not 1970 <= day.year <= 2200:
        raise Refused("time_invalid", "A day is written like 2030-01-31.", field=field)
    return day


@dataclass(frozen=True)
class Put:
    """Where something comes to stand."""

    place: float
    others: tuple[float, ...] | None = None
    """New places of all others, in their order, where there was no room left between two."""


def put(places: Sequence[float], at: int) -> Put:
    """A place before the ``at``-th of these, which ascend; at the end for their number.

    Usually nobody else moves: the new place is in the middle of a gap, or a step beyond the end. When a gap is used up
    everybody gets a new place.
    """
    if not places:
        return Put(STEP)
    if at >= len(places):
        return Put(places[-1] + STEP)
    below = places[at - 1] if at > 0 else places[0] - 2 * STEP
    middle = below + (places[at] - below) / 2
    if middle - below > CLOSE and places[at] - middle > CLOSE:
        return Put(middle)
    line = [STEP * (number + 1) for number in range(len(places) + 1)]
    return Put(line[at], (*line[:at], *line[at + 1 :]))
