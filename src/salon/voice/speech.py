"""Who speaks, and how loud: fleeting, never stored. The page that plays somebody says it, from the sound itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salon.core.clock import Clock
from salon.core.fanout import Fanout, signal
from salon.core.refusals import Refused
from salon.core.security import TokenBuckets
from salon.core.speaking import Speakers
from salon.voice import contract

if TYPE_CHECKING:
    from salon.core.fanout import Link

LEVELS_PER_SECOND = 10.0
LEVELS_AT_ONCE = 5.0
"""Of one call: a few that a network has held up come together."""
CHANGES_PER_SECOND = 1.0
CHANGES_AT_ONCE = 4.0
"""How often somebody begins or stops to speak: a whole hall is told. The next level says it again."""
SILENT_AFTER_MS = 3_000


class Speech(Speakers):
    """By call, who is speaking."""

    def __init__(self, fanout: Fanout, clock: Clock) -> None:
        super().__init__(fanout, clock, SILENT_AFTER_MS, lambda people: contract.Speaking(people=people))
        self._levels = TokenBuckets(LEVELS_PER_SECOND, LEVELS_AT_ONCE)
        self._changes = TokenBuckets(CHANGES_PER_SECOND, CHANGES_AT_ONCE)

    def hear(self, link: Link, person: str, loud: contract.Loud, *, muted: bool) -> None:
        """Pass the level on to the other pages of hosts, and a change of who speaks to the room."""
        now = self._clock.now()
        wait = self._levels.take(loud.call, now)
        if wait:
            raise Refused("rate_limited", retry_after=wait)
        level = contract.LevelNow(call=loud.call, level=0 if muted else loud.level)
        self._fanout.signal_hosts(link.room_id, signal(level), but=link)
        speaking = loud.speaking and not muted
        if speaking and self.speaks(loud.call):
            self.go_on(loud.call)
        elif speaking != self.speaks(loud.call) and not self._changes.take(loud.call, now):
            if speaking:
                self.begin(loud.call, link.room_id, person)
            else:
                self.fall_silent(loud.call)
