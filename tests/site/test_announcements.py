"""Announcements: everyone sees them, live and afterwards, once, until they are over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from salon.core.clock import ManualClock
from salon.site.tables import Announcement, AnnouncementRead
from tests.accounts.support import PASSWORD, Caller, caller, make_admin
from tests.support.house import LocalClient, Stage, open_stage

MINUTE = 60 * 1000


async def an_admin(stage: Stage) -> Caller:
    admin = await caller(stage)
    await admin.sign_up("root@example.org", "Root")
    await make_admin(stage, admin)
    return admin


async def texts(who: Caller) -> list[str]:
    return [each["text"] for each in (await who.must("GET", "/site"))["announcements"]]


async def announce(admin: Caller, text: str, **more: Any) -> str:
    made: str = (await admin.must("POST", "/admin/announcements", {"text": text, **more}))["id"]
    return made


@pytest.mark.feature("P6")
async def test_everyone_hears_of_it_at_once(stage: Stage, owner: LocalClient, guest: LocalClient) -> None:
    admin = await an_admin(stage)
    until = stage.clock.now() + 10 * MINUTE
    made = await announce(admin, "  We restart at nine.  ", level="warn", until=until)
    for client in (owner, guest):
        told = (await client.signal("site.announced"))["data"]["announcements"]
        assert [(each["id"], each["text"], each["level"], each["until"]) for each in told] == [
            (made, "  We restart at nine.", "warn", until)
        ]
    anybody = await caller(stage)
    assert await texts(anybody) == ["  We restart at nine."]
    await admin.must("DELETE", f"/admin/announcements/{made}")
    await owner.until(lambda: len(owner.signals("site.announced")) == 2)
    assert owner.signals("site.announced")[1]["data"]["announcements"] == []
    assert await texts(anybody) == []


@pytest.mark.feature("P6")
async def test_it_ends_by_itself(stage: Stage) -> None:
    admin = await an_admin(stage)
    await announce(admin, "Soon over", until=stage.clock.now() + MINUTE)
    await announce(admin, "For ever")
    assert await texts(admin) == ["For ever", "Soon over"]
    await stage.pass_time(61)
    assert await texts(admin) == ["For ever"]
    listed = (await admin.must("GET", "/admin/announcements"))["announcements"]
    assert [each["text"] for each in listed] == ["For ever", "Soon over"]
    for _ in range(31):
        stage.clock.advance(seconds=24 * 3600)
    await stage.pass_time(61)
    async with stage.house.storage.read() as session:
        assert (await session.execute(select(Announcement.text))).scalars().all() == ["For ever"]


@pytest.mark.feature("P6")
async def test_once_for_each_reader(stage: Stage) -> None:
    admin = await an_admin(stage)
    made = await announce(admin, "Hello")
    ana, ben = await caller(stage), await caller(stage)
    for _ in range(2):
        await ana.must("POST", f"/announcements/{made}/read")
    assert (await texts(ana), await texts(ben)) == ([], ["Hello"])
    # What a guest put away stays away when they sign in, also if the account did the same.
    await ana.sign_up()
    phone = await caller(stage)
    await phone.must("POST", f"/announcements/{made}/read")
    await phone.sign_in()
    assert await texts(phone) == []
    await phone.must("DELETE", "/account", {"password": PASSWORD})
    async with stage.house.storage.read() as session:
        assert (await session.execute(select(func.count()).select_from(AnnouncementRead))).scalar_one() == 0
    await announce(admin, "Another")
    assert await ben.code("POST", "/announcements/nothing/read") == "announcement_unknown"
    assert await ben.code("POST", f"/announcements/{'x' * 50}/read") == "announcement_unknown"
    await admin.must("DELETE", f"/admin/announcements/{made}")


@pytest.mark.feature("P6")
async def test_what_cannot_be_announced(stage: Stage) -> None:
    admin = await an_admin(stage)
    for wrong, field in (
        ({"text": " \n "}, "text"),
        ({"text": "x" * 501}, "text"),
        ({"text": "x", "level": "panic"}, "level"),
        ({"text": "x", "until": 5}, "until"),
    ):
        answer = await admin.ask("POST", "/admin/announcements", wrong)
        assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, "invalid", field)
    for number in range(10):
        await announce(admin, f"Number {number}")
    assert await admin.code("POST", "/admin/announcements", {"text": "one more"}) == "invalid"


@pytest.mark.feature("P6")
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/admin/announcements", None),
        ("POST", "/admin/announcements", {"text": "x"}),
        ("DELETE", "/admin/announcements/x", None),
        ("GET", "/admin/limits", None),
        ("PATCH", "/admin/limits", {"rooms_per_hour": 5}),
        ("GET", "/admin/storage", None),
    ],
)
async def test_only_administrators_may(stage: Stage, method: str, path: str, body: Any) -> None:
    guest, ana = await caller(stage), await caller(stage)
    await ana.sign_up()
    assert await guest.code(method, path, body) == "sign_in_required"
    assert await ana.code(method, path, body) == "forbidden"


@pytest.mark.feature("P6")
async def test_it_is_in_the_audit_list(stage: Stage) -> None:
    admin = await an_admin(stage)
    made = await announce(admin, "Hello")
    await admin.must("DELETE", f"/admin/announcements/{made}")
    lines = (await admin.must("GET", "/admin/audit", params={"subject": made}))["lines"]
    assert [line["action"] for line in lines] == ["site.take_back", "site.announce"]


@pytest.mark.feature("P6")
async def test_another_process_hears_of_it_within_a_second(tmp_path: Path, at_once: None) -> None:
    """Two servers on one database: what one announces and sets, the other tells and obeys."""
    clock = ManualClock()
    async with open_stage(tmp_path, clock=clock) as first, open_stage(tmp_path, clock=clock) as second:
        place = await second.room()
        owner = await second.owner(place)
        admin = await an_admin(first)
        await announce(admin, "Hello")
        await admin.must("PATCH", "/admin/limits", {"sign_ups_open": False})
        assert owner.signals("site.announced") == []
        await second.pass_time(1)
        await owner.signal("site.announced")
        assert second.house.settings.sign_ups_open is False
        assert len(owner.signals("site.announced")) == 1
