"""Files through a real nginx, with the configuration of docs/operations.md: it sends what Salon names, to whom Salon
lets have it, and nothing else."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
from pathlib import Path
from urllib.parse import quote

import aiohttp
import pytest

from bench.nginx import free_port, site_of_manual
from tests.files.behind_nginx.support import INTERNAL, get, start_nginx
from tests.files.support import on_disk
from tests.files.test_wire import (
    LARGE,
    MIB,
    Hall,
    close_room,
    delete_file,
    leave,
    remove_ben,
    rest_of,
    switch_off,
)
from tests.support.authority import Authority
from tests.support.recorder import eventually

pytestmark = pytest.mark.real("nginx")


@pytest.mark.feature("D3")
async def test_nginx_sends_the_file_under_its_name(hall: Hall) -> None:
    content = os.urandom(3 * MIB + 5)
    file = await hall.drop("ann", content, filename="фотография 写真.jpg")
    got = await get(hall, file)
    assert got.status == 200
    assert got.content == content
    assert got.headers["Content-Type"] == "application/octet-stream"
    assert got.headers["Content-Disposition"].endswith(f"filename*=UTF-8''{quote('фотография 写真.jpg')}")
    assert got.headers["Content-Length"] == str(len(content))
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    assert got.headers["Repr-Digest"] == f"sha-256=:{digest}:"
    assert got.headers["Cache-Control"] == "private, no-cache"
    assert got.headers["Accept-Ranges"] == "bytes"
    assert not [name for name in got.headers if name.lower().startswith("x-accel")]


@pytest.mark.feature("D3", "D4")
async def test_what_salon_says_of_a_file_is_the_same_behind_nginx(hall: Hall) -> None:
    file = await hall.drop("ann", b"<script>alert(1)</script>", filename="a.html")
    headers = (await get(hall, file)).headers
    told = (await get(hall, file, method="HEAD")).headers
    for name in (
        *("ETag", "Last-Modified", "Content-Type", "Content-Disposition", "Content-Length", "Repr-Digest"),
        *("Content-Security-Policy", "X-Content-Type-Options", "Cross-Origin-Resource-Policy", "Referrer-Policy"),
        *("X-Frame-Options", "X-Download-Options", "Cache-Control"),
    ):
        assert headers.getall(name) == told.getall(name), name


@pytest.mark.feature("D3")
async def test_ranges_and_conditions_hold(hall: Hall) -> None:
    content = os.urandom(MIB)
    file = await hall.drop("ann", content)
    etag = (await get(hall, file)).headers["ETag"]
    for asked, start, end in (("0-99", 0, 100), ("1000-", 1000, MIB), ("-5", MIB - 5, MIB)):
        got = await get(hall, file, Range=f"bytes={asked}")
        assert (got.status, got.content) == (206, content[start:end])
        assert got.headers["Content-Range"] == f"bytes {start}-{end - 1}/{MIB}"
    got = await get(hall, file, Range="bytes=5-9", **{"If-Range": etag})
    assert (got.status, got.content) == (206, content[5:10])
    got = await get(hall, file, Range="bytes=5-9", **{"If-Range": '"another"'})
    assert (got.status, got.content) == (200, content)
    got = await get(hall, file, Range="bytes=0-1,5-6")
    assert (got.status, got.content) == (200, content)
    assert (await get(hall, file, Range=f"bytes={MIB}-")).status == 416
    got = await get(hall, file, **{"If-None-Match": etag})
    assert (got.status, got.content, got.headers["ETag"]) == (304, b"", etag)
    assert (await get(hall, file, **{"If-None-Match": '"another"'})).status == 200


@pytest.mark.feature("D3")
async def test_it_is_nginx_that_sends_it(hall: Hall) -> None:
    """Salon itself names the file, and has nothing to say to who comes past nginx."""
    content = os.urandom(LARGE)
    file = await hall.drop("ann", content)
    reader = await hall.stalled("ben", file)
    assert not hall.traffic._under_way
    assert await reader.readexactly(LARGE) == content
    address = f"http://127.0.0.1:{_upstream_port(hall)}{hall.base}/{file}"
    async with hall.served.http.get(address, headers=hall.headers("ben")) as answer:
        assert (answer.status, await answer.read()) == (200, b"")
        assert answer.headers["X-Accel-Redirect"].startswith(f"{INTERNAL}/")


@pytest.mark.feature("D4")
async def test_what_is_looked_at_stays_in_its_sandbox(hall: Hall) -> None:
    file = await hall.drop("ann", b"Only a text.\n" * 100, filename="a.txt")
    got = await get(hall, f"{file}/preview")
    assert got.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert got.headers.getall("Content-Security-Policy") == ["default-src 'none'; style-src 'unsafe-inline'; sandbox"]
    assert got.headers.getall("X-Content-Type-Options") == ["nosniff"]


# Who gets nothing


@pytest.mark.feature("D1")
async def test_an_outsider_gets_nothing(hall: Hall) -> None:
    file = await hall.drop("ann", os.urandom(MIB))
    assert (await get(hall, file, "eve")).status in {403, 404}
    async with hall.served.http.get(f"{hall.base}/{file}") as answer:
        assert answer.status == 401


@pytest.mark.feature("D1")
@pytest.mark.parametrize("act", [remove_ben, leave, switch_off, close_room, delete_file])
async def test_who_may_not_any_more_gets_nothing(hall: Hall, act: object) -> None:
    file = await hall.drop("ann", os.urandom(MIB))
    etag = (await get(hall, file)).headers["ETag"]
    await act(hall, file)  # type: ignore[operator]
    for more in ({}, {"Range": "bytes=0-9"}, {"If-None-Match": etag}):
        got = await get(hall, file, **more)
        assert got.status in {403, 404, 409, 410}, got.status
        assert len(got.content) < 1000


@pytest.mark.feature("D1")
async def test_the_internal_place_cannot_be_asked_for(hall: Hall) -> None:
    content = os.urandom(MIB)
    file = await hall.drop("ann", content)
    (path,) = on_disk(hall.served.house)
    place = f"{path.parent.name}/{path.name}"
    hidden = [f"{INTERNAL}/{place}", f"/{INTERNAL}/{place}", f"/x/..{INTERNAL}/{place}", f"/%73alon-files/{place}"]
    hidden.append(f"{INTERNAL}/")
    # These lead elsewhere: to Salon, which has no such page or file.
    past = [f"{INTERNAL}/../files/blobs/{place}", f"{INTERNAL}../blobs/{place}", INTERNAL]
    past += [f"{hall.base}/..{INTERNAL}/{place}", f"{hall.base}/%2e%2e/%2e%2e{INTERNAL}/{place}"]
    for each in [*hidden, *past]:
        for who in ("ann", "eve"):
            status, body = await raw(hall, each, who)
            assert content[:64] not in body, each
            assert status == 404 or each in past, (each, status)
    # Nor does it help to say what only Salon may say.
    for name in ("X-Accel-Redirect", "X-Accel-Internal", "X-Sendfile", "X-Original-URI", "X-Rewrite-URL"):
        for target in (f"{hall.base}/{file}", "/api/session", "/"):
            status, body = await raw(hall, target, "eve", f"{name}: {INTERNAL}/{place}")
            assert content[:64] not in body, (name, target, status)
    assert (await raw(hall, f"{hall.base}/{file}", "ann"))[1].endswith(content)
    wrong = [f"{hall.base}/{quote(f'..{INTERNAL}/{place}', safe='')}", f"{hall.base}/{path.name}"]
    for each in wrong:
        assert (await raw(hall, each, "ann"))[0] == 404


async def raw(hall: Hall, target: str, who: str, *more: str) -> tuple[int, bytes]:
    """Ask for just this, which a client's library would put right before it is sent."""
    reader, writer = await asyncio.open_connection("127.0.0.1", hall.served.port)
    lines = [f"GET {target} HTTP/1.1", "Host: x", f"Authorization: Bearer {hall.tokens[who]}", *more]
    writer.write("\r\n".join([*lines, "Connection: close", "", ""]).encode())
    answer = await reader.read(-1)
    writer.close()
    return int(answer.split(b" ", 2)[1]), answer


@pytest.mark.feature("D3", "D4")
async def test_a_name_cannot_say_what_only_salon_may_say(hall: Hall) -> None:
    (secret,) = [await hall.drop("ann", b"for nobody" * 100)]
    (path,) = on_disk(hall.served.house)
    line = f"a\r\nX-Accel-Redirect: {INTERNAL}/{path.parent.name}/{path.name}\r\n.txt"
    file = await hall.drop("ben", b"harmless", filename=line)
    for each in (file, f"{file}/preview"):
        assert (await get(hall, each)).content == b"harmless"
    assert (await get(hall, secret)).content == b"for nobody" * 100


# What is under way


@pytest.mark.feature("D7")
@pytest.mark.parametrize("act", [close_room, delete_file])
async def test_a_download_by_nginx_breaks_when_the_bytes_go(hall: Hall, act: object) -> None:
    file = await hall.drop("ann", os.urandom(LARGE))
    (path,) = on_disk(hall.served.house)
    reader = await hall.stalled("ben", file)
    await act(hall, file)  # type: ignore[operator]
    await eventually(lambda: not path.exists(), "the bytes to be deleted")
    assert await rest_of(reader) < LARGE


@pytest.mark.feature("D1")
@pytest.mark.parametrize("act", [remove_ben, leave])
async def test_a_download_by_nginx_goes_on_when_its_person_goes(hall: Hall, act: object) -> None:
    """As the manual says. They cannot begin another one."""
    file = await hall.drop("ann", os.urandom(LARGE))
    reader = await hall.stalled("ben", file)
    await act(hall, file)  # type: ignore[operator]
    assert (await get(hall, file, Range="bytes=0-9")).status in {403, 404}
    assert len(await reader.readexactly(LARGE)) == LARGE


@pytest.mark.feature("D1", "D3")
@pytest.mark.parametrize("act", [remove_ben, close_room])
async def test_what_salon_sends_through_nginx_stops(hall: Hall, act: object) -> None:
    """Nothing of an archive lies on nginx's disk, from where it would go on."""
    file = await hall.drop("ann", os.urandom(LARGE))
    reader = await hall.stalled("ben", "archive.zip")
    await eventually(lambda: hall.traffic._under_way, "the download")
    await act(hall, file)  # type: ignore[operator]
    await eventually(lambda: not hall.traffic._under_way, "the end of the download")
    assert await rest_of(reader) < LARGE


@pytest.mark.feature("D7")
async def test_with_tls_it_breaks_too(hall: Hall, open_folder: Path) -> None:
    """There nginx reads the bytes itself. This is the manual's configuration to the last line."""
    Authority(open_folder).server("localhost")
    port = free_port()
    site = site_of_manual(port, _upstream_port(hall), open_folder / "data", open_folder / "server-localhost.pem")
    (open_folder / "tls").mkdir()
    (open_folder / "tls").chmod(0o755)
    nginx = await asyncio.to_thread(start_nginx, open_folder / "tls", port, site)
    try:
        content = os.urandom(LARGE)
        file = await hall.drop("ann", content)
        (path,) = on_disk(hall.served.house)
        address = f"https://127.0.0.1:{port}{hall.base}/{file}"
        async with aiohttp.ClientSession(read_bufsize=64 * 1024) as http:
            async with http.get(address, headers=hall.headers("ben"), ssl=False) as answer:
                assert await answer.read() == content
            async with http.get(address, headers=hall.headers("ben"), ssl=False) as answer:
                assert answer.status == 200
                await delete_file(hall, file)
                await eventually(lambda: not path.exists(), "the bytes to be deleted")
                with pytest.raises(aiohttp.ClientPayloadError):
                    await answer.read()
    finally:
        await asyncio.to_thread(nginx.stop)


def _upstream_port(hall: Hall) -> int:
    """Salon's own."""
    site = (hall.served.house.settings.data_dir.parent / "nginx" / "site.conf").read_text()
    return int(site.partition("proxy_pass http://127.0.0.1:")[2].partition(";")[0])
