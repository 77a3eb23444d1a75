"""Those who follow one stream, in two groups.

Nearly everyone has had all of it: they are *live*, their place is the stream's own, and what comes next is written to
each without a look at anything of theirs but the function that writes. In a room of a thousand that is most of what
Salon itself does for a delivered event; the rest is the system's. The others have a place of their own, are held, or
are ahead because they read what is about to be told, and are looked at one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from salon.core.contract import StreamName

if TYPE_CHECKING:
    from salon.core.fanout import Link
    from salon.core.log import Entry

Write = Callable[[bytes], object]


class Followers:
    """``on_gap(link)`` is called for a connection that missed events; it must hold it."""

    __slots__ = ("_head", "_live", "_name", "_on_gap", "_others")

    def __init__(self, name: StreamName, on_gap: Callable[[Link], None]) -> None:
        self._name = name
        self._on_gap = on_gap
        self._head = 0
        """The number of the last event that was told here: where those who are live have got to."""
        self._live: dict[Link, Write] = {}
        self._others: set[Link] = set()

    def __bool__(self) -> bool:
        return bool(self._live or self._others)

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
            self._live[link] = link.outlet.write

    def publish(self, entries: Sequence[Entry], frames: bytes) -> None:
        """Tell events that follow each other, framed."""
        before, last = entries[0].seq - 1, entries[-1].seq
        if before != self._head:
            # Something was told elsewhere: everyone's place counts.
            for link in list(self._live):
                self.add(link)
        self._head = last
        for write in list(self._live.values()):
            write(frames)
        for link in list(self._others):
            self._tell(link, entries, frames, before, last)

    def _tell(self, link: Link, entries: Sequence[Entry], frames: bytes, before: int, last: int) -> None:
        if link.held is None and link.cursors.get(self._name) == before:
            link.cursors[self._name] = last
            link.send(frames)
        else:
            for entry in entries:
                cursor = link.cursors.get(self._name)
                if link.held is None and cursor is not None and entry.seq > cursor + 1:
                    self._on_gap(link)
                link.deliver(entry)
        # Whoever was cut off, or sent away, by what was just told is no longer among them.
        if link in self._others and link.held is None and link.cursors.get(self._name) == last and not link.cut:
            self._others.discard(link)
            self._live[link] = link.outlet.write

    def _leave(self, link: Link) -> None:
        if self._live.pop(link, None) is not None:
            link.cursors[self._name] = self._head
