"""The engine with all of Salon on it: limits of requests, races while coming and going, and nothing left behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from salon.core import followers
from salon.core.storage import Storage
from tests.engine.stand import WEBSOCKET
from tests.support.pipe import Pipe, masked
from tests.support.recorder import Json, eventually
from tests.support.wire import Served, serve

pytestmark = pytest.mark.feature("C1", "R8", "P3")


@asynccontextmanager
async def house(folder: Path, **settings: Any) -> AsyncIterator[Served]:
    """A server of which nothing may be left when its clients have gone."""
    async with serve(folder, **settings) as served:
        yield served
        for client in served.clients:
            await client.leave()
        edge, fanout = served.house.edge, served.house.fanout
        await eventually(lambda: not edge.engine.sessions, "the end of all sessions")
        await eventually(lambda: not edge._tasks, "the end of all that was asked")
        assert not any((fanout.links, fanout._rooms, fanout._owners, fanout._followers))


async def member(served: Served, room: str, name: str, window: int | None = None) -> Pipe:
    """Somebody who has joined, by hand."""
    pipe = await Pipe.open(served.port, window=window)
    assert (await pipe.upgrade(WEBSOCKET)).status == 101
    assert (await pipe.text()).startswith("0{")
    pipe.send("40" + orjson.dumps({"room": room, "token": await served.token()}).decode())
    await until(pipe, '42["lobby"')
    pipe.send(f'420["people.join",{{"id":"j","name":"{name}"}}]')
    await until(pipe, '42["snapshot"')
    return pipe


async def until(pipe: Pipe, beginning: str) -> str:
    while not (text := await pipe.text()).startswith(beginning):
        pass
    return text


def say(number: int, body: str = "x") -> str:
    return f'42{number}["chat.send",{{"id":"n{number}","body":"{body}"}}]'


async def answers(pipe: Pipe, count: int) -> list[Json]:
    found: list[Json] = []
    while len(found) < count:
        text = await until(pipe, "43")
        found.append(orjson.loads(text[text.index("[") :])[0])
    return found


def accepted(found: list[Json]) -> int:
    assert {answer["code"] for answer in found if not answer["ok"]} <= {"rate_limited"}
    return sum(1 for answer in found if answer["ok"])


async def test_who_floods_is_refused_and_the_others_are_not(tmp_path: Path, at_once: None) -> None:
    async with house(tmp_path, commands_per_second=10, room_commands_per_second=20) as served:
        token = await served.token()
        room = (await served.room(token))["link"]
        olga = await served.come(room, "Olga", token)
        flooder = await member(served, room, "Flo")
        flooder.write(b"".join(masked(say(number)) for number in range(1, 301)))
        # Three seconds' worth, of which joining took one; of the room's no more than that.
        assert accepted(await answers(flooder, 300)) == 29
        assert all([(await olga.ask("chat.send", body=f"{number}"))["ok"] for number in range(29)])
        # Now the room has had its share.
        gil = await (await served.client("Gil")).connect(room)
        assert (await gil.ask("people.join", name="Gil"))["code"] == "rate_limited"
        served.clock.advance(seconds=0.1)
        flooder.send(say(301))
        assert accepted(await answers(flooder, 1)) == 1
        flooder.abort()


async def test_the_tabs_of_one_person_share(tmp_path: Path, at_once: None) -> None:
    async with house(tmp_path, commands_per_second=5, person_commands_per_second=6) as served:
        token, cookie = await served.token(), await served.token()
        room = (await served.room(token))["link"]
        olga = await served.come(room, "Olga", token)
        tabs = [await served.come(room, "Gil", cookie)]
        tabs.append(await (await served.client("Gil's other tab", cookie)).connect(room))
        await tabs[1].has("snapshot")
        counts = [accepted([await tab.ask("chat.send", body="x") for _ in range(20)]) for tab in tabs]
        assert counts == [14, 3], "fifteen of the first, with joining, and of both together eighteen"
        # Others are not concerned.
        assert accepted([await olga.ask("chat.send", body="x") for _ in range(14)]) == 14


async def test_everybody_in_a_room_shares(tmp_path: Path, at_once: None) -> None:
    async with house(tmp_path, commands_per_second=5, room_commands_per_second=10) as served:
        token = await served.token()
        room, other = (await served.room(token))["link"], (await served.room(token))["link"]
        people = [await served.come(room, name) for name in ("Olga", "Gil", "Tom")]
        elsewhere = await served.come(other, "Nora")
        counts = [accepted([await one.ask("chat.send", body="x") for _ in range(14)]) for one in people]
        assert counts == [14, 13, 0], "thirty, of which joining took three"
        assert accepted([await elsewhere.ask("chat.send", body="x") for _ in range(14)]) == 14


class Gate:
    """Holds every reading of the database until it is opened."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.held = 0
        self._open = asyncio.Event()
        read = Storage.read

        @asynccontextmanager
        async def later(storage: Storage) -> AsyncIterator[Any]:
            self.held += 1
            await self._open.wait()
            self.held -= 1
            async with read(storage) as session:
                yield session

        self._patch = patch
        patch.setattr(Storage, "read", later)

    def open(self) -> None:
        self._patch.undo()
        self._open.set()


@pytest.mark.parametrize("leaving", ["abort", "41", "1"])
async def test_gone_while_it_is_looked_up(
    tmp_path: Path, at_once: None, caplog: pytest.LogCaptureFixture, leaving: str
) -> None:
    async with house(tmp_path) as served:
        token = await served.token()
        room = (await served.room(token))["link"]
        pipe = await Pipe.open(served.port)
        await pipe.upgrade(WEBSOCKET)
        with pytest.MonkeyPatch.context() as patch:
            gate = Gate(patch)
            pipe.send("40" + orjson.dumps({"room": room, "token": token}).decode())
            await eventually(lambda: gate.held, "the reading")
            await leave(served, pipe, leaving)
            gate.open()
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


@pytest.mark.parametrize("leaving", ["abort", "41", "1"])
async def test_gone_while_it_is_welcomed(
    tmp_path: Path, at_once: None, caplog: pytest.LogCaptureFixture, leaving: str
) -> None:
    async with house(tmp_path) as served:
        token = await served.token()
        room = (await served.room(token))["link"]
        olga = await served.come(room, "Olga", token)
        pipe = await member(served, room, "Gil")
        with pytest.MonkeyPatch.context() as patch:
            gate = Gate(patch)
            pipe.send('421["resume",{"since":null}]')
            pipe.send(say(2, "the last word"))
            await eventually(lambda: gate.held, "the reading")
            await leave(served, pipe, leaving, left=1)
            gate.open()
        # Who is gone is seen to be gone.
        await olga.until(lambda: [e for e in olga.events("people.changed") if e["data"]["people"][-1]["devices"] == []])
        assert olga.said == ["the last word"]
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


async def leave(served: Served, pipe: Pipe, how: str, left: int = 0) -> None:
    if how == "abort":
        pipe.abort()
    else:
        pipe.send(how)
    await eventually(lambda: len(served.house.edge.engine.sessions) == left, "the end of the session")


async def test_connecting_again_and_again(tmp_path: Path, at_once: None, quick_pulse: None) -> None:
    """Each time refused: the same socket may ask again, for as long as whoever does not come in may stay."""
    async with house(tmp_path) as served:
        pipe = await Pipe.open(served.port)
        await pipe.upgrade(WEBSOCKET)
        await pipe.text()
        for _ in range(50):
            pipe.send('40{"room":"nothing","token":"wrong"}')
            assert "session_required" in await pipe.text()
        engine = served.house.edge.engine
        engine.limits = replace(engine.limits, connect=0)
        assert await pipe.ended() == b""


async def test_a_snapshot_beyond_what_may_wait_reaches_a_slow_reader(
    tmp_path: Path, at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And it stays: otherwise it would come back to the same snapshot for ever."""
    monkeypatch.setattr("salon.core.engine.websocket.KERNEL_BUFFER", 4096)
    async with house(tmp_path, commands_per_second=1000, person_commands_per_second=1000) as served:
        engine = served.house.edge.engine
        engine.limits = replace(engine.limits, unsent=20_000)
        token = await served.token()
        room = (await served.room(token))["link"]
        olga = await served.come(room, "Olga", token)
        for number in range(30):
            await olga.must("chat.send", body=f"{number} " + "é" * 3000)
        slow = await member(served, room, "Slow", window=4096)
        slow.send('421["resume",{"since":null}]')
        snapshot = await until(slow, '42["snapshot"')
        assert len(snapshot) > 4 * engine.limits.unsent
        await olga.must("chat.send", body="after it")
        assert "after it" in await until(slow, '42["event"')
        assert len(engine.sessions) == 2
        slow.abort()


async def said(reader: Pipe) -> str:
    """The next message of the chat."""
    while True:
        event = orjson.loads((await until(reader, '42["event"'))[2:])[1]
        if event["type"] == "chat.sent":
            return str(event["data"]["message"]["body"])


async def test_a_crowd_gets_everything_in_order_past_its_transports(
    tmp_path: Path, at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also who reads late, so that a message is taken in pieces, and who is answered in between."""
    monkeypatch.setattr(followers, "CROWD", 3)
    monkeypatch.setattr("salon.core.engine.websocket.KERNEL_BUFFER", 4096)
    bodies = [f"{number} " + "x" * 1500 for number in range(100)]
    async with house(tmp_path, commands_per_second=1000, person_commands_per_second=1000) as served:
        token = await served.token()
        room = (await served.room(token))["link"]
        olga = await served.come(room, "Olga", token)
        late = await member(served, room, "Lea", window=4096)
        swift = await member(served, room, "Sam")
        busy = await member(served, room, "Bo")
        for number, body in enumerate(bodies):
            busy.send(say(number, body))
        for reader in (swift, busy, late):
            assert [await said(reader) for _ in bodies] == bodies
        await eventually(lambda: olga.said == bodies, "all of it with the fourth")
        for pipe in (late, swift, busy):
            pipe.abort()
