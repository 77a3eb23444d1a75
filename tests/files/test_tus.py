"""The upload protocol, case by case."""

from __future__ import annotations

import base64
import hashlib

import pytest

from tests.files.conftest import Table
from tests.files.support import BODY, TUS, metadata, on_disk, sha256

CONTENT = bytes(range(256)) * 1000


@pytest.mark.feature("D2", "D3")
async def test_a_file_goes_up_in_parts_and_comes_down_whole(table: Table) -> None:
    address = await table.ann.begun(len(CONTENT), "Ünïcode 文件.bin")
    assert await table.ann.offset(address) == 0
    first = await table.ann.send(address, 0, CONTENT[:1000])
    assert (first.status_code, first.headers["upload-offset"]) == (204, "1000")
    assert first.headers["tus-resumable"] == "1.0.0"
    assert await table.ann.offset(address) == 1000
    assert await table.ben.files() == []
    rest = await table.ann.send(address, 1000, CONTENT[1000:])
    assert (rest.status_code, rest.headers["upload-offset"]) == (204, str(len(CONTENT)))
    await table.stage.settle()
    told = table.ben.client.events("files.changed")[-1]["data"]["files"]
    assert told == await table.ben.files()
    (file,) = told
    assert (file["name"], file["size"], file["sha256"]) == ("Ünïcode 文件.bin", len(CONTENT), sha256(CONTENT))
    assert (file["person"], file["author"], file["ready"]) == ("Ann", table.ann.me, True)
    down = await table.ben.get(file["id"])
    assert down.content == CONTENT
    assert down.headers["content-disposition"].startswith("attachment;")
    assert await table.ann.offset(address) == len(CONTENT)


@pytest.mark.feature("D2")
async def test_the_server_says_what_it_can(table: Table) -> None:
    answer = await table.ann.http.options(f"{table.ann.base}/uploads")
    assert answer.status_code == 204
    assert answer.headers["tus-version"] == "1.0.0"
    assert answer.headers["tus-extension"].split(",") == [
        "creation",
        "creation-defer-length",
        "creation-with-upload",
        "checksum",
        "expiration",
        "termination",
    ]
    assert answer.headers["tus-max-size"] == str(8 * 1024**3)
    assert "sha1" in answer.headers["tus-checksum-algorithm"].split(",")


@pytest.mark.feature("D2")
async def test_bytes_may_come_with_the_creation(table: Table) -> None:
    part = await table.ann.begin(10, body=b"12345")
    assert (part.status_code, part.headers["upload-offset"]) == (201, "5")
    whole = await table.ann.begin(5, body=b"12345")
    assert (whole.status_code, whole.headers["upload-offset"]) == (201, "5")
    assert len(await table.ben.files()) == 1
    empty = await table.ann.begin(0, "empty.txt")
    assert empty.status_code == 201
    found = (await table.ben.files())[-1]
    assert (found["size"], found["name"]) == (0, "empty.txt")
    assert (await table.ben.get(found["id"])).content == b""
    assert "upload-expires" in part.headers


@pytest.mark.feature("D2")
async def test_only_the_right_offset_is_taken(table: Table) -> None:
    address = await table.ann.begun(10)
    for wrong in (1, 10, 11):
        answer = await table.ann.send(address, wrong, b"")
        assert (answer.status_code, answer.json()["code"]) == (409, "offset_wrong")
    assert (await table.ann.send(address, 0, b"12345")).status_code == 204
    assert (await table.ann.send(address, 0, b"12345")).status_code == 409
    too_much = await table.ann.send(address, 5, b"1234567")
    assert too_much.status_code == 422
    assert await table.ann.offset(address) == 5

    async def without_a_length() -> object:
        for _ in range(3):
            yield b"123"

    assert (await table.ann.send(address, 5, without_a_length())).status_code == 422  # type: ignore[arg-type]
    assert await table.ann.offset(address) == 8 - 8 % 3 + 2


@pytest.mark.feature("D2")
async def test_requests_of_another_form_are_refused(table: Table) -> None:
    http, uploads = table.ann.http, f"{table.ann.base}/uploads"
    assert (await http.post(uploads, headers={"Upload-Length": "1"})).status_code == 412
    refused = await http.post(uploads, headers={"Tus-Resumable": "0.2.2", "Upload-Length": "1"})
    assert (refused.status_code, refused.headers["tus-version"]) == (412, "1.0.0")
    for length in ("", "-1", "1.5", "x", "9" * 30):
        assert (await http.post(uploads, headers={**TUS, "Upload-Length": length})).status_code == 422
    for later in ({"Upload-Defer-Length": "2"}, {"Upload-Defer-Length": "1", "Upload-Length": "1"}):
        assert (await http.post(uploads, headers={**TUS, **later})).status_code == 422
    for given in ("a b c", "a !", "a YQ==,a YQ==", "a/b YQ==", "a " + "A" * 20_000):
        headers = {**TUS, "Upload-Length": "1", "Upload-Metadata": given}
        assert (await http.post(uploads, headers=headers)).status_code == 422, given
    address = await table.ann.begun(4)
    plain = await http.patch(address, headers={**TUS, "Upload-Offset": "0", "Content-Type": "text/plain"}, content=b"1")
    assert plain.status_code == 415
    assert (await http.patch(address, headers={**BODY, "Upload-Offset": "0"}, content=b"1")).status_code == 412
    assert (await http.patch(address, headers={**TUS, **BODY}, content=b"1")).status_code == 422
    assert (await http.get(address)).status_code == 405
    assert (await table.ann.ask(f"{uploads}/unknown")).status_code == 404
    assert (await http.get("/api/files/")).status_code == 404


@pytest.mark.feature("D2")
async def test_methods_may_be_said_in_a_header(table: Table) -> None:
    address = await table.ann.begun(4)
    headers = {**TUS, **BODY, "Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    assert (await table.ann.http.post(address, headers=headers, content=b"1234")).status_code == 204
    assert len(await table.ann.files()) == 1


@pytest.mark.feature("D2")
@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha512"])
async def test_a_part_with_a_wrong_checksum_is_thrown_away(table: Table, algorithm: str) -> None:
    def said(content: bytes) -> str:
        return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, content).digest()).decode()}"

    address = await table.ann.begun(10)
    right = await table.ann.send(address, 0, b"12345", **{"Upload-Checksum": said(b"12345")})
    assert right.status_code == 204
    wrong = await table.ann.send(address, 5, b"6789x", **{"Upload-Checksum": said(b"67890")})
    assert (wrong.status_code, wrong.json()["code"]) == (460, "checksum_wrong")
    assert await table.ann.offset(address) == 5
    for bad in ("md5 AAAA", "sha1", "sha1 !!"):
        answer = await table.ann.send(address, 5, b"67890", **{"Upload-Checksum": bad})
        assert answer.status_code in {422, 460}
        assert await table.ann.offset(address) == 5
    assert (await table.ann.send(address, 5, b"67890", **{"Upload-Checksum": said(b"67890")})).status_code == 204
    (file,) = await table.ben.files()
    assert file["sha256"] == sha256(b"1234567890")


@pytest.mark.feature("D3")
async def test_a_file_that_is_not_the_announced_one_is_thrown_away(table: Table) -> None:
    right = await table.ann.drop(b"hello", sha256=sha256(b"hello"))
    address = await table.ann.begun(5, sha256=sha256(b"hello"))
    wrong = await table.ann.send(address, 0, b"jello")
    assert (wrong.status_code, wrong.json()["code"]) == (460, "checksum_wrong")
    await table.stage.settle()
    assert (await table.ann.ask(address)).status_code == 404
    assert [file["id"] for file in await table.ben.files()] == [right]
    assert len(on_disk(table.stage.house)) == 1


@pytest.mark.feature("D2", "D6")
async def test_an_upload_can_be_given_up(table: Table) -> None:
    address = await table.ann.begun(10)
    await table.ann.send(address, 0, b"12345")
    assert (await table.ben.http.delete(address, headers=TUS)).status_code == 404
    assert (await table.ann.http.delete(address, headers=TUS)).status_code == 204
    await table.stage.settle()
    assert (await table.ann.ask(address)).status_code == 404
    assert on_disk(table.stage.house) == []
    assert table.ben.client.events("files.gone") == []
    done = await table.ann.drop(b"12345")
    assert (await table.ann.http.delete(f"{table.ann.base}/uploads/{done}", headers=TUS)).status_code == 204
    await table.stage.settle()
    assert table.ben.client.events("files.gone")[-1]["data"] == {"files": [done]}
    assert on_disk(table.stage.house) == []


@pytest.mark.feature("D2", "D7")
async def test_an_upload_that_nobody_goes_on_with_is_given_up(table: Table) -> None:
    address, nothing = await table.ann.begun(10), await table.ann.begun(10)
    await table.stage.pass_time(3599)
    assert (await table.ann.send(address, 0, b"12345")).status_code == 204
    await table.stage.pass_time(2)
    # A place that is held for what never began is free again soon.
    assert (await table.ann.ask(nothing)).status_code == 404
    await table.stage.pass_time(23 * 3600)
    assert await table.ann.offset(address) == 5
    await table.stage.pass_time(3601)
    assert (await table.ann.ask(address)).status_code == 404
    assert on_disk(table.stage.house) == []


@pytest.mark.feature("D1", "D2")
async def test_uploads_are_their_senders_own(table: Table) -> None:
    address = await table.ann.begun(5)
    for other in (table.ben, table.host):
        assert (await other.ask(address)).status_code == 404
        assert (await other.send(address, 0, b"12345")).status_code == 404
    async with table.stage.http() as nobody:
        assert (await nobody.head(address, headers=TUS)).status_code == 401
    assert metadata(filename="x")
