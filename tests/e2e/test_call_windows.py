"""The call over other windows, over the whole screen, and on the big screen of a hall."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.e2e import call_page_steps as call
from tests.e2e import floor_steps as floor
from tests.e2e.conftest import Opener
from tests.e2e.test_looks import find_faults

pytestmark = [
    pytest.mark.real("whole-chromium"),
    pytest.mark.timeout(240),
    pytest.mark.xdist_group("media"),
]


@pytest.fixture
def browser_flags(tone: Path) -> list[str]:
    return call.flags(tone)


async def layout(page: Page, entry: str) -> None:
    await call.button(page, "Layout").click()
    await page.get_by_role("menu").get_by_text(entry, exact=True).click()


async def float_all(page: Page) -> Page:
    async with page.context.expect_page() as opening:
        await layout(page, "Float over other windows")
    return await opening.value


@pytest.mark.feature("M5")
async def test_a_window_over_all_others(people: Opener) -> None:
    """It shows everybody and has one's own buttons; it is closed as it was opened, and with the call."""
    [ana, ben] = await call.in_a_call(people, "Ana", "Ben")
    window = await float_all(ana)
    there = window.get_by_role("article", name="Ben")
    await call.moves(there)
    # Its rules are fetched once more for it.
    await window.wait_for_function(
        "() => [...document.querySelectorAll('link[rel=stylesheet]')].every((one) => one.sheet)"
    )
    width, height = await window.evaluate("[innerWidth, innerHeight]")
    for button in await window.get_by_role("button").all():
        box = await button.bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= height
        assert box["x"] + box["width"] <= width
    await window.get_by_role("button", name="Mute the microphone").click()
    await expect(call.tile(ben, "Ana")).to_have_attribute("aria-label", "Ana, microphone off")
    await window.get_by_role("button", name="Switch the camera off").click()
    await expect(call.tile(ben, "Ana").locator("video")).to_be_hidden()
    await expect(call.tile(ana, "Ben")).to_be_visible()
    async with window.expect_event("close"):
        await layout(ana, "Float over other windows")
    again = await float_all(ana)
    async with again.expect_event("close"):
        await again.get_by_role("button", name="Leave the call").click()
    await expect(call.button(ana, "Join again")).to_be_visible()
    await expect(call.tile(ben, "Ana")).to_have_count(0)


@pytest.mark.feature("M5")
async def test_one_picture_over_all_windows(people: Opener) -> None:
    [ana, ben] = await call.in_a_call(people, "Ana", "Ben")
    floats = "(name) => document.pictureInPictureElement?.closest('article').ariaLabel.startsWith(name) ?? false"
    for is_there in (True, False):
        await call.tile(ana, "Ben").hover()
        await call.tile(ana, "Ben").get_by_role("button", name="More for Ben").click()
        await ana.get_by_role("menuitem", name="Float over other windows").click()
        await ana.wait_for_function(f"() => ({floats})('Ben') === {str(is_there).lower()}")
    await call.sees(ana, "Ben")
    await call.sees(ben, "Ana")


@pytest.mark.feature("M5")
async def test_over_the_whole_screen(people: Opener) -> None:
    """The stage has all of it, menus and dialogs are still to be seen, and leaving the call gives it back."""
    [ana, _] = await call.in_a_call(people, "Ana", "Ben")
    covers = "(panel) => Math.abs(panel.getBoundingClientRect().height - innerHeight) < 1"
    full = ana.locator(".call.over")
    await layout(ana, "Full screen")
    assert await full.evaluate(covers)
    await call.sees(ana, "Ben")
    dialog = await call.looks_at_people(ana)
    await expect(dialog.get_by_text("Ben")).to_be_visible()
    await dialog.get_by_text("Ben").click(trial=True)
    await ana.get_by_role("button", name="Close").click()
    await layout(ana, "Leave full screen")
    await expect(full).to_have_count(0)
    await layout(ana, "Full screen")
    await expect(full).to_be_visible()
    await call.button(ana, "Leave the call").click()
    await ana.wait_for_function("() => document.fullscreenElement === null")


@pytest.mark.feature("M5", "R10")
async def test_the_big_screen_shows_who_is_in_the_call(people: Opener) -> None:
    """It takes no part in it: nobody has a connection with it, and it asks for no device."""
    [ana, ben] = await call.in_a_call(people, "Ana", "Ben")
    screen = await floor.open_screen(ana)
    shown = screen.get_by_role("region", name="The call")
    await expect(shown.get_by_role("heading")).to_have_text("2 are in the call")
    await call.button(ben, "Raise your hand").click()
    await call.button(ben, "Mute the microphone").click()
    row = shown.get_by_role("listitem").filter(has_text="Ben")
    await expect(row.get_by_role("img", name="hand raised")).to_be_visible()
    await expect(row.get_by_role("img", name="microphone off")).to_be_visible()
    for width, height in ((1920, 1080), (1280, 720)):
        await screen.set_viewport_size({"width": width, "height": height})
        assert await find_faults(screen) == []
        assert await screen.evaluate("document.documentElement.scrollHeight <= innerHeight")
        await expect(row).to_be_in_viewport(ratio=0.99)
    assert await screen.evaluate("navigator.mediaDevices && document.querySelectorAll('video').length") == 0
    await call.button(ben, "Leave the call").click()
    await expect(shown.get_by_role("heading")).to_have_text("One is in the call")
    await call.button(ana, "Leave the call").click()
    await expect(shown).to_have_count(0)
