"""Who speaks: fleeting, never stored, told to the room when it changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from salon.core.clock import Clock
from salon.core.contract import ServerSignal
from salon.core.fanout import Fanout, signal

if TYPE_CHECKING:
    from salon.core.fanout import Link


@dataclass
class _Voice:
    room_id: str
    person: str
    heard_at: int


class Speakers:
    """By the key of a place or a call, who is speaking. ``build`` makes the word that tells a room of them.

    Of whom nothing was heard for ``silent_after_ms`` falls silent: a page that says nothing any more is frozen or gone.
    """

    def __init__(
        self, fanout: Fanout, clock: Clock, silent_after_ms: int, build: Callable[[list[str]], ServerSignal]
    ) -> None:
        self._fanout = fanout
        self._clock = clock
        self._silent_after_ms = silent_after_ms
        self._build = build
        self._speaking: dict[str, _Voice] = {}

    def speaks(self, key: str) -> bool:
        return key in self._speaking

    def begin(self, key: str, room_id: str, person: str) -> None:
        self._speaking[key] = _Voice(room_id, person, self._clock.now())
        self._tell_room(room_id)

    def go_on(self, key: str) -> None:
        """They were speaking, and are heard again."""
        self._speaking[key].heard_at = self._clock.now()

    def fall_silent(self, key: str) -> None:
        """They speak no more, or are not heard."""
        if (voice := self._speaking.pop(key, None)) is not None:
            self._tell_room(voice.room_id)

    def expire(self) -> None:
        """Called every second."""
        oldest = self._clock.now() - self._silent_after_ms
        for key in [key for key, voice in self._speaking.items() if voice.heard_at < oldest]:
            self.fall_silent(key)

    def tell(self, link: Link) -> None:
        """Tell one connection, which has just come."""
        link.send(self._now(link.room_id))

    def _tell_room(self, room_id: str) -> None:
        self._fanout.signal_room(room_id, self._now(room_id))

    def _now(self, room_id: str) -> bytes:
        people = [voice.person for voice in self._speaking.values() if voice.room_id == room_id]
        return signal(self._build(people))
