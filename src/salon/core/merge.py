"""Fleeting news of one kind from many people, told together a few times a second."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from salon.core.contract import ServerSignal
from salon.core.fanout import Fanout, signal

MERGE_SECONDS = 0.25
TOLD_AT_ONCE = 20
"""Nobody reads more names than these; the rest of a crowd is left out."""


class Merger:
    """Collects items for each room and kind, and sends one signal for all that came within a quarter of a second."""

    def __init__(self, fanout: Fanout) -> None:
        self._fanout = fanout
        self._collected: dict[tuple[str, str], dict[str, None]] = {}

    def add(self, room_id: str, kind: str, item: str, build: Callable[[list[str]], ServerSignal]) -> None:
        key = (room_id, kind)
        items = self._collected.get(key)
        if items is None:
            items = self._collected[key] = {}
            asyncio.get_running_loop().call_later(MERGE_SECONDS, self._tell, key, build)
        if len(items) < TOLD_AT_ONCE:
            items[item] = None

    def _tell(self, key: tuple[str, str], build: Callable[[list[str]], ServerSignal]) -> None:
        items = self._collected.pop(key, {})
        self._fanout.signal_room(key[0], signal(build(list(items))))
