"""Auto mode: whose turn it is, ten seconds for each, and what a restart leaves."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.house import open_stage
from tests.voice.conftest import Hall, open_hall
from tests.voice.support import ask, go_live, line, past, talk, the_call, voice


async def ringing(hall: Hall) -> list[str]:
    await hall.stage.settle()
    return [call["person"] for call in (await voice(hall.host))["calls"]]


@pytest.mark.feature("F6")
async def test_the_next_in_line_has_ten_seconds(hall: Hall) -> None:
    items = [await ask(each) for each in (hall.ana, hall.ben, hall.cem)]
    await hall.host.must("voice.auto", on=True, line=line("screen"))
    assert await ringing(hall) == [hall.ana.me]
    call = await the_call(hall.ana)
    assert call["rings_until"] - call["called_at"] == 10_000
    assert call["auto"]
    await hall.stage.pass_time(9)
    assert await ringing(hall) == [hall.ana.me]
    await hall.stage.pass_time(2)
    assert await ringing(hall) == [hall.ben.me], "skipped"
    assert (await voice(hall.ana))["missed"] == [items[0]]
    assert (await talk(hall.ben, (await the_call(hall.ben))["id"]))["ok"]
    await hall.ben.must("voice.hang_up", call=(await the_call(hall.ben))["id"])
    assert await ringing(hall) == [hall.cem.me], "the next as soon as one has spoken"
    await hall.stage.pass_time(11)
    assert await ringing(hall) == [], "nobody is called again and again who is not here"
    await hall.ana.must("voice.ready", item=items[0])
    assert await ringing(hall) == [hall.ana.me]
    assert await past(hall.host) == [items[1]]


@pytest.mark.feature("F6", "F4")
async def test_it_goes_by_the_order_of_the_queue(hall: Hall) -> None:
    items = [await ask(each) for each in (hall.ana, hall.ben, hall.cem)]
    await hall.host.must("floor.pin", item=items[2], on=True)
    await hall.host.must("voice.settings", phones=2)
    await hall.host.must("voice.auto", on=True, line=line("screen"))
    assert set(await ringing(hall)) == {hall.cem.me, hall.ana.me}
    await hall.host.must("voice.settings", phones=3)
    assert set(await ringing(hall)) == {hall.cem.me, hall.ana.me, hall.ben.me}


@pytest.mark.feature("F6")
async def test_who_is_away_keeps_their_place(hall: Hall) -> None:
    for each in (hall.ana, hall.ben):
        await ask(each)
    hall.ana.lose()
    await hall.stage.pass_time(21)
    await hall.host.must("voice.auto", on=True, line=line("screen"))
    assert await ringing(hall) == [hall.ben.me]
    assert (await voice(hall.host))["missed"] == []


@pytest.mark.feature("F6")
async def test_without_its_page_nobody_is_called(hall: Hall) -> None:
    await hall.host.must("voice.auto", on=True, line=line("screen"))
    hall.host.lose()
    await hall.stage.settle()
    assert (await voice(hall.second))["auto"] == {"person": hall.host.me, "there": False}
    await ask(hall.ana)
    await hall.stage.pass_time(1)
    assert (await voice(hall.second))["calls"] == []
    await hall.second.must("voice.auto", on=True, line=line("second"))
    await hall.stage.settle()
    assert (await the_call(hall.second))["screen"] == hall.second.me
    await hall.host.connect()
    await hall.host.must("voice.auto", on=False, line=line("screen"))
    assert (await voice(hall.second))["auto"] is None


@pytest.mark.feature("F6", "R5")
async def test_it_ends_with_its_host(hall: Hall) -> None:
    await hall.second.must("voice.auto", on=True, line=line("second"))
    await hall.host.must("people.role", person=hall.second.me, role="participant")
    await hall.stage.settle()
    assert (await voice(hall.host))["auto"] is None
    await ask(hall.ana)
    await hall.stage.pass_time(1)
    assert (await voice(hall.host))["calls"] == []


@pytest.mark.feature("F6", "F8", "R8")
async def test_a_restart_forgets_no_call_and_no_deadline(tmp_path: Path, at_once: None) -> None:
    async with open_stage(tmp_path) as stage:
        hall = await open_hall(stage)
        await hall.host.must("voice.settings", phones=2, speak_seconds=300)
        await hall.host.must("voice.auto", on=True, line=line("screen"))
        first, second = await ask(hall.ana), await ask(hall.ben)
        await stage.settle()
        calls = {call["person"]: call["id"] for call in (await voice(hall.host))["calls"]}
        assert (await talk(hall.ana, calls[hall.ana.me]))["ok"]
        ana, ben, host, clock = hall.ana, hall.ben, hall.host, stage.clock
        (ends,) = [call["speaks_until"] for call in (await voice(host))["calls"] if call["person"] == ana.me]
    async with open_stage(tmp_path, clock=clock) as stage:
        back = await stage.come_back(host)
        phone, other = await stage.come_back(ana), await stage.come_back(ben)
        state = await voice(back)
        assert {call["state"] for call in state["calls"]} == {"reconnecting", "ringing"}
        assert state["auto"] == {"person": back.me, "there": False}
        live = calls[ana.me]
        await back.must("voice.resume", call=live, line=line("screen"))
        await phone.must("voice.resume", call=live, line=line("phone"))
        now = next(call for call in (await voice(back))["calls"] if call["id"] == live)
        assert (now["state"], now["speaks_until"]) == ("live", ends)
        await stage.pass_time(11)
        assert (await voice(other))["missed"] == [second], "the ten seconds of before"
        await stage.pass_time(290)
        assert await past(back) == [first], "and the speaking time"


@pytest.mark.feature("F6")
async def test_calls_by_hand_go_on_beside_it(hall: Hall) -> None:
    await hall.host.must("voice.settings", phones=2)
    item = await ask(hall.ana)
    await go_live(hall.second, hall.ana, item)
    await hall.host.must("voice.auto", on=True, line=line("screen"))
    await ask(hall.ben)
    assert set(await ringing(hall)) == {hall.ana.me, hall.ben.me}
    item = await ask(hall.cem)
    answer = await hall.host.ask("voice.call", item=item, line=line("screen"))
    assert answer["code"] == "lines_busy"
