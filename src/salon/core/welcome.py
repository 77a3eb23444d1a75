"""What a connection is sent first: the lobby, all that it missed, or a snapshot. The same again when that changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy.ext.asyncio import AsyncSession

from salon.core import log, snapshot
from salon.core.access import access_membership, access_open_room, access_room_by_link, streams_of
from salon.core.card import room_card
from salon.core.contract import PeopleOut, StreamName
from salon.core.fanout import Link, packet, signal
from salon.core.feature import View
from salon.core.log import StreamKey
from salon.core.refusals import Refused

if TYPE_CHECKING:
    from salon.core.house import House

RESUME_LIMIT = 500
"""Events that are sent to a client that comes back; beyond, a snapshot is shorter."""


@dataclass(frozen=True)
class _First:
    """The packets to send before live events, and the numbers after which those begin."""

    packets: list[str]
    seqs: dict[StreamName, int]
    streams: list[StreamKey]


class Welcomer:
    """Brings a connection from wherever it is to live."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def look(self, session: AsyncSession, link: object, identity: str) -> str:
        """The id of the room to connect to; refused when there is none, or none for this identity."""
        room = await access_room_by_link(session, link)
        await access_membership(session, room.id, identity)
        return room.id

    async def welcome(self, link: Link) -> None:
        """Send what the connection needs and let live events through, without a gap or an overlap between them."""
        async with link.lock:
            while not link.cut and link.sid in self._house.fanout.links:
                link.stale = False
                # Events are held from before the reading, so that none falls between it and the live ones.
                link.hold()
                first = await self._prepare(link)
                if link.stale:
                    continue
                for each in first.packets:
                    link.send(each)
                link.since = None
                self._house.fanout.unfollow(link)
                self._house.fanout.follow(link, first.streams)
                link.release(first.seqs)
                return

    def farewell(self, refused: Refused) -> str:
        """What is said to a connection that must go after it was accepted."""
        reason = "full" if refused.code == "room_full" else refused.code
        known = reason in {"removed", "banned", "full"}
        return signal(PeopleOut(reason=reason)) if known else packet("refused", refused.as_dict())  # type: ignore[arg-type]

    async def _prepare(self, link: Link) -> _First:
        async with self._house.storage.read() as session:
            room = await access_open_room(session, link.room_id)
            member = await access_membership(session, room.id, link.identity)
            if member is None:
                link.person = None
                card = await room_card(session, room, link.identity)
                return _First([packet("lobby", {"room": card.model_dump()})], {}, [])
        await self._arrive(link, member.id)
        async with self._house.storage.read() as session:
            return await self._catch_up(session, link)

    async def _arrive(self, link: Link, person: str) -> None:
        here_already, link.person = link.person == person, person
        # All streams, whatever the role is: what comes is held, and what must not be seen is dropped on release.
        self._house.fanout.follow(
            link, [StreamKey("room", link.room_id), StreamKey("hosts", link.room_id), StreamKey("me", person)]
        )
        if here_already:
            return
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
            events = [packet("event", entry.on_wire()) for _, entries in missed.values() for entry in entries]
            return _First([packet("resumed", {"seqs": seqs, "now": self._house.clock.now()}), *events], seqs, streams)
        view = View(session, self._house.settings, self._house.addresses.public_url, room, member)
        state: dict[str, Any] = await snapshot.take(session, self._house.features, view)
        state["now"] = self._house.clock.now()
        return _First([packet("snapshot", state)], state["seqs"], streams)

    async def _missed(
        self, session: AsyncSession, streams: list[StreamKey], since: dict[str, int] | None
    ) -> dict[StreamKey, tuple[int, list[log.Entry]]] | None:
        """For each stream its newest number and what came since; None when the client needs a snapshot."""
        if since is None or set(since) != {key.name for key in streams}:
            return None
        missed = {}
        for key in streams:
            entries = await log.since(session, key, since[key.name], RESUME_LIMIT)
            if entries is None:
                return None
            missed[key] = (entries[-1].seq if entries else since[key.name], entries)
        return missed
