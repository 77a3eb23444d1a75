"""What a connection is sent first: the lobby, all that it missed, or a snapshot. The same again when that changes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy.ext.asyncio import AsyncSession

from salon.core import log, snapshot
from salon.core.access import access_membership, access_open_room, access_room_by_link, streams_of
from salon.core.card import room_card
from salon.core.contract import PeopleOut, StreamName
from salon.core.engine import packets
from salon.core.fanout import Link, framed, signal
from salon.core.feature import View
from salon.core.log import StreamKey
from salon.core.refusals import Refused

if TYPE_CHECKING:
    from salon.core.house import House

RESUME_LIMIT = 300
"""Events of all streams that are sent to a client that comes back; beyond, a snapshot is shorter."""
READING_AT_ONCE = 4
"""Connections that are brought up to date at the same time: as many as there are readers of SQLite."""


@dataclass(frozen=True)
class _First:
    """What to send before live events, and the numbers after which those begin."""

    frames: list[bytes]
    seqs: dict[StreamName, int]
    streams: list[StreamKey]


class Welcomer:
    """Brings a connection from wherever it is to live."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._turns = asyncio.Semaphore(READING_AT_ONCE)

    async def look(self, session: AsyncSession, link: object, identity: str) -> str:
        """The id of the room to connect to; refused when there is none, or none for this identity."""
        room = await access_room_by_link(session, link)
        await access_membership(session, room.id, identity)
        return room.id

    async def welcome(self, link: Link) -> None:
        """Send what the connection needs and let live events through, without a gap or an overlap between them."""
        async with link.lock:
            link.expected = False
            while self._is_here(link):
                link.stale = False
                person = await self._person(link)
                if person is None:
                    await self._show_lobby(link)
                    return
                await self._arrive(link, person)
                # In turn, so that those who wait do not hold what comes meanwhile.
                async with self._turns:
                    if await self._let_in(link):
                        return

    def _is_here(self, link: Link) -> bool:
        return not link.cut and self._house.fanout.links.get(link.sid) is link

    def _is_outdated(self, link: Link) -> bool:
        return link.stale or not self._is_here(link)

    async def _person(self, link: Link) -> str | None:
        async with self._house.storage.read() as session:
            room = await access_open_room(session, link.room_id)
            member = await access_membership(session, room.id, link.identity)
            return None if member is None else member.id

    async def _show_lobby(self, link: Link) -> None:
        self._house.fanout.unfollow(link)
        link.person = None
        async with self._house.storage.read() as session:
            card = await room_card(session, await access_open_room(session, link.room_id), link.identity)
        link.send(packets.event("lobby", {"room": card.model_dump()}))

    async def _let_in(self, link: Link) -> bool:
        """Hold what comes, read, send, release. False when what it may see has changed meanwhile."""
        # All streams, whatever the role is: what must not be seen is dropped on release.
        every = (StreamKey("room", link.room_id), StreamKey("hosts", link.room_id), StreamKey("me", link.person or ""))
        link.hold()
        self._house.fanout.follow(link, every)
        async with self._house.storage.read() as session:
            first = await self._catch_up(session, link)
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
        return True

    async def _send_from_log(
        self, link: Link, streams: list[StreamKey], seqs: dict[StreamName, int]
    ) -> dict[StreamName, int]:
        """More came than is held for a connection: the log has it. Holds anew first, so that nothing falls between."""
        link.hold()
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
        if link.person == person:
            return
        link.person = person
        for service in self._house.services:
            await service.arrive(link)

    async def _catch_up(self, session: AsyncSession, link: Link) -> _First:
        room = await access_open_room(session, link.room_id)
        member = await access_membership(session, room.id, link.identity)
        if member is None:
            raise Refused("not_joined")
        streams = streams_of(member)
        missed = await self._missed(session, streams, link.since)
        if missed is not None:
            seqs = {key.name: last for key, (last, _) in missed.items()}
            events = [framed(entry) for _, entries in missed.values() for entry in entries]
            resumed = packets.event("resumed", {"seqs": seqs, "now": self._house.clock.now()})
            return _First([resumed, *events], seqs, streams)
        view = View(session, self._house.settings, self._house.addresses.public_url, room, member)
        state: dict[str, Any] = await snapshot.take(session, self._house.features, view)
        state["now"] = self._house.clock.now()
        return _First([packets.event("snapshot", state)], state["seqs"], streams)

    async def _missed(
        self, session: AsyncSession, streams: list[StreamKey], since: dict[str, int] | None
    ) -> dict[StreamKey, tuple[int, list[log.Entry]]] | None:
        """For each stream its newest number and what came since; None when the client needs a snapshot."""
        if since is None or set(since) != {key.name for key in streams}:
            return None
        missed = {}
        left = RESUME_LIMIT
        for key in streams:
            entries = await log.since(session, key, since[key.name], left)
            if entries is None:
                return None
            left -= len(entries)
            missed[key] = (entries[-1].seq if entries else since[key.name], entries)
        return missed
