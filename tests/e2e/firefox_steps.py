"""What people do in the page with Firefox, by the names that they (and screen readers) know things by."""

from __future__ import annotations

from tests.support.firefox_page import Page, Where, button, css, role

COMPOSER = role("textbox", "Message everyone")


async def come_in(page: Page, name: str) -> None:
    await page.fill(role("textbox", "Your name"), name)
    await page.press(button("Come in"))


async def join(page: Page, pin: str, name: str) -> None:
    """From the first page, by the PIN that a host tells."""
    await page.fill(role("textbox", "Have a PIN?"), pin)
    await page.press(button("Join"))
    await come_in(page, name)
    await page.see(COMPOSER)


async def say(page: Page, text: str) -> None:
    await page.fill(COMPOSER, text)
    await page.press(button("Send"))


def message(text: str) -> Where:
    return css("article .message-body").having(text)


async def open_tab(page: Page, name: str) -> None:
    """One of the parts of the room, on a phone."""
    await page.press(button(name).inside(role("navigation", "Parts of the room")))
