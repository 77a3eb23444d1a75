"""A call from asking to hanging up, and what double clicks, losses and reloads make of it."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tests.support.house import LocalClient
from tests.support.recorder import Json
from tests.voice.conftest import Hall
from tests.voice.support import ask, call_up, go_live, line, past, queue, talk, the_call, voice


@pytest.mark.feature("F6")
async def test_asked_called_live_and_answered(hall: Hall) -> None:
    item = await ask(hall.ana)
    call = await call_up(hall.host, item)
    ringing = await the_call(hall.ben)
    assert ringing["state"] == "ringing"
    assert ringing["rings_until"] - ringing["called_at"] == 30_000
    assert (ringing["person"], ringing["screen"], ringing["item"]) == (hall.ana.me, hall.host.me, item)
    assert (await talk(hall.ana, call))["ok"]
    live = await the_call(hall.ben)
    assert (live["state"], live["speaks_until"], live["rings_until"]) == ("live", None, None)
    await hall.host.must("voice.hang_up", call=call)
    assert (await voice(hall.ana))["calls"] == []
    assert await queue(hall.ana) == []
    assert await past(hall.ana) == [item]


@pytest.mark.feature("F6")
async def test_the_person_hangs_up(hall: Hall) -> None:
    item = await ask(hall.ana)
    call = await go_live(hall.host, hall.ana, item)
    await hall.ana.must("voice.hang_up", call=call)
    assert await past(hall.ana) == [item]
    assert [event["data"]["outcome"] for event in hall.ben.events("voice.ended")] == ["answered"]


@pytest.mark.feature("F6")
async def test_declining_takes_the_request_back(hall: Hall) -> None:
    call = await call_up(hall.host, await ask(hall.ana))
    await hall.ana.must("voice.hang_up", call=call)
    assert (await queue(hall.host), await past(hall.host), (await voice(hall.host))["calls"]) == ([], [], [])


@pytest.mark.feature("F6")
async def test_a_host_calls_it_off_and_calls_again(hall: Hall) -> None:
    item = await ask(hall.ana)
    first = await call_up(hall.host, item)
    await hall.second.must("voice.hang_up", call=first)
    assert await queue(hall.host) == [item]
    assert (await talk(hall.ana, first))["code"] == "call_unknown", "a late Talk does not answer"
    second = await call_up(hall.host, item)
    assert second != first
    assert (await talk(hall.ana, first))["code"] == "call_unknown"
    assert (await talk(hall.ana, second))["ok"]


@pytest.mark.feature("F6")
async def test_nobody_answers(hall: Hall) -> None:
    item = await ask(hall.ana)
    call = await call_up(hall.host, item)
    await hall.stage.pass_time(29)
    assert (await the_call(hall.host))["state"] == "ringing"
    await hall.stage.pass_time(2)
    state = await voice(hall.host)
    assert (state["calls"], state["missed"]) == ([], [item])
    assert await queue(hall.host) == [item]
    assert (await talk(hall.ana, call))["code"] == "call_unknown"
    await hall.ana.must("voice.ready", item=item)
    assert (await voice(hall.host))["missed"] == []
    await call_up(hall.host, item)


@pytest.mark.feature("F6")
async def test_who_may_what(hall: Hall) -> None:
    item = await ask(hall.ana)
    assert (await hall.ben.ask("voice.call", item=item, line=line("x")))["code"] == "forbidden"
    call = await call_up(hall.host, item)
    assert (await talk(hall.ben, call))["code"] == "forbidden"
    assert (await talk(hall.host, call))["code"] == "forbidden"
    assert (await hall.ben.ask("voice.hang_up", call=call))["code"] == "forbidden"
    assert (await hall.ben.ask("voice.resume", call=call, line=line("screen")))["code"] == "forbidden"
    assert (await hall.ben.ask("voice.ready", item=item))["code"] == "forbidden"
    assert (await hall.ana.ask("voice.mute", call=call, on=False))["code"] == "forbidden"
    other = await hall.stage.room("stage")
    stranger = await hall.stage.owner(other)
    assert (await stranger.ask("voice.call", item=item, line=line("x")))["code"] == "item_unknown"
    for word in ("hang_up", "resume", "talk"):
        more = {} if word == "hang_up" else {"line": line("screen")}
        assert (await stranger.ask(f"voice.{word}", call=call, **more))["code"] == "call_unknown"


@pytest.mark.feature("F6")
async def test_every_double_click(hall: Hall) -> None:
    item = await ask(hall.ana)
    answers = await asyncio.gather(*(hall.host.ask("voice.call", item=item, line=line("screen")) for _ in range(2)))
    assert sorted(answer.get("code", "ok") for answer in answers) == ["call_running", "ok"]
    call = (await the_call(hall.host))["id"]
    answers = await asyncio.gather(*(talk(hall.ana, call) for _ in range(2)))
    assert [answer["ok"] for answer in answers] == [True, True], "the same page pressed twice: it has the call"
    assert (await the_call(hall.host))["epoch"] == 1
    for on in (True, True, False, False):
        await hall.host.must("voice.mute", call=call, on=on)
    answers = await asyncio.gather(
        *(each.ask("voice.hang_up", call=call) for each in (hall.host, hall.ana, hall.second))
    )
    assert sorted(answer.get("code", "ok") for answer in answers) == ["call_unknown", "call_unknown", "ok"]
    assert await past(hall.host) == [item]


@pytest.mark.feature("F6")
async def test_two_hosts_call_at_once_and_one_has_it(hall: Hall) -> None:
    item = await ask(hall.ana)
    answers = await asyncio.gather(
        hall.host.ask("voice.call", item=item, line=line("one")),
        hall.second.ask("voice.call", item=item, line=line("two")),
    )
    assert sorted(answer.get("code", "ok") for answer in answers) == ["call_running", "ok"]


@pytest.mark.feature("F6")
async def test_only_one_tab_answers(hall: Hall) -> None:
    tab = await hall.stage.again(hall.ana)
    call = await call_up(hall.host, await ask(hall.ana))
    answers = await asyncio.gather(talk(hall.ana, call, "phone"), talk(tab, call, "tab"))
    assert sorted(answer.get("code", "ok") for answer in answers) == ["call_taken", "ok"]
    taker = hall.ana if answers[0]["ok"] else tab
    other = tab if taker is hall.ana else hall.ana
    answer = await other.ask("voice.resume", call=call, line=line("other"))
    assert answer["code"] == "call_taken"


@pytest.mark.feature("F6")
async def test_talk_and_calling_off_at_once(hall: Hall) -> None:
    item = await ask(hall.ana)
    call = await call_up(hall.host, item)
    answers = await asyncio.gather(talk(hall.ana, call), hall.host.ask("voice.hang_up", call=call))
    # Talk came first: hanging up ended a live call.
    assert [answer["ok"] for answer in answers] == [True, True]
    assert await past(hall.host) == [item]
    item = await ask(hall.ben)
    call = await call_up(hall.host, item)
    answers = await asyncio.gather(hall.host.ask("voice.hang_up", call=call), talk(hall.ben, call))
    assert answers[1]["code"] == "call_unknown"
    assert await queue(hall.host) == [item]


@pytest.mark.feature("F6")
async def test_one_line_or_up_to_four(hall: Hall) -> None:
    items = [await ask(each) for each in (hall.ana, hall.ben, hall.cem)]
    await go_live(hall.host, hall.ana, items[0])
    assert (await hall.host.ask("voice.call", item=items[1], line=line("x")))["code"] == "lines_busy"
    assert (await hall.ben.ask("voice.settings", phones=4))["code"] == "forbidden"
    assert (await hall.host.ask("voice.settings", phones=5))["code"] == "invalid"
    await hall.host.must("voice.settings", phones=3)
    for item in items[1:]:
        await call_up(hall.host, item)
    await hall.host.must("voice.settings", phones=1)
    assert len((await voice(hall.host))["calls"]) == 3, "who is called goes on being called"


@pytest.mark.feature("F6")
async def test_the_speaking_time_ends_it(hall: Hall) -> None:
    await hall.host.must("voice.settings", speak_seconds=60)
    item = await ask(hall.ana)
    await go_live(hall.host, hall.ana, item)
    assert _span(await the_call(hall.ana), "live_at", "speaks_until") == 60_000
    await hall.stage.pass_time(59)
    assert (await the_call(hall.ana))["state"] == "live"
    await hall.stage.pass_time(2)
    assert await past(hall.ana) == [item]


@pytest.mark.feature("F8")
async def test_a_phone_comes_back_by_its_line(hall: Hall) -> None:
    item = await ask(hall.ana)
    call = await go_live(hall.host, hall.ana, item)
    # A change of networks: the old connection is not known to be gone.
    phone = await hall.stage.again(hall.ana, device="phone")
    assert (await phone.ask("voice.resume", call=call, line=line("wrong")))["code"] == "call_taken"
    await phone.must("voice.resume", call=call, line=line("phone"))
    now = await the_call(hall.host)
    assert (now["state"], now["epoch"]) == ("live", 2)
    hall.ana.lose()
    await hall.stage.settle()
    assert (await the_call(hall.host))["state"] == "live", "the old connection has nothing to do with it any more"
    phone.lose()
    await hall.stage.settle()
    assert (await the_call(hall.host))["state"] == "reconnecting"
    # The tab was closed: another device of the person takes the end that nobody has.
    tablet = await hall.stage.again(hall.ana, device="tablet")
    await tablet.must("voice.resume", call=call, line=line("tablet"))
    assert (await the_call(hall.host))["state"] == "live"


@pytest.mark.feature("F8")
async def test_nobody_comes_back(hall: Hall) -> None:
    item = await ask(hall.ana)
    call = await go_live(hall.host, hall.ana, item)
    hall.ana.lose()
    await hall.stage.settle()
    assert (await the_call(hall.host))["back_until"] >= hall.stage.clock.now() + 30_000
    await hall.stage.pass_time(29)
    assert (await the_call(hall.host))["state"] == "reconnecting"
    await hall.stage.pass_time(2)
    assert await past(hall.host) == [item]
    phone = await hall.stage.again(hall.ana)
    assert (await phone.ask("voice.resume", call=call, line=line("phone")))["code"] == "call_unknown"


@pytest.mark.feature("F6", "F8")
async def test_a_host_reloads_while_it_rings_and_while_it_is_live(hall: Hall) -> None:
    call = await call_up(hall.host, await ask(hall.ana))
    hall.host.lose()
    await hall.stage.settle()
    ringing = await the_call(hall.ana)
    assert (ringing["state"], ringing["screen_there"]) == ("ringing", False)
    assert (await talk(hall.ana, call))["ok"]
    assert (await the_call(hall.ana))["state"] == "reconnecting"
    host = await hall.stage.again(hall.host)
    await host.must("voice.resume", call=call, line=line("screen"))
    assert (await the_call(hall.ana))["state"] == "live"
    assert (await hall.second.ask("voice.resume", call=call, line=line("second")))["code"] == "call_taken"
    host.lose()
    await hall.stage.settle()
    await hall.second.must("voice.resume", call=call, line=line("second"))
    now = await the_call(hall.ana)
    assert (now["state"], now["screen"]) == ("live", hall.second.me)


@pytest.mark.feature("F6")
async def test_the_request_leaves_the_queue_another_way(hall: Hall) -> None:
    for end in ("floor.withdraw", "floor.delete", "floor.answer"):
        item = await ask(hall.ana)
        await go_live(hall.host, hall.ana, item)
        await (hall.ana if end == "floor.withdraw" else hall.host).must(end, item=item)
        assert (await voice(hall.host))["calls"] == [], end
    item = await ask(hall.ana)
    await go_live(hall.host, hall.ana, item)
    await hall.host.must("floor.clear")
    assert (await voice(hall.host))["calls"] == []


@pytest.mark.feature("F6", "R5")
async def test_people_who_go_or_are_muted_speak_no_more(hall: Hall) -> None:
    for word, more in (("people.mute", {"muted": True}), ("people.remove", {})):
        person = hall.ana if word == "people.mute" else hall.ben
        await go_live(hall.host, person, await ask(person))
        await hall.host.must(word, person=person.me, **more)
        await hall.stage.settle()
        assert (await voice(hall.host))["calls"] == [], word
    item = await ask(hall.cem)
    call = await go_live(hall.host, hall.cem, item)
    await hall.cem.must("people.leave")
    await hall.stage.settle()
    assert (await voice(hall.host))["calls"] == []
    assert (await hall.host.ask("voice.hang_up", call=call))["code"] == "call_unknown"


@pytest.mark.feature("F6", "R5")
async def test_who_is_muted_or_away_is_not_called(hall: Hall) -> None:
    item = await ask(hall.ana)
    await hall.host.must("people.mute", person=hall.ana.me, muted=True)
    assert (await hall.host.ask("voice.call", item=item, line=line("x")))["code"] == "muted"
    item = await ask(hall.ben)
    hall.ben.lose()
    await hall.stage.pass_time(21)
    assert (await hall.host.ask("voice.call", item=item, line=line("x")))["code"] == "person_away"


@pytest.mark.feature("F6", "R5")
async def test_who_is_no_host_any_more_hears_nobody(hall: Hall) -> None:
    item = await ask(hall.ana)
    call = await call_up(hall.second, item)
    assert (await talk(hall.ana, call))["ok"]
    await hall.host.must("people.role", person=hall.second.me, role="participant")
    await hall.stage.settle()
    now = await the_call(hall.ana)
    assert (now["state"], now["screen_there"]) == ("reconnecting", False)
    assert (await hall.second.ask("voice.resume", call=call, line=line("screen")))["code"] == "forbidden"
    await hall.host.must("voice.resume", call=call, line=line("host"))
    assert (await the_call(hall.ana))["state"] == "live"


@pytest.mark.feature("F6")
async def test_without_a_queue_there_are_no_calls(hall: Hall) -> None:
    item = await ask(hall.ana)
    await go_live(hall.host, hall.ana, item)
    await hall.host.must("rooms.activity", activity="floor", on=False)
    assert (await voice(hall.host))["calls"] == []
    assert (await hall.host.ask("voice.call", item=item, line=line("x")))["code"] == "activity_off"
    await hall.host.must("rooms.activity", activity="floor", on=True)
    assert await queue(hall.host) == [item]


@pytest.mark.feature("R8", "F6")
async def test_a_closed_room_keeps_nothing(hall: Hall) -> None:
    await hall.host.must("voice.auto", on=True, line=line("screen"))
    await ask(hall.ana)
    await hall.stage.settle()
    await hall.host.must("voice.settings", phones=2)
    await hall.host.must("rooms.close")
    async with hall.stage.house.storage.read() as session:
        for table in ("voice_calls", "voice_requests", "voice_desks", "voice_settings"):
            assert await _count(session, table) == 0, table


async def _count(session: AsyncSession, table: str) -> int:
    counted: int = (await session.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one()  # noqa: S608
    return counted


@pytest.mark.feature("F6")
async def test_over_http_alone_nobody_has_an_end(hall: Hall) -> None:
    """A command that does not come over a connection has no end to give."""
    item = await ask(hall.ana)
    lost = LocalClient(hall.stage, hall.place, hall.host.identity, "Olga")
    assert (await lost.ask("voice.call", item=item, line=line("x")))["code"] == "invalid"


def _span(call: Json, first: str, last: str) -> int:
    found: int = call[last] - call[first]
    return found
