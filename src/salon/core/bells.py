"""Bells: whoever waits for something outside the socket's streams is woken when it is decided."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress


class Bells:
    """Named bells. Ringing wakes everyone who waits at that moment, and is forgotten."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._answered: dict[str, Callable[[], None]] = {}

    def answer(self, name: str, act: Callable[[], None]) -> None:
        """Do this at each ring from now on. It must not wait."""
        self._answered[name] = act

    def ring(self, name: str) -> None:
        if (act := self._answered.get(name)) is not None:
            act()
        for event in self._waiting.pop(name, ()):
            event.set()

    def ring_all(self) -> None:
        """Wake everyone: the server stops."""
        for name in list(self._waiting):
            self.ring(name)

    @contextmanager
    def listening(self, name: str) -> Iterator[Callable[[float], Awaitable[None]]]:
        """Gives a function that waits, at most so many seconds, for a ring since the beginning of the block.

        Listen first and look then: what is decided between the two would otherwise be waited for in vain.
        """
        event = asyncio.Event()
        self._waiting[name].add(event)

        async def wait(seconds: float) -> None:
            with suppress(TimeoutError):
                await asyncio.wait_for(event.wait(), seconds)

        try:
            yield wait
        finally:
            if name in self._waiting:
                self._waiting[name].discard(event)
                if not self._waiting[name]:
                    del self._waiting[name]
