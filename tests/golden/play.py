"""A room with a fixed cast in which one thing happens, recorded as each of them sees it.

Everything is the same on every run: the clock is turned by hand, and what is random elsewhere is seeded by the name
of the case.
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import os
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from salon.features import FEATURES
from tests.support.house import LocalClient, Place, Stage, open_stage
from tests.support.recorder import Json

FOLDER = Path(__file__).parent
WRITE = os.environ.get("SALON_GOLDEN") == "write"
PUBLIC_URL = "https://salon.example"
CAST = {"owner": "Olga", "cohost": "Carl", "guest": "Gil", "listener": "Lea"}
DEVICES = {"listener": "phone"}


class Seeded:
    """Stands in for the ``secrets`` module."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def token_urlsafe(self, size: int) -> str:
        return base64.urlsafe_b64encode(self._random.randbytes(size)).rstrip(b"=").decode()

    def randbelow(self, limit: int) -> int:
        return self._random.randrange(limit)


@dataclass(frozen=True)
class Scene:
    """A database in which the cast has gathered, to be copied for each play: the same people in all golden files."""

    folder: Path
    place: Place
    cast: dict[str, str]
    """Role → identity."""
    time: int
    """Where the clock stands."""

    @classmethod
    async def prepare(cls, folder: Path) -> Scene:
        async with open_stage(folder, public_url=PUBLIC_URL) as stage:
            # Each transaction has a later moment than the one before: how many a start takes is not to be seen.
            stage.clock.advance(seconds=1)
            place = await stage.room(name="Golden room")
            clients = {}
            for role, name in CAST.items():
                stage.clock.advance(seconds=1)
                identity = place.creator if role == "owner" else None
                clients[role] = await stage.come(place, name, identity=identity, device=DEVICES.get(role, "desktop"))
            for role, becomes in (("cohost", "cohost"), ("listener", "audience")):
                stage.clock.advance(seconds=1)
                await clients["owner"].must("people.role", person=clients[role].me, role=becomes)
                await stage.settle()
            # One after the other, so that nothing depends on what the end of the server does to connections.
            for client in clients.values():
                client.lose()
                await stage.settle()
            return cls(folder, place, {role: client.identity for role, client in clients.items()}, stage.clock.now())


class Play:
    """The cast in their room: an owner, a co-host, a participant (``guest``) and somebody of the audience."""

    def __init__(self, stage: Stage, scene: Scene) -> None:
        self.stage = stage
        # Ids of commands that the scene has not used yet.
        stage.numbers = itertools.count(1000)
        self.place = scene.place
        self.cast = scene.cast
        self.owner: LocalClient
        self.cohost: LocalClient
        self.guest: LocalClient
        self.listener: LocalClient
        self._before: dict[str, Json] = {}

    async def gather(self) -> None:
        for role, name in CAST.items():
            client = LocalClient(self.stage, self.place, self.cast[role], name, DEVICES.get(role, "desktop"))
            setattr(self, role, await client.connect())
            await self.stage.settle()

    async def do(self, client: LocalClient, word: str, /, **payload: Any) -> Json:
        """Somebody does something, a second after what was before."""
        self.stage.clock.advance(seconds=1)
        answer = await client.must(word, **payload)
        await self.stage.settle()
        return answer

    async def say(self, client: LocalClient, body: str, **more: Any) -> str:
        """Somebody writes; returns the message's id."""
        message: str = (await self.do(client, "chat.send", body=body, **more))["message"]
        return message

    async def chatter(self, client: LocalClient, count: int) -> None:
        """Somebody writes so many messages at once."""
        self.stage.clock.advance(seconds=1)
        await asyncio.gather(*(client.must("chat.send", body=f"number {each}") for each in range(count)))
        await self.stage.settle()

    async def begin(self) -> None:
        """What happens from here on is recorded."""
        await self.stage.settle()
        for role in CAST:
            client: LocalClient = getattr(self, role)
            if client.link is not None and not client.link.cut:
                self._before[role] = await client.look()
                assert self._before[role]["seqs"] == client.seqs, role
                client.forget()

    async def record(self, role: str, *, closed: bool = False) -> Json:
        """Before, then, after, as the one of this role saw it."""
        await self.stage.settle()
        client: LocalClient = getattr(self, role)
        before = self._before[role]
        # Of a closed room there is no snapshot any more: pages go on showing what they have.
        after = {"features": before["features"], "seqs": client.seqs} if closed else await client.look()
        assert after["seqs"] == client.seqs, role
        steps = [
            {"event": data} if kind == "event" else {"snapshot": {key: data[key] for key in ("features", "seqs")}}
            for kind, data in client.got
            if kind in {"event", "snapshot"}
        ]
        return {"me": before["features"]["people"]["me"], "before": before, "then": steps, "after": after}

    async def check_welcomes(self, roles: tuple[str, ...]) -> None:
        """Who comes now is shown what a reading of the tables shows, whatever is kept from readings before.

        They come together and twice: what is made for the first is given to the others.
        """
        present = [client for role in roles if (client := getattr(self, role)).link is not None]
        for _ in range(2):
            further = [LocalClient(self.stage, self.place, each.identity, each.name, each.device) for each in present]
            await asyncio.gather(*(client.connect() for client in further))
            await self.stage.settle()
            for client in further:
                shown = await client.has("snapshot")
                fresh = await client.look()
                assert shown["features"] == fresh["features"]
                for feature in FEATURES:
                    if feature.snapshot_model is not None:
                        feature.snapshot_model.model_validate(shown["features"][feature.name], strict=True)


Act = Callable[[Play], Awaitable[None]]


@dataclass(frozen=True)
class Case:
    word: str
    """The command, or the event for what nobody commands."""
    name: str
    features: tuple[str, ...]
    seen_by: tuple[str, ...]
    act: Act

    @property
    def id(self) -> str:
        return f"{self.word}.{self.name}"

    def path(self, role: str) -> Path:
        return FOLDER / f"{self.id}-{role}.json"


CASES: dict[str, Case] = {}


def case(word: str, name: str, features: str, seen_by: str = "owner guest") -> Callable[[Act], Act]:
    """The function is a play; ``seen_by`` names those of the cast whose view is recorded."""

    def register(act: Act) -> Act:
        added = Case(word, name, tuple(features.split()), tuple(seen_by.split()), act)
        assert added.id not in CASES, added.id
        CASES[added.id] = added
        return act

    return register


def as_text(recorded: Json) -> bytes:
    """JSON with a line for each part and each step, so that a change is seen where it is."""

    def line(value: object) -> str:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()

    steps = ",\n  ".join(line(step) for step in recorded["then"])
    then = f"[\n  {steps}\n]" if steps else "[]"
    parts = [f'"{key}": {then if key == "then" else line(value)}' for key, value in recorded.items()]
    return ("{" + ",\n".join(parts) + "}\n").encode()


def compare(path: Path, recorded: Json) -> str | None:
    """Hold a record against the committed file, or write it (``SALON_GOLDEN=write``). Returns what is wrong."""
    text = as_text(recorded)
    if WRITE:
        path.write_bytes(text)
        return None
    if not path.exists():
        return f"{path.name} is missing"
    return None if path.read_bytes() == text else f"{path.name} is not what happens now"
