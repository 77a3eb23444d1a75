"""Those who follow one stream, in two groups.

Nearly everyone has had all of it: they are *live*, their place is the stream's own, and what comes next is written to
each without a look at anything of theirs. In a room of a thousand that is most of what Salon itself does for a
delivered event; the rest is the system's. The others have a place of their own, are held, or are ahead because they
read what is about to be told, and are looked at one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from salon.core.contract import StreamName

if TYPE_CHECKING:
    from salon.core.fanout import Fanout, Link
    from salon.core.log import Entry

TryWrite = Callable[[bytes], int]

CROWD = 16
"""So many get what is told past their transports: below, it costs more than it saves."""


class _Crowd:
    """Connections and their quick ways, next to each other in memory: of what is theirs, nothing else is touched."""

    __slots__ = ("links", "slow", "ways")

    def __init__(self, links: Iterable[Link]) -> None:
        self.links: list[Link] = []
        self.ways: list[TryWrite] = []
        self.slow: list[Link] = []
        """Those without a quick way."""
        for link in links:
            way = link.outlet.try_write
            if way is None:
                self.slow.append(link)
            else:
                self.links.append(link)
                self.ways.append(way)

    def tell(self, frames: bytes) -> None:
        size = len(frames)
        for at, try_write in enumerate(self.ways):
            try:
                taken = try_write(frames)
            except OSError:
                # The system's buffer is full, or the client has gone, which the transport is the one to find out.
                taken = 0
            if taken != size:
                self.links[at].outlet.write(frames[taken:])
        for link in self.slow:
            link.outlet.write(frames)


class Followers:
    """``fanout.on_gap(link)`` is called for a connection that missed events; it must hold it."""

    __slots__ = ("_crowd", "_fanout", "_head", "_live", "_name", "_others")

    def __init__(self, name: StreamName, fanout: Fanout) -> None:
        self._name = name
        self._fanout = fanout
        self._head = 0
        """The number of the last event that was told here: where those who are live have got to."""
        self._live: set[Link] = set()
        self._crowd: _Crowd | None = None
        """Those who are live, as they are written to; made anew after they changed."""
        self._others: set[Link] = set()

    def __bool__(self) -> bool:
        return bool(self._live or self._others)

    def __iter__(self) -> Iterator[Link]:
        yield from self._live
        yield from self._others

    def __contains__(self, link: Link) -> bool:
        return link in self._live or link in self._others

    def add(self, link: Link) -> None:
        """Follow from the place that the connection's own cursor says. It becomes live by what is told next."""
        self._leave(link)
        self._others.add(link)

    def hold(self, link: Link) -> None:
        if link in self._live:
            self.add(link)

    def remove(self, link: Link) -> None:
        self._leave(link)
        self._others.discard(link)

    def reroute(self, link: Link) -> None:
        """The connection's frames go another way from now on."""
        if link in self._live:
            self._crowd = None

    def publish(self, entries: Sequence[Entry], frames: bytes) -> None:
        """Tell events that follow each other, framed."""
        before, last = entries[0].seq - 1, entries[-1].seq
        if before != self._head:
            # Something was told elsewhere: everyone's place counts.
            for link in list(self._live):
                self.add(link)
        self._head = last
        if len(self._live) < CROWD:
            for link in list(self._live):
                link.outlet.write(frames)
        else:
            self._tell_crowd(frames)
        for link in list(self._others):
            self._tell(link, entries, frames, before, last)

    def _tell_crowd(self, frames: bytes) -> None:
        # What waits for a client must reach it first.
        waiting = {link for link in self._fanout.keeping() if link in self._live}
        if waiting:
            crowd = _Crowd(self._live - waiting)
            crowd.slow.extend(waiting)
        else:
            crowd = self._crowd = self._crowd or _Crowd(self._live)
        crowd.tell(frames)

    def _tell(self, link: Link, entries: Sequence[Entry], frames: bytes, before: int, last: int) -> None:
        if link.held is None and link.cursors.get(self._name) == before:
            link.cursors[self._name] = last
            link.send(frames)
        else:
            for entry in entries:
                cursor = link.cursors.get(self._name)
                if link.held is None and cursor is not None and entry.seq > cursor + 1:
                    self._fanout.on_gap(link)
                link.deliver(entry)
        # Whoever was cut off, or sent away, by what was just told is no longer among them.
        if link in self._others and link.held is None and link.cursors.get(self._name) == last and not link.cut:
            self._others.discard(link)
            self._live.add(link)
            self._crowd = None

    def _leave(self, link: Link) -> None:
        if link in self._live:
            self._live.discard(link)
            self._crowd = None
            link.cursors[self._name] = self._head
