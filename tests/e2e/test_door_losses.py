"""Waiting at the door on a poor network: what the hosts decide meanwhile is not lost."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import BrowserContext, Locator, Page, Request, Route, expect

from tests.e2e import steps
from tests.e2e.conftest import Opener
from tests.support.process import ServerProcess

pytestmark = [pytest.mark.real("chromium"), pytest.mark.timeout(240), pytest.mark.feature("R4")]

WAITING = "You have knocked"
ROOM_PARTS = re.compile(r"/assets/RoomPage-")


class Network:
    """The way from a browser to the server. What is under way when it is cut is still answered."""

    def __init__(self) -> None:
        self.cut = False
        self.without: re.Pattern[str] | None = None
        self.held: asyncio.Event | None = None
        """While it is not set, parts of the page are on their way."""

    @classmethod
    async def of(cls, context: BrowserContext) -> Network:
        network = cls()
        await context.route("**/*", network._pass)
        return network

    async def _pass(self, route: Route) -> None:
        if self.held is not None and "/assets/" in route.request.url:
            await self.held.wait()
        if self.cut or (self.without and self.without.search(route.request.url)):
            await route.abort("internetdisconnected")
        else:
            await route.continue_()


def is_waiting(request: Request) -> bool:
    """The question that is answered when the host decides."""
    return "/api/knocks/" in request.url and request.method == "GET" and "now" not in request.url


@asynccontextmanager
async def until_it_waits(page: Page) -> AsyncIterator[None]:
    async with page.expect_request(is_waiting):
        yield


async def door(people: Opener) -> tuple[Page, Page]:
    """A host, and somebody who has knocked by link."""
    host, kim = await asyncio.gather(people(), people(phone=True))
    await steps.create_room(host, "Study", talk=True)
    await steps.come_in(host, "Ana")
    await kim.goto(host.url)
    await kim.get_by_label("Your name").fill("Kim")
    async with until_it_waits(kim):
        await kim.get_by_role("button", name="Knock").click()
    await expect(kim.get_by_role("heading", name=WAITING)).to_be_visible()
    return host, kim


async def reload(page: Page) -> None:
    async with until_it_waits(page):
        await page.reload()
    await expect(page.get_by_role("heading", name=WAITING)).to_be_visible()


def card(host: Page) -> Locator:
    return host.get_by_role("group", name="Kim asks to come in")


async def decide(host: Page, word: str = "Let in") -> None:
    await card(host).get_by_role("button", name=word).click()
    await expect(card(host)).to_have_count(0)


async def is_inside(page: Page) -> None:
    """Soon: the page tries again every few seconds."""
    await expect(steps.composer(page)).to_be_visible(timeout=15_000)


@pytest.mark.parametrize("reloaded", [True, False])
async def test_let_in_while_offline(people: Opener, reloaded: bool) -> None:
    host, kim = await door(people)
    if reloaded:
        await reload(kim)
    await kim.context.set_offline(True)
    await decide(host)
    await kim.context.set_offline(False)
    await is_inside(kim)


async def test_the_answer_is_the_last_that_arrives(people: Opener) -> None:
    """The host lets in; the page hears of it, and then there is no network for loading the room."""
    host, kim = await door(people)
    network = await Network.of(kim.context)
    await reload(kim)
    network.cut = True
    await decide(host)
    await expect(kim.get_by_text(re.compile("The server does not answer"))).to_be_visible()
    network.cut = False
    await is_inside(kim)


async def test_the_rooms_page_itself_cannot_be_loaded(people: Opener) -> None:
    host, kim = await door(people)
    network = await Network.of(kim.context)
    network.without = ROOM_PARTS
    # So that the page does not even try to get its parts by loading itself anew.
    await kim.evaluate("sessionStorage.setItem('salon.reloaded', String(Date.now()))")
    await reload(kim)
    network.cut = True
    await decide(host)
    await expect(kim.get_by_text("The server does not answer. Trying again…")).to_be_visible()
    assert "/knock/" in kim.url, "it is still there"
    network.cut, network.without = False, None
    await is_inside(kim)


async def test_let_in_before_the_reload_has_finished(people: Opener) -> None:
    host, kim = await door(people)
    network = await Network.of(kim.context)
    network.held = asyncio.Event()
    await kim.reload(wait_until="commit")
    await decide(host)
    network.held.set()
    await is_inside(kim)


async def test_a_reload_without_network_is_made_good_by_the_next(people: Opener) -> None:
    host, kim = await door(people)
    network = await Network.of(kim.context)
    waiting = kim.url
    network.cut = True
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        await kim.reload()
    await decide(host)
    network.cut = False
    await kim.goto(waiting)
    await is_inside(kim)


async def test_declined_while_offline(people: Opener) -> None:
    host, kim = await door(people)
    await reload(kim)
    await kim.context.set_offline(True)
    await decide(host, "Decline")
    await kim.context.set_offline(False)
    await expect(kim.get_by_role("heading", name="Not this time")).to_be_visible()
    await expect(kim.get_by_role("button", name="Ask again in")).to_be_disabled()


async def test_the_server_restarts_while_somebody_waits(people: Opener, own_server: ServerProcess) -> None:
    host, kim = await door(people)
    assert own_server.stop() == 0
    await expect(kim.get_by_text("The server does not answer. Trying again…")).to_be_visible()
    own_server.start()
    await expect(kim.get_by_text("The server does not answer")).to_have_count(0)
    await decide(host)
    await is_inside(kim)


async def test_a_link_is_opened_where_there_is_no_network_yet(people: Opener) -> None:
    """The page is there, the server is not: it looks again by itself."""
    host, kim = await asyncio.gather(people(), people(phone=True))
    await steps.create_room(host)
    await steps.come_in(host, "Ana")
    network = await Network.of(kim.context)
    network.without = re.compile("/api/rooms/")
    await kim.goto(host.url)
    await expect(kim.get_by_role("heading", name="The server does not answer")).to_be_visible()
    network.without = None
    await expect(kim.get_by_label("Your name")).to_be_visible()


async def test_who_closes_the_page_leaves_the_hosts_card(people: Opener) -> None:
    host, kim = await door(people)
    await expect(card(host)).to_be_visible()
    await kim.goto("about:blank")
    await expect(card(host)).to_have_count(0, timeout=35_000)
