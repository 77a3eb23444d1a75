"""Nothing of a room reaches who may not come in: every byte that they get is searched for what is planted inside."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from salon.core.dispatch import Context
from tests.admission.door import Visitor
from tests.support.house import LocalClient, Place, Stage

NAME, PERSON, LINE = "Xanadu-Planning", "Quintilla", "collects-theremins"
MESSAGE, FRIEND, GROUP, SIGN = "the-vault-opens-at-nine", "zelda@example.org", "illuminati", "swordfish-password"
PEOPLE = 7
SECRETS = (NAME, PERSON, LINE, MESSAGE, "zelda", GROUP, SIGN, "argon2")

SITUATIONS = ("waiting", "declined", "unanswered", "uninvited", "signed_in_uninvited", "locked_out", "password_less")


@pytest.fixture
async def place(stage: Stage) -> Place:
    return await stage.room(name=NAME, preset="drop")


@pytest.fixture
async def owner(stage: Stage, place: Place) -> LocalClient:
    owner = await stage.come(place, PERSON, identity=place.creator, about=LINE)
    await stage.crowd(place, [f"{PERSON} the {number}th" for number in range(2, PEOPLE + 1)])
    await owner.must("chat.send", body=MESSAGE)
    await owner.must("rooms.invite", people=FRIEND)
    await owner.must("rooms.update", groups=[GROUP], capacity=PEOPLE)
    return owner


async def put_outside(stage: Stage, place: Place, owner: LocalClient, situation: str) -> Visitor:
    """Somebody in this situation, who has done all that led to it."""
    kim = await Visitor.come(stage, place)
    rules = {"waiting": "knock", "declined": "knock", "unanswered": "knock", "locked_out": "locked"}
    if situation == "password_less":
        http = stage.http(await token_of(stage, place), address="203.0.113.9")
        async with http:
            answer = await http.put(f"/api/rooms/{place.link}/password", json={"password": SIGN})
            assert answer.status_code == 200, answer.text
        await kim.password("sword")
    else:
        await owner.must("rooms.update", admission=rules.get(situation, "invited"))
    if situation == "signed_in_uninvited":
        await kim.sign_up("kim@example.org")
    if rules.get(situation) == "knock":
        ticket = await kim.must_knock()
        if situation == "declined":
            await owner.must("people.decline", knock=ticket)
        if situation == "unanswered":
            await stage.pass_time(200)
        if situation != "waiting":
            await kim.wait(ticket)
    return kim


async def token_of(stage: Stage, place: Place) -> str:
    """A further session of the room's owner."""

    async def begin(work: object) -> str:
        return stage.house.sessions.begin(work, place.creator, bearer=True).token  # type: ignore[arg-type]

    return await stage.house.writer.run("", begin)


@pytest.mark.feature("R4")
@pytest.mark.parametrize("situation", SITUATIONS)
async def test_nothing_of_the_room_reaches_them(stage: Stage, place: Place, owner: LocalClient, situation: str) -> None:
    kim = await put_outside(stage, place, owner, situation)
    # All that one can try, while the room goes on.
    in_lobby = await kim.connect()
    await owner.must("chat.send", body=f"{MESSAGE}, really")
    await owner.must("rooms.update", name=f"{NAME} II")
    await owner.must("people.update", name=f"{PERSON} the first")
    for path in (
        f"/api/rooms/{place.link}",
        f"/api/rooms/{place.link}/qr.svg",
        f"/api/rooms/{place.link}/export/chat.txt",
        f"/api/rooms/{place.link}/export/people.txt",
        f"/api/rooms/{place.link}/export/archive.zip",
        f"/api/files/{place.link}/everything.zip",
        f"/r/{place.link}",
    ):
        await kim.call("GET", path)
    await kim.call("POST", "/api/pin", {"pin": place.pin})
    await kim.knock()
    await kim.password("wrong")
    for word, payload in (
        ("people.join", {"name": "Kim"}),
        ("people.join", {"name": PERSON[:-1]}),
        ("chat.send", {"body": "hello"}),
        ("chat.history", {}),
        ("chat.search", {"text": "vault"}),
        ("people.update", {"about": "x"}),
        ("rooms.known_groups", {}),
        ("rooms.update", {"admission": "open"}),
    ):
        answer = await in_lobby.ask(word, **payload)
        assert not answer["ok"], (word, answer)
        kim.heard.append(str(answer))
    await stage.settle()
    heard = kim.everything
    assert [secret for secret in (*SECRETS, place.pin) if secret.lower() in heard.lower()] == []
    # Nor how many there are, or may be.
    card = await kim.card()
    assert card == {
        "way": card["way"],
        "theme": "linen",
        "name": None,
        "preset": None,
        "people": None,
        "member": False,
        "person_name": None,
    }
    assert card["way"] != "open"
    assert in_lobby.kinds == ["lobby"]
    assert in_lobby.got[0][1] == {"room": card}
    assert f" {PEOPLE} " not in heard.replace(",", " ")


@pytest.mark.feature("R4", "R5")
@pytest.mark.parametrize("act", ["people.remove", "people.ban"])
async def test_nor_those_who_were_sent_out(stage: Stage, place: Place, owner: LocalClient, act: str) -> None:
    kim = await Visitor.come(stage, place, address="198.51.100.9")
    await owner.must("rooms.update", capacity=None)
    inside = await kim.join()
    await owner.must(act, person=inside.me)
    await stage.settle()
    inside.forget()
    kim.heard.clear()
    await owner.must("chat.send", body=f"{MESSAGE}, really")
    card = await kim.card()
    assert card["code"] in {"removed", "banned"}
    await kim.knock()
    await kim.call("GET", f"/api/rooms/{place.link}/export/chat.txt")
    assert (await kim.connect()).refused == card["code"]
    assert [secret for secret in SECRETS if secret in kim.everything] == []


@pytest.mark.feature("R4")
async def test_how_full_it_is_learns_only_who_may_come_in(stage: Stage, place: Place, owner: LocalClient) -> None:
    kim = await Visitor.come(stage, place)
    assert await kim.try_to_join() == "room_full"
    await owner.must("rooms.update", admission="knock")
    assert await kim.try_to_join() == "knock_required"


@pytest.mark.feature("R4", "R7")
async def test_the_list_of_visited_rooms_counts_nobody_behind_a_closed_door(
    stage: Stage, place: Place, owner: LocalClient
) -> None:
    await owner.must("rooms.update", capacity=None)
    kim = await Visitor.come(stage, place)
    inside = await kim.join()
    await inside.must("people.leave")
    await stage.settle()
    for rule, people in (("open", PEOPLE), ("locked", 0)):
        await owner.must("rooms.update", admission=rule)
        _, visited = await kim.call("GET", "/api/me/rooms?which=visited")
        assert [room["people"] for room in visited["rooms"]] == [people], visited


@pytest.mark.feature("R4", "P4")
async def test_a_member_at_the_door_neither_hears_signals_nor_is_heard(
    stage: Stage, place: Place, owner: LocalClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between connecting and being refused, a connection of a member who was away is as deaf as any other outside."""
    await owner.must("rooms.update", capacity=None)
    gil = await stage.come(place, "Gil")
    gil.lose()
    await stage.pass_time(30)
    await owner.must("rooms.update", admission="locked")
    await stage.settle()
    owner.forget()
    back = LocalClient(stage, place, gil.identity, "Gil")
    decide, asked, may_decide = stage.house.dispatcher.system, asyncio.Event(), asyncio.Event()

    async def take_time(room_id: str, job: Callable[[Context], Awaitable[Any]]) -> Any:
        asked.set()
        await may_decide.wait()
        return await decide(room_id, job)

    monkeypatch.setattr(stage.house.dispatcher, "system", take_time)
    coming = asyncio.create_task(back.connect())
    await asked.wait()
    owner.tell("chat.typing")
    owner.tell("chat.typing", peer=gil.me)
    back.tell("chat.typing")
    back.tell("presence.level", away=True, probe=7)
    may_decide.set()
    await coming
    await stage.settle()
    assert back.refused == "room_locked"
    assert back.got == []
    assert not [kind for kind, data in owner.got if kind == "signal" and gil.me in str(data)]
