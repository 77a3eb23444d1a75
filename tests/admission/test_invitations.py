"""Invitations: pasted by hosts, matched with proven addresses only, known to hosts only."""

from __future__ import annotations

import pytest

from salon.core.accounts import email_address
from salon.core.invitations import MOST, invite, uninvite
from salon.rooms.guests import pasted_addresses
from tests.admission.door import Visitor
from tests.support.dump import places_of
from tests.support.house import LocalClient, Place, Stage


@pytest.fixture
async def place(stage: Stage) -> Place:
    return await stage.room(admission="invited")


async def labels(client: LocalClient) -> list[str]:
    hosts = (await client.look())["features"]["rooms"]["hosts"]
    return [each["label"] for each in hosts["invitations"]]


@pytest.mark.feature("R4")
async def test_a_proven_address_opens_the_door(stage: Stage, place: Place, owner: LocalClient) -> None:
    assert (await owner.must("rooms.invite", people="Ada <Ada@Example.org>"))["new"] == 1
    ada, eve = await Visitor.come(stage, place), await Visitor.come(stage, place)
    assert await ada.try_to_join() == "invited_only"
    await ada.sign_up("ada@example.org", proven=False)
    assert await ada.try_to_join() == "not_invited", "anybody could have written this address"
    await eve.sign_up("eve@example.org")
    assert await eve.try_to_join() == "not_invited"
    await owner.must("rooms.invite", people="eve@example.org")
    assert await eve.try_to_join() is None


@pytest.mark.feature("R4")
async def test_taking_back_takes_effect_at_once(stage: Stage, place: Place, owner: LocalClient) -> None:
    await owner.must("rooms.invite", people="ada@example.org ben@example.org")
    ada, ben = await Visitor.come(stage, place), await Visitor.come(stage, place)
    await ada.sign_up("ada@example.org")
    await ben.sign_up("ben@example.org")
    inside = await ada.join("Ada")
    ids = [each["id"] for each in (await owner.look())["features"]["rooms"]["hosts"]["invitations"]]
    await owner.must("rooms.uninvite", invitations=ids)
    assert await labels(owner) == []
    assert await ben.try_to_join() == "not_invited"
    await inside.must("chat.send", body="who is inside stays")
    await inside.must("people.leave")
    await stage.settle()
    assert await ada.try_to_join() == "not_invited"


@pytest.mark.feature("R4")
async def test_somebody_who_is_here_is_invited_without_an_account(
    stage: Stage, place: Place, owner: LocalClient
) -> None:
    await owner.must("rooms.update", admission="open")
    gil, lea = await stage.come(place, "Gil"), await stage.come(place, "Lea")
    await owner.must("rooms.update", admission="invited")
    await owner.must("rooms.invite_person", person=gil.me)
    await owner.must("rooms.invite_person", person=gil.me)
    assert await labels(owner) == ["Gil"]
    for client in (gil, lea):
        await client.must("people.leave")
        await stage.settle()
        await stage.again(client)
    assert (await gil.ask("people.join", name="Gil"))["ok"]
    assert (await lea.ask("people.join", name="Lea"))["code"] == "invited_only"
    assert (await owner.ask("rooms.invite_person", person=lea.me))["code"] == "person_unknown"


def test_addresses_are_pasted_in_many_ways() -> None:
    pasted = (
        'Ada L. <ada@example.org>, ben@example.org;cleo@example.org\r\n"Dan, the man" <DAN@example.org>\nnobody x@y\n\n'
    )
    found, unclear = pasted_addresses(pasted)
    assert [key for _, key in found] == ["ada@example.org", "ben@example.org", "cleo@example.org", "dan@example.org"]
    assert unclear == ["nobody", "x@y"]


@pytest.mark.feature("R4")
async def test_what_is_unclear_is_said_and_the_rest_is_invited(stage: Stage, place: Place, owner: LocalClient) -> None:
    answer = await owner.must("rooms.invite", people="ada@example.org nobody ADA@example.org")
    assert answer == {"ok": True, "new": 1, "unclear": ["nobody"]}
    assert await owner.must("rooms.invite", people="ada@example.org") == {"ok": True, "new": 0, "unclear": []}
    assert (await owner.ask("rooms.invite", people=" ,; "))["code"] == "email_invalid"
    many = "\n".join(f"p{number}@example.org" for number in range(MOST - 1))
    assert (await owner.must("rooms.invite", people=many))["new"] == MOST - 1
    assert (await owner.ask("rooms.invite", people="one.more@example.org"))["field"] == "people"


@pytest.mark.feature("R4")
async def test_only_hosts_know_who_is_invited(stage: Stage, place: Place, owner: LocalClient) -> None:
    await owner.must("rooms.update", admission="open")
    gil = await stage.come(place, "Gil")
    await owner.must("rooms.update", admission="invited")
    await owner.must("rooms.invite", people="ada.secret@example.org")
    assert "ada.secret" not in str(gil.got) + str(await gil.look())
    assert (await gil.ask("rooms.invite", people="gil@example.org"))["code"] == "forbidden"
    await owner.must("people.role", person=gil.me, role="cohost")
    await stage.settle()
    assert await labels(gil) == ["ada.secret@example.org"]


@pytest.mark.feature("R4", "R6")
async def test_other_features_invite_and_hosts_see_it(stage: Stage, place: Place, owner: LocalClient) -> None:
    ada, ben = email_address("Ada@example.org"), email_address("ben@example.org")
    new = await stage.house.writer.run(place.id, lambda work: invite(work, place.id, [ada, ben, ada]))
    assert new == 2
    assert sorted(await labels(owner)) == ["Ada@example.org", "ben@example.org"]
    assert len((await owner.event("rooms.invited"))["data"]["invitations"]) == 2
    gone = await stage.house.writer.run(place.id, lambda work: uninvite(work, place.id, ["ada@example.org"]))
    assert gone == 1
    assert await labels(owner) == ["ben@example.org"]


@pytest.mark.feature("R4", "P2")
async def test_a_deleted_account_is_invited_nowhere(stage: Stage, place: Place, owner: LocalClient) -> None:
    await owner.must("rooms.invite", people="ada.gone@example.org ben@example.org")
    ada = await Visitor.come(stage, place)
    await ada.sign_up("ada.gone@example.org")
    status, answer = await ada.call("DELETE", "/api/account", {"password": "correct horse battery"})
    assert status == 200, answer
    await stage.settle()
    assert await labels(owner) == ["ben@example.org"]
    assert await places_of(stage.house.storage, "ada.gone") == []


@pytest.mark.feature("R4", "R8")
async def test_a_closed_room_forgets_whom_it_was_for(stage: Stage, place: Place, owner: LocalClient) -> None:
    await owner.must("rooms.invite", people="ada.gone@example.org")
    await owner.must("rooms.close")
    assert await places_of(stage.house.storage, "ada.gone") == []
