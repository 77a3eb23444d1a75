"""Everything that people do to a call in any order: whatever happens, the rules hold and everybody knows the same."""

from __future__ import annotations

from typing import ClassVar

import orjson
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from sqlalchemy import select

from salon.core.log import LoggedEvent, StreamKey
from tests.call.conftest import Meeting, open_meeting
from tests.call.support import ALL, line, sent
from tests.support import monkeys
from tests.support.recorder import Json

CAST = ["host", "second", "ana", "ben", "lea"]
HOSTS = st.sampled_from(["host", "second"])
ANYBODY = st.sampled_from(CAST)
WHAT = st.sampled_from(ALL)
ON = st.booleans()


class Meetings(monkeys.Monkeys):
    """One room, five people."""

    expected: ClassVar[set[str]] = {
        "call_elsewhere",
        "call_full",
        "forbidden",
        "held",
        "not_in_call",
        "participant_unknown",
    }

    def __init__(self) -> None:
        super().__init__()
        self.told: dict[str, Json] = {}
        self.read = 0

    async def gather(self) -> Meeting:
        return await open_meeting(self.stage)

    @rule(who=ANYBODY, page=st.sampled_from("ab"), anew=ON, take=ON, microphone=ON, screen=ON)
    def joins(self, who: str, page: str, anew: bool, take: bool, microphone: bool, screen: bool) -> None:
        media = {"microphone": microphone, "camera": True, "screen": screen, "screen_sound": True}
        self.ask(who, "call.join", line=line(who + page), anew=anew, take=take, **media)

    @rule(who=ANYBODY)
    def leaves(self, who: str) -> None:
        self.ask(who, "call.leave")

    @rule(who=ANYBODY, what=WHAT, on=ON)
    def switches(self, who: str, what: str, on: bool) -> None:
        self.ask(who, "call.media", **{what: on})

    @rule(who=ANYBODY, up=ON)
    def raises_a_hand(self, who: str, up: bool) -> None:
        self.ask(who, "call.hand", up=up)

    @rule(who=HOSTS, whom=ANYBODY, what=WHAT, on=ON)
    def holds(self, who: str, whom: str, what: str, on: bool) -> None:
        self.ask(who, "call.hold", person=self.client(whom).me, what=what, on=on)

    @rule(who=HOSTS, what=WHAT, on=ON)
    def holds_all(self, who: str, what: str, on: bool) -> None:
        self.ask(who, "call.hold", what=what, on=on)

    @rule(who=HOSTS, whom=ANYBODY)
    def sends_out(self, who: str, whom: str) -> None:
        self.ask(who, "call.send_out", person=self.client(whom).me)

    @rule(who=HOSTS)
    def lowers_hands(self, who: str) -> None:
        self.ask(who, "call.lower_hands")

    @rule(share=st.sampled_from(["everyone", "hosts"]), most=st.integers(2, 8), join_muted=ON)
    def sets(self, share: str, most: int, join_muted: bool) -> None:
        self.ask("host", "call.settings", share=share, most=most, join_muted=join_muted)

    @rule(whom=st.sampled_from(["ana", "ben", "lea"]), role=st.sampled_from(["participant", "audience"]))
    def changes_a_role(self, whom: str, role: str) -> None:
        self.ask("host", "people.role", person=self.client(whom).me, role=role)

    @rule(whom=st.sampled_from(["ana", "ben"]), muted=ON)
    def mutes(self, whom: str, muted: bool) -> None:
        self.ask("host", "people.mute", person=self.client(whom).me, muted=muted)

    @rule(on=ON)
    def switches_the_call(self, on: bool) -> None:
        self.ask("host", "rooms.activity", activity="call", on=on)
        self.ask("host", "rooms.activity", activity="call", on=True)

    @rule(who=ANYBODY, silent=ON)
    def is_lost(self, who: str, silent: bool) -> None:
        self.lose(who, silent=silent)

    @rule(seconds=st.sampled_from([1, 4, 13, 25, 601]))
    def time_passes(self, seconds: int) -> None:
        self.do(self.stage.pass_time(seconds))

    @invariant()
    def all_is_well(self) -> None:
        if self.client("host").link is None:
            self.do(self.client("host").connect())
            self.do(self.stage.settle())
        look = self.look()
        call, people = look["call"], {person["id"]: person for person in look["people"]["people"]}
        parts = call["participants"]
        holds = {each["person"]: each["what"] for each in call["holds"]}
        assert len({part["person"] for part in parts}) == len(parts), "nobody is in it twice"
        for part in parts:
            person = people[part["person"]]
            assert set(holds.get(person["id"], [])) <= set(part["held"])
            assert not set(sent(part)) & set(part["held"]), "what is held is off"
            assert part["screen"] or not part["screen_sound"]
            assert part["held"] == ALL or person["role"] != "audience"
            assert "microphone" in part["held"] or not person["muted"]
            links = [each.sid for each in self.stage.house.fanout.links.values() if each.person == person["id"]]
            assert links or not part["there"], "a place hangs on a connection that is there"
        self.compare(parts)
        self.stage.check()

    def compare(self, parts: list[Json]) -> None:
        """What the room was told comes to the same as what a snapshot shows."""
        heard = self.do(self._log())
        for name, data in heard:
            if name == "call.changed":
                self.told |= {part["id"]: part for part in data["participants"]}
            elif name == "call.left":
                assert self.told.pop(data["participant"])["person"] == data["person"]
        assert self.told == {part["id"]: part for part in parts}

    async def _log(self) -> list[tuple[str, Json]]:
        """The room's events since the last look, as they are kept for who was away."""
        stage, stream = self.stage, StreamKey("room", self.cast.place.id).id
        later = select(LoggedEvent).where(LoggedEvent.stream_id == stream, LoggedEvent.seq > self.read)
        async with stage.house.storage.read() as session:
            rows = list((await session.execute(later.order_by(LoggedEvent.seq))).scalars())
        self.read = rows[-1].seq if rows else self.read
        return [(row.type, orjson.loads(row.data)) for row in rows]


@pytest.mark.timeout(400)
@pytest.mark.feature("M4", "M8", "R5")
def test_whatever_people_do(clean: None, at_once: None) -> None:
    monkeys.run(Meetings)
