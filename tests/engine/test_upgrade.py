"""From long-polling to a WebSocket: nothing is lost, doubled or out of order, and whoever does not arrive stays."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import orjson
import pytest

from salon.core.engine import frames, websocket
from salon.core.engine.session import NO_HEADERS, Session
from salon.core.engine.websocket import WebSocketProtocol
from tests.engine.stand import WEBSOCKET, Poller, Stand
from tests.support.pipe import Pipe
from tests.support.recorder import PATIENCE, eventually

pytestmark = pytest.mark.feature("C1", "R8")


async def probe(stand: Stand, poller: Poller) -> Pipe:
    """A WebSocket beside the polling, which the server has answered."""
    pipe = await stand.pipe()
    assert (await pipe.upgrade(f"{WEBSOCKET}&sid={poller.sid}")).status == 101
    pipe.send("2probe")
    assert await pipe.text() == "3probe"
    return pipe


def session_of(stand: Stand, poller: Poller) -> Session:
    return stand.engine.sessions[poller.sid]


async def test_an_upgrade(stand: Stand) -> None:
    poller = await stand.poller()
    waiting = await poller.waiting()
    pipe = await probe(stand, poller)
    assert (await waiting).packets == ["6"], "the request that waits is let go of"
    stand.echo.tell("between")
    assert session_of(stand, poller).transport == "polling"
    pipe.send("5")
    pipe.send('421["by the new way"]')
    # What waited for a request comes first.
    assert await pipe.text() == '42["told","between"]'
    assert await pipe.text() == '431[["by the new way"]]'
    assert session_of(stand, poller).transport == "websocket"
    # The old way is closed, and leads to nobody's end.
    assert (await poller.fetch()).status == 400
    assert (await poller.send(b"4")).status == 400
    other = await stand.pipe()
    assert (await other.upgrade(f"{WEBSOCKET}&sid={poller.sid}")).status == 400
    stand.echo.tell("still there")
    assert await pipe.text() == '42["told","still there"]'


async def test_a_request_after_the_probe_does_not_wait(stand: Stand) -> None:
    """A client may ask once more before it reads of the probe, and goes on only when that request has its answer."""
    poller = await stand.poller()
    pipe = await probe(stand, poller)
    assert await poller.get() == ["6"]
    assert await poller.get() == ["6"]
    pipe.send("5")
    stand.echo.tell("here")
    assert await pipe.text() == '42["told","here"]'


async def test_a_request_that_waits_when_the_client_goes_on(stand: Stand) -> None:
    poller = await stand.poller()
    pipe = await probe(stand, poller)
    waiting = asyncio.create_task(poller.fetch())
    await eventually(lambda: poller.transport.fetching, "the request")
    pipe.send("5")
    await waiting
    stand.echo.tell("one")
    assert await pipe.text() == '42["told","one"]'


async def test_a_probe_that_stays_one(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket, "UPGRADE_SECONDS", 0.2)
    poller = await stand.poller()
    silent = await stand.pipe()
    await silent.upgrade(f"{WEBSOCKET}&sid={poller.sid}")
    probing = await probe(stand, poller)
    assert await silent.ended() == b""
    assert await probing.ended() == b""
    # Polling goes on as if nothing had been: requests wait again.
    waiting = await poller.waiting()
    await poller.post('421["x"]')
    assert (await waiting).packets == ['431[["x"]]']


@pytest.mark.parametrize("word", ["4", '42["x"]', "5 ", "probe", "1", ""])
async def test_other_words_than_a_probe(stand: Stand, word: str) -> None:
    poller = await stand.poller()
    pipe = await stand.pipe()
    await pipe.upgrade(f"{WEBSOCKET}&sid={poller.sid}")
    pipe.send(word)
    assert await pipe.ended() == b""
    assert session_of(stand, poller).transport == "polling"


async def test_a_broken_frame_instead_of_a_probe(stand: Stand) -> None:
    poller = await stand.poller()
    pipe = await stand.pipe()
    await pipe.upgrade(f"{WEBSOCKET}&sid={poller.sid}")
    pipe.write(frames.frame(b"2probe"))
    assert await pipe.frame() == (frames.CLOSE, b"\x03\xea")
    assert session_of(stand, poller).transport == "polling"


async def test_two_upgrades_at_once(stand: Stand) -> None:
    """The first to arrive has it; the other is turned away and takes nothing along."""
    poller = await stand.poller()
    first, second = await probe(stand, poller), await probe(stand, poller)
    second.send("5")
    await eventually(lambda: session_of(stand, poller).transport == "websocket", "the upgrade")
    first.send("5")
    assert await first.ended() == b""
    stand.echo.tell("here")
    assert await second.text() == '42["told","here"]'
    assert stand.echo.ended_ids == []


async def test_closed_before_the_upgrade_is_done(stand: Stand) -> None:
    pollers = [await stand.poller() for _ in range(3)]
    by_client, by_server, cut = [await probe(stand, poller) for poller in pollers]
    sessions = [session_of(stand, poller) for poller in pollers]
    await pollers[0].post("1")
    sessions[1].disconnect()
    sessions[2].cut()
    for pipe in (by_client, by_server, cut):
        pipe.send("5")
        assert await pipe.ended() == b""
    assert stand.engine.sessions == {}
    # Its last words can still be fetched by the way that it knows.
    assert await pollers[1].get() == ["41"]
    assert len(stand.echo.ended_ids) == 3


async def test_the_new_way_breaks_before_it_is_taken(stand: Stand) -> None:
    poller = await stand.poller()
    pipe = await probe(stand, poller)
    pipe.abort()
    await eventually(lambda: len(stand.state.connections) == 0, "the end of the connection")
    stand.echo.tell("by the old way")
    assert await poller.get() == ['42["told","by the old way"]']


async def test_asked_by_polling_answered_by_the_websocket(stand: Stand) -> None:
    """The upgrade happens while the application thinks about letting the client in."""
    poller = await stand.poller(joined=False)
    await poller.post('40"later"')
    pipe = await probe(stand, poller)
    pipe.send("5")
    session = session_of(stand, poller)
    await eventually(lambda: session.transport == "websocket", "the upgrade")
    stand.echo.let_in(session)
    assert (await pipe.text()).startswith("40{")


@pytest.mark.feature("R5")
async def test_who_asks_by_the_websocket_first(stand: Stand) -> None:
    """A browser names its origin when it asks for the WebSocket, and not in the request before: that counts."""
    poller = await stand.poller(joined=False)
    pipe = await stand.pipe()
    headers = ("Origin: http://page.example", "Cookie: a=b")
    assert (await pipe.upgrade(f"{WEBSOCKET}&sid={poller.sid}", *headers)).status == 101
    pipe.send("2probe")
    assert await pipe.text() == "3probe"
    pipe.send("5")
    pipe.send('40"later"')
    await eventually(lambda: stand.echo.asked, "the question")
    ((session, _),) = stand.echo.asked
    assert (session.headers.get("origin"), session.headers.get("cookie")) == ("http://page.example", "a=b")
    stand.echo.let_in(session)
    assert list(session.headers) == []


async def test_much_that_waits_goes_along(stand: Stand) -> None:
    """More than may usually wait: a welcome that was allowed, and what came after it."""
    poller = await stand.poller()
    pipe = await probe(stand, poller)
    session = session_of(stand, poller)
    session.write_large(frames.frame(b"4" + b"s" * 2_000_000))
    for number in range(20):
        stand.echo.tell([number, "x" * 10_000])
    pipe.send("5")
    assert len(await pipe.text()) == 2_000_001
    for number in range(20):
        assert (await pipe.text()).startswith(f'42["told",[{number},')


async def test_too_much_stays_too_much(stand: Stand) -> None:
    """Who has fallen behind is not saved by an upgrade: something is missing already."""
    stand.engine.limits = replace(stand.engine.limits, unsent=10_000)
    poller = await stand.poller()
    pipe = await probe(stand, poller)
    pipe.send("5")
    session = session_of(stand, poller)
    # In one step, between two of the loop: the limit, one that is dropped, and the upgrade before the cut.
    stand.echo.tell("x" * 11_000)
    stand.echo.tell("this one is dropped")
    (connection,) = [each for each in _connections(stand) if each._upgrading is session]
    session.upgrade(connection, NO_HEADERS)
    stand.echo.tell("and this one must not hide it")
    await eventually(lambda: session.closed, "the cut")
    assert b"must not" not in await pipe.ended()


def _connections(stand: Stand) -> list[WebSocketProtocol]:
    connections: set[object] = set(stand.state.connections)
    return [each for each in connections if isinstance(each, WebSocketProtocol)]


COUNT = 60
"""Events of each client by each of the two ways."""


class Climber:
    """Polls, sends, upgrades and goes on, as engine.io-client does it."""

    def __init__(self, stand: Stand, number: int, poller: Poller) -> None:
        self._stand = stand
        self._number = number
        self._poller = poller
        self._polling = True
        self.heard: list[int] = []

    def said(self, packets: list[str]) -> None:
        for packet in packets:
            if packet.startswith('42["told",'):
                self.heard.append(orjson.loads(packet[2:])[1])

    async def poll(self) -> None:
        while self._polling:
            self.said(await self._poller.get())

    async def climb(self) -> None:
        polling = asyncio.create_task(self.poll())
        for first in range(0, COUNT, 6):
            await self._poller.post(*(self.event(first + each) for each in range(6)))
        pipe = await probe(self._stand, self._poller)
        self._polling = False
        await polling
        pipe.send("5")
        for each in range(COUNT):
            pipe.send(self.event(COUNT + each))
        while not self.heard or self.heard[-1] != -1:
            self.said([await pipe.text()])

    def event(self, count: int) -> str:
        return f'42["say",{self._number},{count}]'


async def test_fifty_upgrades_under_load(stand: Stand) -> None:
    stand.engine.limits = replace(stand.engine.limits, messages=100_000, messages_at_once=10_000)
    climbers = [Climber(stand, number, await stand.poller()) for number in range(50)]
    climbing = asyncio.gather(*(climber.climb() for climber in climbers))
    told = 0
    async with asyncio.timeout(PATIENCE * 2):
        while len(stand.of("websocket")) < len(climbers) or len(stand.echo.heard) < len(climbers) * 2 * COUNT:
            stand.echo.tell(told)
            told += 1
            await asyncio.sleep(0.002)
        stand.echo.tell(-1)
        await climbing
    for climber in climbers:
        assert climber.heard == [*range(told), -1]
    for number in range(len(climbers)):
        said = [count for _, who, count in stand.echo.heard if who == number]
        assert said == list(range(2 * COUNT))
    assert told > 20, "there was load"
