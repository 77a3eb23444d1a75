"""The judgement over a finished history: what every client did and saw, beside what the database says.

Every check returns sentences about what is wrong. All clients of a history share one clock, so "before" means certainly
before: answered here earlier than sent there. Where two things overlapped, either order is right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.faults.entitled import leaks
from tests.faults.history import History
from tests.faults.last_words import lasting
from tests.faults.ledger import Ledger
from tests.faults.records import PASSING, Command, Json, Stream, Tag, cause_of


def judge(history: History, ledger: Ledger) -> list[str]:
    """Everything that is wrong, most telling first. Call it when nothing is on its way any more."""
    return [
        *history.faults,
        *acknowledged(history, ledger),
        *messages(history, ledger),
        *streams(history, ledger),
        *told(history, ledger),
        *order(history, ledger),
        *lasting(history, ledger),
        *leaks(history),
    ]


def happened(command: Command, ledger: Ledger) -> Json | None:
    """The answer that was stored in the command's own transaction: it is there if and only if the command was done."""
    stored = ledger.receipts.get((command.by.room, command.id), [])
    return stored[0] if stored else None


def acknowledged(history: History, ledger: Ledger) -> Iterator[str]:
    """An ack means done, a refusal means not done, and the same command has the same answer for ever."""
    for command in history.commands.values():
        what = f"{command.id} ({command.word})"
        stored = ledger.receipts.get((command.by.room, command.id), [])
        if len(stored) > 1:
            yield f"{what} was done {len(stored)} times"
        done = happened(command, ledger)
        answers = [answer for _, answer in command.answers]
        for answer in answers:
            if answer["ok"] and done is None:
                yield f"{what} was acknowledged and did not happen: {answer}"
            elif answer["ok"] and {**(done or {}), "ok": True} != answer:
                yield f"{what} was answered {answer}, but {done} is what was done"
        if done is not None and command.settled and answers and not any(answer["ok"] for answer in answers):
            yield f"{what} was refused and happened all the same: {answers}"
        if done is not None and not command.sent:
            yield f"{what} was never sent and happened"
        # What is sent again after it was acknowledged gets the same answer, and no other.
        later = [answer for at, answer in command.answers if at > command.done_at]
        for answer in later:
            if not answer["ok"] and answer["code"] not in PASSING:
                yield f"{what} was acknowledged, and sent again it was refused: {answer}"


def messages(history: History, ledger: Ledger) -> Iterator[str]:
    """One message for each command that sent one, none from nowhere, and numbers without gaps."""
    rows: dict[str, list[Json]] = {}
    numbers: dict[str, list[int]] = {}
    for row in ledger.messages:
        rows.setdefault(row["key"], []).append(row)
        numbers.setdefault(row["conversation_id"], []).append(row["n"])
        command = history.commands.get(row["key"])
        if command is None or happened(command, ledger) is None:
            yield f"a message that nobody sent: {row}"
    for command in _sends(history):
        found, done = rows.get(command.id, []), happened(command, ledger)
        if done is None:
            continue
        if len(found) != 1:
            yield f"{command.id} is {len(found)} messages: {found}"
        elif (found[0]["id"], found[0]["n"]) != (done["message"], done["n"]):
            yield f"{command.id} was answered {done} and is {found[0]}"
        elif found[0]["room"] != command.by.room or found[0]["author_id"] != command.by.id:
            yield f"{command.id} of {command.by.id} is the message of somebody else: {found[0]}"
    for conversation in ledger.conversations.values():
        given = sorted(numbers.get(conversation["id"], []))
        if given != list(range(1, conversation["last_n"] + 1)):
            yield f"the messages of {conversation['id']} have the numbers {given}, up to {conversation['last_n']}"


def streams(history: History, ledger: Ledger) -> Iterator[str]:
    """Numbers without gaps up to the newest, and everybody was told what is stored."""
    for stream, last in ledger.last_seqs.items():
        kept = sorted(ledger.events.get(stream, {}))
        # Deleting a message forgets the events before it: what is kept is the newest stretch, whole.
        if kept and kept != list(range(last - len(kept) + 1, last + 1)):
            yield f"{stream} keeps the numbers {_brief(kept)} of {last}"
    for stream, seen in history.events.items():
        last = ledger.last_seqs.get(stream, 0)
        for seq, wire in seen.items():
            if seq > last:
                yield f"{stream} ends with {last}, and somebody was told {wire}"
            stored = ledger.events.get(stream, {}).get(seq)
            if stored is not None and stored != wire:
                yield f"{stream} {seq} is stored as {stored}, and somebody was told {wire}"


def told(history: History, ledger: Ledger) -> Iterator[str]:
    """Each message was told once to each stream that it belongs in, and nothing was told that did not happen."""
    places = places_of(history, ledger)
    for cause, found in places.items():
        command = history.commands.get(cause)
        if command is None or happened(command, ledger) is None:
            yield f"{found} tell of {cause}, which did not happen"
    people = {(row["room"], row["name"]): row["id"] for row in ledger.members}
    complete = {stream for stream in ledger.last_seqs if _is_complete(stream, history, ledger)}
    for command in history.commands.values():
        if command.word not in {"chat.send", "chat.edit"} or happened(command, ledger) is None:
            continue
        told_in = [stream for stream, _ in places.get(command.id, ())]
        expected = _streams_of(command, people)
        if len(told_in) != len(set(told_in)):
            yield f"{command.id} was told twice: {told_in}"
        elif not set(told_in) <= set(expected):
            yield f"{command.id} was told in {told_in}, and belongs in {expected}"
        elif missing := (set(expected) & complete) - set(told_in):
            yield f"{command.id} was not told in {missing}"


def order(history: History, ledger: Ledger) -> Iterator[str]:
    """What one client sent took effect in that order, and what was answered before something was sent, before it."""
    places = places_of(history, ledger)
    moments = {row["key"]: row["at"] for row in ledger.messages}
    for witness in history.witnesses:
        newest: dict[Stream, tuple[int, Command]] = {}
        dated: Command | None = None
        for command in witness.commands:
            if command.was_put_off:
                continue
            for stream, seq in places.get(command.id, ()):
                before = newest.get(stream)
                if before is not None and before[0] > seq:
                    yield f"{before[1].id} was sent before {command.id} and took effect after it"
                newest[stream] = (seq, command)
            if command.id in moments:
                if dated is not None and moments[dated.id] > moments[command.id]:
                    yield f"{dated.id} was sent before {command.id} and is dated later"
                dated = command
    yield from _real_time(history, places)


def _real_time(history: History, places: Places) -> Iterator[str]:
    """Going up a stream, nothing may have been answered before something below it was begun."""
    by_stream: dict[Stream, list[tuple[int, Command]]] = {}
    for cause, found in places.items():
        for stream, seq in found:
            if cause in history.commands:
                by_stream.setdefault(stream, []).append((seq, history.commands[cause]))
    for stream, entries in by_stream.items():
        last: Command | None = None
        for seq, command in sorted(entries, key=lambda entry: entry[0]):
            if last is not None and command.done_at < last.begun_at:
                yield f"{command.id} was answered before {last.id} was sent, and is {stream} {seq}, after it"
            if last is None or command.begun_at > last.begun_at:
                last = command


Places = dict[str, list[tuple[Stream, int]]]


def places_of(history: History, ledger: Ledger) -> Places:
    """Command → the events that say that it made them: those that somebody saw, and those that are still kept."""
    places: Places = {}
    for stream in {*history.events, *ledger.events}:
        known = {**ledger.events.get(stream, {}), **history.events.get(stream, {})}
        for seq, wire in known.items():
            if (cause := cause_of(wire)) is not None:
                places.setdefault(cause, []).append((stream, seq))
    return places


def _sends(history: History) -> Iterable[Command]:
    return (command for command in history.commands.values() if command.word == "chat.send")


def _is_complete(stream: Stream, history: History, ledger: Ledger) -> bool:
    """Whether every number of the stream was seen by somebody or is still kept."""
    known = history.events.get(stream, {}).keys() | ledger.events.get(stream, {}).keys()
    return len(known) == ledger.last_seqs.get(stream, 0)


def _streams_of(command: Command, people: dict[tuple[str, str], str]) -> list[Stream]:
    tag = Tag.of(command.payload["body"])
    if tag.to == "*":
        return [Stream("room", command.by.room)]
    return [Stream("me", people[command.by.room, each]) for each in (tag.sender, tag.to)]


def _brief(numbers: list[int]) -> str:
    return f"{numbers[:3]}…{numbers[-3:]} ({len(numbers)})"
