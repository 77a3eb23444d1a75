"""The long run behind ``make soak``: random words of many people until enough events were delivered."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field

from tests.faults.client import Client
from tests.faults.world import Person, World

AT_ONCE = 40
SAY_EVERY = 5.0
UNANSWERED = 3
"""Commands that one client has on their way at most."""
ON_THEIR_WAY = 300
"""And all of them together: so much is lost sight of at each kill."""
BEHIND_A_PASSAGE = 0.3
POLLING = 0.03
SETTLE_SECONDS = 120.0
WEATHER = ("cut", "cut_before_ack", "cut_after_ack", "cut_after_request", "hold", "release", "release", "heal")
EMOJI = "👍🎉👀🔥🙏🎈"


@dataclass(frozen=True)
class Plan:
    events: int
    clients: int
    kills: int
    people: int
    minutes: float
    seed: int


@dataclass
class Soak:
    world: World
    plan: Plan
    kills: int = 0
    begun: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self._random = random.Random(self.plan.seed)
        self._said: dict[str, list[str]] = {}
        """Room → ids of its newest messages."""
        self._next_death = self._random.random() * self._events_between

    @property
    def _events_between(self) -> float:
        return self.plan.events / max(self.plan.kills, 1)

    @property
    def complete(self) -> bool:
        return self.world.history.deliveries >= self.plan.events and self.kills >= self.plan.kills

    async def play(self) -> list[str]:
        """All of it. Returns what is wrong."""
        await self._gather()
        weather = asyncio.create_task(self._weather())
        try:
            await self._talk()
        finally:
            weather.cancel()
            await asyncio.gather(weather, return_exceptions=True)
        if self.world.history.faults:
            return self.world.history.faults
        self._say("everybody comes back")
        return await self.world.judged(patience=SETTLE_SECONDS)

    async def _gather(self) -> None:
        """Rooms of so many people; one of each room folds what it sees."""
        people: list[Person] = []
        for number in range(max(1, self.plan.clients // self.plan.people)):
            owner = await self.world.room(f"Owner{number}", fold=True)
            people += [await self.world.person(f"P{each}", owner.room) for each in range(self.plan.people - 1)]
        for start in range(0, len(people), AT_ONCE):
            wave = people[start : start + AT_ONCE]
            for person in wave:
                behind = self._random.random() < BEHIND_A_PASSAGE
                await self.world.device(person, direct=not behind, polling=self._random.random() < POLLING)
            await self.world.arrived(*wave)
        self._say(f"{len(self.world.clients)} clients are in {len(self.world.rooms)} rooms")

    async def _talk(self) -> None:
        clients, said_at = self.world.clients, 0.0
        while not self.complete and not self.world.history.faults:
            if time.monotonic() > self.begun + self.plan.minutes * 60:
                return
            if sum(client.unanswered for client in clients) < ON_THEIR_WAY:
                for client in self._random.sample(clients, min(len(clients), 20)):
                    if client.out is not None:
                        client.start()
                    elif client.live and client.unanswered < UNANSWERED:
                        self._act(client)
            await asyncio.sleep(0.002)
            if self._is_time_to_die():
                await self._die()
            if time.monotonic() > said_at + SAY_EVERY:
                said_at = time.monotonic()
                self._say("")

    def _act(self, client: Client) -> None:
        """Something that somebody does; mostly they talk to the room."""
        room = client.witness.room
        message = self._random.choice(self._said[room]) if self._said.get(room) else None
        chance = self._random.random()
        if chance < 0.08:
            other = self._random.choice([one for one in self.world.people if one.room == room])
            if other.id is not None and other.name != client.witness.person:
                self.world.say(client, other)
        elif chance < 0.14 and message is not None:
            emoji = self._random.choice(EMOJI)
            client.do("chat.react", message=message, emoji=emoji, on=self._random.random() < 0.7)
        elif chance < 0.20:
            self._about_own(client, delete=chance < 0.142)
        elif chance < 0.205 and client.witness.commands:
            client.repeat(self._random.choice(client.witness.commands))
        elif chance < 0.2055 and not client.witness.person.startswith("Owner"):
            client.do("people.leave")
        else:
            self._speak(client)

    def _speak(self, client: Client) -> None:
        said = self.world.say(client)
        said.answered.add_done_callback(lambda answer: self._note(client.witness.room, answer.result()))

    def _note(self, room: str, answer: dict[str, object]) -> None:
        if answer.get("ok"):
            self._said[room] = [*self._said.get(room, [])[-9:], str(answer["message"])]

    def _about_own(self, client: Client, *, delete: bool) -> None:
        """Change one of the newest messages to the room, or delete it, which gives those who are away a snapshot."""
        own = [one for one in client.witness.commands[-10:] if one.word == "chat.send" and "peer" not in one.payload]
        answers = [one.answer for one in own]
        if (answer := self._random.choice(answers) if answers else None) is None:
            return
        if delete:
            client.do("chat.delete", message=answer["message"])
        else:
            self.world.edit(client, answer["message"], "*")

    def _is_time_to_die(self) -> bool:
        """Spread evenly over the events; when exactly is left to chance."""
        return self.kills < self.plan.kills and self.world.history.deliveries >= self._next_death

    async def _die(self) -> None:
        await asyncio.sleep(self._random.random() * 0.05)
        self.world.server.kill()
        await asyncio.to_thread(self.world.server.start)
        self.kills += 1
        due = (self.kills + self._random.random()) * self._events_between
        self._next_death = max(due, self.world.history.deliveries + 1)

    async def _weather(self) -> None:
        while True:
            await asyncio.sleep(self._random.random() * 0.1)
            passage = self._random.choice(self.world.passages or [None])
            if passage is not None:
                getattr(passage, self._random.choice(WEATHER))()
                passage.delay = self._random.choice([0.0, 0.0, 0.005])
                client = self._random.choice(self.world.clients)
                if client.live and self._random.random() < 0.1:
                    client.abandon()

    def _say(self, what: str) -> None:
        print(f"{time.monotonic() - self.begun:6.0f} s  {self._progress()}  {what}", flush=True)

    def _progress(self) -> str:
        history = self.world.history
        live = sum(client.live for client in self.world.clients)
        return (
            f"{history.deliveries:>8} events  {len(history.commands):>6} commands  {self.kills:>3} kills  "
            f"{live:>4} live  {history.snapshots:>5} snapshots"
        )

    def summary(self, wrong: list[str]) -> str:
        done = sum(command.answer is not None for command in self.world.history.commands.values())
        repeats = sum(len(command.sent) - 1 for command in self.world.history.commands.values() if command.sent)
        cuts = sum(passage.cuts for passage in self.world.passages)
        verdict = f"{len(wrong)} things are wrong" if wrong else "nothing is wrong" if self.complete else "not complete"
        counts = f"{done} acknowledged, {repeats} sent again, {cuts} cuts"
        return f"{verdict}: seed {self.plan.seed}, {self._progress()}; {counts}; {time.monotonic() - self.begun:.0f} s"
