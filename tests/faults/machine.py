"""People who do all they can do, on networks that do all they can do, on a server that dies: drawn by hypothesis.

Steps are carried out without waiting for their effect, so that commands of many clients, cuts and deaths overlap; how
much time passes between them is drawn too. At the end all is made well, and the history is judged.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any, ClassVar, TypeVar

import uvloop
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.faults.client import Client
from tests.faults.proxy import Passage
from tests.faults.records import Json, Tag
from tests.faults.shaky import ShakyCluster
from tests.faults.world import Device, Person, World

T = TypeVar("T")
WHICH = st.integers(0, 11)
"""Which of however many there are."""
PAUSE = st.sampled_from([0.0, 0.0, 0.002, 0.01, 0.03])
EMOJI = "👍🎉👀🔥🙏🎈🌊🐟🌱🍀🧭🪁"
"""Each device has one of its own, so that its own words about it have one order."""
MOST_DEVICES = 8
MOST_DEATHS = 2


class Machine(RuleBasedStateMachine):
    """Two rooms; Ann owns one of them and is always there, Bob is in both."""

    make_world: ClassVar[Callable[[], World]]
    database: ClassVar[ShakyCluster | None] = None
    """The database server under the server, where it is one of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)
        self.world: World
        self.deaths = 0

    def run(self, step: Coroutine[Any, Any, T], pause: float = 0.0) -> T:
        async def run() -> T:
            result = await step
            await asyncio.sleep(pause)
            return result

        return self.runner.run(run())

    @initialize()
    def begin(self) -> None:
        self.run(self._begin())

    async def _begin(self) -> None:
        self.world = world = type(self).make_world()
        ann, zed = await world.room("Ann"), await world.room("Zed")
        await world.device(ann)
        bob, cid, dee = [await world.person(name, ann.room) for name in ("Bob", "Cid", "Dee")]
        elsewhere = await world.person("Bob", zed.room, same=bob)
        for person, polling in ((bob, False), (bob, True), (cid, False), (dee, False), (elsewhere, False)):
            await world.device(person, polling=polling)
        await world.arrived()
        # Something to talk about.
        said = [world.say(client) for client in world.clients]
        said += [world.say(bob.devices[0].client, to=cid), world.say(dee.devices[0].client, to=bob)]
        await asyncio.gather(*(each.answered for each in said))

    def teardown(self) -> None:
        try:
            if hasattr(self, "world"):
                wrong = self.run(self.world.judged())
                assert not wrong, "\n".join([*wrong, *self.world.stories(wrong)])
        finally:
            if hasattr(self, "world"):
                self.run(self.world.close())
            self.runner.close()

    # Choosing. What a rule finds may depend on how fast things went; which rules there are must not.

    def devices(self) -> list[Device]:
        return [device for person in self.world.people for device in person.devices]

    def device(self, which: int) -> Device:
        return _pick(self.devices(), which)

    def client(self, which: int) -> Client:
        """Somebody's who is still in."""
        return _pick([one for one in self.world.clients if one.out is None], which)

    def host(self, which: int) -> Client:
        """Somebody's who is a host, as far as they know; the owner first."""
        ranked = sorted(
            self.world.clients,
            key=lambda client: ("owner", "cohost").index(_role(client)) if _role(client) in {"owner", "cohost"} else 2,
        )
        return _pick([one for one in ranked if one.out is None][:4], which)

    def passage(self, which: int) -> Passage:
        return _pick(self.world.passages, which)

    def other(self, client: Client, which: int) -> Person:
        """Somebody else in the same room; never the one who is always there."""
        room, own = client.witness.room, client.witness.person
        others = [one for one in self.world.people if one.room == room and one.name not in {own, "Ann", "Zed"}]
        return _pick(others or [one for one in self.world.people if one.room == room], which)

    def message(self, client: Client, which: int, *, own: bool = False) -> Json | None:
        """One of the newest messages that the client knows, deleted ones aside."""
        if client.witness.state is None:
            return None
        chat = client.witness.state.view()["chat"]
        known = [message for each in (chat["room"], *chat["direct"]) for message in each["messages"][-6:]]
        known = [one for one in known if one["body"] and (not own or one["author"] == client.witness.id)]
        return _pick(known, which) if known else None

    async def at_once(self, act: Callable[[], object]) -> None:
        act()

    # What people do.

    @rule(who=WHICH, count=st.integers(1, 5), pause=PAUSE)
    def speak(self, who: int, count: int, pause: float) -> None:
        client = self.client(who)
        self.run(self.at_once(lambda: [self.world.say(client) for _ in range(count)]), pause)

    @rule(who=WHICH, to=WHICH, count=st.integers(1, 3), pause=PAUSE)
    def speak_to_one(self, who: int, to: int, count: int, pause: float) -> None:
        client = self.client(who)
        person = self.other(client, to)
        if person.id is not None and person.name != client.witness.person:
            self.run(self.at_once(lambda: [self.world.say(client, person) for _ in range(count)]), pause)

    @rule(who=WHICH, which=WHICH, pause=PAUSE)
    def edit(self, who: int, which: int, pause: float) -> None:
        client = self.client(who)
        if (message := self.message(client, which, own=True)) is not None:
            self.run(self.at_once(lambda: self.world.edit(client, message["id"], Tag.of(message["body"]).to)), pause)

    @rule(who=WHICH, which=WHICH, pause=PAUSE)
    def delete(self, who: int, which: int, pause: float) -> None:
        client = self.client(who)
        if (message := self.message(client, which, own=True)) is not None:
            self.run(self.at_once(lambda: client.do("chat.delete", message=message["id"])), pause)

    @rule(who=WHICH, which=WHICH, on=st.lists(st.booleans(), min_size=1, max_size=4), pause=PAUSE)
    def react(self, who: int, which: int, on: list[bool], pause: float) -> None:
        client = self.client(who)
        if (message := self.message(client, which)) is not None:
            emoji = EMOJI[self.world.clients.index(client) % len(EMOJI)]
            words = [{"message": message["id"], "emoji": emoji, "on": each} for each in on]
            self.run(self.at_once(lambda: [client.do("chat.react", **word) for word in words]), pause)

    @rule(who=WHICH, whom=WHICH, role=st.sampled_from(["cohost", "participant", "audience"]), pause=PAUSE)
    def give_role(self, who: int, whom: int, role: str, pause: float) -> None:
        client = self.host(who)
        person = self.other(client, whom)
        if person.id is not None:
            self.run(self.at_once(lambda: client.do("people.role", person=person.id, role=role)), pause)

    @rule(
        who=WHICH, whom=WHICH, word=st.sampled_from(["remove", "ban", "readmit", "readmit", "hand_over"]), pause=PAUSE
    )
    def govern(self, who: int, whom: int, word: str, pause: float) -> None:
        client = self.host(who)
        person = self.other(client, whom)
        if person.id is not None:
            self.run(self.at_once(lambda: client.do(f"people.{word}", person=person.id)), pause)

    @rule(who=WHICH, pause=PAUSE)
    def leave(self, who: int, pause: float) -> None:
        client = self.client(who)
        if client.witness.person not in {"Ann", "Zed"}:
            self.run(self.at_once(lambda: client.do("people.leave")), pause)

    @rule(pause=PAUSE)
    def come_back(self, pause: float) -> None:
        """Everybody who is out tries it again; some are refused."""
        self.run(self.at_once(lambda: [one.start() for one in self.world.clients if one.out is not None]), pause)

    @rule(who=WHICH, which=WHICH, pause=PAUSE)
    def say_it_again(self, who: int, which: int, pause: float) -> None:
        client = self.client(who)
        if client.witness.commands:
            self.run(self.at_once(lambda: client.repeat(_pick(client.witness.commands[::-1], which))), pause)

    @precondition(lambda self: len(self.devices()) < MOST_DEVICES)
    @rule(who=WHICH, polling=st.booleans(), pause=PAUSE)
    def further_device(self, who: int, polling: bool, pause: float) -> None:
        person = _pick([one for one in self.world.people if one.is_in], who)
        self.run(self.world.device(person, polling=polling), pause)

    # What the network does.

    @rule(
        which=WHICH,
        what=st.sampled_from(
            ["cut", "cut_before_ack", "cut_after_ack", "cut_after_request", "hold", "release", "heal"]
        ),
        pause=PAUSE,
    )
    def network(self, which: int, what: str, pause: float) -> None:
        self.run(self.at_once(getattr(self.passage(which), what)), pause)

    @rule(which=WHICH, up=st.booleans(), pause=PAUSE)
    def half_open(self, which: int, up: bool, pause: float) -> None:
        self.run(self.at_once(lambda: self.passage(which).hold("up" if up else "down")), pause)

    @rule(which=WHICH, delay=st.sampled_from([0.0, 0.005, 0.02]), rate=st.sampled_from([None, 20_000.0]), pause=PAUSE)
    def bad_weather(self, which: int, delay: float, rate: float | None, pause: float) -> None:
        passage = self.passage(which)
        passage.delay, passage.rate = delay, rate
        self.run(asyncio.sleep(pause))

    @rule(which=WHICH, pause=PAUSE)
    def closed_door(self, which: int, pause: float) -> None:
        passage = self.passage(which)
        passage.closed_to_new = not passage.closed_to_new
        self.run(self.at_once(passage.cut), pause)

    @rule(who=WHICH, pause=PAUSE)
    def give_up_and_come_back(self, who: int, pause: float) -> None:
        self.run(self.at_once(self.client(who).abandon), pause)

    # What the server does.

    @precondition(lambda self: self.deaths < MOST_DEATHS)
    @rule(busy=st.integers(0, 3), after=st.sampled_from([0.0, 0.003, 0.02]))
    def die(self, busy: int, after: float) -> None:
        """SIGKILL, while everybody has so much to say; and it comes back."""
        self.deaths += 1
        self.run(self._die(busy, after))

    @precondition(lambda self: self.database is not None and self.deaths < MOST_DEATHS)
    @rule(busy=st.integers(1, 3), after=st.sampled_from([0.0, 0.003, 0.02]), restart=st.booleans())
    def lose_the_database(self, busy: int, after: float, restart: bool) -> None:
        self.deaths += restart
        self.run(self._lose_the_database(busy, after, restart))

    async def _lose_the_database(self, busy: int, after: float, restart: bool) -> None:
        self.all_speak(busy)
        await asyncio.sleep(after)
        assert self.database is not None
        self.world.history.database_lost.append(time.monotonic())
        await self.database.shake(restart)

    def all_speak(self, count: int) -> None:
        for client in self.world.clients:
            if client.out is None:
                for _ in range(count):
                    self.world.say(client)

    async def _die(self, busy: int, after: float) -> None:
        self.all_speak(busy)
        await asyncio.sleep(after)
        self.world.server.kill()
        await asyncio.to_thread(self.world.server.start)


def _pick(entries: list[T], which: int) -> T:
    return entries[which % len(entries)]


def _role(client: Client) -> str:
    state = client.witness.state
    people = state.view()["people"]["people"] if state is not None else []
    return next((one["role"] for one in people if one["id"] == client.witness.id), "")
