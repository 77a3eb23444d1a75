"""Threads for what waits for disks, hashes, packs and sends: it gives way to what people say to each other."""

from __future__ import annotations

import asyncio
import functools
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")
THREADS = 8
SENDERS = max(2, min(4, os.cpu_count() or 1))
"""More do not send more: what they wait for is memory, or one disk. And each has to be waited for by the others and by
the event loop, when it has the interpreter and no processor."""
NICER = 10
"""Of the system's scale of nineteen. The event loop runs when it has something to do, and files move in between."""


class Threads:
    """So many at once; what comes then waits in line."""

    def __init__(self, count: int, name: str) -> None:
        self._pool = ThreadPoolExecutor(count, thread_name_prefix=name, initializer=_give_way)

    async def do(self, act: Callable[..., T], *arguments: Any) -> T:
        """Do it in a thread. What has begun there is waited for, whatever happens to whoever waits."""
        return await self.take(act, lambda _: None, *arguments)

    async def take(self, act: Callable[..., T], release: Callable[[T], object], *arguments: Any) -> T:
        """The same for what must be let go of again, as an open file: whoever does not get it any more has nothing to
        let go of, so it is released here."""
        asked: asyncio.Future[T] = asyncio.get_running_loop().run_in_executor(
            self._pool, functools.partial(act, *arguments)
        )
        try:
            await asyncio.wait({asked})
        except asyncio.CancelledError:
            await asyncio.wait({asked})
            if asked.exception() is None:
                release(asked.result())
            raise
        return asked.result()

    def stop(self) -> None:
        self._pool.shutdown(wait=True)


def _give_way() -> None:
    """Only Linux has a priority for each thread; elsewhere it would be the whole process's."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, thread, min(19, os.getpriority(os.PRIO_PROCESS, thread) + NICER))
