"""Who may come in, seen from both sides of the door: a host's laptop, and phones in front of it."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Page, expect

from tests.e2e import steps
from tests.e2e.conftest import Opener
from tests.e2e.test_looks import find_faults

pytestmark = [pytest.mark.real("chromium"), pytest.mark.timeout(240)]


async def host_of(people: Opener, preset: str | None = None) -> Page:
    host = await people()
    await steps.create_room(host, preset, talk=True)
    await steps.come_in(host, "Ana")
    return host


async def let_in(host: Page, rule: str) -> None:
    """Choose who may come in, by the settings."""
    await host.get_by_role("button", name="Room settings").click()
    await host.get_by_role("radio", name=re.compile(f"^{rule}")).check()
    await host.get_by_role("button", name="Save").click()
    await expect(host.get_by_role("dialog")).to_have_count(0)


async def knock(page: Page, url: str, name: str) -> None:
    await page.goto(url)
    await expect(page.get_by_role("heading", name="Knock first")).to_be_visible()
    await page.get_by_label("Your name").fill(name)
    await page.get_by_role("button", name="Knock").click()
    await expect(page.get_by_role("heading", name="You have knocked")).to_be_visible()


@pytest.mark.feature("R4")
async def test_knocking_by_link_one_is_let_in_and_one_is_not(people: Opener) -> None:
    host, kim, lou = await asyncio.gather(host_of(people), people(phone=True), people(phone=True, dark=True))
    await let_in(host, "Whoever you let in")
    await steps.say(host, "Between us")
    await knock(kim, host.url, "Kim")
    await knock(lou, host.url, "Lou")
    for page in (kim, lou):
        assert await find_faults(page) == []
        assert "Between us" not in await page.content()
        assert "Ana" not in await page.content()
    loads = await kim.evaluate("performance.timeOrigin")
    await host.get_by_role("group", name="Kim asks to come in").get_by_role("button", name="Let in").click()
    await expect(steps.composer(kim)).to_be_visible()
    await steps.see(kim, "Between us")
    assert await kim.evaluate("performance.timeOrigin") == loads, "without reloading"
    await host.get_by_role("group", name="Lou asks to come in").get_by_role("button", name="Decline").click()
    await expect(lou.get_by_role("heading", name="Not this time")).to_be_visible()
    await expect(lou.get_by_role("button", name="Ask again in")).to_be_disabled()
    assert await find_faults(lou) == []
    await expect(host.get_by_role("group", name="asks to come in")).to_have_count(0)
    # Who is let in once is known here, and comes back without knocking.
    await kim.reload()
    await expect(steps.composer(kim)).to_be_visible()


@pytest.mark.feature("R4")
async def test_several_are_let_in_together_by_pin_and_link(people: Opener) -> None:
    host, kim, lou = await asyncio.gather(host_of(people, "Study"), people(phone=True), people(phone=True))
    await kim.goto("/")
    await kim.get_by_label("PIN").fill(await steps.pin_of(host))
    await kim.get_by_role("button", name="Join").click()
    await kim.get_by_label("Your name").fill("Kim")
    await kim.get_by_role("button", name="Knock").click()
    await knock(lou, await steps.scan(host), "Lou")
    await expect(host.get_by_text("2 people wait at the door")).to_be_visible()
    assert await find_faults(host) == []
    await host.get_by_role("button", name="Let all in").click()
    for page in (kim, lou):
        await expect(steps.composer(page)).to_be_visible()


@pytest.mark.feature("R4")
async def test_a_full_room_lets_in_who_was_accepted_when_somebody_leaves(people: Opener) -> None:
    host, kim, lou = await asyncio.gather(host_of(people), people(), people(phone=True))
    await kim.goto(host.url)
    await steps.come_in(kim, "Kim")
    await host.get_by_role("button", name="Room settings").click()
    await host.get_by_label("How many people at most").fill("2")
    await host.get_by_role("radio", name=re.compile("^Whoever you let in")).check()
    await host.get_by_role("button", name="Save").click()
    # It closes when the server has it.
    await expect(host.get_by_role("dialog")).to_have_count(0)
    await knock(lou, host.url, "Lou")
    await host.get_by_role("button", name="Let in").click()
    await expect(lou.get_by_role("heading", name="You may come in, but the room is full")).to_be_visible()
    await kim.get_by_role("button", name="You and this device").click()
    await kim.get_by_role("menuitem", name="Leave the room").click()
    await steps.answer(kim, "Leave")
    await expect(steps.composer(lou)).to_be_visible(timeout=30_000)


@pytest.mark.feature("R4")
async def test_a_password_is_set_asked_changed_and_removed(people: Opener) -> None:
    host, kim = await asyncio.gather(host_of(people), people(phone=True))
    await host.get_by_role("button", name="Room settings").click()
    await host.get_by_role("button", name="Set a password").click()
    await host.get_by_role("textbox", name="Password").fill("grey cat")
    await host.get_by_role("button", name="Set", exact=True).click()
    await expect(host.get_by_text("Newcomers need the password.")).to_be_visible()
    assert await find_faults(host) == []
    assert "grey cat" not in await host.content()
    await kim.goto(host.url)
    await expect(kim.get_by_role("heading", name="This room has a password")).to_be_visible()
    assert await find_faults(kim) == []
    await kim.get_by_role("textbox", name="Password").fill("gray cat")
    await kim.get_by_role("button", name="Go on").click()
    await expect(kim.get_by_text("That is not the room's password.")).to_be_visible()
    await kim.get_by_role("textbox", name="Password").fill("grey cat")
    await kim.get_by_role("button", name="Go on").click()
    await steps.come_in(kim, "Kim")
    await host.get_by_role("button", name="Remove", exact=True).click()
    await expect(host.get_by_text("The room has no password.", exact=True)).to_be_visible()


@pytest.mark.feature("R4")
async def test_a_locked_room_keeps_who_is_inside_and_nobody_else(people: Opener) -> None:
    host, kim, lou = await asyncio.gather(host_of(people), people(phone=True), people(phone=True))
    await kim.goto(host.url)
    await steps.come_in(kim, "Kim")
    # Lou stands at the open door while it is locked.
    await lou.goto(host.url)
    await lou.get_by_label("Your name").fill("Lou")
    await let_in(host, "Nobody")
    await lou.get_by_role("button", name="Come in").click()
    await expect(lou.get_by_role("heading", name="The room is locked")).to_be_visible()
    assert await find_faults(lou) == []
    await steps.say(kim, "I am still here")
    await steps.see(host, "I am still here")
    await let_in(host, "Anyone")
    await lou.get_by_role("button", name="Try again").click()
    await steps.come_in(lou, "Lou")
