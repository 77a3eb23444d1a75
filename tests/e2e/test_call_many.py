"""As many as may be in one call between browsers: eight, each of whom sees and hears the seven others."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e import meeting_steps as call
from tests.e2e.conftest import Opener

pytestmark = [
    pytest.mark.real("whole-chromium"),
    pytest.mark.timeout(300),
    pytest.mark.xdist_group("media"),
]
NAMES = ("Ana", "Ben", "Cid", "Dora", "Emil", "Fay", "Gus", "Hana")


@pytest.fixture
def browser_flags(tone: Path) -> list[str]:
    return call.flags(tone)


@pytest.mark.feature("M2", "M7")
async def test_eight_people(people: Opener) -> None:
    """With the smallest pictures, all 56 directions are decoded, and the sound of all of them."""
    [ana] = await call.meet(people, "Ana", join=False)
    await ana.get_by_role("button", name="Room settings").click()
    await ana.get_by_label("Size of pictures").select_option("smallest")
    await ana.keyboard.press("Escape")
    await call.join_call(ana)
    pages = [ana]
    for name in NAMES[1:]:
        page = await people(width=700, height=500)
        await call.prepare(page)
        await page.goto(ana.url)
        await call.come_in(page, name)
        await call.join_call(page)
        pages.append(page)
    await expect(ana.locator('article[data-kind="camera"]')).to_have_count(len(NAMES))
    others = len(NAMES) - 1
    decodes = f"""async () => {{
      const rows = (await inbound('video')).filter((row) => row.framesDecoded > 0 && row.frameHeight <= 90)
      const sounds = (await inbound('audio')).filter((row) => row.packetsReceived > 0)
      return rows.length === {others} && sounds.length >= {others} &&
        rows.map((row) => [row.mid + row.ssrc, row.framesDecoded])
    }}"""
    first = await asyncio.gather(*(call.until(page, decodes, f"{others} pictures", seconds=90) for page in pages))
    for page, before in zip(pages, first, strict=True):
        rises = f"""async (before) => {{
          const now = new Map(await ({decodes})() || [])
          return before.every(([which, frames]) => now.get(which) > frames)
        }}"""
        await call.until(page, rises, "all of them go on", about=before, seconds=60)
