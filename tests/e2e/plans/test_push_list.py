"""The account's page lists the browsers that are reminded, and takes any of them off."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.e2e.conftest import Opener
from tests.e2e.plans.support import PASSWORD, api, with_account
from tests.e2e.test_looks import find_faults
from tests.plans.stand_in import Browser
from tests.support.mailbox import Mailbox
from tests.support.process import ServerProcess

pytestmark = [pytest.mark.real("chromium"), pytest.mark.timeout(180), pytest.mark.feature("R6")]


async def switch_on(page: Page, name: str) -> Browser:
    """As the page does once its browser's push service has answered: there is none on this machine."""
    browser = Browser(f"https://8.8.8.8/{name}")
    await api(page, "POST", "/push/subscriptions", browser.subscription)
    return browser


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_any_browser_is_taken_off_from_any_other(
    people: Opener, own_server: ServerProcess, mailbox: Mailbox, dark: bool
) -> None:
    desk, phone = await people(dark=dark), await people(phone=True, dark=dark)
    await with_account(desk, mailbox, "Ana", proven=False)
    await phone.goto("/")
    await api(phone, "POST", "/session", {})
    await api(phone, "POST", "/account/sign-in", {"email": "ana@example.org", "password": PASSWORD})
    await desk.goto("/account")
    reminders = desk.get_by_role("region", name="Reminders")
    await expect(reminders.get_by_role("switch", name="Remind me on this device")).to_be_visible()
    await expect(reminders.get_by_role("listitem")).to_have_count(0)
    await switch_on(desk, "desk")
    taken = await switch_on(phone, "phone")
    await desk.reload()
    rows = reminders.get_by_role("listitem")
    await expect(rows).to_have_count(2)
    await expect(rows.filter(has_text="Safari on an iPhone")).to_contain_text("Since")
    await expect(rows.filter(has_text="Chrome on Linux")).to_contain_text("This browser")
    assert await find_faults(desk) == []
    await phone.goto("/account")
    await expect(phone.get_by_role("region", name="Reminders").get_by_role("listitem")).to_have_count(2)
    assert await find_faults(phone) == []
    await reminders.get_by_role("button", name="Remove Safari on an iPhone").click()
    await expect(rows).to_have_count(1)
    # Its page tells it anew with each visit: that brings it back no more.
    again = await phone.request.post(
        "/api/push/subscriptions", data={**taken.subscription, "again": True}, headers={"Origin": own_server.url}
    )
    assert (await again.json())["code"] == "push_stopped"
    await reminders.get_by_role("button", name="Remove Chrome on Linux").click()
    await expect(reminders.get_by_role("listitem")).to_have_count(0)
