"""To-dos and settings: what is refused, to whom, and that nothing of it is stored."""

from __future__ import annotations

import asyncio

import pytest

from salon.study import rules
from tests.study.conftest import Hall
from tests.study.support import add, another_room, own, seen
from tests.support.recorder import Json

pytestmark = pytest.mark.feature("S1")

CHANGES: dict[str, Json] = {
    "study.edit": {"text": "x"},
    "study.tick": {"done": True},
    "study.delete": {},
    "study.move": {"after": None},
}


async def test_what_is_not_here_is_unknown(hall: Hall) -> None:
    """Somebody else's, another room's, and what there is not: all alike, so that nobody learns which."""
    _, elsewhere = await another_room(hall.stage, hall.ben)
    await elsewhere.must("study.add_list", scope="room", list="foreign-list", name="Theirs")
    await elsewhere.must("study.add_list", scope="mine", list="private-list", name="Ben's")
    await add(elsewhere, "foreign", to="foreign-list")
    await add(elsewhere, "private", to="mine")
    before = await seen(elsewhere)
    for todo in ("foreign", "private", "nowhere"):
        for word, more in CHANGES.items():
            answer = await hall.ann.ask(word, todo=todo, **more)
            assert (answer["code"], answer["field"]) == ("todo_unknown", "todo")
    for name in ("foreign-list", "private-list", "nowhere"):
        for word, more in (
            ("add", {"todo": "new", "text": "x"}),
            ("clear", {}),
            ("rename_list", {"name": "x"}),
            ("delete_list", {}),
        ):
            assert (await hall.ann.ask(f"study.{word}", list=name, **more))["code"] == "list_unknown", word
    for name in ("room", "mine"):
        assert (await hall.ann.ask("study.delete_list", list=name))["code"] == "list_unknown"
        assert (await hall.ann.ask("study.add_list", scope="mine", list=name, name="x"))["code"] == "id_taken"
    assert (await hall.ann.ask("study.add", todo="private", list="mine", text="x"))["code"] == "id_taken"
    assert (await hall.ann.ask("study.add_list", scope="mine", list="private-list", name="x"))["code"] == "id_taken"
    assert await seen(elsewhere) == before
    assert (await seen(hall.ann))["todos"] == []


async def test_an_after_of_another_list_is_none(hall: Hall) -> None:
    await add(hall.ann, "a")
    await add(hall.ann, "own", to="mine")
    assert (await hall.ann.ask("study.move", todo="a", after="own"))["code"] == "todo_unknown"
    assert (await hall.ann.ask("study.move", todo="a", after="a"))["code"] == "invalid"


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u2060", "\x00\x07", "x" * 501, "é" * 5_000, "x" * 10_240])
async def test_texts_that_cannot_be(hall: Hall, text: str) -> None:
    await add(hall.ann, "there")
    for word, asked in (
        ("study.add", {"todo": "new", "list": "room", "text": text}),
        ("study.add", {"todo": "new", "list": "mine", "text": text}),
        ("study.edit", {"todo": "there", "text": text}),
        ("study.add_list", {"scope": "mine", "list": "l", "name": text[:400]}),
    ):
        answer = await hall.ann.ask(word, **asked)
        assert answer["code"] == "text_invalid", word
    assert len((await seen(hall.ann))["todos"]) == 1
    assert (await own(hall.ann))["todos"] == []


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"due": "2030-02-30"}, "time_invalid"),
        ({"due": "2030-1-1"}, "time_invalid"),
        ({"due": "tomorrow"}, "time_invalid"),
        ({"due": "1066-10-14"}, "time_invalid"),
        ({"due": "x" * 11}, "invalid"),
        ({"assignee": "nobody"}, "person_unknown"),
        ({"text": "x" * 20_001}, "invalid"),
        ({"todo": "../etc"}, "invalid"),
        ({"todo": "x" * 65}, "invalid"),
        ({"list": ""}, "invalid"),
        ({"place": 3.0}, "invalid"),
        ({"done": 1}, "invalid"),
    ],
)
async def test_what_a_todo_may_not_say(hall: Hall, wrong: Json, code: str) -> None:
    answer = await hall.ann.ask("study.add", **{"todo": "one", "list": "room", "text": "text", **wrong})
    assert answer["code"] == code
    assert (await seen(hall.ann))["todos"] == []


async def test_there_is_an_end_to_how_many(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_TODOS", 5)
    monkeypatch.setattr(rules, "MOST_LISTS", 2)
    answers = [await hall.ann.ask("study.add", todo=f"t{each}", list="room", text="x") for each in range(7)]
    assert [each["ok"] for each in answers] == [True] * 5 + [False] * 2
    assert answers[-1]["code"] == "todos_too_many"
    assert answers[-1]["limit"] == 5
    # One person's own are counted by themselves.
    await add(hall.ann, "own", to="mine")
    for each in range(2):
        await hall.ann.must("study.add_list", scope="mine", list=f"l{each}", name="x")
    assert (await hall.ann.ask("study.add_list", scope="mine", list="l3", name="x"))["code"] == "lists_too_many"
    assert len((await seen(hall.ben))["todos"]) == 5


async def test_ten_thousand_are_too_many(hall: Hall) -> None:
    asked = [hall.ann.ask("study.add", todo=f"t{each}", list="mine", text=f"number {each}") for each in range(600)]
    answers = await asyncio.gather(*asked)
    assert sum(each["ok"] for each in answers) == 500
    assert {each["code"] for each in answers if not each["ok"]} == {"todos_too_many"}
    assert len((await own(hall.ann))["todos"]) == 500


async def test_who_may_write_on_the_rooms_lists(hall: Hall) -> None:
    await add(hall.ann, "one")
    assert (await hall.lea.ask("study.tick", todo="one", done=True))["code"] == "forbidden"
    assert (await hall.lea.ask("study.add", todo="two", list="room", text="x"))["code"] == "forbidden"
    await add(hall.lea, "own", to="mine")
    await hall.host.must("study.settings", control="hosts")
    for word, more in CHANGES.items():
        assert (await hall.ann.ask(word, todo="one", **more))["code"] == "forbidden"
    assert (await hall.ann.ask("study.clear", list="room", all=True))["code"] == "forbidden"
    await hall.host.must("study.settings", control="everyone")
    await hall.host.must("people.mute", person=hall.ann.me, muted=True)
    assert (await hall.ann.ask("study.add", todo="two", list="room", text="x"))["code"] == "muted"
    await add(hall.ann, "three", to="mine")
    await hall.host.must("rooms.activity", activity="study", on=False)
    assert (await hall.ann.ask("study.add", todo="four", list="mine", text="x"))["code"] == "activity_off"


@pytest.mark.feature("R9")
async def test_the_mood_is_the_hosts(hall: Hall) -> None:
    assert (await seen(hall.lea))["settings"] == {"control": "everyone", "mood": "dawn", "announce": True}
    assert (await hall.ann.ask("study.settings", mood="sea"))["code"] == "forbidden"
    assert (await hall.host.ask("study.settings", mood="disco"))["code"] == "invalid"
    for mood in ("forest", "rain", "night", "sea", "dunes", "snow", "hearth", "dawn"):
        await hall.host.must("study.settings", mood=mood)
        assert (await seen(hall.lea))["settings"]["mood"] == mood
    number = len(hall.lea.events("study.settings_changed"))
    assert number == 8
    await hall.host.must("study.settings", mood="dawn")
    assert len(hall.lea.events("study.settings_changed")) == number
