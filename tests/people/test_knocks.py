"""Knocking: a host decides, once, and the one who waits sees which."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from salon.people import http_door
from tests.support.dump import places_of
from tests.support.house import LocalClient, Place, Stage


class Knocker:
    """Somebody who has a ticket for the door of a room."""

    def __init__(self, stage: Stage, token: str, ticket: str, address: str) -> None:
        self._stage = stage
        self._token = token
        self.ticket = ticket
        self._address = address

    @classmethod
    async def come(cls, stage: Stage, place: Place, number: int = 1) -> Knocker:
        address = f"198.51.100.{number}"
        stage.house.settings.pin_wrong_guesses_per_network = 1
        _, token = await stage.session()
        async with stage.http(token, address=address) as http:
            await http.post("/api/pin", json={"pin": "00000000000000"})
            answer = (await http.post("/api/pin", json={"pin": place.pin})).json()
        return cls(stage, token, answer["ticket"], address)

    async def ask(self, name: str = "Kim") -> dict[str, object]:
        async with self._stage.http(self._token, address=self._address) as http:
            answer = await http.post(f"/api/knocks/{self.ticket}", json={"name": name, "about": "from the bakery"})
            said: dict[str, object] = answer.json()
            return said

    async def wait(self) -> dict[str, object]:
        async with self._stage.http(self._token, address=self._address) as http:
            said: dict[str, object] = (await http.get(f"/api/knocks/{self.ticket}")).json()
            return said


@pytest.mark.feature("R3")
async def test_accepted(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    kim = await Knocker.come(stage, place)
    assert (await kim.wait())["state"] == "new"
    assert (await kim.ask())["state"] == "waiting"
    told = (await owner.event("people.knocked"))["data"]["knock"]
    assert told == {"id": kim.ticket, "name": "Kim", "about": "from the bakery", "at": told["at"]}
    assert (await owner.look())["features"]["people"]["hosts"]["knocks"] == [told]
    waiting = asyncio.create_task(kim.wait())
    await asyncio.sleep(0)
    await owner.must("people.admit", knock=kim.ticket)
    assert await waiting == {"state": "accepted", "link": place.link}
    assert await kim.wait() == {"state": "accepted", "link": place.link}
    assert (await owner.event("people.knock_settled"))["data"] == {"knock": kim.ticket, "outcome": "accepted"}
    assert (await owner.look())["features"]["people"]["hosts"]["knocks"] == []
    assert not guest.events("people.knocked", "people.knock_settled"), "only hosts are told"


@pytest.mark.feature("R3")
async def test_declined(stage: Stage, place: Place, owner: LocalClient) -> None:
    kim = await Knocker.come(stage, place)
    await kim.ask()
    await owner.must("people.decline", knock=kim.ticket)
    assert await kim.wait() == {"state": "declined", "link": None}
    # Neither side changes it afterwards.
    assert (await kim.ask("Kim again"))["state"] == "declined"
    assert (await owner.ask("people.admit", knock=kim.ticket))["code"] == "knock_unknown"
    assert await kim.wait() == {"state": "declined", "link": None}


@pytest.mark.feature("R3")
async def test_unanswered(stage: Stage, place: Place, owner: LocalClient) -> None:
    kim = await Knocker.come(stage, place)
    # Typing a name takes a while; the hosts have three minutes from the knock.
    stage.clock.advance(seconds=100)
    await kim.ask()
    waiting = asyncio.create_task(kim.wait())
    await asyncio.sleep(0.05)
    # The page is open all the time: whoever closes it is gone sooner (test_waiting.py).
    stage.clock.advance(seconds=170)
    await stage.house.sweep()
    assert not owner.events("people.knock_settled")
    stage.clock.advance(seconds=20)
    await stage.house.sweep()
    assert await waiting == {"state": "unanswered", "link": None}
    assert (await owner.event("people.knock_settled"))["data"]["outcome"] == "unanswered"
    assert (await owner.ask("people.admit", knock=kim.ticket))["code"] == "knock_unknown"


@pytest.mark.feature("R3")
async def test_two_hosts_decide_at_once(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    await owner.must("people.role", person=guest.me, role="cohost")
    await stage.settle()
    for round_number in range(5):
        kim = await Knocker.come(stage, place, round_number)
        await kim.ask()
        answers = await asyncio.gather(
            owner.ask("people.admit", knock=kim.ticket), guest.ask("people.decline", knock=kim.ticket)
        )
        assert sorted(answer["ok"] for answer in answers) == [False, True]
        outcome = "accepted" if answers[0]["ok"] else "declined"
        assert next(answer for answer in answers if not answer["ok"])["code"] == "knock_unknown"
        assert (await kim.wait())["state"] == outcome
        settled = [event["data"] for event in owner.events("people.knock_settled")]
        assert [each for each in settled if each["knock"] == kim.ticket] == [{"knock": kim.ticket, "outcome": outcome}]


@pytest.mark.feature("R3")
async def test_tickets_belong_to_who_got_them(stage: Stage, place: Place, owner: LocalClient) -> None:
    kim, lou = await Knocker.come(stage, place, 1), await Knocker.come(stage, place, 2)
    lou.ticket, own = kim.ticket, lou.ticket
    assert (await lou.wait())["code"] == "knock_unknown"
    assert (await lou.ask())["code"] == "knock_unknown"
    assert not owner.events("people.knocked")
    lou.ticket = own
    assert (await lou.ask())["state"] == "waiting"


@pytest.mark.feature("R3")
async def test_hosts_of_another_room_decide_nothing(stage: Stage, place: Place, owner: LocalClient) -> None:
    elsewhere = await stage.room()
    stranger = await stage.owner(elsewhere, "Xenia")
    kim = await Knocker.come(stage, place)
    await kim.ask()
    for word in ("people.admit", "people.decline"):
        assert (await stranger.ask(word, knock=kim.ticket))["code"] == "knock_unknown"
    assert not stranger.events("people.knocked")
    await owner.must("people.admit", knock=kim.ticket)


@pytest.mark.feature("R3")
async def test_a_ticket_that_has_not_knocked_cannot_be_admitted(stage: Stage, place: Place, owner: LocalClient) -> None:
    kim = await Knocker.come(stage, place)
    assert (await owner.ask("people.admit", knock=kim.ticket))["code"] == "knock_unknown"


@pytest.mark.feature("R3")
async def test_hosts_are_spared_a_crowd(stage: Stage, place: Place, owner: LocalClient) -> None:
    crowd = [await Knocker.come(stage, place, number) for number in range(25)]
    for number, each in enumerate(crowd):
        assert (await each.ask(f"Kim {number}"))["state"] == "waiting"
    assert len(owner.events("people.knocked")) == 20
    assert len((await owner.look())["features"]["people"]["hosts"]["knocks"]) == 20


@pytest.mark.feature("R3", "R8")
async def test_the_room_closes_while_somebody_waits(stage: Stage, place: Place, owner: LocalClient) -> None:
    kim, lou = await Knocker.come(stage, place, 1), await Knocker.come(stage, place, 2)
    await kim.ask()
    await lou.ask()
    await owner.must("people.admit", knock=kim.ticket)
    waiting = asyncio.create_task(lou.wait())
    await asyncio.sleep(0.05)
    await owner.must("rooms.close")
    # At once: nobody waits for the twenty seconds of a question to be over.
    async with asyncio.timeout(10):
        for said in (await waiting, await kim.wait(), await lou.wait()):
            assert said == {"state": "unanswered", "link": None}
    assert await places_of(stage.house.storage, "bakery") == []


@pytest.mark.feature("R3")
async def test_a_decision_between_looking_and_waiting_is_not_missed(
    stage: Stage, place: Place, owner: LocalClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    kim = await Knocker.come(stage, place)
    await kim.ask()
    look = http_door._state

    async def look_and_dawdle(*arguments: Any) -> http_door.KnockState:
        state = await look(*arguments)
        if state.state == "waiting":
            await owner.must("people.admit", knock=kim.ticket)
        return state

    monkeypatch.setattr(http_door, "_state", look_and_dawdle)
    async with asyncio.timeout(10):
        assert (await kim.wait())["state"] == "accepted"
    assert not stage.house.bells._waiting, "nothing is left behind"
