"""A real server on a real port, and the stock python-socketio client that talks to it.

The server runs in the test's own event loop: everything is real from the socket down to the database, and the test can
still look into the House and turn its clock.
"""

from __future__ import annotations

import asyncio
import itertools
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import socketio
import uvicorn

from salon.app import make_app
from salon.cli import _config
from salon.core.clock import ManualClock
from salon.core.contract import COMMANDS
from salon.core.house import House
from salon.features import FEATURES
from tests.support.house import settings_for
from tests.support.recorder import PATIENCE, Json, Recorder

_numbers = itertools.count(1)


class SocketClient(Recorder):
    """A stock Socket.IO client, of a bot (bearer token) or a browser (cookie and origin)."""

    def __init__(self, served: Served, name: str, *, token: str | None = None, cookie: str | None = None) -> None:
        super().__init__(name)
        self.served = served
        self.token = token
        self.cookie = cookie
        self.answers: Json | None = None
        self.connected = False
        self._client: Any = None
        served.clients.append(self)

    async def connect(
        self,
        room: object,
        since: Mapping[str, int] | None = None,
        *,
        auth: Any = None,
        origin: str | None = None,
        transport: str = "websocket",
        **headers: str,
    ) -> SocketClient:
        """Connect. Raises :class:`NotLetIn` when the server refuses."""
        client = socketio.AsyncClient(reconnection=False)
        self._client = client
        for kind in ("lobby", "snapshot", "resumed", "event", "signal", "refused"):
            client.on(kind, self._taker(kind))
        client.on("connect_error", self._note_refusal)
        client.on("disconnect", self._note_end)
        if auth is None:
            auth = {"room": room}
            if self.token is not None:
                auth["token"] = self.token
            if since is not None:
                auth["since"] = dict(since)
        if self.cookie is not None:
            headers["Cookie"] = f"salon_session={self.cookie}"
        if origin is None and self.cookie is not None:
            origin = self.served.url
        if origin:
            headers["Origin"] = origin
        self.refusal: Json = {}
        try:
            await client.connect(
                self.served.url, headers=headers, auth=auth, transports=[transport], wait_timeout=PATIENCE
            )
        except socketio.exceptions.ConnectionError as error:
            await client.disconnect()
            raise NotLetIn(self.refusal, str(error)) from None
        self.connected = True
        return self

    def _taker(self, kind: str) -> Any:
        async def take(data: Json) -> None:
            self.take(kind, data)

        return take

    async def _note_refusal(self, data: Any = None) -> None:
        if isinstance(data, dict):
            self.refusal = data.get("data") or data

    async def _note_end(self, *_reason: object) -> None:
        self.connected = False
        self.wake()

    async def ask(self, word: str, /, **payload: Any) -> Json:
        """Send a command (with a new id, unless one is given) or a query. Returns the ack."""
        if word in COMMANDS:
            payload = {"id": f"w{next(_numbers)}", **payload}
        return await self.ask_exactly(word, payload)

    async def ask_exactly(self, word: str, payload: object = None) -> Json:
        """Send just this; a tuple is several arguments, None is none."""
        try:
            answer: Json = await self._client.call(word, payload, timeout=PATIENCE)
        except socketio.exceptions.TimeoutError:
            raise TimeoutError(f"{self.name} got no answer to {word}") from None
        return answer

    async def must(self, word: str, /, **payload: Any) -> Json:
        answer = await self.ask(word, **payload)
        assert answer["ok"], answer
        return answer

    async def emit(self, word: str, /, payload: object = None) -> None:
        await self._client.emit(word, payload)

    async def gone(self) -> None:
        """Return when the connection has ended."""
        await self.until(lambda: not self.connected, "the end of the connection")

    async def leave(self) -> None:
        """Close the connection."""
        if self._client is not None:
            await self._client.disconnect()
        self.connected = False

    async def cut(self) -> None:
        """Break the connection without a word, as a lost network does."""
        transport = self._client.eio.ws._response.connection.transport
        transport.abort()
        await self.gone()


class NotLetIn(Exception):
    """The server refused the connection; ``code`` is the refusal's."""

    def __init__(self, refusal: Json, text: str) -> None:
        super().__init__(f"{refusal or text}")
        self.refusal = refusal
        self.code = refusal.get("code")


class Served:
    """A running server."""

    def __init__(self, house: House, port: int, clock: ManualClock) -> None:
        self.house = house
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.clock = clock
        self.clients: list[SocketClient] = []
        self.http = aiohttp.ClientSession(self.url, cookie_jar=aiohttp.DummyCookieJar())

    async def post(self, path: str, body: object, token: str | None = None, **headers: str) -> tuple[int, Json]:
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        async with self.http.post(path, json=body, headers=headers) as response:
            return response.status, orjson.loads(await response.read())

    async def get(self, path: str, token: str | None = None, **headers: str) -> tuple[int, Json]:
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        async with self.http.get(path, headers=headers) as response:
            return response.status, orjson.loads(await response.read())

    async def token(self) -> str:
        _, made = await self.post("/api/session", {"bearer": True})
        token: str = made["token"]
        return token

    async def cookie(self) -> str:
        """A browser's session: the value of its cookie."""
        async with self.http.post("/api/session", json={}, headers={"Origin": self.url}) as response:
            return response.cookies["salon_session"].value

    async def room(self, token: str, preset: str = "meeting", **more: Any) -> Json:
        status, made = await self.post("/api/rooms", {"preset": preset, **more}, token)
        assert status == 200, made
        return made

    async def client(self, name: str, token: str | None = None) -> SocketClient:
        """A bot that is not connected yet."""
        return SocketClient(self, name, token=token or await self.token())

    async def come(self, room: str, name: str, token: str | None = None) -> SocketClient:
        """A bot that connects and joins."""
        client = await self.client(name, token)
        await client.connect(room)
        await client.has("lobby")
        await client.must("people.join", name=name)
        await client.has("snapshot")
        return client

    async def close(self) -> None:
        for client in self.clients:
            with suppress(Exception):
                await client.leave()
        await self.http.close()

    def check(self) -> None:
        faults = [fault for client in self.clients for fault in client.faults]
        assert not faults, "\n".join(faults)


class _Server(uvicorn.Server):
    """A server whose signals stay pytest's, and which says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        await self._serve(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


@asynccontextmanager
async def serve(
    folder: Path, *, port: int = 0, clock: ManualClock | None = None, **settings: Any
) -> AsyncIterator[Served]:
    """A server on the folder's database. Serve the same folder and port again for a restart."""
    clock = clock or ManualClock()
    chosen = await settings_for(folder, **settings)
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    house = House(chosen, FEATURES, clock)
    server = _Server(_config(make_app(house, listening.getsockname()[1]), house))
    running = asyncio.create_task(server.serve([listening]))
    started = asyncio.create_task(server.ready.wait())
    await asyncio.wait({running, started}, return_when=asyncio.FIRST_COMPLETED)
    assert server.started, "the server did not start"
    served = Served(house, listening.getsockname()[1], clock)
    try:
        yield served
        served.check()
    finally:
        await served.close()
        server.should_exit = True
        await running
