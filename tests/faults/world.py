"""Rooms with people, each of whose devices is a careful client behind a stretch of bad network."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import aiohttp

from tests.faults.client import PATIENCE, Client, Pace, Pending
from tests.faults.history import History
from tests.faults.ledger import Ledger
from tests.faults.proxy import Passage
from tests.faults.records import Json, Stream, Tag
from tests.faults.verdict import judge
from tests.support.process import ServerProcess

ReadLedger = Callable[[Collection[str]], Awaitable[Ledger]]
GENEROUS = {
    "commands_per_second": "10000",
    "person_commands_per_second": "10000",
    "room_commands_per_second": "100000",
    "rooms_per_hour": "100000",
    "sessions_per_hour": "1000000",
}
"""Settings of a server whose limits are not what is tested."""


@dataclass(eq=False)
class Device:
    client: Client
    passage: Passage | None
    """None for one that is connected directly, and suffers only what the server does."""


@dataclass(eq=False)
class Person:
    """Somebody in one room. Their name is unique in it, and never changes."""

    name: str
    room: str
    token: str
    devices: list[Device] = field(default_factory=list)

    @property
    def id(self) -> str | None:
        return next((device.client.witness.id for device in self.devices if device.client.witness.id), None)

    @property
    def is_in(self) -> bool:
        return any(device.client.out is None for device in self.devices)


class World:
    """One history on a running server. Everything in it is new: other histories on the same server do not matter."""

    def __init__(self, server: ServerProcess, read: ReadLedger, *, seed: int | str = 0, fold: bool = True) -> None:
        self.server = server
        self.history = History(fold=fold)
        self.rooms: list[str] = []
        self.owners: list[Person] = []
        """The observer of each room."""
        self.people: list[Person] = []
        self._read = read
        self._seed = seed
        self._http = aiohttp.ClientSession(server.url)

    @property
    def port(self) -> int:
        return int(self.server.url.rpartition(":")[2])

    @property
    def clients(self) -> list[Client]:
        return [device.client for person in self.people for device in person.devices]

    @property
    def passages(self) -> list[Passage]:
        return [device.passage for person in self.people for device in person.devices if device.passage]

    async def close(self) -> None:
        await asyncio.gather(*(client.stop() for client in self.clients))
        await asyncio.gather(*(passage.close() for passage in self.passages))
        await self._http.close()

    # Building it.

    async def post(self, path: str, body: object, token: str | None = None) -> Json:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with self._http.post(path, json=body, headers=headers) as response:
            answer: Json = await response.json()
            assert response.status == 200, answer
            return answer

    async def session(self) -> str:
        token: str = (await self.post("/api/session", {"bearer": True}))["token"]
        return token

    async def room(self, owner: str, pace: Pace | None = None, *, fold: bool | None = None) -> Person:
        """A room with its owner, who is connected directly and sees everything: the room's observer."""
        token = await self.session()
        link: str = (await self.post("/api/rooms", {"preset": "meeting"}, token))["link"]
        self.rooms.append(link)
        person = Person(owner, link, token)
        self.people.append(person)
        self.owners.append(person)
        await self.device(person, direct=True, pace=pace, fold=fold)
        await self.arrived(person)
        return person

    async def person(self, name: str, room: str, same: Person | None = None) -> Person:
        """Somebody new, or the ``same`` in another room."""
        person = Person(name, room, same.token if same else await self.session())
        self.people.append(person)
        return person

    async def device(
        self,
        person: Person,
        *,
        direct: bool = False,
        narrow: bool = False,
        polling: bool = False,
        pace: Pace | None = None,
        fold: bool | None = None,
    ) -> Device:
        """A further device of theirs, on its way in."""
        name = f"{person.name}-{self.rooms.index(person.room)}{'abcdefgh'[len(person.devices)]}"
        passage = None if direct else await Passage(self.port, f"{self._seed} {name}", narrow=narrow).open()
        port = self.port if passage is None else passage.port
        witness = self.history.witness(name, person.name, person.room, fold=fold)
        client = Client(witness, person.token, port, polling=polling, pace=pace, seed=self._seed)
        device = Device(client.start(), passage)
        person.devices.append(device)
        return device

    async def arrived(self, *people: Person) -> None:
        for person in people or self.people:
            for device in person.devices:
                await device.client.until(partial(_has_arrived, device.client), "being let in")

    async def sent_out(self, person: Person) -> None:
        for device in person.devices:
            await device.client.until(partial(_is_out, device.client), "being sent out")

    # What people say.

    def say(self, client: Client, to: Person | None = None, **more: Any) -> Pending:
        """A message that tells by its body where it belongs."""
        if to is not None:
            more["peer"] = to.id
        return client.do("chat.send", body=self.tag(client, to.name if to else "*").body(), **more)

    def edit(self, client: Client, message: str, to: str) -> Pending:
        """``to`` is whom the message was for: it stays in its conversation."""
        return client.do("chat.edit", message=message, body=self.tag(client, to).body("anew"))

    def tag(self, client: Client, to: str) -> Tag:
        """What the body of the client's next command begins with. ``to`` is a name, or ``*``."""
        witness = client.witness
        return Tag(f"{witness.name}-{len(witness.commands)}", witness.room, witness.person, to)

    # The end.

    async def judged(self, patience: float = PATIENCE) -> list[str]:
        """Good weather; everybody comes back, is answered and has seen everything. Returns what is wrong."""
        ledger = await self._settled(patience)
        await self._look_afresh()
        wrong = judge(self.history, ledger)
        folding = [client.witness for client in self.clients if client.witness.fold]
        if folding and not any(witness.compared for witness in folding):
            wrong.append("no snapshot was held against the fold")
        return wrong

    async def _settled(self, patience: float) -> Ledger:
        for passage in self.passages:
            passage.heal()
        for client in self.clients:
            await client.until(partial(_is_answered, client), "its answers", patience)
        for owner in self.owners:
            assert (await self.say(owner.devices[0].client).answered)["ok"]
        return await self._caught_up(patience)

    async def _caught_up(self, patience: float) -> Ledger:
        """When everybody has seen the newest number that is stored. There is nothing else to wait for."""
        deadline = time.monotonic() + patience
        while True:
            ledger = await self._read(self.rooms)
            behind = [text for client in self.clients for text in _behind(client, ledger)]
            if not behind:
                return ledger
            if time.monotonic() > deadline:
                raise AssertionError("\n".join(["not everything arrived:", *behind, *self.stories(behind)]))
            await asyncio.sleep(0.02)

    async def _look_afresh(self) -> None:
        """Everybody who folds asks for a snapshot, which is held against what they have."""
        for client in self.clients:
            if client.live and client.witness.fold:
                await client.look()

    def stories(self, wrong: list[str]) -> list[str]:
        """What those did and saw who are named in what is wrong."""
        text = "\n".join(wrong)
        return [w.story() for w in self.history.witnesses if w.name in text or (w.id is not None and w.id in text)]


def _has_arrived(client: Client) -> bool:
    return client.live or client.out is not None


def _is_out(client: Client) -> bool:
    return client.out is not None


def _is_answered(client: Client) -> bool:
    return client.out is not None or (client.live and not client.unanswered)


def _behind(client: Client, ledger: Ledger) -> list[str]:
    if client.out is not None:
        return []
    witness = client.witness
    if not client.live:
        return [f"{witness.name} is not live"]
    newest = {name: ledger.last_seqs.get(Stream(*witness.stream(name)), 0) for name in witness.seqs}
    return [] if newest == witness.seqs else [f"{witness.name} has {witness.seqs} of {newest}"]
