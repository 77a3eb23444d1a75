"""Coming into a call, going, several pages of one person, and what one sends."""

from __future__ import annotations

import asyncio

import pytest

from tests.call.conftest import Meeting
from tests.call.support import ALL, call, join, joining, line, one, people, sent
from tests.support.house import Stage


@pytest.mark.feature("M2", "P4")
async def test_everybody_sees_who_is_in_it(meeting: Meeting) -> None:
    first = await join(meeting.ana)
    meeting.stage.clock.advance(seconds=1)
    second = await join(meeting.ben, camera=False)
    await meeting.stage.settle()
    assert await people(meeting.host) == [meeting.ana.me, meeting.ben.me]
    assert await one(meeting.lea, meeting.ana) == first
    assert (sent(first), sent(second)) == (["microphone", "camera"], ["microphone"])
    assert (first["there"], first["epoch"], first["held"], first["hand_at"]) == (True, 1, [], None)
    told = [event["data"]["participants"] for event in meeting.lea.events("call.changed")]
    assert told == [[first], [second]]


@pytest.mark.feature("M1")
async def test_without_camera_and_microphone(meeting: Meeting) -> None:
    assert sent(await join(meeting.ana, microphone=False, camera=False)) == []


@pytest.mark.feature("M2")
async def test_leaving(meeting: Meeting) -> None:
    part = await join(meeting.ana)
    await meeting.ben.must("call.leave")
    await meeting.ana.must("call.leave")
    await meeting.ana.must("call.leave")
    await meeting.stage.settle()
    assert await people(meeting.host) == []
    (left,) = meeting.ben.events("call.left")
    assert left["data"] == {"participant": part["id"], "person": meeting.ana.me, "why": "left"}
    again = await join(meeting.ana)
    assert again["id"] != part["id"]
    assert again["epoch"] == 1


@pytest.mark.feature("M2")
async def test_only_so_many_find_a_place(meeting: Meeting) -> None:
    """Also when several come in the same moment."""
    await meeting.host.must("call.settings", most=3)
    those = [meeting.host, meeting.second, meeting.ana, meeting.ben, meeting.lea]
    answers = await asyncio.gather(*(joining(client) for client in those))
    assert [answer.get("code") for answer in answers] == [None, None, None, "call_full", "call_full"]
    await meeting.host.must("call.settings", most=2)
    assert len(await people(meeting.host)) == 3, "fewer places send nobody out"
    await meeting.host.must("call.leave")
    assert (await joining(meeting.ben))["code"] == "call_full"
    await meeting.second.must("call.leave")
    assert (await joining(meeting.ben))["ok"]


@pytest.mark.feature("M2")
async def test_there_is_none_where_it_is_switched_off(meeting: Meeting) -> None:
    await meeting.host.must("rooms.activity", activity="call", on=False)
    for word, payload in (("call.join", {"line": line("x")}), ("call.leave", {}), ("call.hand", {"up": True})):
        assert (await meeting.ana.ask(word, **payload))["code"] == "activity_off"


@pytest.mark.feature("M8")
async def test_another_tab_takes_over_only_when_it_says_so(meeting: Meeting) -> None:
    part = await join(meeting.ana)
    await meeting.ana.must("call.hand", up=True)
    tab = await meeting.stage.again(meeting.ana)
    assert (await joining(tab, "tab"))["code"] == "call_elsewhere"
    for word, payload in (("call.media", {"camera": False}), ("call.hand", {"up": False})):
        assert (await tab.ask(word, **payload))["code"] == "not_in_call"
    await tab.must("call.leave")
    assert await people(meeting.host) == [meeting.ana.me], "a tab that is not in it leaves nothing"
    taken = await join(tab, "tab", take=True, camera=False)
    assert (taken["id"], taken["epoch"], taken["joined_at"]) == (part["id"], 2, part["joined_at"])
    assert taken["hand_at"] is not None
    assert (await meeting.ana.ask("call.media", camera=True))["code"] == "not_in_call"
    await meeting.ana.must("call.leave")
    meeting.ana.lose()
    await meeting.stage.pass_time(10)
    assert (await one(meeting.host, tab))["there"], "the tab of before is nothing to the call"


@pytest.mark.feature("M8")
async def test_pressed_twice(meeting: Meeting) -> None:
    part = await join(meeting.ana, anew=False)
    assert await join(meeting.ana, anew=False) == part
    assert (await join(meeting.ana))["epoch"] == 2, "the page begins anew"
    assert (await join(meeting.ana, "another", anew=False))["id"] == part["id"]


@pytest.mark.feature("M4")
async def test_what_one_sends(meeting: Meeting) -> None:
    await join(meeting.ana, camera=False)
    for change, now in (
        ({"camera": True}, ["microphone", "camera"]),
        ({"microphone": False, "screen": True, "screen_sound": True}, ["camera", "screen", "screen_sound"]),
        ({"screen": False}, ["camera"]),
        ({"screen_sound": True}, ["camera"]),
        ({"camera": False}, []),
    ):
        await meeting.ana.must("call.media", **change)
        assert sent(await one(meeting.host, meeting.ana)) == now
    count = len(meeting.host.events("call.changed"))
    await meeting.ana.must("call.media", camera=False)
    await meeting.ana.must("call.media")
    await meeting.stage.settle()
    assert len(meeting.host.events("call.changed")) == count, "nothing new is not told"
    assert (await meeting.ana.ask("call.media", camera=None))["code"] == "invalid"
    assert (await meeting.ben.ask("call.media", camera=True))["code"] == "not_in_call"


@pytest.mark.feature("M4")
async def test_hands(meeting: Meeting) -> None:
    await join(meeting.ana)
    assert (await meeting.ben.ask("call.hand", up=True))["code"] == "not_in_call"
    await meeting.ana.must("call.hand", up=True)
    raised = (await one(meeting.host, meeting.ana))["hand_at"]
    assert raised >= meeting.stage.clock.now()
    meeting.stage.clock.advance(seconds=5)
    await meeting.ana.must("call.hand", up=True)
    assert (await one(meeting.host, meeting.ana))["hand_at"] == raised
    await meeting.ana.must("call.hand", up=False)
    assert (await one(meeting.host, meeting.ana))["hand_at"] is None


@pytest.mark.feature("R5", "M2")
async def test_the_audience_sees_and_hears_and_sends_nothing(meeting: Meeting) -> None:
    part = await join(meeting.lea, screen=True, screen_sound=True)
    assert (part["held"], sent(part)) == (ALL, [])
    for what in (*ALL, "screen_sound"):
        assert (await meeting.lea.ask("call.media", **{what: True}))["code"] == "held"
    await meeting.lea.must("call.hand", up=True)
    await meeting.host.must("people.role", person=meeting.lea.me, role="participant")
    assert (await one(meeting.host, meeting.lea))["held"] == []
    await meeting.lea.must("call.media", microphone=True)
    await meeting.host.must("people.role", person=meeting.lea.me, role="audience")
    part = await one(meeting.host, meeting.lea)
    assert (part["held"], sent(part)) == (ALL, [])
    assert part["hand_at"] is not None


@pytest.mark.feature("M2")
async def test_what_is_no_line(meeting: Meeting) -> None:
    for wrong in ("", "short", "x" * 65, "with a space in it.."):
        assert (await meeting.ana.ask("call.join", line=wrong))["code"] == "invalid"
    meeting.ana.lose()
    assert (await joining(meeting.ana))["code"] == "invalid", "not over a connection"
    assert (await call(meeting.host))["participants"] == []


@pytest.mark.feature("M2")
async def test_rooms_have_a_call_each(meeting: Meeting, stage: Stage) -> None:
    other = await stage.room("meeting")
    eve = await stage.owner(other, "Eve")
    await join(meeting.ana)
    await join(eve)
    assert await people(meeting.host) == [meeting.ana.me]
    for word in ("call.lower_hand", "call.send_out", "call.hold"):
        more = {"what": "camera", "on": True} if word == "call.hold" else {}
        answer = await eve.ask(word, person=meeting.ana.me, **more)
        assert answer["code"] in {"person_unknown", "participant_unknown"}
