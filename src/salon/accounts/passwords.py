"""Passwords: which are accepted, and how they are stored. Checking one takes memory and time, so few are at once."""

from __future__ import annotations

import asyncio
import base64
import secrets
import unicodedata
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import cache
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.metadata import distribution
from importlib.util import module_from_spec
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from salon.core.refusals import Refused
from salon.core.text import comparable

T = TypeVar("T")
SHORTEST, LONGEST = 8, 128
"""In characters, after normalisation."""
AT_ONCE = 2
"""Threads, and so how many times the memory of one check."""
WAITING = 20
"""Who may wait for a thread; further ones are told to come back."""


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


def normal(password: str) -> str:
    """The password as it is hashed: typed on whatever keyboard, the same characters are the same."""
    return unicodedata.normalize("NFKC", password)


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


class Passwords:
    """Hashes and checks with Argon2id, in threads of its own."""

    def __init__(self, memory_mib: int, rounds: int) -> None:
        self._hasher = PasswordHasher(time_cost=rounds, memory_cost=memory_mib * 1024, parallelism=1)
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="passwords")
        self._inside = 0
        # Compared with when there is no account: as much work, and no password fits.
        salt, nothing = (base64.b64encode(secrets.token_bytes(n)).decode().rstrip("=") for n in (16, 32))
        self._nobodys = f"$argon2id$v=19$m={memory_mib * 1024},t={rounds},p=1${salt}${nothing}"

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Take a place among those who wait, or be refused at once: a flood must not fill the memory."""
        if self._inside >= AT_ONCE + WAITING:
            raise Refused("rate_limited", "Many people are signing in. Try again in a moment.", retry_after=2.0)
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1

    async def fits(self, hashed: str | None, password: str) -> bool:
        """Whether it is the password. Without a hash the same work is done, and the answer is no."""
        known = hashed is not None
        fits = await self._run(self._check, hashed or self._nobodys, normal(password))
        return fits and known

    async def hash(self, password: str) -> str:
        """What to store of a password that was ``accepted``, or that has just fitted."""
        return await self._run(self._hasher.hash, normal(password))

    def is_outdated(self, hashed: str) -> bool:
        """Whether it was made with less work than is wanted now."""
        return self._hasher.check_needs_rehash(hashed)

    def _check(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (Argon2Error, InvalidHashError):
            return False

    async def _run(self, work: Callable[..., T], *args: str) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *args)

    def close(self) -> None:
        self._threads.shutdown()
