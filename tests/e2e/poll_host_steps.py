"""What hosts do with polls: writing questions, releasing them, taking their results away."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.async_api import Locator, Page, expect


async def open_polls(page: Page) -> None:
    await page.get_by_role("button", name="Polls", exact=True).click()
    await expect(page.get_by_role("heading", name="Polls", exact=True)).to_be_visible()


async def begin(page: Page) -> None:
    """A new question, in whose title the cursor stands then."""
    await page.get_by_role("button", name="New question").click()
    await expect(title(page)).to_be_focused()
    await expect(title(page)).to_have_value("")


def title(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Question", exact=True)


def options(page: Page) -> Locator:
    return page.get_by_role("group", name="Options").get_by_role("textbox")


async def see_options(page: Page, *texts: str) -> None:
    await expect(options(page)).to_have_count(len(texts))
    for number, text in enumerate(texts):
        await expect(options(page).nth(number)).to_have_value(text)


async def saved(page: Page) -> None:
    """All that was written has been taken by the server."""
    await expect(page.get_by_role("status").filter(has_text=re.compile("^Saved$"))).to_be_visible()


async def write(page: Page, text: str, *texts: str) -> None:
    """A question with one choice, by keys, saved and left."""
    await begin(page)
    await page.keyboard.type(text)
    for each in texts:
        await page.keyboard.press("Enter")
        await page.keyboard.type(each)
    await saved(page)
    await page.get_by_role("button", name="Done").click()


def card(page: Page, text: str) -> Locator:
    """The poll with this title in the host's list."""
    return page.get_by_role("list", name="Polls, in order").get_by_role("listitem").filter(has_text=text)


async def see_polls(page: Page, *texts: str) -> None:
    handles = page.get_by_role("button", name=re.compile("^Move .*, now "))
    await expect(handles).to_have_count(len(texts))
    for number, text in enumerate(texts):
        await expect(handles.nth(number)).to_have_accessible_name(re.compile(f"Move {re.escape(text)}, now"))


async def choose(page: Page, text: str, entry: str) -> None:
    """Something of a poll's own menu."""
    await card(page, text).get_by_role("button", name="More for").click()
    await page.get_by_role("menuitem", name=entry, exact=True).click()


async def choose_of_all(page: Page, entry: str) -> None:
    await page.get_by_role("button", name="More for polls").click()
    await page.get_by_role("menuitem", name=entry, exact=True).click()


async def save(page: Page, text: str, entry: str, to: Path) -> Path:
    """A file by a menu entry: of the poll with this title, or with "" of all. Under the name that it came with."""
    more = card(page, text).get_by_role("button", name="More for") if text else None
    await (more or page.get_by_role("button", name="More for polls")).click()
    async with page.expect_download() as coming:
        await page.get_by_role("menuitem", name=entry, exact=True).click()
    download = await coming.value
    path = to / download.suggested_filename
    await download.save_as(path)
    return path


async def press(page: Page, text: str, name: str) -> None:
    await card(page, text).get_by_role("button", name=name, exact=True).click()


async def vote(page: Page, text: str, answer: str) -> None:
    """As somebody with a phone, in an open poll with one choice. Those that are open stand first."""
    poll = page.get_by_role("article", name=text).first
    await poll.get_by_role("group").get_by_text(answer, exact=True).tap()
    await poll.get_by_role("button", name="Vote", exact=True).tap()
    await expect(poll.get_by_text("You have voted")).to_be_visible()


async def counts(page: Page, text: str) -> dict[str, str]:
    """What the table beside the chart says: answer, votes."""
    rows = card(page, text).get_by_role("table").get_by_role("row")
    cells = [await row.locator("th, td").all_inner_texts() for row in await rows.all()]
    return {row[0]: row[1] for row in cells[1:]}
