"""Signals of a call that are counted, or that everybody in the room hears."""

from __future__ import annotations

from typing import Any

import pytest

from salon.call.lines import DESCRIPTIONS_AT_ONCE, REACTIONS_AT_ONCE, WORDS_AT_ONCE
from salon.call.speech import BEGINNINGS_AT_ONCE
from salon.core.refusals import Refused
from tests.call.conftest import Meeting
from tests.call.support import join
from tests.call.test_lines import SDP
from tests.support.house import LocalClient


def tell(client: LocalClient, word: str, **payload: Any) -> str | None:
    """Say something; returns the code of the refusal, if it was refused."""
    try:
        client.tell(word, **payload)
    except Refused as refused:
        return refused.code
    return None


def speaking(client: LocalClient) -> list[list[str]]:
    return [signal["data"]["people"] for signal in client.signals("call.speaking")]


@pytest.mark.feature("M2")
async def test_ten_thousand_candidates(meeting: Meeting) -> None:
    """They reach the other one no faster than they may, and nobody else is hindered."""
    await join(meeting.ana)
    ben, cem = await join(meeting.ben), await join(meeting.second)
    word = {"epoch": 1, "kind": "candidates", "candidates": [{"candidate": "candidate:1"}]}
    codes = [tell(meeting.ana, "call.say", to=ben["id"], **word) for _ in range(10_000)]
    assert codes == [None] * int(WORDS_AT_ONCE) + ["rate_limited"] * (10_000 - int(WORDS_AT_ONCE))
    assert len(meeting.ben.signals("call.said")) == WORDS_AT_ONCE
    assert tell(meeting.ana, "call.say", to=cem["id"], **word) is None
    assert tell(meeting.second, "call.say", to=ben["id"], **word) is None
    meeting.stage.clock.advance(seconds=1)
    assert tell(meeting.ana, "call.say", to=ben["id"], **word) is None


@pytest.mark.feature("M2")
async def test_descriptions_are_counted_apart(meeting: Meeting) -> None:
    await join(meeting.ana)
    ben = await join(meeting.ben)
    word = {"to": ben["id"], "epoch": 1}
    codes = [tell(meeting.ana, "call.say", kind="offer", sdp=SDP, **word) for _ in range(40)]
    assert codes.count(None) == DESCRIPTIONS_AT_ONCE
    assert tell(meeting.ana, "call.say", kind="restart", **word) is None


@pytest.mark.feature("M4")
async def test_reactions(meeting: Meeting) -> None:
    assert tell(meeting.lea, "call.react", emoji="🎉") == "not_in_call"
    await join(meeting.ana)
    assert tell(meeting.ana, "call.react", emoji="🎉") is None
    for client in (meeting.host, meeting.ana, meeting.lea):
        (heard,) = client.signals("call.reacted")
        assert heard["data"] == {"person": meeting.ana.me, "emoji": "🎉"}
    for wrong in ("x", "🎉🎉", "", "🧨"):
        assert tell(meeting.ana, "call.react", emoji=wrong) == "invalid"
    codes = [tell(meeting.ana, "call.react", emoji="👍") for _ in range(20)]
    assert codes.count("rate_limited") == 21 - REACTIONS_AT_ONCE


@pytest.mark.feature("P4", "M5")
async def test_who_speaks(meeting: Meeting) -> None:
    assert tell(meeting.ana, "call.speak", speaking=True) == "not_in_call"
    await join(meeting.ana)
    await join(meeting.ben)
    tell(meeting.ana, "call.speak", speaking=True)
    tell(meeting.ben, "call.speak", speaking=True)
    tell(meeting.ben, "call.speak", speaking=True)
    tell(meeting.ana, "call.speak", speaking=False)
    tell(meeting.ana, "call.speak", speaking=False)
    expected = [[meeting.ana.me], [meeting.ana.me, meeting.ben.me], [meeting.ben.me]]
    assert speaking(meeting.lea) == speaking(meeting.ana) == expected
    tab = await meeting.stage.again(meeting.host)
    assert speaking(tab) == [[meeting.ben.me]], "who has just come is told"


@pytest.mark.feature("P4")
async def test_nobody_is_told_where_there_is_no_call(meeting: Meeting) -> None:
    tab = await meeting.stage.again(meeting.host)
    assert speaking(tab) == []


@pytest.mark.feature("P4", "R5")
async def test_whose_microphone_is_off_does_not_speak(meeting: Meeting) -> None:
    await join(meeting.ana)
    await join(meeting.lea)
    assert tell(meeting.lea, "call.speak", speaking=True) is None
    assert speaking(meeting.host) == []
    for silence in (
        ("call.media", meeting.ana, {"microphone": False}),
        ("call.hold", meeting.host, {"person": meeting.ana.me, "what": "microphone", "on": True}),
        ("call.send_out", meeting.host, {"person": meeting.ana.me}),
    ):
        await meeting.host.must("call.hold", person=meeting.ana.me, what="microphone", on=False)
        await meeting.ana.must("call.media", microphone=True)
        tell(meeting.ana, "call.speak", speaking=True)
        assert speaking(meeting.host)[-1] == [meeting.ana.me]
        word, who, payload = silence
        await who.must(word, **payload)
        assert speaking(meeting.host)[-1] == [], word


@pytest.mark.feature("P4")
async def test_a_page_that_says_nothing_any_more(meeting: Meeting) -> None:
    await join(meeting.ana)
    tell(meeting.ana, "call.speak", speaking=True)
    await meeting.stage.pass_time(4)
    tell(meeting.ana, "call.speak", speaking=True)
    await meeting.stage.pass_time(4)
    assert speaking(meeting.host) == [[meeting.ana.me]]
    await meeting.stage.pass_time(2)
    assert speaking(meeting.host)[-1] == []
    tell(meeting.ana, "call.speak", speaking=True)
    meeting.ana.lose()
    await meeting.stage.settle()
    assert speaking(meeting.host)[-1] == []


@pytest.mark.feature("P4")
async def test_beginnings_are_counted(meeting: Meeting) -> None:
    await join(meeting.ana)
    for _ in range(50):
        tell(meeting.ana, "call.speak", speaking=True)
        tell(meeting.ana, "call.speak", speaking=False)
    assert len(speaking(meeting.host)) == 2 * BEGINNINGS_AT_ONCE
