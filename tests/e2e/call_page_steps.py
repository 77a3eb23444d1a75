"""What people do on the page of a call, by the names that they (and screen readers) know things by."""

from __future__ import annotations

import asyncio
import re
import time
from pathlib import Path

from playwright.async_api import Locator, Page, expect

from tests.e2e import media
from tests.e2e.conftest import Opener
from tests.e2e.steps import open_tab


def flags(tone: Path) -> list[str]:
    """Of browsers with a camera and a microphone that a machine plays, and that share the tab they are in."""
    return [*media.flags(tone), "--auto-select-tab-capture-source-by-title=Salon"]


async def new_meeting(page: Page, name: str) -> None:
    await page.goto("/")
    await page.get_by_role("button", name="Meeting").click()
    await enter(page, name)


async def enter(page: Page, name: str) -> None:
    """Into the room; the call is in front, and nobody is in it by that."""
    await page.get_by_label("Your name").fill(name)
    await page.get_by_role("button", name="Come in").click()
    await expect(call_of(page)).to_be_visible()


async def meeting(people: Opener, *names: str, allowed: bool = True, **looks: bool) -> list[Page]:
    """A host and others in a room with a call, none of them in it yet."""
    pages: list[Page] = []
    for name in names:
        page = await people(**looks)
        if allowed:
            await page.context.grant_permissions(["camera", "microphone"])
        if pages:
            await page.goto(pages[0].url)
            await enter(page, name)
        else:
            await new_meeting(page, name)
        pages.append(page)
    return pages


async def join(page: Page) -> None:
    await call_of(page).get_by_role("button", name="Join the call").click()
    await expect(button(page, "Leave the call")).to_be_visible()


async def in_a_call(people: Opener, *names: str, **looks: bool) -> list[Page]:
    """All of them see each other."""
    pages = await meeting(people, *names, **looks)
    for page in pages:
        await join(page)
    for page, own in zip(pages, names, strict=True):
        for name in names:
            if name != own:
                await sees(page, name)
    return pages


def call_of(page: Page) -> Locator:
    """The panel, wherever it stands."""
    return page.get_by_role("region", name="Call", exact=True)


def button(page: Page, name: str | re.Pattern[str]) -> Locator:
    return call_of(page).get_by_role("button", name=name, exact=True)


def tile(page: Page, name: str) -> Locator:
    """Somebody on the stage, by their name; what is said of them comes behind it."""
    return call_of(page).get_by_role("article", name=re.compile(rf"^{re.escape(name)}(,|$)"))


def screen(page: Page, name: str) -> Locator:
    return call_of(page).get_by_role("article", name=f"Screen of {name}")


async def sees(page: Page, name: str) -> None:
    """Their camera arrives, and it moves."""
    await expect(tile(page, name).first.locator("video")).to_be_visible(timeout=30_000)
    await moves(tile(page, name).first)


async def moves(picture: Locator) -> None:
    """Frames come into the picture."""
    video = picture.locator("video")
    shown = "video => video.getVideoPlaybackQuality().totalVideoFrames"
    before = await video.evaluate(shown)
    end = time.monotonic() + 30
    while await video.evaluate(shown) <= before + 2:
        assert time.monotonic() < end, "the picture stands still"
        await asyncio.sleep(0.05)


async def more(page: Page, entry: str) -> None:
    await button(page, "More").click()
    await page.get_by_role("menuitem", name=entry).click()


async def looks_at_people(page: Page) -> Locator:
    """The dialog with everyone in the call."""
    await button(page, "People in the call").click()
    return page.get_by_role("dialog", name=re.compile("in the call"))


async def to_chat_and_back(page: Page) -> None:
    await open_tab(page, "Chat")
    await page.get_by_role("region", name="The call goes on").get_by_role("button", name="Back to the call").click()
    await expect(button(page, "Leave the call")).to_be_visible()


async def boxes(page: Page) -> dict[str, dict[str, float]]:
    """Where everybody stands, by seat and kind."""
    found: dict[str, dict[str, float]] = await page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('[data-tile]')].map((place) => {
            const { x, y, width, height } = place.getBoundingClientRect()
            return [place.dataset.tile, { x, y, width, height }]
        }))"""
    )
    return found
