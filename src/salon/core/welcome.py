"""What a connection is sent first: the lobby, all that it missed, or a snapshot. The same again when that changes.

Many come at the same time, to a lecture or after a restart: they are read for together (:mod:`salon.core.gather`).
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy.ext.asyncio import AsyncSession

from salon.core import log, snapshot
from salon.core.access import access_open_rooms, check_membership, find_members, streams_of
from salon.core.card import RoomCard, room_cards
from salon.core.contract import PeopleOut, StreamName
from salon.core.engine import packets
from salon.core.fanout import Link, framed, signal
from salon.core.feature import Service, View
from salon.core.gather import Gatherer
from salon.core.glance import Glance, KeptRooms
from salon.core.log import StreamKey
from salon.core.refusals import Refused
from salon.core.tables import Member, Room

if TYPE_CHECKING:
    from salon.core.house import House

RESUME_LIMIT = 300
"""Events of all streams that are sent to a client that comes back; beyond, a snapshot is shorter."""
AT_ONCE = 50
"""Connections that are brought up to date by one reading: bounds how long they hold what comes meanwhile."""


@dataclass(frozen=True)
class _First:
    """The frames to send before live events, and the numbers after which those begin."""

    frames: list[bytes]
    seqs: dict[StreamName, int]
    streams: list[StreamKey]


class _Reading:
    """One consistent state of the database, and what several connections need of it."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self.seqs: dict[StreamKey, int] = {}
        self._missed: dict[tuple[StreamKey, int], tuple[int, bytes] | None] = {}

    async def missed(self, key: StreamKey, since: int) -> tuple[int, bytes] | None:
        """How many events came after ``since``, and their frames; None when they cannot be had, or are too many."""
        if since == self.seqs[key]:
            return 0, b""
        # Most of those who come back after a restart ask for the same.
        if (key, since) not in self._missed:
            entries = await log.since(self.session, key, since, RESUME_LIMIT)
            found = None if entries is None else (len(entries), b"".join([framed(entry) for entry in entries]))
            self._missed[key, since] = found
        return self._missed[key, since]


class Welcomer:
    """Brings a connection from wherever it is to live."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._kept = KeptRooms()
        self._looking: Gatherer[Link, str | None] = Gatherer(self._people, AT_ONCE)
        self._lobby: Gatherer[Link, RoomCard] = Gatherer(self._cards, AT_ONCE)
        self._letting_in: Gatherer[Link, bool] = Gatherer(self._let_in, AT_ONCE)

    @functools.cached_property
    def _greeters(self) -> list[Callable[[Link], None]]:
        """A crowd comes in together: who has nothing to say is not asked for each of them."""
        return [each.greet for each in self._house.services if type(each).greet is not Service.greet]

    async def welcome(self, link: Link) -> None:
        """Send what the connection needs and let live events through, without a gap or an overlap between them."""
        async with link.lock:
            link.expected = False
            while self._is_here(link):
                link.stale = False
                # What was true when it was admitted is looked at again, with everything else, when it is let in.
                person, link.known_as = link.known_as or await self._looking.ask(link), None
                if person is None:
                    await self._show_lobby(link)
                    return
                await self._arrive(link, person)
                if await self._letting_in.ask(link):
                    return

    def _is_here(self, link: Link) -> bool:
        return not link.cut and self._house.fanout.links.get(link.sid) is link

    def _is_outdated(self, link: Link) -> bool:
        return link.stale or not self._is_here(link)

    async def _people(self, links: list[Link]) -> list[str | Exception | None]:
        """The member that each of them is, None for one who has not joined."""
        async with self._house.storage.read() as session:
            rooms = await access_open_rooms(session, {link.room_id for link in links})
            members = await find_members(session, [(link.room_id, link.identity) for link in links])
        answers: list[str | Exception | None] = []
        for link in links:
            room = rooms[link.room_id]
            try:
                member = check_membership(members.get((link.room_id, link.identity)))
            except Refused as refused:
                answers.append(refused)
                continue
            if isinstance(room, Refused):
                answers.append(room)
            else:
                answers.append(None if member is None else member.id)
        return answers

    async def _show_lobby(self, link: Link) -> None:
        self._house.fanout.unfollow(link)
        link.person, link.arrived, link.welcomed = None, False, False
        card = await self._lobby.ask(link)
        link.send(packets.event("lobby", {"room": card.model_dump()}))

    async def _cards(self, links: list[Link]) -> list[RoomCard | Exception]:
        """The room of each of them from outside."""
        async with self._house.storage.read() as session:
            return list(await room_cards(session, [(link.room_id, link.identity) for link in links]))

    async def _let_in(self, links: list[Link]) -> list[bool | Exception]:
        """Hold what comes, read, send, release. False for one that may see something else meanwhile."""
        for link in links:
            # All streams, whatever the role is: what must not be seen is dropped on release.
            own = StreamKey("me", link.person or "")
            self._house.fanout.hold(link)
            self._house.fanout.follow(link, (StreamKey("room", link.room_id), StreamKey("hosts", link.room_id), own))
        async with self._house.storage.read() as session:
            first = await self._read_for(session, links)
        answers: list[bool | Exception] = []
        for link, found in zip(links, first, strict=True):
            try:
                answers.append(await self._begin(link, found) if isinstance(found, _First) else found or False)
            except Exception as error:
                answers.append(error)
        return answers

    async def _begin(self, link: Link, first: _First) -> bool:
        if self._is_outdated(link):
            return False
        link.send_large(b"".join(first.frames))
        seqs = first.seqs
        while link.overflowed:
            seqs = await self._send_from_log(link, first.streams, seqs)
        if self._is_outdated(link):
            return False
        link.since = None
        self._house.fanout.unfollow(link)
        self._house.fanout.follow(link, first.streams)
        link.release(seqs)
        link.welcomed = True
        for greet in self._greeters:
            greet(link)
        return True

    async def _send_from_log(
        self, link: Link, streams: list[StreamKey], seqs: dict[StreamName, int]
    ) -> dict[StreamName, int]:
        """More came than is held for a connection: the log has it. Holds anew first, so that nothing falls between."""
        self._house.fanout.hold(link)
        reached = dict(seqs)
        async with self._house.storage.read() as session:
            for key in streams:
                for entry in await log.since(session, key, seqs[key.name], self._house.settings.log_events) or ():
                    link.send_large(framed(entry))
                    reached[key.name] = entry.seq
        return reached

    def farewell(self, refused: Refused) -> bytes:
        """What is said to a connection that must go after it was accepted."""
        reason = "full" if refused.code == "room_full" else refused.code
        known = reason in {"removed", "banned", "full"}
        return signal(PeopleOut(reason=reason)) if known else packets.event("refused", refused.as_dict())  # type: ignore[arg-type]

    async def _arrive(self, link: Link, person: str) -> None:
        if link.arrived:
            return
        link.person, link.arrived = person, True
        for service in self._house.services:
            await service.arrive(link)

    async def _read_for(self, session: AsyncSession, links: list[Link]) -> list[_First | Exception | None]:
        """What each of them is sent first, None for one who has left. Those of one room share what is common."""
        reading = _Reading(session)
        rooms = await access_open_rooms(session, {link.room_id for link in links})
        members = await find_members(session, [(link.room_id, link.identity) for link in links])
        found: dict[Link, _First | Exception | None] = {}
        together: dict[str, tuple[Room, dict[Link, Member]]] = {}
        for link in links:
            try:
                room, member = rooms[link.room_id], check_membership(members.get((link.room_id, link.identity)))
                if isinstance(room, Refused):
                    raise room
                if member is None:
                    found[link] = None
                    continue
                together.setdefault(link.room_id, (room, {}))[1][link] = member
            except Refused as refused:
                found[link] = refused
        everybody = [member for _, those in together.values() for member in those.values()]
        reading.seqs = await log.last_of(session, {key for member in everybody for key in streams_of(member)})
        for room, those in together.values():
            kept = self._kept.of(room.id, reading.seqs[StreamKey("room", room.id)])
            glance = Glance(list(those.values()), kept)
            for link, member in those.items():
                found[link] = await self._catch_up(reading, room, member, link.since, glance)
        return [found[link] for link in links]

    async def _catch_up(
        self, reading: _Reading, room: Room, member: Member, since: dict[str, int] | None, glance: Glance
    ) -> _First:
        streams = streams_of(member)
        seqs: dict[StreamName, int] = {key.name: reading.seqs[key] for key in streams}
        missed = await self._missed(reading, streams, since)
        now = self._house.clock.now()
        if missed is not None:
            # Numbers alone may fit somebody else too, who has meanwhile signed in in the same browser.
            told = {"seqs": seqs, "me": member.id, "now": now}
            return _First([packets.event("resumed", told), *missed], seqs, streams)
        house = self._house
        view = View(reading.session, house.settings, house.addresses.public_url, room, member, glance)
        state: dict[str, Any] = await snapshot.take(house.features, view, seqs)
        return _First([packets.event("snapshot", {**state, "now": now})], seqs, streams)

    async def _missed(
        self, reading: _Reading, streams: list[StreamKey], since: dict[str, int] | None
    ) -> list[bytes] | None:
        """The frames of everything that came since; None when the client needs a snapshot."""
        if since is None or set(since) != {key.name for key in streams}:
            return None
        found = [await reading.missed(key, since[key.name]) for key in streams]
        there = [each for each in found if each is not None]
        if len(there) < len(found) or sum(count for count, _ in there) > RESUME_LIMIT:
            return None
        return [frames for _, frames in there]
