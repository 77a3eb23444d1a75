"""Words between two participants, over real sockets: nobody else gets a byte of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.call.support import line
from tests.support.recorder import Json
from tests.support.wire import Served, SocketClient

SDP = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\n"
CANDIDATE = {"candidate": "candidate:1 1 udp 2122 192.0.2.1 50000 typ host", "mid": "0", "line": 0, "ufrag": "abcd"}


@dataclass
class Wired:
    served: Served
    link: str
    ana: SocketClient
    ben: SocketClient
    seats: dict[str, str]
    others: list[SocketClient]
    """A third one in the call, a second tab of Ana's, a host who is not in the call, and somebody in another one."""

    async def say(self, who: SocketClient, to: str, kind: str = "offer", *, epoch: int = 1, **more: Any) -> Json:
        if kind in {"offer", "answer"}:
            more = {"sdp": SDP, **more}
        elif kind == "candidates":
            more = {"candidates": [CANDIDATE], **more}
        return await who.ask("call.say", to=to, epoch=epoch, kind=kind, **more)

    def heard(self, who: SocketClient) -> list[str]:
        return [signal["data"]["kind"] for signal in who.signals("call.said")]

    async def nobody_else_heard(self) -> None:
        for other in self.others:
            # Whatever was on its way to them has come before this answer.
            assert (await other.ask("presence.level"))["ok"]
            assert self.heard(other) == [], other.name


async def enter(client: SocketClient, by: str, **more: Any) -> str:
    part = (await client.must("call.join", line=line(by), microphone=True, **more))["participant"]
    seat: str = part["id"]
    return seat


@pytest.fixture
async def wired(served: Served) -> Wired:
    tokens = [await served.token() for _ in range(2)]
    made = await served.room(tokens[0])
    host = await served.come(made["link"], "Olga", tokens[0])
    ana = await served.come(made["link"], "Ana", tokens[1])
    ben, cem = [await served.come(made["link"], name) for name in ("Ben", "Cem")]
    tab = await served.client("Ana", tokens[1])
    await tab.connect(made["link"])
    await tab.has("snapshot")
    elsewhere = await served.token()
    eve = await served.come((await served.room(elsewhere))["link"], "Eve", elsewhere)
    seats = {client.name: await enter(client, client.name) for client in (ana, ben, cem, eve)}
    return Wired(served, made["link"], ana, ben, seats, [cem, tab, host, eve])


@pytest.mark.feature("M2")
async def test_only_the_one_hears(wired: Wired) -> None:
    assert (await wired.say(wired.ana, wired.seats["Ben"], link=3))["ok"]
    assert (await wired.say(wired.ben, wired.seats["Ana"], "answer"))["ok"]
    assert (await wired.say(wired.ana, wired.seats["Ben"], "candidates"))["ok"]
    assert (await wired.say(wired.ana, wired.seats["Ben"], "candidates", candidates=[{"candidate": ""}]))["ok"]
    assert (await wired.say(wired.ben, wired.seats["Ana"], "restart"))["ok"]
    await wired.ben.until(lambda: wired.heard(wired.ben) == ["offer", "candidates", "candidates"], "all words")
    await wired.ana.until(lambda: wired.heard(wired.ana) == ["answer", "restart"], "all words")
    heard = wired.ben.signals("call.said")
    from_ana = {"participant": wired.seats["Ana"], "epoch": 1}
    assert heard[0]["data"] == {**from_ana, "link": 3, "kind": "offer", "sdp": SDP, "candidates": None}
    assert heard[1]["data"] == {**from_ana, "link": 0, "kind": "candidates", "sdp": None, "candidates": [CANDIDATE]}
    assert heard[0]["from"] is None
    await wired.nobody_else_heard()


@pytest.mark.feature("M2", "R5")
async def test_who_is_not_in_the_call_says_nothing(wired: Wired) -> None:
    _, tab, host, _ = wired.others
    for other in (tab, host):
        for kind in ("offer", "candidates", "restart"):
            assert (await wired.say(other, wired.seats["Ben"], kind))["code"] == "not_in_call"
    lobby = await wired.served.client("Lou")
    await lobby.connect(wired.link)
    await lobby.has("lobby")
    await wired.say(lobby, wired.seats["Ben"])
    assert (await wired.ben.ask("presence.level"))["ok"]
    assert wired.heard(wired.ben) == []


@pytest.mark.feature("M2", "R5")
async def test_words_to_strangers(wired: Wired) -> None:
    """To nobody, oneself, and somebody in another room: always the same, so that nothing is learnt."""
    for to in ("nobody", wired.seats["Ana"], wired.seats["Eve"]):
        for kind in ("offer", "candidates"):
            assert (await wired.say(wired.ana, to, kind))["code"] == "participant_unknown"
    assert (await wired.say(wired.ana, "no id!"))["code"] == "invalid"
    await wired.nobody_else_heard()


@pytest.mark.feature("M2")
@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("offer", {"sdp": None}),
        ("offer", {"sdp": ""}),
        ("answer", {"sdp": "hello"}),
        ("offer", {"sdp": "v=0"}),
        ("offer", {"sdp": "v=0\r\n"}),
        ("offer", {"sdp": SDP + "<script>"}),
        ("offer", {"sdp": SDP + "a=\x00\r\n"}),
        ("offer", {"sdp": SDP, "candidates": [CANDIDATE]}),
        ("offer", {"sdp": SDP + "a=x\r\n" * 6_600}),
        ("offer", {"sdp": 5}),
        ("offer", {"sdp": SDP, "room": "other"}),
        ("bye", {}),
        ("restart", {"sdp": SDP}),
        ("candidates", {"candidates": None}),
        ("candidates", {"candidates": []}),
        ("candidates", {"candidates": [CANDIDATE] * 17}),
        ("candidates", {"candidates": [{"candidate": "a=sendrecv"}]}),
        ("candidates", {"candidates": [{"candidate": "candidate:1\r\na=x"}]}),
        ("candidates", {"candidates": [{"candidate": "candidate:" + "x" * 1_024}]}),
        ("candidates", {"candidates": [{**CANDIDATE, "line": -1}]}),
        ("candidates", {"candidates": [CANDIDATE], "sdp": SDP}),
    ],
)
async def test_what_is_no_word(wired: Wired, kind: str, more: Json) -> None:
    answer = await wired.say(wired.ana, wired.seats["Ben"], kind, **more)
    assert answer["code"] == "invalid"
    assert (await wired.ben.ask("presence.level"))["ok"]
    assert wired.heard(wired.ben) == []


@pytest.mark.feature("M2")
async def test_a_megabyte_of_description(wired: Wired) -> None:
    """What is larger than a request is refused, what is far larger ends the connection; nobody else notices."""
    large = SDP + "a=" + "x" * 80_000 + "\r\n"
    assert (await wired.say(wired.ana, wired.seats["Ben"], sdp=large))["code"] == "too_large"
    assert (await wired.say(wired.ana, wired.seats["Ben"]))["ok"]
    await wired.ana.emit("call.say", {"to": wired.seats["Ben"], "epoch": 1, "kind": "offer", "sdp": "x" * 1_000_000})
    await wired.ana.gone()
    assert (await wired.say(wired.ben, wired.seats["Cem"]))["ok"]
    assert wired.heard(wired.ben) == ["offer"]


@pytest.mark.feature("M8")
async def test_what_has_begun_anew_since(wired: Wired) -> None:
    for epoch in (0, 2):
        assert (await wired.say(wired.ana, wired.seats["Ben"], epoch=epoch))["code"] == "call_begins_anew"
    await enter(wired.ben, "Ben", anew=True)
    assert (await wired.say(wired.ana, wired.seats["Ben"]))["code"] == "call_begins_anew"
    assert (await wired.say(wired.ana, wired.seats["Ben"], epoch=2))["ok"]
    assert (await wired.say(wired.ben, wired.seats["Ana"]))["ok"]
    await wired.ana.signal("call.said")
    assert wired.ana.signals("call.said")[0]["data"]["epoch"] == 2, "the one who says it"


@pytest.mark.feature("M8")
async def test_the_page_of_before_is_cut_off_when_another_takes_over(wired: Wired) -> None:
    cem, tab, *_ = wired.others
    assert await enter(tab, "tab", take=True) == wired.seats["Ana"]
    assert (await wired.say(wired.ana, wired.seats["Ben"]))["code"] == "not_in_call"
    assert (await wired.say(wired.ben, wired.seats["Ana"], epoch=2))["ok"]
    await tab.signal("call.said")
    assert wired.heard(wired.ana) == []
    await wired.ana.leave()
    assert (await wired.say(cem, wired.seats["Ana"], epoch=2))["ok"]


@pytest.mark.feature("M8")
async def test_a_lost_network(wired: Wired) -> None:
    await wired.ben.cut()
    await wired.ana.until(
        lambda: not wired.ana.events("call.changed")[-1]["data"]["participants"][0]["there"], "the loss"
    )
    assert (await wired.say(wired.ana, wired.seats["Ben"]))["code"] == "call_alone"
    await wired.ben.connect(wired.link, wired.ben.seqs)
    assert await enter(wired.ben, "Ben", anew=False) == wired.seats["Ben"]
    assert (await wired.say(wired.ana, wired.seats["Ben"]))["ok"]
    assert (await wired.say(wired.ben, wired.seats["Ana"]))["ok"]


@pytest.mark.feature("M2", "R5")
async def test_nothing_passes_after_the_end(wired: Wired) -> None:
    _, _, host, _ = wired.others
    await host.must("call.send_out", person=wired.ana.me)
    assert (await wired.say(wired.ana, wired.seats["Ben"]))["code"] == "not_in_call"
    assert (await wired.say(wired.ben, wired.seats["Ana"]))["code"] == "participant_unknown"
    await host.must("people.ban", person=wired.ben.me)
    assert (await wired.say(wired.others[0], wired.seats["Ben"]))["code"] == "participant_unknown"
    assert wired.heard(wired.ben) == wired.heard(wired.ana) == []


@pytest.mark.feature("M8")
async def test_a_silent_machine_is_noticed_within_seconds(wired: Wired) -> None:
    """Only of those who are in a call: its heartbeat is quicker, and the loss is told as one that may pass."""
    engine = wired.served.house.edge.engine
    now = engine.now()

    def after(who: SocketClient, *seconds: float) -> tuple[bool, bool]:
        """Whether it was given up, and for being silent."""
        links = wired.served.house.fanout.links.values()
        sid = next(link.sid for link in links if link.person == who.me)
        session = next(each for each in engine.sessions.values() if each.id == sid)
        for each in seconds:
            session.check(now + each)
        return session.closed, session.silent

    assert after(wired.ana, 5, 5 + 15) == (False, False)
    assert after(wired.ana, 5 + 17) == (True, True)
    assert after(wired.others[2], 15, 24) == (False, False)
