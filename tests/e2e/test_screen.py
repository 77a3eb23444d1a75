"""The big screen: a second tab that everybody in the hall reads."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable

import pytest
import zxingcpp
from PIL import Image
from playwright.async_api import Page, expect

from tests.e2e import floor_steps as floor
from tests.e2e import steps
from tests.e2e.conftest import Opener
from tests.e2e.test_looks import find_faults

pytestmark = [pytest.mark.real("chromium"), pytest.mark.timeout(180)]

SIZES = [(1920, 1080), (1280, 720)]

# The height of every text that can be seen, as a part of the screen's height.
SMALLEST = """() => {
  const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT)
  let smallest = 1
  while (walker.nextNode()) {
    const holder = walker.currentNode.parentElement
    if (!walker.currentNode.textContent.trim() || holder.closest('.help')) continue
    smallest = Math.min(smallest, parseFloat(getComputedStyle(holder).fontSize) / innerHeight)
  }
  return smallest
}"""

# Looks at each frame that is drawn: the code stays the same picture, and nothing is ever empty or cut off.
WATCH = """() => {
  const code = document.querySelector('.ways img')
  window.seen = { frames: 0, faults: [] }
  const look = () => {
    window.seen.frames += 1
    const fault = (what) => window.seen.faults.includes(what) || window.seen.faults.push(what)
    if (document.querySelector('.ways img') !== code || !code.complete) fault('the code')
    const parts = [...document.querySelectorAll('.now .one')]
    const light = parts.reduce((sum, part) => sum + Number(getComputedStyle(part).opacity), 0)
    if (light < 0.39) fault(`nothing in front: ${light}`)
    if (!document.querySelector('.next .row')) fault('nobody is next')
    if (document.documentElement.scrollHeight > innerHeight) fault('too high')
    requestAnimationFrame(look)
  }
  look()
}"""


async def hall(people: Opener) -> tuple[Page, Page, list[Page]]:
    host, *phones = await floor.open_stage(people, "Ana", "Ben", "Cem", "Dag")
    screen = await floor.open_screen(host)
    for number, page in enumerate(phones, 1):
        await floor.ask(page, f"What is question {number} about?")
    return host, screen, phones


@pytest.mark.feature("R10", "R2")
@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_it_can_be_read_from_the_back_row(people: Opener, width: int, height: int, dark: bool) -> None:
    host, *phones = await floor.open_stage(people, "Ana", "Ben", dark=dark)
    screen = await floor.open_screen(host)
    await screen.set_viewport_size({"width": width, "height": height})
    await expect(screen.get_by_text("What would you like to know?")).to_be_visible()
    for number, page in enumerate(phones, 1):
        await floor.ask(page, f"What is question {number} about?")
    await host.get_by_role("button", name="Next question").click()
    await expect(floor.now(screen)).to_contain_text("What is question 1 about?")
    await expect(screen.get_by_role("region", name="Next")).to_contain_text("What is question 2 about?")
    pin = await steps.pin_of(host)
    await expect(screen.get_by_label(f"PIN {' '.join(pin)}")).to_be_visible()
    picture = screen.get_by_role("img", name="QR code")
    await expect(picture).to_have_js_property("complete", True)
    assert await find_faults(screen) == []
    assert await screen.evaluate(SMALLEST) > 0.022
    assert await screen.evaluate("document.documentElement.scrollHeight <= innerHeight")
    # There is nothing to press.
    for role in ("button", "link", "textbox", "switch"):
        await expect(screen.get_by_role(role)).to_have_count(0)
    [code] = zxingcpp.read_barcodes(Image.open(io.BytesIO(await screen.screenshot())))
    assert code.text == host.url


@pytest.mark.feature("R10")
async def test_one_key_opens_it_and_keys_drive_it(people: Opener) -> None:
    host, screen, phones = await hall(people)
    # The same key brings the same tab to the front.
    await host.bring_to_front()
    await screen.evaluate("window.same = true")
    await host.keyboard.press("F8")
    await expect(screen.get_by_role("region", name="Next")).to_be_visible()
    assert await screen.evaluate("window.same") is True
    assert len(host.context.pages) == 2
    await screen.bring_to_front()
    await screen.keyboard.press("ArrowRight")
    await expect(floor.now(screen)).to_contain_text("question 1")
    await screen.keyboard.press("PageDown")
    await expect(floor.now(screen)).to_contain_text("question 2")
    await expect(floor.now(phones[2])).to_contain_text("question 2")
    await screen.keyboard.press("ArrowLeft")
    await expect(floor.now(screen)).to_have_count(0)
    await expect(screen.locator(".line .number")).to_have_text(["2", "3", "4"])
    # Any other key tells which ones there are.
    await screen.keyboard.press("x")
    await expect(screen.get_by_text("next question")).to_be_visible()
    before = await screen.get_by_role("img", name="QR code").bounding_box()
    await screen.keyboard.press("ArrowUp")
    await expect(screen.get_by_text(host.url)).to_be_visible()
    after = await screen.get_by_role("img", name="QR code").bounding_box()
    assert before
    assert after
    assert after["width"] > 1.5 * before["width"]
    await screen.keyboard.press("ArrowUp")
    await expect(screen.get_by_role("region", name="Next")).to_be_visible()


@pytest.mark.feature("R10")
async def test_it_changes_without_a_flicker(people: Opener) -> None:
    host, screen, phones = await hall(people)
    await screen.bring_to_front()
    # It has all that is never to be missing from now on.
    await expect(screen.locator(".line .number")).to_have_text(["1", "2", "3"])
    await expect(screen.get_by_role("img", name="QR code")).to_have_js_property("complete", True)
    await screen.evaluate(WATCH)

    async def step(act: Callable[[], Awaitable[None]], *expected: str) -> None:
        await act()
        await expect(screen.locator(".line .number")).to_have_text(list(expected))

    await step(lambda: screen.keyboard.press("ArrowRight"), "2", "3", "4")
    await step(lambda: host.get_by_role("button", name="Keep on top: number 4").click(), "4", "2", "3")
    await step(lambda: screen.keyboard.press("ArrowRight"), "2", "3")
    await step(lambda: host.get_by_role("button", name="Number 1 back to the queue").click(), "1", "2", "3")
    await step(floor.yours(phones[2]).get_by_role("button", name="Take back").click, "1", "2")
    await screen.context.set_offline(True)
    await expect(screen.get_by_text("Connection lost")).to_be_visible()
    await screen.context.set_offline(False)
    await expect(screen.get_by_text("Connection lost")).to_have_count(0)
    seen = await screen.evaluate("window.seen")
    assert seen["frames"] > 20
    assert seen["faults"] == []


@pytest.mark.feature("R10", "R5")
async def test_who_is_no_host_shows_it_and_drives_nothing(people: Opener) -> None:
    host, ana = await floor.open_stage(people, "Ana")
    stranger = await people()
    await stranger.goto(f"{host.url}/screen")
    await expect(stranger.get_by_role("heading", name="Come in first")).to_be_visible()
    await floor.ask(ana, "Who are you?")
    await ana.goto(f"{host.url}/screen")
    await expect(ana.get_by_role("region", name="Next")).to_contain_text("Who are you?")
    await ana.keyboard.press("ArrowRight")
    await ana.keyboard.press("x")
    await expect(ana.get_by_text("large code")).to_be_visible()
    await expect(ana.get_by_text("next question")).to_have_count(0)
    await expect(floor.now(ana)).to_have_count(0)
    await host.get_by_role("button", name="Next question").click()
    await expect(floor.now(ana)).to_contain_text("Who are you?")
    await host.get_by_role("button", name="You and this device").click()
    await host.get_by_role("menuitem", name="Close the room…").click()
    await steps.answer(host, "Close for everyone")
    await expect(ana.get_by_text("This room is closed")).to_be_visible()
