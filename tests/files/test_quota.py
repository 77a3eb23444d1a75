"""How much files may take: looked at before a byte is written, exact, told in numbers."""

from __future__ import annotations

import asyncio
import errno
import os

import pytest

from tests.files.conftest import Table
from tests.files.support import TUS, check_taken, on_disk, owner_of, sha256, vault_of
from tests.support.house import Stage

MIB = 1024 * 1024


@pytest.mark.feature("D6")
async def test_quotas_are_looked_at_before_a_byte_is_written(table: Table, stage: Stage) -> None:
    settings = stage.house.settings
    settings.file_mib, settings.room_files_mib, settings.server_files_mib = 2, 3, 4
    large = await table.ann.begin(2 * MIB + 1)
    assert large.status_code == 413
    assert large.json() | {"message": ""} == {
        "ok": False,
        "code": "file_too_large",
        "message": "",
        "size": 2 * MIB + 1,
        "limit": 2 * MIB,
        "free": 2 * MIB,
    }
    first = await table.ann.begun(2 * MIB)
    full = await table.ann.begin(MIB + 1)
    assert (full.status_code, full.json()["code"]) == (413, "room_files_full")
    assert (full.json()["limit"], full.json()["free"]) == (3 * MIB, MIB)
    assert f"{MIB:,}" in full.json()["message"]
    await table.ann.begun(MIB)
    other = await owner_of(stage, await stage.room("drop"))
    server = await other.begin(MIB + 1)
    assert (server.status_code, server.json()["code"]) == (507, "server_files_full")
    assert (server.json()["limit"], server.json()["free"]) == (4 * MIB, MIB)
    await other.begun(MIB)
    assert (await other.client.ask("files.text", text="x"))["code"] == "server_files_full"
    assert await check_taken(stage) == 4 * MIB
    assert (await table.ann.http.delete(first, headers=TUS)).status_code == 204
    assert await check_taken(stage) == 2 * MIB
    assert on_disk(stage.house) == []


@pytest.mark.feature("D6")
async def test_two_at_once_do_not_both_get_the_last_place(table: Table, stage: Stage) -> None:
    stage.house.settings.room_files_mib = 5
    answers = await asyncio.gather(*(somebody.begin(2 * MIB) for somebody in (table.host, table.ann, table.ben) * 3))
    assert sorted(answer.status_code for answer in answers) == [201] * 2 + [413] * 7
    assert await check_taken(stage) == 4 * MIB


@pytest.mark.feature("D6")
async def test_a_full_disk_is_told_with_its_number(table: Table, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = vault_of(stage.house)
    monkeypatch.setattr(vault, "free", lambda: 10 * MIB)
    await table.ann.begun(4 * MIB)
    await table.ann.begun(4 * MIB)
    # What is reserved and has not come yet is not free any more.
    full = await table.ann.begin(4 * MIB)
    assert (full.status_code, full.json()["code"], full.json()["free"]) == (507, "disk_full", 2 * MIB)
    assert await check_taken(stage) == 8 * MIB


@pytest.mark.feature("D6")
async def test_a_room_has_so_many_files(table: Table, stage: Stage) -> None:
    stage.house.settings.files_per_room = 2
    await table.ann.drop(b"1")
    await table.ann.begun(1)
    answer = await table.ann.begin(1)
    assert (answer.status_code, answer.json()["code"]) == (409, "files_too_many")


@pytest.mark.feature("D6")
async def test_a_disk_that_fills_up_meanwhile_keeps_what_it_has(
    table: Table, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = os.urandom(3 * MIB)
    address = await table.ann.begun(len(content))
    left = MIB + 100
    write = os.write

    def into_little_space(descriptor: int, data: memoryview) -> int:
        nonlocal left
        if left == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        written = write(descriptor, data[:left])
        left -= written
        return written

    monkeypatch.setattr(os, "write", into_little_space)
    full = await table.ann.send(address, 0, content)
    assert (full.status_code, full.json()["code"], full.json()["size"]) == (507, "disk_full", 2 * MIB - 100)
    assert await table.ann.offset(address) == MIB + 100
    await table.ben.client.must("chat.send", body="nothing else is harmed")
    left = 4 * MIB
    assert (await table.ann.send(address, MIB + 100, content[MIB + 100 :])).status_code == 204
    (file,) = await table.ben.files()
    assert file["sha256"] == sha256(content)
