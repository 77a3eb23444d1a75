"""Hosts: what they hold stays held, hands, sending out, settings; and whom they may do it to."""

from __future__ import annotations

import pytest

from tests.call.conftest import Meeting
from tests.call.support import ALL, call, join, joining, one, people, sent


@pytest.mark.feature("R5", "M4")
async def test_what_is_held_is_off_and_stays_off(meeting: Meeting) -> None:
    await join(meeting.ana, screen=True, screen_sound=True)
    for number, what in enumerate(ALL, start=1):
        await meeting.second.must("call.hold", person=meeting.ana.me, what=what, on=True)
        part = await one(meeting.ben, meeting.ana)
        assert part["held"] == ALL[:number]
        assert what not in sent(part)
        assert (await meeting.ana.ask("call.media", **{what: True}))["code"] == "held"
        assert what not in sent(await one(meeting.ben, meeting.ana)), "nothing is half done"
    assert sent(await one(meeting.ben, meeting.ana)) == []
    assert (await meeting.ana.ask("call.media", screen_sound=True))["code"] == "held"
    assert (await call(meeting.ben))["holds"] == [{"person": meeting.ana.me, "what": ALL}]
    # The event is what receivers go by.
    last = meeting.ben.events("call.changed")[-1]["data"]["participants"]
    assert (last[0]["person"], last[0]["held"], sent(last[0])) == (meeting.ana.me, ALL, [])


@pytest.mark.feature("R5")
async def test_nobody_escapes_a_hold(meeting: Meeting) -> None:
    """By leaving, another tab, the same request with something else, or coming back into the room."""
    await join(meeting.ana)
    await meeting.host.must("call.hold", person=meeting.ana.me, what="microphone", on=True)
    assert (await meeting.ana.ask("call.media", camera=False, microphone=True))["code"] == "held"
    assert (await one(meeting.host, meeting.ana))["camera"], "nothing is half done"
    assert sent(await join(meeting.ana)) == ["camera"]
    await meeting.ana.must("call.leave")
    assert sent(await join(meeting.ana)) == ["camera"]
    tab = await meeting.stage.again(meeting.ana)
    assert sent(await join(tab, "tab", take=True)) == ["camera"]
    await meeting.ana.must("people.leave")
    await meeting.stage.settle()
    await meeting.ana.connect()
    await meeting.ana.must("people.join", name="Ana")
    await meeting.stage.settle()
    await meeting.ana.connect()
    assert sent(await join(meeting.ana)) == ["camera"]
    await meeting.second.must("call.hold", person=meeting.ana.me, what="microphone", on=False)
    assert (await one(meeting.host, meeting.ana))["held"] == []
    assert sent(await one(meeting.host, meeting.ana)) == ["camera"], "letting go switches nothing on"
    await meeting.ana.must("call.media", microphone=True)


@pytest.mark.feature("R5")
async def test_held_before_joining(meeting: Meeting) -> None:
    await meeting.host.must("call.hold", person=meeting.ben.me, what="camera", on=True)
    assert (await call(meeting.ben))["holds"] == [{"person": meeting.ben.me, "what": ["camera"]}]
    part = await join(meeting.ben)
    assert (part["held"], sent(part)) == (["camera"], ["microphone"])


@pytest.mark.feature("R5")
async def test_everyone_of_lower_standing_at_once(meeting: Meeting) -> None:
    for client in (meeting.host, meeting.second, meeting.ana, meeting.ben):
        await join(client)
        meeting.stage.clock.advance(seconds=1)
    await meeting.second.must("call.hold", what="microphone", on=True)
    held = {each["person"]: each["held"] for each in (await call(meeting.host))["participants"]}
    expected = {meeting.host.me: [], meeting.second.me: [], meeting.ana.me: ["microphone"]}
    assert held == {**expected, meeting.ben.me: ["microphone"]}
    (told,) = meeting.lea.events("call.held")
    assert [each["person"] for each in told["data"]["holds"]] == sorted([meeting.ana.me, meeting.ben.me])
    await meeting.second.must("call.hold", what="microphone", on=True)
    await meeting.stage.settle()
    assert len(meeting.lea.events("call.held")) == 1
    await meeting.host.must("call.hold", what="camera", on=True)
    assert (await one(meeting.host, meeting.second))["held"] == ["camera"]
    await meeting.ben.must("call.leave")
    await meeting.host.must("call.hold", what="microphone", on=False)
    assert (await call(meeting.host))["holds"] == [
        {"person": person, "what": ["camera"]} for person in sorted([meeting.second.me, meeting.ana.me, meeting.ben.me])
    ], "who has left meanwhile is let go as well"


@pytest.mark.feature("R5")
async def test_only_those_above(meeting: Meeting) -> None:
    for client in (meeting.host, meeting.second, meeting.ana):
        await join(client)
    for who, whom in (
        (meeting.second, meeting.host),
        (meeting.second, meeting.second),
        (meeting.host, meeting.host),
        (meeting.ana, meeting.ben),
        (meeting.ana, meeting.ana),
    ):
        assert (await who.ask("call.hold", person=whom.me, what="camera", on=True))["code"] == "forbidden"
        assert (await who.ask("call.send_out", person=whom.me))["code"] == "forbidden"
    for word in ("call.lower_hands", "call.settings"):
        assert (await meeting.ana.ask(word))["code"] == "forbidden"
    assert (await meeting.ana.ask("call.hold", what="camera", on=True))["code"] == "forbidden"
    assert (await call(meeting.host))["holds"] == []
    assert len(await people(meeting.host)) == 3


@pytest.mark.feature("R5")
async def test_muted_in_the_room_is_muted_in_the_call(meeting: Meeting) -> None:
    await join(meeting.ana)
    await meeting.host.must("people.mute", person=meeting.ana.me, muted=True)
    part = await one(meeting.ben, meeting.ana)
    assert (part["held"], sent(part)) == (["microphone"], ["camera"])
    assert (await meeting.ana.ask("call.media", microphone=True))["code"] == "held"
    await meeting.ana.must("call.leave")
    assert sent(await join(meeting.ana)) == ["camera"]
    await meeting.host.must("call.hold", person=meeting.ana.me, what="microphone", on=True)
    await meeting.host.must("people.mute", person=meeting.ana.me, muted=False)
    assert (await one(meeting.ben, meeting.ana))["held"] == ["microphone"], "each for itself"
    await meeting.host.must("call.hold", person=meeting.ana.me, what="microphone", on=False)
    assert (await one(meeting.ben, meeting.ana))["held"] == []


@pytest.mark.feature("M4", "R5")
async def test_hands_are_lowered(meeting: Meeting) -> None:
    for client in (meeting.ana, meeting.ben):
        await join(client)
        await client.must("call.hand", up=True)
    await meeting.second.must("call.lower_hand", person=meeting.ana.me)
    assert (await one(meeting.host, meeting.ana))["hand_at"] is None
    assert (await meeting.second.ask("call.lower_hand", person=meeting.lea.me))["code"] == "participant_unknown"
    await meeting.ana.must("call.hand", up=True)
    await meeting.host.must("call.lower_hands")
    assert [each["hand_at"] for each in (await call(meeting.host))["participants"]] == [None, None]
    await meeting.host.must("call.lower_hands")
    await meeting.stage.settle()
    assert [len(event["data"]["participants"]) for event in meeting.lea.events("call.changed")[-2:]] == [1, 2]


@pytest.mark.feature("R5", "M4")
async def test_sent_out_of_the_call(meeting: Meeting) -> None:
    part = await join(meeting.ana)
    assert (await meeting.host.ask("call.send_out", person=meeting.ben.me))["code"] == "participant_unknown"
    assert (await meeting.host.ask("call.send_out", person="nobody"))["code"] == "person_unknown"
    await meeting.second.must("call.send_out", person=meeting.ana.me)
    await meeting.stage.settle()
    (left,) = meeting.ana.events("call.left")
    assert left["data"] == {"participant": part["id"], "person": meeting.ana.me, "why": "sent_out"}
    assert (await meeting.ana.ask("call.media", camera=True))["code"] == "not_in_call"
    assert (await joining(meeting.ana))["participant"]["id"] != part["id"]


@pytest.mark.feature("M4", "M6", "R5")
async def test_screens_for_hosts(meeting: Meeting) -> None:
    await join(meeting.second, screen=True)
    await join(meeting.ana, screen=True, screen_sound=True)
    await meeting.host.must("call.settings", share="hosts")
    part = await one(meeting.ben, meeting.ana)
    assert (part["held"], sent(part)) == (["screen"], ["microphone", "camera"])
    assert "screen" in sent(await one(meeting.ben, meeting.second))
    assert (await meeting.ana.ask("call.media", screen=True))["code"] == "held"
    await meeting.host.must("people.role", person=meeting.ana.me, role="cohost")
    await meeting.ana.must("call.media", screen=True)
    await meeting.host.must("people.role", person=meeting.ana.me, role="participant")
    assert "screen" not in sent(await one(meeting.ben, meeting.ana))
    await meeting.host.must("call.settings", share="everyone")
    assert (await one(meeting.ben, meeting.ana))["held"] == []


@pytest.mark.feature("M4")
async def test_settings(meeting: Meeting) -> None:
    wanted = {"share": "hosts", "record": "everyone", "join_muted": True, "pictures": "smallest", "most": 4}
    await meeting.second.must("call.settings", **wanted)
    assert (await call(meeting.ana))["settings"] == wanted
    await meeting.host.must("call.settings", most=5)
    assert (await call(meeting.ana))["settings"] == {**wanted, "most": 5}
    await meeting.host.must("call.settings", most=5)
    await meeting.host.must("call.settings")
    await meeting.stage.settle()
    assert len(meeting.ana.events("call.settings")) == 2
    for wrong in ({"most": 1}, {"most": 9}, {"share": "nobody"}, {"pictures": None}, {"join_muted": 1}):
        assert (await meeting.host.ask("call.settings", **wrong))["code"] == "invalid"


@pytest.mark.feature("M1", "R5")
async def test_newcomers_begin_muted(meeting: Meeting) -> None:
    await join(meeting.ben)
    await meeting.host.must("call.settings", join_muted=True)
    assert sent(await one(meeting.host, meeting.ben)) == ["microphone", "camera"]
    assert sent(await join(meeting.ana)) == ["camera"]
    assert sent(await join(meeting.second)) == ["microphone", "camera"], "hosts open the talk"
    await meeting.ana.must("call.media", microphone=True)
    assert sent(await join(meeting.ana)) == ["microphone", "camera"], "they have come back, not anew"
