"""Pure rules of people: what a name may be, and how two of the same name are told apart."""

from __future__ import annotations

from collections.abc import Container
from itertools import count

from salon.core.refusals import Refused
from salon.core.text import comparable, graphemes, tidy_line

NAME_LENGTH = 40
ABOUT_LENGTH = 140
"""Both as people count characters."""


def person_name(text: str) -> str:
    """The name as it is stored."""
    name = tidy_line(text)
    if not name:
        raise Refused("name_required", field="name")
    if graphemes(name) > NAME_LENGTH or len(name) > 8 * NAME_LENGTH:
        raise Refused("name_too_long", f"A name has at most {NAME_LENGTH} characters.", field="name")
    return name


def about_line(text: str) -> str:
    """The line about oneself as it is stored; may be empty."""
    about = tidy_line(text)
    if graphemes(about) > ABOUT_LENGTH or len(about) > 6 * ABOUT_LENGTH:
        raise Refused("name_too_long", f"The line about you has at most {ABOUT_LENGTH} characters.", field="about")
    return about


def distinct_name(name: str, taken: Container[str]) -> str:
    """The name, or the first of "name (2)", "name (3)", … whose comparable form is not taken."""
    if comparable(name) not in taken:
        return name
    return next(each for each in (f"{name} ({n})" for n in count(2)) if comparable(each) not in taken)
