"""How far uploads are, told to whom it concerns at most ten times a second for each room, and at once to who comes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from salon.core.fanout import Fanout, Link, signal
from salon.files import contract

MERGE_SECONDS = 0.1
TOLD = 200
"""Uploads in one signal at most: nobody looks at more."""


@dataclass
class _Room:
    news: dict[str, contract.Upload] = field(default_factory=dict)
    over: dict[str, frozenset[str]] = field(default_factory=dict)
    """Which are over, and whose they were; empty is everyone's."""
    timer: asyncio.TimerHandle | None = None


class Progress:
    """Collects what is new, and tells it."""

    def __init__(self, fanout: Fanout) -> None:
        self._fanout = fanout
        self._rooms: dict[str, _Room] = {}
        self._last: dict[str, dict[str, contract.Upload]] = {}
        """By room: how far those are that are not over."""

    def at(self, room_id: str, upload: contract.Upload) -> None:
        """An upload is as far as this."""
        self.know(room_id, upload)
        self._soon(room_id).news[upload.id] = upload

    def know(self, room_id: str, upload: contract.Upload) -> None:
        """The same, and nobody need be told but who asks."""
        self._last.setdefault(room_id, {})[upload.id] = upload

    def still(self, room_id: str, file: str) -> None:
        """No bytes come just now."""
        last = self._last.get(room_id, {}).get(file)
        if last is not None:
            self.at(room_id, last.model_copy(update={"moving": False}))

    def over(self, room_id: str, file: str) -> None:
        """It is complete or given up."""
        here = self._last.get(room_id, {})
        last = here.pop(file, None)
        if not here:
            self._last.pop(room_id, None)
        if last is not None:
            room = self._soon(room_id)
            room.news.pop(file, None)
            room.over[file] = frozenset() if last.to is None else frozenset([last.author, last.to])

    def adopt(self, room_id: str, guest: str, own: str) -> None:
        """What was one member's is another's from now on."""
        for upload in list(self._last.get(room_id, {}).values()):
            if guest in {upload.author, upload.to}:
                author, to = (own if each == guest else each for each in (upload.author, upload.to))
                self.at(room_id, upload.model_copy(update={"author": author, "to": to}))

    def forget(self, room_id: str) -> None:
        self._last.pop(room_id, None)
        room = self._rooms.pop(room_id, None)
        if room is not None and room.timer is not None:
            room.timer.cancel()

    def stop(self) -> None:
        for room_id in list(self._rooms):
            self.forget(room_id)

    def tell_all(self, link: Link) -> None:
        """What comes in the room just now, to one who knows nothing of it yet. First what moves."""
        known = [each for each in self._last.get(link.room_id, {}).values() if _concerns(each, link)]
        frames = _framed(sorted(known, key=lambda each: not each.moving)[:TOLD], [])
        if frames is not None and link.hears:
            link.send(frames)

    def _soon(self, room_id: str) -> _Room:
        room = self._rooms.get(room_id)
        if room is None:
            room = self._rooms[room_id] = _Room()
        if room.timer is None:
            room.timer = asyncio.get_running_loop().call_later(MERGE_SECONDS, self._tell, room_id)
        return room

    def _tell(self, room_id: str) -> None:
        room = self._rooms.pop(room_id)
        uploads = list(room.news.values())[:TOLD]
        common = _framed(
            [each for each in uploads if each.to is None], [f for f, whose in room.over.items() if not whose]
        )
        for link in self._fanout.of_room(room_id):
            if not link.hears:
                continue
            if common is not None:
                link.send(common)
            own = [each for each in uploads if each.to is not None and _concerns(each, link)]
            over = [file for file, whose in room.over.items() if link.person in whose]
            direct = _framed(own, over)
            if direct is not None:
                link.send(direct)


def _concerns(upload: contract.Upload, link: Link) -> bool:
    return upload.to is None or link.person in {upload.to, upload.author}


def _framed(uploads: list[contract.Upload], over: list[str]) -> bytes | None:
    return signal(contract.ProgressNow(uploads=uploads, over=over)) if uploads or over else None
