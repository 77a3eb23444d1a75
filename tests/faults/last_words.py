"""What must have come of commands that overwrite each other: the last word stands.

Whose word was the last is often open, for several people may speak at once. A command is *superseded* when another one
about the same thing was sent after it had been answered; the state in the end must be that of one that is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tests.faults.history import History
from tests.faults.ledger import Ledger
from tests.faults.records import Command, Json


class Word(NamedTuple):
    """A command and what the thing is after it."""

    command: Command
    value: object


def lasting(history: History, ledger: Ledger) -> Iterator[str]:
    done = [each for each in history.commands.values() if (each.by.room, each.id) in ledger.receipts]
    yield from _texts(done, ledger)
    yield from _reactions(done, ledger)
    yield from _people(done, ledger)


def candidates(words: list[Word]) -> set[object]:
    """The values of all that may have been the last."""
    return {word.value for word in words if not any(other.command.begun_at > word.command.done_at for other in words)}


def _texts(done: list[Command], ledger: Ledger) -> Iterator[str]:
    edits: dict[str, list[Word]] = {}
    for command in done:
        if command.word == "chat.edit":
            edits.setdefault(command.payload["message"], []).append(Word(command, command.payload["body"]))
    deleted = {command.payload["message"] for command in done if command.word == "chat.delete"}
    first = {command.id: command.payload["body"] for command in done if command.word == "chat.send"}
    for row in ledger.messages:
        if row["id"] in deleted:
            if row["body"] is not None:
                yield f"{row['key']} was deleted and is still there: {row['body']}"
            continue
        expected = candidates(edits[row["id"]]) if row["id"] in edits else {first.get(row["key"])}
        if row["body"] not in expected:
            yield f"{row['key']} reads {row['body']}, and should read one of {expected}"


def _reactions(done: list[Command], ledger: Ledger) -> Iterator[str]:
    deleted = {command.payload["message"] for command in done if command.word == "chat.delete"}
    words: dict[tuple[str, str, str], list[Word]] = {}
    for command in done:
        if command.word == "chat.react" and command.payload["message"] not in deleted:
            key = (command.payload["message"], command.by.id or "", command.payload["emoji"])
            words.setdefault(key, []).append(Word(command, command.payload["on"]))
    for key, said in words.items():
        if (key in ledger.reactions) not in candidates(said):
            yield f"the reaction {key} is {'there' if key in ledger.reactions else 'not there'} in the end"
    messages = {row["id"] for row in ledger.messages}
    for key in ledger.reactions:
        if key[0] in messages and key not in words:
            yield f"a reaction that nobody gave: {key}"


def _people(done: list[Command], ledger: Ledger) -> Iterator[str]:
    roles: dict[str, list[Word]] = {}
    statuses: dict[str, list[Word]] = {}
    for command in done:
        for person, role in roles_given(command):
            roles.setdefault(person, []).append(Word(command, role))
        for person, status in statuses_given(command):
            statuses.setdefault(person, []).append(Word(command, status))
    for row in ledger.members:
        said = roles.get(row["id"])
        if said and row["role"] not in candidates(said):
            yield f"{row['name']} is {row['role']} in the end, and should be one of {candidates(said)}"
        said = statuses.get(row["id"])
        if said and row["status"] not in candidates(said):
            yield f"{row['name']} is {row['status']!r} in the end, and should be one of {candidates(said)}"
    yield from _owners(ledger)


def _owners(ledger: Ledger) -> Iterator[str]:
    owners: dict[str, list[Json]] = {}
    for row in ledger.members:
        owners.setdefault(row["room"], [])
        if row["role"] == "owner":
            owners[row["room"]].append(row)
    for room, found in owners.items():
        if len(found) != 1:
            yield f"{room} has {len(found)} owners: {[row['name'] for row in found]}"


def roles_given(command: Command) -> Iterator[tuple[str, str]]:
    """Who has which role after the command, if it is done."""
    if command.word == "people.role":
        yield command.payload["person"], command.payload["role"]
    elif command.word == "people.hand_over":
        yield command.payload["person"], "owner"
        yield command.by.id or "", "cohost"
    elif command.word == "people.readmit":
        yield command.payload["person"], "participant"


def statuses_given(command: Command) -> Iterator[tuple[str, str]]:
    """Who is in or out after the command, if it is done."""
    if command.word == "people.join":
        yield command.by.id or "", "in"
    elif command.word == "people.leave":
        yield command.by.id or "", "left"
    elif command.word in {"people.remove", "people.ban", "people.readmit"}:
        status = {"remove": "removed", "ban": "banned", "readmit": "left"}[command.word.partition(".")[2]]
        yield command.payload["person"], status
