"""Stock clients through cuts, restarts, upgrades and a server that hangs: each command and each event once."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from salon.core.admission import Admissions, Admitted, Asking
from salon.core.refusals import Refused
from tests.e2e.conftest import fixture
from tests.e2e.stock import Bot, NodeBot, PythonBot, new_room, session
from tests.faults.proxy import Passage
from tests.support.process import ServerProcess
from tests.support.recorder import eventually
from tests.support.wire import serve

pytestmark = [pytest.mark.feature("C1", "R8", "P3"), pytest.mark.real("node"), pytest.mark.timeout(180)]

EACH = 10
"""Messages of each, while something happens."""
WAYS = [["websocket"], ["polling"], []]
"""By default: polling, and up to a WebSocket."""


class Room:
    """A host who is always there, by the straight way, and bots behind a stretch of bad network."""

    def __init__(self, server: ServerProcess, passage: Passage, node: str, folder: Path) -> None:
        self.server = server
        self.passage = passage
        self._node = node
        self._folder = folder
        self.link = ""
        self.bots: list[Bot] = []

    async def open(self) -> PythonBot:
        token = await session(self.server.url)
        self.link = await new_room(self.server.url, token)
        host = await PythonBot.join(self.server.url, "Hana", self.link, token, "websocket")
        self.bots.append(host)
        return host

    async def python(self, name: str, *transports: str) -> PythonBot:
        token = await session(self.server.url)
        bot = await PythonBot.join(self.url, name, self.link, token, *transports)
        self.bots.append(bot)
        return bot

    async def node(self, name: str, *transports: str) -> NodeBot:
        token = await session(self.server.url)
        bot = await NodeBot.join(self._node, self._folder, self.url, name, self.link, token, *transports)
        self.bots.append(bot)
        return bot

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.passage.port}"

    async def cut(self) -> None:
        self.passage.cut()

    async def restart(self, end: Callable[[], object]) -> None:
        await asyncio.to_thread(end)
        await asyncio.to_thread(self.server.start)

    async def all_heard(self, count: int) -> None:
        """Everybody heard the same, each message of each once and in its order."""
        for bot in self.bots:
            await bot.until(lambda bot=bot: len(bot.said) >= count, f"{count} messages")  # type: ignore[misc]
        first = self.bots[0].said
        assert [bot.name for bot in self.bots if bot.said != first] == []
        assert len(first) == count
        for bot in self.bots:
            own = [body for body in first if body.startswith(f"{bot.name} ")]
            assert own == [f"{bot.name} {number}" for number in range(len(own))]
        assert [fault for bot in self.bots for fault in bot.faults] == []


@asynccontextmanager
async def opened(server: ServerProcess, folder: Path, node: str) -> AsyncIterator[Room]:
    passage = await Passage(int(server.url.rpartition(":")[2])).open()
    room = Room(server, passage, node, folder)
    try:
        yield room
    finally:
        for bot in room.bots:
            await bot.stop()
        await passage.close()


class BeatingServer(ServerProcess):
    """Once a second, for python-engineio: when sending fails, it finds out by the next answer to its polling."""

    program = (str(Path(__file__).with_name("quick_server.py")), "1", "20")


class ImpatientServer(ServerProcess):
    """Its clients are told to wait no longer than two seconds for a heartbeat."""

    program = (str(Path(__file__).with_name("quick_server.py")), "0.5", "1.5")


@fixture()
async def room(tmp_path: Path, real_part: Callable[[str], str]) -> AsyncIterator[Room]:
    server = BeatingServer(tmp_path, room_commands_per_second="100000")
    server.start()
    try:
        async with opened(server, tmp_path, real_part("node")) as room:
            yield room
    finally:
        server.kill()


@pytest.mark.parametrize("ways", WAYS, ids=["websocket", "polling", "default"])
async def test_cuts_and_restarts(room: Room, ways: list[str]) -> None:
    host = await room.open()
    python, node = await room.python("Pia", *ways), await room.node("Noah", *ways)
    faults: list[Callable[[], Awaitable[None]]] = [
        room.cut,
        partial(room.restart, room.server.stop),
        partial(room.restart, room.server.kill),
    ]
    for number, fault in enumerate(faults):
        talking = asyncio.gather(*(bot.talk(EACH, EACH * number) for bot in room.bots))
        await host.until(lambda said=3 * EACH * number + 5: len(host.said) >= said)  # type: ignore[misc]
        await fault()
        await talking
        await room.all_heard(3 * EACH * (number + 1))
    # Between two requests, who polls may not even notice a cut; a restart is noticed.
    for bot in (python, node):
        await bot.until(lambda bot=bot: bot.lost >= 2, "the news of both restarts")  # type: ignore[misc]
    await sent_away(host, python, node)


async def sent_away(host: PythonBot, python: PythonBot, node: NodeBot) -> None:
    """Whoever is removed hears why, also by polling, and stays away."""
    for bot in (python, node):
        await host.certain("people.remove", id=f"remove-{bot.name}", person=bot.me)
        assert (await bot.signal("people.out"))["data"]["reason"] == "removed"
    await node.until(lambda: node.why_lost[-1] == "io server disconnect")
    await python.until(lambda: not python.live)
    assert python.client._reconnect_task is None


async def test_upgrades_under_load(room: Room) -> None:
    """Both stock clients, many at once, while events flow: everybody ends on a WebSocket, and misses nothing."""
    host = await room.open()
    spoken = 0
    done = asyncio.Event()

    async def speak() -> None:
        nonlocal spoken
        while not done.is_set():
            await host.talk(5, spoken)
            spoken += 5

    speaking = asyncio.create_task(speak())
    bots: list[Bot] = await asyncio.gather(
        *(room.python(f"Pia {number}") for number in range(6)), *(room.node(f"Noah {number}") for number in range(4))
    )
    for bot in bots:
        await bot.until(lambda bot=bot: bot.transport == "websocket", "the upgrade")  # type: ignore[misc]
    done.set()
    await speaking
    last = f"Hana {spoken - 1}"
    for bot in (host, *bots):
        await bot.until(lambda bot=bot: bot.said[-1:] == [last], "the last message")  # type: ignore[misc]
    for bot in bots:
        assert (bot.faults, bot.lost, len(bot.of("snapshot"))) == ([], 0, 1)
        assert bot.said == host.said[-len(bot.said) :]


async def test_a_server_that_hangs(tmp_path: Path, real_part: Callable[[str], str]) -> None:
    """Clients do not wait for it for ever, and when it goes on they are back as after any cut."""
    server = ImpatientServer(tmp_path)
    server.start()
    try:
        async with opened(server, tmp_path, real_part("node")) as room:
            host = await room.open()
            await room.node("Noah", "websocket")
            await room.node("Nora", "polling")
            os.kill(server.pid, signal.SIGSTOP)
            for bot in room.bots:
                await bot.until(lambda bot=bot: bot.lost > 0, "the client's patience")  # type: ignore[misc]
            os.kill(server.pid, signal.SIGCONT)
            await asyncio.gather(*(bot.talk(EACH) for bot in room.bots))
            await room.all_heard(len(room.bots) * EACH)
            # So impatient, it may have lost one more connection in this very moment.
            await host.until(lambda: host.client.connected and host.live, "the host's own connection")
    finally:
        server.kill()


@pytest.mark.parametrize("ways", WAYS[1:], ids=["polling", "default"])
async def test_twenty_come_back(room: Room, ways: list[str]) -> None:
    """All of them, by themselves: a request that waits while the server stops is no farewell, and nobody is let in."""
    host = await room.open()
    await asyncio.gather(*(room.python(f"Pia {number}", *ways) for number in range(20)))
    for number, end in enumerate((room.server.stop, room.server.kill)):
        await room.restart(end)
        await host.talk(1, number)
        await room.all_heard(number + 1)


async def test_a_database_that_is_away_for_a_moment(
    tmp_path: Path, clean: None, monkeypatch: pytest.MonkeyPatch, real_part: Callable[[str], str]
) -> None:
    """Stock clients do not come back from a refusal: what may pass in a moment is none."""
    async with serve(tmp_path) as served:
        token = await served.token()
        link = (await served.room(token))["link"]
        python = await PythonBot.join(served.url, "Pia", link, token, "websocket")
        node = await NodeBot.join(real_part("node"), tmp_path, served.url, "Noah", link, await served.token())
        asked = 0

        async def away(_admissions: Admissions, _asking: Asking) -> Admitted:
            nonlocal asked
            asked += 1
            raise Refused("unavailable", retry_after=1.0)

        try:
            with monkeypatch.context() as patch:
                patch.setattr(Admissions, "admit", away)
                for session in list(served.house.edge.engine.sessions.values()):
                    session.cut()
                await eventually(lambda: asked >= 4, "both to try again and again")
            await asyncio.gather(python.talk(EACH), node.talk(EACH))
        finally:
            await python.stop()
            await node.stop()
        assert python.faults + node.faults == []
