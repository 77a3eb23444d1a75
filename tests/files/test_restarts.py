"""What survives the end of the process: SIGKILL in the middle of an upload, at its end, and while bytes are deleted."""

from __future__ import annotations

import asyncio
import hashlib
import os
import random
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import socketio

from salon.core.clock import ManualClock
from salon.files import finishing, keeper, receiving, tus
from salon.files.traffic import Traffic
from tests.files.conftest import Table
from tests.files.support import BODY, TUS, Person, metadata, on_disk, owner_of, person, sha256, vault_of
from tests.support.house import Stage, open_stage
from tests.support.process import ServerProcess
from tests.support.recorder import PATIENCE

MIB = 1024 * 1024
SIZE = 48 * MIB


async def _join(server: ServerProcess, http: aiohttp.ClientSession, token: str) -> str:
    """A bot makes a Drop room and joins it. Returns the room's link."""
    headers = {"Authorization": f"Bearer {token}"}
    async with http.post(f"{server.url}/api/rooms", json={"preset": "drop"}, headers=headers) as answer:
        link: str = (await answer.json())["link"]
    await _connect(server, link, token, join=True)
    return link


async def _connect(server: ServerProcess, link: str, token: str, *, join: bool = False) -> None:
    client = socketio.AsyncClient(reconnection=False)
    await client.connect(server.url, auth={"room": link, "token": token}, transports=["websocket"])
    if join:
        answer = await client.call("people.join", {"id": "j1", "name": "Olga"}, timeout=PATIENCE)
        assert answer["ok"], answer
    await client.disconnect()


def _coming(folder: Path) -> int:
    incoming = folder / "data" / "files" / "incoming"
    return sum(path.stat().st_size for path in incoming.iterdir()) if incoming.exists() else 0


async def _body(content: bytes, offset: int) -> AsyncIterator[bytes]:
    for at in range(offset, len(content), MIB):
        yield content[at : min(at + MIB, len(content))]


async def _until(folder: Path, size: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while _coming(folder) < size:
        assert time.monotonic() < deadline, f"{_coming(folder)} bytes of {size} have come"
        await asyncio.sleep(0.001)


@pytest.mark.feature("D2")
async def test_an_upload_goes_on_after_each_sigkill(tmp_path: Path) -> None:
    content = random.Random(7).randbytes(SIZE)
    server = ServerProcess(tmp_path)
    await asyncio.to_thread(server.start)
    try:
        async with aiohttp.ClientSession() as http:
            async with http.post(f"{server.url}/api/session", json={"bearer": True}) as answer:
                token = (await answer.json())["token"]
            link = await _join(server, http, token)
            bearer = {"Authorization": f"Bearer {token}"}
            made = {
                "Upload-Length": str(SIZE),
                "Upload-Metadata": metadata(filename="large.bin", sha256=sha256(content)),
            }
            uploads = f"{server.url}/api/files/{link}/uploads"
            async with http.post(uploads, headers={**bearer, **TUS, **made}) as answer:
                assert answer.status == 201, await answer.text()
                address = server.url + answer.headers["Location"]
            offset, killed_at = 0, []
            for part in (0.1, 0.35, 0.6):
                headers = {**bearer, **TUS, **BODY, "Upload-Offset": str(offset), "Content-Length": str(SIZE - offset)}
                sending = asyncio.create_task(_send(http, address, headers, _body(content, offset)))
                await _until(tmp_path, int(SIZE * part))
                server.kill()
                await sending
                there = _coming(tmp_path)
                await asyncio.to_thread(server.start)
                async with http.head(address, headers={**bearer, **TUS}) as answer:
                    assert answer.status == 200
                    offset = int(answer.headers["Upload-Offset"])
                assert offset == there >= SIZE * part
                killed_at.append(offset)
            headers = {**bearer, **TUS, **BODY, "Upload-Offset": str(offset), "Content-Length": str(SIZE - offset)}
            assert await _send(http, address, headers, _body(content, offset)) == 204
            seen = hashlib.sha256()
            file = address.rpartition("/")[2]
            async with http.get(f"{server.url}/api/files/{link}/{file}", headers=bearer) as answer:
                assert answer.headers["Repr-Digest"].startswith("sha-256=:")
                async for piece in answer.content.iter_any():
                    seen.update(piece)
            assert seen.hexdigest() == sha256(content)
            assert _coming(tmp_path) == 0
    finally:
        server.kill()
    assert "Traceback" not in server.log, server.log


async def _send(http: aiohttp.ClientSession, address: str, headers: dict[str, str], body: AsyncIterator[bytes]) -> int:
    try:
        async with http.patch(address, headers=headers, data=body) as answer:
            return answer.status
    except aiohttp.ClientError:
        return 0


async def _host_again(stage: Stage, before: Person) -> Person:
    again = Person(stage, before.place, await stage.come_back(before.client), "")
    again.http = stage.http(before.http.headers["authorization"].removeprefix("Bearer "))
    return again


@pytest.mark.feature("D2", "D7")
@pytest.mark.parametrize("dies", ["before it is put away", "before it is told"])
async def test_an_upload_whose_last_byte_had_come_is_finished_at_the_start(
    tmp_path: Path, at_once: None, monkeypatch: pytest.MonkeyPatch, dies: str
) -> None:
    clock = ManualClock()
    async with open_stage(tmp_path, clock=clock) as stage:
        host = await owner_of(stage, await stage.room("drop"))
        address = await host.begun(6)

        async def die(*_: object, **__: object) -> None:
            raise OSError("the machine stops")

        with monkeypatch.context() as patch:
            if dies == "before it is put away":
                patch.setattr(tus, "finish", die)
            else:
                patch.setattr(finishing, "_tell_done", die)
            assert (await host.send(address, 0, b"123456")).status_code == 500
    async with open_stage(tmp_path, clock=clock) as stage:
        back = await _host_again(stage, host)
        (file,) = await back.files()
        assert (file["sha256"], file["ready"]) == (sha256(b"123456"), True)
        assert (await back.get(file["id"])).content == b"123456"
        assert await back.offset(address) == 6
        assert len(on_disk(stage.house)) == 1


@pytest.mark.feature("D2")
async def test_asking_finishes_an_upload_too(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    address = await table.ann.begun(6)
    file = address.rpartition("/")[2]
    with monkeypatch.context() as patch:

        async def fail(*_: object, **__: object) -> None:
            raise OSError("the disk is gone")

        patch.setattr(tus, "finish", fail)
        assert (await table.ann.send(address, 0, b"123456")).status_code == 500
    assert await table.ben.files() == []
    assert await table.ann.offset(address) == 6
    assert [each["id"] for each in await table.ben.files()] == [file]


@pytest.mark.feature("D7")
async def test_bytes_that_were_to_be_deleted_are_deleted_by_the_next_server(tmp_path: Path, at_once: None) -> None:
    clock = ManualClock()
    async with open_stage(tmp_path, clock=clock) as stage:
        host = await owner_of(stage, await stage.room("drop"))
        await host.drop(b"123456")
        Traffic.of[stage.house.fanout].on_gone = lambda: None
        await host.client.must("rooms.close")
        assert len(on_disk(stage.house)) == 1
    async with open_stage(tmp_path, clock=clock) as stage:
        await stage.settle()
        assert on_disk(stage.house) == []


@pytest.mark.feature("D7")
async def test_bytes_that_nobody_knows_of_are_collected(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = await table.ann.drop(b"kept")
    coming = await table.ann.begun(10)
    await table.ann.send(coming, 0, b"12345")
    vault = vault_of(table.stage.house)
    orphan = vault.incoming("orphan")
    orphan.write_bytes(b"x")
    vault.blobs.put("orphan2", orphan)
    (service,) = [each for each in table.stage.house.services if isinstance(each, keeper.Keeper)]
    # What is new may be about to be written down.
    assert await service.collect_orphans() == 0
    # As if all of it were from an hour ago; no store can be told another time.
    monkeypatch.setattr(keeper, "ORPHAN_SECONDS", -keeper.ORPHAN_SECONDS)
    assert await service.collect_orphans() == 2
    assert len(on_disk(table.stage.house)) == 2
    assert (await table.ben.get(kept)).content == b"kept"
    assert await table.ann.offset(coming) == 5


@pytest.mark.feature("D2")
async def test_after_a_power_cut_only_what_was_synced_counts(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    content = os.urandom(3 * MIB)
    address = await table.ann.begun(len(content), sha256=sha256(content))
    await table.ann.send(address, 0, content[:MIB])
    (path,) = on_disk(table.stage.house)
    with path.open("ab") as spoilt:
        spoilt.write(bytes(MIB))
    assert await table.ann.offset(address) == 2 * MIB
    monkeypatch.setattr(receiving, "boot_id", lambda: "another run of the machine")
    assert await table.ann.offset(address) == MIB
    assert (await table.ann.send(address, MIB, content[MIB : 2 * MIB])).status_code == 204
    assert await table.ann.offset(address) == 2 * MIB
    assert (await table.ann.send(address, 2 * MIB, content[2 * MIB :])).status_code == 204
    (file,) = await table.ben.files()
    assert file["sha256"] == sha256(content)


@pytest.mark.feature("D2")
async def test_a_look_at_transfers_at_the_very_end_stops_nothing(
    table: Table, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    traffic = Traffic.of[stage.house.fanout]
    unlink = Path.unlink

    async def look_then(room_id: str) -> None:
        traffic.look_again(room_id)
        await asyncio.gather(*traffic._looking.values())

    in_thread = traffic.in_thread

    async def after_the_commit(act: object, *arguments: object) -> object:
        if getattr(getattr(act, "func", None), "__name__", "") == unlink.__name__:
            await look_then(table.place.id)
        return await in_thread(act, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(traffic, "in_thread", after_the_commit)
    file = await table.ann.drop(b"123456")
    assert (await table.ben.get(file)).content == b"123456"
    assert person is not None
