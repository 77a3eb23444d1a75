"""Who does not answer is gone, who does stays; who never asks to come in need not stay."""

from __future__ import annotations

from dataclasses import replace

import pytest
import socketio

from salon.core.engine.session import Session
from tests.engine.stand import Stand
from tests.support.recorder import eventually

pytestmark = pytest.mark.feature("R8", "P3")


def limit(stand: Stand, **limits: float) -> None:
    stand.engine.limits = replace(stand.engine.limits, **limits)  # type: ignore[arg-type]


def beat(stand: Stand, *, timeout: float) -> None:
    """From now on, a ping twenty times a second, to those who are there as well."""
    limit(stand, ping_interval=0.05, ping_timeout=timeout)
    for session in stand.engine.sessions.values():
        session._ping_at = 0


def only(stand: Stand) -> Session:
    (session,) = stand.engine.sessions.values()
    return session


async def test_to_the_second(stand: Stand) -> None:
    """With the usual limits and a clock of our own: the server's own pulse finds nothing to do in that time."""
    pipe = await stand.member()
    session, began = only(stand), stand.engine.now()
    session.check(began + 24.9)
    session.check(began + 25.5)
    session.check(began + 45.4)
    assert await pipe.frame() == (1, b"2"), "one ping"
    pipe.send("3")
    pipe.send('421["said"]')
    assert await pipe.text() == '431[["said"]]', "what came before has been read"
    session.check(began + 50.4)
    session.check(began + 50.6)
    assert await pipe.frame() == (1, b"2"), "25 seconds after the one before"
    session.check(began + 70.5)
    assert len(stand.engine.sessions) == 1
    session.check(began + 70.7)
    assert stand.engine.sessions == {}
    assert await pipe.ended() == b""
    assert stand.echo.ended_ids == [session.id]


async def test_whoever_answers_stays(stand: Stand) -> None:
    pipe, poller = await stand.member(), await stand.poller()
    beat(stand, timeout=10)
    for _ in range(5):
        assert await pipe.frame() == (1, b"2")
        pipe.send("3")
        assert await poller.get() == ["2"]
        await poller.post("3")
    assert len(stand.engine.sessions) == 2


async def test_whoever_does_not_is_gone(stand: Stand) -> None:
    pipe, poller = await stand.member(), await stand.poller()
    waiting = await poller.waiting()
    beat(stand, timeout=0.1)
    await eventually(lambda: not stand.engine.sessions, "the end of both")
    assert (await waiting).packets == ["2"]
    assert await pipe.ended() == b"\x81\x012"
    assert (await poller.fetch()).status == 400


async def test_whoever_never_asks_to_come_in(stand: Stand) -> None:
    limit(stand, connect=0.2)
    pipe, refused = await stand.websocket(), await stand.websocket()
    poller = await stand.poller(joined=False)
    refused.send('40"refuse"')
    assert (await refused.text()).startswith("44{")
    thinking = await stand.websocket()
    thinking.send('40"later"')
    member = await stand.member()
    assert await pipe.ended() == b""
    assert await refused.ended() == b""
    await eventually(lambda: poller.sid not in stand.engine.sessions, "the end of the poller")
    # Whom the application is thinking about, and who is in, may stay.
    member.send('421["x"]')
    assert await member.text() == '431[["x"]]'
    stand.echo.let_in(stand.echo.asked[1][0])
    assert (await thinking.text()).startswith("40{")


async def test_the_heartbeat_goes_along_when_the_transport_changes(stand: Stand) -> None:
    """A ping that waits for a request is answered by the WebSocket."""
    poller = await stand.poller()
    session = only(stand)
    beat(stand, timeout=10)
    await eventually(lambda: session.carrier.unsent() > 0, "a ping")
    pipe = await stand.pipe()
    await pipe.upgrade(f"/socket.io/?EIO=4&transport=websocket&sid={poller.sid}")
    pipe.send("2probe")
    pipe.send("5")
    assert await pipe.frame() == (1, b"3probe")
    for _ in range(3):
        assert await pipe.frame() == (1, b"2")
        pipe.send("3")
    assert not session.closed


@pytest.mark.parametrize("transport", ["websocket", "polling"])
async def test_the_stock_client_answers(stand: Stand, transport: str) -> None:
    limit(stand, ping_interval=0.05, ping_timeout=10)
    client = socketio.AsyncClient(reconnection=False)
    await client.connect(stand.url, transports=[transport])
    session = only(stand)
    answered = 0
    receive = Session.receive

    def count(self: Session, text: str) -> None:
        nonlocal answered
        answered += text == "3"
        receive(self, text)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Session, "receive", count)
        await eventually(lambda: answered >= 3, "answers")
    assert not session.closed
    assert await client.call("x", 1) == ["x", 1]
    await client.disconnect()


async def test_the_stock_client_notices_that_the_server_is_silent(stand: Stand) -> None:
    """It was told how long to wait for a ping."""
    limit(stand, ping_interval=0.2, ping_timeout=0.2)
    client = socketio.AsyncClient(reconnection=False)
    ends: list[str] = []
    client.on("disconnect", ends.append)
    await client.connect(stand.url, transports=["websocket"])
    # From here on the server would wait for ever, but the client was told otherwise.
    only(stand)._ping_at += 3600
    await eventually(lambda: ends, "the client's patience")
    await client.disconnect()
