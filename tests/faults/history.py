"""What every client did and saw, written down while it happens.

A :class:`History` belongs to one run with all of its clients, which share a clock. Each client has a :class:`Witness`
that is told everything; what is wrong on the face of it (a number twice, a gap, a text of somebody else) is noted in
``faults`` at once. What takes the whole picture is judged at the end, in :mod:`tests.faults.verdict`.
"""

from __future__ import annotations

import time
from collections import deque

from tests.faults.fold import State, normalised
from tests.faults.records import Command, Json, Seen, Shown, Stream, Tag

TRAIL = 400
"""The newest things a client saw, kept for reading after a failure."""


class History:
    """All of one run."""

    def __init__(self, *, fold: bool = True) -> None:
        self.fold = fold
        """Whether clients fold what they see, as the page does, unless they say otherwise. It costs time and memory."""
        self.commands: dict[str, Command] = {}
        self.events: dict[Stream, dict[int, Json]] = {}
        self.witnesses: list[Witness] = []
        self.faults: list[str] = []
        self.database_lost: list[float] = []
        """When: from then on commands may be refused for the moment."""
        self.deliveries = 0
        self.snapshots = 0

    def witness(self, name: str, person: str, room: str, *, fold: bool | None = None) -> Witness:
        witness = Witness(self, name, person, room, fold=self.fold if fold is None else fold)
        self.witnesses.append(witness)
        return witness

    def saw(self, witness: Witness, stream: Stream, wire: Json) -> None:
        """The same number is the same event, whoever sees it."""
        self.deliveries += 1
        known = self.events.setdefault(stream, {})
        seq = wire["seq"]
        first = known.setdefault(seq, wire)
        if first is not wire and first != wire:
            witness.fault(f"{stream} {seq} is {wire}, but somebody else was told {first}")


class Witness:
    """What one client (a device of a person) knows and remembers."""

    def __init__(self, history: History, name: str, person: str, room: str, *, fold: bool) -> None:
        self.history = history
        self.fold = fold
        self.name = name
        self.person = person
        """The person's name, which the tests choose; ``id`` is what the server calls them."""
        self.room = room
        self.id: str | None = None
        self.seqs: dict[str, int] = {}
        """The newest number of each stream, as a client keeps them for resuming."""
        self.state: State | None = None
        self.compared = 0
        """How often a snapshot could be held against the fold: they were of the same numbers."""
        self.commands: list[Command] = []
        self.seen: list[Seen] = []
        self.shown: list[Shown] = []
        self.trail: deque[tuple[float, str, object]] = deque(maxlen=TRAIL)
        self._best: dict[Stream, int] = {}
        self._stretches: dict[str, Seen] = {}
        self._connected_at = 0.0
        self._promised: dict[str, int] = {}

    def fault(self, text: str) -> None:
        self.note("FAULT", text)
        self.history.faults.append(f"{self.name}: {text}")

    def note(self, kind: str, what: object = None) -> float:
        now = time.monotonic()
        self.trail.append((now, kind, what))
        return now

    # What it does.

    def command(self, word: str, payload: Json) -> Command:
        order = len(self.commands)
        command = Command(f"{self.name}-{order}", word, payload, self, order)
        assert command.id not in self.history.commands, "two devices of one name"
        self.commands.append(command)
        self.history.commands[command.id] = command
        return command

    def sends(self, command: Command) -> None:
        command.sent.append(self.note("sends", (command.id, command.word, command.payload)))

    def answered(self, command: Command, answer: Json) -> None:
        command.answers.append((self.note("answer", (command.id, answer)), answer))

    def connects(self, since: dict[str, int] | None) -> None:
        self._connected_at = self.note("connects", dict(since) if since else None)
        self._stretches = {}
        self._promised = {}

    # What it is sent.

    def snapshot(self, data: Json) -> None:
        now = self.note("snapshot", data["seqs"])
        self.history.snapshots += 1
        people = data["features"]["people"]
        if self.id not in {None, people["me"]}:
            self.fault(f"was {self.id} and is {people['me']} now")
        self.id = people["me"]
        seqs: dict[str, int] = data["seqs"]
        for name, seq in seqs.items():
            if seq < self._best.get(self.stream(name), 0):
                self.fault(f"a snapshot of {name} {seq} after {self._best[self.stream(name)]} was seen")
        self._check_standing(data)
        chat = data["features"]["chat"]
        for conversation in (chat["room"], *chat["direct"]):
            for message in conversation["messages"]:
                self._check_text(message["body"], conversation["peer"])
        if self.state is not None and self.seqs == seqs:
            self._compare(data["features"])
        self.seqs = dict(seqs)
        self._best.update({self.stream(name): seq for name, seq in seqs.items()})
        self._stretches = {}
        self._promised = {}
        self.shown.append(Shown(self._connected_at, now, frozenset(seqs)))
        if self.fold:
            self.state = State(data["features"])

    def _compare(self, features: Json) -> None:
        """What it has is what it would be given now."""
        self.compared += 1
        has, fresh = self.state.view() if self.state else {}, normalised(features)
        for name in fresh:
            if has.get(name) != fresh[name]:
                self.fault(f"folded {name} to {has.get(name)}, and a fresh snapshot has {fresh[name]}")

    def _check_standing(self, data: Json) -> None:
        people = data["features"]["people"]
        role = next((each["role"] for each in people["people"] if each["id"] == people["me"]), None)
        is_host = role in {"owner", "cohost"}
        if role is not None and ("hosts" in data["seqs"]) != is_host:
            self.fault(f"is {role} and a snapshot gives the streams {sorted(data['seqs'])}")
        if role is not None and (people["hosts"] is not None) != is_host:
            self.fault(f"is {role} and a snapshot has {'' if people['hosts'] else 'nothing '}for hosts")

    def resumed(self, seqs: dict[str, int]) -> None:
        self.note("resumed", seqs)
        if set(seqs) != set(self.seqs):
            self.fault(f"followed {sorted(self.seqs)} and is resumed with {sorted(seqs)}")
        for name, seq in seqs.items():
            if seq < self.seqs.get(name, 0):
                self.fault(f"resumed {name} {seq} after {self.seqs[name]} was seen")
        self._stretches = {}
        self._promised = dict(seqs)

    def event(self, wire: Json) -> None:
        name, seq = wire["stream"], wire["seq"]
        known = self.seqs.get(name)
        if known is None:
            self.fault(f"an event of {name}, which it does not follow: {wire}")
        elif seq <= known:
            self.fault(f"{name} {seq} again or late, after {known}: {wire}")
        elif seq > known + 1:
            self.fault(f"{name} {seq} after {known}: {seq - known - 1} are missing")
        if self.fold:
            self.note("event", (name, seq, wire["type"]))
        stream = self.stream(name)
        self.seqs[name] = self._best[stream] = seq
        self.history.saw(self, stream, wire)
        self._extend(stream, seq)
        if wire["type"] == "chat.sent":
            self._check_text(wire["data"]["message"]["body"], wire["data"]["peer"])
        elif wire["type"] == "chat.edited":
            self._check_text(wire["data"]["body"], wire["data"]["peer"])
        if self.state is not None:
            self.state.apply(wire)

    def stream(self, name: str) -> Stream:
        return Stream(name, (self.id or "") if name == "me" else self.room)

    @property
    def promises_open(self) -> dict[str, int]:
        """What the server said would follow on this connection, and has not."""
        return {name: seq for name, seq in self._promised.items() if self.seqs.get(name, 0) < seq}

    def _extend(self, stream: Stream, seq: int) -> None:
        stretch = self._stretches.get(stream.name)
        now = time.monotonic()
        if stretch is None:
            stretch = self._stretches[stream.name] = Seen(stream, seq, seq, self._connected_at, now)
            self.seen.append(stretch)
        stretch.last, stretch.until = seq, now

    def _check_text(self, body: str | None, peer: str | None) -> None:
        if body is None:
            return
        tag = Tag.of(body)
        if tag.room != self.room:
            self.fault(f"is in {self.room} and was shown {body}")
        if (tag.to == "*") != (peer is None):
            self.fault(f"a text in the wrong conversation: {body}")
        elif tag.to != "*" and self.person not in {tag.sender, tag.to}:
            self.fault(f"is {self.person} and was shown {body}")

    def story(self) -> str:
        """The newest of what it did and saw, a line each."""
        return "\n".join(f"  {at:.3f} {self.name} {kind} {what or ''}" for at, kind, what in self.trail)
