"""One client that says as much as it can: it is slowed down, and the requests of the others go on.

Nothing is measured in seconds. Of a flood, no more may be taken than the limits allow in the time that passed, however
much or little that was, and somebody else completes all of their rounds meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from salon.core.engine import frames
from salon.core.engine.websocket import WebSocketProtocol
from tests.engine.stand import POLLING, Stand
from tests.support.pipe import SEPARATOR, Pipe, masked
from tests.support.recorder import PATIENCE, eventually

pytestmark = pytest.mark.feature("C1", "R8")

ROUNDS = 150
AT_ONCE, A_SECOND = 200, 50


@pytest.fixture(autouse=True)
def slower(stand: Stand) -> None:
    stand.engine.limits = replace(stand.engine.limits, messages_at_once=AT_ONCE, messages=A_SECOND)


class Counter:
    """How many frames were taken of each connection."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.taken: dict[Any, int] = {}
        take = WebSocketProtocol._take

        def counting(connection: WebSocketProtocol, opcode: int, payload: bytes) -> None:
            self.taken[connection] = self.taken.get(connection, 0) + 1
            take(connection, opcode, payload)

        patch.setattr(WebSocketProtocol, "_take", counting)


@asynccontextmanager
async def somebody_else(stand: Stand) -> AsyncIterator[None]:
    """Completes its rounds while this lasts, all within its own allowance."""
    other = await stand.member()
    yield
    for number in range(ROUNDS):
        other.send(f'42{number}["round"]')
        assert await other.text() == f'43{number}[["round"]]'


@asynccontextmanager
async def endless(stand: Stand, pipe: Pipe, data: bytes) -> AsyncIterator[None]:
    """Meanwhile, send it as fast as the server takes it."""

    async def flood() -> None:
        while True:
            pipe.write(data)
            await pipe.writer.drain()

    flooding = asyncio.create_task(flood())
    try:
        yield
    finally:
        flooding.cancel()
        await asyncio.wait([flooding])
        # What it has sent would be gone through first, at its pace: its heartbeat would end it before.
        for session in list(stand.engine.sessions.values()):
            session.cut()


FLOODS = {
    "requests": masked('421["x",{}]') * 200,
    "junk": masked("#") * 200,
    "no packets": masked("49") * 200,
    "binary": masked(b"\0" * 50) * 200,
    "pings": masked(b"p", frames.PING) * 200,
    "pongs": masked(b"p", frames.PONG) * 200,
    "pieces": masked("", final=False) + masked("", 0x0, final=False) * 200,
    "heartbeats": masked("3") * 200,
    "connects": masked("40") * 200,
    "other namespaces": masked("40/x,") * 200,
    "large": masked('42["' + "x" * 120_000 + '"]'),
}


@pytest.mark.parametrize("kind", FLOODS)
async def test_a_flood(stand: Stand, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    counter = Counter(monkeypatch)
    loop = asyncio.get_running_loop()
    pipe = await stand.websocket()
    (flooder,) = list(stand.state.connections)
    began = loop.time()
    async with endless(stand, pipe, FLOODS[kind]), somebody_else(stand):
        await eventually(lambda: counter.taken.get(flooder, 0) >= AT_ONCE, "the flood")
    assert counter.taken[flooder] <= AT_ONCE + A_SECOND * (loop.time() - began) + 1


async def test_what_is_not_taken_stays_with_the_client(stand: Stand) -> None:
    """The server keeps what one reading brought, and no more."""
    pipe = await stand.member()
    (connection,) = list(stand.state.connections)
    most = 0
    async with endless(stand, pipe, masked("#" * 1000) * 50):
        for _ in range(100):
            await asyncio.sleep(0.002)
            most = max(most, connection._reader.waiting)  # type: ignore[union-attr]
    assert 0 < most <= 300_000


async def test_pings_whose_answers_are_not_read(stand: Stand) -> None:
    """What is answered counts as what is told: beyond the limit the client is gone."""
    stand.engine.limits = replace(stand.engine.limits, unsent=1000, messages=100_000)
    pipe = await stand.member(window=4096)
    pipe.stop_reading()
    async with endless(stand, pipe, masked(b"p" * 125, frames.PING) * 20):
        await eventually(lambda: not stand.engine.sessions, "the end")


async def test_a_flood_of_sessions_by_polling(stand: Stand) -> None:
    """Each costs no more than its handshake, and is gone when it does not ask to come in."""
    stand.engine.limits = replace(stand.engine.limits, connect=0.2)
    async with somebody_else(stand):
        await asyncio.gather(*(stand.ask("GET", POLLING) for _ in range(100)))
    await eventually(lambda: len(stand.engine.sessions) == 1, "the end of those who never came in")


async def test_a_flood_of_packets_in_requests(stand: Stand) -> None:
    async with somebody_else(stand):
        pollers = [await stand.poller() for _ in range(4)]
        body = SEPARATOR.join(["2"] * 40_000).encode()
        for poller in pollers:
            assert (await poller.send(body)).status == 400
            assert (await poller.fetch()).status == 400


async def test_many_at_once_are_heard_in_the_order_of_each(stand: Stand) -> None:
    """Slowing down drops nothing and changes no order."""
    stand.engine.limits = replace(stand.engine.limits, messages=2000)
    pipes = [await stand.member() for _ in range(5)]
    for number, pipe in enumerate(pipes):
        pipe.write(b"".join(masked(f'42["say",{number},{count}]') for count in range(400)))
    async with asyncio.timeout(PATIENCE):
        await eventually(lambda: len(stand.echo.heard) == 2000, "all of it")
    for number in range(5):
        assert [count for _, who, count in stand.echo.heard if who == number] == list(range(400))
