"""Disks that are full, files that may not be written, a database that somebody else holds.

Whoever asks for something is told that it cannot be stored, nobody hears of it, and nothing half done stays behind.
When it is over everything goes on by itself, without a restart and without anybody having to come anew.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.faults.client import PATIENCE, Client, Pending
from tests.faults.conftest import reader
from tests.faults.disks import DiskFault, FullDisk, HeldDatabase, NoFileMayGrow, ReadOnlyFiles
from tests.faults.records import cause_of
from tests.faults.world import GENEROUS, Person, World
from tests.support.process import ServerProcess

pytestmark = [pytest.mark.feature("C1", "R8"), pytest.mark.xdist_group("disk")]

FILLERS = 400
READ_SECONDS = 1.0
LONG = "x" * 3000
FAULTS = [FullDisk, NoFileMayGrow, ReadOnlyFiles, HeldDatabase]


@dataclass
class Scene:
    """Ann and Bob in a room on a server whose disk can fail."""

    world: World
    fault: DiskFault
    ann: Person
    bob: Person


@contextlib.asynccontextmanager
async def staged(kind: type[DiskFault], folder: Path, **settings: str) -> AsyncIterator[Scene]:
    server = ServerProcess(folder, **GENEROUS, **settings)
    fault = kind(server, folder / "data")
    fault.prepare()
    try:
        await asyncio.to_thread(server.start)
        world = World(server, reader(folder))
        try:
            ann = await world.room("Ann")
            bob = await world.person("Bob", ann.room)
            await world.device(bob)
            await world.arrived()
            yield Scene(world, fault, ann, bob)
        finally:
            await world.close()
    finally:
        server.kill()
        fault.clean()


@pytest.fixture(params=FAULTS, ids=lambda fault: fault.__name__)
async def scene(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Scene]:
    async with staged(request.param, tmp_path) as made:
        yield made


async def until_refused(world: World, client: Client) -> Pending:
    """Talk until something cannot be stored. What there is still room for is stored, and that is fine."""
    for _ in range(FILLERS):
        said = client.do("chat.send", body=world.tag(client, "*").body(LONG))
        async with asyncio.timeout(PATIENCE):
            while not said.command.answers:  # noqa: ASYNC110  an answer that is no end of it has no event of its own
                await asyncio.sleep(0.005)
        if not said.answered.done():
            return said
    raise AssertionError("the disk takes everything")


async def until_refused_by_http(world: World) -> tuple[int, Any, Mapping[str, str]]:
    """The same over HTTP: what is small may find room where a long message did not."""
    async with aiohttp.ClientSession(world.server.url) as http:
        for _ in range(FILLERS):
            async with http.post("/api/session", json={}) as said:
                if said.status != 200:
                    return said.status, await said.json(), said.headers
    raise AssertionError("the disk takes everything")


def heard_of(client: Client, command: str) -> bool:
    return any(
        cause_of(wire) == command
        for stream, events in client.witness.history.events.items()
        for wire in events.values()
        if stream.owner == client.witness.room
    )


async def test_it_is_told_and_heals_by_itself(scene: Scene) -> None:
    ann, bob = scene.ann.devices[0].client, scene.bob.devices[0].client
    scene.fault.begin()
    try:
        refused = await until_refused(scene.world, bob)
        others = [scene.world.say(ann), scene.world.say(ann, to=scene.bob)]
        answer = refused.command.answers[0][1]
        assert answer["code"] == "unavailable"
        assert answer["retry_after"] > 0
        assert answer["message"]
        # Reading goes on, for those who are here, and at once.
        begun = time.monotonic()
        await ann.look()
        assert time.monotonic() - begun < READ_SECONDS
        assert not any(heard_of(ann, each.command.id) for each in (refused, *others))
        # Who comes back meanwhile is let in when it is over, at the latest.
        assert scene.bob.devices[0].passage is not None
        scene.bob.devices[0].passage.cut()
        # Over HTTP it is told as well.
        status, answer, headers = await until_refused_by_http(scene.world)
        assert (status, answer["code"]) == (503, "unavailable")
        assert int(headers["Retry-After"]) >= 1
        assert not any(heard_of(ann, each.command.id) for each in (refused, *others))
    finally:
        scene.fault.end()
    for each in (refused, *others):
        assert (await each.answered)["ok"], "the same commands are done when it is over"
    assert ann.connections == 1, "nobody had to come anew"
    assert bob.connections == 2
    wrong = await scene.world.judged()
    assert not wrong, "\n".join([*wrong, *scene.world.stories(wrong)])


async def test_the_log_says_it_in_lines(tmp_path: Path) -> None:
    """Somebody was lost, which is due to be stored every second until it is: the log must not grow by pages."""
    async with staged(NoFileMayGrow, tmp_path, presence_grace_seconds="2") as scene:
        ann, passage = scene.ann.devices[0].client, scene.bob.devices[0].passage
        assert passage is not None
        passage.closed_to_new = True
        passage.cut()
        await ann.until(lambda: _devices(ann, scene.bob) == [], "the news of the loss")
        scene.fault.begin()
        said = await until_refused(scene.world, ann)
        told = scene.world.server.log.count("nothing was committed")
        async with asyncio.timeout(PATIENCE):
            while scene.world.server.log.count("nothing was committed") < told + 4:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        scene.fault.end()
        assert (await said.answered)["ok"]
        await ann.until(lambda: _devices(ann, scene.bob) is None, "the news that Bob has left")
        assert "Traceback" not in scene.world.server.log


def _devices(client: Client, person: Person) -> list[str] | None:
    """The person's devices as the client knows them, None when they are not in the room."""
    people = client.witness.state.view()["people"]["people"] if client.witness.state else []
    return next((one["devices"] for one in people if one["id"] == person.id), None)
