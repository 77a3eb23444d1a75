"""Uploads whose length is told at their end: their place grows with them, and what is cut off is a file too."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from salon.core.clock import ManualClock
from salon.files import finishing, growing
from salon.files.growing import STEP
from salon.files.traffic import Traffic
from tests.files.conftest import Table
from tests.files.support import BODY, TUS, Person, check_taken, metadata, on_disk, owner_of, person, sha256, vault_of
from tests.support.house import Stage, open_stage
from tests.support.recorder import eventually

MIB = 1024 * 1024
LATER = {"Upload-Defer-Length": "1"}
QUIET = growing.QUIET_MS // 1000

pytestmark = pytest.mark.feature("D2", "M11")


async def begun(by: Person, name: str = "talk.bin", **more: str) -> str:
    headers = {**TUS, **LATER, "Upload-Metadata": metadata(filename=name, **more)}
    answer = await by.http.post(f"{by.base}/uploads", headers=headers)
    assert answer.status_code == 201, answer.text
    address: str = answer.headers["location"]
    return address


async def end(by: Person, address: str, length: int, content: bytes = b"") -> httpx.Response:
    return await by.send(address, length - len(content), content, **{"Upload-Length": str(length)})


async def test_it_grows_and_is_a_file_when_its_length_is_told(table: Table, stage: Stage) -> None:
    address = await begun(table.ann)
    asked = await table.ann.ask(address)
    assert (asked.headers["upload-defer-length"], asked.headers["upload-offset"]) == ("1", "0")
    assert "upload-length" not in asked.headers
    pieces = [bytes([each]) * (STEP // 2 + 1) for each in range(3)]
    sent = 0
    for piece in pieces:
        answer = await table.ann.send(address, sent, piece)
        sent += len(piece)
        assert (answer.status_code, answer.headers["upload-offset"]) == (204, str(sent))
    assert await check_taken(stage) == 2 * STEP
    assert await table.ben.files() == []
    (coming,) = table.ben.client.signals("files.progress")[-1]["data"]["uploads"]
    assert (coming["size"], coming["offset"], coming["name"]) == (None, sent, "talk.bin")
    assert (await end(table.ann, address, sent + 4, b"last")).status_code == 204
    await stage.settle()
    (file,) = await table.ben.files()
    assert (file["size"], file["sha256"]) == (sent + 4, sha256(b"".join(pieces) + b"last"))
    assert table.ben.client.events("files.changed")[-1]["data"]["files"] == [file]
    assert await check_taken(stage) == sent + 4
    assert await table.ann.offset(address) == sent + 4


async def test_it_may_begin_with_bytes_and_end_without(table: Table, stage: Stage) -> None:
    headers = {**TUS, **LATER, **BODY, "Upload-Metadata": metadata(filename="a")}
    made = await table.ann.http.post(f"{table.ann.base}/uploads", headers=headers, content=b"12345")
    assert (made.status_code, made.headers["upload-offset"]) == (201, "5")
    assert (await end(table.ann, made.headers["location"], 5)).status_code == 204
    assert [file["size"] for file in await table.ben.files()] == [5]
    assert await check_taken(stage) == 5


async def test_a_length_is_told_once_and_holds(table: Table) -> None:
    address = await begun(table.ann)
    await table.ann.send(address, 0, b"12345")
    assert (await end(table.ann, address, 3)).status_code == 409
    wrong = await table.ann.send(address, 5, b"", **{"Upload-Length": "4"})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "upload-length")
    assert (await table.ann.send(address, 5, b"6", **{"Upload-Length": "10"})).status_code == 204
    asked = await table.ann.ask(address)
    assert (asked.headers["upload-length"], asked.headers["upload-offset"]) == ("10", "6")
    assert "upload-defer-length" not in asked.headers
    assert (await table.ann.send(address, 6, b"7", **{"Upload-Length": "11"})).status_code == 422
    assert (await table.ann.send(address, 6, b"78901")).status_code == 422
    assert (await table.ann.send(address, 6, b"7890", **{"Upload-Length": "10"})).status_code == 204
    (file,) = await table.ben.files()
    assert file["sha256"] == sha256(b"1234567890")
    # Of what was begun with a length nobody tells another.
    plain = await table.ann.begun(4)
    assert (await table.ann.send(plain, 0, b"1", **{"Upload-Length": "5"})).status_code == 422


@pytest.mark.feature("D6")
async def test_place_is_taken_as_it_grows_and_what_has_none_is_refused(table: Table, stage: Stage) -> None:
    settings = stage.house.settings
    settings.file_mib, settings.room_files_mib = 9, 10
    address = await begun(table.ann)
    assert await check_taken(stage) == STEP
    assert (await table.ann.send(address, 0, bytes(5 * MIB))).status_code == 204
    # There is no place for a whole step any more, but for what comes.
    assert await check_taken(stage) == 8 * MIB
    assert (await table.ben.begin(3 * MIB)).json()["code"] == "room_files_full"
    await table.ben.begun(MIB)
    assert (await table.ann.send(address, 5 * MIB, bytes(4 * MIB))).status_code == 204
    assert await check_taken(stage) == 10 * MIB
    full = await table.ann.send(address, 9 * MIB, b"1")
    assert (full.status_code, full.json()["code"]) == (413, "file_too_large")
    settings.file_mib = 20
    full = await table.ann.send(address, 9 * MIB, b"1")
    assert (full.status_code, full.json()["code"], full.json()["free"]) == (413, "room_files_full", 0)
    # What had come is there, and is a file when it is said that this was all.
    assert await table.ann.offset(address) == 9 * MIB
    assert (await end(table.ann, address, 9 * MIB)).status_code == 204
    assert [file["size"] for file in await table.ben.files()] == [9 * MIB]
    settings.room_files_mib = 10
    refused = await table.ann.http.post(f"{table.ann.base}/uploads", headers={**TUS, **LATER})
    assert (refused.status_code, refused.json()["code"]) == (413, "room_files_full")


@pytest.mark.feature("D6")
async def test_two_that_grow_do_not_both_get_the_last_place(table: Table, stage: Stage) -> None:
    stage.house.settings.room_files_mib = 20
    one, two = await begun(table.ann), await begun(table.ben)
    answers = await asyncio.gather(table.ann.send(one, 0, bytes(11 * MIB)), table.ben.send(two, 0, bytes(11 * MIB)))
    assert sorted(each.status_code for each in answers) == [204, 413]
    assert await check_taken(stage) <= 20 * MIB


async def test_what_falls_silent_is_a_file_with_what_came(table: Table, stage: Stage) -> None:
    address, nothing = await begun(table.ann), await begun(table.ann, "nothing.bin")
    await table.ann.send(address, 0, b"12345")
    await stage.pass_time(QUIET - 1)
    assert (await table.ann.send(address, 5, b"678")).status_code == 204
    assert (await table.ann.ask(nothing)).status_code == 200
    await stage.pass_time(QUIET - 1)
    assert (await table.ann.ask(nothing)).status_code == 404
    assert await table.ben.files() == []
    await stage.pass_time(2)
    (file,) = await table.ben.files()
    assert (file["size"], file["sha256"], file["ready"]) == (8, sha256(b"12345678"), True)
    assert (await table.ben.get(file["id"])).content == b"12345678"
    assert await check_taken(stage) == 8
    assert len(on_disk(stage.house)) == 1
    # Who comes back now learns that it is over.
    asked = await table.ann.ask(address)
    assert (asked.headers["upload-offset"], asked.headers["upload-length"]) == ("8", "8")
    assert (await table.ann.send(address, 8, b"9")).status_code == 409


async def test_what_was_told_and_did_not_come_is_not_waited_for(table: Table, stage: Stage) -> None:
    address = await begun(table.ann)
    assert (await table.ann.send(address, 0, b"12345", **{"Upload-Length": "8"})).status_code == 204
    await stage.pass_time(QUIET + 1)
    assert [file["size"] for file in await table.ben.files()] == [5]
    assert await check_taken(stage) == 5


async def test_as_long_as_bytes_come_it_is_not_silent(table: Table, stage: Stage) -> None:
    address = await begun(table.ann)
    more: asyncio.Queue[bytes | None] = asyncio.Queue()

    async def slowly() -> AsyncIterator[bytes]:
        while (piece := await more.get()) is not None:
            yield piece

    more.put_nowait(b"12345")
    sending = asyncio.create_task(table.ann.send(address, 0, slowly()))
    sends = Traffic.of[stage.house.fanout].upload_of
    await eventually(lambda: sends(address.rpartition("/")[2]) is not None, "nothing is sent")
    stage.clock.advance(seconds=QUIET * 3)
    await stage.house.sweep()
    more.put_nowait(b"678")
    more.put_nowait(None)
    assert (await sending).status_code == 204
    await stage.pass_time(1)
    assert await table.ben.files() == []
    assert await table.ann.offset(address) == 8


@pytest.mark.parametrize("how", ["deleted", "given up", "closed"])
async def test_it_can_be_given_up(table: Table, stage: Stage, how: str) -> None:
    address = await begun(table.ann)
    await table.ann.send(address, 0, b"12345")
    if how == "deleted":
        await table.ann.client.must("files.delete", files=[address.rpartition("/")[2]])
    elif how == "given up":
        assert (await table.ann.http.delete(address, headers=TUS)).status_code == 204
    else:
        await table.host.client.must("rooms.close")
    await stage.pass_time(QUIET + 1)
    assert (on_disk(stage.house), await check_taken(stage)) == ([], 0)


@pytest.mark.parametrize("all_of_theirs", [False, True])
async def test_when_its_person_is_sent_out_it_ends_there(table: Table, stage: Stage, all_of_theirs: bool) -> None:
    address = await begun(table.ann)
    await table.ann.send(address, 0, b"12345")
    word, more = ("people.ban", {"delete_messages": True}) if all_of_theirs else ("people.remove", {})
    await table.host.client.must(word, person=table.ann.me, **more)
    assert (await table.ann.send(address, 5, b"6")).status_code in {403, 404}
    await stage.pass_time(2)
    assert [file["size"] for file in await table.ben.files()] == ([] if all_of_theirs else [5])
    assert await check_taken(stage) == (0 if all_of_theirs else 5)


async def test_only_its_sender_tells_its_length(table: Table) -> None:
    address = await begun(table.ann)
    await table.ann.send(address, 0, b"12345")
    assert (await end(table.ben, address, 5)).status_code == 404
    assert (await table.ann.ask(address)).headers["upload-defer-length"] == "1"


async def test_for_one_person_it_comes_as_well(table: Table, stage: Stage) -> None:
    address = await begun(table.ann, to=table.ben.me)
    await table.ann.send(address, 0, b"12345")
    (offered,) = await table.ben.direct()
    assert (offered["ready"], offered["size"]) == (False, 0)
    await end(table.ann, address, 5)
    await stage.settle()
    (offered,) = await table.ben.direct()
    assert (offered["ready"], offered["size"]) == (True, 5)
    assert table.ben.client.events("files.direct_changed")[-1]["data"]["files"] == [offered]


async def _again(stage: Stage, before: Person) -> Person:
    back = Person(stage, before.place, await stage.come_back(before.client), "")
    back.http = stage.http(before.http.headers["authorization"].removeprefix("Bearer "))
    return back


@pytest.mark.parametrize("comes_back", [True, False])
async def test_a_restart_waits_once_more(tmp_path: Path, at_once: None, comes_back: bool) -> None:
    clock = ManualClock()
    async with open_stage(tmp_path, clock=clock) as stage:
        host = await owner_of(stage, await stage.room("drop"))
        address = await begun(host)
        assert (await host.send(address, 0, b"12345")).status_code == 204
    clock.advance(seconds=QUIET * 10)
    async with open_stage(tmp_path, clock=clock) as stage:
        back = await _again(stage, host)
        await stage.pass_time(QUIET - 1)
        assert await back.files() == []
        asked = await back.ask(address)
        assert (asked.headers["upload-offset"], asked.headers["upload-defer-length"]) == ("5", "1")
        late = await person(stage, host.place, "Late")
        (coming,) = late.client.signals("files.progress")[0]["data"]["uploads"]
        assert (coming["size"], coming["offset"]) == (None, 5)
        if comes_back:
            assert (await end(back, address, 8, b"678")).status_code == 204
        else:
            await stage.pass_time(2)
        assert [file["size"] for file in await back.files()] == [8 if comes_back else 5]
        await check_taken(stage)


@pytest.mark.parametrize("dies", ["before it is put away", "before it is told"])
async def test_what_was_being_closed_is_closed_by_the_next_server(
    tmp_path: Path, at_once: None, monkeypatch: pytest.MonkeyPatch, dies: str
) -> None:
    clock = ManualClock()
    async with open_stage(tmp_path, clock=clock, checked=False) as stage:
        host = await owner_of(stage, await stage.room("drop"))
        address = await begun(host)
        await host.send(address, 0, b"12345")

        def die(*_: object, **__: object) -> None:
            raise OSError("the machine stops")

        with monkeypatch.context() as patch:
            if dies == "before it is put away":
                patch.setattr(vault_of(stage.house).blobs, "put", die)
            else:
                patch.setattr(finishing, "_tell_done", die)
            await stage.pass_time(QUIET + 1)
        assert await host.files() == []
    async with open_stage(tmp_path, clock=clock) as stage:
        back = await _again(stage, host)
        await stage.settle()
        (file,) = await back.files()
        assert (file["size"], file["sha256"]) == (5, sha256(b"12345"))
        assert len(on_disk(stage.house)) == 1
        assert await check_taken(stage) == 5
