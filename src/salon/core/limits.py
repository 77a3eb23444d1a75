"""How much may be asked: by one connection, by one person on all of theirs, in one room."""

from __future__ import annotations

from salon.core.clock import Clock
from salon.core.fanout import Link
from salon.core.security import TokenBuckets
from salon.core.settings import Settings

BURST_SECONDS = 3
"""So many seconds' worth may come at once."""


class RequestLimits:
    """Token buckets for requests. One who asks too much is refused before anything is looked up for them."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._clock = clock
        own, person, room = (
            settings.commands_per_second,
            settings.person_commands_per_second,
            settings.room_commands_per_second,
        )
        self._connections = TokenBuckets(own, own * BURST_SECONDS)
        self._people = TokenBuckets(person, person * BURST_SECONDS)
        self._rooms = TokenBuckets(room, room * BURST_SECONDS)

    def take(self, link: Link) -> float:
        """Count one request. Returns 0, or the seconds to wait when there were too many."""
        now = self._clock.now()
        # The narrowest first: who is refused for their own haste takes nothing from the others in the room.
        return (
            self._connections.take(link.sid, now)
            or self._people.take((link.room_id, link.identity), now)
            or self._rooms.take(link.room_id, now)
        )
