"""Stock clients that come back by themselves, python-socketio and socket.io-client, with nothing of Salon's own.

What they do is what docs/protocol.md asks of a client: say what was seen, and send again what had no answer.
"""

from __future__ import annotations

import asyncio
import json
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp
import socketio

from tests.support.recorder import Json, Recorder

SCRIPT = Path(__file__).with_name("stock_client.mjs")
WEB = Path(__file__).parents[2] / "web"
PASSING = {"unavailable", "internal", "rate_limited"}
KINDS = ("lobby", "snapshot", "resumed", "event", "signal")


async def session(url: str) -> str:
    """A bot's token."""
    async with aiohttp.ClientSession(url) as http, http.post("/api/session", json={"bearer": True}) as answer:
        token: str = (await answer.json())["token"]
        return token


async def new_room(url: str, token: str) -> str:
    http = aiohttp.ClientSession(url, headers={"Authorization": f"Bearer {token}"})
    async with http, http.post("/api/rooms", json={"preset": "meeting"}) as answer:
        link: str = (await answer.json())["link"]
        return link


class PythonBot(Recorder):
    """python-socketio's AsyncClient."""

    def __init__(self, name: str, room: str, token: str) -> None:
        super().__init__(name)
        self._auth = {"room": room, "token": token}
        self._flying: set[asyncio.Future[Json]] = set()
        self._let_in = asyncio.Event()
        self.lost = 0
        """How often the connection ended."""
        self.client = socketio.AsyncClient(
            reconnection_delay=0.1, reconnection_delay_max=0.4, randomization_factor=0.05
        )
        for kind in KINDS:
            self.client.on(kind, self._taker(kind))
        self.client.on("disconnect", self._end)
        _mend(self.client.eio)

    @classmethod
    async def join(cls, url: str, name: str, room: str, token: str, *transports: str) -> PythonBot:
        bot = cls(name, room, token)
        await bot.client.connect(url, auth=bot._say_who, transports=list(transports) or None, wait_timeout=15)
        await bot.has("lobby")
        await bot.certain("people.join", id="join", name=name)
        await bot.has("snapshot")
        return bot

    def _say_who(self) -> Json:
        return {**self._auth, "since": dict(self.seqs)} if self.seqs else self._auth

    def _taker(self, kind: str) -> Any:
        async def take(data: Json) -> None:
            self._let_in.set()
            self.take(kind, data)

        return take

    async def _end(self, *_reason: object) -> None:
        self._let_in.clear()
        self.lost += 1
        for answer in self._flying:
            answer.cancel()
        self.wake()

    async def certain(self, word: str, **payload: Any) -> Json:
        """Ask until there is an answer."""
        while True:
            # As long as it takes: servers are restarted meanwhile.
            await self._let_in.wait()
            answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
            self._flying.add(answer)
            # Cancelled is what has no answer, and no knowing whether it was done: the same again.
            with suppress(socketio.exceptions.SocketIOError, asyncio.CancelledError):
                await self.client.emit(word, payload, callback=_noting(answer))
                said = await answer
                if said["ok"]:
                    return said
                assert said["code"] in PASSING, said
            self._flying.discard(answer)
            await asyncio.sleep(0.05)

    async def talk(self, count: int, first: int = 0) -> None:
        for number in range(first, first + count):
            await self.certain("chat.send", id=f"{self.name}-{number}", body=f"{self.name} {number}")

    @property
    def live(self) -> bool:
        """Welcomed on this connection."""
        return self._let_in.is_set()

    @property
    def transport(self) -> str:
        found: str = self.client.eio.current_transport
        return found

    async def stop(self) -> None:
        self.client.reconnection = False
        await self.client.shutdown()


def _mend(eio: Any) -> None:
    """When its connection breaks within an answer, python-engineio's polling ends by an exception that nobody hears of,
    and the client hangs for ever. Here it ends as by any other loss of its connection."""
    original = eio._read_loop_polling

    async def read() -> None:
        try:
            await original()
        except (aiohttp.ClientError, OSError, TimeoutError):
            await eio.queue.put(None)
            if eio.write_loop_task:
                await eio.write_loop_task
            if eio.state == "connected":
                await eio._trigger_event("disconnect", eio.reason.TRANSPORT_ERROR, run_async=False)
                await eio._reset()

    eio._read_loop_polling = read


def _noting(answer: asyncio.Future[Json]) -> Any:
    def note(data: Json) -> None:
        if not answer.done():
            answer.set_result(data)

    return note


class NodeBot(Recorder):
    """socket.io-client, the one that the page is built with."""

    def __init__(self, name: str, process: Process) -> None:
        super().__init__(name)
        self._process = process
        self._listening = asyncio.create_task(self._listen())
        self.lost = 0
        self.why_lost: list[str] = []
        self.transport = ""
        self._talked: asyncio.Queue[None] = asyncio.Queue()

    @classmethod
    async def join(
        cls, node: str, folder: Path, url: str, name: str, room: str, token: str, *transports: str
    ) -> NodeBot:
        # Node looks for socket.io-client beside the file.
        script = folder / SCRIPT.name
        if not script.exists():
            script.write_text(SCRIPT.read_text())
            (folder / "node_modules").symlink_to(WEB / "node_modules")
        process = await asyncio.create_subprocess_exec(
            node, str(script), url, room, token, name, *transports, stdin=PIPE, stdout=PIPE, limit=2**24
        )
        bot = cls(name, process)
        await bot.has("snapshot")
        return bot

    async def _listen(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            kind, data = json.loads(line)
            if kind in KINDS:
                self.take(kind, data)
            elif kind == "lost":
                self.lost += 1
                self.why_lost.append(data["reason"])
            elif kind == "carried":
                self.transport = data["by"]
            elif kind == "talked":
                self._talked.put_nowait(None)
            elif kind == "fault":
                self.faults.append(f"{self.name}: {data}")
            self.wake()

    async def talk(self, count: int, first: int = 0) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"talk {first} {count}\n".encode())
        await self._talked.get()

    async def stop(self) -> None:
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        await self._listening


Bot = PythonBot | NodeBot
