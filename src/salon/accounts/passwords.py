"""Which passwords accounts may have. How they are stored and checked is in :mod:`salon.core.hashing`."""

from __future__ import annotations

import asyncio
from functools import cache
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.metadata import distribution
from importlib.util import module_from_spec

from salon.core.hashing import normal
from salon.core.refusals import Refused
from salon.core.text import comparable

SHORTEST, LONGEST = 8, 128
"""In characters, after normalisation."""


@cache
def common_passwords() -> frozenset[str]:
    """The passwords that are tried first, in small letters, as far as they are long enough: more than 11,000.

    They come with zxcvbn. Of that only this file is read, and only when somebody chooses a password: the package
    as a whole would keep 15 MB for good.
    """
    file = distribution("zxcvbn").locate_file("zxcvbn/frequency_lists.py")
    loader = SourceFileLoader("frequency_lists", str(file))
    lists = module_from_spec(ModuleSpec("frequency_lists", loader))
    loader.exec_module(lists)
    return frozenset(each for each in lists.FREQUENCY_LISTS["passwords"] if len(each) >= SHORTEST)


def new_password(password: str, *own: str, field: str = "password") -> str:
    """A password that may be chosen, normalised. ``own``: the person's name and address, which are guessed first."""
    chosen = normal(password)
    if not SHORTEST <= len(chosen) <= LONGEST:
        raise Refused("password_weak", f"A password has {SHORTEST} to {LONGEST} characters.", field=field)
    compared = comparable(chosen)
    if compared in common_passwords() or len(set(compared)) == 1:
        raise Refused("password_weak", "That password is one of those that everybody tries first.", field=field)
    if any(compared == comparable(each) for each in own if each):
        raise Refused("password_weak", "Your name or address is what others try first.", field=field)
    return chosen


async def accepted(password: str, *own: str) -> str:
    """``new_password``, whose list is read in a thread the first time."""
    await asyncio.to_thread(common_passwords)
    return new_password(password, *own)
