"""A server of its own, with real clocks and real sockets: it is killed, tabs are closed, and machines fall silent."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import aiohttp
import pytest

from tests.call.support import line
from tests.support.process import ServerProcess
from tests.support.recorder import Json
from tests.support.wire import Served, SocketClient

pytestmark = pytest.mark.timeout(180)


@dataclass
class Room:
    server: ServerProcess
    link: str
    host: SocketClient
    ana: SocketClient
    ben: SocketClient
    clients: list[SocketClient] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.server.url


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Room]:
    """A host who watches, and two people in the call."""
    server = ServerProcess(folder)
    await asyncio.to_thread(server.start)
    nobody = cast("SocketClient", None)
    room = Room(server, "", nobody, nobody, nobody)
    try:
        async with aiohttp.ClientSession(server.url) as http:
            tokens = [await _token(http) for _ in range(3)]
            bearer = {"Authorization": f"Bearer {tokens[0]}"}
            async with http.post("/api/rooms", json={"preset": "meeting"}, headers=bearer) as answer:
                room.link = (await answer.json())["link"]
        for name, who, token in zip(("host", "ana", "ben"), ("Olga", "Ana", "Ben"), tokens, strict=True):
            client = SocketClient(cast("Served", room), who, token=token)
            await client.connect(room.link)
            await client.has("lobby")
            await client.must("people.join", name=who)
            await client.has("snapshot")
            setattr(room, name, client)
        for client in (room.ana, room.ben):
            await enter(client)
        yield room
    finally:
        for client in room.clients:
            await client.leave()
        server.kill()
    assert "Traceback" not in server.log, server.log


async def _token(http: aiohttp.ClientSession) -> str:
    async with http.post("/api/session", json={"bearer": True}) as answer:
        token: str = (await answer.json())["token"]
        return token


async def enter(client: SocketClient, *, anew: bool = True) -> Json:
    part: Json = (await client.must("call.join", line=line(client.name), anew=anew, camera=True))["participant"]
    return part


async def seconds_until_gone(room: Room, who: SocketClient) -> float:
    def is_gone() -> bool:
        return any(each["data"]["person"] == who.me for each in room.host.events("call.left"))

    begun = time.monotonic()
    while not is_gone() and time.monotonic() < begun + 60:
        # It may take longer than tests are patient elsewhere.
        with suppress(AssertionError):
            await room.host.until(is_gone)
    return time.monotonic() - begun


@pytest.mark.feature("M8")
async def test_how_long_ghosts_are_seen(tmp_path: Path) -> None:
    async with opened(tmp_path) as room:
        await room.ana.cut()
        silent = asyncio.create_task(seconds_until_gone(room, room.ben))
        # It takes nothing from the network any more, and says nothing.
        room.ben._client.eio.ws._response.connection.transport.pause_reading()
        assert await seconds_until_gone(room, room.ana) <= 5
        assert 5 < await silent <= 30
        (left,) = [each for each in room.host.events("call.left") if each["data"]["person"] == room.ben.me]
        assert left["data"]["why"] == "lost"


@pytest.mark.feature("M8", "R8")
async def test_a_server_that_was_killed(tmp_path: Path) -> None:
    async with opened(tmp_path) as room:
        part = await enter(room.ana, anew=False)
        await room.ana.must("call.hand", up=True)
        await room.host.must("call.hold", person=room.ana.me, what="microphone", on=True)
        room.server.kill()
        for client in (room.host, room.ana, room.ben):
            await client.gone()
        await asyncio.to_thread(room.server.start)
        await room.host.connect(room.link, room.host.seqs)
        await room.ana.connect(room.link, room.ana.seqs)
        back = await enter(room.ana, anew=False)
        assert (back["id"], back["epoch"], back["held"]) == (part["id"], part["epoch"], ["microphone"])
        assert back["hand_at"] is not None
        assert await seconds_until_gone(room, room.ben) <= 30
