"""What people do in the page, by the names that they (and screen readers) know things by."""

from __future__ import annotations

import io
import re
from collections.abc import Awaitable, Callable

import zxingcpp
from PIL import Image
from playwright.async_api import Locator, Page, Route, expect


async def create_room(page: Page, preset: str | None = None, *, talk: bool = False) -> None:
    """``talk``, or no preset: a room in which people write and do nothing else, so that the chat is in front."""
    await page.goto("/")
    if talk or preset is None:
        await talk_only(page)
    await page.get_by_role("button", name=re.compile(f"^{preset or 'Meeting'}")).click()
    if preset == "Drop":
        # One is in by the name of one's device.
        await expect(page.get_by_role("region", name="Files", exact=True)).to_be_visible()
    else:
        await expect(page.get_by_label("Your name")).to_be_visible()


async def talk_only(page: Page) -> None:
    """The room that this page makes next has nothing but its chat."""

    async def ask(route: Route) -> None:
        await route.continue_(post_data={**(route.request.post_data_json or {}), "activities": ["chat"]})

    await page.route("**/api/rooms", ask, times=1)


async def come_in(page: Page, name: str) -> None:
    await page.get_by_label("Your name").fill(name)
    await page.get_by_role("button", name="Come in").click()
    await expect(composer(page)).to_be_visible()


async def pin_of(page: Page) -> str:
    return re.sub(r"\D", "", await page.get_by_role("button", name=re.compile("Copy the PIN")).inner_text())


async def find_by_pin(page: Page, pin: str) -> None:
    await page.goto("/")
    await page.get_by_label("PIN").fill(pin)
    await page.get_by_role("button", name="Join").click()
    await expect(page.get_by_label("Your name")).to_be_visible()


async def join_by_pin(page: Page, pin: str, name: str) -> None:
    await find_by_pin(page, pin)
    await come_in(page, name)


async def scan(page: Page) -> str:
    """What a phone's camera reads off the QR code that the page shows."""
    await page.get_by_role("button", name="Invite").click()
    picture = page.get_by_role("img", name=re.compile("QR code"))
    await expect(picture).to_be_visible()
    await expect(picture).to_have_js_property("complete", True)
    # Not as it is while the dialog is still coming in.
    seen = Image.open(io.BytesIO(await page.screenshot(animations="disabled")))
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


def said(page: Page, text: str) -> Locator:
    """The message that says this itself: others may quote it."""
    body = page.locator(".message-body", has_text=text)
    return messages(page).get_by_role("article").filter(has=body)


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("listitem").filter(has_text=name)


async def open_tab(page: Page, name: str) -> None:
    """One of the parts of the room, on a phone."""
    await page.get_by_role("navigation", name="Parts of the room").get_by_role("button", name=name).click()


async def answer(page: Page, word: str) -> None:
    await page.get_by_role("alertdialog").get_by_role("button", name=word, exact=True).click()


async def act(page: Page, text: str, word: str) -> None:
    """Does something to a message by its menu, with a mouse."""
    await said(page, text).hover()
    await said(page, text).get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name=word).click()


async def hold(page: Page, text: str, word: str) -> None:
    """Does something to a message by the sheet that a long press opens."""
    place = await said(page, text).locator(".message-body").bounding_box()
    assert place
    touch = {"x": place["x"] + 8, "y": place["y"] + 8}
    finger = await page.context.new_cdp_session(page)
    await finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [touch]})
    sheet = page.get_by_role("dialog", name="Message")
    await expect(sheet).to_be_visible()
    await finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    await sheet.get_by_role("button", name=word).click()
    await expect(sheet).to_have_count(0)


async def gather(people: Callable[..., Awaitable[Page]], *names: str, preset: str | None = None) -> list[Page]:
    """A host and others in a room, all of whom see each other. The second has a phone."""
    pages = [await people(phone=number == 1) for number in range(len(names))]
    await create_room(pages[0], preset)
    await come_in(pages[0], names[0])
    for page, name in zip(pages[1:], names[1:], strict=True):
        await page.goto(pages[0].url)
        await come_in(page, name)
    for name in names:
        await expect(row(pages[0], name).first).to_be_visible()
    return pages
