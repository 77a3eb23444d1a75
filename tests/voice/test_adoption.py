"""Somebody who is called, or whose screen plays it, signs in or has their account deleted."""

from __future__ import annotations

import pytest

from tests.accounts.test_adoption import both, sign_in
from tests.support.house import Place, Stage
from tests.voice.support import ask, call_up, go_live, line, the_call, voice


@pytest.fixture
async def place(stage: Stage) -> Place:
    return await stage.room("stage")


@pytest.mark.feature("P5", "F8")
async def test_a_call_goes_on_for_who_signs_in(stage: Stage, place: Place) -> None:
    host = await stage.owner(place)
    _, away, own, guest = await both(stage, place)
    item = await ask(guest)
    call = await go_live(host, guest, item)
    await sign_in(stage, away, guest)
    now = await the_call(host)
    assert (now["person"], now["state"], now["phone_there"]) == (own.me, "reconnecting", False)
    await guest.must("voice.resume", call=call, line=line("phone"))
    assert (await the_call(host))["state"] == "live"


@pytest.mark.feature("P5", "F6")
async def test_of_two_calls_one_stays(stage: Stage, place: Place) -> None:
    host = await stage.owner(place)
    _, away, own, guest = await both(stage, place)
    await host.must("voice.settings", phones=2)
    first = await call_up(host, await ask(own))
    await call_up(host, await ask(guest))
    await sign_in(stage, away, guest)
    assert [call["id"] for call in (await voice(host))["calls"]] == [first]
    assert {call["person"] for call in (await voice(host))["calls"]} == {own.me}


@pytest.mark.feature("P5", "F6")
async def test_a_screen_and_auto_mode_are_the_accounts(stage: Stage, place: Place) -> None:
    host = await stage.owner(place)
    ana = await stage.come(place, "Zoe")
    _, away, own, guest = await both(stage, place)
    for each in (own, guest):
        await host.must("people.role", person=each.me, role="cohost")
    await stage.settle()
    await guest.must("voice.auto", on=True, line=line("screen"))
    await ask(ana)
    await stage.settle()
    call = (await the_call(host))["id"]
    await sign_in(stage, away, guest)
    state = await voice(host)
    assert state["auto"] == {"person": own.me, "there": False}
    assert (state["calls"][0]["screen"], state["calls"][0]["screen_there"]) == (own.me, False)
    await guest.must("voice.resume", call=call, line=line("screen"))
    assert (await the_call(host))["screen_there"]
