"""Study in all its states: nothing that axe finds, no scrolling sideways, words to be read before every picture."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from playwright.async_api import Page, expect

from tests.e2e import study_steps as study
from tests.e2e.conftest import Opener
from tests.e2e.test_looks import SETTLED, find_faults

pytestmark = [pytest.mark.real("chromium"), pytest.mark.timeout(240)]

WIDER = "document.documentElement.scrollWidth - innerWidth"
MOODS = ("dawn", "forest", "rain", "night", "sea", "dunes", "snow", "hearth")
SIZES = ((320, 640), (390, 844), (844, 390), (1440, 900), (1920, 1080))
# What lies behind the words in the ring, and the colours of these words.
WITHOUT_WORDS = """() => {
    const inside = document.querySelector('.focus-view .inside')
    const words = [...inside.querySelectorAll('.phase, .digits')]
    const boxes = words.map((one) => one.getBoundingClientRect())
    const [x, y] = ['left', 'top'].map((side) => Math.min(...boxes.map((box) => box[side])))
    const [right, bottom] = ['right', 'bottom'].map((side) => Math.max(...boxes.map((box) => box[side])))
    const colors = words.map((one) => getComputedStyle(one).color)
    inside.style.visibility = 'hidden'
    return { x, y, width: right - x, height: bottom - y, colors }
}"""
WITH_WORDS = "document.querySelector('.focus-view .inside').style.visibility = ''"
CUT = """() => [...document.querySelectorAll('.focus-view button, .focus-view .digits, .focus-view .clock')]
    .filter((one) => !one.closest('.side')).map((one) => one.getBoundingClientRect())
    .filter(({ left, top, right, bottom }) =>
        left < 0 || top < 0 || right > innerWidth + 0.5 || bottom > innerHeight + 0.5).length"""


def luminance(color: tuple[int, ...]) -> float:
    parts = [each / 255 for each in color[:3]]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def parsed(color: str) -> tuple[int, ...]:
    return tuple(round(float(part)) for part in color[color.index("(") + 1 : -1].replace(",", " ").split()[:3])


async def look(page: Page) -> None:
    for mode in ("dark", "light"):
        await page.emulate_media(color_scheme=mode)
        assert await find_faults(page) == []


@pytest.mark.feature("S1", "S2", "S3", "S5", "O10")
async def test_the_panel_has_no_faults_at_any_size(people: Opener) -> None:
    host = await study.host_of(people)
    await look(host)
    await study.choose(host, "Whose to-dos", "Shared")
    await study.add(host, "A short one", "Averyveryverylongwordthatisnotbroken" * 4)
    await host.get_by_role("checkbox", name="A short one").check()
    await host.get_by_role("button", name="Set an alarm").click()
    await look(host)
    await host.get_by_role("dialog").get_by_role("button", name="Set the alarm").click()
    await host.get_by_role("button", name="Count my focus").click()
    await expect(host.get_by_role("table", name="Focus of the last seven days")).to_be_attached()
    await study.press(host, "Start")
    for width, height in SIZES:
        await host.set_viewport_size({"width": width, "height": height})
        await host.evaluate(SETTLED)
        assert await host.evaluate(WIDER) <= 0, f"{width} px"
    await look(host)


@pytest.mark.feature("S2", "S3", "O10")
async def test_the_dialogs_have_no_faults(people: Opener) -> None:
    host = await study.host_of(people)
    for name in ("How it rings", "How it looks", "Settings of study"):
        await host.get_by_role("button", name="More for study").click()
        await host.get_by_role("menuitem", name=name).click()
        await expect(host.get_by_role("dialog")).to_be_visible()
        assert await find_faults(host) == []
        await host.keyboard.press("Escape")
        await expect(host.get_by_role("dialog")).to_have_count(0)
    await host.get_by_role("button", name="Lengths and cycles").click()
    assert await find_faults(host) == []


@pytest.mark.feature("R9", "S4", "O10")
async def test_the_focus_view_can_be_read_before_every_picture(people: Opener) -> None:
    host = await study.host_of(people)
    await host.get_by_role("button", name="Focus view").click()
    view = host.get_by_role("dialog", name="Focus view")
    await expect(view).to_be_visible()
    for width, height in SIZES:
        await host.set_viewport_size({"width": width, "height": height})
        await host.evaluate(SETTLED)
        assert await host.evaluate(WIDER) <= 0, f"{width} px"
        assert await host.evaluate(CUT) == 0, f"cut off at {width} x {height}"
    await host.set_viewport_size({"width": 1280, "height": 800})
    await look(host)
    for mood in MOODS:
        await host.evaluate("mood => localStorage.setItem('salon.study.mood', mood)", mood)
        await host.evaluate(
            "mood => dispatchEvent(new StorageEvent('storage', { key: 'salon.study.mood', newValue: mood }))", mood
        )
        await expect(view.locator("[data-mood]").first).to_have_attribute("data-mood", mood)
        for mode in ("dark", "light"):
            await host.emulate_media(color_scheme=mode)
            # First the page learns of the mode, then it has another picture, which has to come.
            await host.evaluate(SETTLED)
            await host.evaluate("document.querySelector('.focus-view .picture').decode()")
            await host.evaluate(SETTLED)
            box = await host.evaluate(WITHOUT_WORDS)
            colors = [parsed(each) for each in box.pop("colors")]
            seen = Image.open(io.BytesIO(await host.screenshot(clip=box))).convert("RGB").resize((120, 80))
            await host.evaluate(WITH_WORDS)
            raw = seen.tobytes()
            around = {(raw[at], raw[at + 1], raw[at + 2]) for at in range(0, len(raw), 3)}
            worst = min(contrast(words, each) for words in colors for each in around)
            assert worst >= 4.5, f"{mood}, {mode}: {worst:.2f}"
