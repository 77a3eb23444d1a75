"""Alarms: at a time of day, once, snoozed, late, and by push."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from salon.study import clocks
from tests.plans.stand_in import PushService, push_service
from tests.study.conftest import Hall
from tests.study.support import MINUTE, another_room, own, seen, study_on, token_of
from tests.support.house import LocalClient, Stage, open_stage
from tests.support.recorder import Json

pytestmark = pytest.mark.feature("S3")

# Tests begin on Tuesday 14 November 2023, 22:13:20 UTC.


async def set_alarm(client: LocalClient, time: str = "22:20", zone: str = "UTC", **more: object) -> None:
    asked = {"scope": "mine", "alarm": "a1", "time": time, "zone": zone, **more}
    await client.must("study.set_alarm", **asked)


async def alarm(client: LocalClient, scope: str = "mine") -> Json:
    found = await seen(client)
    (one,) = found["own"]["alarms"] if scope == "mine" else found["alarms"]
    return dict(one)


def utc(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


async def test_it_rings_once_at_its_time(hall: Hall) -> None:
    await set_alarm(hall.ann, label="Tea")
    there = await alarm(hall.ann)
    assert there["rings_at"] == utc("2023-11-14T22:20")
    assert (there["day"], there["state"], there["label"], there["by"]) == ("2023-11-14", "set", "Tea", None)
    await hall.stage.pass_time(6 * 60)
    assert (await alarm(hall.ann))["state"] == "set"
    await hall.stage.pass_time(41)
    rang = await alarm(hall.ann)
    assert rang["state"] == "rang"
    assert rang["rings_at"] == utc("2023-11-14T22:20")
    assert 0 <= rang["late_ms"] < 2000
    number = len(hall.ann.events("study.alarms_changed"))
    await hall.stage.pass_time(3600)
    assert len(hall.ann.events("study.alarms_changed")) == number == 2


async def test_a_time_that_is_over_today_is_tomorrow(hall: Hall) -> None:
    await set_alarm(hall.ann, "07:00", "Europe/Berlin")
    assert (await alarm(hall.ann))["rings_at"] == utc("2023-11-15T06:00")
    await set_alarm(hall.ann, "23:20", "Europe/Berlin")
    assert (await alarm(hall.ann))["rings_at"] == utc("2023-11-14T22:20")


async def test_the_same_time_through_a_change_of_clocks(hall: Hall) -> None:
    for day, at in (("2024-03-30", "06:00"), ("2024-03-31", "05:00")):
        await set_alarm(hall.ann, "07:00", "Europe/Berlin", day=day)
        assert (await alarm(hall.ann))["rings_at"] == utc(f"{day}T{at}")


async def test_snoozing_and_dropping(hall: Hall) -> None:
    await set_alarm(hall.ann)
    assert (await hall.ann.ask("study.snooze", alarm="a1"))["code"] == "alarm_state"
    await hall.stage.pass_time(401)
    await hall.ann.must("study.snooze", alarm="a1", minutes=10)
    again = await alarm(hall.ann)
    assert (again["state"], again["snoozed"], again["time"]) == ("set", True, "22:20")
    await hall.stage.pass_time(601)
    assert (await alarm(hall.ann))["state"] == "rang"
    await hall.ann.must("study.drop_alarm", alarm="a1")
    assert (await own(hall.ann))["alarms"] == []
    assert hall.ann.events("study.alarms_gone")[-1]["data"] == {"scope": "mine", "alarms": ["a1"]}


async def test_set_anew_it_rings_again(hall: Hall) -> None:
    await set_alarm(hall.ann)
    await hall.stage.pass_time(401)
    await set_alarm(hall.ann, "22:30")
    assert (await alarm(hall.ann))["state"] == "set"
    await hall.stage.pass_time(601)
    assert (await alarm(hall.ann))["state"] == "rang"


async def test_one_of_the_room_rings_for_everybody(hall: Hall) -> None:
    await set_alarm(hall.ann, scope="room", label="Lunch")
    assert (await hall.lea.ask("study.drop_alarm", alarm="a1"))["code"] == "forbidden"
    await hall.stage.pass_time(401)
    for client in (hall.host, hall.ann, hall.ben, hall.lea):
        rang = client.events("study.alarms_changed")[-1]
        assert rang["stream"] == "room"
        assert (rang["data"]["alarms"][0]["state"], rang["data"]["alarms"][0]["by"]) == ("rang", hall.ann.me)
    await hall.ben.must("study.snooze", alarm="a1")
    assert (await alarm(hall.lea, "room"))["snoozed"]


async def test_who_works_the_rooms_alarms(hall: Hall) -> None:
    asked = {"scope": "room", "alarm": "a1", "time": "22:20", "zone": "UTC"}
    assert (await hall.lea.ask("study.set_alarm", **asked))["code"] == "forbidden"
    await hall.host.must("study.settings", control="hosts")
    assert (await hall.ann.ask("study.set_alarm", **asked))["code"] == "forbidden"
    assert (await hall.host.ask("study.set_alarm", **asked))["ok"]


async def test_ones_own_rings_in_every_room_and_for_nobody_else(hall: Hall) -> None:
    _, elsewhere = await another_room(hall.stage, hall.ann)
    await set_alarm(elsewhere)
    await hall.stage.pass_time(401)
    for client in (hall.ann, elsewhere):
        told = client.events("study.alarms_changed")
        assert [each["data"]["alarms"][0]["state"] for each in told] == ["set", "rang"]
        assert {each["stream"] for each in told} == {"me"}
    assert not hall.ben.events("study.alarms_changed")
    assert (await hall.ben.ask("study.snooze", alarm="a1"))["code"] == "alarm_unknown"
    assert (await hall.ben.ask("study.drop_alarm", alarm="a1"))["code"] == "alarm_unknown"
    assert (await hall.ben.ask("study.set_alarm", scope="mine", alarm="a1", time="22:20", zone="UTC"))[
        "code"
    ] == "id_taken"


async def test_a_day_after_it_rang_it_is_put_away(hall: Hall) -> None:
    await set_alarm(hall.ann)
    await hall.stage.pass_time(401)
    await hall.stage.pass_time(23 * 3600)
    assert (await alarm(hall.ann))["state"] == "rang"
    await hall.stage.pass_time(3601)
    assert (await own(hall.ann))["alarms"] == []
    assert hall.ann.events("study.alarms_gone")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"time": "24:00"}, "time_invalid"),
        ({"time": "7:00"}, "time_invalid"),
        ({"time": "07:60"}, "time_invalid"),
        ({"time": ""}, "time_invalid"),
        ({"time": "٠٧:٠٠"}, "time_invalid"),
        ({"time": "07:00:00"}, "invalid"),
        ({"zone": "Europe/Atlantis"}, "zone_unknown"),
        ({"zone": "../../etc/passwd"}, "zone_unknown"),
        ({"zone": ""}, "zone_unknown"),
        ({"zone": "localtime"}, "zone_unknown"),
        ({"zone": "x" * 65}, "invalid"),
        ({"day": "2023-11-13"}, "alarm_past"),
        ({"day": "2023-11-14", "time": "22:13"}, "alarm_past"),
        ({"day": "1969-12-31"}, "time_invalid"),
        ({"day": "2025-11-14"}, "time_invalid"),
        ({"day": "2023-02-29"}, "time_invalid"),
        ({"label": "x" * 121}, "text_invalid"),
        ({"label": "x" * 1001}, "invalid"),
        ({"scope": "everybody"}, "invalid"),
    ],
)
async def test_what_an_alarm_may_not_say(hall: Hall, wrong: Json, code: str) -> None:
    for scope in ("mine", "room"):
        asked = {"scope": scope, "alarm": "a1", "time": "22:20", "zone": "UTC", **wrong}
        assert (await hall.ann.ask("study.set_alarm", **asked))["code"] == code
    found = await seen(hall.ann)
    assert (found["alarms"], found["own"]["alarms"]) == ([], [])


@pytest.mark.parametrize("minutes", [0, -5, 121, 2**60, 1.5])
async def test_how_long_one_may_snooze(hall: Hall, minutes: object) -> None:
    await set_alarm(hall.ann)
    await hall.stage.pass_time(401)
    before = await alarm(hall.ann)
    assert (await hall.ann.ask("study.snooze", alarm="a1", minutes=minutes))["code"] == "invalid"
    assert await alarm(hall.ann) == before


async def test_there_is_an_end_to_how_many(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clocks, "MOST_ALARMS", 2)
    for each in range(2):
        await set_alarm(hall.ann, alarm=f"a{each}")
    asked = {"scope": "mine", "alarm": "a3", "time": "22:20", "zone": "UTC"}
    assert (await hall.ann.ask("study.set_alarm", **asked))["code"] == "alarms_too_many"
    await set_alarm(hall.ann, "22:30", alarm="a1")


async def test_one_that_was_due_while_the_server_was_down_rings_late_once(tmp_path: Path) -> None:
    async with open_stage(tmp_path) as stage:
        clock = stage.clock
        host = await stage.owner(await stage.room())
        await study_on(host)
        await set_alarm(host)
    clock.advance(seconds=400 + 3 * 60)
    for _ in range(2):
        async with open_stage(tmp_path, clock=clock) as stage:
            host.stage = stage
            back = await stage.come_back(host)
            rang = await alarm(back)
            assert rang["state"] == "rang"
            assert abs(rang["late_ms"] - 3 * MINUTE) < 1000
        clock.advance(seconds=10)


@pytest.mark.parametrize("scope", ["mine", "room"])
async def test_browsers_are_told_where_their_people_allowed_it(tmp_path: Path, at_once: None, scope: str) -> None:
    async with push_service() as service, open_stage(tmp_path, push_to_private_addresses=True) as stage:
        place = await stage.room()
        host = await stage.owner(place)
        await study_on(host)
        ann, ben = await stage.come(place, "Ann"), await stage.come(place, "Ben")
        browser, bens = service.browser("anns"), service.browser("bens")
        await _subscribe(stage, ann, browser.subscription)
        await _subscribe(stage, ben, bens.subscription)
        await set_alarm(ann, scope=scope, label="Tea")
        await stage.pass_time(401)
        await stage.pass_time(1)
        assert len(service.pushes) == (1 if scope == "mine" else 2)
        (said,) = _read(service, browser)
        assert said["kind"] == "study.alarm"
        assert said["text"] == {"title": "Tea", "body": "It is 22:20."}
        assert said["url"] == f"/r/{place.link}"
        assert service.pushes[0].headers["Urgency"] == "high"
        await stage.pass_time(60)
        assert len(service.pushes) == (1 if scope == "mine" else 2), "once"


async def _subscribe(stage: Stage, client: LocalClient, subscription: Json) -> None:
    async with stage.http(await token_of(client)) as http:
        answer = await http.post("/api/push/subscriptions", json=subscription)
    assert answer.status_code == 200, answer.text


def _read(service: PushService, browser: object) -> list[Json]:
    """What this browser can decrypt."""
    found = []
    for push in service.pushes:
        try:
            found.append(browser.read(push.body))  # type: ignore[attr-defined]
        except Exception:  # noqa: S112  it is another's
            continue
    return found
