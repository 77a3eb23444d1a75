"""Words between the two ends of a call, over real sockets: nobody else gets a byte of them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from salon.voice.lines import WORDS_AT_ONCE
from tests.support.recorder import Json
from tests.support.wire import Served, SocketClient
from tests.voice.support import line

SDP = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\n"


@dataclass
class Wired:
    served: Served
    link: str
    call: str
    screen: SocketClient
    phone: SocketClient
    others: list[SocketClient]
    """A second tab of the host and of the person, a second host, somebody of the audience, and somebody elsewhere."""

    async def say(self, who: SocketClient, kind: str = "offer", *, epoch: int = 1, said: str = SDP) -> Json:
        said = "" if kind == "restart" else said
        return await who.ask("voice.line", call=self.call, epoch=epoch, kind=kind, said=said)

    def heard(self, who: SocketClient) -> list[str]:
        return [signal["data"]["kind"] for signal in who.signals("voice.line")]


@pytest.fixture
async def wired(served: Served) -> Wired:
    owners, persons = await served.token(), await served.token()
    made = await served.room(owners, "stage")
    screen = await served.come(made["link"], "Olga", owners)
    phone = await served.come(made["link"], "Ana", persons)
    second = await served.come(made["link"], "Carl")
    await screen.must("people.role", person=second.me, role="cohost")
    third = await served.come(made["link"], "Ben")
    tabs = []
    for name, token in (("Olga", owners), ("Ana", persons)):
        tab = await served.client(name, token)
        await tab.connect(made["link"])
        await tab.has("snapshot")
        tabs.append(tab)
    elsewhere = await served.token()
    outside = await served.come((await served.room(elsewhere, "stage"))["link"], "Eve", elsewhere)
    item = (await phone.must("floor.ask", kind="voice"))["item"]
    call = (await screen.must("voice.call", item=item, line=line("screen")))["call"]
    await phone.must("voice.talk", call=call, line=line("phone"))
    return Wired(served, made["link"], call, screen, phone, [second, third, *tabs, outside])


@pytest.mark.feature("F6")
async def test_only_the_two_ends_hear(wired: Wired) -> None:
    assert (await wired.say(wired.phone))["ok"]
    assert (await wired.say(wired.screen, "answer"))["ok"]
    assert (await wired.say(wired.phone, "candidate", said="candidate:1"))["ok"]
    assert (await wired.say(wired.screen, "candidate", said=""))["ok"]
    assert (await wired.say(wired.screen, "restart"))["ok"]
    await wired.screen.signal("voice.line")
    heard = wired.screen.signals("voice.line")[0]
    assert heard["data"] == {"call": wired.call, "epoch": 1, "kind": "offer", "said": SDP, "mid": None}
    assert heard["from"] is None
    await wired.phone.until(lambda: len(wired.heard(wired.phone)) == 3, "all words")
    await wired.screen.until(lambda: len(wired.heard(wired.screen)) == 2, "all words")
    for other in wired.others:
        # Whatever was on its way to them has come before this answer.
        assert (await other.ask("presence.level"))["ok"]
        assert wired.heard(other) == [], other.name


@pytest.mark.feature("F6")
async def test_nobody_else_says_anything(wired: Wired) -> None:
    for other in wired.others:
        for kind in ("offer", "answer", "candidate", "restart"):
            assert (await wired.say(other, kind))["code"] == "call_unknown"
    lobby = await wired.served.client("Lou")
    await lobby.connect(wired.link)
    await lobby.has("lobby")
    await wired.say(lobby)
    assert (await wired.screen.ask("presence.level"))["ok"]
    assert wired.heard(wired.screen) == wired.heard(wired.phone) == []


@pytest.mark.feature("F6")
async def test_each_end_says_what_is_its_part(wired: Wired) -> None:
    for who, kind in ((wired.phone, "answer"), (wired.phone, "restart"), (wired.screen, "offer")):
        assert (await wired.say(who, kind))["code"] == "invalid"
    assert (await wired.say(wired.phone, said=""))["code"] == "invalid"
    assert (await wired.say(wired.phone, said="x" * 16_385))["code"] == "invalid"
    assert (await wired.say(wired.phone, said="x" * 16_384))["ok"]
    assert (await wired.say(wired.phone, "candidate", said="x" * 1025))["code"] == "invalid"
    assert (await wired.say(wired.phone, epoch=0))["code"] == "call_begins_anew"
    assert (await wired.say(wired.phone, epoch=2))["code"] == "call_begins_anew"


@pytest.mark.feature("F6")
async def test_words_are_counted(wired: Wired) -> None:
    answers = [await wired.say(wired.phone, "candidate", said="c") for _ in range(int(WORDS_AT_ONCE) + 1)]
    assert [answer["ok"] for answer in answers[:-1]] == [True] * int(WORDS_AT_ONCE)
    assert answers[-1]["code"] == "rate_limited"
    assert answers[-1]["retry_after"] > 0
    assert (await wired.say(wired.screen, "answer"))["ok"], "each end has its own measure"


@pytest.mark.feature("F6")
async def test_nothing_passes_before_and_after(wired: Wired) -> None:
    await wired.phone.must("voice.hang_up", call=wired.call)
    for who in (wired.phone, wired.screen):
        assert (await wired.say(who, "candidate"))["code"] == "call_unknown"
    item = (await wired.others[1].must("floor.ask", kind="voice"))["item"]
    wired.call = (await wired.screen.must("voice.call", item=item, line=line("screen")))["call"]
    assert (await wired.say(wired.screen, "candidate", epoch=0))["code"] == "call_alone", "it rings"
    assert (await wired.say(wired.others[1], epoch=0))["code"] == "call_unknown"


@pytest.mark.feature("F6", "F8")
async def test_the_old_end_is_cut_off_when_a_new_one_takes_it(wired: Wired) -> None:
    tab = wired.others[3]
    assert (await tab.ask("voice.resume", call=wired.call, line=line("tab")))["code"] == "call_taken"
    await tab.must("voice.resume", call=wired.call, line=line("phone"))
    assert (await wired.say(wired.phone, epoch=2))["code"] == "call_unknown"
    assert (await wired.say(tab, epoch=1))["code"] == "call_begins_anew"
    assert (await wired.say(tab, epoch=2))["ok"]
    assert (await wired.say(wired.screen, "answer", epoch=2))["ok"]
    await tab.signal("voice.line")
    assert wired.heard(wired.phone) == []


@pytest.mark.feature("F8")
async def test_a_lost_network(wired: Wired) -> None:
    await wired.phone.cut()
    changed = wired.screen.events("voice.changed")
    await wired.screen.until(
        lambda: wired.screen.events("voice.changed")[-1]["data"]["call"]["state"] == "reconnecting", "the loss"
    )
    assert len(wired.screen.events("voice.changed")) > len(changed) - 1
    assert (await wired.say(wired.screen, "restart"))["code"] == "call_alone"
    await wired.phone.connect(wired.link, wired.phone.seqs)
    await wired.phone.must("voice.resume", call=wired.call, line=line("phone"))
    assert (await wired.say(wired.phone, epoch=2))["ok"]


@pytest.mark.feature("F6", "R5")
async def test_who_was_sent_out_says_and_hears_nothing(wired: Wired) -> None:
    await wired.screen.must("people.remove", person=wired.phone.me)
    assert (await wired.say(wired.screen, "restart"))["code"] == "call_unknown"
    assert wired.heard(wired.phone) == []


@pytest.mark.feature("F7", "P4", "R5")
async def test_levels_by_hand(wired: Wired) -> None:
    """Only the connection that plays the call is heard; levels reach hosts alone."""
    said = {"call": wired.call, "level": 70, "speaking": True}
    for other in (wired.phone, *wired.others):
        assert (await other.ask("voice.level", **said))["code"] == "call_unknown"
    assert (await wired.screen.ask("voice.level", **{**said, "level": 101}))["code"] == "invalid"
    assert (await wired.screen.ask("voice.level", **said))["ok"]
    second, third, tab, phone_tab, outside = wired.others
    for host in (second, tab):
        assert (await host.signal("voice.level"))["data"] == {"call": wired.call, "level": 70}
    for other in (wired.phone, third, phone_tab):
        assert (await other.signal("voice.speaking"))["data"] == {"people": [wired.phone.me]}
    for other in (wired.phone, wired.screen, third, phone_tab, outside):
        assert (await other.ask("presence.level"))["ok"]
        assert other.signals("voice.level") == [], other.name
    assert outside.signals("voice.speaking") == []
