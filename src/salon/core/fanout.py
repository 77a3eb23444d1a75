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
from typing import Any, Generic, Protocol, TypeVar

from salon.core.contract import ServerSignal, StreamName
from salon.core.engine import packets
from salon.core.followers import Followers
from salon.core.log import Entry, StreamKey

T = TypeVar("T")
HELD_EVENTS = 500
"""Events kept for a connection while its snapshot is read; what is beyond is read from the log."""


class Outlet(Protocol):
    """Where a connection's frames go. Nothing here waits, or fails when the client is gone."""

    write: Callable[[bytes], object]

    @property
    def try_write(self) -> Callable[[bytes], int] | None:
        """A quick way for what goes to many: hands frames to the system at once and returns how many bytes it took, or
        raises OSError; the rest must go to ``write``. Not while something waits.
        """

    def write_large(self, framed: bytes) -> None:
        """Send what may be larger than what usually may wait for a client."""

    def cut(self) -> None:
        """End it as a lost network does: the client comes back by itself."""

    def disconnect(self) -> None:
        """End it for good."""

    def watch(self) -> None:
        """From now on notice within seconds that it is silent."""

    silent: bool
    """It ended because nothing came for too long."""


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
    session: str = ""
    """The hash of the token it came with: when that session ends, so does the connection."""
    person: str | None = None
    """The member, once the identity has joined and the features are told of the connection."""
    known_as: str | None = None
    """The member that it was when it was admitted, until it is welcomed for the first time."""
    since: dict[str, int] | None = None
    """What the client said that it has seen, until it is welcomed."""
    cursors: dict[StreamName, int] = field(default_factory=dict)
    """How far it has got in each stream, while it is not live there (:mod:`salon.core.followers`)."""
    held: list[Entry] | None = None
    stale: bool = False
    """What this connection may follow has changed since that was last read."""
    overflowed: bool = False
    """More came while it was held than is kept for it: the rest is in the log."""
    expected: bool = False
    """A welcome waits to begin, so that another one would find nothing left to do."""
    arrived: bool = False
    """The features know of it."""
    welcomed: bool = False
    """They have let it in: it hears signals, and is heard."""
    cut: bool = False
    pending: int = 0
    """Requests that are under way."""
    last_command: asyncio.Task[None] | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def hears(self) -> bool:
        """Nothing is told to a connection whose person's rights have just changed, before it knows them."""
        return self.welcomed and not self.stale and not self.cut

    def send(self, frames: bytes) -> None:
        if not self.cut:
            self.outlet.write(frames)

    def send_large(self, frames: bytes) -> None:
        if not self.cut:
            self.outlet.write_large(frames)

    def hold(self) -> None:
        """For :meth:`Fanout.hold` alone."""
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


class Beside(Generic[T]):
    """What a feature keeps beside each fan-out, which is all that signals and transactions know of their house.

    It hangs on the fan-out itself: a weak dictionary would never let go of what knows its own key.
    """

    def __getitem__(self, fanout: Fanout) -> T:
        found: T = fanout.beside[self]
        return found

    def __setitem__(self, fanout: Fanout, value: T) -> None:
        fanout.beside[self] = value


class Fanout:
    """Who is connected here, and what goes to whom."""

    def __init__(self) -> None:
        self.beside: dict[Beside[Any], Any] = {}
        self.links: dict[str, Link] = {}
        self._rooms: dict[str, set[Link]] = {}
        self._owners: dict[tuple[str, str], set[Link]] = {}
        self._followers: dict[StreamKey, Followers] = {}
        self.on_gap: Callable[[Link], None] = lambda _link: None
        """Called when a connection missed events, which happens only between processes."""
        self.keeping: Callable[[], Iterable[Any]] = tuple
        """Tells for whose connections something waits that was written before."""

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
            followers = self._followers.get(key)
            if followers is None:
                followers = self._followers[key] = Followers(key.name, self)
            followers.add(link)

    def unfollow(self, link: Link) -> None:
        """Nothing of any stream reaches the connection any more."""
        for key in _streams(link):
            followers = self._followers.get(key)
            if followers is not None:
                followers.remove(link)
                if not followers:
                    del self._followers[key]

    def hold(self, link: Link) -> None:
        """Deliver nothing to the connection until it is released, but keep what comes from now on."""
        for key in _streams(link):
            if (followers := self._followers.get(key)) is not None:
                followers.hold(link)
        link.hold()

    def reroute(self, link: Link) -> None:
        """The connection's outlet writes another way from now on."""
        for key in _streams(link):
            if (followers := self._followers.get(key)) is not None:
                followers.reroute(link)

    def of_room(self, room_id: str) -> list[Link]:
        return list(self._rooms.get(room_id, ()))

    def of_identity(self, room_id: str, identity: str) -> list[Link]:
        return list(self._owners.get((room_id, identity), ()))

    def of_session(self, session: str) -> list[Link]:
        return [link for link in self.links.values() if link.session == session]

    def of_owner(self, identity: str) -> list[Link]:
        """All connections of an identity, in whichever rooms."""
        return [link for link in self.links.values() if link.identity == identity]

    def follows(self, link: Link, key: StreamKey) -> bool:
        """Whether what is told to this stream now reaches the connection at once."""
        followers = self._followers.get(key)
        return followers is not None and link.held is None and link in followers

    def publish(self, entries: list[Entry]) -> None:
        """Hand committed events, in the order of their numbers, to everyone who follows their streams.

        What was committed together leaves in one write for each connection.
        """
        streams: dict[StreamKey, list[Entry]] = {}
        for entry in entries:
            if entry.stream in self._followers:
                streams.setdefault(entry.stream, []).append(entry)
        for key, together in streams.items():
            if together[-1].seq - together[0].seq + 1 != len(together):
                raise ValueError(f"the events of {key} have a gap")
            self._followers[key].publish(together, b"".join([framed(entry) for entry in together]))

    def signal_room(self, room_id: str, frames: bytes, *, but: str | None = None) -> None:
        """Tell everyone who has joined, except one person."""
        for link in list(self._rooms.get(room_id, ())):
            if link.welcomed and link.person != but:
                link.send(frames)

    def signal_hosts(self, room_id: str, frames: bytes, *, but: Link | None = None) -> None:
        """Tell the hosts' connections, except one. One that is being brought up to date, as is that of somebody who
        is no host any more, is left out.
        """
        for link in list(self._followers.get(StreamKey("hosts", room_id), ())):
            if link.welcomed and link.held is None and link is not but:
                link.send(frames)


def _streams(link: Link) -> tuple[StreamKey, ...]:
    """What the connection may be following."""
    return StreamKey("room", link.room_id), StreamKey("hosts", link.room_id), StreamKey("me", link.person or "")


def _discard(table: dict[Any, set[Link]], key: object, link: Link) -> None:
    links = table.get(key)
    if links is not None:
        links.discard(link)
        if not links:
            del table[key]
