"""Who speaks in a call: fleeting, never stored. Each page says it of its own person, from the sound itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from salon.call import contract
from salon.core.clock import Clock
from salon.core.fanout import Fanout, signal
from salon.core.security import TokenBuckets

if TYPE_CHECKING:
    from salon.core.fanout import Link

BEGINNINGS_PER_SECOND, BEGINNINGS_AT_ONCE = 1.0, 5.0
"""How often somebody begins to speak: the whole room is told. What is too much is told with the next repetition."""
SILENT_AFTER_MS = 5_000
"""A page that says nothing any more is frozen or gone."""


@dataclass
class _Voice:
    room_id: str
    person: str
    heard_at: int


class Speech:
    """By participant, who is speaking."""

    def __init__(self, fanout: Fanout, clock: Clock) -> None:
        self._fanout = fanout
        self._clock = clock
        self._speaking: dict[str, _Voice] = {}
        self._beginnings = TokenBuckets(BEGINNINGS_PER_SECOND, BEGINNINGS_AT_ONCE)

    def hear(self, seat: str, room_id: str, person: str, *, speaking: bool) -> None:
        now = self._clock.now()
        if not speaking:
            self.fall_silent(seat)
        elif (voice := self._speaking.get(seat)) is not None:
            voice.heard_at = now
        elif not self._beginnings.take(seat, now):
            self._speaking[seat] = _Voice(room_id, person, now)
            self._tell_room(room_id)

    def fall_silent(self, seat: str) -> None:
        """They speak no more, or are not heard."""
        if (voice := self._speaking.pop(seat, None)) is not None:
            self._tell_room(voice.room_id)

    def expire(self) -> None:
        """Called every second."""
        oldest = self._clock.now() - SILENT_AFTER_MS
        for seat in [seat for seat, voice in self._speaking.items() if voice.heard_at < oldest]:
            self.fall_silent(seat)

    def tell(self, link: Link) -> None:
        """Tell one connection, which has just come."""
        link.send(signal(self._now(link.room_id)))

    def _tell_room(self, room_id: str) -> None:
        self._fanout.signal_room(room_id, signal(self._now(room_id)))

    def _now(self, room_id: str) -> contract.Speaking:
        return contract.Speaking(people=[voice.person for voice in self._speaking.values() if voice.room_id == room_id])
