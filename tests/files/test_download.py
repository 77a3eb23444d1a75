"""Taking files away: wholly, in part, again, as previews, several at once."""

from __future__ import annotations

import io
import zipfile

import pytest

from salon.core.refusals import Refused
from salon.files.download import Span, span_of
from tests.files.conftest import Table
from tests.files.support import on_disk, sha256, vault_of

CONTENT = bytes(range(256)) * 4000


@pytest.mark.feature("D3")
@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-99", 0, 100),
        ("bytes=100-", 100, 1000),
        ("bytes=-1", 999, 1000),
        ("bytes=-5000", 0, 1000),
        ("bytes=999-5000", 999, 1000),
        ("bytes= 5 - 9 ", 5, 10),
    ],
)
def test_ranges(wanted: str, start: int, end: int) -> None:
    assert span_of(1000, wanted, None, '"x"', 0) == Span(start, end, partial=True)


@pytest.mark.feature("D3")
@pytest.mark.parametrize(
    "wanted", ["bytes=", "bytes=-", "bytes=5-4", "bytes=a-b", "lines=0-1", "bytes=0-1,5-9", "x", ""]
)
def test_what_is_no_single_range_is_answered_with_all(wanted: str) -> None:
    assert span_of(1000, wanted, None, '"x"', 0) == Span(0, 1000, partial=False)


@pytest.mark.feature("D3")
@pytest.mark.parametrize("wanted", ["bytes=1000-", "bytes=1000-1001", "bytes=-0"])
def test_ranges_behind_the_end(wanted: str) -> None:
    with pytest.raises(Refused, match="range_wrong"):
        span_of(1000, wanted, None, '"x"', 0)


@pytest.mark.feature("D3")
def test_a_range_of_another_content_is_answered_with_all() -> None:
    modified = 1_000_000_000_500
    date = "Sun, 09 Sep 2001 01:46:40 GMT"
    for condition, partial in (('"x"', True), ('"y"', False), ('W/"x"', False), (date, True), ("nonsense", False)):
        assert span_of(1000, "bytes=5-9", condition, '"x"', modified).partial is partial, condition


@pytest.mark.feature("D3")
async def test_a_part_and_all_that_goes_with_it(table: Table) -> None:
    file = await table.ann.drop(CONTENT, "naïve “report” 文件.pdf")
    whole = await table.ben.get(file)
    assert (whole.status_code, whole.content, whole.headers["accept-ranges"]) == (200, CONTENT, "bytes")
    assert whole.headers["content-type"] == "application/octet-stream"
    assert whole.headers["content-disposition"].endswith(
        "; filename*=UTF-8''na%C3%AFve%20%E2%80%9Creport%E2%80%9D%20%E6%96%87%E4%BB%B6.pdf"
    )
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in whole.headers["content-security-policy"]
    etag = whole.headers["etag"]
    part = await table.ben.get(file, {"Range": "bytes=1000-1999", "If-Range": etag})
    assert (part.status_code, part.content) == (206, CONTENT[1000:2000])
    assert part.headers["content-range"] == f"bytes 1000-1999/{len(CONTENT)}"
    other = await table.ben.get(file, {"Range": "bytes=1000-1999", "If-Range": '"another"'})
    assert (other.status_code, len(other.content)) == (200, len(CONTENT))
    for known in (etag, f'"x", W/{etag}', "*"):
        unchanged = await table.ben.get(file, {"If-None-Match": known})
        assert (unchanged.status_code, unchanged.content, unchanged.headers["etag"]) == (304, b"", etag)
    beyond = await table.ben.get(file, {"Range": f"bytes={len(CONTENT)}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(CONTENT)}")
    head = await table.ben.http.head(f"{table.ben.base}/{file}")
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(CONTENT)))
    assert (await table.ben.get(f"{file}/preview")).json()["code"] == "not_previewed"


@pytest.mark.feature("D3")
async def test_what_is_not_all_here_cannot_be_fetched(table: Table) -> None:
    address = await table.ann.begun(10)
    answer = await table.ann.get(address.rpartition("/")[2])
    assert (answer.status_code, answer.json()["code"]) == (409, "upload_incomplete")


@pytest.mark.feature("D3")
async def test_bytes_that_have_gone_are_told(table: Table) -> None:
    file = await table.ann.drop(CONTENT)
    for path in on_disk(table.stage.house):
        path.unlink()
    assert (await table.ben.get(file)).status_code == 404


@pytest.mark.feature("D3")
async def test_nginx_can_be_told_to_send_it(table: Table) -> None:
    table.stage.house.settings.accel_redirect = "/salon-files"
    file = await table.ann.drop(CONTENT, "a.bin")
    answer = await table.ben.get(file)
    (path,) = on_disk(table.stage.house)
    assert answer.headers["x-accel-redirect"] == f"/salon-files/{path.parent.name}/{path.name}"
    assert answer.content == b""
    assert answer.headers["content-disposition"] == 'attachment; filename="a.bin"'
    shown = await table.ann.drop(b"Only a text.", "a.txt")
    answer = await table.ben.get(f"{shown}/preview")
    assert (answer.content, "x-accel-redirect" in answer.headers) == (b"Only a text.", False)
    assert (await table.stage.http().get(f"{table.ann.base}/{file}")).status_code == 401


@pytest.mark.feature("D3")
async def test_several_come_as_one_archive(table: Table) -> None:
    dropped = {
        "a.txt": b"first",
        "A.TXT": b"second",
        "docs/a.txt": b"in a folder",
        "docs/deep/er/b.bin": CONTENT,
        "docs/deep/empty": b"",
        "文件.txt": b"third",
    }
    ids = {}
    for path, content in dropped.items():
        folder, _, name = path.rpartition("/")
        ids[path] = await table.ann.drop(content, name, folder=folder)
    await table.ann.drop(b"not for all", "secret", to=table.ben.me)
    await table.ann.client.must("files.text", text="a text")
    answer = await table.ben.get("archive.zip")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert int(answer.headers["content-length"]) == len(answer.content)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        assert packed.testzip() is None
        contents = {name: packed.read(name) for name in packed.namelist()}
    assert sorted(contents) == sorted([*(set(dropped) - {"A.TXT"}), "A (2).TXT", "a text.txt"])
    assert contents["A (2).TXT"] == b"second"
    assert sha256(contents["docs/deep/er/b.bin"]) == sha256(CONTENT)
    some = await table.ben.get(f"archive.zip?files={ids['a.txt']},{ids['文件.txt']}")
    with zipfile.ZipFile(io.BytesIO(some.content)) as packed:
        assert packed.namelist() == ["a.txt", "文件.txt"]
    none = await table.ben.get("archive.zip?files=")
    with zipfile.ZipFile(io.BytesIO(none.content)) as packed:
        assert packed.namelist() == []
    assert (await table.ben.get(f"archive.zip?files={ids['a.txt']},nothing")).status_code == 404
    # Nothing is written for it.
    assert len(on_disk(table.stage.house)) == len(dropped) + 1


@pytest.mark.feature("D3")
async def test_a_folder_of_one_file_and_an_empty_room(table: Table) -> None:
    empty = await table.ben.get("archive.zip")
    assert zipfile.ZipFile(io.BytesIO(empty.content)).namelist() == []
    await table.ann.drop(b"", "only.txt", relativePath="folder/only.txt")
    one = await table.ben.get("archive.zip")
    assert zipfile.ZipFile(io.BytesIO(one.content)).namelist() == ["folder/only.txt"]


@pytest.mark.feature("R8")
async def test_hosts_take_everything_as_one_archive(table: Table) -> None:
    await table.ann.client.must("chat.send", body="hello")
    await table.ann.drop(CONTENT, "data.bin", folder="of ann")
    answer = await table.host.get("everything.zip?zone=Europe/Vienna")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        assert packed.testzip() is None
        names = packed.namelist()
        assert packed.read("files/of ann/data.bin") == CONTENT
        assert "hello" in packed.read("chat.txt").decode()
        listed = packed.read("files.csv").decode("utf-8-sig")
    assert {"chat.txt", "attendance.csv"} <= set(names)
    assert f"data.bin,of ann,Ann,{len(CONTENT)},application/octet-stream,{sha256(CONTENT)}," in listed
    alone = await table.host.http.get(f"/api/rooms/{table.place.link}/export/files.csv")
    assert alone.content.decode("utf-8-sig").splitlines()[0].startswith("Name,Folder,From")
    assert (await table.ann.get("everything.zip")).status_code == 403
    # The address of before leads there.
    old = f"/api/rooms/{table.place.link}/export/archive.zip?zone=Europe/Vienna"
    by_old = await table.host.http.get(old, follow_redirects=True)
    assert by_old.url.path == f"{table.host.base}/everything.zip"
    with zipfile.ZipFile(io.BytesIO(by_old.content)) as packed:
        assert packed.namelist() == names
        assert b"Europe/Vienna" in packed.read("attendance.csv")
    assert (await table.ann.http.get(old, follow_redirects=True)).json()["code"] == "forbidden"


@pytest.mark.feature("R8")
async def test_everything_is_there_for_hosts_when_files_are_off(table: Table) -> None:
    await table.ann.drop(CONTENT, "data.bin")
    await table.host.client.must("rooms.activity", activity="files", on=False)
    assert (await table.host.get("archive.zip")).json()["code"] == "activity_off"
    answer = await table.host.get("everything.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        assert packed.read("files/data.bin") == CONTENT
    assert (await table.ann.get("everything.zip")).json()["code"] == "forbidden"
    await table.host.client.must("rooms.close")
    assert (await table.host.get("everything.zip")).status_code == 410


@pytest.mark.feature("D9")
async def test_a_store_gives_ranges(table: Table) -> None:
    file = await table.ann.drop(CONTENT)
    blobs = vault_of(table.stage.house).blobs
    (name,) = [name for name, _ in blobs.names()]
    assert b"".join(blobs.read(name, 5, 10)) == CONTENT[5:10]
    assert file != name
