"""Whatever happens to a connection, it gets every event once and in order from where it began."""

from __future__ import annotations

from collections.abc import Callable
from unittest import mock

import orjson
from hypothesis import given
from hypothesis import strategies as st

from salon.core import followers
from salon.core.engine.frames import payloads
from salon.core.fanout import HELD_EVENTS, Fanout, Link
from salon.core.log import Entry, StreamKey

ROOM = StreamKey("room", "r1")
HOSTS = StreamKey("hosts", "r1")


class Reader:
    """An outlet that notes what comes. Like a transport, it keeps what is written until it is drained; only while it
    keeps nothing may the quick way be gone, which takes as much as there is room for.
    """

    silent = False

    def __init__(self, *, quick: bool = False) -> None:
        self.lost: list[int] = []
        self.write: Callable[[bytes], object] = self._keep
        self.try_write: Callable[[bytes], int] | None = self._take if quick else None
        self.room = 0
        self.kept = b""
        self._came = b""

    @property
    def seqs(self) -> list[int]:
        return _seqs(self._came + self.kept)

    def forget(self) -> None:
        self._came = self.kept = b""

    def watch(self) -> None:
        raise AssertionError("nobody is in a call")

    def _keep(self, framed: bytes) -> None:
        self.kept += framed

    def _take(self, framed: bytes) -> int:
        assert not self.kept, "it would overtake what waits"
        if not self.room:
            raise BlockingIOError
        taken = framed[: self.room]
        self.room -= len(taken)
        self._came += taken
        return len(taken)

    def drain(self, room: int) -> None:
        self._came, self.kept = self._came + self.kept, b""
        self.room = room

    def write_large(self, framed: bytes) -> None:
        self.write(framed)

    def go_another_way(self) -> None:
        self.try_write = None if self.try_write is not None else self._take

    def drop(self) -> None:
        def nowhere(framed: bytes) -> None:
            self.lost += _seqs(framed)

        self.write, self.try_write = nowhere, None

    def cut(self) -> None: ...

    def disconnect(self) -> None: ...


def _seqs(framed: bytes) -> list[int]:
    return [orjson.loads(payload[2:])[1]["seq"] for payload in payloads(framed)]


def entry(seq: int, key: StreamKey = ROOM) -> Entry:
    return Entry(key, seq, 0, "test.happened", "{}")


def reader_of(link: Link) -> Reader:
    assert isinstance(link.outlet, Reader)
    return link.outlet


class World:
    def __init__(self) -> None:
        self.fanout = Fanout()
        self.fanout.on_gap = self.note_gap
        self.fanout.keeping = lambda: [link for link in self.fanout.links.values() if reader_of(link).kept]
        self.told = 0
        """The number of the last event that was published."""
        self.gaps: list[Link] = []
        self.began: dict[Link, int] = {}

    def note_gap(self, link: Link) -> None:
        self.gaps.append(link)
        self.fanout.hold(link)

    def come(self, *, quick: bool = False) -> Link:
        link = Link(f"s{len(self.fanout.links)}", "r1", "i", "desktop", Reader(quick=quick), person="p")
        self.fanout.add(link)
        return link

    def welcome(self, link: Link, committed: int) -> None:
        """Held while something may be told, then let go on after number ``committed``."""
        self.fanout.hold(link)
        self.fanout.follow(link, [ROOM])
        reader = reader_of(link)
        reader.forget()
        self.began[link] = committed

    def release(self, link: Link) -> None:
        self.fanout.unfollow(link)
        self.fanout.follow(link, [ROOM])
        link.release({"room": self.began[link]})

    def publish(self, count: int) -> None:
        self.fanout.publish([entry(self.told + 1 + each) for each in range(count)])
        self.told += count

    def check(self) -> None:
        for link, began in self.began.items():
            reader = reader_of(link)
            if link.held is None:
                assert reader.seqs == list(range(began + 1, self.told + 1)) or self.told <= began
            else:
                assert reader.seqs == []


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("publish"), st.integers(1, 4)),
        st.tuples(st.sampled_from(["come", "hold", "release", "way", "go"]), st.integers(0, 5)),
        st.tuples(st.just("drain"), st.integers(0, 700)),
    ),
    max_size=40,
)


@given(STEPS, st.integers(0, 3), st.sampled_from([1, 2, 100]))
def test_every_event_once_and_in_order(steps: list[tuple[str, int]], ahead: int, crowd: int) -> None:
    """``ahead``: a reading of the database may see events that are committed and about to be told."""
    with mock.patch.object(followers, "CROWD", crowd):
        play(World(), steps, ahead)


def play(world: World, steps: list[tuple[str, int]], ahead: int) -> None:
    for what, number in steps:
        links = list(world.began)
        if what == "publish":
            world.publish(number)
        elif what == "come" or not links:
            link = world.come(quick=number > 2)
            world.welcome(link, world.told + ahead % (number + 1))
            if number % 2:
                world.release(link)
        else:
            link = links[number % len(links)]
            if what == "hold" and link.held is None and world.began[link] <= world.told:
                world.welcome(link, world.told)
            elif what == "release" and link.held is not None:
                world.release(link)
            elif what == "drain":
                reader_of(link).drain(number)
            elif what == "way":
                reader_of(link).go_another_way()
                world.fanout.reroute(link)
            elif what == "go":
                world.fanout.remove(link.sid)
                del world.began[link]
        world.check()
    for link in world.began:
        if link.held is not None:
            world.release(link)
    world.publish(5)
    world.check()
    assert world.gaps == []


def test_a_new_way_is_taken_in_the_middle_of_everything() -> None:
    world = World()
    link, other = world.come(), world.come()
    for each in (link, other):
        world.welcome(each, 0)
        world.release(each)
    world.publish(2)
    reader_of(link).drop()
    world.fanout.reroute(link)
    world.publish(1)
    assert (reader_of(link).seqs, reader_of(link).lost) == ([1, 2], [3])
    assert reader_of(other).seqs == [1, 2, 3]


def test_events_of_another_process_are_asked_for() -> None:
    world = World()
    links = [world.come() for _ in range(3)]
    for link in links:
        world.welcome(link, 0)
        world.release(link)
    world.publish(2)
    world.fanout.publish([entry(5), entry(6)])
    assert set(world.gaps) == set(links)
    assert all(link.held is not None and link.cursors["room"] == 2 for link in links)
    for link in links:
        link.release({"room": 4})
        assert reader_of(link).seqs == [1, 2, 5, 6]


def test_streams_that_are_not_followed_do_not_come() -> None:
    world = World()
    link = world.come()
    world.welcome(link, 0)
    world.fanout.follow(link, [ROOM, HOSTS])
    world.release(link)
    world.fanout.publish([entry(1, HOSTS), entry(1)])
    assert reader_of(link).seqs == [1]


def test_more_than_is_held_is_noted() -> None:
    world = World()
    link = world.come()
    world.welcome(link, 0)
    world.publish(HELD_EVENTS + 1)
    assert link.overflowed
    assert link.held is not None
    assert len(link.held) <= HELD_EVENTS


def test_nothing_is_kept_of_streams_that_nobody_follows() -> None:
    world = World()
    link = world.come()
    world.welcome(link, 0)
    world.release(link)
    world.publish(1)
    world.fanout.remove(link.sid)
    world.publish(1)
    assert world.fanout._followers == {}
