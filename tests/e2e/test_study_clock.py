"""The seconds on every page are the server's: with clocks that are wrong, and after the computer slept."""

from __future__ import annotations

import asyncio
import statistics

import pytest
from playwright.async_api import Page, expect

from tests.e2e import study_steps as study
from tests.e2e.conftest import Opener
from tests.e2e.study_steps import DAY_MS

pytestmark = [
    pytest.mark.real("chromium"),
    pytest.mark.timeout(240),
    pytest.mark.feature("S2"),
    # Hundredths of a second: not beside others that need the machine.
    pytest.mark.xdist_group("media"),
]

WITHIN_MS = 100


async def are_the_servers(end: int, *pages: Page) -> None:
    """The seconds of the pages change when the server's do. A single change may wait for a busy machine."""
    for late in await asyncio.gather(*(study.lateness(page, end) for page in pages)):
        assert abs(statistics.median(late)) <= WITHIN_MS, late


async def test_wrong_clocks_show_the_servers_seconds_and_so_does_who_comes_late(people: Opener) -> None:
    host = await study.host_of(people, off=DAY_MS)
    came = study.hear(host)
    await host.reload()
    await study.press(host, "Start")
    await expect(host.get_by_role("button", name="Pause")).to_be_visible()
    ben = await study.come_in(people, host, "Ben", off=-DAY_MS)
    for page in (host, ben):
        await page.evaluate(study.WATCH)
    await are_the_servers(study.end_of(came), host, ben)


async def test_after_sleep_they_are_the_servers_again(people: Opener) -> None:
    host = await study.host_of(people, off=DAY_MS)
    came = study.hear(host)
    await host.reload()
    await study.press(host, "Start")
    await expect(host.get_by_role("button", name="Pause")).to_be_visible()
    await host.evaluate(study.WATCH)
    end = study.end_of(came)
    await are_the_servers(end, host)
    protocol = await host.context.new_cdp_session(host)
    await protocol.send("Page.setWebLifecycleState", {"state": "frozen"})
    # So long it sleeps.
    await asyncio.sleep(5)
    await protocol.send("Page.setWebLifecycleState", {"state": "active"})
    first, *_ = await study.lateness(host, end, 1)
    print(f"the first second after sleep came {first:.0f} ms late")
    await are_the_servers(end, host)
