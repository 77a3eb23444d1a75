"""Lines: which two connections a call is between. Signals pass between these two, and go to nobody else.

What is kept here follows from the table of calls and is changed at each commit that changes it: a word that comes right
after the answer to a command finds its way, and one that comes right after a hang-up finds none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from salon.core.clock import Clock
from salon.core.dispatch import Context, Hearing, receives
from salon.core.fanout import Beside, Fanout, signal
from salon.core.refusals import Refused
from salon.core.security import TokenBuckets
from salon.voice import contract
from salon.voice.speech import Speech

if TYPE_CHECKING:
    from salon.core.fanout import Link

NEXT = "voice.next"
"""The bell that rings when somebody may be called by auto mode."""
WORDS_PER_SECOND = 20.0
WORDS_AT_ONCE = 100.0
"""Of one end of a call: a phone with many network interfaces has some dozens of candidates."""
LONGEST_CANDIDATE = 1024


@dataclass(frozen=True)
class Ends:
    """A call, the connections that have its ends, and who speaks."""

    call: str
    room_id: str
    person: str
    epoch: int
    phone: str | None
    screen: str | None
    muted: bool


class Lines:
    of: ClassVar[Beside[Lines]] = Beside()
    """By the fan-out, which is all that signals and transactions know of their house."""

    def __init__(self, fanout: Fanout, clock: Clock, on_lost: Callable[[str, str], None]) -> None:
        self._fanout = fanout
        self._clock = clock
        self._on_lost = on_lost
        """Called with a connection that has an end and is not there, and its room."""
        self._ends: dict[str, Ends] = {}
        self._desks: dict[str, str] = {}
        """By room: the connection that auto mode calls to."""
        self._words = TokenBuckets(WORDS_PER_SECOND, WORDS_AT_ONCE)
        self.speech = Speech(fanout, clock)
        Lines.of[fanout] = self

    # What transactions say, at their commit.

    def bind(self, ends: Ends) -> None:
        before = self._ends.get(ends.call)
        self._ends[ends.call] = ends
        begins = before is None or (before.epoch, before.person) != (ends.epoch, ends.person)
        if begins or ends.muted or None in {ends.phone, ends.screen}:
            self.speech.fall_silent(ends.call)
        for sid in (ends.phone, ends.screen):
            self._expect(sid, ends.room_id)

    def unbind(self, call: str) -> None:
        self._ends.pop(call, None)
        self.speech.fall_silent(call)

    def seat(self, room_id: str, sid: str | None) -> None:
        self._desks.pop(room_id, None)
        if sid is not None:
            self._desks[room_id] = sid
            self._expect(sid, room_id)

    def _expect(self, sid: str | None, room_id: str) -> None:
        """The connection may have gone while the transaction was under way."""
        if sid is not None and sid not in self._fanout.links:
            self._on_lost(sid, room_id)

    @staticmethod
    def call_next(ctx: Context) -> None:
        """Look, after the commit, whether auto mode has somebody to call."""
        ctx.ring(NEXT)

    # Words from one end to the other.

    def say(self, link: Link, said: contract.Say) -> None:
        ends = self._ends.get(said.call)
        if ends is None or link.sid not in {ends.phone, ends.screen}:
            # The same for who guesses a call's id: it is not told whether there is one.
            raise Refused("call_unknown", field="call")
        from_phone = link.sid == ends.phone
        _check(said, from_phone=from_phone)
        wait = self._words.take((said.call, from_phone), self._clock.now())
        if wait:
            raise Refused("rate_limited", retry_after=wait)
        if said.epoch != ends.epoch:
            raise Refused("call_begins_anew", field="epoch")
        other = self._fanout.links.get((ends.screen if from_phone else ends.phone) or "")
        if other is None or not other.hears:
            raise Refused("call_alone")
        word = contract.Heard(call=said.call, epoch=said.epoch, kind=said.kind, said=said.said, mid=said.mid)
        other.send(signal(word))

    def tell_level(self, link: Link, loud: contract.Loud) -> None:
        ends = self._ends.get(loud.call)
        if ends is None or link.sid != ends.screen:
            raise Refused("call_unknown", field="call")
        if ends.phone is None:
            raise Refused("call_alone")
        # A page that has not heard of it yet says how loud it was before.
        self.speech.hear(link, ends.person, loud, muted=ends.muted)

    # Connections that go.

    def has(self, sid: str) -> bool:
        """Whether a call or auto mode hangs on this connection."""
        return sid in self._desks.values() or any(sid in {each.phone, each.screen} for each in self._ends.values())


def _check(said: contract.Say, *, from_phone: bool) -> None:
    """The phone offers, the screen answers; each word has its bounds."""
    if (said.kind == "offer" and not from_phone) or (said.kind in {"answer", "restart"} and from_phone):
        raise Refused("invalid", "The phone offers, the screen answers.", field="kind")
    if said.kind == "candidate" and len(said.said) > LONGEST_CANDIDATE:
        raise Refused("invalid", "A candidate has at most 1 KiB.", field="said")
    if (said.kind == "restart") != (not said.said) and said.kind != "candidate":
        raise Refused("invalid", "A description is needed, for a restart none.", field="said")


@receives(contract.Say)
def hear(said: contract.Say, hearing: Hearing) -> None:
    Lines.of[hearing.fanout].say(hearing.link, said)


@receives(contract.Loud)
def hear_level(loud: contract.Loud, hearing: Hearing) -> None:
    Lines.of[hearing.fanout].tell_level(hearing.link, loud)


@receives(contract.WhoSpeaks)
def tell_who_speaks(_asked: contract.WhoSpeaks, hearing: Hearing) -> None:
    Lines.of[hearing.fanout].speech.tell(hearing.link)
