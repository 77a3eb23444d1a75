"""Who may have seen what: nobody was sent what happened when they were out, or no host any more, or what was deleted.

Entitlement changes while other things are on their way, so only what is certain counts. One command is certainly before
another when it was answered before the other was sent, or when both are of one client, which sent it first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.faults.history import History, Witness
from tests.faults.last_words import roles_given, statuses_given
from tests.faults.records import Command, Json, Seen, cause_of

Gives = Callable[[Command], Iterator[tuple[str, str]]]
OUT = frozenset({"removed", "banned", "left"})
NO_HOST = frozenset({"participant", "audience"})
TEXTS = frozenset({"chat.sent", "chat.edited"})


class Standing:
    """One thing about people that commands change: their role, or whether they are in the room."""

    def __init__(self, history: History, gives: Gives, lost: frozenset[str]) -> None:
        self._lost: dict[str, list[Command]] = {}
        """Person → commands after which the person has it no more."""
        self._won: dict[str, list[Command]] = {}
        """And those after which they have it, or may have it: nobody knows what became of them."""
        for command in history.commands.values():
            for person, value in gives(command):
                if value in lost:
                    if command.answer is not None:
                        self._lost.setdefault(person, []).append(command)
                elif command.answer is not None or not command.settled:
                    self._won.setdefault(person, []).append(command)

    def lost_at(self, person: str, asked: float, until: float) -> Command | None:
        """The command by which the person had lost it when something was asked, and had not got it back ``until``."""
        return next((loss for loss in self._losses(person, until) if loss.done_at <= asked), None)

    def lost_before(self, person: str, causes: list[Command], until: float) -> Command | None:
        """The same when something was asked for by one of these commands."""
        losses = self._losses(person, until)
        return next((loss for loss in losses if all(certainly_before(loss, cause) for cause in causes)), None)

    def _losses(self, person: str, until: float) -> Iterator[Command]:
        wins = self._won.get(person, ())
        for loss in self._lost.get(person, ()):
            if all(win.begun_at >= until or certainly_before(win, loss) for win in wins):
                yield loss


def certainly_before(one: Command, other: Command) -> bool:
    if one.by is other.by and one.order < other.order:
        return not (one.was_put_off or other.was_put_off)
    return one.done_at <= other.begun_at


class Judge:
    """What is known of one history for judging what each client was sent."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._presence = Standing(history, statuses_given, OUT)
        self._hosting = Standing(history, roles_given, NO_HOST)
        self._removals: dict[str, list[Command]] = {}
        self._deletions: dict[str, list[Command]] = {}
        for command in history.commands.values():
            if command.word in {"people.remove", "people.ban"} and command.sent:
                self._removals.setdefault(command.payload["person"], []).append(command)
            elif command.word == "chat.delete" and command.answer is not None:
                self._deletions.setdefault(command.payload["message"], []).append(command)

    def snapshots(self, witness: Witness) -> Iterator[str]:
        for shown in witness.shown:
            for standing, only in ((self._presence, None), (self._hosting, "hosts")):
                loss = standing.lost_at(witness.id or "", shown.asked, shown.at)
                if loss is not None and (only is None or only in shown.streams):
                    yield f"{witness.name} got a snapshot with {sorted(shown.streams)} after {loss.id} ({loss.word})"

    def events(self, witness: Witness, seen: Seen) -> Iterator[str]:
        events = self._history.events[seen.stream]
        for seq in range(seen.first, seen.last + 1):
            wire = events[seq]
            loss = self._forbids(witness, seen, wire)
            if loss is not None:
                yield f"{witness.name} saw {seen.stream} {seq}, which began after {loss.id} ({loss.word}): {wire}"
            deletion = self._deleted_before(seen, wire)
            if deletion is not None:
                yield f"{witness.name} was sent what had been deleted with {deletion.id}: {wire}"

    def _forbids(self, witness: Witness, seen: Seen, wire: Json) -> Command | None:
        causes = self._causes(wire)
        if not causes or witness.id is None:
            return None
        loss = self._presence.lost_before(witness.id, causes, seen.until)
        if loss is None and seen.stream.name == "hosts":
            loss = self._hosting.lost_before(witness.id, causes, seen.until)
        return loss

    def _causes(self, wire: Json) -> list[Command]:
        """The command that made the event, or those that may have; nothing for what cannot be told."""
        if wire["type"] == "people.removed":
            return self._removals.get(wire["data"]["person"]["id"], [])
        command = self._history.commands.get(cause_of(wire) or "")
        return [command] if command is not None else []

    def _deleted_before(self, seen: Seen, wire: Json) -> Command | None:
        """Who connects after a message was deleted is not sent its text, not even as history."""
        if wire["type"] not in TEXTS:
            return None
        message = wire["data"]["message"]
        deletions = self._deletions.get(message["id"] if wire["type"] == "chat.sent" else message, ())
        return next((each for each in deletions if each.done_at <= seen.asked), None)


def leaks(history: History) -> Iterator[str]:
    judge = Judge(history)
    for witness in history.witnesses:
        if witness.id is not None:
            yield from judge.snapshots(witness)
            for seen in witness.seen:
                yield from judge.events(witness, seen)
