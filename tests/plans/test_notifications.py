"""What pages outside of rooms are told, and how they wait for it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from salon.plans import http_news
from salon.plans.notices import WAITING_AT_ONCE, notices_of
from tests.accounts.support import Caller, caller
from tests.plans.support import clock_at, notified, person, plan
from tests.support.house import Stage, open_stage
from tests.support.recorder import eventually

pytestmark = pytest.mark.feature("R6")

START = "2026-03-23T09:00"


async def told(who: Caller) -> Any:
    return await who.must("GET", "/notifications")


async def test_they_tell_what_happened_and_can_be_read(quiet: Stage) -> None:
    ana, ben = await person(quiet), await person(quiet, "ben@example.org", "Ben")
    made = await plan(ana, START, "Europe/Berlin", invitees=["ben@example.org"])
    await ana.must("POST", f"/plans/{made['id']}/cancel")
    await quiet.settle()
    found = await told(ben)
    assert found["unread"] == 2
    off, on = found["notifications"]
    assert (off["kind"], off["link"], off["read_at"]) == ("plan.cancelled", None, None)
    assert {key: on[key] for key in ("kind", "plan", "title", "who", "start", "zone", "minutes", "link")} == {
        "kind": "plan.created",
        "plan": made["id"],
        "title": "Weekly",
        "who": "Ana",
        "start": made["next"]["start"],
        "zone": "Europe/Berlin",
        "minutes": None,
        "link": made["link"],
    }
    assert (await told(ana))["notifications"] == []
    assert (await ana.must("POST", "/notifications/read", {"ids": [on["id"]]}))["unread"] == 0
    assert (await told(ben))["unread"] == 2, "nobody reads for others"
    assert (await ben.must("POST", "/notifications/read", {"ids": [on["id"]]}))["unread"] == 1
    read = await ben.must("POST", "/notifications/read", {})
    assert read["unread"] == 0
    assert read["stamp"] != found["stamp"]


async def test_who_is_not_invited_any_more_is_told_so_and_no_more(quiet: Stage) -> None:
    ana, ben = await person(quiet), await person(quiet, "ben@example.org", "Ben")
    made = await plan(ana, START, invitees=["ben@example.org"])
    await ana.must("PATCH", f"/plans/{made['id']}", {"invitees": []})
    await ana.must("PATCH", f"/plans/{made['id']}", {"title": "Without Ben"})
    await quiet.settle()
    off = (await told(ben))["notifications"][0]
    assert (off["kind"], off["plan"], off["title"], off["link"]) == ("plan.cancelled", None, "Weekly", None)
    assert await ben.code("GET", f"/plans/{made['id']}") == "plan_unknown"


async def test_only_a_proven_address_is_told(quiet: Stage) -> None:
    ana, ben = await person(quiet), await person(quiet, "ben@example.org", "Ben", proven=False)
    await plan(ana, START, invitees=["ben@example.org"])
    assert await notified(ben) == []


async def test_a_page_waits_for_news(quiet: Stage) -> None:
    ana, ben = await person(quiet), await person(quiet, "ben@example.org", "Ben")
    stamp = (await told(ben))["stamp"]
    waiting = asyncio.create_task(ben.must("GET", f"/notifications?than={stamp}"))
    await eventually(lambda: notices_of(quiet.house)._waiting[ben.identity], "the page to wait")
    await ana.must("POST", "/plans", {"title": "T", "start": START, "zone": "UTC", "invitees": ["ben@example.org"]})
    found = await waiting
    assert [each["kind"] for each in found["notifications"]] == ["plan.created"]
    # What is new already is told at once.
    assert await ben.must("GET", f"/notifications?than={stamp}") == found
    assert notices_of(quiet.house)._waiting == {}


async def test_waiting_ends_by_itself_and_few_pages_wait(quiet: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    ben = await person(quiet, "ben@example.org", "Ben")
    stamp = (await told(ben))["stamp"]
    monkeypatch.setattr(http_news, "WAIT_SECONDS", 0.01)
    assert (await ben.must("GET", f"/notifications?than={stamp}"))["stamp"] == stamp
    monkeypatch.setattr(http_news, "WAIT_SECONDS", 60.0)
    pages = [asyncio.create_task(ben.must("GET", f"/notifications?than={stamp}")) for _ in range(WAITING_AT_ONCE)]
    await eventually(lambda: notices_of(quiet.house)._waiting[ben.identity] == WAITING_AT_ONCE, "the pages to wait")
    assert (await ben.must("GET", f"/notifications?than={stamp}"))["stamp"] == stamp, "one more is answered at once"
    quiet.house.bells.ring_all()
    assert len(await asyncio.gather(*pages)) == WAITING_AT_ONCE


async def test_another_server_wakes_the_page(tmp_path: Path, at_once: None) -> None:
    clock = clock_at("2026-03-20T12:00")
    async with open_stage(tmp_path, clock=clock) as one, open_stage(tmp_path, clock=clock) as two:
        ana, ben = await person(one), await person(two, "ben@example.org", "Ben")
        stamp = (await told(ben))["stamp"]
        waiting = asyncio.create_task(ben.must("GET", f"/notifications?than={stamp}"))
        await eventually(lambda: notices_of(two.house)._waiting[ben.identity], "the page to wait")
        body = {"title": "T", "start": START, "zone": "UTC", "invitees": ["ben@example.org"]}
        await ana.must("POST", "/plans", body)
        clock.advance(seconds=1)
        await one.house.sweep()
        assert not waiting.done() or (await waiting)["unread"] == 1
        async with asyncio.timeout(15):
            while not waiting.done():
                await two.house.sweep()
                await asyncio.sleep(0.01)
        assert (await waiting)["unread"] == 1


async def test_they_go_after_thirty_days(quiet: Stage) -> None:
    ana, ben = await person(quiet), await person(quiet, "ben@example.org", "Ben")
    await plan(ana, START, invitees=["ben@example.org"])
    await quiet.pass_time(29 * 24 * 3600)
    assert len((await told(ben))["notifications"]) == 1
    await quiet.pass_time(24 * 3600 + 60)
    assert (await told(ben))["notifications"] == []


async def test_a_guest_has_none(quiet: Stage) -> None:
    guest = await caller(quiet)
    assert await told(guest) == {"stamp": "0-0-0", "unread": 0, "notifications": []}
    async with quiet.http() as nobody:
        assert (await nobody.get("/api/notifications")).json()["code"] == "session_required"
