"""To-dos: whose they are, who may change them, and the one order that they end in."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from salon.core.log import LoggedEvent
from tests.study.conftest import Hall
from tests.study.support import add, another_room, order, own, seen, todo_of
from tests.support.recorder import Json

pytestmark = pytest.mark.feature("S1")

SECRET = "water the hidden orchid"


def all_bytes(client: Any) -> bytes:
    """Everything that this connection was ever sent."""
    return orjson.dumps(client.got)


async def test_what_is_added_is_seen_by_everybody(hall: Hall) -> None:
    await add(hall.ann, "one", "  read\tchapter 3 ", due="2030-01-31", assignee=hall.ben.me)
    todo = await todo_of(hall.lea, "one")
    assert todo["text"] == "read chapter 3"
    assert (todo["by"], todo["assignee"], todo["due"]) == (hall.ann.me, hall.ben.me, "2030-01-31")
    assert (todo["done_at"], todo["done_by"], todo["list"]) == (None, None, "room")
    (told,) = hall.lea.events("study.todos_changed")
    assert told["stream"] == "room"
    assert told["data"]["todos"] == [todo]


async def test_private_ones_reach_nobody_elses_bytes(hall: Hall) -> None:
    others = (hall.host, hall.ben, hall.lea)
    await add(hall.ann, "mine1", SECRET, to="mine")
    await hall.ann.must("study.add_list", scope="mine", list="secret-list", name=f"{SECRET}s")
    await add(hall.ann, "mine2", SECRET + " twice", to="secret-list")
    await hall.ann.must("study.edit", todo="mine1", text=SECRET + " again")
    await hall.ann.must("study.tick", todo="mine1", done=True)
    await hall.ann.must("study.set_alarm", scope="mine", alarm="a1", time="10:00", zone="UTC", label=SECRET)
    for client in others:
        assert (await client.look())["features"]["study"]["own"]["todos"] == []
        await hall.stage.again(client)
    await hall.stage.settle()
    reaching = [each.name for each in hall.stage.clients if SECRET.encode() in all_bytes(each)]
    assert reaching == ["Ann"]
    assert SECRET in str(await own(hall.ann))
    # Nor does their number, or that there is anything: the streams of others have not moved.
    assert hall.ben.seqs["room"] == (await hall.ben.look())["seqs"]["room"]
    assert not [each for each in hall.ben.events() if each["type"].startswith("study.")]


async def test_private_ones_follow_to_every_room_and_agree_there(hall: Hall) -> None:
    _, elsewhere = await another_room(hall.stage, hall.ann)
    await add(hall.ann, "first", to="mine")
    await add(elsewhere, "second", to="mine")
    await elsewhere.must("study.tick", todo="first", done=True)
    await hall.ann.must("study.move", todo="second", after=None)
    await hall.stage.settle()
    assert (await own(hall.ann)) == (await own(elsewhere))
    assert await order(elsewhere, "mine") == ["second", "first"]
    # Told to both while they looked on, each on the own stream of its room.
    for client in (hall.ann, elsewhere):
        assert len(client.events("study.todos_changed")) == 4
        assert {each["stream"] for each in client.events("study.todos_changed")} == {"me"}


async def test_who_was_away_is_told_what_happened_elsewhere(hall: Hall) -> None:
    _, elsewhere = await another_room(hall.stage, hall.ann)
    hall.ann.lose()
    await add(elsewhere, "meanwhile", to="mine")
    back = await hall.stage.again(hall.ann, since=hall.ann.seqs)
    assert "snapshot" not in back.kinds
    assert [each["data"]["todos"][0]["id"] for each in back.events("study.todos_changed")] == ["meanwhile"]


async def test_what_was_left_and_joined_again_knows_all(hall: Hall) -> None:
    _, elsewhere = await another_room(hall.stage, hall.ann)
    await hall.ann.must("people.leave")
    await hall.stage.settle()
    await add(elsewhere, "meanwhile", to="mine")
    await hall.ann.connect(hall.ann.seqs)
    await hall.ann.must("people.join", name="Ann")
    await hall.stage.settle()
    known = hall.ann.events("study.todos_changed")
    fresh = (await own(hall.ann))["todos"]
    assert [each["id"] for each in fresh] == ["meanwhile"]
    assert known[-1:] or hall.ann.snapshot["features"]["study"]["own"]["todos"] == fresh


async def test_who_was_sent_out_and_let_back_in_knows_all(hall: Hall) -> None:
    _, elsewhere = await another_room(hall.stage, hall.ann)
    await hall.host.must("people.remove", person=hall.ann.me)
    await hall.stage.settle()
    await add(elsewhere, "meanwhile", to="mine")
    await hall.host.must("people.readmit", person=hall.ann.me)
    hall.ann.forget()
    await hall.ann.connect(hall.ann.seqs)
    await hall.ann.must("people.join", name="Ann")
    await hall.stage.settle()
    told = [each["data"]["todos"][0]["id"] for each in hall.ann.events("study.todos_changed")]
    known = told if "snapshot" not in hall.ann.kinds else [each["id"] for each in (await own(hall.ann))["todos"]]
    assert known == ["meanwhile"]


async def test_ticking_says_who_and_is_announced(hall: Hall) -> None:
    await add(hall.ann, "one", "wash up")
    await hall.ben.must("study.tick", todo="one", done=True)
    todo = await todo_of(hall.ann, "one")
    assert todo["done_by"] == hall.ben.me
    assert todo["done_at"] is not None
    (said,) = hall.lea.events("study.finished")
    assert said["data"] == {"todo": "one", "text": "wash up", "by": hall.ben.me}
    # Who ticks what is done already has not done it.
    await hall.ann.must("study.tick", todo="one", done=True)
    assert (await todo_of(hall.ann, "one"))["done_by"] == hall.ben.me
    await hall.ann.must("study.tick", todo="one", done=False)
    assert (await todo_of(hall.ann, "one"))["done_by"] is None
    await hall.host.must("study.settings", announce=False)
    await hall.ann.must("study.tick", todo="one", done=True)
    assert len(hall.lea.events("study.finished")) == 1


async def test_private_ones_name_nobody_and_are_not_announced(hall: Hall) -> None:
    await add(hall.ann, "one", to="mine")
    await hall.ann.must("study.tick", todo="one", done=True)
    todo = await todo_of(hall.ann, "one")
    assert (todo["by"], todo["done_by"], todo["assignee"]) == (None, None, None)
    assert not hall.ann.events("study.finished")
    assert (await hall.ann.ask("study.edit", todo="one", assignee=hall.ann.me))["code"] == "invalid"


async def test_editing_leaves_what_is_not_named(hall: Hall) -> None:
    await add(hall.ann, "one", "text", due="2030-01-31", assignee=hall.ben.me)
    await hall.ben.must("study.edit", todo="one", text="other")
    todo = await todo_of(hall.ann, "one")
    assert (todo["text"], todo["due"], todo["assignee"]) == ("other", "2030-01-31", hall.ben.me)
    await hall.ben.must("study.edit", todo="one", due=None, assignee=None)
    todo = await todo_of(hall.ann, "one")
    assert (todo["text"], todo["due"], todo["assignee"]) == ("other", None, None)


async def test_two_who_reorder_at_once_end_with_one_order(hall: Hall) -> None:
    for name in "abcdef":
        await add(hall.ann, name)
    await asyncio.gather(
        *(
            client.must("study.move", todo=todo, after=after)
            for client, todo, after in (
                (hall.ann, "f", None),
                (hall.ben, "a", "f"),
                (hall.host, "c", "e"),
                (hall.ann, "b", "c"),
                (hall.ben, "f", "d"),
            )
        )
    )
    await hall.stage.settle()
    orders = [await order(client) for client in (hall.host, hall.ann, hall.ben, hall.lea)]
    assert all(each == orders[0] for each in orders)
    assert sorted(orders[0]) == list("abcdef")
    for client in (hall.ann, hall.ben):
        assert _folded(client) == orders[0]


def _folded(client: Any) -> list[str]:
    """The order by what was told alone."""
    todos: dict[str, Json] = {}
    for event in client.events("study.todos_changed"):
        todos |= {each["id"]: each for each in event["data"]["todos"]}
    return [each["id"] for each in sorted(todos.values(), key=lambda each: (each["place"], each["id"]))]


async def test_two_rooms_at_once_change_one_list(hall: Hall) -> None:
    """Each in a transaction of its room: with PostgreSQL they run beside each other."""
    _, elsewhere = await another_room(hall.stage, hall.ann)
    places = (hall.ann, elsewhere)
    await asyncio.gather(
        *(
            client.must("study.add", todo=f"t{number}-{name}", list="mine", text="x", after=None)
            for number in range(12)
            for name, client in zip("ab", places, strict=True)
        )
    )
    await hall.stage.settle()
    assert await own(hall.ann) == await own(elsewhere)
    line = await order(hall.ann, "mine")
    assert len(line) == 24
    assert all(_folded(client) == line for client in places)
    # Of one page's own the last came to the front.
    for name in "ab":
        assert [each for each in line if each.endswith(name)] == [f"t{number}-{name}" for number in range(11, -1, -1)]


async def test_a_move_tells_only_what_moved(hall: Hall) -> None:
    for name in "abc":
        await add(hall.ann, name)
    await hall.ann.must("study.move", todo="c", after="a")
    assert [each["id"] for each in hall.lea.events("study.todos_changed")[-1]["data"]["todos"]] == ["c"]
    number = len(hall.lea.events())
    await hall.ann.must("study.move", todo="c", after="a")
    assert len(hall.lea.events()) == number, "it stands there"
    assert await order(hall.lea) == ["a", "c", "b"]


async def test_where_something_is_added(hall: Hall) -> None:
    await add(hall.ann, "a")
    await add(hall.ann, "b")
    await add(hall.ann, "front", after=None)
    await add(hall.ann, "between", after="a")
    assert await order(hall.ann) == ["front", "a", "between", "b"]
    assert (await hall.ann.ask("study.add", todo="x", list="room", text="x", after="gone"))["code"] == "todo_unknown"


async def test_what_was_deleted_comes_back_as_it_was(hall: Hall) -> None:
    for name in "abc":
        await add(hall.ann, name)
    await hall.ann.must("study.delete", todo="b")
    assert await order(hall.ben) == ["a", "c"]
    await add(hall.ann, "b", after="a", done=True)
    assert await order(hall.ben) == ["a", "b", "c"]
    assert (await todo_of(hall.ben, "b"))["done_by"] == hall.ann.me


async def test_clearing(hall: Hall) -> None:
    for name in "abc":
        await add(hall.ann, name)
    await add(hall.ann, "private", to="mine", done=True)
    await hall.ann.must("study.tick", todo="b", done=True)
    await hall.ann.must("study.clear", list="room")
    assert await order(hall.ben) == ["a", "c"]
    assert hall.ben.events("study.todos_gone")[-1]["data"] == {"scope": "room", "todos": ["b"]}
    await hall.ann.must("study.clear", list="room", all=True)
    assert await order(hall.ben) == []
    assert await order(hall.ann, "mine") == ["private"]
    await hall.ann.must("study.clear", list="mine")
    assert await order(hall.ann, "mine") == []


async def test_what_was_deleted_leaves_the_log(hall: Hall) -> None:
    await add(hall.ann, "one", "forget me please")
    await add(hall.ann, "own", "and me as well", to="mine")
    for text, todo in (("forget me please", "one"), ("and me as well", "own")):
        await hall.ann.must("study.delete", todo=todo)
        async with hall.stage.house.storage.read() as session:
            kept = (await session.execute(select(LoggedEvent.data))).scalars()
            assert not [data for data in kept if text in data]
    back = await hall.stage.again(hall.ben, since={**hall.ben.seqs, "room": 1})
    assert "snapshot" in back.kinds


async def test_further_lists(hall: Hall) -> None:
    await hall.ann.must("study.add_list", scope="room", list="shop", name=" Shopping ")
    await hall.ann.must("study.add_list", scope="mine", list="books", name="Books")
    await add(hall.ben, "milk", to="shop")
    await add(hall.ann, "novel", to="books")
    await hall.ben.must("study.rename_list", list="shop", name="To buy")
    assert [each["name"] for each in (await seen(hall.lea))["lists"]] == ["To buy"]
    assert [each["name"] for each in (await own(hall.ann))["lists"]] == ["Books"]
    assert (await own(hall.ben))["lists"] == []
    await hall.ben.must("study.delete_list", list="shop")
    assert (await seen(hall.lea))["todos"] == []
    assert await order(hall.ann, "books") == ["novel"]
    await hall.ann.must("study.delete_list", list="books")
    assert (await own(hall.ann))["todos"] == []


async def test_the_same_command_and_the_same_todo_twice(hall: Hall) -> None:
    once = {"id": "cmd1", "todo": "one", "list": "room", "text": "text"}
    for _ in range(2):
        assert (await hall.ann.ask_exactly("study.add", once))["ok"]
    # The receipt is gone, or the page has sent it with another id: the to-do is there all the same.
    assert (await hall.ann.ask_exactly("study.add", {**once, "id": "cmd2", "text": "other"}))["ok"]
    assert [each["text"] for each in (await seen(hall.ann))["todos"]] == ["text"]
    assert len(hall.ben.events("study.todos_changed")) == 1


async def test_what_was_done_without_a_connection_comes_later(hall: Hall) -> None:
    """A page's outbox after hours away: commands with their ids, of which the first was answered already."""
    commands: list[tuple[str, Json]] = [
        ("study.add", {"id": "o1", "todo": "offline", "list": "mine", "text": "on the train"}),
        ("study.edit", {"id": "o2", "todo": "offline", "text": "on the long train"}),
        ("study.add", {"id": "o3", "todo": "next", "list": "mine", "text": "next", "after": "offline"}),
        ("study.tick", {"id": "o4", "todo": "offline", "done": True}),
    ]
    assert (await hall.ann.ask_exactly(*commands[0]))["ok"]
    await hall.stage.pass_time(3 * 3600)
    for name, payload in commands + commands:
        assert (await hall.ann.ask_exactly(name, payload))["ok"]
    todos = (await own(hall.ann))["todos"]
    assert [(each["text"], each["done_at"] is not None) for each in todos] == [
        ("on the long train", True),
        ("next", False),
    ]
