"""Who may say which word: every command and query of the contract, tried in every standing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from salon.core.contract import CLIENT_SIGNALS, COMMANDS, QUERIES, STANDING, ClientSignal, Command, Need, Query
from tests.support import call_words, file_words, poll_words, study_words, voice_words
from tests.support.dump import changed, dump
from tests.support.world import HERE, STANDINGS, World

Payload = dict[str, Any]


def _same(payload: Payload, _world: World, _who: str) -> Payload:
    return payload


def _of_calls(make: Callable[[str], Payload], world: World, _who: str) -> Payload:
    return make(world.people["target"])


def _of_polls(make: Callable[[dict[str, str], str], Payload], world: World, who: str) -> Payload:
    return make(world.polls, who)


def _of_files(make: Callable[[dict[str, str], str], Payload], world: World, who: str) -> Payload:
    return make(world.files, who)


def _of_study(make: Callable[[str], Payload], _world: World, who: str) -> Payload:
    return make(who)


SAMPLES: dict[str, Callable[[World, str], Payload]] = {
    "rooms.update": lambda _w, _who: {"name": "Renamed"},
    "rooms.activity": lambda _w, _who: {"activity": "chat", "on": False},
    "rooms.invite": lambda _w, _who: {"people": "kim@example.org"},
    "rooms.invite_person": lambda w, _who: {"person": w.people["target"]},
    "rooms.uninvite": lambda w, _who: {"invitations": [w.knock]},
    "rooms.known_groups": lambda _w, _who: {},
    "rooms.close": lambda _w, _who: {},
    "people.join": lambda _w, _who: {"name": "Newcomer"},
    "people.update": lambda _w, _who: {"about": "changed"},
    "people.leave": lambda _w, _who: {},
    "people.role": lambda w, _who: {"person": w.people["target"], "role": "participant"},
    "people.hand_over": lambda w, _who: {"person": w.people["target"]},
    "people.mute": lambda w, _who: {"person": w.people["target"], "muted": True},
    "people.remove": lambda w, _who: {"person": w.people["target"]},
    "people.ban": lambda w, _who: {"person": w.people["target"], "delete_messages": True},
    "people.readmit": lambda w, _who: {"person": w.people["sent_out"]},
    "people.admit": lambda w, _who: {"knock": w.knock},
    "people.admit_all": lambda w, _who: {"knocks": [w.knock]},
    "people.decline": lambda w, _who: {"knock": w.knock},
    "chat.send": lambda w, _who: {"body": "hello", "reply_to": w.messages["target"]},
    "chat.edit": lambda w, who: {"message": w.messages.get(who, w.messages["target"]), "body": "changed"},
    "chat.delete": lambda w, who: {"message": w.messages.get(who, w.messages["target"])},
    "chat.react": lambda w, _who: {"message": w.messages["target"], "emoji": "👍", "on": True},
    "chat.pin": lambda w, _who: {"message": w.messages["target"], "on": True},
    "chat.read": lambda _w, _who: {"upto": 3},
    "chat.settings": lambda _w, _who: {"slow_seconds": 10},
    "chat.clear": lambda _w, _who: {},
    "chat.history": lambda _w, _who: {},
    "chat.search": lambda _w, _who: {"text": "from"},
    "chat.reactors": lambda w, _who: {"message": w.messages["target"], "emoji": "👍"},
    "attendance.list": lambda _w, _who: {},
    "floor.ask": lambda _w, _who: {"kind": "text", "body": "and what then?"},
    "floor.withdraw": lambda w, who: {"item": w.items.get(who, w.items["target"])},
    "floor.upvote": lambda w, _who: {"item": w.items["target"], "on": True},
    "floor.approve": lambda w, _who: {"item": w.items["waiting"]},
    "floor.move": lambda w, _who: {"item": w.items["target"], "after": None},
    "floor.pin": lambda w, _who: {"item": w.items["target"], "on": True},
    "floor.take": lambda w, _who: {"item": w.items["target"], "on": True},
    "floor.answer": lambda w, _who: {"item": w.items["target"]},
    "floor.reopen": lambda w, _who: {"item": w.items["answered"]},
    "floor.delete": lambda w, _who: {"item": w.items["target"]},
    "floor.clear": lambda _w, _who: {},
    "floor.settings": lambda _w, _who: {"max_words": 10},
    "floor.history": lambda _w, _who: {},
    **{name: partial(_same, payload) for name, payload in voice_words.SAMPLES.items()},
    **{name: partial(_of_calls, make) for name, make in call_words.SAMPLES.items()},
    **{name: partial(_of_polls, make) for name, make in poll_words.SAMPLES.items()},
    **{name: partial(_of_files, make) for name, make in file_words.SAMPLES.items()},
    **{name: partial(_of_study, make) for name, make in study_words.SAMPLES.items()},
}
"""Something that each word may say when its sender may say it at all."""

TOLD: dict[str, Payload] = {"presence.level": {"away": True}}
"""What to say with a signal so that others hear of it."""

ADDRESSED = {
    "voice.line",
    "voice.level",
    "voice.speaking",
    "files.device",
    "call.say",
    "call.speak",
    "call.react",
    "presence.time",
}
"""Signals of one end of a call, and what is answered to who asks: ``tests/voice/test_lines.py``, ``test_levels.py``,
``tests/call/test_lines.py``, ``test_words.py``. The time is told to who asks: ``tests/presence/test_time.py``.
What devices are called is told in another form: ``tests/files/test_room.py``."""

WORDS: dict[str, type[Command] | type[Query]] = {**COMMANDS, **QUERIES}


def expected(needs: Need, who: str) -> str | None:
    """The code of the refusal that the contract promises, None where the word is allowed."""
    if who in {"removed", "banned"}:
        return who
    if who in {"lobby", "left"}:
        return None if needs is Need.LOBBY else "not_joined"
    if needs is Need.LOBBY:
        return "already_joined"
    return None if STANDING[who] >= needs else "forbidden"  # type: ignore[index]


ALLOWED = [(name, who) for name, word in WORDS.items() for who in STANDINGS if expected(word.needs, who) is None]


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return asyncio.run(World.prepare(tmp_path_factory.mktemp("world")))


def test_there_is_a_sample_of_every_word() -> None:
    assert set(SAMPLES) == set(WORDS)


@pytest.mark.feature("R5")
@pytest.mark.parametrize("name", WORDS)
async def test_refused_below_the_needed_standing(name: str, world: World, at_once: None, tmp_path: Path) -> None:
    """A coded refusal for everyone else; nothing is stored and nobody is told anything."""
    async with world.open(tmp_path) as stage:
        watching = [await world.client(stage, who).connect() for who in HERE]
        await stage.settle()
        for client in watching:
            client.forget()
        before = await dump(stage.house.storage)
        answers = {}
        for who in STANDINGS:
            if expected(WORDS[name].needs, who) is not None:
                answer = await world.client(stage, who).ask(name, **SAMPLES[name](world, who))
                assert not answer["ok"], who
                assert answer["message"]
                answers[who] = answer["code"]
        await stage.settle()
        assert answers == {who: expected(WORDS[name].needs, who) for who in answers}
        assert changed(before, await dump(stage.house.storage)) == {}
        assert [client.got for client in watching] == [[]] * len(watching)


@pytest.mark.feature("R5")
@pytest.mark.parametrize(("name", "who"), ALLOWED)
async def test_allowed_from_the_needed_standing(
    name: str, who: str, world: World, at_once: None, tmp_path: Path
) -> None:
    async with world.open(tmp_path) as stage:
        client, payload = world.client(stage, who), SAMPLES[name](world, who)
        if name in voice_words.SAMPLES:
            payload = await voice_words.prepare(world, stage, name, await client.connect(), who)
        elif name in call_words.SAMPLES:
            payload |= await call_words.prepare(world, stage, name, await client.connect())
        before = await dump(stage.house.storage)
        answer = await client.ask(name, **payload)
        assert answer["ok"], answer
        assert set(answer) == {"ok", *WORDS[name].answer.model_fields}
        after = await dump(stage.house.storage)
        if name in QUERIES:
            assert changed(before, after) == {}
        else:
            assert len(after["receipts"]) == len(before["receipts"]) + 1


@pytest.mark.feature("R5")
@pytest.mark.parametrize("name", [name for name in CLIENT_SIGNALS if name not in ADDRESSED])
async def test_signals_are_heard_from_those_who_have_joined(
    name: str, world: World, at_once: None, tmp_path: Path
) -> None:
    word: type[ClientSignal] = CLIENT_SIGNALS[name]
    async with world.open(tmp_path) as stage:
        watching = await world.client(stage, "owner").connect()
        clients = [await world.client(stage, who).connect() for who in STANDINGS]
        # All in one moment, so that what they tell is merged into one signal.
        for client in (watching, *clients):
            if client.link is not None:
                client.tell(name, **TOLD.get(name, {}))

        def heard() -> set[str]:
            return {person for signal in watching.signals(name) for person in signal["data"]["people"]}

        expected = {world.people[who] for who in HERE if STANDING[who] >= word.needs}  # type: ignore[index]
        await watching.until(lambda: expected <= heard())
        assert heard() == expected


HIGHER = [
    # Nobody acts on themselves or on those of their own standing or above.
    *[
        (who, name, target, "forbidden")
        for name in ("people.mute", "people.remove", "people.ban", "people.role")
        for who, target in (
            ("cohost", "second_cohost"),
            ("cohost", "owner"),
            ("cohost", "cohost"),
            ("owner", "owner"),
        )
    ],
    ("owner", "people.hand_over", "owner", "forbidden"),
    ("cohost", "people.readmit", "barred", "forbidden"),
    ("owner", "people.readmit", "barred", None),
    ("cohost", "people.readmit", "target", "person_unknown"),
    ("owner", "people.hand_over", "left", "person_unknown"),
    ("owner", "people.hand_over", "sent_out", "person_unknown"),
    ("owner", "people.remove", "second_cohost", None),
    ("owner", "people.ban", "sent_out", None),
    ("cohost", "people.ban", "barred", "person_unknown"),
    ("cohost", "people.remove", "sent_out", "person_unknown"),
    # Somebody who went by themselves would be back at once: they can be sent out all the same.
    ("cohost", "people.remove", "left", None),
    ("owner", "people.ban", "left", None),
]
MORE: dict[str, Payload] = {"people.mute": {"muted": True}, "people.role": {"role": "participant"}}


@pytest.mark.feature("R5")
@pytest.mark.parametrize(("who", "name", "target", "code"), HIGHER)
async def test_only_those_above(
    who: str, name: str, target: str, code: str | None, world: World, at_once: None, tmp_path: Path
) -> None:
    async with world.open(tmp_path) as stage:
        before = await dump(stage.house.storage)
        payload = {"person": world.people.get(target, "nobody"), **MORE.get(name, {})}
        answer = await world.client(stage, who).ask(name, **payload)
        assert answer.get("code") == code
        if code is not None:
            assert changed(before, await dump(stage.house.storage)) == {}


@pytest.mark.feature("R5")
async def test_nobody_gives_more_than_they_have(world: World, at_once: None, tmp_path: Path) -> None:
    """A co-host may make co-hosts, but neither an owner nor demote one."""
    async with world.open(tmp_path) as stage:
        cohost, target = world.client(stage, "cohost"), world.people["target"]
        assert (await cohost.ask("people.role", person=target, role="owner"))["code"] == "invalid"
        assert (await cohost.ask("people.role", person=target, role="cohost"))["ok"]
        assert (await cohost.ask("people.role", person=target, role="audience"))["code"] == "forbidden"
        assert (await cohost.ask("people.hand_over", person=target))["code"] == "forbidden"


@pytest.mark.feature("R5")
async def test_a_removed_cohost_is_banned_by_those_above_only(world: World, at_once: None, tmp_path: Path) -> None:
    async with world.open(tmp_path) as stage:
        owner, cohost, second = (world.client(stage, who) for who in ("owner", "cohost", "second_cohost"))
        await owner.must("people.remove", person=world.people["second_cohost"])
        assert (await cohost.ask("people.ban", person=world.people["second_cohost"]))["code"] == "forbidden"
        assert (await owner.ask("people.ban", person=world.people["second_cohost"]))["ok"]
        await second.connect()
        assert second.refused == "banned"
