"""What the design language promises: contrast in every theme, pages that screen readers can use, light and dark."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.e2e import steps
from tests.e2e.conftest import Opener

pytestmark = [pytest.mark.real("chromium"), pytest.mark.timeout(180)]

CONTRAST = (Path(__file__).parent / "contrast.js").read_text()
AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


# Counts what begins to move, from the first call on.
WATCH_MOTION = """() => {
    if (window.motions === undefined)
        for (const kind of ['animationstart', 'transitionrun'])
            document.addEventListener(kind, () => { window.motions += 1 }, true)
    window.motions = 0
}"""
# The page's mode follows a media query, which browsers report with the next frame, and a motion's event comes a frame
# later still: without waiting for two of them a page seems at rest whose colours begin to change while axe looks.
SETTLED = """async () => {
    const frame = () => new Promise(requestAnimationFrame)
    // A ring that runs down with the seconds never comes to rest, and moves nothing else.
    const ending = (motion) =>
        motion.effect.getComputedTiming().endTime !== Infinity && motion.transitionProperty !== 'stroke-dashoffset'
    await frame(); await frame()
    for (let tries = 0; tries < 20; tries += 1) {
        const motions = document.getAnimations().filter(ending)
        if (motions.length === 0) break
        await Promise.allSettled(motions.map((motion) => motion.finished))
        await frame()
    }
    window.motions = 0
}"""
LOOK = """async (rules) => {
    const frame = () => new Promise(requestAnimationFrame)
    const { violations } = await axe.run(document, { runOnly: rules })
    await frame(); await frame()
    return [violations, window.motions]
}"""


async def find_faults(page: Page) -> list[str]:
    """What axe finds wrong with the page as it is now."""
    await page.evaluate(AXE.read_text())
    await page.evaluate(WATCH_MOTION)
    faults: list[str] = []
    for _ in range(5):
        # Things that fade in are not yet what they will be; what waits turns for ever.
        await page.evaluate(SETTLED)
        violations, motions = await page.evaluate(LOOK, RULES)
        faults = [f"{fault['id']}: {node['html'][:200]}" for fault in violations for node in fault["nodes"]]
        # A fault seen while something began to fade in may be the fading's: look once more.
        if not faults or not motions:
            break
    return faults


@pytest.mark.feature("R9", "O10")
async def test_every_theme_has_contrast(people: Opener) -> None:
    page = await people()
    await page.goto("/")
    assert await page.evaluate(CONTRAST) == []


@pytest.mark.feature("O10")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_no_page_has_faults(people: Opener, dark: bool) -> None:
    host, guest = await people(dark=dark), await people(dark=dark, phone=True)
    await host.goto("/")
    await host.get_by_role("button", name="Name, theme, size").click()
    assert await find_faults(host) == []

    await steps.create_room(host)
    await host.get_by_role("button", name="Come in").click()
    await expect(host.get_by_role("alert")).to_be_visible()
    assert await find_faults(host) == []
    await steps.come_in(host, "Ana")

    await guest.goto(host.url)
    assert await find_faults(guest) == []
    await steps.come_in(guest, "Ben")
    for tab in ("People", "Room"):
        await guest.get_by_role("button", name=tab, exact=True).click()
        assert await find_faults(guest) == []

    for opener in ("Room settings", "Invite"):
        await host.get_by_role("button", name=opener).click()
        await expect(host.get_by_role("dialog")).to_be_visible()
        assert await find_faults(host) == []
        await host.keyboard.press("Escape")
    await host.get_by_role("button", name="What to do with Ben").click()
    await host.get_by_role("menuitem", name="Ban…").click()
    await expect(host.get_by_role("alertdialog")).to_be_visible()
    assert await find_faults(host) == []

    await host.goto("/there/is/nothing")
    assert await find_faults(host) == []


@pytest.mark.feature("R9")
async def test_light_and_dark_follow_the_system_unless_chosen(people: Opener) -> None:
    page = await people(dark=True)
    await page.goto("/")
    html = page.locator("html")
    await expect(html).to_have_attribute("data-mode", "dark")
    await page.emulate_media(color_scheme="light")
    await expect(html).to_have_attribute("data-mode", "light")
    await page.get_by_role("button", name="as the system").click()
    await page.get_by_role("button", name="Light", exact=True).click()
    await expect(html).to_have_attribute("data-mode", "dark")
    await page.reload()
    await expect(html).to_have_attribute("data-mode", "dark")


@pytest.mark.feature("R9")
async def test_a_theme_is_seen_by_everyone_at_once(people: Opener) -> None:
    host, guest = await people(), await people(phone=True)
    await steps.create_room(host)
    await steps.come_in(host, "Ana")
    await guest.goto(host.url)
    await steps.come_in(guest, "Ben")
    await host.get_by_role("button", name="Room settings").click()
    await host.get_by_text("Tide", exact=True).click()
    # Only shown, not saved yet.
    await expect(host.locator("html")).to_have_attribute("data-theme", "tide")
    await expect(guest.locator("html")).to_have_attribute("data-theme", "linen")
    await host.get_by_role("button", name="Save").click()
    await expect(guest.locator("html")).to_have_attribute("data-theme", "tide")
