"""The examples in the documentation, run as they stand: stock clients join a room and talk."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import pytest
import socketio

from tests.e2e.conftest import fixture
from tests.support.process import ServerProcess

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "examples"
pytestmark = [pytest.mark.feature("R2", "C1", "C2"), pytest.mark.timeout(120)]


class Host:
    """The host of a room, who hears what is said in it."""

    def __init__(self, room: dict[str, str], client: socketio.AsyncClient) -> None:
        self.room = room
        self.client = client
        self._heard: asyncio.Queue[dict] = asyncio.Queue()
        client.on("event", self._hear)

    async def _hear(self, event: dict) -> None:
        await self._heard.put(event)

    async def until(self, matches: Callable[[dict], bool]) -> dict:
        while True:
            event = await asyncio.wait_for(self._heard.get(), 30)
            if matches(event):
                return event


@fixture()
async def host(server: ServerProcess) -> AsyncIterator[Host]:
    async with aiohttp.ClientSession(server.url) as http:
        async with http.post("/api/session", json={"bearer": True}) as answer:
            token = (await answer.json())["token"]
        headers = {"Authorization": f"Bearer {token}"}
        async with http.post("/api/rooms", json={"preset": "meeting"}, headers=headers) as answer:
            room = await answer.json()
    client = socketio.AsyncClient()
    host = Host(room, client)
    await client.connect(server.url, auth={"room": room["link"], "token": token}, transports=["websocket"])
    assert (await client.call("people.join", {"id": "join", "name": "Hana"}))["ok"]
    yield host
    await client.disconnect()


async def ping_pong(host: Host, *command: str) -> None:
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        joined = await host.until(lambda event: any(p["name"] == "Echo" for p in event["data"].get("people", ())))
        assert joined["data"]["people"][0]["devices"] == ["bot"]
        sent = await host.client.call("chat.send", {"id": "ping", "body": "ping"})
        pong = await host.until(lambda event: event["data"].get("message", {}).get("name") == "Echo")
        assert pong["data"]["message"]["body"] == "pong"
        assert pong["data"]["message"]["reply_to"]["message"] == sent["message"]
    finally:
        process.kill()
        await process.wait()


async def test_python_bot_comes_by_pin(host: Host, server: ServerProcess) -> None:
    await ping_pong(host, sys.executable, str(EXAMPLES / "bot.py"), server.url, host.room["pin"], "Echo")


@pytest.mark.real("node")
async def test_node_bot_comes_by_link(
    host: Host, server: ServerProcess, tmp_path: Path, real_part: Callable[[str], str]
) -> None:
    # Node looks for socket.io-client beside the file: the one that the page is built with is the stock client too.
    shutil.copy(EXAMPLES / "bot.mjs", tmp_path / "bot.mjs")
    (tmp_path / "node_modules").symlink_to(ROOT / "web" / "node_modules")
    await ping_pong(host, real_part("node"), str(tmp_path / "bot.mjs"), server.url, host.room["url"], "Echo")
