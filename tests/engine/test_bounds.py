"""What one client can cost: memory and time have a limit; beyond it the client is gone. The others notice nothing."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from salon.core.engine import frames, http, websocket
from salon.core.engine.session import Session
from tests.engine.stand import Stand
from tests.support.pipe import Pipe, masked
from tests.support.recorder import PATIENCE, eventually

pytestmark = pytest.mark.feature("C1", "R8")

UNSENT = 20_000
EVENT = 1000
WINDOW = 4096


@pytest.fixture(autouse=True)
def small(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket, "KERNEL_BUFFER", WINDOW)
    limit(stand, unsent=UNSENT)


def limit(stand: Stand, **limits: float) -> None:
    stand.engine.limits = replace(stand.engine.limits, **limits)  # type: ignore[arg-type]


def session_of(stand: Stand, at: int = -1) -> Session:
    return list(stand.echo.members.values())[at]


def stall(stand: Stand, session: Session) -> None:
    """Say things until some of them wait in the server itself, and not only in the system."""
    while session.carrier.unsent() < UNSENT // 2:
        session.write(frames.frame(b"4" + b"x" * EVENT))


async def test_those_who_do_not_read_are_cut_and_the_others_hear_everything(stand: Stand) -> None:
    reader = await stand.member()
    for _ in range(20):
        (await stand.member(window=WINDOW)).stop_reading()
    lazy = list(stand.echo.members.values())[1:]
    most = 0
    for number in range(300):
        stand.echo.tell([number, "x" * EVENT])
        most = max(most, *(session.carrier.unsent() for session in lazy))
        # In lockstep: whoever reads has each event before the next is told.
        assert (await reader.text()).startswith(f'42["told",[{number},')
    await eventually(lambda: all(session.closed for session in lazy), "the cuts")
    assert list(stand.echo.members) == [session_of(stand).id]
    assert most <= UNSENT + 2 * EVENT


async def test_what_comes_after_much_was_allowed_is_bounded_as_well(stand: Stand) -> None:
    """The allowance ends when the client begins to take it. What then waits is still too much, and stays so."""
    pipe = await stand.member(window=WINDOW)
    session = session_of(stand)
    carrier = session.carrier
    session.write_large(frames.frame(b"s" * 500_000))
    while carrier.unsent() <= UNSENT + 500_000:
        session.write(frames.frame(b"4" + b"x" * EVENT))
    # It takes what was allowed, and nothing more.
    assert len((await pipe.frame())[1]) == 500_000
    pipe.stop_reading()
    await eventually(lambda: carrier.unsent() < 100_000, "some room")
    for _ in range(200):
        session.write(frames.frame(b"4" + b"x" * EVENT))
    assert carrier.unsent() < 100_000
    await eventually(lambda: session.closed, "the cut")


@pytest.mark.parametrize("polling", [False, True])
async def test_one_snapshot_may_wait_not_many(stand: Stand, polling: bool) -> None:
    """Who asks again and again, and takes nothing, gets no more memory for it."""
    if polling:
        await stand.poller()
    else:
        (await stand.member(window=WINDOW)).stop_reading()
    session = session_of(stand)
    carrier = session.carrier
    most = 0
    for _ in range(50):
        session.write_large(frames.frame(b"s" * 300_000))
        most = max(most, carrier.unsent())
    assert 200_000 <= most <= UNSENT + 300_100
    await eventually(lambda: session.closed, "the cut")


async def test_one_snapshot_may_wait_also_when_it_is_kept_for_a_repeat(stand: Stand) -> None:
    poller = await stand.poller()
    session = session_of(stand)
    session.write_large(frames.frame(b"s" * 300_000))
    assert len((await stand.ask("GET", f"{poller.path}&t=1")).body) == 300_000
    # Until there is another request, it may not have arrived.
    session.write_large(frames.frame(b"s" * 300_000))
    await eventually(lambda: session.closed, "the cut")


@pytest.mark.parametrize("polling", [False, True])
async def test_a_snapshot_beyond_the_limit_arrives_and_so_does_what_follows(stand: Stand, polling: bool) -> None:
    """At a slow reader, too: it must not be cut off, come back, and be cut off again."""
    large = "s" * (20 * UNSENT)
    poller = await stand.poller() if polling else None
    pipe = await stand.pipe(WINDOW) if polling else await stand.member(window=WINDOW)
    session = session_of(stand)
    session.write_large(frames.frame(large.encode()))
    for number in range(10):
        stand.echo.tell([number, "x" * EVENT])
    if poller is not None:
        pipe.ask("GET", poller.path)
        told = (await pipe.answer()).packets
        pipe.ask("GET", poller.path)
    else:
        told = [await pipe.text() for _ in range(11)]
    assert told[0] == large
    assert [text[:13] for text in told[1:]] == [f'42["told",[{number},' for number in range(10)]
    stand.echo.tell("after")
    assert ((await pipe.answer()).packets if polling else [await pipe.text()]) == ['42["told","after"]']
    assert not session.closed


async def test_who_says_that_it_is_there_without_reading(stand: Stand) -> None:
    """The PING behind what waits has a payload that cannot be guessed."""
    limit(stand, stuck=0.3, ping_interval=0.05, ping_timeout=10)
    pipe = await stand.member(window=WINDOW)
    session = session_of(stand)
    pipe.stop_reading()
    stall(stand, session)
    async with asyncio.timeout(PATIENCE):
        while not session.closed:
            pipe.write(masked("3") + masked(b"guessed!", frames.PONG) + masked(b"", frames.PONG))
            await asyncio.sleep(0.02)
    assert stand.echo.ended_ids == [session.id]


async def test_who_reads_slowly_is_not_taken_for_that(stand: Stand) -> None:
    pipe = await stand.member(window=WINDOW)
    session = session_of(stand)
    now = stand.engine.now()
    for again in range(3):
        stall(stand, session)
        now += 10
        assert not session.carrier.is_stuck(now)
        while (frame := await pipe.frame())[0] != frames.PING:
            pass
        pipe.send(frame[1], frames.PONG)
        pipe.send(f'42{again}["read"]')
        assert await pipe.text() == f'43{again}[["read"]]'
        # Far later than it may have waited: the answer was here.
        now += stand.engine.limits.stuck + 1
        assert not session.carrier.is_stuck(now)


async def test_a_poller_that_never_fetches(stand: Stand) -> None:
    """Though it answers heartbeats that it has not seen."""
    limit(stand, stuck=0.3, ping_interval=0.05, ping_timeout=10)
    poller = await stand.poller()
    session = session_of(stand)
    async with asyncio.timeout(PATIENCE):
        while (await poller.send(b"3")).status == 200:  # noqa: ASYNC110  the client has nothing to wait for
            await asyncio.sleep(0.02)
    assert session.closed


async def test_a_poller_that_fetches_too_late(stand: Stand) -> None:
    await stand.poller()
    session = session_of(stand)
    for number in range(100):
        stand.echo.tell([number, "x" * EVENT])
        assert session.carrier.unsent() <= UNSENT + 2 * EVENT
    await eventually(lambda: session.closed, "the cut")


async def taken_slowly(stand: Stand) -> tuple[Pipe, Session, str]:
    """A poller that has asked, and takes nothing of a large answer."""
    poller = await stand.poller()
    session = session_of(stand)
    pipe = await stand.pipe(WINDOW)
    # Larger than the system takes for somebody.
    session.write_large(frames.frame(b"4" + b"x" * 8_000_000))
    pipe.ask("GET", poller.path)
    assert (await pipe.head()).status == 200
    return pipe, session, poller.path


async def test_a_poller_that_takes_an_answer_byte_by_byte(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "TAKING_SECONDS", 0.3)
    pipe, _, _ = await taken_slowly(stand)

    async def read() -> None:
        while True:
            await pipe.read(1)
            await asyncio.sleep(0.01)

    reading = asyncio.create_task(read())
    await eventually(lambda: not stand.state.connections, "the end of the connection")
    reading.cancel()
    await asyncio.wait([reading])


async def test_answers_that_are_not_taken_do_not_pile_up(stand: Stand) -> None:
    """Each would be a quarter of a megabyte or more, on connections without number."""
    _, session, path = await taken_slowly(stand)
    assert (await stand.ask("GET", path)).status == 400
    assert session.closed


async def test_an_answer_that_is_taken_slowly_but_is_taken(stand: Stand) -> None:
    await taken_slowly(stand)
    connections: set[Any] = set(stand.state.connections)
    (connection,) = [each for each in connections if each.transport.get_write_buffer_size()]
    size = connection.transport.get_write_buffer_size()
    connection._look(size + http.TAKING_BYTES)
    assert not connection.transport.is_closing()
    connection._look(size + http.TAKING_BYTES - 1)
    assert connection.transport.is_closing()
