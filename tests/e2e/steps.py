"""What people do in the page, by the names that they (and screen readers) know things by."""

from __future__ import annotations

import io
import re

import zxingcpp
from PIL import Image
from playwright.async_api import Locator, Page, expect


async def create_room(page: Page, preset: str = "Meeting") -> None:
    await page.goto("/")
    await page.get_by_role("button", name=preset).click()
    await expect(page.get_by_label("Your name")).to_be_visible()


async def come_in(page: Page, name: str) -> None:
    await page.get_by_label("Your name").fill(name)
    await page.get_by_role("button", name="Come in").click()
    await expect(composer(page)).to_be_visible()


async def pin_of(page: Page) -> str:
    return re.sub(r"\D", "", await page.get_by_role("button", name=re.compile("Copy the PIN")).inner_text())


async def join_by_pin(page: Page, pin: str, name: str) -> None:
    await page.goto("/")
    await page.get_by_label("PIN").fill(pin)
    await page.get_by_role("button", name="Join").click()
    await come_in(page, name)


async def scan(page: Page) -> str:
    """What a phone's camera reads off the QR code that the page shows."""
    await page.get_by_role("button", name="Invite").click()
    picture = page.get_by_role("img", name=re.compile("QR code"))
    await expect(picture).to_be_visible()
    await expect(picture).to_have_js_property("complete", True)
    seen = Image.open(io.BytesIO(await page.screenshot()))
    [code] = zxingcpp.read_barcodes(seen)
    await page.get_by_role("button", name="Close").click()
    return code.text


def composer(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Message everyone")


async def say(page: Page, text: str) -> None:
    await composer(page).fill(text)
    # Touch keyboards have Enter for a new line: there the button sends.
    await page.get_by_role("button", name="Send", exact=True).click()


def messages(page: Page) -> Locator:
    """The list, which scrolls and holds only what is near to be seen."""
    return page.get_by_role("group", name="Messages")


def message(page: Page, text: str) -> Locator:
    return messages(page).get_by_role("article").filter(has_text=text)


async def see(page: Page, text: str) -> None:
    await expect(message(page, text)).to_have_count(1)
