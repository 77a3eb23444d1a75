"""Who speaks in a call: fleeting, never stored. Each page says it of its own person, from the sound itself."""

from __future__ import annotations

from salon.call import contract
from salon.core.clock import Clock
from salon.core.fanout import Fanout
from salon.core.security import TokenBuckets
from salon.core.speaking import Speakers

BEGINNINGS_PER_SECOND, BEGINNINGS_AT_ONCE = 1.0, 5.0
"""How often somebody begins to speak: the whole room is told. What is too much is told with the next repetition."""
SILENT_AFTER_MS = 5_000


class Speech(Speakers):
    """By participant, who is speaking."""

    def __init__(self, fanout: Fanout, clock: Clock) -> None:
        super().__init__(fanout, clock, SILENT_AFTER_MS, lambda people: contract.Speaking(people=people))
        self._beginnings = TokenBuckets(BEGINNINGS_PER_SECOND, BEGINNINGS_AT_ONCE)

    def hear(self, seat: str, room_id: str, person: str, *, speaking: bool) -> None:
        if not speaking:
            self.fall_silent(seat)
        elif self.speaks(seat):
            self.go_on(seat)
        elif not self._beginnings.take(seat, self._clock.now()):
            self.begin(seat, room_id, person)
