"""A call in all its states: nothing that axe finds, light and dark, and no scrolling sideways at 320 px."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.e2e import call_page_steps as call
from tests.e2e import steps
from tests.e2e.conftest import Opener
from tests.e2e.test_files_looks import WIDER, look
from tests.e2e.test_looks import SETTLED

pytestmark = [
    pytest.mark.real("whole-chromium"),
    pytest.mark.timeout(240),
    pytest.mark.xdist_group("media"),
]


@pytest.fixture
def browser_flags(tone: Path) -> list[str]:
    return call.flags(tone)


@pytest.mark.feature("M1", "O10")
async def test_before_the_call_it_looks_well(people: Opener) -> None:
    [ana] = await call.meeting(people, "Ana", allowed=False)
    panel = call.call_of(ana)
    await look(ana)
    await panel.get_by_role("button", name="See and hear yourself first").click()
    await expect(panel.get_by_text("Microphone and camera are not allowed")).to_be_visible()
    await panel.get_by_role("button", name="Check the connection").click()
    await expect(panel.get_by_role("button", name="Check again")).to_be_visible()
    await look(ana)
    await call.join(ana)
    await expect(panel.get_by_text("You are the only one here")).to_be_visible()
    await look(ana)
    await ana.get_by_role("button", name="Room settings").click()
    await expect(ana.get_by_label("Who may share a screen")).to_be_visible()
    await look(ana, narrow=False)


async def inside(page: Page) -> None:
    """No button of the call is cut off, and none stands on another."""
    spots = await page.evaluate(
        """() => [...document.querySelectorAll('[aria-label="Your part in the call"] button')].map((one) => {
            const { left, right, top, bottom } = one.getBoundingClientRect()
            return left >= 0 && top >= 0 && right <= innerWidth + 0.5 && bottom <= innerHeight + 0.5
        })"""
    )
    assert spots, "there are buttons"
    assert all(spots)


@pytest.mark.feature("M4", "M5", "M7", "O10")
async def test_in_the_call_it_looks_well(people: Opener) -> None:
    [ana, ben] = await call.in_a_call(people, "Ana", "Ben")
    await call.button(ben, "Raise your hand").click()
    await call.button(ben, "Mute the microphone").click()
    await expect(call.tile(ana, "Ben")).to_have_attribute("aria-label", "Ben, hand raised, microphone off")
    await look(ana)
    for width, height in ((320, 640), (390, 844), (844, 390), (1024, 640), (1920, 1080)):
        await ana.set_viewport_size({"width": width, "height": height})
        await ana.evaluate(SETTLED)
        await inside(ana)
        assert await ana.evaluate(WIDER) <= 0
        await expect(call.tile(ana, "Ben")).to_be_in_viewport(ratio=0.99)
    await ana.set_viewport_size({"width": 1280, "height": 800})
    await call.looks_at_people(ana)
    await look(ana)
    await ana.keyboard.press("Escape")
    for entry in ("Connections", "Camera and sound", "Keys"):
        await call.more(ana, entry)
        await expect(ana.get_by_role("dialog")).to_be_visible()
        await look(ana)
        await ana.keyboard.press("Escape")
        await expect(ana.get_by_role("dialog")).to_have_count(0)
    await call.button(ana, "Choose microphone and loudspeaker").click()
    await look(ana, narrow=False)
    await ana.keyboard.press("Escape")
    await call.button(ana, "React").click()
    await look(ana, narrow=False)


@pytest.mark.feature("M13", "P4", "O10")
async def test_on_a_phone_it_looks_well(people: Opener) -> None:
    [ana, ben] = await call.meeting(people, "Ana", "Ben", phone=True)
    for page in (ana, ben):
        await call.join(page)
    await call.sees(ana, "Ben")
    await look(ana)
    await inside(ana)
    # What a thumb presses is large enough.
    small = await ana.evaluate(
        """() => [...document.querySelectorAll('[aria-label="Your part in the call"] button')]
            .map((one) => one.getBoundingClientRect())
            .filter(({ width, height }) => width < 44 || height < 44).length"""
    )
    assert small == 0
    await steps.open_tab(ana, "People")
    await expect(steps.row(ana, "Ben").get_by_role("img", name=re.compile("speaking|microphone on"))).to_be_visible()
    await look(ana)
