"""The same house on PostgreSQL: a lane for each room, and types that SQLite does not insist on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from salon.core.writer import Work
from tests.support.house import LocalClient, Place, Stage, open_stage
from tests.support.postgres import Cluster
from tests.support.recorder import Json
from tests.support.world import knocks

pytestmark = [pytest.mark.real("postgres"), pytest.mark.xdist_group("postgres")]

LONGEST_IDLE = 60 * 24 * 30
DAY = 24 * 3600


@pytest.fixture
async def url(cluster: Cluster, clean: None) -> str:
    return await cluster.database()


@pytest.fixture
async def stage(tmp_path: Path, at_once: None, url: str) -> AsyncIterator[Stage]:
    async with open_stage(tmp_path, database_url=url) as opened:
        assert not opened.house.storage.is_sqlite
        yield opened


def chat_of(snapshot: Json) -> list[Json]:
    messages: list[Json] = snapshot["features"]["chat"]["room"]["messages"]
    return messages


def people_of(snapshot: Json) -> set[str]:
    return {person["name"] for person in snapshot["features"]["people"]["people"]}


@pytest.mark.feature("C1", "P1")
async def test_many_write_at_once(stage: Stage, place: Place, owner: LocalClient) -> None:
    senders = [await stage.come(place, "Sam") for _ in range(30)]
    assert len(people_of(await owner.look())) == 31
    answers = await asyncio.gather(
        *(sender.must("chat.send", body=f"{who}-{number}") for number in range(3) for who, sender in enumerate(senders))
    )
    await stage.settle()
    assert sorted(answer["n"] for answer in answers) == list(range(1, 91))
    heard = [(event["data"]["message"]["n"], event["data"]["message"]["body"]) for event in owner.events("chat.sent")]
    assert [n for n, _ in heard] == list(range(1, 91))
    assert all(client.said == owner.said for client in senders)
    for who in range(30):
        own = [body for _, body in heard if body.startswith(f"{who}-")]
        assert own == [f"{who}-0", f"{who}-1", f"{who}-2"], "in the order of sending"
    page = await owner.must("chat.history", limit=200)
    assert [(message["n"], message["body"]) for message in page["messages"]] == heard


@pytest.mark.feature("P1", "C1")
async def test_many_come_at_once(stage: Stage, place: Place, owner: LocalClient) -> None:
    """All of one name, each from two devices, while the house is swept."""
    crowd = [await stage.visitor(place, "Sam") for _ in range(10)]
    devices = crowd + [await LocalClient(stage, place, one.identity, "Sam", "phone").connect() for one in crowd]
    sweeps = [stage.house.sweep() for _ in range(5)]
    messages = [owner.must("chat.send", body=f"{n}") for n in range(10)]
    others = asyncio.gather(*sweeps, *messages)
    answers = await asyncio.gather(*(device.ask("people.join", name="Sam") for device in devices))
    await others
    await stage.settle()
    codes = [answer.get("code") for answer in answers]
    assert sorted(codes, key=str) == [None] * 10 + ["already_joined"] * 10
    here = (await owner.look())["features"]["people"]["people"]
    assert {person["name"] for person in here} == {"Olga", "Sam", *(f"Sam ({n})" for n in range(2, 11))}
    assert all(sorted(person["devices"]) == ["desktop", "phone"] for person in here if person["name"] != "Olga")
    assert owner.said == [str(n) for n in range(10)]


@pytest.mark.feature("C1")
async def test_rooms_side_by_side(stage: Stage) -> None:
    clients = []
    for number in range(6):
        place = await stage.room()
        clients += [await stage.owner(place, f"Olga {number}"), await stage.come(place, f"Gil {number}")]
    await asyncio.gather(*(client.must("chat.send", body=f"{n}") for n in range(10) for client in clients))
    await stage.settle()
    for olga, gil in zip(clients[::2], clients[1::2], strict=True):
        assert olga.said == gil.said
        assert sorted(olga.said) == sorted([str(n) for n in range(10)] * 2)


@pytest.mark.feature("C1")
async def test_the_same_command_twice(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    again = {"id": "same", "body": "once"}
    answers = await asyncio.gather(*(owner.ask_exactly("chat.send", again) for _ in range(5)))
    answers.append(await owner.ask_exactly("chat.send", again))
    assert answers == [answers[0]] * 6
    assert answers[0]["ok"]
    # Ids are each person's own.
    await guest.must("chat.send", **again)
    await stage.settle()
    assert owner.said == ["once", "once"]


@pytest.mark.feature("C1")
async def test_a_refused_neighbour(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    asked = [owner.ask("chat.send", body=f"good {n}") for n in range(4)]
    asked.insert(1, owner.ask("chat.send", body="\0"))
    asked.insert(2, owner.ask("chat.send", body="x", reply_to="nothing"))
    asked.insert(3, guest.ask("people.ban", person=owner.me))
    answers = await asyncio.gather(*asked)
    assert [answer.get("code") for answer in answers] == [
        None,
        "message_empty",
        "message_unknown",
        "forbidden",
        None,
        None,
        None,
    ]
    await stage.settle()
    assert [answer["n"] for answer in answers if answer["ok"]] == [1, 2, 3, 4]
    assert guest.said == [f"good {n}" for n in range(4)]


@pytest.mark.feature("C2", "C3", "C5")
async def test_what_is_done_with_messages(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    first = (await owner.must("chat.send", body="Straße und @Gil"))["message"]
    second = (await guest.must("chat.send", body="reply", reply_to=first))["message"]
    direct = (await guest.must("chat.send", body="strasse, only for you", peer=owner.me))["message"]
    await owner.must("chat.react", message=second, emoji="👍", on=True)
    await guest.must("chat.react", message=second, emoji="👍", on=True)
    await guest.must("chat.react", message=second, emoji="❤\ufe0f", on=True)
    await owner.must("chat.react", message=second, emoji="👍", on=False)
    await owner.must("chat.react", message=direct, emoji="🎉", on=True)
    await owner.must("chat.pin", message=first, on=True)
    await guest.must("chat.edit", message=second, body="edited")
    await guest.must("chat.read", upto=2)
    await owner.must("chat.settings", slow_seconds=5)
    assert (await guest.ask("chat.send", body="too soon"))["code"] == "slow_mode"

    seen = (await guest.look())["features"]["chat"]
    assert [message["body"] for message in seen["room"]["messages"]] == ["Straße und @Gil", "edited"]
    assert seen["room"]["messages"][0]["mentions"] == [guest.me]
    assert seen["room"]["messages"][1]["reply_to"]["excerpt"] == "Straße und @Gil"
    assert [(each["emoji"], each["count"], each["mine"]) for each in seen["room"]["messages"][1]["reactions"]] == [
        ("👍", 1, True),
        ("❤\ufe0f", 1, True),
    ]
    assert [pin["id"] for pin in seen["pins"]] == [first]
    assert seen["direct"][0]["peer"] == owner.me
    assert (await guest.must("chat.reactors", message=second, emoji="👍"))["names"] == ["Gil"]
    found = (await owner.must("chat.search", text="STRASSE"))["found"]
    assert {each["message"]["id"] for each in found} == {first, direct}
    assert (await owner.must("chat.search", text="100%_\\"))["found"] == []

    await owner.must("chat.delete", message=first)
    seen = (await guest.look())["features"]["chat"]
    assert seen["room"]["messages"][0]["body"] is None
    assert seen["room"]["messages"][1]["reply_to"]["excerpt"] is None
    assert seen["pins"] == []
    await owner.must("chat.clear")
    seen = (await guest.look())["features"]["chat"]
    assert (seen["room"]["messages"], seen["room"]["last"], seen["room"]["cleared"]) == ([], 2, 2)


@pytest.mark.feature("R5")
async def test_ban_knock_and_hand_over(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    for n in range(3):
        await guest.must("chat.send", body=f"bad {n}")
    await owner.must("chat.send", body="good")
    await owner.must("people.ban", person=guest.me, delete_messages=True)
    await stage.settle()
    assert [message["body"] for message in chat_of(await owner.look())] == [None, None, None, "good"]
    await guest.connect()
    assert guest.refused == "banned"

    knock = await knocks(stage, place, "Kim")
    assert [each["id"] for each in (await owner.look())["features"]["people"]["hosts"]["knocks"]] == [knock]
    await owner.must("people.admit", knock=knock)
    assert (await owner.ask("people.decline", knock=knock))["code"] == "knock_unknown"

    heir = await stage.come(place, "Heike")
    await owner.must("people.hand_over", person=heir.me)
    await stage.settle()
    assert (await owner.ask("rooms.close"))["code"] == "forbidden"
    await heir.must("people.readmit", person=guest.me)
    await heir.must("rooms.close")
    await stage.settle()
    assert owner.events("rooms.closed")
    await owner.connect()
    assert owner.refused == "room_closed"


@pytest.mark.feature("R8")
async def test_the_longest_idle_time(stage: Stage, place: Place, owner: LocalClient) -> None:
    """Thirty days in milliseconds are more than an INTEGER of PostgreSQL holds."""
    await owner.must("rooms.update", idle_minutes=LONGEST_IDLE)
    owner.lose()
    await stage.pass_time(30)
    await stage.pass_time(29 * DAY)
    assert (await owner.connect()).refused is None
    await stage.settle()
    owner.lose()
    await stage.pass_time(30)
    await stage.pass_time(30 * DAY + 60)
    assert (await owner.connect()).refused == "room_closed"


@pytest.mark.feature("R8", "C1")
async def test_a_restart(tmp_path: Path, at_once: None, url: str) -> None:
    async with open_stage(tmp_path, database_url=url) as stage:
        place = await stage.room()
        owner = await stage.owner(place)
        gil = await stage.come(place, "Gil")
        await owner.must("chat.send", id="first", body="before")
        since, clock = dict(gil.seqs), stage.clock
        gil.lose()
        await owner.must("chat.send", id="second", body="meanwhile")
    async with open_stage(tmp_path, database_url=url, clock=clock) as stage:
        stage.numbers = count(10_000)
        back = LocalClient(stage, place, gil.identity, "Gil")
        back.seqs = since
        await back.connect(since)
        await stage.settle()
        assert back.of("resumed")
        assert not back.of("snapshot")
        assert back.said == ["meanwhile"]
        sender = await stage.again(LocalClient(stage, place, owner.identity, "Olga"))
        assert (await sender.must("chat.send", id="second", body="meanwhile"))["n"] == 2
        assert (await sender.must("chat.send", body="after"))["n"] == 3
        await stage.settle()
        assert back.said == ["meanwhile", "after"]


@pytest.mark.feature("C1", "P3")
async def test_events_fold_into_the_snapshot(stage: Stage, place: Place, owner: LocalClient) -> None:
    """Who followed the events knows what a newcomer is told."""
    here = {person["id"]: person for person in owner.snapshot["features"]["people"]["people"]}
    guests = [await stage.come(place, f"Guest {n}") for n in range(5)]
    sent = await asyncio.gather(*(guest.must("chat.send", body=guest.name) for guest in guests * 3))
    await guests[0].must("people.leave")
    await guests[1].must("people.update", name="Renamed")
    await owner.must("people.remove", person=guests[2].me)
    await owner.must("chat.delete", message=sent[4]["message"])
    await stage.settle()
    bodies: dict[str, str | None] = {}
    for event in owner.events():
        data = event["data"]
        if event["type"] == "people.changed":
            here.update({person["id"]: person for person in data["people"]})
            for gone in data["left"]:
                del here[gone]
        elif event["type"] == "chat.sent":
            bodies[data["message"]["id"]] = data["message"]["body"]
        elif event["type"] == "chat.deleted":
            bodies.update(dict.fromkeys(data["messages"]))
    after = await owner.look()
    assert after["seqs"] == owner.seqs
    assert sorted(here.values(), key=repr) == sorted(after["features"]["people"]["people"], key=repr)
    assert [(message["id"], message["body"]) for message in chat_of(after)] == list(bodies.items())
    assert len(bodies) == 15


@pytest.mark.feature("R2", "C5")
async def test_what_the_database_cannot_even_compare(stage: Stage, place: Place, owner: LocalClient) -> None:
    """PostgreSQL knows no NUL in texts, SQLite does: either way it is no fault of the server."""
    await owner.must("chat.send", body="text")
    assert (await owner.must("chat.search", text="\0"))["found"] == []
    assert (await owner.ask("chat.reactors", message="\0", emoji="👍"))["code"] in {"invalid", "message_unknown"}
    async with stage.http((await stage.session())[1]) as http:
        for path in ("/api/rooms/%00", "/api/rooms/%00/qr.svg", "/api/knocks/%00"):
            answer = await http.get(path)
            assert answer.status_code < 500, f"{path}: {answer.text}"
    stranger = LocalClient(stage, place, await stage.identity(), "Nul")
    stranger.place = Place({"link": "a\0b", "pin": "", "url": ""}, place.id, place.creator)
    assert (await stranger.connect()).refused == "room_unknown"


@pytest.mark.feature("C1")
async def test_a_room_that_takes_long_keeps_no_other_waiting(stage: Stage) -> None:
    begun, enough = asyncio.Event(), asyncio.Event()

    async def long(work: Work) -> None:
        begun.set()
        await enough.wait()

    slow, quick = await stage.room(), await stage.room()
    waiting = [asyncio.create_task(stage.house.writer.run(slow.id, long))]
    await begun.wait()
    # What comes for the slow room waits in its lane.
    order: list[str] = []

    async def noted(name: str, place: Place) -> None:
        async def job(_work: Work) -> None:
            order.append(name)

        await stage.house.writer.run(place.id, job)

    waiting += [asyncio.create_task(noted(name, slow)) for name in ("first", "second")]
    await noted("other", quick)
    assert order == ["other"]
    enough.set()
    await asyncio.gather(*waiting)
    assert order == ["other", "first", "second"]


@pytest.mark.feature("C1")
async def test_rooms_that_wait_share_a_transaction(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    owners = [await stage.owner(await stage.room()) for _ in range(20)]
    transactions = 0
    begin = stage.house.storage.transaction

    def counted(**how: Any) -> Any:
        nonlocal transactions
        transactions += 1
        return begin(**how)

    monkeypatch.setattr(stage.house.storage, "transaction", counted)
    await asyncio.gather(*(owner.must("chat.send", body=f"{n}") for n in range(5) for owner in owners))
    await stage.settle()
    assert transactions < 20
    assert all(owner.said == [str(n) for n in range(5)] for owner in owners)


@pytest.mark.feature("R8")
async def test_connections_that_the_server_has_ended(stage: Stage, place: Place, owner: LocalClient, url: str) -> None:
    """Whoever finds one is told to try again, and finds a new one; nobody finds another of the old ones."""
    elsewhere = [await stage.owner(await stage.room()) for _ in range(8)]
    await asyncio.gather(*(client.must("chat.send", body="before") for client in (owner, *elsewhere)))
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = $1"
    await connection.fetch(ended, url.partition("?")[0].rpartition("/")[2])
    await connection.close()
    assert (await owner.ask("chat.send", id="again", body="after"))["code"] == "unavailable"
    answers = await asyncio.gather(
        owner.ask("chat.send", id="again", body="after"),
        *(client.ask("chat.send", body="after") for client in elsewhere),
    )
    assert all(answer["ok"] for answer in answers)
    assert owner.said == ["before", "after"]
