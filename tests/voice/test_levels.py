"""How loud somebody is, and who speaks: said by the page that plays them, and by nobody else."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from salon.core.refusals import Refused
from salon.voice.speech import LEVELS_AT_ONCE, LEVELS_PER_SECOND, SILENT_AFTER_MS
from tests.support.house import LocalClient
from tests.support.recorder import Json
from tests.support.world import HERE, STANDINGS, World
from tests.voice.conftest import Hall
from tests.voice.support import ask, call_up, go_live, line, talk

LOUD = 60


def say(client: LocalClient, call: str, level: int = LOUD, *, speaking: bool = True) -> str | None:
    """Tell a level; returns the code of the refusal, if it was refused."""
    try:
        client.tell("voice.level", call=call, level=level, speaking=speaking)
    except Refused as refused:
        return refused.code
    return None


def heard(client: LocalClient) -> list[Json]:
    return [signal["data"] for signal in client.signals("voice.level")]


def speakers(client: LocalClient) -> list[list[str]]:
    return [signal["data"]["people"] for signal in client.signals("voice.speaking")]


async def live(hall: Hall) -> str:
    return await go_live(hall.host, hall.ana, await ask(hall.ana))


@pytest.mark.feature("F7")
async def test_a_level_goes_to_the_other_pages_of_hosts(hall: Hall) -> None:
    call = await live(hall)
    screen = await hall.stage.again(hall.host)
    await hall.stage.settle()
    assert say(hall.host, call) is None
    for client in (screen, hall.second):
        assert heard(client) == [{"call": call, "level": LOUD}]
    for client in (hall.host, hall.ana, hall.ben, hall.cem):
        assert heard(client) == []


@pytest.mark.feature("F7", "R5")
async def test_nobody_else_says_how_loud(hall: Hall) -> None:
    item = await ask(hall.ana)
    call = await call_up(hall.host, item)
    assert say(hall.host, call) == "call_alone", "it rings"
    await talk(hall.ana, call)
    tab = await hall.stage.again(hall.host)
    for client in (tab, hall.second, hall.ana, hall.ben):
        assert say(client, call) == "call_unknown"
    assert say(hall.host, "no-such-call") == "call_unknown"
    for level in (-1, 101):
        assert say(hall.host, call, level) == "invalid"
    await hall.host.must("voice.hang_up", call=call)
    assert say(hall.host, call) == "call_unknown"
    assert not [client.name for client in (tab, hall.host, hall.second, hall.ana, hall.ben) if heard(client)]
    assert speakers(hall.ben) == []


@pytest.mark.feature("F7", "R5")
async def test_in_every_standing(at_once: None, tmp_path: Path) -> None:
    """The same words by hand, from whoever it may be: the owner too, unless it is the page that plays the call."""
    folder = tmp_path / "world"
    folder.mkdir()
    world = await World.prepare(folder)
    async with world.open(tmp_path) as stage:
        target = await world.client(stage, "target").connect()
        screen = await world.client(stage, "second_cohost").connect()
        await screen.must("floor.settings", open_items=5, approval=False)
        call = await go_live(screen, target, await ask(target))
        clients = {who: await world.client(stage, who).connect() for who in STANDINGS}
        await stage.settle()
        codes = {who: say(client, call) for who, client in clients.items() if client.link is not None}
        # Who has not joined is not heard at all.
        assert codes == {"lobby": None, "left": None, **dict.fromkeys(HERE, "call_unknown")}
        await stage.settle()
        assert [client.name for client in (screen, *clients.values()) if heard(client)] == []
        assert speakers(target) == []


@pytest.mark.feature("F7")
async def test_levels_are_counted(hall: Hall) -> None:
    call = await live(hall)
    told = [say(hall.host, call) for _ in range(int(LEVELS_AT_ONCE) + 1)]
    assert told == [None] * int(LEVELS_AT_ONCE) + ["rate_limited"]
    hall.second.forget()
    # A page that says far more than it may is heard as often as it may.
    for _ in range(200):
        hall.stage.clock.advance(seconds=0.02)
        say(hall.host, call)
    assert len(heard(hall.second)) <= 4 * LEVELS_PER_SECOND + 1
    assert len(heard(hall.second)) >= 4 * LEVELS_PER_SECOND - 1


@pytest.mark.feature("P4")
async def test_everybody_is_told_who_speaks_when_it_changes(hall: Hall) -> None:
    call = await live(hall)
    ana = hall.ana.me
    for _ in range(3):
        say(hall.host, call)
    for client in (hall.host, hall.second, hall.ana, hall.ben):
        assert speakers(client) == [[ana]]
    late = await hall.stage.come(hall.place, "Dan")
    await hall.stage.settle()
    assert speakers(late) == []
    late.tell("voice.speaking")
    assert speakers(late) == [[ana]]
    assert len(speakers(hall.ben)) == 1, "nobody else is told once more"
    say(hall.host, call, 0, speaking=False)
    assert speakers(hall.ben) == [[ana], []]


@pytest.mark.feature("P4")
async def test_changes_are_counted(hall: Hall) -> None:
    """A page that flickers does not make the hall flicker; what is true in the end is told."""
    call = await live(hall)
    for number in range(100):
        hall.stage.clock.advance(seconds=0.1)
        say(hall.host, call, speaking=number % 2 == 0)
    assert len(speakers(hall.ben)) <= 15
    for _ in range(20):
        hall.stage.clock.advance(seconds=0.1)
        say(hall.host, call, 0, speaking=False)
    assert speakers(hall.ben)[-1] == []


@pytest.mark.feature("P4", "F6")
@pytest.mark.parametrize("end", ["hang_up", "mute", "phone_lost", "screen_lost", "sent_out", "demoted", "frozen"])
async def test_nobody_goes_on_speaking(hall: Hall, end: str) -> None:
    host, ana = (hall.second, hall.ana) if end == "demoted" else (hall.host, hall.ana)
    call = await go_live(host, ana, await ask(ana))
    say(host, call)
    assert speakers(hall.ben) == [[ana.me]]
    if end == "hang_up":
        await ana.must("voice.hang_up", call=call)
    elif end == "mute":
        await host.must("voice.mute", call=call, on=True)
        assert say(host, call) is None, "a page that has not heard of it yet"
        assert heard(hall.second)[-1]["level"] == 0
    elif end == "phone_lost":
        ana.lose()
    elif end == "screen_lost":
        host.lose()
    elif end == "sent_out":
        await host.must("people.remove", person=ana.me)
    elif end == "demoted":
        await hall.host.must("people.role", person=host.me, role="audience")
        assert say(host, call) == "call_unknown"
    else:
        await hall.stage.pass_time(SILENT_AFTER_MS / 1000 + 1)
    await hall.stage.settle()
    assert speakers(hall.ben) == [[ana.me], []]


@pytest.mark.feature("P4", "F8")
async def test_who_comes_back_is_heard_anew(hall: Hall) -> None:
    call = await live(hall)
    say(hall.host, call)
    hall.ana.lose()
    await hall.stage.settle()
    assert say(hall.host, call) == "call_alone"
    ana = await hall.stage.come_back(hall.ana)
    await ana.must("voice.resume", call=call, line=line("phone"))
    hall.stage.clock.advance(seconds=2)
    assert speakers(hall.ben)[-1] == []
    assert say(hall.host, call) is None
    assert speakers(hall.ben)[-1] == [hall.ana.me]


@pytest.mark.feature("F7", "R5")
async def test_a_host_no_more_hears_no_level(hall: Hall) -> None:
    """Not even while their connection is being brought up to date."""
    call = await live(hall)
    changing = asyncio.create_task(hall.host.must("people.role", person=hall.second.me, role="audience"))
    while not changing.done():
        say(hall.host, call)
        hall.stage.clock.advance(seconds=0.1)
        await asyncio.sleep(0)
    known = len(heard(hall.second))
    for _ in range(50):
        say(hall.host, call)
        hall.stage.clock.advance(seconds=0.1)
        await asyncio.sleep(0)
    await hall.stage.settle()
    say(hall.host, call)
    assert len(heard(hall.second)) == known
