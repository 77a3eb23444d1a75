"""A call in one tab of a person's window, with other tabs beside it.

Its browser slows down a tab that is not in front, and nobody else sees anything of that: neither the camera with a
background, nor the recording. And what another tab plays can be shared.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page, Playwright, expect

from tests.e2e import call_page_steps as call
from tests.e2e import media, meeting_steps, tabs
from tests.e2e.conftest import Opener, fixture
from tests.e2e.test_call_effects import choose
from tests.e2e.test_call_shares import SOUNDS, hears
from tests.e2e.test_recording import begins, colours, goes_on, longest_gap, picture, probed, recorded
from tests.support.loudspeakers import Loudspeakers
from tests.support.process import ServerProcess

pytestmark = [
    pytest.mark.real("whole-chromium", "loudspeakers", "ffmpeg"),
    pytest.mark.timeout(240),
    pytest.mark.xdist_group("media"),
]
BEHIND = 14
"""Seconds behind another tab."""
CONCERT_HZ = 600
CONCERT = f"""() => {{
  document.title = 'Concert'
  const context = new AudioContext()
  const tone = new OscillatorNode(context, {{ frequency: {CONCERT_HZ} }})
  tone.connect(context.destination)
  tone.start()
}}"""


@pytest.fixture
def browser_flags(tone: Path) -> list[str]:
    return media.flags(tone)


@pytest.fixture
def shared() -> str:
    """The title of the tab that is taken when a page asks for one."""
    return "Salon"


@fixture()
async def window(
    playwright: Playwright, real_part: Any, browser_flags: list[str], loudspeakers: Loudspeakers, shared: str
) -> AsyncIterator[BrowserContext]:
    flags = [*browser_flags, f"--auto-select-tab-capture-source-by-title={shared}"]
    async with tabs.window(playwright, real_part("whole-chromium"), flags, loudspeakers.environment) as context:
        yield context


async def enter(window: BrowserContext, server: ServerProcess) -> Page:
    """Ana, in a new meeting, not yet in its call."""
    ana = await window.new_page()
    await ana.goto(server.url)
    await ana.get_by_role("button", name="Meeting").click()
    await call.enter(ana, "Ana")
    return ana


async def joined_by(people: Opener, ana: Page) -> Page:
    """Ben; both are in the call and see each other."""
    ben = await people()
    await meeting_steps.prepare(ben)
    await ben.goto(ana.url)
    await call.enter(ben, "Ben")
    for page in (ana, ben):
        await call.join(page)
    await call.sees(ana, "Ben")
    await call.sees(ben, "Ana")
    return ben


@pytest.mark.feature("M8", "M10", "M11")
async def test_it_goes_on_and_is_recorded(
    window: BrowserContext, people: Opener, server: ServerProcess, tmp_path: Path, real_part: Any
) -> None:
    ana = await enter(window, server)
    await choose(ana, "Softened")
    ben = await joined_by(people, ana)
    await begins(ana)
    await goes_on(ana, 3)

    await tabs.hide(ana)
    for _ in range(BEHIND // 2):
        await asyncio.sleep(2)
        await call.moves(call.tile(ben, "Ana"))
    await tabs.show(ana)
    await call.moves(call.tile(ana, "Ben"))
    await call.button(ana, "Stop recording").first.click()
    await expect(ana.get_by_text("The recording is among the files.")).to_be_visible(timeout=45_000)

    ffmpeg = real_part("ffmpeg")
    file, _ = await recorded(ben, tmp_path)
    assert float(probed(ffmpeg, file)["format"]["duration"]) > BEHIND
    assert longest_gap(ffmpeg, file) < 0.9
    seen = [picture(ffmpeg, file, at) for at in range(6, BEHIND, 2)]
    for image in seen:
        for half in ((20, 200, 620, 500), (660, 200, 1260, 500)):
            assert colours(image.crop(half)) > 20
    # All of them are other ones: the picture never stood still.
    assert len({image.tobytes() for image in seen}) == len(seen)


@pytest.mark.feature("M6")
@pytest.mark.parametrize("shared", ["Concert"])
async def test_what_another_tab_plays_is_heard(window: BrowserContext, people: Opener, server: ServerProcess) -> None:
    concert = await window.new_page()
    await concert.evaluate(CONCERT)
    ana = await enter(window, server)
    ben = await joined_by(people, ana)
    await call.button(ana, "Mute the microphone").click()
    await call.button(ana, "Share the screen").click()
    await expect(ana.get_by_text("You share your screen with its sound.")).to_be_visible()
    await hears(ben, CONCERT_HZ)
    await meeting_steps.until(ben, f"async () => await ({SOUNDS})() === 2", "her voice and the concert come")


@pytest.mark.feature("M6")
async def test_nobody_hears_themselves_from_a_tab_that_plays_them(
    window: BrowserContext, people: Opener, server: ServerProcess
) -> None:
    """Ana shows the room itself, and it plays what Ben says."""
    ana = await enter(window, server)
    ben = await joined_by(people, ana)
    await call.button(ana, "Mute the microphone").click()
    await call.button(ana, "Share the screen").click()
    await expect(ana.get_by_text("You share this tab, without its sound")).to_be_visible()
    await expect(call.screen(ben, "Ana")).to_be_visible()
    await meeting_steps.is_silent(ben, 3)
    await call.button(ana, "Stop sharing the screen").click()
    await expect(ana.get_by_text("You share this tab")).to_have_count(0)
    await expect(call.screen(ben, "Ana")).to_have_count(0)
