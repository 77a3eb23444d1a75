"""What is for one person, or one device: files and texts that are accepted or declined."""

from __future__ import annotations

import pytest

from tests.files.conftest import Table
from tests.files.support import check_taken, on_disk, sha256
from tests.support.house import Stage


@pytest.mark.feature("D8")
async def test_what_is_for_one_person_is_theirs_alone_when_they_accept(table: Table, stage: Stage) -> None:
    address = await table.ann.begun(6, to=table.ben.me)
    file = address.rpartition("/")[2]
    await stage.settle()
    offer = table.ben.client.events("files.direct_changed")[-1]["data"]["files"][0]
    assert (offer["accepted"], offer["ready"], offer["to"]) == (False, False, table.ben.me)
    await table.ann.send(address, 0, b"secret")
    await stage.settle()
    assert (await table.ben.get(file)).status_code == 403
    assert (await table.host.get(file)).status_code == 404
    assert (await table.host.client.ask("files.delete", files=[file]))["code"] == "file_unknown"
    assert (await table.ann.client.ask("files.answer", file=file, accept=True))["code"] == "forbidden"
    await table.ben.client.must("files.answer", file=file, accept=True)
    assert (await table.ben.get(file)).content == b"secret"
    assert (await table.ben.client.ask("files.answer", file=file, accept=False))["code"] == "already_answered"
    await stage.settle()
    assert table.ann.client.events("files.direct_changed")[-1]["data"]["files"][0]["accepted"] is True
    assert table.host.client.events("files.direct_changed", "files.changed") == []
    assert await table.host.direct() == []
    assert await table.ben.direct() == await table.ann.direct()
    assert await table.ben.files() == []


@pytest.mark.feature("D8")
async def test_a_text_for_one_person_is_read_when_they_accept_it(table: Table, stage: Stage) -> None:
    words = "Psst: the code is 4711"
    file = (await table.ann.client.must("files.text", text=words, to=table.ben.me))["file"]
    await stage.settle()
    offer = table.ben.client.events("files.direct_changed")[-1]["data"]["files"][0]
    assert (offer["id"], offer["text"], offer["name"], offer["sha256"]) == (file, "", "text.txt", None)
    assert (offer["kind"], offer["size"], offer["accepted"]) == ("text", len(words), False)
    assert await table.ben.direct() == [offer]
    for path in (file, f"{file}/preview", f"archive.zip?files={file}"):
        assert (await table.ben.get(path)).status_code in {403, 404}
    assert "4711" not in repr(table.ben.client.events())
    # Who sent it sees what they sent.
    (own,) = await table.ann.direct()
    assert own == table.ann.client.events("files.direct_changed")[-1]["data"]["files"][0]
    assert (own["text"], own["name"]) == (words, "Psst_ the code is 4711.txt")
    await table.ben.client.must("files.answer", file=file, accept=True)
    await stage.settle()
    taken = table.ben.client.events("files.direct_changed")[-1]["data"]["files"][0]
    assert (taken["text"], taken["sha256"]) == (words, sha256(words.encode()))
    assert await table.ben.direct() == await table.ann.direct() == [taken]
    assert (await table.ben.get(file)).text == words
    # To another device of one's own it is no secret.
    phone = await stage.again(table.ben.client, device="phone")
    phone.tell("files.device", name="phone")
    await stage.settle()
    me = phone.signals("files.devices")[-1]["data"]["me"]
    await table.ben.client.must("files.text", text="note", to=table.ben.me, device=me)
    assert [each["text"] for each in await table.ben.direct()] == [words, "note"]


@pytest.mark.feature("D8")
async def test_what_is_declined_is_gone_and_its_upload_stops(table: Table, stage: Stage) -> None:
    address = await table.ann.begun(6, to=table.ben.me)
    file = address.rpartition("/")[2]
    await table.ann.send(address, 0, b"sec")
    await table.ben.client.must("files.answer", file=file, accept=False)
    await stage.settle()
    gone = {"files": [file], "declined": True}
    assert table.ann.client.events("files.direct_gone")[-1]["data"] == gone
    assert (await table.ann.send(address, 3, b"ret")).status_code == 404
    assert on_disk(stage.house) == []
    assert await check_taken(stage) == 0
    text = (await table.ann.client.must("files.text", text="psst", to=table.ben.me))["file"]
    await table.ann.client.must("files.delete", files=[text])
    assert table.ben.client.events("files.direct_gone")[-1]["data"] == {"files": [text], "declined": False}
    assert (await table.ann.client.ask("files.text", text="x", to="nobody"))["code"] == "person_unknown"


@pytest.mark.feature("D8", "P3")
async def test_a_device_is_chosen_by_its_name(table: Table, stage: Stage) -> None:
    phone = await stage.again(table.ben.client, device="phone")
    phone.tell("files.device", name="  Ben's\u202e phone  ")
    table.ben.client.tell("files.device", name="Ben's laptop " + "x" * 100)
    await stage.settle()
    devices = (await table.ann.client.signal("files.devices"))["data"]["devices"]
    assert [(each["person"], each["kind"]) for each in devices] == [(table.ben.me, "phone"), (table.ben.me, "desktop")]
    assert devices[0]["name"] == "Ben's phone"
    assert len(devices[1]["name"]) == 40
    assert phone.link is not None
    assert phone.link.sid not in {each["id"] for each in devices}
    offered = await table.ann.begin(3, to=table.ben.me, device=devices[0]["id"])
    assert offered.status_code == 201
    assert (await table.ben.direct())[0]["device"] == devices[0]["id"]
    # To oneself it goes to another device of one's own.
    own = await table.ben.begin(3, to=table.ben.me, device=devices[0]["id"])
    assert own.status_code == 201
    for wrong in ({"to": table.ann.me, "device": devices[0]["id"]}, {"device": devices[0]["id"]}):
        assert (await table.ann.begin(3, **wrong)).json()["code"] == "device_unknown"
    assert (await table.ben.begin(3, to=table.ben.me)).json()["code"] == "person_unknown"
    phone.lose()
    await stage.settle()
    assert len(table.ann.client.signals("files.devices")[-1]["data"]["devices"]) == 1
    gone = await table.ann.begin(3, to=table.ben.me, device=devices[0]["id"])
    assert gone.json()["code"] == "device_unknown"
