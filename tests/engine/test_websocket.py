"""WebSockets, from the first byte to the last, by hand."""

from __future__ import annotations

import pytest

from salon.core.engine import frames
from salon.core.engine.websocket import WebSocketProtocol
from tests.engine.stand import POLLING, WEBSOCKET, Stand
from tests.support.pipe import KEY, masked
from tests.support.recorder import eventually

pytestmark = pytest.mark.feature("C1")

UPGRADE = ["Upgrade: websocket", "Connection: keep-alive, Upgrade"]


async def test_the_handshake(stand: Stand) -> None:
    pipe = await stand.pipe()
    offers = ["Sec-WebSocket-Extensions: permessage-deflate", "Sec-WebSocket-Protocol: a, b", "Origin: http://x"]
    answer = await pipe.upgrade(WEBSOCKET, *offers)
    assert answer.status == 101
    # The example of RFC 6455 §1.3. Nothing that was offered is agreed on.
    assert answer.headers == {
        "upgrade": "websocket",
        "connection": "Upgrade",
        "sec-websocket-accept": "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
    }
    opened = await pipe.text()
    (session,) = stand.engine.sessions.values()
    assert opened == (
        '0{"sid":"' + session.sid + '","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":131072}'
    )


NOT_OPENED = [
    ("GET", "/socket.io/?transport=websocket", [KEY], 400),
    ("GET", "/socket.io/?EIO=3&transport=websocket", [KEY], 400),
    ("GET", "/socket.io/?EIO=4", [KEY], 400),
    ("GET", POLLING, [KEY], 400),
    ("GET", f"{WEBSOCKET}&sid=unknown", [KEY], 400),
    ("GET", f"{WEBSOCKET}&sid=", [KEY], 101),
    ("GET", f"{WEBSOCKET}&sid=a%0d%0aX-Injected:%201%0d%0a", [KEY], 400),
    ("GET", f"{WEBSOCKET}&" + "&".join(f"f{each}=1" for each in range(30)), [KEY], 400),
    ("GET", "/socket.io/more?EIO=4&transport=websocket", [KEY], 404),
    ("GET", "/?EIO=4&transport=websocket", [KEY], 404),
    ("GET", "/socket.io", [KEY], 400),
    ("POST", WEBSOCKET, [KEY], 405),
    ("GET", WEBSOCKET, [], 426),
    ("GET", WEBSOCKET, [KEY.replace("13", "8")], 426),
    ("GET", WEBSOCKET, ["Sec-WebSocket-Version: 13"], 400),
    ("GET", WEBSOCKET, ["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: c2hvcnQ="], 400),
    ("GET", WEBSOCKET, ["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=!"], 400),
    ("GET", WEBSOCKET, ["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZé=="], 400),
]


@pytest.mark.parametrize(("method", "target", "headers", "status"), NOT_OPENED)
async def test_what_is_no_handshake(stand: Stand, method: str, target: str, headers: list[str], status: int) -> None:
    pipe = await stand.pipe()
    pipe.ask(method, target, None, *UPGRADE, *headers)
    answer = await pipe.head()
    assert answer.status == status
    if status != 101:
        assert stand.engine.sessions == {}
        assert set(answer.headers) <= {"connection", "content-length", "sec-websocket-version"}
        assert await pipe.ended() == b""


async def test_a_head_without_end_is_refused(stand: Stand) -> None:
    pipe = await stand.pipe()
    pipe.write(b"GET /socket.io/?x=")
    for _ in range(40):
        pipe.write(b"y" * 8192)
    assert (await pipe.head()).status == 431


@pytest.mark.parametrize("upgrade", [[], [*UPGRADE, KEY]])
@pytest.mark.parametrize(
    ("more", "status"),
    [
        ([f"X-{each}: x" for each in range(90)], 200),
        ([f"X-{each}: x" for each in range(101)], 400),
        (["X: " + "x" * 30_000], 200),
        (["X: " + "x" * 33_000], 400),
    ],
)
async def test_a_large_head(stand: Stand, upgrade: list[str], more: list[str], status: int) -> None:
    """It would be kept until the client has come in."""
    pipe = await stand.pipe()
    pipe.ask("GET", WEBSOCKET if upgrade else POLLING, None, *upgrade, *more)
    assert (await pipe.head()).status == (101 if upgrade and status == 200 else status)
    assert len(stand.engine.sessions) == (0 if status == 400 else 1)


async def test_an_upgrade_within_a_waiting_request_ends_both(stand: Stand) -> None:
    """Or the answer to the request would be written between the frames."""
    poller = await stand.poller()
    pipe = await stand.pipe()
    pipe.ask("GET", poller.path)
    await eventually(lambda: poller.transport.fetching, "the request")
    pipe.ask("GET", WEBSOCKET, None, *UPGRADE, KEY)
    assert await pipe.ended() == b""
    await eventually(lambda: not stand.engine.sessions, "the end of the session")


async def test_messages_pieces_and_pings(stand: Stand) -> None:
    pipe = await stand.member()
    pipe.send('421["a",', frames.TEXT, final=False)
    pipe.send(b"between", frames.PING)
    pipe.send(b"", frames.CONTINUATION, final=False)
    pipe.send(b"unasked for", frames.PONG)
    pipe.send('"é"]'.encode(), frames.CONTINUATION)
    assert await pipe.frame() == (frames.PONG, b"between")
    assert await pipe.text() == '431[["a","é"]]'
    # Several in one packet of the network, and one in several.
    pipe.write(masked('422["b"]') + masked(b"\0\1binary") + masked('423["c"]'))
    assert [await pipe.text(), await pipe.text()] == ['432[["b"]]', '433[["c"]]']
    await pipe.trickle(masked('424["d"]'), 0.001)
    assert await pipe.text() == '434[["d"]]'
    assert stand.echo.heard == [["a", "é"], ["b"], ["c"], ["d"]]


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (masked(b"", frames.CLOSE), 1000),
        (masked(b"\x03\xe9bye", frames.CLOSE), 1001),
        (masked(b"\x0f\xa0", frames.CLOSE), 4000),
        (masked(b"\x03", frames.CLOSE), 1002),
        (masked(b"\x03\xed", frames.CLOSE), 1002),
        (masked(b"\x03\xe8\xff", frames.CLOSE), 1007),
        (frames.frame(b"2"), 1002),
        (masked(b"x", 0xB), 1002),
        (masked(b"x", frames.CONTINUATION), 1002),
        (masked(b"x", frames.TEXT, final=False) + masked(b"y", frames.TEXT), 1002),
        (masked(b"x" * 126, frames.PING), 1002),
        (masked(b"\xff\xfe", frames.TEXT), 1007),
        (masked(b"\xed\xa0\x80", frames.TEXT), 1007),
        (bytes([0x81, 0xFF]) + (131073).to_bytes(8, "big"), 1009),
    ],
)
async def test_how_it_closes(stand: Stand, sent: bytes, code: int) -> None:
    pipe = await stand.member()
    pipe.write(sent + masked('421["too late"]'))
    assert await pipe.frame() == (frames.CLOSE, code.to_bytes(2, "big"))
    assert await pipe.ended() == b""
    assert stand.echo.heard == []
    assert len(stand.echo.ended_ids) == 1


@pytest.mark.parametrize("word", ["1", "41"])
async def test_a_client_leaves(stand: Stand, word: str) -> None:
    pipe = await stand.member()
    pipe.send(word)
    assert await pipe.ended() == b""
    assert len(stand.echo.ended_ids) == 1


async def test_half_a_connection_is_none(stand: Stand) -> None:
    pipe = await stand.member()
    pipe.writer.write_eof()
    await pipe.ended()
    await eventually(lambda: not stand.engine.sessions, "the end")


async def test_who_was_refused_may_ask_again(stand: Stand) -> None:
    pipe = await stand.websocket()
    pipe.send('421["before"]')
    pipe.send('40"refuse"')
    assert await pipe.text() == '44{"message":"no","data":{"code":"refused"}}'
    pipe.send("40/other,{}")
    assert await pipe.text() == '44/other,{"message":"Invalid namespace"}'
    pipe.send("40")
    assert await pipe.text() == '40{"sid":"' + next(iter(stand.echo.members)) + '"}'
    pipe.send("40")
    pipe.send('422["after"]')
    assert await pipe.text() == '432[["after"]]'
    assert (len(stand.echo.asked), stand.echo.heard) == (2, [["after"]])


async def test_gone_while_it_was_looked_up(stand: Stand) -> None:
    pipe = await stand.websocket()
    pipe.send('40"later"')
    await eventually(lambda: stand.echo.asked, "the question")
    ((session, _),) = stand.echo.asked
    pipe.abort()
    await eventually(lambda: session.closed, "the end")
    # The answer comes now, by whatever way: nothing happens.
    session.accept("x")
    session.refuse("no", None)
    session.write(b"x")
    session.write_large(b"x" * 100_000)
    session.disconnect()
    session.close()
    session.cut()
    assert (session.user, session.closed, stand.echo.ended_ids) == (None, True, [session.id])
    assert stand.engine.sessions == {}


async def test_the_server_ends_it(stand: Stand) -> None:
    ends = [await stand.member() for _ in range(4)]
    one, two, three, four = stand.echo.members.values()
    one.disconnect()
    assert await ends[0].text() == "41"
    assert await ends[0].ended() == b""
    two.close()
    assert await ends[1].ended() == b""
    three.cut()
    assert await ends[2].ended() == b""
    for connection in list(stand.state.connections):
        connection.shutdown()
    assert await ends[3].frame() == (frames.CLOSE, b"\x03\xe9")
    assert four.closed


async def test_what_was_said_last_arrives(stand: Stand) -> None:
    """Also when it is much, and the client slow: it gets a few seconds for it."""
    pipe = await stand.member(window=4096)
    (session,) = stand.echo.members.values()
    session.write_large(frames.frame(b"x" * 1_000_000))
    session.disconnect()
    opcode, payload = await pipe.frame()
    assert (opcode, len(payload)) == (frames.TEXT, 1_000_000)
    assert await pipe.text() == "41"
    assert await pipe.ended() == b""


async def test_while_the_server_stops_nobody_new_comes_in(stand: Stand) -> None:
    """A client that were let in now would be cut off at once. Refused so, stock clients try again."""
    stand.engine.stop()
    pipe = await stand.pipe()
    assert (await pipe.upgrade(WEBSOCKET)).status == 503
    assert (await stand.ask("GET", POLLING)).status == 503


async def test_one_fault_stops_no_pulse(
    stand: Stand, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Everybody's heartbeat hangs on it."""
    for _ in range(2):
        await stand.member()
    first, second = stand.echo.members.values()
    looked_at: list[object] = []

    def is_stuck(transport: WebSocketProtocol, _now: float) -> bool:
        looked_at.append(transport)
        if transport is first.carrier:
            raise RuntimeError("a fault")
        return False

    monkeypatch.setattr(WebSocketProtocol, "is_stuck", is_stuck)
    await eventually(lambda: looked_at.count(second.carrier) >= 2, "the pulse")
    assert looked_at.count(first.carrier) >= 2
    caplog.clear()
