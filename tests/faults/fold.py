"""State and events folded as the page folds them: *a snapshot with its events applied equals a later snapshot*.

The page's own code is tested against recorded snapshots (``tests/golden``). This is the same rule for histories that
nobody could record beforehand.
"""

from __future__ import annotations

import copy
from typing import Any

Json = dict[str, Any]
SNAPSHOT_MESSAGES = 50


class State:
    """The features of one snapshot, changed by events. Snapshots that were given in are not touched."""

    def __init__(self, features: Json) -> None:
        self._features = copy.deepcopy(features)
        self._chat: Json = self._features["chat"]
        self._people: Json = self._features["people"]
        self._me: str = self._people["me"]

    def view(self) -> Json:
        """As a fresh snapshot would show it."""
        return normalised(self._features)

    def apply(self, event: Json) -> None:
        kind, data = event["type"], event["data"]
        feature, _, what = kind.partition(".")
        if kind == "people.changed":
            self._people_changed(data)
        elif feature == "people" and self._people["hosts"] is not None:
            self._for_hosts(what, data)
        elif kind == "rooms.changed":
            self._features["rooms"]["room"] = data["room"]
        elif kind == "chat.settings":
            self._chat["settings"] = data["settings"]
        elif kind == "chat.sent":
            self._sent(data)
        elif kind == "chat.read":
            conversation = self._conversation(data["peer"])
            if conversation is not None:
                conversation["read"] = max(conversation["read"], data["upto"])
        elif kind == "chat.reacted":
            self._each(data["peer"], lambda message: _reacted(message, data, self._me))
        elif kind == "chat.edited":
            self._each(data["peer"], lambda message: _edited(message, data), pins=data["peer"] is None)
        elif kind == "chat.deleted":
            self._deleted(data)
        elif kind == "chat.pinned":
            self._pinned(data)

    def _people_changed(self, data: Json) -> None:
        news = {person["id"]: person for person in data["people"]}
        left = set(data["left"])
        kept = [news.pop(one["id"], one) for one in self._people["people"] if one["id"] not in left]
        self._people["people"] = sorted([*kept, *news.values()], key=lambda one: (one["since"], one["id"]))

    def _for_hosts(self, what: str, data: Json) -> None:
        hosts = self._people["hosts"]
        if what == "knocked":
            knocks = [*_others(hosts["knocks"], data["knock"]["id"]), data["knock"]]
            hosts["knocks"] = sorted(knocks, key=lambda one: (one["at"], one["id"]))
        elif what == "knock_settled":
            hosts["knocks"] = _others(hosts["knocks"], data["knock"])
        elif what == "removed":
            hosts["removed"] = [*_others(hosts["removed"], data["person"]["id"]), data["person"]]
        elif what == "readmitted":
            hosts["removed"] = _others(hosts["removed"], data["person"])

    def _conversation(self, peer: str | None) -> Json | None:
        if peer is None:
            room: Json = self._chat["room"]
            return room
        return next((one for one in self._chat["direct"] if one["peer"] == peer), None)

    def _sent(self, data: Json) -> None:
        peer, message = data["peer"], data["message"]
        conversation = self._conversation(peer)
        if conversation is None:
            conversation = {"peer": peer, "last": 0, "cleared": 0, "read": 0, "messages": []}
        if peer is not None:
            direct = self._chat["direct"]
            self._chat["direct"] = [conversation, *(one for one in direct if one is not conversation)]
        conversation["peer_name"] = data["peer_name"]
        conversation["last"] = max(conversation["last"], message["n"])
        if message["author"] == self._me:
            conversation["read"] = max(conversation["read"], message["n"])
        if not conversation["messages"] or conversation["messages"][-1]["n"] < message["n"]:
            # A copy: the event itself is shared by everyone who saw it.
            conversation["messages"].append(copy.deepcopy(message))

    def _each(self, peer: str | None, change: Any, *, pins: bool = False) -> None:
        conversation = self._conversation(peer)
        for message in (*(conversation["messages"] if conversation else ()), *(self._chat["pins"] if pins else ())):
            change(message)

    def _deleted(self, data: Json) -> None:
        gone = set(data["messages"])
        self._each(data["peer"], lambda message: _deleted(message, gone), pins=data["peer"] is None)
        self._chat["pins"] = [one for one in self._chat["pins"] if one["id"] not in gone]

    def _pinned(self, data: Json) -> None:
        message, on = data["message"], data["on"]
        pins = _others(self._chat["pins"], message["id"])
        if on:
            pins = sorted([*pins, {**message, "pinned": True, "reactions": []}], key=lambda one: int(one["n"]))
        self._chat["pins"] = pins
        for each in self._chat["room"]["messages"]:
            if each["id"] == message["id"]:
                each["pinned"] = on


def normalised(features: Json) -> Json:
    """What two states must have in common. A snapshot holds the newest messages of a conversation only."""
    shown = copy.deepcopy(features)
    for conversation in (shown["chat"]["room"], *shown["chat"]["direct"]):
        conversation["messages"] = conversation["messages"][-SNAPSHOT_MESSAGES:]
    return shown


def _others(entries: list[Json], one: str) -> list[Json]:
    return [each for each in entries if each["id"] != one]


def _edited(message: Json, data: Json) -> None:
    if message["id"] == data["message"]:
        message.update({each: data[each] for each in ("body", "mentions", "edited_at")})
    elif message["reply_to"] and message["reply_to"]["message"] == data["message"]:
        message["reply_to"]["excerpt"] = data["excerpt"]


def _deleted(message: Json, gone: set[str]) -> None:
    if message["reply_to"] and message["reply_to"]["message"] in gone:
        message["reply_to"]["excerpt"] = None
    if message["id"] in gone:
        message.update(body=None, mentions=[], reactions=[], pinned=False)


def _reacted(message: Json, data: Json, me: str) -> None:
    if message["id"] != data["message"]:
        return
    emoji, reactions = data["emoji"], message["reactions"]
    known = next((one for one in reactions if one["emoji"] == emoji), None)
    if data["count"] == 0:
        message["reactions"] = [one for one in reactions if one is not known]
        return
    if known is None:
        known = {"emoji": emoji, "mine": False}
        reactions.append(known)
    known["count"] = data["count"]
    if data["person"] == me:
        known["mine"] = data["on"]
