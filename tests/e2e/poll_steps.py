"""What people do with polls, and a host without a page, who says to the server what the builder would."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

import socketio
from playwright.async_api import Locator, Page, expect

from tests.e2e import floor_steps as floor
from tests.e2e import steps
from tests.e2e.conftest import Opener
from tests.support.recorder import PATIENCE, Json, Recorder, eventually

_numbers = itertools.count(1)


class Asker:
    """One more device of the host whose page this is."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.room = page.url.removesuffix("/screen")
        """The address of the room."""
        self._client = socketio.AsyncClient(reconnection=False)

    async def connect(self) -> None:
        site, _, link = self.room.partition("/r/")
        [session] = [each for each in await self._page.context.cookies() if each.get("name") == "salon_session"]
        headers = {"Cookie": f"salon_session={session.get('value')}", "Origin": site}
        # Left out, it is given a second.
        await self._client.connect(
            site, headers=headers, auth={"room": link}, transports=["websocket"], wait_timeout=PATIENCE
        )

    async def leave(self) -> None:
        await self._client.shutdown()

    async def must(self, word: str, **payload: Any) -> Json:
        answer: Json = await self._client.call(word, {"id": f"p{next(_numbers)}", **payload}, timeout=PATIENCE)
        assert answer["ok"], answer
        return answer

    async def results(self, poll: str) -> Json:
        answer: Json = await self._client.call("polls.results", {"poll": poll}, timeout=PATIENCE)
        assert answer["ok"], answer
        return answer

    async def release(self, kind: str = "single", *options: str, right: str = "", **more: Any) -> str:
        """A question that is open now."""
        listed = [{"text": text, "right": text == right} for text in options]
        asked = {"kind": kind, "title": f"A question of kind {kind}", "options": listed, "seconds": None, **more}
        poll: str = (await self.must("polls.create", question=asked))["polls"][0]
        await self.must("polls.open", poll=poll)
        return poll


async def gather(
    people: Opener, *phones: str, dark: bool = False, width: int = 1920, height: int = 1080
) -> tuple[Asker, Page, list[Page]]:
    """A host, the host's big screen, and phones of an audience that look at the polls."""
    screen = await people(dark=dark, width=width, height=height)
    await steps.create_room(screen, "Stage")
    await floor.come_in(screen, "Olga")
    url = screen.url
    host = Asker(screen)
    await host.connect()
    await screen.goto(f"{url}/screen")
    pages = [await people(phone=True, dark=dark) for _ in phones]
    await asyncio.gather(*(_enter(page, url, name) for page, name in zip(pages, phones, strict=True)))
    return host, screen, pages


async def _enter(page: Page, url: str, name: str) -> None:
    await page.goto(url)
    await floor.come_in(page, name)
    await steps.open_tab(page, "Polls")
    await expect(page.get_by_role("heading", name="Polls", exact=True)).to_be_visible()


def card(page: Page, title: str) -> Locator:
    return page.get_by_role("article", name=title)


async def choose(page: Page, title: str, *options: str) -> None:
    for option in options:
        label = card(page, title).locator("label").filter(has=page.get_by_text(option, exact=True))
        await label.click()


async def vote(page: Page, title: str) -> None:
    await card(page, title).get_by_role("button", name="Vote", exact=True).click()
    await expect(card(page, title)).to_contain_text("You have voted")


# How long each bar of a lying chart is, as a part of the picture's width: what is drawn in the middle of its row.
LENGTHS = """(count) => {
  const canvas = document.querySelector('canvas')
  if (!canvas) return []
  const pen = canvas.getContext('2d')
  return Array.from({ length: count }, (_, at) => {
    const y = Math.floor(((at + 0.5) / count) * canvas.height)
    const line = pen.getImageData(0, y, canvas.width, 1).data
    return line.filter((value, at) => at % 4 === 3 && value > 127).length / canvas.width
  })
}"""


async def bars(page: Page, *shares: float) -> None:
    """The picture's first bars are as long as this, once they have moved there."""
    await page.wait_for_function(
        f"(shares) => ({LENGTHS})(shares.length).some((at, i) => Math.abs(at - shares[i]) > 0.02) === false"
        " && document.querySelector('canvas') !== null",
        arg=list(shares),
    )


async def table(page: Page) -> list[list[str]]:
    """What screen readers are told of the first picture, row by row."""
    rows = page.get_by_role("table").first.locator("tbody tr")
    return [await row.locator("th, td").all_inner_texts() for row in await rows.all()]


async def question(recorder: Recorder, poll: str) -> Json:
    """As somebody was told it by an event."""

    def known() -> list[Json]:
        told = [each for event in recorder.events("polls.changed") for each in event["data"]["polls"]]
        return [each for each in told if each["id"] == poll]

    await eventually(known, "the poll")
    found: Json = known()[-1]["question"]
    return found
