"""How passwords are stored. Checking one takes memory and time, so few are at once, and none in the event loop."""

from __future__ import annotations

import asyncio
import base64
import secrets
import unicodedata
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from salon.core.refusals import Refused

T = TypeVar("T")
AT_ONCE = 2
"""Threads, and so how many times the memory of one check."""
WAITING = 20
"""Who may wait for a thread; further ones are told to come back."""


def normal(password: str) -> str:
    """The password as it is hashed: typed on whatever keyboard, the same characters are the same."""
    return unicodedata.normalize("NFKC", password)


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
            raise Refused("rate_limited", "Many passwords are being checked. Try again in a moment.", retry_after=2.0)
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
