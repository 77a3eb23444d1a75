"""Who comes in late, or comes back, knows what is under way, and which device they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from salon.core.clock import ManualClock
from tests.files.conftest import Table
from tests.files.support import TUS, Person, owner_of, person, traffic
from tests.support.house import LocalClient, Stage, open_stage


def coming(client: LocalClient) -> dict[str, tuple[int, bool]]:
    """What the first word about uploads says: how far each is, and whether it moves."""
    told = client.signals("files.progress")[0]["data"]
    assert told["over"] == []
    return {each["id"]: (each["offset"], each["moving"]) for each in told["uploads"]}


def own_name(file: str) -> str:
    return file.rpartition("/")[2]


@pytest.mark.feature("D2", "D5")
async def test_who_comes_late_sees_what_is_under_way(table: Table, stage: Stage) -> None:
    address = await table.ann.begun(10, "film.mkv")
    await table.ann.send(address, 0, b"12345")
    done = await table.ann.drop(b"done")
    secret = await table.ann.begun(10, to=table.ben.me)
    await stage.settle()
    late = await person(stage, table.place, "Late")
    await stage.settle()
    assert coming(late.client) == {own_name(address): (5, False)}
    assert done not in coming(late.client)
    # Both sides of what is for one know of it when they come back, and nobody else does.
    for client, knows in ((table.ann.client, True), (table.ben.client, True), (table.host.client, False)):
        again = await stage.again(client)
        await stage.settle()
        assert (own_name(secret) in coming(again)) is knows
    # A page says its name when it is there to listen: it may have missed the first word.
    late.client.forget()
    late.client.tell("files.device", name="phone")
    await stage.settle()
    assert coming(late.client) == {own_name(address): (5, False)}
    await table.ann.send(address, 5, b"67890")
    later = await person(stage, table.place, "Later")
    await stage.settle()
    assert later.client.signals("files.progress") == []


@pytest.mark.feature("D2")
async def test_what_was_begun_and_got_no_byte_does_not_move(table: Table, stage: Stage) -> None:
    """As by a page that was loaded anew in between: it looks for what was cut off among what does not move."""
    address = await table.ann.begun(10)
    await stage.settle()
    late = await person(stage, table.place, "Late")
    await stage.settle()
    assert coming(late.client) == {own_name(address): (0, False)}


@pytest.mark.feature("D2")
async def test_after_a_restart_too(tmp_path: Path, at_once: None) -> None:
    clock = ManualClock()
    async with open_stage(tmp_path, clock=clock) as stage:
        host = await owner_of(stage, await stage.room("drop"))
        address = await host.begun(10)
        await host.send(address, 0, b"1234")
        waiting = await host.begun(10)
    async with open_stage(tmp_path, clock=clock) as stage:
        back = await stage.come_back(host.client)
        await stage.settle()
        assert coming(back) == {own_name(address): (4, False), own_name(waiting): (0, False)}
        again = Person(stage, host.place, back, "")
        again.http = stage.http(host.http.headers["authorization"].removeprefix("Bearer "))
        assert (await again.send(address, 4, b"567890")).status_code == 204
        assert (await again.http.delete(waiting, headers=TUS)).status_code == 204
        late = await stage.again(back)
        await stage.settle()
        assert late.signals("files.progress") == []


@pytest.mark.feature("D5")
async def test_what_a_guest_is_sending_is_theirs_after_they_signed_in(table: Table, stage: Stage) -> None:
    known = traffic(stage).progress
    address = await table.ann.begun(10, to=table.ben.me)
    known.adopt(table.place.id, table.ann.me, table.host.me)
    await stage.settle()
    (told,) = table.host.client.signals("files.progress")[-1]["data"]["uploads"]
    assert (told["id"], told["author"], told["to"]) == (own_name(address), table.host.me, table.ben.me)


def me(client: LocalClient) -> Any:
    return client.signals("files.devices")[-1]["data"]["me"]


@pytest.mark.feature("P3", "D8")
async def test_a_connection_is_told_which_device_it_is(table: Table, stage: Stage) -> None:
    phone = await stage.again(table.ben.client, device="phone")
    phone.tell("files.device", name="Same name")
    table.ben.client.tell("files.device", name="Same name")
    await stage.settle()
    listed = {each["id"]: each["kind"] for each in phone.signals("files.devices")[-1]["data"]["devices"]}
    assert (listed[me(phone)], listed[me(table.ben.client)]) == ("phone", "desktop")
    assert me(table.ann.client) is None
    # Who comes in knows them at once.
    late = await person(stage, table.place, "Late")
    await stage.settle()
    (told,) = late.client.signals("files.devices")
    assert {each["id"]: each["kind"] for each in told["data"]["devices"]} == listed
    assert told["data"]["me"] is None
    phone.tell("files.device", name="")
    await stage.settle()
    assert me(phone) is None
    table.ben.client.tell("files.device", name="")
    await stage.settle()
    assert late.client.signals("files.devices")[-1]["data"]["devices"] == []
    latest = await person(stage, table.place, "Latest")
    await stage.settle()
    assert latest.client.signals("files.devices") == []
