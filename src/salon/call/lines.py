"""Lines: which connection each participant has. Words pass from one participant to one other, and to nobody else.

What is kept here follows from the table of places and is changed at each commit that changes it: a word that comes
right after the answer to a command finds its way, and one that comes right after somebody has left finds none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from salon.call import contract, words
from salon.call.speech import Speech
from salon.core.clock import Clock
from salon.core.dispatch import Hearing, receives
from salon.core.fanout import Beside, Fanout, signal
from salon.core.refusals import Refused
from salon.core.security import TokenBuckets

if TYPE_CHECKING:
    from salon.core.fanout import Link

WORDS_PER_SECOND, WORDS_AT_ONCE = 10.0, 60.0
"""From one participant to one other."""
DESCRIPTIONS_PER_SECOND, DESCRIPTIONS_AT_ONCE = 2.0, 20.0
"""Of these words: they are large. Each change of what is sent is one or two."""
REACTIONS_PER_SECOND, REACTIONS_AT_ONCE = 2.0, 8.0


@dataclass(frozen=True)
class Seat:
    """A participant's place, and the connection that has it."""

    id: str
    room_id: str
    person: str
    sid: str | None
    epoch: int
    microphone: bool


class Lines:
    of: ClassVar[Beside[Lines]] = Beside()
    """By the fan-out, which is all that signals and transactions know of their house."""

    def __init__(self, fanout: Fanout, clock: Clock, on_lost: Callable[[str, str], None]) -> None:
        self._fanout = fanout
        self._clock = clock
        self._on_lost = on_lost
        """Called with a connection that has a place and is not there, and its room."""
        self._seats: dict[str, Seat] = {}
        self._by_sid: dict[str, Seat] = {}
        self._rooms: dict[str, set[str]] = {}
        """By room: its places, as long as there are any."""
        self._words = TokenBuckets(WORDS_PER_SECOND, WORDS_AT_ONCE)
        self._descriptions = TokenBuckets(DESCRIPTIONS_PER_SECOND, DESCRIPTIONS_AT_ONCE)
        self._reactions = TokenBuckets(REACTIONS_PER_SECOND, REACTIONS_AT_ONCE)
        self.speech = Speech(fanout, clock)
        Lines.of[fanout] = self

    # What transactions say, at their commit.

    def bind(self, seat: Seat) -> None:
        self._drop(seat.id)
        self._seats[seat.id] = seat
        self._rooms.setdefault(seat.room_id, set()).add(seat.id)
        if not seat.microphone or seat.sid is None:
            self.speech.fall_silent(seat.id)
        if seat.sid is None:
            return
        self._by_sid[seat.sid] = seat
        link = self._fanout.links.get(seat.sid)
        if link is None:
            # It has gone while the transaction was under way.
            self._on_lost(seat.sid, seat.room_id)
        else:
            link.outlet.watch()

    def unbind(self, seat: str) -> None:
        before = self._drop(seat)
        if before is not None:
            room = self._rooms[before.room_id]
            room.discard(seat)
            if not room:
                del self._rooms[before.room_id]
        self.speech.fall_silent(seat)

    def _drop(self, seat: str) -> Seat | None:
        before = self._seats.pop(seat, None)
        if before is not None and before.sid is not None:
            self._by_sid.pop(before.sid, None)
        return before

    # Words from one participant to another.

    def own(self, link: Link) -> Seat:
        seat = self._by_sid.get(link.sid)
        if seat is None:
            raise Refused("not_in_call")
        return seat

    def say(self, link: Link, said: contract.Say) -> None:
        own, other = self.own(link), self._seats.get(said.to)
        if other is None or other.room_id != own.room_id or other is own:
            # The same for who guesses: it is not told who is in other rooms' calls.
            raise Refused("participant_unknown", field="to")
        words.check(said)
        self._count(own, other, said)
        if said.epoch != other.epoch:
            raise Refused("call_begins_anew", field="epoch")
        theirs = self._fanout.links.get(other.sid or "")
        if theirs is None or not theirs.hears:
            raise Refused("call_alone")
        word = contract.Said(
            participant=own.id,
            epoch=own.epoch,
            link=said.link,
            kind=said.kind,
            sdp=said.sdp,
            candidates=said.candidates,
        )
        theirs.send(signal(word))

    def _count(self, own: Seat, other: Seat, said: contract.Say) -> None:
        now, pair = self._clock.now(), (own.id, other.id)
        wait = self._words.take(pair, now)
        if not wait and said.kind in {"offer", "answer"}:
            wait = self._descriptions.take(pair, now)
        if wait:
            raise Refused("rate_limited", retry_after=wait)

    def react(self, link: Link, reaction: contract.React) -> None:
        own = self.own(link)
        wait = self._reactions.take(own.id, self._clock.now())
        if wait:
            raise Refused("rate_limited", retry_after=wait)
        told = contract.Reacted(person=own.person, emoji=reaction.emoji)
        self._fanout.signal_room(own.room_id, signal(told))

    def speak(self, link: Link, said: contract.Speak) -> None:
        own = self.own(link)
        # A page that has not heard yet that it is off says what was before.
        self.speech.hear(own.id, own.room_id, own.person, speaking=said.speaking and own.microphone)

    def greet(self, link: Link) -> None:
        if link.room_id in self._rooms:
            self.speech.tell(link)

    # Connections that go.

    def has(self, sid: str) -> bool:
        """Whether somebody's place hangs on this connection."""
        return sid in self._by_sid


@receives(contract.Say)
def hear(said: contract.Say, hearing: Hearing) -> None:
    Lines.of[hearing.fanout].say(hearing.link, said)


@receives(contract.React)
def hear_reaction(reaction: contract.React, hearing: Hearing) -> None:
    Lines.of[hearing.fanout].react(hearing.link, reaction)


@receives(contract.Speak)
def hear_speech(said: contract.Speak, hearing: Hearing) -> None:
    Lines.of[hearing.fanout].speak(hearing.link, said)
