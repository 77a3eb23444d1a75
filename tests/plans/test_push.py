"""Telling browsers while no page is open, against a push service on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from salon.plans.push import Pusher
from tests.plans.stand_in import PushService, vouches_for
from tests.plans.support import ben_of, clock_at, jobs, person, plan, subscriptions, turn_to
from tests.support.house import Stage, open_stage

pytestmark = pytest.mark.feature("R6")

LATER = "2026-03-20T13:00"


async def test_a_push_is_for_its_browser_alone(pushing: Stage, service: PushService) -> None:
    ana, ben = await person(pushing), await ben_of(pushing)
    key = (await ben.must("GET", "/push/key"))["key"]
    browser = service.browser()
    for _ in range(2):
        assert await ben.must("POST", "/push/subscriptions", browser.subscription) == {"ok": True}
    made = await plan(ana, LATER, title="Täglich", invitees=["ben@example.org"])
    await pushing.pass_time(1)
    (push,) = service.pushes
    assert browser.read(push.body) == {
        "kind": "plan.created",
        "plan": made["id"],
        "title": "Täglich",
        "who": "Ana",
        "start": made["next"]["start"],
        "zone": "UTC",
        "minutes": None,
        "link": made["link"],
        "created_at": pytest.approx(made["created_at"], abs=2000),
        "text": {
            "title": "Täglich",
            "body": "Ana invites you: Friday, 20 March 2026, 13:00 to 14:00 (UTC)",
        },
        "url": f"/plans/{made['id']}",
    }
    assert b"Ana" not in push.body
    assert vouches_for(push, key, service.url)
    assert push.headers["Content-Encoding"] == "aes128gcm"
    assert push.headers["Host"] == service.url.removeprefix("http://")
    assert int(push.headers["TTL"]) > 3600
    await turn_to(pushing, "2026-03-20T12:45")
    await pushing.pass_time(1)
    reminder = browser.read(service.pushes[-1].body)
    assert (reminder["kind"], reminder["minutes"], reminder["url"]) == ("plan.reminder", 15, f"/r/{made['link']}")
    assert reminder["text"] == {"title": "Täglich", "body": "Begins in 15 minutes."}
    assert service.pushes[-1].headers["Urgency"] == "high"
    assert len(service.pushes) == 2
    assert [each.kind for each in await jobs(pushing) if each.kind == "push"] == []


async def test_the_key_is_the_same_after_a_restart(tmp_path: Path, at_once: None) -> None:
    keys = set()
    for _ in range(2):
        async with open_stage(tmp_path) as stage, stage.http() as http:
            keys.add((await http.get("/api/push/key")).json()["key"])
    assert len(keys) == 1
    assert len(keys.pop()) == 87


@pytest.mark.parametrize("status", [404, 410])
async def test_a_browser_that_is_gone_is_forgotten(pushing: Stage, service: PushService, status: int) -> None:
    ana, ben = await person(pushing), await ben_of(pushing)
    await ben.must("POST", "/push/subscriptions", service.browser().subscription)
    service.status = status
    await plan(ana, LATER, invitees=["ben@example.org"])
    await pushing.pass_time(1)
    assert len(service.pushes) == 1
    assert await subscriptions(pushing) == []


async def test_failures_are_tried_again_less_and_less_often(pushing: Stage, service: PushService) -> None:
    ana, ben = await person(pushing), await ben_of(pushing)
    await ben.must("POST", "/push/subscriptions", service.browser().subscription)
    service.status = 503
    await plan(ana, "2026-03-24T13:00", invitees=["ben@example.org"])
    counts = []
    for seconds in (1, 14, 2, 58, 3, 3600, 3600, 8 * 3600, 24 * 3600):
        await pushing.pass_time(seconds)
        counts.append(len(service.pushes))
    assert counts == [1, 1, 2, 2, 3, 4, 5, 6, 6]
    assert [each.kind for each in await jobs(pushing) if each.kind == "push"] == []
    assert len(await subscriptions(pushing)) == 1, "the browser may be there again for the next"
    service.status = 201


async def test_what_fails_at_first_arrives_once(pushing: Stage, service: PushService) -> None:
    ana, ben = await person(pushing), await ben_of(pushing)
    await ben.must("POST", "/push/subscriptions", service.browser().subscription)
    service.status = 500
    await plan(ana, LATER, invitees=["ben@example.org"])
    await pushing.pass_time(1)
    service.status = 201
    await pushing.pass_time(16)
    await pushing.pass_time(600)
    assert len(service.pushes) == 2


async def test_redirects_are_not_followed(pushing: Stage, service: PushService) -> None:
    ana, ben = await person(pushing), await ben_of(pushing)
    await ben.must("POST", "/push/subscriptions", service.browser().subscription)
    service.status = 307
    await plan(ana, LATER, invitees=["ben@example.org"])
    await pushing.pass_time(1)
    assert len(service.pushes) == 1
    assert [each.kind for each in await jobs(pushing) if each.kind == "push"] == []


async def test_two_servers_push_once(tmp_path: Path, at_once: None, service: PushService) -> None:
    clock = clock_at("2026-03-20T12:00")
    settings: dict[str, Any] = {"clock": clock, "push_to_private_addresses": True}
    async with open_stage(tmp_path, **settings) as one, open_stage(tmp_path, **settings) as two:
        ana, ben = await person(one), await ben_of(one)
        for number in range(10):
            await ben.must("POST", "/push/subscriptions", service.browser(f"b{number}").subscription)
        await plan(ana, LATER, invitees=["ben@example.org"])
        clock.advance(seconds=1)
        for _ in range(3):
            await one.house.sweep()
            await two.house.sweep()
        await one.settle()
        assert sorted(each.path for each in service.pushes) == [f"/b{number}" for number in range(10)]


async def test_what_a_server_began_and_died_is_sent_after_it(pushing: Stage, service: PushService) -> None:
    ana, ben = await person(pushing), await ben_of(pushing)
    await ben.must("POST", "/push/subscriptions", service.browser().subscription)
    await plan(ana, LATER, invitees=["ben@example.org"])
    (pusher,) = (each for each in pushing.house.services if isinstance(each, Pusher))
    assert len(await pushing.house.writer.run("", pusher._claim)) == 1
    await pushing.pass_time(110)
    assert service.pushes == []
    await pushing.pass_time(11)
    assert len(service.pushes) == 1


async def test_a_browser_that_is_signed_out_is_told_nothing(pushing: Stage, service: PushService) -> None:
    ana, ben = await person(pushing), await ben_of(pushing)
    await ben.must("POST", "/push/subscriptions", service.browser().subscription)
    await ben.must("POST", "/account/sign-out")
    await plan(ana, LATER, invitees=["ben@example.org"])
    await pushing.pass_time(1)
    assert service.pushes == []
    await pushing.pass_time(60)
    assert await subscriptions(pushing) == []


async def test_a_browser_belongs_to_who_used_it_last_and_can_be_taken_back(
    pushing: Stage, service: PushService
) -> None:
    ana, ben = await person(pushing), await ben_of(pushing)
    browser = service.browser().subscription
    await ana.must("POST", "/push/subscriptions", browser)
    await ben.must("POST", "/push/subscriptions", browser)
    ((_, whose, *_),) = await subscriptions(pushing)
    assert whose == ben.identity
    await ana.must("DELETE", "/push/subscriptions", {"endpoint": browser["endpoint"]})
    assert len(await subscriptions(pushing)) == 1, "another person's is left alone"
    await ben.must("DELETE", "/push/subscriptions", {"endpoint": browser["endpoint"]})
    assert await subscriptions(pushing) == []


async def test_of_many_browsers_the_oldest_gives_way(pushing: Stage, service: PushService) -> None:
    ben = await ben_of(pushing)
    for number in range(12):
        await ben.must("POST", "/push/subscriptions", service.browser(f"b{number}").subscription)
        pushing.clock.advance(seconds=1)
    kept = {row[3].rpartition("/")[2] for row in await subscriptions(pushing)}
    assert kept == {f"b{number}" for number in range(2, 12)}
