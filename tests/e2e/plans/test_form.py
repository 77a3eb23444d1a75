"""The form of a planned room: dates of the server, drafts, errors at their fields."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import Opener
from tests.e2e.plans.support import (
    BERLIN,
    NEW_YORK,
    PASSWORD,
    api,
    choose_zone,
    clock,
    with_account,
)
from tests.e2e.test_looks import find_faults
from tests.support.mailbox import Mailbox
from tests.support.process import ServerProcess

pytestmark = [pytest.mark.real("chromium"), pytest.mark.timeout(180), pytest.mark.feature("R6")]


async def test_the_next_dates_are_the_servers_over_a_change_of_clocks(
    people: Opener, own_server: ServerProcess, mailbox: Mailbox
) -> None:
    page = await people(zone=BERLIN)
    await with_account(page, mailbox, "Ana")
    await page.goto("/plans/new")
    # The second Saturday of March is the last before New York changes its clocks; Europe does two weeks later.
    year = datetime.now(UTC).year + 1
    march = datetime(year, 3, 1)
    saturday = march + timedelta(days=(5 - march.weekday()) % 7 + 7)
    await choose_zone(page, "new york", "New York")
    await page.get_by_label("Day").fill(f"{saturday:%Y-%m-%d}")
    await page.get_by_label("Begins at").fill("09:00")
    await page.get_by_text("Weekly", exact=True).click()
    shown = page.get_by_role("list", name="The next times").get_by_role("listitem")
    await expect(shown).to_have_count(5)
    starts = [saturday + timedelta(days=7 * n) for n in range(5)]
    for line, start in zip(await shown.all(), starts, strict=True):
        there = start.replace(hour=9, tzinfo=ZoneInfo(NEW_YORK))
        here = there.astimezone(ZoneInfo(BERLIN))
        await expect(line).to_contain_text(re.compile(r"\b0?9:00"))
        await expect(line).to_contain_text(re.compile(rf"(0?{here.hour % 12 or 12}|{here:%H}):00.*in Berlin"))
    await expect(page.get_by_text("Clocks change in between")).to_be_visible()
    # A refusal of the server stands at its field, before anything is sent.
    await page.get_by_text("By number", exact=True).click()
    await page.get_by_label("How many times in all").fill("0")
    await expect(page.get_by_text(re.compile("It repeats 1 to"))).to_be_visible()
    assert (await api(page, "GET", "/plans?list=all"))["total"] == 0


async def test_a_draft_survives_a_reload(people: Opener, own_server: ServerProcess, mailbox: Mailbox) -> None:
    page = await people()
    await with_account(page, mailbox, "Ana")
    await page.goto("/plans/new")
    await page.get_by_label("Title").fill("Half a thought")
    await page.get_by_label("Invite by e-mail").fill("ben@example.org, broken")
    await page.get_by_label("Invite by e-mail").blur()
    await page.get_by_text("Daily", exact=True).click()
    await page.reload()
    await expect(page.get_by_label("Title")).to_have_value("Half a thought")
    await expect(page.get_by_role("button", name="Remove ben@example.org")).to_be_visible()
    await expect(page.get_by_role("radio", name="Daily")).to_be_checked()
    await page.get_by_role("button", name="Start over").click()
    await expect(page.get_by_label("Title")).to_have_value("")
    await page.reload()
    await expect(page.get_by_label("Title")).to_have_value("")


async def test_what_is_wrong_is_said_where_it_is(people: Opener, own_server: ServerProcess, mailbox: Mailbox) -> None:
    page = await people(phone=True)
    await with_account(page, mailbox, "Ana")
    await page.goto("/plans/new")
    send = page.get_by_role("button", name="Plan the room")
    await send.click()
    await expect(page.get_by_label("Title")).to_be_focused()
    await expect(page.get_by_text("A title is needed.")).to_be_visible()
    await page.get_by_label("Title").fill("Yesterday")
    past = clock("UTC", days=-1)
    await page.get_by_label("Day").fill(f"{past:%Y-%m-%d}")
    await send.click()
    await expect(page.get_by_label("Day")).to_be_focused()
    await expect(page.get_by_text("It would begin in the past.")).to_be_visible()
    await page.get_by_label("Invite by e-mail").fill("nobody")
    await send.click()
    await expect(page.get_by_text("One of these is no address.")).to_be_visible()
    assert await find_faults(page) == []


async def test_guests_are_told_why_it_needs_an_account_and_come_back(people: Opener, own_server: ServerProcess) -> None:
    page = await people()
    await page.goto("/")
    await page.get_by_role("button", name="Plan for later").click()
    await expect(page.get_by_text("Planning needs an account")).to_be_visible()
    assert await find_faults(page) == []
    await page.get_by_role("button", name="Sign in or make an account").click()
    await expect(page).to_have_url(re.compile(r"/account\?back=(/|%2F)plans(/|%2F)new"))
    await page.get_by_role("button", name="New here").click()
    await page.get_by_label("Your name").fill("Ana")
    await page.get_by_label("E-mail address").fill("ana@example.org")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Create the account").click()
    await expect(page).to_have_url(re.compile("/plans/new$"))
    await expect(page.get_by_label("Title")).to_be_visible()
