"""What happens elsewhere in the room, and what it means for the call."""

from __future__ import annotations

import pytest

from salon.call.tables import CallHold, CallSeat, CallSettings
from tests.call.conftest import Meeting
from tests.call.support import call, join, joining, one, people
from tests.support.dump import dump


@pytest.mark.feature("R5")
@pytest.mark.parametrize("word", ["people.remove", "people.ban"])
async def test_sent_out_of_the_room(meeting: Meeting, word: str) -> None:
    """In the same transaction: there is no moment in which they are out of the room and in the call."""
    part = await join(meeting.ana)
    await join(meeting.ben)
    await meeting.host.must(word, person=meeting.ana.me)
    await meeting.stage.settle()
    assert await people(meeting.host) == [meeting.ben.me]
    (left,) = meeting.ben.events("call.left")
    assert left["data"] == {"participant": part["id"], "person": meeting.ana.me, "why": "gone"}
    (changed,) = [event for event in meeting.ben.events("people.changed") if meeting.ana.me in event["data"]["left"]]
    assert left["at"] == changed["at"]
    assert await dump_of_seats(meeting) == [meeting.ben.me]


async def dump_of_seats(meeting: Meeting) -> list[str]:
    rows = (await dump(meeting.stage.house.storage))[CallSeat.__tablename__]
    at = list(CallSeat.__table__.columns.keys()).index("member_id")
    return [row[at] for row in rows]


@pytest.mark.feature("R5")
async def test_sent_out_while_nobody_saw_them(meeting: Meeting) -> None:
    await join(meeting.ana)
    meeting.ana.lose()
    await meeting.stage.pass_time(6)
    assert await dump_of_seats(meeting) == [meeting.ana.me]
    await meeting.host.must("people.remove", person=meeting.ana.me)
    assert await dump_of_seats(meeting) == []


@pytest.mark.feature("R5")
async def test_leaving_the_room_leaves_the_call(meeting: Meeting) -> None:
    await join(meeting.ana)
    await meeting.ana.must("people.leave")
    await meeting.stage.settle()
    assert await people(meeting.host) == []
    assert meeting.host.events("call.left")[0]["data"]["why"] == "gone"


@pytest.mark.feature("R5", "M4")
async def test_made_a_host_and_back(meeting: Meeting) -> None:
    await join(meeting.ana, screen=True)
    await meeting.host.must("call.settings", share="hosts")
    await meeting.host.must("people.hand_over", person=meeting.ana.me)
    assert (await one(meeting.host, meeting.ana))["held"] == []
    await meeting.ana.must("call.media", screen=True)
    assert (await meeting.host.ask("call.hold", person=meeting.ana.me, what="screen", on=True))["code"] == "forbidden"


@pytest.mark.feature("M2")
async def test_switched_off(meeting: Meeting) -> None:
    part = await join(meeting.ana)
    await join(meeting.ben)
    meeting.ben.lose()
    await meeting.stage.pass_time(6)
    await meeting.host.must("call.settings", most=5)
    await meeting.host.must("rooms.activity", activity="call", on=False)
    await meeting.stage.settle()
    assert meeting.lea.events("call.left")[-1]["data"] == {
        "participant": part["id"],
        "person": meeting.ana.me,
        "why": "ended",
    }
    assert await dump_of_seats(meeting) == []
    await meeting.host.must("rooms.activity", activity="call", on=True)
    assert (await call(meeting.host))["participants"] == []
    assert (await call(meeting.host))["settings"]["most"] == 5
    assert (await joining(meeting.ana))["ok"]


@pytest.mark.feature("R8")
async def test_a_closed_room_keeps_nothing(meeting: Meeting) -> None:
    await join(meeting.ana)
    await meeting.host.must("call.settings", most=5)
    await meeting.host.must("call.hold", person=meeting.ana.me, what="camera", on=True)
    await meeting.host.must("rooms.close")
    await meeting.stage.settle()
    rows = await dump(meeting.stage.house.storage)
    assert [rows[table.__tablename__] for table in (CallSeat, CallHold, CallSettings)] == [[], [], []]


@pytest.mark.feature("P4")
async def test_other_news_of_people_are_none_of_the_call(meeting: Meeting) -> None:
    await join(meeting.ana)
    before = len(meeting.host.events("call.changed"))
    await meeting.ana.must("people.update", about="writes")
    await meeting.host.must("people.role", person=meeting.ben.me, role="cohost")
    await meeting.stage.settle()
    assert len(meeting.host.events("call.changed")) == before
