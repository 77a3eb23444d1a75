"""The queue on a real server's parts: asking, limits, order, approval, votes, and what everyone sees of it."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import func, select

from salon.floor.tables import FloorAsked, FloorCounter, FloorItem, FloorSettings, FloorVote
from tests.support.house import LocalClient, Place, Stage
from tests.support.recorder import Json, eventually


@pytest.fixture
async def hall(stage: Stage, place: Place, owner: LocalClient) -> list[LocalClient]:
    """Ana, Ben and Cem, in a room with a floor."""
    await owner.must("rooms.activity", activity="floor", on=True)
    return [await stage.come(place, name) for name in ("Ana", "Ben", "Cem")]


async def floor(client: LocalClient) -> Json:
    found: Json = (await client.look())["features"]["floor"]
    return found


async def line(client: LocalClient) -> list[str]:
    return [item["body"] or item["kind"] for item in (await floor(client))["items"]]


async def ask(client: LocalClient, body: str = "") -> str:
    item: str = (await client.must("floor.ask", kind="text" if body else "voice", body=body))["item"]
    return item


@pytest.mark.feature("F1")
async def test_numbers_are_never_used_again(owner: LocalClient, hall: list[LocalClient]) -> None:
    ana, ben, cem = hall
    first = await ana.must("floor.ask", kind="text", body="What is light?")
    assert first["number"] == 1
    await ana.must("floor.withdraw", item=first["item"])
    assert (await ben.must("floor.ask", kind="voice"))["number"] == 2
    await owner.must("floor.clear")
    assert (await cem.must("floor.ask", kind="text", body="And now?"))["number"] == 3
    assert (await floor(ben))["items"][0]["number"] == 3


@pytest.mark.feature("F1")
async def test_many_at_once_have_different_numbers(
    stage: Stage, place: Place, owner: LocalClient, hall: list[LocalClient]
) -> None:
    crowd = await stage.crowd(place, [f"P{number}" for number in range(20)])
    answers = await asyncio.gather(*(each.must("floor.ask", kind="voice") for each in crowd))
    assert sorted(answer["number"] for answer in answers) == list(range(1, 21))
    numbers = [item["number"] for item in (await floor(owner))["items"]]
    assert numbers == list(range(1, 21)), "they stand in the order of their numbers"


@pytest.mark.feature("F3")
async def test_one_open_item_and_a_cool_down(stage: Stage, owner: LocalClient, hall: list[LocalClient]) -> None:
    ana, *_ = hall
    item = await ask(ana, "first")
    assert (await ana.ask("floor.ask", kind="voice"))["code"] == "item_open"
    await ana.must("floor.withdraw", item=item)
    refused = await ana.ask("floor.ask", kind="text", body="second")
    assert refused["code"] == "cooling_down"
    assert 4.9 < refused["retry_after"] <= 5.0
    stage.clock.advance(seconds=4)
    assert (await ana.ask("floor.ask", kind="text", body="second"))["code"] == "cooling_down"
    stage.clock.advance(seconds=2)
    await ask(ana, "second")
    assert ana.events("floor.asked_at")[-1]["data"]["at"] == (await floor(ana))["own"]["asked_at"]
    await owner.must("floor.settings", open_items=2, cooldown_seconds=0)
    await ask(ana, "third")
    assert (await ana.ask("floor.ask", kind="text", body="fourth"))["code"] == "item_open"
    assert await line(owner) == ["second", "third"]


@pytest.mark.feature("F3")
async def test_of_many_at_the_same_moment_one_is_taken(owner: LocalClient, hall: list[LocalClient]) -> None:
    ana, *_ = hall
    answers = await asyncio.gather(*(ana.ask("floor.ask", kind="text", body=f"number {n}") for n in range(10)))
    assert sum(answer["ok"] for answer in answers) == 1
    assert {answer["code"] for answer in answers if not answer["ok"]} == {"item_open"}
    assert len(await line(owner)) == 1


@pytest.mark.feature("F1", "F6")
async def test_who_asks_to_speak_may_say_about_what(owner: LocalClient, hall: list[LocalClient]) -> None:
    ana, ben, *_ = hall
    await owner.must("floor.settings", min_words=3)
    await ana.must("floor.ask", kind="voice", body="  the   stairs ")
    await ben.must("floor.ask", kind="voice", body=" ")
    asked = (await floor(owner))["items"]
    assert [(item["kind"], item["body"]) for item in asked] == [("voice", "the stairs"), ("voice", "")]


@pytest.mark.feature("F2")
async def test_the_limits_of_words_are_the_rooms(owner: LocalClient, hall: list[LocalClient]) -> None:
    ana, *_ = hall
    await owner.must("floor.settings", min_words=2, max_words=3)
    assert (await ana.ask("floor.ask", kind="text", body="one"))["code"] == "item_too_short"
    assert (await ana.ask("floor.ask", kind="text", body="one two three four"))["code"] == "item_too_long"
    assert (await ana.ask("floor.ask", kind="text", body=" "))["code"] == "item_empty"
    assert (await ana.ask("floor.ask", kind="voice", body="one two three four"))["code"] == "item_too_long"
    await ask(ana, "one two")
    assert (await owner.ask("floor.settings", min_words=9))["code"] == "invalid"
    assert (await floor(owner))["settings"]["min_words"] == 2


@pytest.mark.feature("F2")
async def test_what_the_queue_does_not_take(owner: LocalClient, hall: list[LocalClient]) -> None:
    ana, ben, _ = hall
    await owner.must("floor.settings", text=False)
    assert (await ana.ask("floor.ask", kind="text", body="hello"))["code"] == "floor_closed"
    await owner.must("floor.settings", text=True, voice=False)
    assert (await ana.ask("floor.ask", kind="voice"))["code"] == "floor_closed"
    await owner.must("people.mute", person=ben.me, muted=True)
    assert (await ben.ask("floor.ask", kind="text", body="hello"))["code"] == "muted"
    assert await line(owner) == []


@pytest.mark.feature("F4")
async def test_hosts_order_the_queue(owner: LocalClient, hall: list[LocalClient]) -> None:
    ana, ben, cem = hall
    a, b, c = await ask(ana, "a"), await ask(ben, "b"), await ask(cem, "c")
    await owner.must("floor.move", item=c, after=a)
    assert await line(ben) == ["a", "c", "b"]
    await owner.must("floor.move", item=b, after=None)
    assert await line(ben) == ["b", "a", "c"]
    await owner.must("floor.pin", item=c, on=True)
    assert await line(ben) == ["c", "b", "a"]
    await owner.must("floor.pin", item=c, on=False)
    assert await line(ben) == ["b", "a", "c"]
    await owner.must("floor.answer", item=b)
    assert await line(ben) == ["a", "c"]
    assert [item["body"] for item in (await floor(cem))["past"]] == ["b"]
    await owner.must("floor.reopen", item=b)
    assert await line(ben) == ["a", "b", "c"]
    assert (await floor(cem))["past"] == []
    await owner.must("floor.delete", item=a)
    assert await line(ben) == ["b", "c"]
    assert (await owner.ask("floor.move", item=b, after=b))["code"] == "invalid"
    assert (await owner.ask("floor.move", item=b, after=a))["code"] == "item_unknown"


@pytest.mark.feature("F4")
async def test_pinned_ones_change_places_among_themselves(owner: LocalClient, hall: list[LocalClient]) -> None:
    ana, ben, cem = hall
    a, b, c, d = await ask(ana, "a"), await ask(ben, "b"), await ask(cem, "c"), await ask(owner, "d")
    for item in (a, b):
        await owner.must("floor.pin", item=item, on=True)
    assert await line(cem) == ["b", "a", "c", "d"]
    await owner.must("floor.move", item=d, after=None)
    assert await line(cem) == ["b", "a", "d", "c"], "the front is behind the pinned ones"
    await owner.must("floor.move", item=c, after=b)
    assert await line(cem) == ["b", "a", "c", "d"], "nobody comes between them"
    await owner.must("floor.move", item=a, after=None)
    assert await line(cem) == ["a", "b", "c", "d"]
    await owner.must("floor.move", item=a, after=b)
    assert await line(cem) == ["b", "a", "c", "d"]
    assert [item["pinned"] for item in (await floor(cem))["items"]] == [True, True, False, False]
    await owner.must("floor.move", item=b, after=c)
    assert await line(cem) == ["a", "c", "b", "d"]
    assert [item["pinned"] for item in (await floor(cem))["items"]] == [True, False, False, False]


@pytest.mark.feature("F4", "R10")
async def test_one_is_answered_in_front_of_everyone(owner: LocalClient, hall: list[LocalClient]) -> None:
    ana, ben, cem = hall
    a, b, c = await ask(ana, "a"), await ask(ben, "b"), await ask(cem, "c")
    assert (await ana.ask("floor.take", item=a, on=True))["code"] == "forbidden"
    await owner.must("floor.pin", item=c, on=True)
    await owner.must("floor.take", item=b, on=True)
    first, *rest = (await floor(cem))["items"]
    assert first["body"] == "b"
    assert first["taken_at"] >= first["at"] > 0
    assert [(item["body"], item["taken_at"]) for item in rest] == [("c", None), ("a", None)]
    assert (await ben.ask("floor.ask", kind="text", body="more"))["code"] == "item_open", "it is still theirs"
    await owner.must("floor.take", item=b, on=True)
    assert await line(cem) == ["b", "c", "a"], "twice is once"
    await owner.must("floor.take", item=c, on=True)
    assert await line(ana) == ["c", "a"]
    assert [item["body"] for item in (await floor(ana))["past"]] == ["b"], "the one before was answered"
    await owner.must("floor.move", item=a, after=c)
    await owner.must("floor.take", item=c, on=False)
    assert await line(ana) == ["c", "a"]
    assert [item["taken_at"] for item in (await floor(ana))["items"]] == [None, None]
    await owner.must("floor.take", item=a, on=True)
    await owner.must("floor.answer", item=a)
    assert await line(ana) == ["c"]
    await cem.must("floor.withdraw", item=c)
    assert await line(ana) == []
    assert (await owner.ask("floor.take", item=a, on=True))["code"] == "item_unknown"


@pytest.mark.feature("F4")
async def test_first_timers_first(owner: LocalClient, hall: list[LocalClient]) -> None:
    ana, ben, cem = hall
    await owner.must("floor.settings", cooldown_seconds=0)
    await owner.must("floor.answer", item=await ask(ana, "before"))
    await ask(ana, "again")
    await ask(ben, "new")
    assert await line(owner) == ["again", "new"]
    await owner.must("floor.settings", order="first_timers")
    assert await line(owner) == ["new", "again"]
    await ask(cem, "newer")
    assert await line(owner) == ["new", "newer", "again"]
    assert [item["newcomer"] for item in (await floor(owner))["items"]] == [True, True, False]


def votes(client: LocalClient) -> int:
    found: int = client.events("floor.changed")[-1]["data"]["items"][0]["votes"]
    return found


@pytest.mark.feature("F4")
async def test_votes_count_once(owner: LocalClient, hall: list[LocalClient]) -> None:
    ana, ben, cem = hall
    await owner.must("floor.settings", order="upvoted")
    await ask(ana, "a")
    b = await ask(ben, "b")
    assert (await ben.ask("floor.upvote", item=b, on=True))["code"] == "forbidden"
    for _ in range(2):
        await asyncio.gather(*(each.must("floor.upvote", item=b, on=True) for each in (owner, ana, cem)))
    await eventually(lambda: votes(ben) == 3, "three votes")
    assert await line(ben) == ["b", "a"]
    assert (await floor(cem))["own"]["voted"] == [b]
    await cem.must("floor.upvote", item=b, on=False)
    await eventually(lambda: votes(ben) == 2, "two votes")
    await owner.must("floor.settings", upvotes=False)
    assert (await cem.ask("floor.upvote", item=b, on=True))["code"] == "upvotes_off"


@pytest.mark.feature("F4")
async def test_many_votes_are_few_events(
    stage: Stage, place: Place, owner: LocalClient, hall: list[LocalClient]
) -> None:
    ana, *_ = hall
    item = await ask(ana, "a")
    crowd = await stage.crowd(place, [f"P{number}" for number in range(60)])
    told = len(ana.events("floor.changed"))
    await asyncio.gather(*(each.must("floor.upvote", item=item, on=True) for each in crowd))
    await eventually(lambda: votes(ana) == 60, "all votes")
    assert len(ana.events("floor.changed")) - told < 20


@pytest.mark.feature("F4")
async def test_nobody_sees_what_waits_for_approval(stage: Stage, owner: LocalClient, hall: list[LocalClient]) -> None:
    ana, ben, _ = hall
    await owner.must("floor.settings", approval=True)
    asked = await ana.must("floor.ask", kind="text", body="secret")
    assert asked["waiting"]
    assert (await ana.ask("floor.ask", kind="voice"))["code"] == "item_open"
    await stage.settle()
    assert "secret" not in str([ben.of("event"), await floor(ben)])
    assert [item["body"] for item in (await floor(ana))["own"]["waiting"]] == ["secret"]
    assert [item["body"] for item in (await floor(owner))["hosts"]["waiting"]] == ["secret"]
    assert (await ben.ask("floor.approve", item=asked["item"]))["code"] == "forbidden"
    assert (await ben.ask("floor.upvote", item=asked["item"], on=True))["code"] == "item_unknown"
    await owner.must("floor.approve", item=asked["item"])
    assert await line(ben) == ["secret"]
    assert (await floor(owner))["hosts"]["waiting"] == (await floor(ana))["own"]["waiting"] == []
    await ask(owner, "mine")
    assert await line(ben) == ["secret", "mine"], "hosts need no approval"
    await ask(ben, "later")
    await owner.must("floor.settings", approval=False)
    assert await line(ana) == ["secret", "mine", "later"], "nothing waits for a host any more"


@pytest.mark.feature("F5")
async def test_only_who_asked_takes_it_back(owner: LocalClient, hall: list[LocalClient]) -> None:
    ana, ben, _ = hall
    item = await ask(ana, "mine")
    assert (await ben.ask("floor.withdraw", item=item))["code"] == "forbidden"
    assert (await owner.ask("floor.withdraw", item=item))["code"] == "forbidden"
    await ana.must("floor.withdraw", item=item)
    assert (await ana.ask("floor.withdraw", item=item))["code"] == "item_unknown"
    assert ben.events("floor.gone")[-1]["data"] == {"items": [item], "outcome": "withdrawn", "past": []}


@pytest.mark.feature("F5", "R5")
async def test_the_place_survives_a_loss_and_not_a_removal(
    stage: Stage, owner: LocalClient, hall: list[LocalClient]
) -> None:
    ana, ben, _ = hall
    await ask(ana, "a")
    await ask(ben, "b")
    ana.lose()
    await stage.pass_time(60)
    assert await line(owner) == ["a", "b"]
    back = await stage.come_back(ana)
    assert await line(back) == ["a", "b"]
    await owner.must("people.remove", person=back.me)
    assert await line(ben) == ["b"]


@pytest.mark.feature("F1")
async def test_the_history_in_pages(owner: LocalClient, hall: list[LocalClient]) -> None:
    await owner.must("floor.settings", cooldown_seconds=0)
    for number in range(55):
        await owner.must("floor.answer", item=await ask(owner, f"number {number}"))
    shown = (await floor(hall[0]))["past"]
    assert [item["body"] for item in shown] == [f"number {number}" for number in range(54, 4, -1)]
    page = await hall[0].must("floor.history", before=shown[-1]["id"], limit=3)
    assert ([item["body"] for item in page["past"]], page["more"]) == (["number 4", "number 3", "number 2"], True)
    assert (await hall[0].ask("floor.history", before="nothing"))["code"] == "item_unknown"
    await owner.must("floor.clear", past=True)
    assert (await floor(hall[0]))["past"] == []


@pytest.mark.feature("F1", "R5")
async def test_items_of_another_room_are_unknown(stage: Stage, owner: LocalClient, hall: list[LocalClient]) -> None:
    elsewhere = await stage.room("stage")
    other = await stage.owner(elsewhere, "Otto")
    item = await ask(hall[0], "here")
    for word in ("answer", "delete", "approve", "reopen", "withdraw"):
        assert (await other.ask(f"floor.{word}", item=item))["code"] == "item_unknown"
    for word, more in (
        ("pin", {"on": True}),
        ("take", {"on": True}),
        ("upvote", {"on": True}),
        ("move", {"after": None}),
    ):
        assert (await other.ask(f"floor.{word}", item=item, **more))["code"] == "item_unknown"


@pytest.mark.feature("F1", "R8")
async def test_a_closed_room_keeps_nothing_of_it(stage: Stage, owner: LocalClient, hall: list[LocalClient]) -> None:
    ana, ben, _ = hall
    item = await ask(ana, "a")
    await ben.must("floor.upvote", item=item, on=True)
    await owner.must("floor.settings", max_words=30)
    await owner.must("rooms.close")
    async with stage.house.storage.read() as session:
        for table in (FloorItem, FloorVote, FloorAsked, FloorCounter, FloorSettings):
            counted = await session.execute(select(func.count()).select_from(table))
            assert counted.scalar() == 0, table.__tablename__


@pytest.mark.feature("F1")
async def test_the_queue_is_full_at_last(owner: LocalClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("salon.floor.commands.QUEUE_LENGTH", 3)
    await owner.must("rooms.activity", activity="floor", on=True)
    for number in range(3):
        await ask(owner, f"number {number}")
    assert (await owner.ask("floor.ask", kind="voice"))["code"] == "queue_full"
