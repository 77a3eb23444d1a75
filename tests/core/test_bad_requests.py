"""Requests that are not as they should be: a coded refusal over the real socket, nothing stored, nobody told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.dump import changed, dump
from tests.support.wire import Served, SocketClient

INVISIBLE = "\u200b\u2060\u200d\ufeff\u00ad"
FAMILY = "👨‍👩‍👧‍👦"


class Scene:
    """Two people in a room, and ids of another room that are none of their business."""

    def __init__(self, owner: SocketClient, guest: SocketClient, foreign: dict[str, str], message: str) -> None:
        self.owner = owner
        self.guest = guest
        self.foreign = foreign
        self.message = message

    @classmethod
    async def set(cls, served: Served) -> Scene:
        token = await served.token()
        room = (await served.room(token))["link"]
        owner = await served.come(room, "Olga", token)
        guest = await served.come(room, "Gil")
        elsewhere = await served.token()
        other = await served.come((await served.room(elsewhere))["link"], "Xenia", elsewhere)
        message = await other.must("chat.send", body="elsewhere")
        foreign = {"person": other.me, "message": message["message"]}
        mine = await guest.must("chat.send", body="here")
        return cls(owner, guest, foreign, mine["message"])


Row = tuple[str, Callable[[Scene], Any], str, str | None]

CHAT: list[Row] = [
    ("chat.send", lambda _: {"body": ""}, "message_empty", "body"),
    ("chat.send", lambda _: {"body": "  \n\t\u3000 "}, "message_empty", "body"),
    ("chat.send", lambda _: {"body": INVISIBLE}, "message_empty", "body"),
    ("chat.send", lambda _: {"body": "\u0000\u202e\u0007"}, "message_empty", "body"),
    ("chat.send", lambda _: {"body": "x" * 4001}, "message_too_long", "body"),
    ("chat.send", lambda _: {"body": "x" * 60_001}, "invalid", "body"),
    ("chat.send", lambda _: {"body": "x" * 100_000}, "too_large", None),
    ("chat.send", lambda _: {"body": 5}, "invalid", "body"),
    ("chat.send", lambda _: {"body": True}, "invalid", "body"),
    ("chat.send", lambda _: {"body": None}, "invalid", "body"),
    ("chat.send", lambda _: {"body": ["x"]}, "invalid", "body"),
    ("chat.send", lambda _: {"body": {"text": "x"}}, "invalid", "body"),
    ("chat.send", lambda _: {}, "invalid", "body"),
    ("chat.send", lambda _: {"body": "x", "colour": "red"}, "invalid", "colour"),
    ("chat.send", lambda _: {"body": "x", "author": "somebody"}, "invalid", "author"),
    ("chat.send", lambda _: {"body": "x", "id": ""}, "invalid", "id"),
    ("chat.send", lambda _: {"body": "x", "id": "a b"}, "invalid", "id"),
    ("chat.send", lambda _: {"body": "x", "id": "a" * 65}, "invalid", "id"),
    ("chat.send", lambda _: {"body": "x", "id": "ä"}, "invalid", "id"),
    ("chat.send", lambda _: {"body": "x", "id": "a\n"}, "invalid", "id"),
    ("chat.send", lambda _: {"body": "x", "id": 7}, "invalid", "id"),
    ("chat.send", lambda _: {"body": "x", "id": None}, "invalid", "id"),
    ("chat.send", lambda _: {"body": "x", "reply_to": "nothing"}, "message_unknown", "reply_to"),
    ("chat.send", lambda s: {"body": "x", "reply_to": s.foreign["message"]}, "message_unknown", "reply_to"),
    ("chat.send", lambda s: {"body": "x", "reply_to": s.message, "peer": s.owner.me}, "message_unknown", "reply_to"),
    ("chat.send", lambda s: {"body": "x", "peer": s.foreign["person"]}, "person_unknown", "peer"),
    ("chat.send", lambda s: {"body": "x", "peer": s.guest.me}, "person_unknown", "peer"),
    ("chat.send", lambda _: {"body": "x", "peer": "nobody"}, "person_unknown", "peer"),
    ("chat.edit", lambda s: {"message": s.foreign["message"], "body": "x"}, "message_unknown", "message"),
    ("chat.edit", lambda s: {"message": s.message, "body": " "}, "message_empty", "body"),
    ("chat.delete", lambda s: {"message": s.foreign["message"]}, "message_unknown", "message"),
    ("chat.delete", lambda _: {"message": "x" * 64}, "message_unknown", "message"),
    ("chat.delete", lambda _: {"message": "x" * 65}, "invalid", "message"),
    (
        "chat.react",
        lambda s: {"message": s.foreign["message"], "emoji": "👍", "on": True},
        "message_unknown",
        "message",
    ),
    ("chat.react", lambda s: {"message": s.message, "emoji": "", "on": True}, "emoji_invalid", "emoji"),
    ("chat.react", lambda s: {"message": s.message, "emoji": "ok", "on": True}, "emoji_invalid", "emoji"),
    ("chat.react", lambda s: {"message": s.message, "emoji": "👍" * 65, "on": True}, "invalid", "emoji"),
    ("chat.react", lambda s: {"message": s.message, "emoji": "👍", "on": "yes"}, "invalid", "on"),
    ("chat.react", lambda s: {"message": s.message, "emoji": "👍", "on": 1}, "invalid", "on"),
    ("chat.read", lambda _: {"upto": -1}, "invalid", "upto"),
    ("chat.read", lambda _: {"upto": "1"}, "invalid", "upto"),
    ("chat.read", lambda _: {"upto": True}, "invalid", "upto"),
    ("chat.read", lambda _: {"upto": 1.5}, "invalid", "upto"),
    ("chat.read", lambda _: {"upto": 2**63}, "invalid", "upto"),
    ("chat.read", lambda _: {"upto": None}, "invalid", "upto"),
    ("chat.history", lambda _: {"before": 2**63}, "invalid", "before"),
    ("chat.history", lambda _: {"after": -1}, "invalid", "after"),
    ("chat.history", lambda _: {"limit": 0}, "invalid", "limit"),
    ("chat.history", lambda _: {"limit": 201}, "invalid", "limit"),
    ("chat.history", lambda _: {"limit": True}, "invalid", "limit"),
    ("chat.search", lambda _: {"text": ""}, "invalid", "text"),
    ("chat.search", lambda _: {"text": "x" * 201}, "invalid", "text"),
    ("chat.search", lambda _: {"text": "x", "before": 2**63}, "invalid", "before"),
    ("chat.reactors", lambda s: {"message": s.foreign["message"], "emoji": "👍"}, "message_unknown", "message"),
]

ROOM: list[Row] = [
    ("rooms.update", lambda _: {"theme": "neon"}, "invalid", "theme"),
    ("rooms.update", lambda _: {"theme": None}, "invalid", "theme"),
    ("rooms.update", lambda _: {"capacity": 0}, "invalid", "capacity"),
    ("rooms.update", lambda _: {"capacity": True}, "invalid", "capacity"),
    ("rooms.update", lambda _: {"capacity": "5"}, "invalid", "capacity"),
    ("rooms.update", lambda _: {"capacity": 10_001}, "invalid", "capacity"),
    ("rooms.update", lambda _: {"newcomers": "owner"}, "invalid", "newcomers"),
    ("rooms.update", lambda _: {"idle_minutes": 4}, "invalid", "idle_minutes"),
    ("rooms.update", lambda _: {"idle_minutes": None}, "invalid", "idle_minutes"),
    ("rooms.update", lambda _: {"name": "x" * 81}, "name_too_long", "name"),
    ("rooms.update", lambda _: {"name": "x" * 401}, "invalid", "name"),
    ("rooms.update", lambda _: {"pin": "1234"}, "invalid", "pin"),
    ("rooms.activity", lambda _: {"activity": "dancing", "on": True}, "activity_unknown", "activity"),
    ("rooms.activity", lambda _: {"activity": "people", "on": False}, "activity_unknown", "activity"),
    ("rooms.activity", lambda _: {"activity": "chat"}, "invalid", "on"),
    ("people.update", lambda _: {"name": ""}, "name_required", "name"),
    ("people.update", lambda _: {"name": " \t\u3000"}, "name_required", "name"),
    ("people.update", lambda _: {"name": INVISIBLE}, "name_required", "name"),
    ("people.update", lambda _: {"name": "\u202e\u2066\u0000"}, "name_required", "name"),
    ("people.update", lambda _: {"name": "\u3164"}, "name_required", "name"),
    ("people.update", lambda _: {"name": "x" * 200}, "name_too_long", "name"),
    ("people.update", lambda _: {"name": FAMILY * 41}, "name_too_long", "name"),
    ("people.update", lambda _: {"name": "e" + "\u0301" * 2000}, "name_too_long", "name"),
    ("people.update", lambda _: {"name": "x" * 5000}, "invalid", "name"),
    ("people.update", lambda _: {"about": "x" * 141}, "name_too_long", "about"),
    ("people.update", lambda _: {"role": "owner"}, "invalid", "role"),
    ("people.role", lambda s: {"person": s.guest.me, "role": "king"}, "invalid", "role"),
    ("people.role", lambda s: {"person": s.guest.me, "role": "owner"}, "invalid", "role"),
    ("people.role", lambda s: {"person": s.foreign["person"], "role": "cohost"}, "person_unknown", "person"),
    ("people.role", lambda _: {"person": 5, "role": "cohost"}, "invalid", "person"),
    ("people.hand_over", lambda s: {"person": s.foreign["person"]}, "person_unknown", "person"),
    ("people.mute", lambda s: {"person": s.foreign["person"], "muted": True}, "person_unknown", "person"),
    ("people.remove", lambda s: {"person": s.foreign["person"]}, "person_unknown", "person"),
    ("people.ban", lambda s: {"person": s.foreign["person"]}, "person_unknown", "person"),
    ("people.readmit", lambda s: {"person": s.foreign["person"]}, "person_unknown", "person"),
    ("people.admit", lambda _: {"knock": "nothing"}, "knock_unknown", "knock"),
    ("people.decline", lambda s: {"knock": s.guest.me}, "knock_unknown", "knock"),
    ("people.join", lambda _: {"name": "Again"}, "already_joined", None),
]

SHAPES: list[Row] = [
    ("chat.send", lambda _: None, "invalid", "id"),
    ("chat.send", lambda _: (None,), "invalid", None),
    ("chat.send", lambda _: [], "invalid", None),
    ("chat.send", lambda _: ["x"], "invalid", None),
    ("chat.send", lambda _: "x", "invalid", None),
    ("chat.send", lambda _: 5, "invalid", None),
    ("chat.send", lambda _: True, "invalid", None),
    ("chat.send", lambda _: ({"id": "a1", "body": "x"}, {}), "invalid", None),
    ("chat.send", lambda _: ({"id": "a1", "body": "x"}, None), "invalid", None),
    ("chat.send", lambda _: {"id": "a1", "body": b"bytes"}, "invalid", None),
    ("chat.explode", lambda _: {}, "unknown_command", None),
    ("", lambda _: {}, "unknown_command", None),
    ("*", lambda _: {}, "unknown_command", None),
    ("message", lambda _: {}, "unknown_command", None),
    ("people.out", lambda _: {"reason": "left"}, "unknown_command", None),
    ("chat.sent", lambda _: {}, "unknown_command", None),
    ("__class__", lambda _: {}, "unknown_command", None),
    ("x" * 60_000, lambda _: {}, "unknown_command", None),
    ("!too_large", lambda _: {}, "unknown_command", None),
    ("connect", lambda _: ({"HTTP_ORIGIN": "x"}, {"room": "x"}), "invalid", None),
    ("connect", lambda _: {"HTTP_ORIGIN": "x"}, "unknown_command", None),
    ("disconnect", lambda _: "because", "unknown_command", None),
    ("resume", lambda _: [], "invalid", "since"),
    ("resume", lambda _: {"room": 1}, "invalid", "since"),
    ("resume", lambda _: {"since": []}, "invalid", "since"),
    ("resume", lambda _: {"since": {"room": -1}}, "invalid", "since"),
    ("resume", lambda _: {"since": {"room": "1"}}, "invalid", "since"),
    ("resume", lambda _: {"since": {"garden": 1}}, "invalid", "since"),
    ("chat.typing", lambda _: {"peer": 5}, "invalid", "peer"),
    ("chat.typing", lambda _: {"colour": 5}, "invalid", "colour"),
]


NO_ID = {"chat.history", "chat.search", "chat.reactors"}


async def refusals(scene: Scene, client: SocketClient, rows: list[Row]) -> list[str]:
    """The rows that were not refused as they should have been."""
    wrong = []
    for number, (word, payload, code, field) in enumerate(rows):
        said = payload(scene)
        if isinstance(said, dict) and rows is not SHAPES and word not in NO_ID:
            said = {"id": f"bad{number}", **said}
        try:
            answer = await client.ask_exactly(word, said)
        except TimeoutError:
            answer = {"nothing": "was answered"}
        if (answer.get("ok"), answer.get("code"), answer.get("field")) != (False, code, field):
            wrong.append(f"{word[:40]} {str(said)[:80]}: {answer}, not {code} {field}")
    return wrong


@pytest.mark.feature("C1", "R5", "P1")
@pytest.mark.parametrize(
    ("who", "rows"), [("guest", CHAT), ("owner", ROOM), ("guest", SHAPES)], ids=["chat", "room", "shape"]
)
async def test_refused_with_a_code_and_without_effect(served: Served, who: str, rows: list[Row]) -> None:
    scene = await Scene.set(served)
    client: SocketClient = getattr(scene, who)
    before = await dump(served.house.storage)
    # Whoever has an answer to something later has everything that was before.
    for each in (scene.owner, scene.guest):
        await each.must("chat.history")
        each.forget()
    assert await refusals(scene, client, rows) == []
    assert changed(before, await dump(served.house.storage)) == {}
    # The connection is as good as before, and nobody was told anything of all this.
    await client.must("chat.send", body="still here")
    for each in (scene.owner, scene.guest):
        await each.event("chat.sent")
        assert each.kinds == ["event"], each.got
