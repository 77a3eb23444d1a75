"""Pure rules of accounts: what a profile may hold, how long one waits after wrong passwords."""

from __future__ import annotations

from salon.core.accounts import email_address as email_address
from salon.core.refusals import Refused
from salon.core.text import fits, tidy_line

FREE_TRIES = 5
"""Wrong passwords in a row before one has to wait."""
LONGEST_WAIT_MS = 15 * 60 * 1000


def account_name(text: str) -> str:
    """The name as it is stored: by the same measure as in a room."""
    name = tidy_line(text[:900])
    if not name:
        raise Refused("name_required", field="name")
    if len(text) >= 900 or not fits(name, 40, 320):
        raise Refused("name_too_long", "A name has at most 40 characters.", field="name")
    return name


def about_line(text: str) -> str:
    """The line about oneself; may be empty."""
    about = tidy_line(text[:900])
    if len(text) >= 900 or not fits(about, 140, 840):
        raise Refused("name_too_long", "The line about you has at most 140 characters.", field="about")
    return about


def wait_after(failed: int) -> int:
    """Milliseconds to wait after so many wrong passwords in a row: doubled each time, but never for good."""
    return 0 if failed < FREE_TRIES else min(LONGEST_WAIT_MS, 1000 * 2 ** min(failed - FREE_TRIES, 20))
