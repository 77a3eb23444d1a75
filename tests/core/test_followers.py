"""Whatever happens to a connection, it gets every event once and in order from where it began."""

from __future__ import annotations

from collections.abc import Callable

import orjson
from hypothesis import given
from hypothesis import strategies as st

from salon.core.engine.frames import payloads
from salon.core.fanout import HELD_EVENTS, Fanout, Link
from salon.core.log import Entry, StreamKey

ROOM = StreamKey("room", "r1")
HOSTS = StreamKey("hosts", "r1")


class Reader:
    """An outlet that notes what comes; its way may change, and the new one is told to the fan-out."""

    def __init__(self) -> None:
        self.seqs: list[int] = []
        self.lost: list[int] = []
        self.write: Callable[[bytes], object] = self._take

    def _take(self, framed: bytes) -> None:
        self.seqs += [orjson.loads(payload[2:])[1]["seq"] for payload in payloads(framed)]

    def write_large(self, framed: bytes) -> None:
        self.write(framed)

    def go_another_way(self) -> None:
        taken = self._take
        self.write = lambda framed: taken(framed)

    def drop(self) -> None:
        def nowhere(framed: bytes) -> None:
            self.lost += [orjson.loads(payload[2:])[1]["seq"] for payload in payloads(framed)]

        self.write = nowhere

    def cut(self) -> None: ...

    def disconnect(self) -> None: ...


def entry(seq: int, key: StreamKey = ROOM) -> Entry:
    return Entry(key, seq, 0, "test.happened", "{}")


class World:
    def __init__(self) -> None:
        self.fanout = Fanout()
        self.fanout.on_gap = self.note_gap
        self.told = 0
        """The number of the last event that was published."""
        self.gaps: list[Link] = []
        self.began: dict[Link, int] = {}

    def note_gap(self, link: Link) -> None:
        self.gaps.append(link)
        self.fanout.hold(link)

    def come(self) -> Link:
        link = Link(f"s{len(self.fanout.links)}", "r1", "i", "desktop", Reader(), person="p")
        self.fanout.add(link)
        return link

    def welcome(self, link: Link, committed: int) -> None:
        """Held while something may be told, then let go on after number ``committed``."""
        self.fanout.hold(link)
        self.fanout.follow(link, [ROOM])
        reader = link.outlet
        assert isinstance(reader, Reader)
        reader.seqs.clear()
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
            reader = link.outlet
            assert isinstance(reader, Reader)
            if link.held is None:
                assert reader.seqs == list(range(began + 1, self.told + 1)) or self.told <= began
            else:
                assert reader.seqs == []


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("publish"), st.integers(1, 4)),
        st.tuples(st.sampled_from(["come", "hold", "release", "way", "go"]), st.integers(0, 5)),
    ),
    max_size=40,
)


@given(STEPS, st.integers(0, 3))
def test_every_event_once_and_in_order(steps: list[tuple[str, int]], ahead: int) -> None:
    """``ahead``: a reading of the database may see events that are committed and about to be told."""
    world = World()
    for what, number in steps:
        links = list(world.began)
        if what == "publish":
            world.publish(number)
        elif what == "come" or not links:
            link = world.come()
            world.welcome(link, world.told + ahead % (number + 1))
            if number % 2:
                world.release(link)
        else:
            link = links[number % len(links)]
            if what == "hold" and link.held is None and world.began[link] <= world.told:
                world.welcome(link, world.told)
            elif what == "release" and link.held is not None:
                world.release(link)
            elif what == "way":
                assert isinstance(link.outlet, Reader)
                link.outlet.go_another_way()
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
    assert isinstance(link.outlet, Reader)
    link.outlet.drop()
    world.fanout.reroute(link)
    world.publish(1)
    assert (link.outlet.seqs, link.outlet.lost) == ([1, 2], [3])
    assert isinstance(other.outlet, Reader)
    assert other.outlet.seqs == [1, 2, 3]


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
        assert isinstance(link.outlet, Reader)
        assert link.outlet.seqs == [1, 2, 5, 6]


def test_streams_that_are_not_followed_do_not_come() -> None:
    world = World()
    link = world.come()
    world.welcome(link, 0)
    world.fanout.follow(link, [ROOM, HOSTS])
    world.release(link)
    world.fanout.publish([entry(1, HOSTS), entry(1)])
    assert isinstance(link.outlet, Reader)
    assert link.outlet.seqs == [1]


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
