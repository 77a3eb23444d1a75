"""How fast a client may speak."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from salon.core.engine.server import Engine


class Pace:
    """So many messages at once, so many a second over time, of whatever kind. A client that is faster is read later."""

    __slots__ = ("_at", "_engine", "left")

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._at = engine.now()
        self.left = engine.limits.messages_at_once
        """Messages that may be taken now, after :meth:`refill`. Below 0 when more were taken."""

    def refill(self) -> None:
        limits, now = self._engine.limits, self._engine.now()
        self.left = min(limits.messages_at_once, self.left + (now - self._at) * limits.messages)
        self._at = now

    def debt(self) -> float:
        """Seconds until what was taken too much is made up for."""
        return max(0.0, -self.left) / self._engine.limits.messages
