"""A real House in the test's own process: real database, real routes, a clock turned by hand.

Clients here are links of the real fan-out without a socket between, so that a room full of people costs
milliseconds. Tests of the sockets themselves use :mod:`tests.support.wire`.
"""

from __future__ import annotations

import asyncio
import itertools
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import orjson
from sqlalchemy import select

from salon.app import http_app
from salon.core import snapshot
from salon.core.access import access_member, access_membership, access_room_by_link
from salon.core.clock import ManualClock
from salon.core.contract import COMMANDS, Need
from salon.core.dispatch import Caller
from salon.core.engine.frames import payloads
from salon.core.fanout import Link
from salon.core.feature import View
from salon.core.house import House
from salon.core.refusals import Refused
from salon.core.settings import Settings
from salon.core.storage import Storage
from salon.core.tables import Room
from salon.features import FEATURES
from tests.support.recorder import PATIENCE, Json, Recorder

ORIGIN = "http://localhost:8000"


class _Plug:
    """What a local client has instead of a socket: an Outlet."""

    def __init__(self, client: LocalClient, sid: str) -> None:
        self._client = client
        self._sid = sid
        self.write: Callable[[bytes], object] = self.write_large
        self.try_write = None
        self.silent = False

    def write_large(self, framed: bytes) -> None:
        for payload in payloads(framed):
            name, data = orjson.loads(payload[payload.index(b"[") :])
            if self._is_in:
                self._client.take(name, data)

    def cut(self) -> None:
        if self._is_in:
            self._client.lose()

    disconnect = cut

    def watch(self) -> None:
        """Whoever is plugged in is never silent."""

    @property
    def _is_in(self) -> bool:
        return self._client.link is not None and self._client.link.sid == self._sid


class LocalClient(Recorder):
    """One connection of somebody, plugged straight into the fan-out."""

    def __init__(self, stage: Stage, place: Place, identity: str, name: str, device: str = "desktop") -> None:
        super().__init__(name)
        self.stage = stage
        self.place = place
        self.identity = identity
        self.device = device
        self.link: Link | None = None
        self.refused: str | None = None
        """The code with which the welcome was refused."""
        stage.clients.append(self)

    # What the person does.

    async def connect(self, since: Mapping[str, int] | None = None) -> LocalClient:
        house = self.stage.house
        self.refused = None
        try:
            async with house.storage.read() as session:
                room_id = (await access_room_by_link(session, self.place.link)).id
                await access_membership(session, room_id, self.identity)
            sid = f"sid{next(self.stage.numbers)}"
            plug = _Plug(self, sid)
            self.link = Link(sid, room_id, self.identity, self.device, plug, since=dict(since) if since else None)
            house.fanout.add(self.link)
            await house.edge.welcomer.welcome(self.link)
        except Refused as refused:
            self.refused = refused.code
            self.lose()
        return self

    def lose(self) -> None:
        """The connection breaks."""
        link, self.link = self.link, None
        if link is not None and self.stage.house.fanout.remove(link.sid) is not None:
            for service in self.stage.house.services:
                service.depart(link)
        self.wake()

    async def ask(self, word: str, /, **payload: Any) -> Json:
        """Send a command (with a new id, unless one is given) or a query. Returns the ack."""
        if word in COMMANDS:
            payload = {"id": f"c{next(self.stage.numbers)}", **payload}
        return await self.ask_exactly(word, payload)

    async def ask_exactly(self, name: str, payload: object) -> Json:
        try:
            caller = Caller(self.identity, self.place.id, self.link.sid if self.link is not None else "")
            answer = {"ok": True, **await self.stage.house.dispatcher.ask(caller, name, payload)}
        except Refused as refused:
            answer = refused.as_dict()
        # As it would have come over the wire.
        told: Json = orjson.loads(orjson.dumps(answer))
        return told

    async def must(self, word: str, /, **payload: Any) -> Json:
        answer = await self.ask(word, **payload)
        assert answer["ok"], answer
        return answer

    def tell(self, word: str, /, **payload: Any) -> None:
        """Send a signal."""
        assert self.link is not None
        self.stage.house.dispatcher.signal(self.link, word, payload)

    async def look(self) -> Json:
        """A fresh snapshot as this person would get it now."""
        return await self.stage.snapshot(self.place, self.identity)


class Place:
    """A room, as whoever made it knows it."""

    def __init__(self, made: Json, room_id: str, creator: str) -> None:
        self.link: str = made["link"]
        self.pin: str = made["pin"]
        self.url: str = made["url"]
        self.id = room_id
        self.creator = creator


class Stage:
    """A running House and shortcuts to what tests do all the time."""

    def __init__(self, house: House, clock: ManualClock) -> None:
        self.house = house
        self.clock = clock
        self.clients: list[LocalClient] = []
        self.numbers = itertools.count(1)
        """For ids of commands and connections."""
        self.app = http_app(house)

    # HTTP, through the real application.

    def http(self, token: str | None = None, *, address: str = "203.0.113.7", **headers: str) -> httpx.AsyncClient:
        """A client of the HTTP side, from this network address, with a bearer token if one is given."""
        transport = httpx.ASGITransport(app=self.app, client=(address, 40_000))
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        return httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers)

    async def session(self) -> tuple[str, str]:
        """A new bot's identity and token."""
        made = await self.house.sessions.open(bearer=True)
        return made.identity, made.token

    async def identity(self) -> str:
        return (await self.session())[0]

    async def room(self, preset: str = "meeting", **more: Any) -> Place:
        """A new room of a new person, who has not joined it yet."""
        identity, token = await self.session()
        async with self.http(token) as http:
            answer = await http.post("/api/rooms", json={"preset": preset, **more})
        assert answer.status_code == 200, answer.text
        return Place(answer.json(), await self.room_id(answer.json()["link"]), identity)

    async def room_id(self, link: str) -> str:
        async with self.house.storage.read() as session:
            return (await session.execute(select(Room.id).where(Room.link == link))).scalar_one()

    # People.

    async def come(
        self, place: Place, name: str, *, identity: str | None = None, about: str = "", device: str = "desktop"
    ) -> LocalClient:
        """Somebody connects and joins."""
        client = LocalClient(self, place, identity or await self.identity(), name, device)
        await client.connect()
        await client.must("people.join", name=name, about=about)
        await client.has("snapshot")
        await self.settle()
        return client

    async def owner(self, place: Place, name: str = "Olga") -> LocalClient:
        return await self.come(place, name, identity=place.creator)

    async def crowd(self, place: Place, names: list[str]) -> list[LocalClient]:
        """Many people at once."""
        visitors = [await self.visitor(place, name) for name in names]
        await asyncio.gather(*(visitor.must("people.join", name=visitor.name) for visitor in visitors))
        await self.settle()
        return visitors

    async def visitor(self, place: Place, name: str = "Vera") -> LocalClient:
        """Somebody connects and stays in the lobby."""
        client = LocalClient(self, place, await self.identity(), name)
        return await client.connect()

    async def again(self, client: LocalClient, since: Mapping[str, int] | None = None, **how: Any) -> LocalClient:
        """The same person on a further connection."""
        further = LocalClient(self, client.place, client.identity, client.name, **how)
        if since is not None:
            further.seqs = dict(since)
        await further.connect(since)
        await self.settle()
        return further

    async def come_back(self, client: LocalClient) -> LocalClient:
        """Somebody of before a restart connects to this house."""
        back = LocalClient(self, client.place, client.identity, client.name)
        await back.connect()
        await self.settle()
        return back

    async def snapshot(self, place: Place, identity: str) -> Json:
        async with self.house.storage.read() as session:
            room, member = await access_member(session, place.id, identity, Need.AUDIENCE)
            view = View(session, self.house.settings, self.house.addresses.public_url, room, member)
            taken = await snapshot.take(self.house.features, view)
        told: Json = orjson.loads(orjson.dumps(taken))
        return told

    # Time.

    async def settle(self) -> None:
        """Return when everything that was set going has come to rest."""
        async with asyncio.timeout(PATIENCE):
            # What is to be done in no time at all is no task yet.
            for _ in range(3):
                await asyncio.sleep(0)
            while others := asyncio.all_tasks() - {asyncio.current_task()}:
                await asyncio.wait(others, timeout=PATIENCE)

    async def pass_time(self, seconds: float) -> None:
        """Turn the clock and do what is due."""
        await self.settle()
        self.clock.advance(seconds=seconds)
        await self.house.sweep()
        await self.settle()

    def check(self) -> None:
        """Nobody got anything out of order, twice or after a gap."""
        faults = [fault for client in self.clients for fault in client.faults]
        assert not faults, "\n".join(faults)


class Database:
    """Where a House on a folder keeps its data: SQLite in that folder, unless a test asks for something else."""

    url_for: Callable[[Path], Awaitable[str]] | None = None


_migrated: list[bytes] = []


async def open_without_migrating(storage: Storage) -> None:
    """In place of ``Storage.open``: a new SQLite file is a copy of one that was migrated once, which is much quicker.

    What is already there, or comes from a template of PostgreSQL, has all tables.
    """
    if not storage.is_sqlite or not storage.url.database or _is_there(Path(storage.url.database)):
        return
    if not _migrated:
        with tempfile.TemporaryDirectory() as folder:
            first = Storage(f"sqlite:///{folder}/salon.db")
            await really_open(first)
            await first.close()
            _migrated.append(_read(Path(folder) / "salon.db"))
    _write(Path(storage.url.database), _migrated[0])


def _is_there(path: Path) -> bool:
    return path.exists()


def _read(path: Path) -> bytes:
    return path.read_bytes()


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


really_open = Storage.open


async def settings_for(folder: Path, **more: Any) -> Settings:
    """Settings with limits that no ordinary test meets."""
    if Database.url_for is not None:
        more = {"database_url": await Database.url_for(folder), **more}
    chosen: dict[str, Any] = {
        "host": "127.0.0.1",
        "data_dir": folder,
        "commands_per_second": 100_000.0,
        "person_commands_per_second": 100_000.0,
        "room_commands_per_second": 100_000.0,
        "rooms_per_hour": 100_000,
        "sessions_per_hour": 1_000_000,
        **more,
    }
    return Settings(**chosen)


@asynccontextmanager
async def open_stage(
    folder: Path, *, clock: ManualClock | None = None, checked: bool = True, **settings: Any
) -> AsyncIterator[Stage]:
    """A House on the folder's database. Open the same folder again for a restart."""
    clock = clock or ManualClock()
    house = House(await settings_for(folder, **settings), FEATURES, clock)
    await house.start(8000)
    # Only the test says when a second has passed.
    if house._sweeper is not None:
        house._sweeper.cancel()
        with suppress(asyncio.CancelledError):
            await house._sweeper
    stage = Stage(house, clock)
    try:
        yield stage
        if checked:
            stage.check()
    finally:
        await house.stop()
