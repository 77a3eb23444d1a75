"""A Chromium in which only the tab in front is visible, as in a person's window.

Playwright tells each of its pages that it is seen, and its flags let hidden ones run on as if they were. This one is
started by itself, and Playwright joins it as a guest that changes nothing.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import BrowserContext, Page, Playwright

START_SECONDS = 60
ALWAYS = ["--headless=new", "--no-sandbox", "--no-first-run", "--disable-gpu", "--window-size=1280,800"]


async def _address(folder: Path) -> str:
    """Where the browser takes orders, as soon as it says so."""
    said = folder / "DevToolsActivePort"
    for _ in range(START_SECONDS * 20):
        if said.exists() and len(lines := said.read_text().split()) == 2:
            return f"ws://127.0.0.1:{lines[0]}{lines[1]}"
        await asyncio.sleep(0.05)
    raise AssertionError("the browser does not start")


@asynccontextmanager
async def window(
    playwright: Playwright, program: str, flags: Sequence[str], loudspeakers: Mapping[str, str]
) -> AsyncIterator[BrowserContext]:
    """Its tabs are the pages of the context. ``loudspeakers``: how the browser finds them, as variables of the
    environment; without any, what a tab plays is silence to who captures it.
    """
    folder = Path(tempfile.mkdtemp(prefix="tabs-"))
    asked = [*ALWAYS, "--remote-debugging-port=0", f"--user-data-dir={folder}"]
    surroundings = {**os.environ, **loudspeakers}
    process = await asyncio.create_subprocess_exec(
        program, *asked, *flags, "about:blank", stdout=DEVNULL, stderr=DEVNULL, env=surroundings
    )
    try:
        browser = await playwright.chromium.connect_over_cdp(await _address(folder), no_defaults=True)
        [context] = browser.contexts
        await context.grant_permissions(["camera", "microphone"])
        yield context
        await browser.close()
    finally:
        process.kill()
        await process.wait()
        shutil.rmtree(folder, ignore_errors=True)


async def hide(page: Page) -> Page:
    """Another tab comes in front of it; returns that one."""
    other = await page.context.new_page()
    await other.bring_to_front()
    await is_now(page, "hidden")
    return other


async def show(page: Page) -> None:
    await page.bring_to_front()
    await is_now(page, "visible")


async def is_now(page: Page, state: str) -> None:
    for _ in range(300):
        if await page.evaluate("document.visibilityState") == state:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"the page is not {state}")
