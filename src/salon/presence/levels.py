"""Keeps how present people are, by their connections, and tells their rooms what has changed."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING, ClassVar

from salon.core.dispatch import Hearing, receives
from salon.core.fanout import Beside, signal
from salon.core.feature import Service
from salon.presence import contract
from salon.presence.rules import ORDINARY, together

if TYPE_CHECKING:
    from salon.core.fanout import Link
    from salon.core.house import House

MERGE_SECONDS = 1.0
"""A room is told once a second at most, however many people's levels change, and however often."""
TOLD_AT_ONCE = 100
"""When a whole hall puts its phones away, it is told in several parts."""


class Levels(Service):
    """What each connection said last, and what each room was told."""

    of: ClassVar[Beside[Levels]] = Beside()
    """By the fan-out, which is all that a signal knows of its house."""

    def __init__(self, house: House) -> None:
        self._fanout = house.fanout
        self._clock = house.clock
        self._said: dict[str, contract.Level] = {}
        """By connection."""
        self._told: dict[str, dict[str, contract.Level]] = defaultdict(dict)
        """By room and person; only what is not ordinary."""
        self._changed: dict[str, dict[str, str]] = {}
        """By room: whose level may have changed, person → identity. In the order of the changes."""
        Levels.of[house.fanout] = self

    def hear(self, link: Link, level: contract.Level) -> None:
        first = link.sid not in self._said
        if first:
            self._tell_all(link)
        if first or self._said[link.sid] != level:
            self._said[link.sid] = level
            self._mark(link)

    def tell_time(self, link: Link, probe: int) -> None:
        received = self._clock.now()
        link.send(signal(contract.TimeNow(probe=probe, received_at=received, sent_at=self._clock.now())))

    def depart(self, link: Link) -> None:
        if self._said.pop(link.sid, None) is not None:
            self._mark(link)

    def _mark(self, link: Link) -> None:
        if link.person is None:
            return
        waiting = self._changed.get(link.room_id)
        if waiting is None:
            waiting = self._changed[link.room_id] = {}
            asyncio.get_running_loop().call_later(MERGE_SECONDS, self._tell, link.room_id)
        waiting[link.person] = link.identity

    def _tell_all(self, link: Link) -> None:
        told = self._told.get(link.room_id, {})
        link.send(signal(contract.LevelsNow(people=told, whole=True)))

    def _tell(self, room_id: str) -> None:
        waiting = self._changed.pop(room_id, {})
        now = list(waiting.items())[:TOLD_AT_ONCE]
        later = dict(list(waiting.items())[TOLD_AT_ONCE:])
        news = {person: level for person, identity in now if (level := self._news(room_id, person, identity))}
        if news:
            self._fanout.signal_room(room_id, signal(contract.LevelsNow(people=news, whole=False)))
        if later:
            self._changed[room_id] = later
            asyncio.get_running_loop().call_later(MERGE_SECONDS, self._tell, room_id)
        if not self._told[room_id]:
            del self._told[room_id]

    def _news(self, room_id: str, person: str, identity: str) -> contract.Level | None:
        """The person's level, if it is not what the room believes. Nothing is told of somebody whose links are gone."""
        told = self._told[room_id]
        links = [link for link in self._fanout.of_identity(room_id, identity) if link.person == person]
        level = together(self._said.get(link.sid) for link in links)
        before = told.get(person, ORDINARY)
        if level == ORDINARY:
            told.pop(person, None)
        else:
            told[person] = level
        return level if level != before else None


@receives(contract.MyLevel)
def hear_level(said: contract.MyLevel, hearing: Hearing) -> None:
    Levels.of[hearing.fanout].hear(hearing.link, contract.Level(away=said.away, quality=said.quality))
    if said.probe is not None:
        hearing.link.send(signal(contract.Probed(probe=said.probe)))


@receives(contract.AskTime)
def tell_time(asked: contract.AskTime, hearing: Hearing) -> None:
    Levels.of[hearing.fanout].tell_time(hearing.link, asked.probe)
