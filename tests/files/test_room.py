"""Who may do what with files, how much they may take, and what becomes of them."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from salon.files.tables import FileRoom, GoneBlob
from tests.files.conftest import Table
from tests.files.support import TUS, check_taken, metadata, on_disk, owner_of, person
from tests.support.house import Stage


@pytest.mark.feature("D1")
@pytest.mark.parametrize(
    ("uploads", "allowed"),
    [
        ("owner", {"owner"}),
        ("hosts", {"owner", "cohost"}),
        ("everyone", {"owner", "cohost", "participant", "audience"}),
    ],
)
async def test_who_may_upload_is_what_the_owner_says(stage: Stage, uploads: str, allowed: set[str]) -> None:
    place = await stage.room("drop")
    people = {"owner": await owner_of(stage, place)}
    for role in ("cohost", "participant", "audience"):
        people[role] = await person(stage, place, role.title())
        if role != "participant":
            await people["owner"].client.must("people.role", person=people[role].me, role=role)
    await stage.settle()
    assert (await people["owner"].client.look())["features"]["files"]["settings"]["uploads"] == "owner"
    await people["owner"].client.must("files.settings", uploads=uploads)
    for role, somebody in people.items():
        answer = await somebody.begin(3, body=b"abc")
        text = await somebody.client.ask("files.text", text="a text")
        if role in allowed:
            assert answer.status_code == 201
            assert text["ok"]
        else:
            assert (answer.status_code, answer.json()["code"]) == (403, "uploads_closed")
            assert text["code"] == "uploads_closed"
    await stage.settle()
    for somebody in people.values():
        for file in await somebody.files():
            assert (await somebody.get(file["id"])).status_code == 200
    assert len(await people["audience"].files()) == 2 * len(allowed)


@pytest.mark.feature("D1")
async def test_only_the_owner_says_who_may_upload(table: Table) -> None:
    await table.host.client.must("people.role", person=table.ann.me, role="cohost")
    await table.stage.settle()
    assert (await table.ann.client.ask("files.settings", uploads="hosts"))["code"] == "forbidden"
    assert (await table.ben.client.ask("files.settings", expiry_minutes=10))["code"] == "forbidden"
    await table.ann.client.must("files.settings", expiry_minutes=10)
    assert (await table.host.client.ask("files.settings", uploads=None))["code"] == "invalid"
    await table.host.client.must("files.settings", expiry_minutes=None)
    settings = (await table.ben.client.look())["features"]["files"]["settings"]
    assert settings == {"uploads": "everyone", "expiry_minutes": None}


@pytest.mark.feature("D1")
async def test_what_was_allowed_at_the_beginning_may_not_be_later(table: Table) -> None:
    address = await table.ann.begun(10)
    assert (await table.ann.send(address, 0, b"12345")).status_code == 204
    await table.host.client.must("files.settings", uploads="owner")
    assert (await table.ann.send(address, 5, b"67890")).status_code == 403
    await table.host.client.must("files.settings", uploads="everyone")
    await table.host.client.must("rooms.activity", activity="files", on=False)
    refused = await table.ann.send(address, 5, b"67890")
    assert (refused.status_code, refused.json()["code"]) == (403, "activity_off")
    await table.host.client.must("rooms.activity", activity="files", on=True)
    assert (await table.ann.send(address, 5, b"67890")).status_code == 204


@pytest.mark.feature("D1")
async def test_outsiders_get_nothing_even_with_a_known_id(table: Table, stage: Stage) -> None:
    file = await table.ann.drop(b"secret")
    coming = await table.ann.begun(10)
    elsewhere = await stage.room("drop")
    stranger = await owner_of(stage, elsewhere)
    lobby = await person(stage, elsewhere, "Eve")
    await table.host.client.must("people.remove", person=table.ben.me)
    paths = [f"{table.ann.base}/{file}{end}" for end in ("", "/preview", "/thumbnail")]
    paths += [f"{table.ann.base}/archive.zip", f"{table.ann.base}/archive.zip?files={file}"]
    paths += [f"{table.ann.base}/everything.zip"]
    for somebody in (stranger, lobby, table.ben):
        for path in paths:
            assert (await somebody.http.get(path)).status_code == 403, path
        assert (await somebody.http.head(coming, headers=TUS)).status_code == 403
    # The right room's file by another room's address.
    assert (await stranger.get(file)).status_code == 404
    assert (await stranger.get(f"archive.zip?files={file}")).status_code == 404
    async with stage.http() as nobody:
        for path in paths:
            assert (await nobody.get(path)).status_code == 401
        made = await nobody.post(f"{table.ann.base}/uploads", headers={**TUS, "Upload-Length": "1"})
        assert made.status_code == 401


@pytest.mark.feature("D1")
async def test_other_sites_cannot_upload_with_somebodys_cookie(table: Table, stage: Stage) -> None:
    token = table.ann.http.headers["authorization"].removeprefix("Bearer ")
    cookie = {"Cookie": f"salon_session={token}", **TUS, "Upload-Length": "1"}
    async with stage.http() as http:
        for origin in ({"Origin": "https://evil.example"}, {}):
            answer = await http.post(f"{table.ann.base}/uploads", headers={**cookie, **origin})
            assert (answer.status_code, answer.json()["code"]) == (403, "origin_refused")


@pytest.mark.feature("D5")
async def test_own_files_can_be_deleted_and_hosts_delete_any(table: Table, stage: Stage) -> None:
    mine, same, third = [await table.ann.drop(b"abc", "same.txt") for _ in range(3)]
    assert [file["name"] for file in await table.ben.files()] == ["same.txt"] * 3
    assert (await table.ben.client.ask("files.delete", files=[mine]))["code"] == "forbidden"
    await table.ann.client.must("files.delete", files=[mine])
    await table.host.client.must("files.delete", files=[same])
    assert (await table.ann.client.ask("files.delete", files=[mine]))["code"] == "file_unknown"
    await stage.settle()
    assert [event["data"]["files"] for event in table.ben.client.events("files.gone")] == [[mine], [same]]
    assert (await table.ben.get(mine)).status_code == 404
    assert len(on_disk(stage.house)) == 1
    assert await check_taken(stage) == 3
    assert [file["id"] for file in await table.ben.files()] == [third]


@pytest.mark.feature("D7", "R8")
async def test_closing_deletes_every_byte(table: Table, stage: Stage) -> None:
    await table.ann.drop(b"one")
    await table.ann.drop(b"two", to=table.ben.me)
    await table.ann.client.must("files.text", text="three")
    coming = await table.ann.begun(10)
    await table.ann.send(coming, 0, b"12345")
    other = await owner_of(stage, await stage.room("drop"))
    kept = await other.drop(b"of another room")
    assert len(on_disk(stage.house)) == 4
    await table.host.client.must("rooms.close")
    await stage.settle()
    assert table.ben.client.events("rooms.closed")
    assert len(on_disk(stage.house)) == 1
    assert (await other.get(kept)).content == b"of another room"
    assert await check_taken(stage) == len(b"of another room")
    assert (await table.ann.send(coming, 5, b"67890")).status_code == 410
    async with stage.house.storage.read() as session:
        assert (await session.execute(select(func.count()).select_from(GoneBlob))).scalar_one() == 0
        assert (await session.execute(select(func.count()).select_from(FileRoom))).scalar_one() == 1


@pytest.mark.feature("D7")
async def test_files_expire_when_the_room_says_so(table: Table, stage: Stage) -> None:
    forever = await table.ann.drop(b"stays")
    await table.host.client.must("files.settings", expiry_minutes=10)
    text = (await table.ann.client.must("files.text", text="a text"))["file"]
    short = await table.ann.drop(b"goes")
    (told,) = [file for file in await table.ben.files() if file["id"] == short]
    assert told["expires_at"] == told["at"] + 10 * 60_000
    await table.stage.pass_time(9 * 60)
    assert len(await table.ben.files()) == 3
    await table.stage.pass_time(61)
    assert [file["id"] for file in await table.ben.files()] == [forever]
    assert {*table.ben.client.events("files.gone")[-1]["data"]["files"]} == {short, text}
    assert len(on_disk(stage.house)) == 1
    await check_taken(stage)


@pytest.mark.feature("D8")
async def test_a_text_is_dropped_and_taken(table: Table) -> None:
    file = (await table.ann.client.must("files.text", text="https://example.org\nsecond <b>line</b>"))["file"]
    (told,) = await table.ben.files()
    assert (told["text"], told["kind"], told["name"]) == (
        "https://example.org\nsecond <b>line</b>",
        "text",
        "example.org.txt",
    )
    down = await table.ben.get(file)
    assert down.content == b"https://example.org\nsecond <b>line</b>"
    shown = await table.ben.get(f"{file}/preview")
    assert shown.headers["content-type"] == "text/plain; charset=utf-8"
    for bad in ("", " \n ", "x" * 10_001):
        assert (await table.ann.client.ask("files.text", text=bad))["code"] == "text_invalid"


@pytest.mark.feature("D5")
async def test_others_see_how_far_an_upload_is(table: Table, stage: Stage) -> None:
    address = await table.ann.begun(10, "film.mkv")
    await table.ann.send(address, 0, b"12345")
    await stage.settle()
    seen = table.ben.client.signals("files.progress")[-1]["data"]["uploads"][0]
    assert (seen["name"], seen["offset"], seen["size"], seen["author"]) == ("film.mkv", 5, 10, table.ann.me)
    assert seen["moving"] is False
    assert any(each["data"]["uploads"][0]["moving"] for each in table.ben.client.signals("files.progress"))
    await table.ann.send(address, 5, b"67890")
    await stage.settle()
    assert table.ben.client.signals("files.progress")[-1]["data"]["over"] == [seen["id"]]
    table.host.client.forget()
    await table.ann.drop(b"12345", to=table.ben.me)
    assert table.host.client.signals("files.progress") == []


@pytest.mark.feature("D5")
async def test_what_somebody_brought_after_they_are_out(table: Table, stage: Stage) -> None:
    kept = await table.ann.drop(b"kept")
    await table.ann.begun(10)
    await table.ann.drop(b"to ben", to=table.ben.me)
    await table.ben.drop(b"to ann", to=table.ann.me)
    await table.host.client.must("people.remove", person=table.ann.me)
    await stage.settle()
    assert [file["id"] for file in await table.host.files()] == [kept]
    assert await table.ben.direct() == []
    assert await check_taken(stage) == 4
    await table.host.client.must("people.ban", person=table.ann.me, delete_messages=True)
    await stage.settle()
    assert await table.host.files() == []
    assert on_disk(stage.house) == []


@pytest.mark.feature("D2")
async def test_names_of_people_and_places_in_metadata_are_looked_at(table: Table) -> None:
    for bad in ({"to": "../x"}, {"device": "a b", "to": "x"}, {"sha256": "zz"}):
        assert (await table.ann.begin(3, **bad)).status_code == 422
    headers = {**TUS, "Upload-Length": "1", "Upload-Metadata": metadata(filename="x", relativePath="a/../b\\c/x")}
    made = await table.ann.http.post(f"{table.ann.base}/uploads", headers=headers)
    assert made.status_code == 201
