"""Who sends one byte at a time, or stops in the middle, holds a connection no longer than the limits say."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from salon.core.engine import http, websocket
from tests.engine.stand import POLLING, WEBSOCKET, Stand
from tests.support.pipe import KEY, Pipe, masked
from tests.support.recorder import eventually

pytestmark = pytest.mark.feature("C1", "R8")

SECONDS = 0.3
EVERY = 0.02
ENDLESS = 10_000
"""Bytes: far more than are sent until the end."""


@pytest.fixture(autouse=True)
def short(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in (
        (http, "HEAD_SECONDS"),
        (http, "BODY_SECONDS"),
        (websocket, "UPGRADE_SECONDS"),
        (websocket, "CLOSING_SECONDS"),
    ):
        monkeypatch.setattr(module, name, SECONDS)


def limit(stand: Stand, **limits: float) -> None:
    stand.engine.limits = replace(stand.engine.limits, **limits)  # type: ignore[arg-type]


@asynccontextmanager
async def others_go_on(stand: Stand) -> AsyncIterator[None]:
    """Somebody else asks and is answered, again and again, as long as it lasts."""
    limit(stand, messages=100_000)
    other = await stand.member()
    # The short heartbeat of others is not for it: a machine that is busy elsewhere must not end it.
    list(stand.echo.members.values())[-1]._ping_at += 3600
    rounds = 0

    async def ask() -> None:
        nonlocal rounds
        while True:
            other.send(f'42{rounds}["round"]')
            assert await other.text() == f'43{rounds}[["round"]]'
            rounds += 1
            await asyncio.sleep(EVERY)

    asking = asyncio.create_task(ask())
    try:
        yield
    finally:
        asking.cancel()
        await asyncio.wait([asking])
    assert rounds > 3


async def is_cut_off(stand: Stand, pipe: Pipe, data: bytes) -> None:
    async with others_go_on(stand):
        await eventually(lambda: len(stand.state.connections) == 2, "both connections")
        assert await pipe.trickle(data, EVERY) < len(data)
        await eventually(lambda: len(stand.state.connections) == 1, "the end of the connection")


async def test_a_connection_that_says_nothing(stand: Stand) -> None:
    await stand.pipe()
    await eventually(lambda: len(stand.state.connections) == 1, "the connection")
    await eventually(lambda: not stand.state.connections, "its end")


async def test_a_head(stand: Stand) -> None:
    pipe = await stand.pipe()
    await is_cut_off(stand, pipe, b"GET /socket.io/?EIO=4 HTTP/1.1\r\nX-More: " + b"x" * ENDLESS)


async def test_a_second_head_on_a_connection(stand: Stand) -> None:
    pipe = await stand.pipe()
    pipe.ask("GET", POLLING)
    assert (await pipe.answer()).status == 200
    await is_cut_off(stand, pipe, b"GET /" + b"x" * ENDLESS)


async def test_the_body_of_what_a_poller_sends(stand: Stand) -> None:
    limit(stand, request_time=SECONDS)
    poller = await stand.poller()
    pipe = await stand.pipe()
    pipe.ask("POST", poller.path, None, f"Content-Length: {ENDLESS}")
    await is_cut_off(stand, pipe, b"4" * ENDLESS)
    assert poller.sid not in stand.engine.sessions
    assert stand.echo.heard[-1] == ["round"], "only the other's"


async def test_any_small_body(stand: Stand) -> None:
    """Whoever reads it: here nobody does, for there is no such session."""
    limit(stand, request_time=3600)
    poller = await stand.poller()
    pipe = await stand.pipe()
    pipe.ask("POST", poller.path, None, f"Content-Length: {ENDLESS}")
    await is_cut_off(stand, pipe, b"4" * ENDLESS)
    await eventually(lambda: poller.sid not in stand.engine.sessions, "the end of who hung up")


async def beat(stand: Stand) -> None:
    limit(stand, ping_interval=0.05, ping_timeout=SECONDS)
    for session in stand.engine.sessions.values():
        session._ping_at = 0


async def upgrading(stand: Stand) -> Pipe:
    poller = await stand.poller()
    pipe = await stand.pipe()
    await pipe.upgrade(f"{WEBSOCKET}&sid={poller.sid}")
    return pipe


async def member(stand: Stand) -> Pipe:
    pipe = await stand.member()
    await beat(stand)
    return pipe


@pytest.mark.parametrize("coming", [member, upgrading])
@pytest.mark.parametrize("within", [b"", masked("4", final=False)])
async def test_a_frame(stand: Stand, coming: Callable[[Stand], Awaitable[Pipe]], within: bytes) -> None:
    """Within a frame, and within a message, there can be no answer to a heartbeat."""
    pipe = await coming(stand)
    pipe.write(within)
    await is_cut_off(stand, pipe, masked("4" * ENDLESS, 0x0 if within else 0x1))


async def test_pieces_without_end(stand: Stand) -> None:
    """As a message they never come to an end, and as frames they are slowed down."""
    pipe = await member(stand)
    async with others_go_on(stand):
        pipe.write(masked("4", final=False) + masked("", 0x0, final=False) * 100_000)
        await eventually(lambda: len(stand.of("websocket")) == 1, "the end")


async def test_who_does_not_take_the_last_words(stand: Stand) -> None:
    limit(stand, unsent=10_000_000)
    pipe = await stand.member(window=4096)
    pipe.stop_reading()
    (session,) = stand.echo.members.values()
    while session.carrier.unsent() < 100_000:
        stand.echo.tell("x" * 10_000)
    session.disconnect()
    await eventually(lambda: not stand.state.connections, "the end of the connection")


async def test_a_handshake_that_asks_for_more(stand: Stand) -> None:
    """What comes with the handshake, before its answer, is nobody's: RFC 6455 §4.1 has the client wait."""
    pipe = await stand.pipe()
    pipe.ask("GET", WEBSOCKET, b"4" * 100, "Upgrade: websocket", "Connection: Upgrade", KEY)
    assert (await pipe.head()).status in {101, 400}
