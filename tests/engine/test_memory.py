"""A hundred readers that hang, against a real server: what they cost it, and that nobody waits for them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from tests.engine.stand import WEBSOCKET
from tests.support.pipe import Pipe
from tests.support.process import ServerProcess

pytestmark = [pytest.mark.feature("C1", "R8"), pytest.mark.timeout(180)]

LAZY = 100
MUCH = {f"{who}commands_per_second": "100000" for who in ("", "person_", "room_")}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    process = ServerProcess(tmp_path, **MUCH)
    # What it shares with the process that it was forked from would be counted when it is first touched.
    process.cold = True
    process.start()
    yield process
    process.kill()


async def post(port: int, path: str, body: object, token: str = "") -> dict[str, str]:
    pipe = await Pipe.open(port)
    pipe.ask("POST", path, orjson.dumps(body), "Content-Type: application/json", f"Authorization: Bearer {token}")
    answer = await pipe.answer()
    assert answer.status == 200, answer
    pipe.writer.close()
    found: dict[str, str] = orjson.loads(answer.body)
    return found


async def until(pipe: Pipe, beginning: str) -> str:
    while not (text := await pipe.text()).startswith(beginning):
        pass
    return text


async def knock(port: int, room: str, window: int | None = None) -> Pipe:
    """Somebody who is at the door."""
    token = (await post(port, "/api/session", {"bearer": True}))["token"]
    pipe = await Pipe.open(port, window=window)
    assert (await pipe.upgrade(WEBSOCKET)).status == 101
    pipe.send("40" + orjson.dumps({"room": room, "token": token}).decode())
    await until(pipe, '42["lobby"')
    return pipe


def join(pipe: Pipe, name: str) -> None:
    pipe.send(f'420["people.join",{{"id":"j","name":"{name}"}}]')


async def come(port: int, room: str, name: str, window: int | None = None) -> Pipe:
    """Somebody who has joined."""
    pipe = await knock(port, room, window)
    join(pipe, name)
    await until(pipe, '42["snapshot"')
    return pipe


class Crowd:
    """A speaker, a reader who hears everything, and the server's memory."""

    def __init__(self, server: ServerProcess, port: int, room: str, speaker: Pipe, reader: Pipe) -> None:
        self._server = server
        self.port = port
        self.room = room
        self.speaker = speaker
        self._reader = reader
        self._said = 0
        self.came: set[str] = set()
        self.gone: set[str] = set()
        self.before = self.most = 0

    @classmethod
    async def gather(cls, server: ServerProcess) -> Crowd:
        port = int(server.url.rpartition(":")[2])
        token = (await post(port, "/api/session", {"bearer": True}))["token"]
        room = (await post(port, "/api/rooms", {"preset": "meeting"}, token))["link"]
        return cls(server, port, room, await come(port, room, "Speaker"), await come(port, room, "Reader"))

    def begin(self) -> None:
        self.came, self.gone = set(), set()
        self.before = self.most = self.resident()

    def resident(self) -> int:
        """Bytes of memory that the server has, by the system's own numbers."""
        return int(Path(f"/proc/{self._server.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    async def hear(self) -> str:
        """The reader's next event."""
        event = await until(self._reader, '42["event"')
        self.most = max(self.most, self.resident())
        for person in orjson.loads(event[2:])[1]["data"].get("people", []):
            (self.came if person["devices"] else self.gone).add(person["id"])
        return event

    async def say(self, times: int) -> None:
        """In lockstep: whoever reads has each message before the next is sent, whatever hangs beside."""
        for _ in range(times):
            self._said += 1
            body = f"{self._said} " + "é" * 3900
            self.speaker.send(f'42{self._said}["chat.send",{{"id":"m{self._said}","body":"{body}"}}]')
            while f'"body":"{self._said} ' not in await self.hear():
                pass

    def each(self) -> float:
        """Bytes that the server took more than before, at most, for each of those who hang."""
        return (self.most - self.before) / LAZY


async def test_readers_that_hang(server: ServerProcess) -> None:
    crowd = await Crowd.gather(server)
    lazy = await asyncio.gather(
        *(come(crowd.port, crowd.room, f"Lazy {number}", window=4096) for number in range(LAZY))
    )
    for pipe in lazy:
        pipe.stop_reading()
    crowd.begin()
    await crowd.say(90)
    # They are gone, and the room is told so.
    while len(crowd.gone) < LAZY:
        await crowd.hear()
    assert crowd.each() <= 2**20


async def test_readers_that_hang_and_ask_for_more(server: ServerProcess) -> None:
    """A snapshot of their own for each, larger than what usually may wait, and another, and another."""
    crowd = await Crowd.gather(server)
    await crowd.say(60)
    lazy = await asyncio.gather(*(knock(crowd.port, crowd.room, window=4096) for _ in range(LAZY)))
    crowd.begin()
    for number, pipe in enumerate(lazy):
        pipe.stop_reading()
        join(pipe, f"Lazy {number}")
    while len(crowd.came) < LAZY:
        await crowd.hear()
    for again in range(10):
        for pipe in lazy:
            if not pipe.writer.is_closing():
                pipe.send(f'42{again}["resume",{{}}]')
        await crowd.say(5)
    while len(crowd.gone) < LAZY:
        await crowd.say(1)
    assert crowd.each() <= 2**20
