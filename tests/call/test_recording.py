"""Who may record, who is told, and when it is over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from salon.call import recording, rules
from salon.core.clock import ManualClock
from tests.call.conftest import Meeting, open_meeting
from tests.call.support import call, join, line
from tests.files.support import Person, owner_of
from tests.files.test_growing import begun
from tests.support.house import LocalClient, Stage, open_stage
from tests.support.recorder import Json

pytestmark = pytest.mark.feature("M11")

FILE = "a-file-of-the-room"


async def record(client: LocalClient, file: str = FILE) -> Json:
    mark: Json = (await client.must("call.record", file=file))["recording"]
    return mark


async def marks(client: LocalClient) -> list[Json]:
    found: list[Json] = (await call(client))["recordings"]
    return found


def ended(client: LocalClient) -> list[Json]:
    return [event["data"] for event in client.events("call.recording_ended")]


async def test_everyone_is_told_while_it_runs(meeting: Meeting) -> None:
    await join(meeting.host)
    mark = await record(meeting.host)
    assert (mark["person"], mark["file"]) == (meeting.host.me, FILE)
    assert abs(meeting.stage.clock.now() - mark["since"]) < 1000
    await meeting.stage.settle()
    # Also who is not in the call, or only listens, and who comes later.
    assert [each["data"] for each in meeting.lea.events("call.recording")] == [{"recording": mark}]
    late = await meeting.stage.come(meeting.place, "Late")
    assert await marks(late) == [mark]
    await meeting.host.must("call.stop_recording", recording=mark["id"])
    await meeting.stage.settle()
    told = {"recording": mark["id"], "person": meeting.host.me, "file": FILE, "by": meeting.host.me}
    assert ended(meeting.lea) == ended(late) == [told]
    assert await marks(late) == []
    assert (await meeting.host.ask("call.stop_recording", recording=mark["id"]))["code"] == "recording_unknown"
    assert (await record(meeting.host))["id"] != mark["id"]


async def test_only_who_is_in_the_call_and_may(meeting: Meeting) -> None:
    assert (await meeting.host.ask("call.record", file=FILE))["code"] == "not_in_call"
    for client in (meeting.host, meeting.second, meeting.ana):
        await join(client)
    further = await meeting.stage.again(meeting.host)
    assert (await further.ask("call.record", file=FILE))["code"] == "not_in_call"
    refused = await meeting.ana.ask("call.record", file=FILE)
    assert (refused["code"], refused["message"]) == ("forbidden", "Only hosts record in this room.")
    for wrong in ("", "a b", "x" * 65, None):
        assert (await meeting.host.ask("call.record", file=wrong))["code"] == "invalid"
    await record(meeting.second)
    assert (await meeting.second.ask("call.record", file="another"))["code"] == "recording_runs"
    await meeting.host.must("call.settings", record="everyone")
    await record(meeting.ana)
    assert {each["person"] for each in await marks(meeting.lea)} == {meeting.second.me, meeting.ana.me}


async def test_who_stops_it(meeting: Meeting) -> None:
    await meeting.host.must("call.settings", record="everyone")
    await join(meeting.ana)
    mark = await record(meeting.ana)
    refused = await meeting.ben.ask("call.stop_recording", recording=mark["id"])
    assert refused["code"] == "forbidden"
    assert (await meeting.host.ask("call.stop_recording", recording="x"))["code"] == "recording_unknown"
    await meeting.second.must("call.stop_recording", recording=mark["id"])
    await meeting.stage.settle()
    assert ended(meeting.ana)[-1]["by"] == meeting.second.me
    # Of another room's nobody knows.
    mark = await record(meeting.ana)
    elsewhere = await meeting.stage.owner(await meeting.stage.room("meeting"))
    assert (await elsewhere.ask("call.stop_recording", recording=mark["id"]))["code"] == "recording_unknown"


@pytest.mark.parametrize(
    "how", ["leaves", "is sent out", "is removed", "leaves the room", "may no more", "is no host", "off", "reloads"]
)
async def test_it_ends_with_the_place(meeting: Meeting, how: str) -> None:
    who = meeting.second if how == "is no host" else meeting.ana
    if who is meeting.ana:
        await meeting.host.must("call.settings", record="everyone")
    await join(who)
    mark = await record(who)
    host: dict[str, tuple[str, dict[str, Any]]] = {
        "is sent out": ("call.send_out", {"person": who.me}),
        "is removed": ("people.remove", {"person": who.me}),
        "may no more": ("call.settings", {"record": "hosts"}),
        "is no host": ("people.role", {"person": who.me, "role": "participant"}),
        "off": ("rooms.activity", {"activity": "call", "on": False}),
    }
    own = {"leaves": "call.leave", "leaves the room": "people.leave"}
    if how in host:
        word, said = host[how]
        await meeting.host.must(word, **said)
    elif how in own:
        await who.must(own[how])
    else:
        who.lose()
        await join(await who.connect())
        await meeting.stage.pass_time(recording.GRACE_MS / 1000 + 1)
    await meeting.stage.settle()
    told = {"recording": mark["id"], "person": who.me, "file": FILE, "by": None}
    assert ended(meeting.ben) == [told]
    if how != "off":
        assert await marks(meeting.ben) == []


async def test_a_short_cut_does_not_end_it_and_a_long_one_does(meeting: Meeting) -> None:
    await join(meeting.host)
    mark = await record(meeting.host)
    meeting.host.lose()
    await meeting.stage.pass_time(5)
    back = await meeting.host.connect()
    assert (await back.ask("call.join", line=line(back.name), anew=False, microphone=True))["ok"]
    assert await record(back) == mark
    await meeting.stage.pass_time(recording.GRACE_MS / 1000 + 1)
    assert (await marks(meeting.ben), ended(meeting.ben)) == ([mark], [])
    assert len(meeting.ben.events("call.recording")) == 1
    back.lose()
    await meeting.stage.pass_time(rules.CLOSED_MS / 1000 + 1)
    await meeting.stage.pass_time(recording.GRACE_MS / 1000 - 1)
    assert (await marks(meeting.ben), ended(meeting.ben)) == ([mark], [])
    await meeting.stage.pass_time(2)
    assert ended(meeting.ben)[-1]["by"] is None


async def test_who_was_loaded_again_may_record_anew_at_once(meeting: Meeting) -> None:
    await join(meeting.host)
    first = await record(meeting.host)
    meeting.host.lose()
    await join(await meeting.host.connect())
    second = await record(meeting.host, "another-file")
    await meeting.stage.settle()
    assert [each["recording"] for each in ended(meeting.ben)] == [first["id"]]
    assert await marks(meeting.ben) == [second]


async def test_it_survives_a_restart_of_the_server(tmp_path: Path, at_once: None) -> None:
    clock = ManualClock()
    async with open_stage(tmp_path, clock=clock) as stage:
        meeting = await open_meeting(stage)
        await join(meeting.host)
        mark = await record(meeting.host)
    async with open_stage(tmp_path, clock=clock) as stage:
        back = await stage.come_back(meeting.host)
        assert (await back.ask("call.join", line=line(back.name), anew=False, microphone=True))["ok"]
        assert await marks(back) == [mark]
        await back.must("call.stop_recording", recording=mark["id"])


async def test_a_closed_room_keeps_nothing_of_it(meeting: Meeting) -> None:
    await join(meeting.host)
    await record(meeting.host)
    await meeting.host.must("rooms.close")


@pytest.mark.feature("D2")
@pytest.mark.parametrize("on", [True, False])
async def test_what_comes_after_its_end_is_not_taken_for_long(stage: Stage, on: bool) -> None:
    place = await stage.room("meeting")
    host: Person = await owner_of(stage, place)
    await host.client.must("rooms.activity", activity="files", on=True)
    await join(host.client)
    address = await begun(host)
    await host.send(address, 0, b"12345")
    mark = await record(host.client, address.rpartition("/")[2])
    await host.client.must("call.stop_recording", recording=mark["id"])
    await stage.settle()
    await stage.pass_time(29)
    assert (await host.send(address, 5, b"678")).status_code == 204
    if on:
        # It does not wait for who goes on all the same.
        await stage.pass_time(2)
        assert (await host.send(address, 8, b"9")).status_code in {409, 410, 423}
    else:
        assert (await host.send(address, 8, b"", **{"Upload-Length": "8"})).status_code == 204
    assert [each["size"] for each in await host.files()] == [8]
