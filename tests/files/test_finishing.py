"""The end of an upload, when it takes long: nobody who asks begins it again, and all get its result."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from salon.files import keeper, traffic
from salon.files.tables import File
from salon.files.traffic import Traffic
from tests.files.conftest import Table
from tests.files.support import check_taken, on_disk, sha256, vault_of
from tests.support.recorder import PATIENCE

CONTENT = b"123456"


class SlowStore:
    """Puts away when it is told to."""

    def __init__(self, table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
        self._blobs = vault_of(table.stage.house).blobs
        self._put = self._blobs.put
        self._asked, self._may = threading.Event(), threading.Event()
        self.puts: list[str] = []
        self.fails = 0
        monkeypatch.setattr(self._blobs, "put", self.put)

    def put(self, name: str, source: Path) -> None:
        self.puts.append(name)
        self._asked.set()
        assert self._may.wait(PATIENCE)
        if self.fails > 0:
            self.fails -= 1
            raise OSError("the store does not answer")
        self._put(name, source)

    async def asked(self) -> None:
        assert await asyncio.to_thread(self._asked.wait, PATIENCE)

    def go_on(self) -> None:
        self._may.set()


@pytest.fixture
def slow(table: Table, monkeypatch: pytest.MonkeyPatch) -> Iterator[SlowStore]:
    store = SlowStore(table, monkeypatch)
    yield store
    store.go_on()


class Asking:
    """People who ask how far it is, while somebody else has it."""

    def __init__(self, table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
        self._table = table
        self._waiting = asyncio.Semaphore(0)
        this = Traffic.of[table.stage.house.fanout]
        end_upload = this.end_upload

        async def noted(file: str) -> None:
            self._waiting.release()
            await end_upload(file)

        monkeypatch.setattr(this, "end_upload", noted)

    async def ask(self, address: str, times: int) -> list[asyncio.Task[httpx.Response]]:
        """Returns when all of them wait."""
        asking = [asyncio.create_task(self._table.ann.ask(address)) for _ in range(times)]
        async with asyncio.timeout(PATIENCE):
            for _ in range(times):
                await self._waiting.acquire()
        assert not any(each.done() for each in asking)
        return asking


@pytest.fixture
def asking(table: Table, monkeypatch: pytest.MonkeyPatch) -> Asking:
    return Asking(table, monkeypatch)


@pytest.mark.feature("D2")
async def test_asking_while_it_is_put_away_waits_for_the_result(table: Table, slow: SlowStore, asking: Asking) -> None:
    address = await table.ann.begun(len(CONTENT))
    sending = asyncio.create_task(table.ann.send(address, 0, CONTENT))
    await slow.asked()
    asked = await asking.ask(address, 3)
    # Nor does anybody send it once more.
    busy = await table.ann.send(address, len(CONTENT), b"")
    assert (busy.status_code, busy.json()["code"]) == (423, "upload_busy")
    slow.go_on()
    assert (await sending).status_code == 204
    for answer in await asyncio.gather(*asked):
        assert (answer.status_code, answer.headers["upload-offset"]) == (200, str(len(CONTENT)))
    assert len(slow.puts) == 1
    (file,) = await table.ben.files()
    assert file["sha256"] == sha256(CONTENT)
    assert len(table.ben.client.events("files.changed")) == 1
    assert len(on_disk(table.stage.house)) == 1


@pytest.mark.feature("D2")
async def test_who_has_asked_too_long_asks_again(
    table: Table, slow: SlowStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = await table.ann.begun(len(CONTENT))
    sending = asyncio.create_task(table.ann.send(address, 0, CONTENT))
    await slow.asked()
    monkeypatch.setattr(traffic, "FINISH_SECONDS", 0.01)
    assert (await table.ann.ask(address)).status_code == 423
    slow.go_on()
    assert (await sending).status_code == 204
    assert await table.ann.offset(address) == len(CONTENT)
    assert len(slow.puts) == 1


@pytest.mark.feature("D2", "D9")
async def test_when_the_store_fails_one_of_those_who_ask_tries_again(
    table: Table, slow: SlowStore, asking: Asking
) -> None:
    slow.fails = 1
    address = await table.ann.begun(len(CONTENT))
    sending = asyncio.create_task(table.ann.send(address, 0, CONTENT))
    await slow.asked()
    asked = await asking.ask(address, 3)
    slow.go_on()
    assert (await sending).status_code == 500
    assert {answer.status_code for answer in await asyncio.gather(*asked)} == {200}
    assert len(slow.puts) == 2
    assert len(await table.ben.files()) == 1
    assert len(table.ben.client.events("files.changed")) == 1


@pytest.mark.feature("D5", "D7")
@pytest.mark.parametrize("how", ["deleted", "given up", "closed", "removed"])
async def test_what_goes_while_it_is_put_away_leaves_nothing(table: Table, slow: SlowStore, how: str) -> None:
    address = await table.ann.begun(len(CONTENT))
    file = address.rpartition("/")[2]
    sending = asyncio.create_task(table.ann.send(address, 0, CONTENT))
    await slow.asked()
    if how == "deleted":
        await table.ann.client.must("files.delete", files=[file])
    elif how == "given up":
        assert (await table.ann.http.delete(address, headers={"Tus-Resumable": "1.0.0"})).status_code == 204
    elif how == "closed":
        await table.host.client.must("rooms.close")
    else:
        await table.host.client.must("people.remove", person=table.ann.me)
    # The bytes are deleted first, and then the store puts them there once more.
    slow.go_on()
    assert (await sending).status_code in {403, 404, 410}
    await table.stage.settle()
    assert on_disk(table.stage.house) == []
    assert await check_taken(table.stage) == 0


@pytest.mark.feature("D2")
async def test_the_keeper_begins_nothing_that_somebody_else_ends(table: Table, slow: SlowStore) -> None:
    """At the start of a server: the client comes back before the keeper gets to its upload."""
    (service,) = [each for each in table.stage.house.services if isinstance(each, keeper.Keeper)]
    address = await table.ann.begun(len(CONTENT))
    async with table.stage.house.storage.read() as session:
        before = await session.get_one(File, address.rpartition("/")[2])
    sending = asyncio.create_task(table.ann.send(address, 0, CONTENT))
    await slow.asked()
    await service._finish(before)
    slow.go_on()
    assert (await sending).status_code == 204
    await service._finish(before)
    assert len(slow.puts) == 1
    assert len(table.ben.client.events("files.changed")) == 1
