"""What people do with the queue of a room with a stage."""

from __future__ import annotations

import re

from playwright.async_api import Locator, Page, expect

from tests.e2e import steps
from tests.e2e.conftest import Opener


async def come_in(page: Page, name: str) -> None:
    await page.get_by_label("Your name").fill(name)
    await page.get_by_role("button", name="Come in").click()
    await expect(page.get_by_role("heading", name="Queue", exact=True)).to_be_visible()


async def open_stage(people: Opener, *names: str, phone: bool = False, dark: bool = False) -> list[Page]:
    """A host and an audience with phones."""
    host = await people(phone=phone, dark=dark)
    await steps.create_room(host, "Stage")
    await come_in(host, "Olga")
    pages = [host]
    for name in names:
        page = await people(phone=True, dark=dark)
        await page.goto(host.url)
        await come_in(page, name)
        pages.append(page)
    return pages


def field(page: Page) -> Locator:
    return page.get_by_label("Your question or comment")


async def ask(page: Page, text: str) -> None:
    await field(page).fill(text)
    await page.get_by_role("button", name="Put it in the queue").click()
    await expect(yours(page)).to_contain_text(text)


def yours(page: Page) -> Locator:
    return page.get_by_role("region", name="Yours")


def now(page: Page) -> Locator:
    return page.get_by_role("region", name=re.compile("being answered", re.IGNORECASE))


def line(page: Page) -> Locator:
    """The rows of the queue, as a host or the audience sees it."""
    host = page.get_by_role("list", name="The queue, in order")
    return host.or_(page.get_by_role("region", name="Who is next")).get_by_role("listitem")


async def see_line(page: Page, *texts: str) -> None:
    if texts:
        await expect(line(page)).to_contain_text(list(texts))
    await expect(line(page)).to_have_count(len(texts))


async def numbers(page: Page) -> list[int]:
    texts = await line(page).locator(".number").all_inner_texts()
    return [int(re.sub(r"\D", "", text)) for text in texts]


def handle(page: Page, number: int) -> Locator:
    return page.get_by_role("button", name=re.compile(f"Move number {number},"))


async def choose(page: Page, entry: str) -> None:
    """Something of the queue's own menu."""
    await page.get_by_role("button", name="More for the queue").click()
    await page.get_by_role("menuitem", name=entry).click()


async def open_screen(host: Page) -> Page:
    """By the one key."""
    async with host.context.expect_page() as opened:
        await host.keyboard.press("F8")
    screen = await opened.value
    screen.set_default_timeout(15_000)
    await expect(screen.get_by_role("heading", level=1)).to_be_visible()
    return screen
