"""Everything that people do to calls in any order: whatever happens, the rules hold and everybody knows the same."""

from __future__ import annotations

from typing import ClassVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from tests.support import monkeys
from tests.support.recorder import Json
from tests.voice.conftest import Hall, open_hall
from tests.voice.support import line

HOSTS = st.sampled_from(["host", "second"])
PEOPLE = st.sampled_from(["ana", "ben", "cem"])
ANYBODY = st.sampled_from(["host", "second", "ana", "ben", "cem"])


class Halls(monkeys.Monkeys):
    """One room, two hosts, three people with phones."""

    expected: ClassVar[set[str]] = {
        "activity_off",
        "call_alone",
        "call_begins_anew",
        "call_running",
        "call_taken",
        "call_unknown",
        "forbidden",
        "invalid",
        "item_open",
        "item_unknown",
        "lines_busy",
        "muted",
        "person_away",
    }

    def __init__(self) -> None:
        super().__init__()
        self.seen: Json | None = None

    async def gather(self) -> Hall:
        return await open_hall(self.stage)

    def state(self) -> Json:
        """What a snapshot shows now. It is read once after each step."""
        if self.seen is None:
            self.seen = self.look()
        return self.seen

    def call(self) -> str:
        calls = self.state()["voice"]["calls"]
        return calls[0]["id"] if calls else "none"

    def item(self) -> str:
        items = self.state()["floor"]["items"]
        return items[0]["id"] if items else "none"

    @rule(who=PEOPLE)
    def asks(self, who: str) -> None:
        self.ask(who, "floor.ask", kind="voice")

    @rule(who=HOSTS)
    def calls(self, who: str) -> None:
        self.ask(who, "voice.call", item=self.item(), line=line(who))

    @rule(who=ANYBODY)
    def talks(self, who: str) -> None:
        self.ask(who, "voice.talk", call=self.call(), line=line(who))

    @rule(who=ANYBODY)
    def hangs_up(self, who: str) -> None:
        self.ask(who, "voice.hang_up", call=self.call())

    @rule(who=ANYBODY, as_who=ANYBODY)
    def resumes(self, who: str, as_who: str) -> None:
        self.ask(who, "voice.resume", call=self.call(), line=line(as_who))

    @rule(who=HOSTS, on=st.booleans())
    def mutes(self, who: str, on: bool) -> None:
        self.ask(who, "voice.mute", call=self.call(), on=on)

    @rule(who=HOSTS, on=st.booleans())
    def switches_auto(self, who: str, on: bool) -> None:
        self.ask(who, "voice.auto", on=on, line=line(who))

    @rule(phones=st.integers(1, 4), seconds=st.sampled_from([0, 20]))
    def sets(self, phones: int, seconds: int) -> None:
        self.ask("host", "voice.settings", phones=phones, speak_seconds=seconds)

    @rule(who=PEOPLE)
    def is_ready(self, who: str) -> None:
        self.ask(who, "voice.ready", item=self.item())

    @rule(who=PEOPLE)
    def withdraws(self, who: str) -> None:
        self.ask(who, "floor.withdraw", item=self.item())

    @rule(who=HOSTS)
    def marks_as_answered(self, who: str) -> None:
        self.ask(who, "floor.answer", item=self.item())

    @rule(who=ANYBODY)
    def is_lost(self, who: str) -> None:
        self.lose(who)

    @rule(seconds=st.sampled_from([1, 10, 21, 31]))
    def time_passes(self, seconds: int) -> None:
        self.do(self.stage.pass_time(seconds))

    @invariant()
    def all_is_well(self) -> None:
        self.seen = None
        state, now = self.state(), self.stage.clock.now()
        items = {item["id"] for item in state["floor"]["items"]}
        calls = state["voice"]["calls"]
        assert {call["item"] for call in calls} <= items, "who is called stands in the queue"
        assert len({call["person"] for call in calls}) == len(calls), "nobody is called twice"
        assert len(calls) <= 4
        assert set(state["voice"]["missed"]) <= items - {call["item"] for call in calls}
        for call in calls:
            both = call["phone_there"] and call["screen_there"]
            assert (call["state"] == "live") == both
            assert (call["state"] == "ringing") == (call["live_at"] is None)
            assert (call["back_until"] is not None) == (call["state"] == "reconnecting")
            deadlines = [call[each] for each in ("rings_until", "speaks_until", "back_until") if call[each] is not None]
            assert all(each > now for each in deadlines), "what was due has happened"
            assert deadlines or call["state"] == "live", "it ends by itself when everybody has gone"
        for who in ("host", "second", "ana", "ben", "cem"):
            client = self.client(who)
            if client.link is not None:
                told = client.snapshot["features"]["voice"]["calls"]
                told = told + [event["data"]["call"] for event in client.events("voice.changed")]
                last = {call["id"]: call for call in told}
                assert all(last.get(call["id"]) == call for call in calls), "everybody was told the same"
        self.stage.check()


@pytest.mark.timeout(400)
@pytest.mark.feature("F6", "F8")
def test_whatever_people_do(clean: None, at_once: None) -> None:
    monkeys.run(Halls)
