"""A pretended server, faultless unless told otherwise: histories for testing the checker that nobody had to record."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import orjson

from tests.faults.history import History, Witness
from tests.faults.ledger import Ledger, Rows
from tests.faults.records import Command, Json, Stream, Tag

ROOM = "link"


class Pretend:
    """One room. Everything happens at once: commands are answered and told before the next one."""

    def __init__(self, *, fold: bool = False) -> None:
        self.history = History(fold=fold)
        self.seqs: dict[str, int] = {}
        self.rows: Rows = {
            "rooms": [{"id": "r", "link": ROOM}],
            "conversations": [{"id": "r", "room_id": "r", "last_n": 0}],
            **{table: [] for table in ("members", "messages", "reactions", "streams", "events", "receipts")},
        }

    def ledger(self) -> Ledger:
        self.rows["streams"] = [{"id": key, "room_id": "r", "last_seq": seq} for key, seq in self.seqs.items()]
        return Ledger.of(self.rows, [ROOM])

    def come(self, name: str, role: str = "participant", device: int = 0) -> Witness:
        witness = self.history.witness(f"{name}{device}", name, ROOM)
        if not any(row["name"] == name for row in self.rows["members"]):
            member = {
                "id": f"p-{name}",
                "room_id": "r",
                "identity_id": name,
                "name": name,
                "role": role,
                "status": "in",
            }
            self.rows["members"].append(member)
        witness.connects(None)
        self.show(witness)
        return witness

    def member(self, name: str) -> Json:
        return next(row for row in self.rows["members"] if row["name"] == name)

    def show(self, witness: Witness, **instead: Any) -> None:
        """A snapshot."""
        member = self.member(witness.person)
        host = member["role"] in {"owner", "cohost"}
        keys = {"room": "room:r", "me": f"me:{member['id']}", **({"hosts": "hosts:r"} if host else {})}
        messages = [_message(row) for row in self.rows["messages"] if row["conversation_id"] == "r"]
        chat = {"peer": None, "last": len(messages), "cleared": 0, "read": 0, "messages": messages}
        people = {
            "me": member["id"],
            "people": [{"id": row["id"], "role": row["role"], "since": 0} for row in self.rows["members"]],
            "hosts": {"knocks": [], "removed": []} if host else None,
        }
        features = {"people": people, "chat": {"room": chat, "direct": [], "pins": []}}
        seqs = {name: self.seqs.get(key, 0) for name, key in keys.items()}
        witness.snapshot({"features": features, "seqs": seqs, **instead})

    def command(self, witness: Witness, word: str, **payload: Any) -> Command:
        command = witness.command(word, payload)
        witness.sends(command)
        return command

    def done(self, command: Command, *, stored: bool = True, acked: bool = True, **answer: Any) -> None:
        if stored:
            self.rows["receipts"].append(
                {"room_id": "r", "identity_id": command.by.person, "command_id": command.id, "answer": _json(answer)}
            )
        if acked:
            command.by.answered(command, {"ok": True, **answer})

    def tell(self, key: str, kind: str, data: Json, but: Collection[Witness] = ()) -> Json:
        """An event to everyone who follows the stream. Returns it as it went over the wire."""
        seq = self.seqs[key] = self.seqs.get(key, 0) + 1
        name, _, owner = key.partition(":")
        wire = {"stream": name, "seq": seq, "at": seq, "type": kind, "data": data}
        self.rows["events"].append(
            {"stream_id": key, "room_id": "r", "seq": seq, "at": seq, "type": kind, "data": _json(data)}
        )
        for witness in self.history.witnesses:
            follows = name in witness.seqs and (name != "me" or owner == witness.id)
            if follows and witness not in but and self.member(witness.person)["status"] == "in":
                witness.event(wire)
        return wire

    def send(self, witness: Witness, to: Witness | None = None, but: Collection[Witness] = (), **how: bool) -> Json:
        """A message; returns its row."""
        tag = Tag(f"{witness.name}-{len(witness.commands)}", ROOM, witness.person, to.person if to else "*")
        command = self.command(witness, "chat.send", body=tag.body())
        return self.carry_out(command, to, but, **how)

    def carry_out(
        self, command: Command, to: Witness | None = None, but: Collection[Witness] = (), **how: bool
    ) -> Json:
        conversation = "r" if to is None else "d"
        n = sum(row["conversation_id"] == conversation for row in self.rows["messages"]) + 1
        moment = len(self.rows["messages"]) + 1
        row = {
            "id": f"m-{command.id}",
            "conversation_id": conversation,
            "room_id": "r",
            "n": n,
            "key": command.id,
            "author_id": command.by.id,
            "body": command.payload["body"],
            "at": moment,
        }
        self.rows["messages"].append(row)
        if to is None:
            self.rows["conversations"][0]["last_n"] = n
            self.tell("room:r", "chat.sent", {"peer": None, "peer_name": "", "message": _message(row)}, but)
        else:
            self.rows["conversations"][1:] = [{"id": "d", "room_id": "r", "last_n": n}]
            for me, other in ((command.by, to), (to, command.by)):
                data = {"peer": other.id, "peer_name": other.person, "message": _message(row)}
                self.tell(f"me:{me.id}", "chat.sent", data, but)
        self.done(command, **how, message=row["id"], n=n)
        return row

    def remove(self, host: Witness, other: Witness) -> Command:
        command = self.command(host, "people.remove", person=other.id)
        self.member(other.person)["status"] = "removed"
        self.tell("hosts:r", "people.removed", {"person": {"id": other.id}})
        self.done(command)
        return command

    def role(self, host: Witness, other: Witness, role: str) -> None:
        command = self.command(host, "people.role", person=other.id, role=role)
        self.member(other.person)["role"] = role
        self.tell("room:r", "people.changed", {"people": [], "joined": [], "left": []})
        self.done(command)
        self.show(other)


def _message(row: Json) -> Json:
    return {
        **{key: row[key] for key in ("id", "n", "key", "body", "at")},
        "author": row["author_id"],
        "reactions": [],
        "reply_to": None,
    }


def _json(value: Json) -> str:
    return orjson.dumps(value).decode()


def last(history: History, stream: Stream) -> Json:
    """The newest event that somebody saw."""
    return history.events[stream][max(history.events[stream])]
