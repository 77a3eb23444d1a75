"""Who speaks, and how loud: fleeting, never stored. The page that plays somebody says it, from the sound itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from salon.core.clock import Clock
from salon.core.fanout import Fanout, signal
from salon.core.refusals import Refused
from salon.core.security import TokenBuckets
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
"""A page that says nothing any more, frozen or gone, hears nobody."""


@dataclass
class _Voice:
    room_id: str
    person: str
    heard_at: int


class Speech:
    """By call, who is speaking."""

    def __init__(self, fanout: Fanout, clock: Clock) -> None:
        self._fanout = fanout
        self._clock = clock
        self._speaking: dict[str, _Voice] = {}
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
        if speaking and (voice := self._speaking.get(loud.call)) is not None:
            voice.heard_at = now
        elif speaking != (loud.call in self._speaking) and not self._changes.take(loud.call, now):
            if speaking:
                self._speaking[loud.call] = _Voice(link.room_id, person, now)
                self._tell_room(link.room_id)
            else:
                self.fall_silent(loud.call)

    def fall_silent(self, call: str) -> None:
        """Whoever it was speaks no more, or is not heard."""
        if (voice := self._speaking.pop(call, None)) is not None:
            self._tell_room(voice.room_id)

    def expire(self) -> None:
        """Called every second."""
        oldest = self._clock.now() - SILENT_AFTER_MS
        for call in [call for call, voice in self._speaking.items() if voice.heard_at < oldest]:
            self.fall_silent(call)

    def tell(self, link: Link) -> None:
        """Tell one connection, which has just come."""
        link.send(signal(self._now(link.room_id)))

    def _tell_room(self, room_id: str) -> None:
        self._fanout.signal_room(room_id, signal(self._now(room_id)))

    def _now(self, room_id: str) -> contract.Speaking:
        return contract.Speaking(people=[voice.person for voice in self._speaking.values() if voice.room_id == room_id])
