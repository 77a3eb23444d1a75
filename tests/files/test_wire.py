"""Files over real sockets: what is under way when something changes, clients that break off, memory."""

from __future__ import annotations

import asyncio
import hashlib
import os
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from salon.files import receiving
from salon.files.traffic import Traffic
from salon.files.vault import vault_of
from tests.files.support import BODY, TUS, metadata
from tests.support.recorder import PATIENCE, eventually
from tests.support.wire import Served, SocketClient, serve

MIB = 1024 * 1024
LARGE = 32 * MIB


@dataclass
class Hall:
    served: Served
    link: str
    tokens: dict[str, str]
    people: dict[str, SocketClient]

    @property
    def base(self) -> str:
        return f"/api/files/{self.link}"

    def headers(self, who: str, **more: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[who]}", **more}

    async def begin(self, who: str, size: int, **given: str) -> str:
        said = metadata(**{"filename": "large.bin", **given})
        headers = self.headers(who, **TUS, **{"Upload-Length": str(size), "Upload-Metadata": said})
        async with self.served.http.post(f"{self.base}/uploads", headers=headers) as answer:
            assert answer.status == 201, await answer.text()
            return answer.headers["Location"]

    async def send(self, who: str, address: str, offset: int, body: bytes | AsyncIterator[bytes]) -> tuple[int, str]:
        headers = self.headers(who, **TUS, **BODY, **{"Upload-Offset": str(offset)})
        async with self.served.http.patch(address, headers=headers, data=body) as answer:
            return answer.status, answer.headers.get("Upload-Offset", "")

    async def offset(self, who: str, address: str) -> int:
        async with self.served.http.head(address, headers=self.headers(who, **TUS)) as answer:
            assert answer.status == 200
            return int(answer.headers["Upload-Offset"])

    async def drop(self, who: str, content: bytes, **given: str) -> str:
        address = await self.begin(who, len(content), **given)
        assert await self.send(who, address, 0, content) == (204, str(len(content)))
        return address.rpartition("/")[2]

    async def stalled(self, who: str, path: str) -> asyncio.StreamReader:
        """Somebody asks for a file, and reads only the head of the answer."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.served.port, limit=64 * 1024)
        lines = [f"GET {self.base}/{path} HTTP/1.1", "Host: x", f"Authorization: Bearer {self.tokens[who]}", "", ""]
        writer.write("\r\n".join(lines).encode())
        head = await reader.readuntil(b"\r\n\r\n")
        assert b" 200 " in head.split(b"\r\n")[0], head
        self._writer = writer
        return reader

    @property
    def traffic(self) -> Traffic:
        return Traffic.of[self.served.house.fanout]


@pytest.fixture
async def hall(tmp_path: Path, at_once: None) -> AsyncIterator[Hall]:
    async with serve(tmp_path) as served:
        tokens = {"host": await served.token(), "ann": await served.token(), "ben": await served.token()}
        made = await served.room(tokens["host"], "drop")
        people = {who: await served.come(made["link"], who.title(), token) for who, token in tokens.items()}
        await people["host"].must("files.settings", uploads="everyone")
        yield Hall(served, made["link"], tokens, people)


async def rest_of(reader: asyncio.StreamReader) -> int:
    """How much still comes before the connection ends."""
    size = 0
    try:
        async with asyncio.timeout(PATIENCE):
            while piece := await reader.read(1 << 20):
                size += len(piece)
    except ConnectionError:
        pass
    return size


async def remove_ben(hall: Hall, _file: str) -> None:
    await hall.people["host"].must("people.remove", person=hall.people["ben"].me)


async def close_room(hall: Hall, _file: str) -> None:
    await hall.people["host"].must("rooms.close")


async def delete_file(hall: Hall, file: str) -> None:
    await hall.people["ann"].must("files.delete", files=[file])


async def switch_off(hall: Hall, _file: str) -> None:
    await hall.people["host"].must("rooms.activity", activity="files", on=False)


async def leave(hall: Hall, _file: str) -> None:
    await hall.people["ben"].must("people.leave")


@pytest.mark.feature("D1", "D3", "D7")
@pytest.mark.parametrize("act", [remove_ben, close_room, delete_file, switch_off, leave])
@pytest.mark.parametrize("path", ["{file}", "archive.zip"])
async def test_a_download_under_way_stops(hall: Hall, act: object, path: str) -> None:
    content = os.urandom(LARGE)
    file = await hall.drop("ann", content)
    reader = await hall.stalled("ben", path.format(file=file))
    await eventually(lambda: hall.traffic._under_way, "the download")
    await act(hall, file)  # type: ignore[operator]
    await eventually(lambda: not hall.traffic._under_way, "the end of the download")
    assert await rest_of(reader) < LARGE


@pytest.mark.feature("D3")
@pytest.mark.parametrize("by_system", [True, False])
async def test_a_large_file_comes_whole(hall: Hall, by_system: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    from salon.core.engine.http import Wire

    if not by_system:
        monkeypatch.setattr(Wire, "sends_files", False)
    content = os.urandom(8 * MIB + 13)
    file = await hall.drop("ann", content)
    for _ in range(2):  # over one connection
        async with hall.served.http.get(f"{hall.base}/{file}", headers=hall.headers("ben")) as answer:
            assert hashlib.sha256(await answer.read()).digest() == hashlib.sha256(content).digest()
    part = hall.headers("ben", Range=f"bytes={MIB}-{3 * MIB - 1}")
    async with hall.served.http.get(f"{hall.base}/{file}", headers=part) as answer:
        assert answer.status == 206
        assert await answer.read() == content[MIB : 3 * MIB]
    several = await asyncio.gather(*(_fetch(hall, file) for _ in range(20)))
    assert set(several) == {hashlib.sha256(content).hexdigest()}


async def _fetch(hall: Hall, file: str) -> str:
    seen = hashlib.sha256()
    async with hall.served.http.get(f"{hall.base}/{file}", headers=hall.headers("ben")) as answer:
        async for piece in answer.content.iter_any():
            seen.update(piece)
    return seen.hexdigest()


@pytest.mark.feature("D3")
async def test_who_breaks_off_a_download_leaves_nothing_behind(hall: Hall) -> None:
    file = await hall.drop("ann", os.urandom(LARGE))
    for path in (file, "archive.zip"):
        await hall.stalled("ben", path)
        await eventually(lambda: hall.traffic._under_way, "the download")
        hall._writer.transport.abort()
        await eventually(lambda: not hall.traffic._under_way, "the end of the download")


class Slow:
    """A body of which the test says when more comes."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = pieces
        self.more = [asyncio.Event() for _ in pieces]

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece, event in zip(self._pieces, self.more, strict=True):
            await event.wait()
            yield piece


@pytest.mark.feature("D2")
async def test_one_request_at_a_time_brings_bytes(hall: Hall) -> None:
    content = os.urandom(MIB)
    address = await hall.begin("ann", 2 * MIB)
    body = Slow(content, content)
    first = asyncio.create_task(hall.send("ann", address, 0, aiter(body)))
    body.more[0].set()
    await eventually(lambda: hall.traffic._under_way, "the upload")
    assert (await hall.send("ann", address, 0, content))[0] == 423
    # Whoever asks how far it is is about to send on: the request that is still there has lost its client.
    offset = await hall.offset("ann", address)
    assert (await first)[0] == 423
    assert offset in range(MIB + 1)
    assert (await hall.send("ann", address, offset, (content * 2)[offset:]))[0] == 204


@pytest.mark.feature("D2")
async def test_who_is_stopped_while_the_file_opens_does_not_keep_it(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = os.urandom(MIB)
    address = await hall.begin("ann", MIB)
    opening, go_on = threading.Event(), threading.Event()
    opened = receiving.Spool.__init__

    def slowly(spool: receiving.Spool, path: Path, offset: int, state: object) -> None:
        opened(spool, path, offset, state)
        opening.set()
        assert go_on.wait(PATIENCE)

    monkeypatch.setattr(receiving.Spool, "__init__", slowly)
    first = asyncio.create_task(hall.send("ann", address, 0, content))
    assert await asyncio.to_thread(opening.wait, PATIENCE)
    asked = asyncio.create_task(hall.offset("ann", address))
    await eventually(lambda: any(each.why for each in hall.traffic._under_way), "the first to be stopped")
    go_on.set()
    assert (await first)[0] == 423
    assert await asked == 0
    assert (await hall.send("ann", address, 0, content))[0] == 204


@pytest.mark.feature("D2")
async def test_what_came_before_the_network_broke_is_kept(hall: Hall) -> None:
    content = os.urandom(4 * MIB)
    address = await hall.begin("ann", len(content))
    reader, writer = await asyncio.open_connection("127.0.0.1", hall.served.port)
    head = [f"PATCH {address} HTTP/1.1", "Host: x", "Tus-Resumable: 1.0.0", "Upload-Offset: 0"]
    head += ["Content-Type: application/offset+octet-stream", f"Authorization: Bearer {hall.tokens['ann']}"]
    head += [f"Content-Length: {len(content)}", "", ""]
    writer.write("\r\n".join(head).encode() + content[: 3 * MIB])
    await writer.drain()
    await eventually(lambda: _size_coming(hall) >= 2 * MIB, "the bytes")
    writer.transport.abort()
    await eventually(lambda: not hall.traffic._under_way, "the end of the request")
    offset = await hall.offset("ann", address)
    assert 2 * MIB <= offset <= 3 * MIB
    assert offset == _size_coming(hall)
    assert (await hall.send("ann", address, offset, content[offset:]))[0] == 204
    file = address.rpartition("/")[2]
    assert await _fetch(hall, file) == hashlib.sha256(content).hexdigest()
    del reader


def _size_coming(hall: Hall) -> int:
    vault = vault_of(hall.served.house)
    return sum(vault.incoming(name).stat().st_size for name, _ in vault.coming())


async def half_sent(hall: Hall) -> tuple[str, asyncio.Task[tuple[int, str]]]:
    """Ben sends two megabytes, of which one has come: the address, and the request."""
    body = Slow(b"x" * MIB, b"y" * MIB)
    address = await hall.begin("ben", 2 * MIB)
    sending = asyncio.create_task(hall.send("ben", address, 0, aiter(body)))
    body.more[0].set()
    await eventually(lambda: _size_coming(hall) > 0, "the bytes")
    return address, sending


@pytest.mark.feature("D1", "D7")
@pytest.mark.parametrize("act", [remove_ben, close_room, switch_off])
async def test_an_upload_under_way_stops(hall: Hall, act: object) -> None:
    address, sending = await half_sent(hall)
    await act(hall, address)  # type: ignore[operator]
    status, _ = await sending
    assert status in {403, 410}
    if act is not switch_off:
        await eventually(lambda: not vault_of(hall.served.house).coming(), "the bytes to be deleted")


@pytest.mark.feature("D2")
async def test_who_sends_nothing_more_does_not_keep_the_upload(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "STALL_SECONDS", 0.1)
    body = Slow(b"x" * MIB, b"y" * MIB)
    address = await hall.begin("ben", 2 * MIB)
    body.more[0].set()
    status, _ = await hall.send("ben", address, 0, aiter(body))
    assert status == 503
    assert await hall.offset("ben", address) == MIB


@pytest.mark.feature("D2")
async def test_memory_is_bounded_by_the_piece_whatever_the_size(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[int] = []
    add = receiving._Pen.add

    async def noting(self: receiving._Pen, piece: bytes) -> None:
        await add(self, piece)
        held.append(self._size + len(piece))

    monkeypatch.setattr(receiving._Pen, "add", noting)
    await hall.drop("ann", os.urandom(LARGE))
    assert len(held) > 50
    assert max(held) <= MIB
