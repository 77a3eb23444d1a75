"""Knocking at a room's own door: one decision, for one person in one room, that nobody can go around."""

from __future__ import annotations

import asyncio

import pytest

from salon.people import knocks
from tests.admission.door import Visitor
from tests.support.house import LocalClient, Place, Stage
from tests.support.world import knocks as knocks_by_pin


@pytest.fixture
async def place(stage: Stage) -> Place:
    return await stage.room(admission="knock")


@pytest.mark.feature("R4")
async def test_accepted(stage: Stage, place: Place, owner: LocalClient) -> None:
    kim = await Visitor.come(stage, place)
    ticket = await kim.must_knock()
    assert (await owner.event("people.knocked"))["data"]["knock"]["name"] == "Kim"
    assert await kim.try_to_join() == "knock_required", "nobody goes in before the answer"
    waiting = asyncio.create_task(kim.wait(ticket))
    await asyncio.sleep(0)
    await owner.must("people.admit", knock=ticket)
    assert await waiting == {"state": "accepted", "link": place.link, "again_in": 0.0}
    assert await kim.way() == "open"
    inside = await kim.join()
    # From now on they are a member, and come back without knocking.
    await inside.must("people.leave")
    await stage.settle()
    assert await kim.try_to_join() is None


@pytest.mark.feature("R4")
async def test_an_acceptance_is_one_persons_in_one_room(stage: Stage, place: Place, owner: LocalClient) -> None:
    kim, lou = await Visitor.come(stage, place), await Visitor.come(stage, place)
    ticket = await kim.must_knock()
    await owner.must("people.admit", knock=ticket)
    assert (await lou.wait(ticket))["code"] == "knock_unknown"
    assert await lou.try_to_join() == "knock_required"
    elsewhere = await stage.room(admission="knock")
    await stage.owner(elsewhere, "Xenia")
    kim.place = elsewhere
    assert await kim.try_to_join() == "knock_required"


@pytest.mark.feature("R4", "R5")
@pytest.mark.parametrize("act", ["people.remove", "people.ban"])
async def test_no_acceptance_outlives_being_sent_out(stage: Stage, place: Place, owner: LocalClient, act: str) -> None:
    kim = await Visitor.come(stage, place)
    ticket = await kim.must_knock()
    await owner.must("people.admit", knock=ticket)
    inside = await kim.join()
    await owner.must(act, person=inside.me)
    await stage.settle()
    sent_out = "removed" if act == "people.remove" else "banned"
    assert (await kim.card())["code"] == sent_out
    assert (await kim.knock())["code"] == sent_out
    assert await kim.try_to_join() == sent_out
    assert (await owner.ask("people.admit", knock=ticket))["code"] == "knock_unknown"


@pytest.mark.feature("R4")
async def test_declined_and_asking_again_after_a_while(stage: Stage, place: Place, owner: LocalClient) -> None:
    kim = await Visitor.come(stage, place)
    first = await kim.must_knock()
    assert await kim.must_knock("Kim, again") == first, "one request at a time"
    await owner.must("people.decline", knock=first)
    told = await kim.wait(first)
    assert told == {"state": "declined", "link": place.link, "again_in": pytest.approx(60, abs=0.2)}
    assert await kim.try_to_join() == "knock_required"
    refused = await kim.knock()
    assert (refused["code"], refused["retry_after"]) == ("rate_limited", pytest.approx(60, abs=0.2))
    await stage.pass_time(61)
    second = await kim.must_knock()
    assert second != first
    # The old ticket tells of the old answer, and cannot be admitted any more.
    assert (await owner.ask("people.admit", knock=first))["code"] == "knock_unknown"
    await owner.must("people.decline", knock=second)
    assert (await kim.wait(second))["again_in"] == pytest.approx(120, abs=0.2), "longer each time"


@pytest.mark.feature("R4")
async def test_unanswered(stage: Stage, place: Place, owner: LocalClient) -> None:
    kim = await Visitor.come(stage, place)
    ticket = await kim.must_knock()
    await stage.pass_time(3 * 60 + 1)
    told = await kim.wait(ticket)
    assert told == {"state": "unanswered", "link": place.link, "again_in": pytest.approx(60, abs=0.2)}
    assert (await owner.event("people.knock_settled"))["data"]["outcome"] == "unanswered"
    assert (await owner.ask("people.admit", knock=ticket))["code"] == "knock_unknown"


@pytest.mark.feature("R4")
async def test_two_hosts_decide_at_the_same_moment(stage: Stage, place: Place, owner: LocalClient) -> None:
    carl = await Visitor.come(stage, place)
    await owner.must("people.admit", knock=await carl.must_knock("Carl"))
    cohost = await carl.join("Carl")
    await owner.must("people.role", person=cohost.me, role="cohost")
    await stage.settle()
    for _ in range(5):
        kim = await Visitor.come(stage, place)
        ticket = await kim.must_knock()
        answers = await asyncio.gather(
            owner.ask("people.admit", knock=ticket),
            cohost.ask("people.decline", knock=ticket),
            owner.ask("people.admit_all", knocks=[ticket]),
        )
        assert sorted(answer["ok"] for answer in answers) == [False, False, True]
        declined = answers[1]["ok"]
        assert (await kim.wait(ticket))["state"] == ("declined" if declined else "accepted")
        assert await kim.try_to_join() == ("knock_required" if declined else None)


@pytest.mark.feature("R4")
async def test_let_all_in_are_those_whom_the_host_saw(stage: Stage, place: Place, owner: LocalClient) -> None:
    crowd = [await Visitor.come(stage, place) for _ in range(5)]
    tickets = [await each.must_knock(f"Kim {number}") for number, each in enumerate(crowd)]
    await owner.must("people.decline", knock=tickets[0])
    await owner.must("people.admit_all", knocks=tickets[:4])
    assert [await each.try_to_join() for each in crowd] == ["knock_required", None, None, None, "knock_required"]
    waiting = (await owner.look())["features"]["people"]["hosts"]["knocks"]
    assert [each["id"] for each in waiting] == tickets[4:]
    assert (await owner.ask("people.admit_all", knocks=tickets[:4]))["code"] == "knock_unknown"


@pytest.mark.feature("R4")
@pytest.mark.parametrize(("rule", "state"), [("open", "accepted"), ("locked", "unanswered"), ("invited", "unanswered")])
async def test_nobody_waits_for_a_rule_that_is_gone(
    stage: Stage, place: Place, owner: LocalClient, rule: str, state: str
) -> None:
    kim = await Visitor.come(stage, place)
    ticket = await kim.must_knock()
    waiting = asyncio.create_task(kim.wait(ticket))
    await asyncio.sleep(0.05)
    await owner.must("rooms.update", admission=rule)
    async with asyncio.timeout(10):
        assert (await waiting)["state"] == state
    assert (await owner.look())["features"]["people"]["hosts"]["knocks"] == []


@pytest.mark.feature("R3", "R4")
async def test_an_acceptance_by_pin_opens_the_same_door(stage: Stage, place: Place, owner: LocalClient) -> None:
    """Over the limit of wrong PINs one knocks before one knows the room: once is enough."""
    kim = await Visitor.come(stage, place)
    stage.house.settings.pin_wrong_guesses_per_network = 1
    await kim.call("POST", "/api/pin", {"pin": "0000000000000"})
    _, tried = await kim.call("POST", "/api/pin", {"pin": place.pin})
    await kim.call("POST", f"/api/knocks/{tried['ticket']}", {"name": "Kim"})
    await owner.must("people.admit", knock=tried["ticket"])
    assert await kim.wait(tried["ticket"]) == {"state": "accepted", "link": place.link}
    assert await kim.try_to_join() is None


@pytest.mark.feature("R4")
async def test_a_locked_door_is_not_knocked_at(stage: Stage, place: Place, owner: LocalClient) -> None:
    await owner.must("rooms.update", admission="locked")
    kim = await Visitor.come(stage, place)
    assert (await kim.knock())["code"] == "room_locked"
    await owner.must("rooms.update", admission="open")
    ticket = await kim.must_knock()
    assert (await kim.wait(ticket))["state"] == "accepted", "there is nothing to ask"
    assert not owner.events("people.knocked")


@pytest.mark.feature("R4")
async def test_who_guesses_pins_does_not_displace_who_has_the_link(
    stage: Stage, place: Place, owner: LocalClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        await knocks_by_pin(stage, place, f"Guest {number}", address=f"198.51.100.{number}")
    monkeypatch.setattr(knocks, "WAITING_BY_LINK", 2)
    for _ in range(2):
        assert "ticket" in await (await Visitor.come(stage, place)).knock()
    refused = await (await Visitor.come(stage, place)).knock()
    assert (refused["code"], refused["retry_after"]) == ("rate_limited", 15.0)
    assert len(owner.events("people.knocked")) == 5


@pytest.mark.feature("R4", "P5")
async def test_who_signs_in_while_waiting_is_let_in_as_the_account(
    stage: Stage, place: Place, owner: LocalClient
) -> None:
    kim = await Visitor.come(stage, place)
    ticket = await kim.must_knock()
    await kim.sign_up("kim@example.org")
    await owner.must("people.admit", knock=ticket)
    assert (await kim.wait(ticket))["state"] == "accepted"
    assert await kim.try_to_join() is None


@pytest.mark.feature("R4")
async def test_an_acceptance_does_not_last_for_ever(stage: Stage, place: Place, owner: LocalClient) -> None:
    kim = await Visitor.come(stage, place)
    await owner.must("people.admit", knock=await kim.must_knock())
    await stage.pass_time(25 * 3600)
    owner = await stage.again(owner)
    assert await kim.way() == "knock"


@pytest.mark.feature("R4", "R8")
async def test_the_room_closes_while_somebody_waits(stage: Stage, place: Place, owner: LocalClient) -> None:
    kim = await Visitor.come(stage, place)
    ticket = await kim.must_knock()
    await owner.must("rooms.close")
    assert await kim.wait(ticket) == {"state": "unanswered", "link": None}
    assert (await kim.knock())["code"] == "room_closed"
