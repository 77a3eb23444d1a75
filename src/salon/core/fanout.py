"""This process's connections and what each of them follows.

Delivery may lose, the truth may not: a connection that cannot keep up is cut and resumes from its number. Each
connection has a cursor for each stream, so that it gets every event once and in order whatever arrives here twice,
early or late.

What goes to many is framed once: everything here is made of whole WebSocket frames, as bytes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from salon.core.contract import ServerSignal, StreamName
from salon.core.engine import packets
from salon.core.log import Entry, StreamKey

HELD_EVENTS = 500
"""Events kept for a connection while its snapshot is read; what is beyond is read from the log."""


class Outlet(Protocol):
    """Where a connection's frames go. Nothing here waits, or fails when the client is gone."""

    write: Callable[[bytes], object]

    def write_large(self, framed: bytes) -> None:
        """Send what may be larger than what usually may wait for a client."""

    def cut(self) -> None:
        """End it as a lost network does: the client comes back by itself."""

    def disconnect(self) -> None:
        """End it for good."""


def framed(entry: Entry) -> bytes:
    return packets.event("event", entry.on_wire())


def signal(word: ServerSignal, sender: str | None = None) -> bytes:
    return packets.event("signal", {"type": word.wire_name, "from": sender, "data": word.model_dump()})


@dataclass(eq=False, slots=True)
class Link:
    """One connection of one identity to one room."""

    sid: str
    room_id: str
    identity: str
    device: str
    outlet: Outlet
    person: str | None = None
    """The member, once the identity has joined and been welcomed."""
    since: dict[str, int] | None = None
    """What the client said that it has seen, until it is welcomed."""
    cursors: dict[StreamName, int] = field(default_factory=dict)
    held: list[Entry] | None = None
    stale: bool = False
    """What this connection may follow has changed since that was last read."""
    overflowed: bool = False
    """More came while it was held than is kept for it: the rest is in the log."""
    expected: bool = False
    """A welcome waits to begin, so that another one would find nothing left to do."""
    arrived: bool = False
    """The features know of it."""
    cut: bool = False
    pending: int = 0
    """Requests that are under way."""
    last_command: asyncio.Task[None] | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def send(self, frames: bytes) -> None:
        if not self.cut:
            self.outlet.write(frames)

    def send_large(self, frames: bytes) -> None:
        if not self.cut:
            self.outlet.write_large(frames)

    def hold(self) -> None:
        """Deliver nothing until :meth:`release`, but keep what comes from now on."""
        self.held = []
        self.overflowed = False

    def release(self, seqs: dict[StreamName, int]) -> None:
        """Go on after these numbers, first with what was kept. Streams that are not named are followed no more."""
        held, self.held = self.held or [], None
        self.cursors = dict(seqs)
        for entry in held:
            self.deliver(entry)

    def deliver(self, entry: Entry) -> None:
        if self.held is not None:
            self.held.append(entry)
            if len(self.held) > HELD_EVENTS:
                self.held.clear()
                self.overflowed = True
            return
        cursor = self.cursors.get(entry.stream.name)
        if cursor is None or entry.seq <= cursor:
            return
        self.cursors[entry.stream.name] = entry.seq
        self.send(framed(entry))


class Fanout:
    """Who is connected here, and what goes to whom."""

    def __init__(self) -> None:
        self.links: dict[str, Link] = {}
        self._rooms: dict[str, set[Link]] = {}
        self._owners: dict[tuple[str, str], set[Link]] = {}
        self._followers: dict[StreamKey, set[Link]] = {}
        self.on_gap: Callable[[Link], None] = lambda _link: None
        """Called when a connection missed events, which happens only between processes."""

    def add(self, link: Link) -> None:
        self.links[link.sid] = link
        self._rooms.setdefault(link.room_id, set()).add(link)
        self._owners.setdefault((link.room_id, link.identity), set()).add(link)

    def remove(self, sid: str) -> Link | None:
        link = self.links.pop(sid, None)
        if link is not None:
            self.unfollow(link)
            _discard(self._rooms, link.room_id, link)
            _discard(self._owners, (link.room_id, link.identity), link)
        return link

    def follow(self, link: Link, keys: Iterable[StreamKey]) -> None:
        """Let the streams reach the connection, if it is still there at all."""
        if self.links.get(link.sid) is not link:
            return
        for key in keys:
            self._followers.setdefault(key, set()).add(link)

    def unfollow(self, link: Link) -> None:
        """Nothing of any stream reaches the connection any more."""
        for key in (
            StreamKey("room", link.room_id),
            StreamKey("hosts", link.room_id),
            StreamKey("me", link.person or ""),
        ):
            _discard(self._followers, key, link)

    def of_room(self, room_id: str) -> list[Link]:
        return list(self._rooms.get(room_id, ()))

    def of_identity(self, room_id: str, identity: str) -> list[Link]:
        return list(self._owners.get((room_id, identity), ()))

    def publish(self, entries: list[Entry]) -> None:
        """Hand committed events, in the order of their numbers, to everyone who follows their streams.

        What was committed together leaves in one write for each connection.
        """
        streams: dict[StreamKey, list[Entry]] = {}
        for entry in entries:
            if entry.stream in self._followers:
                streams.setdefault(entry.stream, []).append(entry)
        for key, together in streams.items():
            self._publish(key, together)

    def _publish(self, key: StreamKey, entries: list[Entry]) -> None:
        name, before, last = key.name, entries[0].seq - 1, entries[-1].seq
        if last - before != len(entries):
            raise ValueError(f"the events of {key} have a gap")
        frames = b"".join([framed(entry) for entry in entries])
        # The hot path of a full room: a look-up, a comparison, a write.
        for link in list(self._followers[key]):
            if link.held is None and link.cursors.get(name) == before:
                link.cursors[name] = last
                link.outlet.write(frames)
            else:
                self._deliver_singly(link, entries)

    def _deliver_singly(self, link: Link, entries: list[Entry]) -> None:
        for entry in entries:
            cursor = link.cursors.get(entry.stream.name)
            if link.held is None and cursor is not None and entry.seq > cursor + 1:
                self.on_gap(link)
            link.deliver(entry)

    def signal_room(self, room_id: str, frames: bytes, *, but: str | None = None) -> None:
        """Tell everyone who has joined, except one person."""
        for link in list(self._rooms.get(room_id, ())):
            if link.person is not None and link.person != but:
                link.send(frames)

    def signal_person(self, room_id: str, identity: str, frames: bytes) -> None:
        for link in list(self._owners.get((room_id, identity), ())):
            link.send(frames)


def _discard(table: dict[Any, set[Link]], key: object, link: Link) -> None:
    links = table.get(key)
    if links is not None:
        links.discard(link)
        if not links:
            del table[key]
