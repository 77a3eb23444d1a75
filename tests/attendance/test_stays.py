"""Stays: true across short losses, reconnects, several devices, and the death of the server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select

from salon.attendance.tables import Stay
from salon.core.clock import ManualClock
from tests.support.house import LocalClient, Place, Stage, open_stage

SECOND = 1000


async def people(host: LocalClient) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in (await host.must("attendance.list"))["people"]}


async def stays(stage: Stage) -> list[Stay]:
    async with stage.house.storage.read() as session:
        return list((await session.execute(select(Stay).order_by(Stay.joined_at, Stay.id))).scalars())


@pytest.mark.feature("R11")
async def test_coming_and_leaving_is_written_down(
    stage: Stage, place: Place, owner: LocalClient, guest: LocalClient
) -> None:
    began = stage.clock.now()
    await stage.pass_time(90)
    await guest.must("people.leave")
    await stage.pass_time(30)
    seen = await people(owner)
    assert list(seen) == ["Olga", "Gil"]
    gil = seen["Gil"]
    assert gil["person"] == guest.me
    assert (gil["stays"], gil["devices"], gil["since"], gil["lost"]) == (1, ["desktop"], None, False)
    assert abs(gil["total_ms"] - 90 * SECOND) <= 100
    assert abs(gil["last_left"] - (began + 90 * SECOND)) <= 100
    olga = seen["Olga"]
    assert olga["last_left"] is None
    assert olga["since"] == olga["first_joined"]
    assert abs(olga["total_ms"] - 120 * SECOND) <= 100


@pytest.mark.feature("R11")
async def test_a_short_loss_is_one_stay(stage: Stage, owner: LocalClient, guest: LocalClient) -> None:
    await stage.pass_time(30)
    guest.lose()
    await stage.pass_time(15)
    assert (await people(owner))["Gil"]["lost"] is True
    assert abs((await people(owner))["Gil"]["total_ms"] - 30 * SECOND) <= 100
    back = await stage.again(guest)
    gil = (await people(owner))["Gil"]
    assert (gil["stays"], gil["lost"]) == (1, False)
    assert abs(gil["total_ms"] - 45 * SECOND) <= 100
    await stage.pass_time(15)
    await back.must("people.leave")
    assert abs((await people(owner))["Gil"]["total_ms"] - 60 * SECOND) <= 100
    assert [each.lost_at for each in await stays(stage)] == [None, None]


@pytest.mark.feature("R11")
async def test_a_stay_that_ends_by_the_grace_ended_when_the_connection_was_lost(
    stage: Stage, owner: LocalClient, guest: LocalClient
) -> None:
    await stage.pass_time(30)
    guest.lose()
    await stage.settle()
    lost = stage.clock.now()
    await stage.pass_time(15)
    await stage.pass_time(6)
    gil = (await people(owner))["Gil"]
    assert abs(gil["last_left"] - lost) <= 100
    assert abs(gil["total_ms"] - 30 * SECOND) <= 100
    # Coming back later is a second stay.
    await stage.pass_time(60)
    await stage.again(guest)
    await stage.pass_time(10)
    gil = (await people(owner))["Gil"]
    assert (gil["stays"], gil["last_left"]) == (2, None)
    assert abs(gil["total_ms"] - 40 * SECOND) <= 100


@pytest.mark.feature("R11")
async def test_several_devices_are_one_stay(stage: Stage, owner: LocalClient, guest: LocalClient) -> None:
    phone = await stage.again(guest, device="phone")
    tab = await stage.again(guest, device="phone")
    guest.lose()
    tab.lose()
    await stage.pass_time(40)
    assert (await people(owner))["Gil"]["devices"] == ["desktop", "phone"]
    assert (await people(owner))["Gil"]["lost"] is False
    await phone.must("people.leave")
    assert [len(await stays(stage)), (await people(owner))["Gil"]["stays"]] == [2, 1]


@pytest.mark.feature("R11")
async def test_the_last_name_of_a_stay_counts(stage: Stage, owner: LocalClient, guest: LocalClient) -> None:
    await guest.must("people.update", name="Gilbert")
    assert "Gilbert" in await people(owner)


@pytest.mark.feature("R11")
async def test_somebody_sent_out_while_lost_was_here_until_lost(
    stage: Stage, owner: LocalClient, guest: LocalClient
) -> None:
    await stage.pass_time(10)
    guest.lose()
    await stage.pass_time(5)
    await owner.must("people.remove", person=guest.me)
    assert abs((await people(owner))["Gil"]["total_ms"] - 10 * SECOND) <= 100


@pytest.mark.feature("R11", "R8")
async def test_a_server_that_died_counts_until_the_last_heartbeat(tmp_path: Path, at_once: None) -> None:
    clock = ManualClock()
    async with open_stage(tmp_path, clock=clock) as stage:
        place = await stage.room()
        owner, gil = await stage.owner(place), await stage.come(place, "Gil")
        began = clock.now()
        await stage.pass_time(46)
        beaten = clock.now()
        clock.advance(seconds=20)
    clock.advance(seconds=300)
    async with open_stage(tmp_path, clock=clock) as stage:
        back = await stage.come_back(owner)
        await stage.pass_time(19)
        seen = await people(back)
        assert (seen["Olga"]["lost"], seen["Gil"]["lost"]) == (False, True)
        await stage.pass_time(2)
        seen = await people(back)
        # Olga came back within the grace: one stay, the outage included.
        assert (seen["Olga"]["stays"], seen["Olga"]["last_left"]) == (1, None)
        assert abs(seen["Olga"]["total_ms"] - (clock.now() - began)) <= 200
        assert abs(seen["Gil"]["last_left"] - beaten) <= 100
        assert abs(seen["Gil"]["total_ms"] - 46 * SECOND) <= 100
        await stage.come_back(gil)
        await stage.pass_time(5)
        assert (await people(back))["Gil"]["stays"] == 2


@pytest.mark.feature("R11", "R8")
async def test_who_comes_back_after_a_restart_and_leaves_was_here_until_then(tmp_path: Path, at_once: None) -> None:
    clock = ManualClock()
    async with open_stage(tmp_path, clock=clock) as stage:
        place = await stage.room()
        owner, gil = await stage.owner(place), await stage.come(place, "Gil")
        await stage.pass_time(50)
    async with open_stage(tmp_path, clock=clock) as stage:
        back, gil = await stage.come_back(owner), await stage.come_back(gil)
        clock.advance(seconds=5)
        await gil.must("people.leave")
        assert abs((await people(back))["Gil"]["total_ms"] - 55 * SECOND) <= 200


@pytest.mark.feature("R11")
async def test_the_heartbeat_is_one_statement_for_everyone(
    stage: Stage, place: Place, owner: LocalClient, guest: LocalClient
) -> None:
    said: list[str] = []
    engine = stage.house.storage._writer.sync_engine
    event.listen(engine, "before_cursor_execute", lambda _c, _cur, text, *_: said.append(text))
    await stage.pass_time(46)
    beats = [text for text in said if "SET last_seen_at" in text]
    assert len(beats) == 1
    assert {each.last_seen_at for each in await stays(stage)} == {(await stays(stage))[0].last_seen_at}
    assert abs((await stays(stage))[0].last_seen_at - stage.clock.now()) <= 100
    # Who is lost is not seen.
    guest.lose()
    await stage.settle()
    lost = stage.clock.now()
    stage.clock.advance(seconds=10)
    await stage.house.sweep()
    stage.clock.advance(seconds=5)
    await stage.house.sweep()
    assert abs(next(each for each in await stays(stage) if each.member_id == guest.me).last_seen_at - lost) <= 100


@pytest.mark.feature("R11")
async def test_a_crowd_is_written_in_few_statements(tmp_path: Path, clean: None) -> None:
    async with open_stage(tmp_path) as stage:
        place = await stage.room()
        owner = await stage.owner(place)
        said: list[str] = []
        engine = stage.house.storage._writer.sync_engine
        event.listen(engine, "before_cursor_execute", lambda _c, _cur, text, *_: said.append(text))
        await stage.crowd(place, [f"Person {number}" for number in range(200)])
        inserts = [text for text in said if text.startswith("INSERT INTO attendance_stays")]
        told = [each for each in owner.events("people.changed") if each["data"]["joined"]]
        assert 0 < len(inserts) <= len(told) + 1
        assert len(await stays(stage)) == 201


@pytest.mark.feature("R11")
async def test_a_closed_room_keeps_nothing(stage: Stage, owner: LocalClient, guest: LocalClient) -> None:
    await owner.must("rooms.close")
    assert await stays(stage) == []


@pytest.mark.feature("R11")
async def test_participants_never_see_it(stage: Stage, place: Place, owner: LocalClient, guest: LocalClient) -> None:
    assert (await guest.ask("attendance.list"))["code"] == "forbidden"
    await owner.must("people.role", person=guest.me, role="cohost")
    await stage.settle()
    assert list(await people(guest)) == ["Olga", "Gil"]


@pytest.mark.feature("R11")
async def test_people_who_were_here_before_an_upgrade(tmp_path: Path, at_once: None) -> None:
    clock = ManualClock()
    async with open_stage(tmp_path, clock=clock) as stage:
        place = await stage.room()
        owner = await stage.owner(place)
        await stage.house.writer.run("", lambda work: work.session.execute(Stay.__table__.delete()))  # type: ignore[attr-defined]
        since = (await owner.look())["features"]["people"]["people"][0]["since"]
    async with open_stage(tmp_path, clock=clock) as stage:
        back = await stage.come_back(owner)
        assert (await people(back))["Olga"]["first_joined"] == since
