"""A room with somebody of every standing in it, and something for each of them to act on."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from salon.core.clock import ManualClock
from tests.support import file_words, poll_words, study_words
from tests.support.house import LocalClient, Place, Stage, open_stage

STANDINGS = ("lobby", "left", "removed", "banned", "audience", "participant", "cohost", "owner")
"""Everybody who may have a session: not joined, gone of their own will, sent out, and the four roles."""
HERE = ("audience", "participant", "cohost", "owner")
OTHERS = ("target", "second_cohost", "sent_out", "barred")
"""Whom others act on: somebody of the audience, a further co-host, one who was removed and one who was banned."""


@dataclass(frozen=True)
class World:
    """A database with such a room, to be copied."""

    folder: Path
    place: Place
    identities: dict[str, str]
    people: dict[str, str]
    """Who → the person's id in the room."""
    messages: dict[str, str]
    """Who → a message of theirs."""
    items: dict[str, str]
    """Who → something of theirs in the queue; "answered" and "waiting": one that is."""
    polls: dict[str, str]
    files: dict[str, str]
    knock: str
    time: int

    @classmethod
    async def prepare(cls, folder: Path) -> World:
        async with open_stage(folder) as stage:
            place = await stage.room()
            owner = await stage.owner(place, "owner")
            clients = {"owner": owner}
            for name in (*STANDINGS[1:-1], *OTHERS):
                clients[name] = await stage.come(place, name)
            messages = {
                name: (await client.must("chat.send", body=f"from {name}"))["message"]
                for name, client in clients.items()
            }
            items = await queue(clients)
            polls = await poll_words.polls(owner)
            files = await file_words.files(clients)
            await study_words.things(stage, clients)
            for name, role in (
                ("cohost", "cohost"),
                ("second_cohost", "cohost"),
                ("audience", "audience"),
                ("target", "audience"),
            ):
                await owner.must("people.role", person=clients[name].me, role=role)
            await poll_words.templates(owner, clients["cohost"], polls)
            for name, act in (
                ("removed", "people.remove"),
                ("sent_out", "people.remove"),
                ("banned", "people.ban"),
                ("barred", "people.ban"),
            ):
                await owner.must(act, person=clients[name].me)
            await clients["left"].must("people.leave")
            identities = {name: client.identity for name, client in clients.items()}
            identities["lobby"] = await stage.identity()
            people = {name: client.me for name, client in clients.items()}
            knock = await knocks(stage, place, "Kim")
            return cls(folder, place, identities, people, messages, items, polls, files, knock, stage.clock.now())

    @asynccontextmanager
    async def open(self, folder: Path) -> AsyncIterator[Stage]:
        """A House on a copy of the world."""
        shutil.copy(self.folder / "salon.db", folder)
        async with open_stage(folder, clock=ManualClock(self.time)) as stage:
            stage.numbers = itertools.count(1000)
            yield stage

    def client(self, stage: Stage, who: str) -> LocalClient:
        """Somebody, not connected yet."""
        return LocalClient(stage, self.place, self.identities[who], who)


async def queue(clients: dict[str, LocalClient]) -> dict[str, str]:
    """Everybody has put something into the queue; one item was answered, another waits for approval."""
    owner = clients["owner"]
    await owner.must("rooms.activity", activity="floor", on=True)
    await owner.must("floor.settings", cooldown_seconds=0, open_items=3)

    async def ask(who: str) -> str:
        item: str = (await clients[who].must("floor.ask", kind="text", body=f"asked by {who}"))["item"]
        return item

    items = {name: await ask(name) for name in clients}
    items["answered"] = await ask("target")
    await owner.must("floor.answer", item=items["answered"])
    await owner.must("floor.settings", approval=True)
    items["waiting"] = await ask("target")
    return items


async def knocks(stage: Stage, place: Place, name: str, *, address: str = "198.51.100.1") -> str:
    """Somebody knocks, because too many wrong PINs came from their network. Returns the ticket, the knock's id."""
    _, token = await stage.session()
    allowed = stage.house.settings.pin_wrong_guesses_per_network
    stage.house.settings.pin_wrong_guesses_per_network = 1
    async with stage.http(token, address=address) as http:
        await http.post("/api/pin", json={"pin": "0000000000000"})
        tried = (await http.post("/api/pin", json={"pin": place.pin})).json()
        assert tried["outcome"] == "knock", tried
        asked = await http.post(f"/api/knocks/{tried['ticket']}", json={"name": name, "about": "from the bakery"})
        assert asked.json()["state"] == "waiting", asked.text
    stage.house.settings.pin_wrong_guesses_per_network = allowed
    await stage.settle()
    ticket: str = tried["ticket"]
    return ticket
