"""Bells: whoever waits for something outside the socket's streams is woken when it is decided."""

from __future__ import annotations

import asyncio
from collections import defaultdict


class Bells:
    """Named bells. Ringing wakes everyone who waits at that moment, and is forgotten."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)

    def ring(self, name: str) -> None:
        for event in self._waiting.pop(name, ()):
            event.set()

    def ring_all(self) -> None:
        """Wake everyone: the server stops."""
        for name in list(self._waiting):
            self.ring(name)

    async def wait(self, name: str, seconds: float) -> None:
        """Return when the bell rings, or after the time."""
        event = asyncio.Event()
        self._waiting[name].add(event)
        try:
            await asyncio.wait_for(event.wait(), seconds)
        except TimeoutError:
            pass
        finally:
            if name in self._waiting:
                self._waiting[name].discard(event)
                if not self._waiting[name]:
                    del self._waiting[name]
