"""Long-polling, as the Engine.IO protocol has it, and what its clients must not do."""

from __future__ import annotations

import asyncio
import json
import socket
from dataclasses import replace

import pytest

from salon.core.engine import frames
from tests.engine.stand import POLLING, WEBSOCKET, Stand
from tests.support.pipe import SEPARATOR
from tests.support.recorder import eventually

pytestmark = pytest.mark.feature("C1")


async def test_the_handshake(stand: Stand) -> None:
    answer = await stand.ask("GET", POLLING)
    (session,) = stand.engine.sessions.values()
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    (opened,) = answer.packets
    assert json.loads(opened[1:]) == {
        "sid": session.sid,
        "upgrades": ["websocket"],
        "pingInterval": 25000,
        "pingTimeout": 20000,
        "maxPayload": 131072,
    }


async def test_an_answer_is_one_piece(stand: Stand) -> None:
    """A connection that breaks does so before it or after it: python-engineio hangs when it has the head alone."""
    loop = asyncio.get_running_loop()
    with socket.create_connection(("127.0.0.1", stand.port)) as client:
        client.setblocking(False)
        for _ in range(20):
            await loop.sock_sendall(client, f"GET {POLLING} HTTP/1.1\r\nHost: here\r\n\r\n".encode())
            head, _, body = (await loop.sock_recv(client, 65536)).partition(b"\r\n\r\n")
            assert f"content-length: {len(body)}".encode() in head
            assert body.startswith(b"0{")
        for session in list(stand.engine.sessions.values()):
            session.cut()


async def test_a_body_that_waits_to_be_asked_for(stand: Stand) -> None:
    poller = await stand.poller()
    pipe = await stand.pipe()
    pipe.write(
        f"POST {poller.path} HTTP/1.1\r\nHost: here\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n".encode()
    )
    assert await pipe.read_until(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
    pipe.write(b"3")
    assert (await pipe.answer()).body == b"OK"


@pytest.mark.parametrize(
    ("method", "target", "code"),
    [
        ("GET", "/socket.io/?transport=polling", 5),
        ("GET", "/socket.io/?EIO=3&transport=polling", 5),
        ("GET", "/socket.io/?EIO=4", 0),
        ("GET", "/socket.io/?EIO=4&transport=flashsocket", 0),
        # A WebSocket without asking for one.
        ("GET", WEBSOCKET, 0),
        ("POST", POLLING, 2),
        ("PUT", POLLING, 2),
        ("GET", f"{POLLING}&sid=unknown", 1),
        ("GET", f"{POLLING}&sid=", 1),
        ("POST", f"{POLLING}&sid=unknown", 1),
        ("GET", f"{POLLING}&sid=%0d%0aX-Injected:1", 1),
    ],
)
async def test_what_is_no_request(stand: Stand, method: str, target: str, code: int) -> None:
    answer = await stand.ask(method, target, b"" if method != "GET" else None)
    assert (answer.status, json.loads(answer.body)["code"]) == (400, code)
    assert stand.engine.sessions == {}


async def test_other_methods(stand: Stand) -> None:
    poller = await stand.poller()
    assert (await stand.ask("DELETE", poller.path, b"")).status == 400
    await poller.post('421["still here"]')
    assert await poller.get() == ['431[["still here"]]']


async def test_packets_in_their_order(stand: Stand) -> None:
    poller = await stand.poller()
    await poller.post('421["a"]', "bAQID", "", "x", "4", '422["é\\u001e"]', '423["c"]')
    # Base64 would be an attachment, which no request has.
    assert await poller.get() == ['431[["a"]]', '432[["é\\u001e"]]', '433[["c"]]']
    waiting = await poller.waiting()
    for number in range(3):
        stand.echo.tell(number)
    assert (await waiting).packets == [f'42["told",{number}]' for number in range(3)]
    await poller.post("")
    assert stand.echo.heard == [["a"], ["é\x1e"], ["c"]]


async def test_as_many_packets_as_a_stock_client_takes(stand: Stand) -> None:
    """More than 16 in an answer and python-engineio begins anew, which brings as many again."""
    poller = await stand.poller()
    (session,) = stand.engine.sessions.values()
    for number in range(20):
        session.write(frames.frame(b"4%d" % number) + frames.frame(b"5%d" % number))
    came = [await poller.get() for _ in range(3)]
    assert [len(packets) for packets in came] == [16, 16, 8]
    assert [packet for packets in came for packet in packets] == [
        f"{kind}{number}" for number in range(20) for kind in (4, 5)
    ]


async def test_what_waits_when_it_ends_comes_in_parts_too(stand: Stand) -> None:
    poller = await stand.poller()
    (session,) = stand.engine.sessions.values()
    for number in range(20):
        session.write(frames.frame(b"4%d" % number))
    session.close()
    came = [*await poller.get(), *await poller.get()]
    assert came[:20] == [f"4{number}" for number in range(20)]
    assert (await poller.fetch()).status == 400


async def test_two_requests_at_once_end_it(stand: Stand) -> None:
    """Which of the two would get what?"""
    poller = await stand.poller()
    first = await poller.waiting()
    assert (await poller.fetch()).status == 400
    assert (await first).status == 400
    assert (await poller.fetch()).status == 400
    assert len(stand.echo.ended_ids) == 1


async def test_two_posts_at_once_end_it(stand: Stand) -> None:
    """In which order would they be?"""
    poller = await stand.poller()
    pipe = await stand.pipe()
    body = b'421["first"]'
    pipe.ask("POST", poller.path, None, f"Content-Length: {len(body)}")
    pipe.write(body[:5])
    await eventually(lambda: poller.transport.sending, "the first")
    assert (await poller.send(b'422["second"]')).status == 400
    pipe.write(body[5:])
    await pipe.answer()
    assert (await poller.fetch()).status == 400
    assert stand.echo.heard == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"42" + b"x" * 131_072, 413),
        (SEPARATOR.join(['42["x"]'] * 401).encode(), 400),
        (SEPARATOR.join(["2"] * 40_000).encode(), 400),
        (b'42["\xff"]', 400),
    ],
)
async def test_what_cannot_be_taken_ends_it(stand: Stand, body: bytes, status: int) -> None:
    poller = await stand.poller()
    answer = await poller.send(body)
    assert (answer.status, answer.headers["connection"]) == (status, "close")
    assert (await poller.fetch()).status == 400
    assert stand.echo.heard == []
    assert len(stand.echo.ended_ids) == 1


async def test_a_request_without_end_is_cut_short(stand: Stand) -> None:
    """By its size, before it has wholly come."""
    poller = await stand.poller()
    pipe = await stand.pipe()
    pipe.ask("POST", poller.path, None, "Transfer-Encoding: chunked")
    for _ in range(20):
        pipe.write(b"2000\r\n" + b"x" * 8192 + b"\r\n")
    assert (await pipe.head()).status == 413
    await pipe.ended()
    assert (await poller.fetch()).status == 400


async def test_the_last_words_wait_for_a_late_request(stand: Stand) -> None:
    poller = await stand.poller()
    (session,) = stand.echo.members.values()
    stand.echo.tell("before")
    session.disconnect()
    assert stand.engine.sessions == {}
    assert await poller.get() == ['42["told","before"]', "41"]
    assert (await poller.fetch()).status == 400


async def test_last_words_are_not_kept_for_ever(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("salon.core.engine.server.LINGER_SECONDS", 0.1)
    poller = await stand.poller()
    (session,) = stand.echo.members.values()
    session.disconnect()
    await eventually(lambda: stand.engine.find(poller.sid) is None, "the end of the last words")


async def test_last_words_to_a_request_that_waits(stand: Stand) -> None:
    poller = await stand.poller()
    waiting = await poller.waiting()
    (session,) = stand.echo.members.values()
    session.disconnect()
    assert (await waiting).packets == ["41"]
    assert stand.engine.find(poller.sid) is None


async def test_what_was_cut_has_no_last_words(stand: Stand) -> None:
    poller, other = await stand.poller(), await stand.poller()
    waiting = await poller.waiting()
    stand.echo.tell("lost")
    for session in list(stand.echo.members.values()):
        session.cut()
    assert (await waiting).status == 400
    assert (await other.fetch()).status == 400


@pytest.mark.parametrize("word", ["1", "41"])
async def test_a_client_leaves(stand: Stand, word: str) -> None:
    poller = await stand.poller()
    waiting = await poller.waiting()
    await poller.post(word)
    # The request that waits ends well, as the Engine.IO protocol's own tests have it.
    assert (await waiting).packets == ["6"]
    assert (await poller.fetch()).status == 400
    assert len(stand.echo.ended_ids) == 1


async def test_who_hangs_up_while_waiting_is_gone(stand: Stand) -> None:
    """And is not believed to be there until a heartbeat fails."""
    poller = await stand.poller()
    pipe = await stand.pipe()
    pipe.ask("GET", poller.path)
    await eventually(lambda: poller.transport.fetching, "the request")
    pipe.abort()
    await eventually(lambda: not stand.engine.sessions, "the end")


async def test_who_hangs_up_while_sending_is_gone(stand: Stand) -> None:
    poller = await stand.poller()
    pipe = await stand.pipe()
    pipe.ask("POST", poller.path, None, "Content-Length: 100")
    pipe.write(b'42["half')
    await eventually(lambda: poller.transport.sending, "the request")
    pipe.abort()
    await eventually(lambda: not stand.engine.sessions, "the end")
    assert stand.echo.heard == []


async def test_several_requests_on_one_connection(stand: Stand) -> None:
    poller = await stand.poller()
    pipe = await stand.pipe()
    for number in range(3):
        pipe.ask("POST", poller.path, f'42{number}["x"]'.encode())
        assert (await pipe.answer()).body == b"OK"
        pipe.ask("GET", poller.path)
        assert (await pipe.answer()).packets == [f'43{number}[["x"]]']


async def test_what_is_fetched_is_fetched_once_however_large(stand: Stand) -> None:
    poller = await stand.poller()
    (session,) = stand.echo.members.values()
    # More than the system takes at once for somebody: the rest waits in the server.
    session.write_large(frames.frame(b"4" + b"x" * 8_000_000))
    session.write(frames.frame(b"4after"))
    pipe = await stand.pipe(window=4096)
    pipe.ask("GET", poller.path)
    assert [len(packet) for packet in (await pipe.answer()).packets] == [8_000_001, 6]
    # Allowed was that one: what waits next is within the usual limit.
    stand.echo.tell("x" * stand.engine.limits.unsent)
    stand.echo.tell("too much")
    await eventually(lambda: session.closed, "the end")


async def test_a_request_that_comes_again_has_the_same_answer(stand: Stand) -> None:
    """HTTP clients repeat a GET by themselves when the connection breaks before the answer is there."""
    poller = await stand.poller()
    marked = f"{poller.path}&t=first"
    stand.echo.tell("once")
    pipe = await stand.pipe()
    pipe.ask("GET", marked)
    await eventually(lambda: poller.transport.unsent() == 0, "the answer")
    pipe.abort()
    stand.echo.tell("later")
    for _ in range(2):
        assert (await stand.ask("GET", marked)).packets == ['42["told","once"]']
    assert (await stand.ask("GET", f"{poller.path}&t=second")).packets == ['42["told","later"]']
    # Without a mark, each is a new one.
    for number in range(2):
        stand.echo.tell(number)
        assert await poller.get() == [f'42["told",{number}]']
    await poller.post("1")
    assert (await stand.ask("GET", f"{poller.path}&t=second")).status == 400


async def test_haste_is_slowed_down(stand: Stand) -> None:
    """The answer to what was too much at once comes later: by then it is made up for."""
    stand.engine.limits = replace(stand.engine.limits, messages=1000, messages_at_once=200)
    poller = await stand.poller()
    loop = asyncio.get_running_loop()
    began = loop.time()
    for _ in range(4):
        await poller.post(*['42["x"]'] * 200)
    # 800 packets, of which 200 may come at once: no sooner, whatever the machine does.
    assert loop.time() - began >= 0.55
    assert len(stand.echo.heard) == 800
