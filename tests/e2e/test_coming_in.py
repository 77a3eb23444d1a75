"""Coming in is one press, whatever the page knows by then."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Page, Route, expect

from tests.e2e import account_steps, steps
from tests.e2e.conftest import Opener
from tests.support.process import ServerProcess

pytestmark = [pytest.mark.real("chromium"), pytest.mark.timeout(240)]


async def hold_account(page: Page) -> asyncio.Event:
    """The page learns who is signed in when this is set."""
    known = asyncio.Event()

    async def later(route: Route) -> None:
        await known.wait()
        await route.continue_()

    await page.route("**/api/account", later)
    return known


@pytest.mark.feature("P2", "R2")
async def test_a_press_before_the_accounts_name_is_there_waits_for_it(
    people: Opener, own_server: ServerProcess
) -> None:
    host, ana = await asyncio.gather(people(), people(phone=True))
    await steps.create_room(host)
    await steps.come_in(host, "Gil")
    await account_steps.new_account(ana)
    known = await hold_account(ana)
    await ana.goto(host.url)
    press = ana.get_by_role("button", name="Come in")
    await press.click()
    await expect(press).to_have_attribute("aria-busy", "true")
    await expect(ana.get_by_text("Give a name")).to_have_count(0)
    known.set()
    await expect(steps.composer(ana)).to_be_visible()
    await expect(steps.row(host, "Ana Berg")).to_be_visible()


@pytest.mark.feature("P2", "R2")
async def test_who_has_written_a_name_waits_for_nothing(people: Opener) -> None:
    host, kim = await asyncio.gather(people(), people(phone=True))
    await steps.create_room(host)
    await steps.come_in(host, "Gil")
    known = await hold_account(kim)
    await kim.goto(host.url)
    await steps.come_in(kim, "Kim")
    known.set()


@pytest.mark.feature("P1", "R2")
async def test_without_any_name_it_is_asked_for(people: Opener) -> None:
    host, kim = await asyncio.gather(people(), people(phone=True))
    await steps.create_room(host)
    await steps.come_in(host, "Gil")
    await kim.goto(host.url)
    await kim.get_by_role("button", name="Come in").click()
    await expect(kim.get_by_text("Give a name")).to_be_visible()
    await expect(kim.get_by_label("Your name")).to_be_focused()


# Whether the form of the door could be pressed, each time that this changed.
PRESSABLE = """(() => {
  const seen = (window.pressable = []);
  const note = () => {
    const press = document.querySelector('main form button[type=submit]');
    const now = press ? !press.disabled : null;
    if (seen.at(-1) !== now) seen.push(now);
  };
  new MutationObserver(note).observe(document, { subtree: true, childList: true, attributes: true });
})()"""


@pytest.mark.feature("P2", "R1")
async def test_who_comes_in_by_itself_is_never_asked_to_press(people: Opener) -> None:
    host = await people()
    await steps.create_room(host)
    await steps.come_in(host, "Gil")
    first = host.url
    await host.add_init_script(PRESSABLE)
    await host.goto("/")
    await steps.talk_only(host)
    await host.get_by_role("button", name=re.compile("^Meeting")).click()
    await host.wait_for_url(lambda url: url != first and "/r/" in url)
    await expect(steps.composer(host)).to_be_visible()
    # Landing has a form of its own, for the PIN.
    told: list[bool | None] = await host.evaluate("pressable")
    door = told[told.index(False) :]
    assert True not in door, door


@pytest.mark.feature("C1", "P2")
async def test_the_chat_that_comes_late_takes_nobody_away_from_where_they_are(people: Opener) -> None:
    host = await people()
    loads = asyncio.Event()

    async def late(route: Route) -> None:
        await loads.wait()
        await route.continue_()

    await host.route(re.compile(r"ChatPanel-.*\.js"), late)
    await steps.create_room(host, "Stage")
    await host.get_by_label("Your name").fill("Gil")
    await host.get_by_role("button", name="Come in").click()
    tab = host.get_by_role("button", name="Polls", exact=True)
    await tab.focus()
    loads.set()
    await expect(steps.composer(host)).to_be_visible()
    await expect(tab).to_be_focused()
