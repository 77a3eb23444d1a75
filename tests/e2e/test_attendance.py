"""Attendance as hosts see and take it: through a reload, a short cut and leaving, in two browsers."""

from __future__ import annotations

import csv
import io
import re

import openpyxl  # type: ignore[import-untyped]
import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e import steps
from tests.e2e.conftest import Opener
from tests.e2e.test_looks import find_faults

pytestmark = [pytest.mark.real("chromium"), pytest.mark.timeout(180)]


async def look(host: Page) -> Locator:
    await host.get_by_role("button", name="You and this device").click()
    await host.get_by_role("menuitem", name="Attendance").click()
    return host.get_by_role("dialog", name="Attendance")


async def download(host: Page, dialog: Locator, name: str) -> bytes:
    async with host.expect_download() as begun:
        await dialog.get_by_role("link", name=name).click()
    path = await (await begun.value).path()
    return path.read_bytes()


@pytest.mark.feature("R11")
async def test_from_coming_to_the_spreadsheet(people: Opener) -> None:
    host, guest = await steps.gather(people, "Ana", "=Ben")
    # A reload and a short cut are neither leaving nor coming.
    await guest.reload()
    await expect(steps.composer(guest)).to_be_visible()
    await guest.context.set_offline(True)
    await expect(guest.get_by_text(re.compile("connect", re.I)).first).to_be_visible()
    await guest.context.set_offline(False)
    await steps.say(guest, "back again")
    await steps.see(host, "back again")

    dialog = await look(host)
    ben = dialog.get_by_role("listitem").filter(has_text="=Ben")
    await expect(ben).to_contain_text("Here")
    await expect(ben).to_contain_text("phone")
    await expect(ben).not_to_contain_text("times")
    await expect(dialog).to_contain_text("2 people in all, 2 here now")

    # Live: who leaves is seen to have left.
    await guest.get_by_role("button", name="You and this device").click()
    await guest.get_by_role("menuitem", name="Leave the room…").click()
    await steps.answer(guest, "Leave")
    await expect(dialog).to_contain_text("2 people in all, 1 here now")
    await expect(ben).not_to_contain_text("Here")
    await dialog.get_by_label("Find somebody").fill("ben")
    await expect(dialog.get_by_role("listitem")).to_have_count(1)
    await dialog.get_by_label("Find somebody").fill("")

    await dialog.get_by_label("Times in").select_option("Asia/Tokyo")
    rows = list(csv.reader(io.StringIO((await download(host, dialog, "CSV")).decode("utf-8-sig"))))
    assert rows[0][:3] == ["Name", "Joined (Asia/Tokyo)", "Left (Asia/Tokyo)"]
    assert [row[0] for row in rows[1:]] == ["Ana", "'=Ben"]
    assert rows[2][5] == "phone"
    assert rows[1][2] == ""
    assert rows[2][2] > rows[2][1]

    book = openpyxl.load_workbook(io.BytesIO(await download(host, dialog, "Excel")))
    sheet = list(book["People"].values)
    assert [row[0] for row in sheet[1:]] == ["Ana", "=Ben"]
    assert (sheet[2][4], sheet[2][5]) == (1, "phone")
    assert sheet[2][1].tzinfo is None
    assert f"{sheet[2][1]:%Y-%m-%d %H:%M:%S}" == rows[2][1]


@pytest.mark.feature("R11", "O10")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_it_is_for_hosts_and_for_everyone_to_use(people: Opener, dark: bool) -> None:
    host, guest = await people(phone=True, dark=dark), await people()
    await steps.create_room(host)
    await steps.come_in(host, "Ana")
    await guest.goto(host.url)
    await steps.come_in(guest, "Ben")
    await guest.get_by_role("button", name="You and this device").click()
    await expect(guest.get_by_role("menuitemcheckbox", name="Away")).to_be_visible()
    await expect(guest.get_by_role("menuitem", name="Attendance")).to_have_count(0)
    await guest.keyboard.press("Escape")
    dialog = await look(host)
    await expect(dialog.get_by_role("listitem")).to_have_count(2)
    assert await find_faults(host) == []
    await host.keyboard.press("Escape")
    await steps.open_tab(host, "Room")
    await host.get_by_role("button", name="Attendance").click()
    await expect(dialog).to_be_visible()


@pytest.mark.feature("P4")
async def test_who_is_away_is_seen(people: Opener) -> None:
    host, guest = await steps.gather(people, "Ana", "Ben")
    ben = steps.row(host, "Ben")
    await expect(ben).to_be_visible()
    away = ben.get_by_role("img", name="away")
    await expect(away).to_have_count(0)
    await guest.get_by_role("button", name="You and this device").click()
    await guest.get_by_role("menuitemcheckbox", name="Away").click()
    await expect(away).to_be_visible()
    # A further device on which they are there: the person is.
    other = await people(same_as=guest)
    await other.goto(host.url)
    await expect(steps.composer(other)).to_be_visible()
    await expect(away).to_have_count(0)
    await other.close()
    await expect(away).to_be_visible()
    # Who comes now sees it too.
    late = await people()
    await late.goto(host.url)
    await steps.come_in(late, "Cleo")
    await expect(steps.row(late, "Ben").get_by_role("img", name="away")).to_be_visible()
    await guest.get_by_role("button", name="You and this device").click()
    await guest.get_by_role("menuitemcheckbox", name="Away").click()
    await expect(away).to_have_count(0)
