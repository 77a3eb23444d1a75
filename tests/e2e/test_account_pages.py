"""The pages of accounts: errors, ways back, a server without mail, and whether everybody can use them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.async_api import expect

from tests.e2e.account_steps import OTHER, at_account, sign_in, sign_up
from tests.e2e.conftest import Opener
from tests.e2e.test_looks import find_faults
from tests.support.process import ServerProcess

pytestmark = [pytest.mark.usefixtures("mailbox"), pytest.mark.real("chromium"), pytest.mark.timeout(180)]


@pytest.mark.feature("P2")
async def test_errors_stand_at_their_field_and_tell_how_long_to_wait(own_server: ServerProcess, people: Opener) -> None:
    page = await people()
    await page.goto("/account")
    await page.get_by_role("button", name="Sign in", exact=True).click()
    email = page.get_by_label("E-mail address")
    await expect(email).to_have_attribute("aria-invalid", "true")
    await expect(email).to_be_focused()
    await sign_in(page, email="nobody")
    await expect(page.get_by_role("alert")).to_contain_text("no address for e-mail")
    for _ in range(5):
        await sign_in(page, OTHER)
        await expect(page.get_by_role("alert")).to_contain_text("do not belong together")
        await email.fill("")
    await sign_in(page)
    await expect(page.get_by_role("alert")).to_contain_text(re.compile(r"Try again in (a|\d+) second"))
    secret = page.get_by_label("Password", exact=True)
    await expect(secret).to_have_attribute("type", "password")
    await page.get_by_role("button", name="Show the password").click()
    await expect(secret).to_have_attribute("type", "text")
    await page.goto("/account?sign_in=link_expired")
    await expect(page.get_by_role("alert")).to_contain_text("took too long")


@pytest.mark.feature("P2")
async def test_the_way_back_leads_nowhere_else(own_server: ServerProcess, people: Opener) -> None:
    page = await people()
    await page.goto("/account?back=//evil.example/")
    await sign_up(page)
    await at_account(page)
    assert urlsplit(page.url).netloc == urlsplit(own_server.url).netloc


@pytest.mark.feature("P2")
async def test_without_mail_the_page_says_who_helps(people: Opener, server: ServerProcess) -> None:
    page = await people(phone=True)
    await page.goto("/account/reset")
    await expect(page.get_by_role("heading", name="This server sends no mail")).to_be_visible()
    await expect(page.get_by_text("an administrator can give you a link")).to_be_visible()
    assert await find_faults(page) == []


@pytest.mark.feature("P2", "O10")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_no_page_of_an_account_has_faults(own_server: ServerProcess, people: Opener, dark: bool) -> None:
    for page in (await people(dark=dark), await people(dark=dark, phone=True)):
        await page.goto("/account")
        await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        assert await find_faults(page) == []
        await page.get_by_role("button", name="New here").click()
        await page.get_by_role("button", name="Create the account").click()
        assert await find_faults(page) == []
        for path in ("/account/reset", "/account/reset#x", "/account/verify#x", "/account/verify"):
            await page.goto(path)
            await page.reload()
            await expect(page.get_by_role("heading", level=1)).to_be_visible()
            assert await find_faults(page) == []
    await page.goto("/account")
    await sign_up(page)
    await at_account(page)
    assert await find_faults(page) == []
    for opener in ("Change the address", "Change the password", "Delete my account"):
        await page.get_by_role("button", name=opener).click()
        await expect(page.locator("[role=dialog], [role=alertdialog]")).to_be_visible()
        assert await find_faults(page) == []
        await page.keyboard.press("Escape")
