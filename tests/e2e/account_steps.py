"""What people do with their accounts, by hand, for one person called Ana."""

from __future__ import annotations

import sqlite3

from playwright.async_api import Page, expect

from tests.support.mailbox import Mailbox, token_in
from tests.support.process import ServerProcess
from tests.support.recorder import eventually

EMAIL, PASSWORD, OTHER = "ana@example.org", "correct horse battery", "another long one"


async def sign_up(page: Page, name: str = "Ana Berg", email: str = EMAIL) -> None:
    """From the way in, wherever that leads back to."""
    await page.get_by_role("button", name="New here").click()
    await page.get_by_label("Your name").fill(name)
    await page.get_by_label("E-mail address").fill(email)
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Create the account").click()


async def sign_in(page: Page, password: str = PASSWORD, email: str = EMAIL) -> None:
    await page.get_by_label("E-mail address").fill(email)
    await page.get_by_label("Password", exact=True).fill(password)
    await page.get_by_role("button", name="Sign in", exact=True).click()


async def at_account(page: Page, name: str = "Ana Berg") -> None:
    await expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    await expect(page.get_by_text("This device", exact=True)).to_be_visible()


async def new_account(page: Page) -> None:
    await page.goto("/account")
    await sign_up(page)
    await at_account(page)


async def mails_to(mailbox: Mailbox, address: str, count: int) -> str:
    """The secret in the last mail to the address, once there are so many."""
    await eventually(lambda: len(mailbox.to(address)) >= count, "the mail")
    return token_in(mailbox.to(address)[-1])


def age_sessions(server: ServerProcess) -> None:
    """All sign-ins were an hour ago."""
    with sqlite3.connect(server._folder / "data" / "salon.db", timeout=10) as database:
        database.execute("UPDATE sessions SET created_at = created_at - 3600000")
    database.close()
