"""Who may have seen what: nobody was sent anything that happened after they were out, or no host any more.

Entitlement changes while other things are on their way. So only what is certain counts: somebody is *certainly out*
from the answer to the removal on, until a command that may have let them in again was begun.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.faults.history import Command, History, Json, Seen, Witness, cause_of
from tests.faults.last_words import roles_given, statuses_given

Gives = Callable[[Command], Iterator[tuple[str, str]]]
HOSTS = frozenset({"owner", "cohost"})
OUT = frozenset({"removed", "banned", "left"})


class Standing:
    """One thing about people that commands change: their role, or whether they are in the room."""

    def __init__(self, history: History, gives: Gives, lost: frozenset[str]) -> None:
        self._lost: dict[str, list[Command]] = {}
        """Person → commands after which the person has it no more."""
        self._won: dict[str, list[Command]] = {}
        for command in history.commands.values():
            for person, value in gives(command):
                if value in lost:
                    if command.answer is not None:
                        self._lost.setdefault(person, []).append(command)
                elif command.sent:
                    self._won.setdefault(person, []).append(command)

    def certainly_lost(self, person: str, at: float, until: float) -> Command | None:
        """The command by which the person had lost it by ``at``, and had not got it back before ``until``."""
        for loss in self._lost.get(person, ()):
            if loss.done_at <= at and not any(
                win.begun_at < until and win.done_at > loss.begun_at for win in self._won.get(person, ())
            ):
                return loss
        return None


def leaks(history: History) -> Iterator[str]:
    presence = Standing(history, statuses_given, OUT)
    hosting = Standing(history, roles_given, frozenset({"participant", "audience"}))
    removals = _removals(history)
    for witness in history.witnesses:
        if witness.id is None:
            continue
        for seen in witness.seen:
            yield from _events(history, witness, seen, presence, hosting, removals)
        for shown in witness.shown:
            for standing, only in ((presence, None), (hosting, "hosts")):
                loss = standing.certainly_lost(witness.id, shown.asked, shown.at)
                if loss is not None and (only is None or only in shown.streams):
                    yield f"{witness.name} got a snapshot with {sorted(shown.streams)} after {loss.id} ({loss.word})"


def _events(
    history: History, witness: Witness, seen: Seen, presence: Standing, hosting: Standing, removals: dict[str, float]
) -> Iterator[str]:
    events = history.events[seen.stream]
    for seq in range(seen.first, seen.last + 1):
        wire = events.get(seq)
        begun = _begun(history, wire, removals) if wire is not None else None
        if begun is None:
            continue
        loss = presence.certainly_lost(witness.id or "", begun, seen.until)
        if loss is None and seen.stream.name == "hosts":
            loss = hosting.certainly_lost(witness.id or "", begun, seen.until)
        if loss is not None:
            yield f"{witness.name} saw {seen.stream} {seq}, which began after {loss.id} ({loss.word}) was done: {wire}"


def _begun(history: History, wire: Json, removals: dict[str, float]) -> float | None:
    """When what the event tells of was asked for, or at the earliest; None for what cannot be told."""
    data = wire["data"]
    if wire["type"] == "people.removed":
        return removals.get(data["person"]["id"])
    command = history.commands.get(cause_of(wire) or "")
    return command.begun_at if command is not None else None


def _removals(history: History) -> dict[str, float]:
    """Person → when somebody first asked for their removal."""
    asked: dict[str, float] = {}
    for command in history.commands.values():
        if command.word in {"people.remove", "people.ban"} and command.sent:
            person = command.payload["person"]
            asked[person] = min(asked.get(person, float("inf")), command.begun_at)
    return asked
