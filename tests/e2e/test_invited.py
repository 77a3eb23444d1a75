"""A room for invited people, from the host's list to the confirmed address: with real mail, in real browsers."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import expect

from tests.e2e import steps
from tests.e2e.account_steps import mails_to, sign_up
from tests.e2e.conftest import Opener
from tests.e2e.test_looks import find_faults
from tests.support.mailbox import Mailbox
from tests.support.process import ServerProcess

pytestmark = [pytest.mark.usefixtures("mailbox"), pytest.mark.real("chromium"), pytest.mark.timeout(240)]

INVITED = "ada.l@example.org"


@pytest.mark.feature("R4", "P2")
async def test_invited_people_sign_in_and_come_straight_in(
    own_server: ServerProcess, people: Opener, mailbox: Mailbox
) -> None:
    host, ada, eve = await asyncio.gather(people(), people(phone=True), people(phone=True, dark=True))
    await steps.create_room(host)
    await steps.come_in(host, "Ana")
    await host.get_by_role("button", name="Room settings").click()
    dialog = host.get_by_role("dialog")
    await dialog.get_by_role("radio", name=re.compile("^Invited people")).check()
    await dialog.get_by_label("E-mail addresses").fill(f"Ada <{INVITED}>, nobody")
    await dialog.get_by_role("button", name="Invite", exact=True).click()
    await expect(dialog.get_by_text("This is no address.")).to_be_visible()
    await expect(dialog.get_by_role("listitem").filter(has_text=INVITED)).to_be_visible()
    assert await find_faults(host) == []
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_have_count(0)

    for page, email in ((ada, INVITED), (eve, "eve@example.org")):
        await page.goto(host.url)
        await expect(page.get_by_role("heading", name="This room is for invited people")).to_be_visible()
        assert await find_faults(page) == []
        assert "ada.l" not in await page.content()
        await page.get_by_role("link", name="Sign in").click()
        await sign_up(page, "Ada" if page is ada else "Eve", email)
        # Anybody could have written the address: it counts when it is confirmed.
        await expect(page.get_by_role("heading", name="Your account is not invited")).to_be_visible()
    assert await find_faults(eve) == []

    secret = await mails_to(mailbox, INVITED, 1)
    await ada.goto(f"/account/verify#{secret}")
    await ada.get_by_role("button", name="Confirm my address").click()
    await expect(ada.get_by_role("heading", name="Your address is confirmed")).to_be_visible()
    await ada.goto(host.url)
    await ada.get_by_role("button", name="Come in").click()
    await expect(steps.composer(ada)).to_be_visible()
    await eve.get_by_role("button", name="Try again").click()
    await expect(eve.get_by_role("heading", name="Your account is not invited")).to_be_visible()
