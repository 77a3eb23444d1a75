"""Rooms: made in one request, changed by hosts, ended by the owner or by nobody being there."""

from __future__ import annotations

import asyncio
import io
import zipfile
from pathlib import Path

import orjson
import pytest

from salon.core.clock import ManualClock
from tests.support.dump import places_of
from tests.support.house import LocalClient, Place, Stage, open_stage
from tests.support.wire import Served
from tests.support.world import knocks

MINUTE = 60


@pytest.mark.feature("R1")
@pytest.mark.parametrize(
    ("preset", "name", "newcomers", "activities"),
    [
        ("stage", "Stage", "audience", ["chat", "floor", "polls"]),
        ("meeting", "Meeting", "participant", ["chat", "call"]),
        ("study", "Study", "participant", ["chat", "call", "files", "study"]),
        ("drop", "Drop", "participant", ["chat", "files"]),
    ],
)
async def test_presets(stage: Stage, preset: str, name: str, newcomers: str, activities: list[str]) -> None:
    place = await stage.room(preset, admission="open")
    owner = await stage.owner(place)
    room = owner.snapshot["features"]["rooms"]["room"]
    assert (room["preset"], room["name"], room["newcomers"]) == (preset, name, newcomers)
    assert (room["theme"], room["capacity"], room["activities"]) == ("linen", None, activities)
    assert (room["pin"], room["link"]) == (place.pin, place.link)
    assert owner.snapshot["features"]["people"]["people"][0]["role"] == "owner"
    guest = await stage.come(place, "Gil")
    assert guest.snapshot["features"]["people"]["people"][1]["role"] == newcomers


@pytest.mark.feature("R1")
async def test_activities_of_ones_own_choice(stage: Stage) -> None:
    place = await stage.room("meeting", activities=["polls", "chat"])
    owner = await stage.owner(place)
    assert owner.snapshot["features"]["rooms"]["room"]["activities"] == ["chat", "polls"]
    bare = await stage.owner(await stage.room("stage", activities=[]))
    assert bare.snapshot["features"]["rooms"]["room"]["activities"] == []
    _, token = await stage.session()
    async with stage.http(token) as http:
        answer = await http.post("/api/rooms", json={"preset": "meeting", "activities": ["chat", "chess"]})
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (
        404,
        "activity_unknown",
        "activities",
    )


@pytest.mark.feature("R1")
async def test_whoever_made_it_is_the_owner_however_late(stage: Stage) -> None:
    place = await stage.room("stage")
    early = await stage.come(place, "Early")
    assert early.snapshot["features"]["people"]["people"][0]["role"] == "audience"
    owner = await stage.owner(place)
    assert owner.snapshot["features"]["people"]["people"][-1]["role"] == "owner"


@pytest.mark.feature("R1", "R9")
async def test_settings_reach_everyone(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    await owner.must("rooms.update", name=" The  long evening ", theme="dusk", capacity=5)
    told = guest.events("rooms.changed")[-1]["data"]["room"]
    assert (told["name"], told["theme"], told["capacity"]) == ("The long evening", "dusk", 5)
    await owner.must("rooms.update", name="")
    assert guest.events("rooms.changed")[-1]["data"]["room"]["name"] == "Meeting"
    await owner.must("rooms.update", newcomers="audience")
    newcomer = await stage.come(place, "Nora")
    assert newcomer.snapshot["features"]["people"]["people"][-1]["role"] == "audience"
    assert newcomer.snapshot["features"]["rooms"]["room"]["theme"] == "dusk"


@pytest.mark.feature("R9")
@pytest.mark.parametrize("theme", ["linen", "ember", "moss", "tide", "dusk", "rose", "slate", "honey"])
async def test_themes(stage: Stage, theme: str) -> None:
    place = await stage.room(theme=theme)
    async with stage.http() as http:
        assert (await http.get(f"/api/rooms/{place.link}")).json()["theme"] == theme


@pytest.mark.feature("R1")
async def test_an_activity_that_is_off_takes_no_orders(
    stage: Stage, place: Place, owner: LocalClient, guest: LocalClient
) -> None:
    await guest.must("chat.send", body="before")
    await owner.must("rooms.activity", activity="chat", on=False)
    assert guest.events("rooms.changed")[-1]["data"]["room"]["activities"] == ["call"]
    for word, payload in (("chat.send", {"body": "x"}), ("chat.history", {}), ("chat.settings", {})):
        assert (await owner.ask(word, **payload))["code"] == "activity_off", word
    await owner.must("people.update", about="other things go on")
    await owner.must("rooms.activity", activity="chat", on=True)
    await owner.must("rooms.activity", activity="chat", on=True)
    assert [each["body"] for each in (await guest.must("chat.history"))["messages"]] == ["before"]


@pytest.mark.feature("R8", "R3")
async def test_closing_tells_everyone_and_ends_it(
    stage: Stage, place: Place, owner: LocalClient, guest: LocalClient
) -> None:
    visitor = await stage.visitor(place)
    await owner.must("rooms.close")
    await stage.settle()
    for client in (owner, guest):
        assert client.events("rooms.closed")[-1]["data"] == {"reason": "owner"}
        assert client.link is None or client.link.cut
    assert visitor.link is None or visitor.link.cut
    for client in (owner, guest, visitor):
        await client.connect()
        assert client.refused == "room_closed"
        assert (await client.ask("chat.history"))["code"] == "room_closed"
        assert (await client.ask("people.join", name="x"))["code"] == "room_closed"
    assert (await owner.ask("rooms.close"))["code"] == "room_closed"
    _, token = await stage.session()
    async with stage.http(token) as http:
        assert (await http.post("/api/pin", json={"pin": place.pin})).json()["code"] == "pin_unknown"
        assert (await http.get(f"/api/rooms/{place.link}")).json()["code"] == "room_closed"


@pytest.mark.feature("R8")
async def test_a_closed_room_keeps_nothing_of_what_was_in_it(
    stage: Stage, place: Place, owner: LocalClient, guest: LocalClient
) -> None:
    secret = "xylophone"
    elsewhere = await stage.owner(await stage.room(name=f"another {secret}"), f"Xenia {secret}")
    await elsewhere.must("chat.send", body=f"kept: {secret}")
    await owner.must("rooms.update", name=f"The {secret} room")
    await guest.must("people.update", name=f"Gil {secret}", about=f"plays the {secret}")
    message = (await guest.must("chat.send", body=f"a {secret}"))["message"]
    await owner.must("chat.send", body="nice", reply_to=message)
    await guest.must("chat.edit", message=message, body=f"my {secret}")
    await owner.must("chat.pin", message=message, on=True)
    await guest.must("chat.send", body=f"psst, {secret}", peer=owner.me)
    await stage.come(place, f"Leaver {secret}")
    gone = await stage.come(place, f"Eve {secret}")
    await owner.must("people.remove", person=gone.me)
    await knocks(stage, place, f"Kim {secret}")
    assert len(await places_of(stage.house.storage, secret)) > 8
    # What is said in the very moment of closing, too.
    await asyncio.gather(guest.ask("chat.send", body=f"last {secret}"), owner.must("rooms.close"))
    await stage.settle()
    kept = {"events.data", "members.name", "members.name_key", "messages.body", "messages.folded", "messages.name"}
    others = {*kept, "rooms.name", "attendance_stays.name"}
    assert set(await places_of(stage.house.storage, secret)) == others, "of the other room"
    await elsewhere.must("rooms.close")
    await stage.settle()
    assert set(await places_of(stage.house.storage, secret)) <= {"rooms.name"}


@pytest.mark.feature("R8")
async def test_an_empty_room_ends_after_its_idle_time(stage: Stage) -> None:
    place = await stage.room()
    owner = await stage.owner(place)
    await owner.must("rooms.update", idle_minutes=5)
    owner.lose()
    await stage.pass_time(30)
    await stage.pass_time(5 * MINUTE - 1)
    assert not await closed(stage, place)
    await stage.pass_time(2)
    assert await closed(stage, place)
    async with stage.http((await stage.session())[1]) as http:
        assert (await http.post("/api/pin", json={"pin": place.pin})).json()["code"] == "pin_unknown"


async def closed(stage: Stage, place: Place) -> bool:
    async with stage.http() as http:
        return (await http.get(f"/api/rooms/{place.link}")).status_code == 410


@pytest.mark.feature("R8")
async def test_a_room_with_somebody_in_it_never_does(stage: Stage, place: Place, owner: LocalClient) -> None:
    await owner.must("rooms.update", idle_minutes=5)
    await stage.pass_time(3600)
    await stage.pass_time(24 * 3600)
    await owner.must("chat.send", body="still here")
    # A short loss is no absence.
    owner.lose()
    await stage.pass_time(10)
    assert not await closed(stage, place)


@pytest.mark.feature("R8")
async def test_a_room_that_nobody_ever_came_to_ends_too(tmp_path: Path, at_once: None) -> None:
    async with open_stage(tmp_path, idle_minutes=10) as stage:
        place = await stage.room()
        visitor = await stage.visitor(place)
        await stage.pass_time(9 * MINUTE)
        assert not await closed(stage, place)
        await stage.pass_time(2 * MINUTE)
        assert await closed(stage, place)
        assert visitor.link is None or visitor.link.cut


@pytest.mark.feature("R8")
async def test_leaving_begins_the_idle_time(stage: Stage, place: Place, owner: LocalClient) -> None:
    await owner.must("rooms.update", idle_minutes=5)
    await stage.pass_time(3600)
    await owner.must("people.leave")
    await stage.pass_time(4 * MINUTE)
    assert not await closed(stage, place)
    await stage.pass_time(2 * MINUTE)
    assert await closed(stage, place)


@pytest.mark.feature("R8")
async def test_a_room_survives_a_restart(tmp_path: Path, at_once: None) -> None:
    clock = ManualClock()
    async with open_stage(tmp_path, clock=clock) as stage:
        place = await stage.room(name="Kitchen", theme="moss")
        owner = await stage.owner(place)
        await owner.must("chat.send", body="hello")
        before = (await owner.look())["features"]
    async with open_stage(tmp_path, clock=clock) as stage:
        back = await stage.come_back(owner)
        after = back.snapshot["features"]
        assert after["rooms"] == before["rooms"]
        assert after["chat"] == before["chat"]
        assert after["people"]["me"] == before["people"]["me"]
        async with stage.http((await stage.session())[1]) as http:
            found = (await http.post("/api/pin", json={"pin": place.pin})).json()
        assert found == {"outcome": "found", "link": place.link}


@pytest.mark.feature("R8")
async def test_over_the_wire_closing_ends_connections(served: Served) -> None:
    token = await served.token()
    room = (await served.room(token))["link"]
    olga = await served.come(room, "Olga", token)
    gil = await served.come(room, "Gil")
    assert (await olga.ask("rooms.close"))["ok"], "the answer comes before the end"
    for client in (olga, gil):
        await client.event("rooms.closed")
        await client.gone()


@pytest.mark.feature("C5", "R8")
async def test_the_archive(stage: Stage, place: Place) -> None:
    identity, token = await stage.session()
    owner = await stage.owner(place)
    gil = await stage.come(place, "Gil", identity=identity, about="brings cake")
    first = (await owner.must("chat.send", body="Who brings cake?"))["message"]
    await gil.must("chat.send", body="I do\n[2020-01-01 00:00:00 UTC] Olga: forged", reply_to=first)
    await gil.must("chat.react", message=first, emoji="🎂", on=True)
    await owner.must("chat.send", body="secret", peer=gil.me)
    await owner.must("chat.delete", message=(await owner.must("chat.send", body="oops"))["message"])
    async with stage.http(token) as http:
        path = f"/api/rooms/{place.link}/export"
        for name in ("chat.txt", "chat.json", "archive.zip", "people.txt", "nothing.txt"):
            refused = await http.get(f"{path}/{name}", follow_redirects=True)
            assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
        await owner.must("people.role", person=gil.me, role="cohost")
        as_text = await http.get(f"{path}/chat.txt")
        as_json = orjson.loads((await http.get(f"{path}/chat.json")).content)
        packed = zipfile.ZipFile(io.BytesIO((await http.get(f"{path}/archive.zip", follow_redirects=True)).content))
        for name in ("nothing.txt", "..%2fsalon.db", "%00"):
            assert (await http.get(f"{path}/{name}")).status_code == 404
    assert as_text.headers["content-disposition"] == 'attachment; filename="chat.txt"'
    lines = as_text.text.splitlines()
    assert [line.split("] ", 1)[1] for line in lines[:2]] == ["Olga: Who brings cake?", "Gil: (to Olga) I do"]
    assert lines[2] == "    [2020-01-01 00:00:00 UTC] Olga: forged", "nobody writes a line in another's name"
    assert len(lines) == 3
    assert [each["n"] for each in as_json["messages"]] == [1, 2]
    assert as_json["messages"][0]["reactions"] == {"🎂": 1}
    assert as_json["messages"][1]["reply_to"] == first
    assert set(packed.namelist()) == {
        "people.txt",
        "chat.txt",
        "chat.json",
        "attendance.csv",
        "attendance.xlsx",
    }
    assert packed.read("people.txt").decode() == "Olga (owner)\nGil (cohost): brings cake\n"
    assert b"secret" not in b"".join(packed.read(name) for name in packed.namelist())
