"""Connections that go: who is seen for how long, who comes back to their place, and the restart of the server."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from salon.call import rules
from salon.call.tables import CallSeat
from tests.call.conftest import Meeting, open_meeting
from tests.call.support import call, join, joining, one, people, sent
from tests.support.dump import dump
from tests.support.house import LocalClient, open_stage


async def fall_silent(meeting: Meeting, client: LocalClient) -> None:
    """As the heartbeat sees it when a machine has died or a network is gone."""
    assert client.link is not None
    client.link.outlet.silent = True
    client.lose()
    await meeting.stage.settle()


@pytest.mark.feature("M8")
async def test_a_closed_tab_is_gone_within_five_seconds(meeting: Meeting) -> None:
    part = await join(meeting.ana)
    meeting.ana.lose()
    await meeting.stage.settle()
    lost = await one(meeting.host, meeting.ana)
    assert (lost["there"], lost["epoch"]) == (False, 1)
    for _ in range(4):
        await meeting.stage.pass_time(1)
    assert await people(meeting.host) == []
    (left,) = meeting.host.events("call.left")
    assert left["data"] == {"participant": part["id"], "person": meeting.ana.me, "why": "lost"}


@pytest.mark.feature("M8")
async def test_a_silent_one_is_waited_for_longer(meeting: Meeting) -> None:
    await join(meeting.ana)
    await fall_silent(meeting, meeting.ana)
    # Longer than a closed one, which is gone by then.
    await meeting.stage.pass_time(5)
    assert not (await one(meeting.host, meeting.ana))["there"]
    await meeting.stage.pass_time(2)
    assert await people(meeting.host) == []


@pytest.mark.feature("M8")
async def test_a_short_cut_changes_nothing_for_media(meeting: Meeting) -> None:
    """The page goes on with the connections that it has."""
    part = await join(meeting.ana)
    await meeting.ana.must("call.hand", up=True)
    await fall_silent(meeting, meeting.ana)
    await meeting.stage.pass_time(5)
    await meeting.ana.connect()
    back = await join(meeting.ana, anew=False)
    assert (back["id"], back["epoch"], back["joined_at"]) == (part["id"], 1, part["joined_at"])
    assert back["there"]
    assert back["hand_at"] is not None
    await meeting.stage.pass_time(40)
    assert await people(meeting.host) == [meeting.ana.me]


@pytest.mark.feature("M8")
async def test_the_same_page_comes_back_to_its_place_after_half_a_minute(meeting: Meeting) -> None:
    part = await join(meeting.ana, screen=True)
    meeting.stage.clock.advance(seconds=1)
    await join(meeting.ben)
    await meeting.ana.must("call.hand", up=True)
    await meeting.host.must("call.hold", person=meeting.ana.me, what="camera", on=True)
    await fall_silent(meeting, meeting.ana)
    await meeting.stage.pass_time(30)
    assert await people(meeting.host) == [meeting.ben.me]
    await meeting.ana.connect()
    back = await join(meeting.ana, anew=False, screen=True)
    assert (back["id"], back["joined_at"]) == (part["id"], part["joined_at"])
    assert back["epoch"] == 2, "others have closed what they had"
    assert (back["held"], sent(back)) == (["camera"], ["microphone", "screen"])
    assert back["hand_at"] is not None
    assert await people(meeting.host) == [meeting.ana.me, meeting.ben.me], "in the old order"


@pytest.mark.feature("M8")
async def test_a_reload(meeting: Meeting) -> None:
    part = await join(meeting.ana)
    meeting.ana.lose()
    await meeting.stage.settle()
    await meeting.ana.connect()
    back = await join(meeting.ana)
    assert (back["id"], back["epoch"]) == (part["id"], 2)
    assert meeting.host.events("call.left") == []


@pytest.mark.feature("M8")
async def test_another_page_takes_what_nobody_has(meeting: Meeting) -> None:
    part = await join(meeting.ana)
    tab = await meeting.stage.again(meeting.ana)
    meeting.ana.lose()
    await meeting.stage.settle()
    taken = await join(tab, "tab", anew=False)
    assert (taken["id"], taken["epoch"]) == (part["id"], 2), "its media begins anew whatever it says"
    await meeting.ana.connect()
    assert (await joining(meeting.ana))["code"] == "call_elsewhere", "the line of before is worth nothing any more"


@pytest.mark.feature("M8")
async def test_what_was_given_up_is_only_for_the_same_page(meeting: Meeting) -> None:
    part = await join(meeting.ana)
    await meeting.ana.must("call.hand", up=True)
    meeting.ana.lose()
    await meeting.stage.pass_time(6)
    await meeting.ana.connect()
    fresh = await join(meeting.ana, "another")
    assert fresh["id"] != part["id"]
    assert (fresh["epoch"], fresh["hand_at"]) == (1, None)


@pytest.mark.feature("M8")
async def test_what_was_given_up_takes_no_place(meeting: Meeting) -> None:
    await meeting.host.must("call.settings", most=2)
    await join(meeting.ana)
    await join(meeting.ben)
    meeting.ana.lose()
    await meeting.stage.pass_time(1)
    assert (await joining(meeting.host))["code"] == "call_full", "it is waited for"
    await meeting.stage.pass_time(5)
    await join(meeting.host)
    await meeting.ana.connect()
    assert (await joining(meeting.ana))["code"] == "call_full"


@pytest.mark.feature("M8")
async def test_nothing_is_kept_for_ever(meeting: Meeting) -> None:
    part = await join(meeting.ana)
    meeting.ana.lose()
    await meeting.stage.pass_time(6)
    await meeting.stage.pass_time(rules.KEPT_MS / 1000)
    assert (await dump(meeting.stage.house.storage))[CallSeat.__tablename__] == []
    await meeting.ana.connect()
    assert (await join(meeting.ana))["id"] != part["id"]


@pytest.mark.feature("M8")
async def test_leaving_while_the_connection_is_lost(meeting: Meeting) -> None:
    await join(meeting.ana)
    await fall_silent(meeting, meeting.ana)
    await meeting.ana.connect()
    await meeting.ana.must("call.leave")
    assert await people(meeting.host) == []
    (left,) = meeting.host.events("call.left")
    assert left["data"]["why"] == "left"


@pytest.mark.feature("M8")
async def test_the_connection_of_before_takes_nothing_along(meeting: Meeting) -> None:
    """The page is back by a new connection before the server has noticed that the old one is dead."""
    await join(meeting.ana)
    old = meeting.ana.link
    meeting.ana.link = None
    await meeting.ana.connect()
    assert (await join(meeting.ana, anew=False))["epoch"] == 1
    assert old is not None
    meeting.stage.house.fanout.remove(old.sid)
    for service in meeting.stage.house.services:
        service.depart(old)
    await meeting.stage.pass_time(20)
    assert (await one(meeting.host, meeting.ana))["there"]


@pytest.mark.feature("M8", "R8")
async def test_a_restart_of_the_server(tmp_path: Path, at_once: None) -> None:
    """It died: nothing was tidied up. Who comes back goes on; who does not is no ghost for long."""
    async with open_stage(tmp_path) as stage:
        meeting = await open_meeting(stage)
        part = await join(meeting.ana)
        await meeting.ana.must("call.hand", up=True)
        await join(meeting.ben)
        meeting.ben.lose()
        await stage.settle()
    async with open_stage(tmp_path) as stage:
        # Ids of commands that the server has not answered already.
        stage.numbers = itertools.count(1000)
        owner = await stage.come_back(meeting.host)
        state = await call(owner)
        assert [each["there"] for each in state["participants"]] == [False, False]
        await stage.pass_time(10)
        assert len(await people(owner)) == 2
        again = await stage.come_back(meeting.ana)
        back = await join(again, anew=False)
        assert (back["id"], back["epoch"]) == (part["id"], 1)
        assert back["hand_at"] is not None
        await stage.pass_time(9)
        assert await people(owner) == [again.me]
