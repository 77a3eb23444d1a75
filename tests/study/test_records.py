"""Statistics: nothing without one's wish, from the server's records, by one's own days."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.study.conftest import Hall
from tests.study.support import MINUTE, another_room, lengths, own, press, study_on, token_of
from tests.support.house import LocalClient, open_stage
from tests.support.recorder import Json

pytestmark = pytest.mark.feature("S5")


async def take_part(client: LocalClient, zone: str = "UTC", **more: Any) -> None:
    await client.must("study.take_part", **{"on": True, "board": True, "zone": zone, **more})


async def work(hall: Hall, client: LocalClient, scope: str = "room", minutes: int = 25) -> None:
    """A whole phase of work on this timer, from its beginning."""
    await press(client, "restart", scope)
    await press(client, "start", scope)
    await hall.stage.pass_time(minutes * 60 + 1)


async def statistics(client: LocalClient, **more: Any) -> Json:
    return await client.must("study.statistics", **more)


async def test_nothing_is_recorded_without_a_wish(hall: Hall) -> None:
    await work(hall, hall.ann)
    await work(hall, hall.ann, "mine")
    assert (await own(hall.ann))["part"] == {"on": False, "board": False, "zone": "UTC", "records": 0}
    found = await statistics(hall.ann)
    assert (found["total_ms"], found["streak"], len(found["days"])) == (0, 0, 7)
    assert (await hall.ann.must("study.board"))["lines"] == []


async def test_a_phase_of_the_rooms_timer_is_recorded_for_those_who_are_here(hall: Hall) -> None:
    for client in (hall.ann, hall.ben, hall.lea):
        await take_part(client, board=client is not hall.lea)
    hall.ben.lose()
    await hall.stage.pass_time(60)
    await work(hall, hall.host)
    found = await statistics(hall.ann)
    assert (found["total_ms"], found["total_cycles"], found["streak"]) == (25 * MINUTE, 1, 1)
    assert found["days"][-1] == {"day": "2023-11-14", "focus_ms": 25 * MINUTE, "cycles": 1}
    assert hall.ann.events("study.part_changed")[-1]["data"]["part"]["records"] == 1
    back = await hall.stage.come_back(hall.ben)
    assert (await statistics(back))["total_ms"] == 0
    board = await hall.host.must("study.board")
    assert board["lines"] == [{"person": hall.ann.me, "name": "Ann", "focus_ms": 25 * MINUTE, "cycles": 1}]
    assert (await statistics(hall.lea))["total_cycles"] == 1, "counted, and on no board"


async def test_the_board_is_of_this_room_and_this_week(hall: Hall) -> None:
    _, elsewhere = await another_room(hall.stage, hall.ann)
    await take_part(hall.ann)
    await take_part(hall.ben)
    for client in (hall.ann, elsewhere):
        await work(hall, client)
    assert (await elsewhere.must("study.board"))["lines"][0]["focus_ms"] == 25 * MINUTE
    assert {each["name"] for each in (await hall.lea.must("study.board"))["lines"]} == {"Ann", "Ben"}
    await hall.stage.pass_time(8 * 24 * 3600)
    for client in (hall.ann, elsewhere, hall.host):
        await hall.stage.come_back(client)
    back = await hall.stage.come_back(hall.ann)
    assert (await back.must("study.board"))["lines"] == []
    assert (await statistics(back))["total_cycles"] == 2


async def test_what_counts(hall: Hall) -> None:
    await take_part(hall.ann)
    await lengths(hall.ann, "mine", focus_ms=59_000)
    await work(hall, hall.ann, "mine", 1)
    assert (await statistics(hall.ann))["total_cycles"] == 0, "too short"
    await press(hall.ann, "restart", "mine")
    await lengths(hall.ann, "mine", focus_ms=10 * MINUTE)
    await press(hall.ann, "start", "mine")
    await hall.stage.pass_time(9 * 60)
    await press(hall.ann, "skip", "mine")
    await hall.stage.pass_time(3600)
    assert (await statistics(hall.ann))["total_cycles"] == 0, "skipped, and a break"
    await work(hall, hall.ann, "mine", 10)
    assert (await statistics(hall.ann))["total_ms"] == 10 * MINUTE


async def test_two_timers_at_once_are_one_time(hall: Hall) -> None:
    await take_part(hall.ann)
    await press(hall.ann, "start")
    await press(hall.ann, "start", "mine")
    await hall.stage.pass_time(25 * 60 + 2)
    assert (await statistics(hall.ann))["total_ms"] == 25 * MINUTE


async def test_days_are_those_of_ones_own_zone(hall: Hall) -> None:
    # It is 22:13 in UTC, and the next morning in Auckland.
    await take_part(hall.ann, "Pacific/Auckland")
    await take_part(hall.ben, "America/New_York")
    await work(hall, hall.host)
    assert (await statistics(hall.ann, days=1))["days"][0]["day"] == "2023-11-15"
    assert (await statistics(hall.ben, days=1))["days"][0]["day"] == "2023-11-14"
    await take_part(hall.ann, "UTC")
    assert (await statistics(hall.ann, days=1))["days"] == [{"day": "2023-11-14", "focus_ms": 25 * MINUTE, "cycles": 1}]


async def test_streaks(tmp_path: Path) -> None:
    async with open_stage(tmp_path, idle_minutes=60 * 24 * 30) as stage:
        place = await stage.room()
        host = await stage.owner(place)
        await study_on(host)
        await take_part(host)
        for _ in range(3):
            await press(host, "restart", "mine")
            await press(host, "start", "mine")
            await stage.pass_time(24 * 3600 - 1)
            # The server noticed it almost a day late: nobody knows.
        assert (await statistics(host))["streak"] == 0
        for _ in range(3):
            await press(host, "restart", "mine")
            await press(host, "start", "mine")
            await stage.pass_time(25 * 60 + 1)
            await stage.pass_time(24 * 3600 - 25 * 60)
        found = await statistics(host)
        assert (found["streak"], found["longest_streak"]) == (3, 3)
        await stage.pass_time(24 * 3600)
        found = await statistics(host)
        assert (found["streak"], found["longest_streak"]) == (0, 3)


async def test_taking_it_away_and_deleting_it(hall: Hall) -> None:
    _, elsewhere = await another_room(hall.stage, hall.ann)
    await take_part(hall.ann, "Europe/Berlin")
    await work(hall, hall.ann)
    await work(hall, hall.ann, "mine")
    async with hall.stage.http(await token_of(hall.ann)) as http:
        as_csv, as_json = await http.get("/api/study/focus.csv"), await http.get("/api/study/focus.json")
    assert as_csv.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in as_csv.headers["content-disposition"]
    rows = as_csv.content.decode("utf-8-sig").splitlines()
    assert rows[0] == "Day,Ended,Minutes,Timer"
    assert rows[1].startswith("2023-11-14,2023-11-14 23:38:")
    assert rows[1].endswith(",25.00,room")
    assert rows[2].endswith(",25.00,own")
    told = as_json.json()
    assert told["zone"] == "Europe/Berlin"
    assert [each["timer"] for each in told["records"]] == ["room", "own"]
    async with hall.stage.http() as http:
        assert (await http.get("/api/study/focus.csv")).status_code == 401
    await hall.ann.must("study.forget_records")
    assert (await statistics(hall.ann))["total_cycles"] == 0
    assert (await own(elsewhere))["part"]["records"] == 0
    async with hall.stage.http(await token_of(hall.ann)) as http:
        assert (await http.get("/api/study/focus.json")).json()["records"] == []


async def test_leaving_keeps_what_was_recorded_and_leaves_the_board(hall: Hall) -> None:
    await take_part(hall.ann)
    await work(hall, hall.ann)
    await take_part(hall.ann, on=False)
    part = (await own(hall.ann))["part"]
    assert (part["on"], part["board"], part["records"]) == (False, False, 1)
    assert (await hall.ann.must("study.board"))["lines"] == []
    await work(hall, hall.ann)
    assert (await statistics(hall.ann))["total_cycles"] == 1


async def test_nobody_sees_anothers(hall: Hall) -> None:
    await take_part(hall.ann, board=False)
    await work(hall, hall.ann)
    assert (await statistics(hall.ben))["total_ms"] == 0
    assert not hall.ben.events("study.part_changed")
    assert (await hall.ben.must("study.board"))["lines"] == []


@pytest.mark.parametrize("wrong", [{"zone": "Mars/Olympus"}, {"zone": ""}])
async def test_unknown_zones(hall: Hall, wrong: Json) -> None:
    answer = await hall.ann.ask("study.take_part", **{"on": True, "zone": "UTC", **wrong})
    assert answer["code"] == "zone_unknown"
    assert (await own(hall.ann))["part"]["on"] is False


@pytest.mark.parametrize("days", [0, -1, 367, 10**9])
async def test_how_many_days_one_may_ask_for(hall: Hall, days: int) -> None:
    assert (await hall.ann.ask("study.statistics", days=days))["code"] == "invalid"
