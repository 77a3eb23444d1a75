"""Somebody who is in the call signs in, or has their account deleted."""

from __future__ import annotations

import pytest

from salon.call.tables import CallHold, CallSeat
from tests.accounts.support import PASSWORD
from tests.accounts.test_adoption import both, sign_in
from tests.call.support import call, join, line, one, people
from tests.support.dump import dump
from tests.support.house import LocalClient, Place, Stage


@pytest.fixture
async def host(stage: Stage, place: Place) -> LocalClient:
    return await stage.owner(place)


@pytest.mark.feature("P5", "M8")
async def test_the_call_goes_on_for_who_signs_in(stage: Stage, place: Place, host: LocalClient) -> None:
    _, away, own, guest = await both(stage, place)
    part = await join(guest, "page")
    await guest.must("call.hand", up=True)
    await sign_in(stage, away, guest)
    now = await one(host, own)
    assert (now["id"], now["there"]) == (part["id"], False)
    back = (await guest.must("call.join", line=line("page"), anew=False, microphone=True))["participant"]
    assert (back["id"], back["epoch"], back["person"]) == (part["id"], 1, own.me)
    assert back["hand_at"] is not None


@pytest.mark.feature("P5")
async def test_of_two_places_one_stays(stage: Stage, place: Place, host: LocalClient) -> None:
    _, away, own, guest = await both(stage, place)
    first = await join(own, "device")
    await join(guest, "page")
    await sign_in(stage, away, guest)
    assert [each["id"] for each in (await call(host))["participants"]] == [first["id"]]
    assert (await guest.ask("call.join", line=line("page")))["code"] == "call_elsewhere"
    await own.must("call.media", camera=False)


@pytest.mark.feature("P5")
async def test_a_place_that_is_only_kept_gives_way(stage: Stage, place: Place, host: LocalClient) -> None:
    _, away, own, guest = await both(stage, place)
    await join(own, "device")
    await own.must("call.hand", up=True)
    own.lose()
    await stage.pass_time(6)
    part = await join(guest, "page")
    await sign_in(stage, away, guest)
    assert [each["id"] for each in (await call(host))["participants"]] == [part["id"]]


@pytest.mark.feature("P5", "R5")
async def test_signing_in_lets_go_of_nothing(stage: Stage, place: Place, host: LocalClient) -> None:
    _, away, own, guest = await both(stage, place)
    await host.must("call.hold", person=guest.me, what="microphone", on=True)
    await host.must("call.hold", person=own.me, what="camera", on=True)
    await join(guest, "page")
    await sign_in(stage, away, guest)
    assert (await call(host))["holds"] == [{"person": own.me, "what": ["microphone", "camera"]}]
    assert (await one(host, own))["held"] == ["microphone", "camera"]


@pytest.mark.feature("P2")
async def test_a_deleted_account_leaves_nothing(stage: Stage, place: Place, host: LocalClient) -> None:
    person, _, own, _ = await both(stage, place)
    await host.must("call.hold", person=own.me, what="camera", on=True)
    await join(own, "page")
    assert own.me in await people(host)
    await person.must("DELETE", "/account", {"password": PASSWORD})
    await stage.settle()
    assert await people(host) == []
    rows = await dump(stage.house.storage)
    assert [rows[table.__tablename__] for table in (CallSeat, CallHold)] == [[], []]
