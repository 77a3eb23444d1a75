"""The other engine: people with Firefox among people with Chromium, in all that they do together."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e import firefox_steps as fox
from tests.e2e import steps
from tests.e2e.conftest import FirefoxOpener, Opener
from tests.support.firefox import Firefox
from tests.support.firefox_page import role
from tests.support.process import ServerProcess

pytestmark = [
    pytest.mark.real("firefox", "loudspeakers", "chromium"),
    pytest.mark.timeout(240),
    # One process of Firefox for all of them.
    pytest.mark.xdist_group("firefox"),
]


@pytest.mark.feature("R2", "C1", "R8")
async def test_joining_talking_and_reloading(people: Opener, in_firefox: FirefoxOpener) -> None:
    ana = await people()
    await steps.create_room(ana)
    await steps.come_in(ana, "Ana")
    ben = await in_firefox()
    await fox.join(ben, await steps.pin_of(ana), "Ben")
    await expect(steps.row(ana, "Ben").first).to_be_visible()
    await steps.say(ana, "The bridge is open again")
    await ben.see(fox.message("The bridge is open again"))
    await fox.say(ben, "Then we take the bicycles")
    await steps.see(ana, "Then we take the bicycles")
    await ben.reload()
    await ben.see(fox.message("The bridge is open again"))
    await ben.see(fox.message("Then we take the bicycles"))
    await fox.say(ben, "See you at six")
    await steps.see(ana, "See you at six")


@pytest.mark.feature("R4")
async def test_a_page_is_left_before_all_of_it_is_loaded(
    people: Opener, in_firefox: FirefoxOpener, firefox_process: Firefox, server: ServerProcess
) -> None:
    """Firefox stops what was under way at once. That is no reason to load the page anew, which would undo the leaving."""
    ana = await people()
    await steps.create_room(ana)
    ben = await in_firefox("about:blank")
    await ben.hold("/assets/RoomCloth")
    await ben.goto(server.url)
    await ben.until("() => performance.getEntriesByType('resource').length > 5")
    await ben.goto(ana.url)
    await ben.see(role("textbox", "Your name"))
    assert all("Unable to preload CSS" in each for each in firefox_process.complaints)
    firefox_process.complaints.clear()
