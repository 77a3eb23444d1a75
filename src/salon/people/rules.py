"""Pure rules of people: what a name may be, and how two of the same name are told apart."""

from __future__ import annotations

from collections.abc import Container
from itertools import count

from salon.core.refusals import Refused
from salon.core.text import comparable, fits, tidy_line

NAME_LENGTH = 40
ABOUT_LENGTH = 140
"""Both as people count characters."""
WAITS_MS = (60_000, 2 * 60_000, 5 * 60_000, 15 * 60_000)
LONGEST = 900
"""Code points of what is looked at, and of what is stored: some characters are many."""


def places_of(capacity: int | None, largest: int | None) -> int | None:
    """How many people may be in a room: as its hosts say, and as the server does for all rooms. None is no limit."""
    return min((each for each in (capacity, largest) if each is not None), default=None)


def person_name(text: str) -> str:
    """The name as it is stored."""
    name = tidy_line(text[:LONGEST])
    if not name:
        raise Refused("name_required", field="name")
    if len(text) >= LONGEST or not fits(name, NAME_LENGTH, 8 * NAME_LENGTH) or len(comparable(name)) > LONGEST:
        raise Refused("name_too_long", f"A name has at most {NAME_LENGTH} characters.", field="name")
    return name


def about_line(text: str) -> str:
    """The line about oneself as it is stored; may be empty."""
    about = tidy_line(text[:LONGEST])
    if len(text) >= LONGEST or not fits(about, ABOUT_LENGTH, 6 * ABOUT_LENGTH):
        raise Refused("name_too_long", f"The line about you has at most {ABOUT_LENGTH} characters.", field="about")
    return about


def distinct_name(name: str, taken: Container[str]) -> str:
    """The name, or the first of "name (2)", "name (3)", … whose comparable form is not taken."""
    if comparable(name) not in taken:
        return name
    return next(each for each in (f"{name} ({n})" for n in count(2)) if comparable(each) not in taken)


def wait_before_asking_again(refused: int) -> int:
    """Milliseconds between not being let in and knocking again: longer each time, but never for good."""
    return WAITS_MS[min(refused, len(WAITS_MS)) - 1]
