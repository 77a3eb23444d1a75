"""Who is sent out, who signs in, whose account is deleted; the end of the room, and what is taken away before."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import delete

from salon.core.tables import Session
from tests.accounts.support import Caller, caller
from tests.study.conftest import Hall
from tests.study.support import add, another_room, order, own, press, seen, study_on, timer_of, todo_of, token_of
from tests.support.dump import dump, places_of
from tests.support.house import LocalClient, Place, Stage

SECRET = "a secret of their own"


async def two(stage: Stage) -> tuple[Caller, Caller]:
    """Somebody with an account, and the same person as a guest elsewhere."""
    home, away = await caller(stage), await caller(stage)
    await home.sign_up()
    return home, away


async def studying(stage: Stage) -> tuple[Place, LocalClient]:
    place = await stage.room()
    owner = await stage.owner(place)
    await study_on(owner)
    return place, owner


@pytest.mark.feature("S1", "P5")
async def test_a_guest_who_signs_in_keeps_their_lists(stage: Stage) -> None:
    home, away = await two(stage)
    here, _ = await studying(stage)
    there, _ = await studying(stage)
    guest = await stage.come(here, "Ana", identity=away.identity)
    account = await stage.come(there, "Ana", identity=home.identity)
    await add(guest, "guests", "of the guest", to="mine")
    await guest.must("study.add_list", scope="mine", list="trip", name="Trip")
    await guest.must("study.set_alarm", scope="mine", alarm="a", time="10:00", zone="UTC")
    await guest.must("study.take_part", on=True, zone="Europe/Paris")
    await add(account, "accounts", "of the account", to="mine")
    await press(account, "start", "mine")
    seqs = dict(guest.seqs)
    old = guest.identity
    await away.sign_in()
    await stage.settle()
    # The account's other page, which stayed open, was told what is new to it.
    known = account.events("study.todos_changed")[-1]["data"]["todos"]
    assert {each["id"] for each in known} == {"guests", "accounts"}
    # And the guest's page, which comes back with the numbers that it knew, what is new to it.
    guest.identity = away.identity
    await guest.connect(seqs)
    await stage.settle()
    for client in (guest, account):
        found = await own(client)
        assert {each["id"] for each in found["todos"]} == {"guests", "accounts"}
        assert [each["name"] for each in found["lists"]] == ["Trip"]
        assert [each["id"] for each in found["alarms"]] == ["a"]
        assert found["part"]["zone"] == "Europe/Paris"
        assert found["timer"]["state"] == "running"
    assert await own(guest) == await own(account)
    assert await places_of(stage.house.storage, old) == []


@pytest.mark.feature("S1", "P5")
async def test_two_members_become_one(stage: Stage) -> None:
    home, away = await two(stage)
    place, owner = await studying(stage)
    mine = await stage.come(place, "Ana", identity=home.identity)
    guest = await stage.come(place, "Ana phone", identity=away.identity)
    await add(guest, "one", assignee=guest.me)
    await guest.must("study.tick", todo="one", done=True)
    await guest.must("study.set_alarm", scope="room", alarm="a", time="10:00", zone="UTC")
    # Both have a timer and a wish: the account's stay.
    await press(guest, "add", "mine")
    await press(mine, "start", "mine")
    await guest.must("study.take_part", on=True, zone="Europe/Paris")
    await mine.must("study.take_part", on=False, zone="Asia/Tokyo")
    who = mine.me
    await away.sign_in()
    await stage.settle()
    todo = await todo_of(owner, "one")
    assert (todo["by"], todo["assignee"], todo["done_by"]) == (who, who, who)
    assert (await seen(owner))["alarms"][0]["by"] == who
    found = await own(mine)
    assert (found["timer"]["state"], found["part"]["zone"], found["part"]["on"]) == ("running", "Asia/Tokyo", False)


@pytest.mark.feature("S1", "P2")
async def test_a_deleted_account_leaves_nothing(stage: Stage) -> None:
    home = await caller(stage)
    await home.sign_up()
    place, owner = await studying(stage)
    other = await stage.come(place, "Ben")
    ana = await stage.come(place, "Ana", identity=home.identity)
    await add(ana, "private", SECRET, to="mine")
    await ana.must("study.add_list", scope="mine", list="l", name=SECRET)
    await ana.must("study.set_alarm", scope="mine", alarm="a", time="10:00", zone="UTC", label=SECRET)
    await ana.must("study.set_alarm", scope="room", alarm="b", time="10:00", zone="UTC", label=SECRET)
    await press(ana, "start", "mine")
    await ana.must("study.take_part", on=True, zone="UTC")
    await stage.pass_time(25 * 60 + 1)
    await add(ana, "theirs", SECRET)
    await add(other, "others", assignee=ana.me)
    await ana.must("study.tick", todo="others", done=True)
    identity = home.identity
    await home.must("DELETE", "/account", {"password": "correct horse battery"})
    await stage.settle()
    assert await order(owner) == ["others"]
    todo = await todo_of(owner, "others")
    assert (todo["assignee"], todo["done_by"]) == (None, None)
    assert todo["done_at"] is not None
    assert (await seen(owner))["alarms"] == []
    for text in (SECRET, identity):
        assert not [each for each in await places_of(stage.house.storage, text) if "study" in each or "events" in each]
    left = await dump(stage.house.storage)
    assert left["study_records"] == left["study_parts"] == left["study_timers"] == left["study_lists"] == []


@pytest.mark.feature("S1", "R5")
async def test_who_is_sent_out_has_nothing_to_do(hall: Hall) -> None:
    await add(hall.ann, "one", assignee=hall.ben.me)
    await add(hall.ben, "bens")
    await hall.host.must("people.remove", person=hall.ben.me)
    await hall.stage.settle()
    assert (await todo_of(hall.ann, "one"))["assignee"] is None
    assert hall.ann.events("study.todos_changed")[-1]["data"]["todos"][0]["assignee"] is None
    assert await order(hall.ann) == ["one", "bens"]
    await hall.host.must("people.readmit", person=hall.ben.me)
    await hall.host.must("people.ban", person=hall.lea.me, delete_messages=False)


@pytest.mark.feature("S1", "R5")
async def test_a_ban_may_take_what_they_wrote(hall: Hall) -> None:
    await add(hall.ben, "bens", SECRET)
    await hall.ben.must("study.set_alarm", scope="room", alarm="a", time="10:00", zone="UTC", label=SECRET)
    await add(hall.ben, "private", "stays with them", to="mine")
    await hall.host.must("people.ban", person=hall.ben.me, delete_messages=True)
    await hall.stage.settle()
    found = await seen(hall.ann)
    assert (found["todos"], found["alarms"]) == ([], [])
    assert not [each for each in await places_of(hall.stage.house.storage, SECRET) if "study" in each]
    assert await places_of(hall.stage.house.storage, "stays with them")


@pytest.mark.feature("S1", "R8")
async def test_a_closed_room_keeps_nothing_and_people_keep_their_own(hall: Hall) -> None:
    _, elsewhere = await another_room(hall.stage, hall.ann)
    await hall.ann.must("study.add_list", scope="room", list="l", name="List")
    await add(hall.ann, "one", SECRET, to="l")
    await add(hall.ann, "private", to="mine")
    await hall.ann.must("study.set_alarm", scope="room", alarm="a", time="10:00", zone="UTC", label=SECRET)
    await hall.host.must("study.settings", mood="sea")
    await hall.ann.must("study.take_part", on=True, zone="UTC")
    await press(hall.ann, "start")
    await hall.stage.pass_time(25 * 60 + 1)
    await press(hall.ann, "start")
    await hall.host.must("rooms.close")
    await hall.stage.settle()
    left = await dump(hall.stage.house.storage)
    for table in ("study_todos", "study_lists", "study_alarms", "study_timers", "study_settings", "study_records"):
        assert not [row for row in left[table] if hall.place.id in row], table
    assert await order(elsewhere, "mine") == ["private"]
    assert (await elsewhere.must("study.statistics"))["total_cycles"] == 1
    # What would have been due there disturbs nobody.
    await hall.stage.pass_time(24 * 3600)


@pytest.mark.feature("R8", "S1")
async def test_todos_are_in_the_archive(hall: Hall) -> None:
    await hall.ann.must("study.add_list", scope="room", list="l", name="=SUM(A1)")
    await add(hall.ann, "b", "=HYPERLINK(1)", to="l", due="2030-01-31")
    await add(hall.ann, "a", "first", assignee=hall.ben.me)
    await add(hall.ann, "private", SECRET, to="mine")
    await hall.ben.must("study.tick", todo="a", done=True)
    async with hall.stage.http(await token_of(hall.host)) as http:
        answer = await http.get(f"/api/rooms/{hall.place.link}/export/to-dos.csv")
        guarded = await http.get("/api/rooms/nowhere/export/to-dos.csv")
    assert answer.status_code == 200, answer.text
    assert guarded.status_code == 404
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["List", "To-do", "Due", "For", "Added by", "Added", "Done", "Done by"]
    assert rows[1][:5] == ["Room", "first", "", "Ben", "Ann"]
    assert rows[1][7] == "Ben"
    assert rows[2][:3] == ["'=SUM(A1)", "'=HYPERLINK(1)", "2030-01-31"]
    assert len(rows) == 3
    async with hall.stage.http(await token_of(hall.ann)) as http:
        refused = await http.get(f"/api/rooms/{hall.place.link}/export/to-dos.csv")
    assert refused.status_code == 403


@pytest.mark.feature("S1")
async def test_what_a_guest_left_whose_session_has_ended_is_deleted(hall: Hall) -> None:
    await add(hall.ann, "anns", SECRET, to="mine")
    await add(hall.ben, "bens", "kept", to="mine")
    sessions = delete(Session).where(Session.identity_id == hall.ann.identity)
    await hall.stage.house.writer.run("", lambda work: work.session.execute(sessions))
    await hall.stage.pass_time(2 * 3600)
    assert not [each for each in await places_of(hall.stage.house.storage, SECRET) if "study" in each]
    assert await places_of(hall.stage.house.storage, "kept")


@pytest.mark.feature("S2")
async def test_the_preset_study(stage: Stage) -> None:
    place = await stage.room("study", admission="open")
    owner = await stage.owner(place)
    room = owner.snapshot["features"]["rooms"]["room"]
    assert room["activities"] == ["chat", "call", "files", "study"]
    assert (await press(owner, "start"))["ok"]
    assert (await timer_of(owner))["state"] == "running"
