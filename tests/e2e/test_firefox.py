"""The other engine: people with Firefox among people with Chromium, in all that they do together."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from playwright.async_api import Page as PlaywrightPage
from playwright.async_api import expect

from tests.e2e import firefox_steps as fox
from tests.e2e import poll_steps as polls
from tests.e2e import steps
from tests.e2e.conftest import FirefoxOpener, Opener
from tests.support.firefox import Firefox
from tests.support.firefox_page import button, css, role
from tests.support.process import ServerProcess

pytestmark = [
    pytest.mark.real("firefox", "loudspeakers", "chromium"),
    pytest.mark.timeout(240),
    # One after the other: real media of several tests starve each other. Firefox is one process for all of them.
    pytest.mark.xdist_group("media"),
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
    # Without a network it is kept, and goes out with the next one.
    await ben.offline(True)
    await fox.say(ben, "I am late")
    await ben.see(css("body"), "Waiting for the connection")
    await ben.offline(False)
    await steps.see(ana, "I am late")


@pytest.mark.feature("V2", "V4")
async def test_a_vote(people: Opener, in_firefox: FirefoxOpener) -> None:
    host, _, _ = await polls.gather(people)
    ben = await in_firefox(host.room, phone=True)
    await fox.come_in(ben, "Ben")
    await fox.open_tab(ben, "Polls")
    poll = await host.release("single", "Red", "Green", "Blue", title="Which?")
    await ben.press(css("label").having("Green"))
    await ben.press(button("Vote"))
    await ben.see(role("article", "Which?"), "You have voted")
    assert [each["count"] for each in (await host.results(poll))["tally"]["counts"]] == [0, 1, 0]
    await host.leave()


@pytest.mark.feature("D1", "D2", "D5")
async def test_files_both_ways(people: Opener, in_firefox: FirefoxOpener, tmp_path: Path) -> None:
    ana = await people()
    await steps.create_room(ana, "Drop")
    await let_everyone_send(ana)
    ben = await in_firefox(ana.url)
    await fox.come_in(ben, "Ben")
    [one, other] = [tmp_path / name for name in ("one.bin", "other.bin")]
    for path in (one, other):
        path.write_bytes(os.urandom(700_000))
    await ana.get_by_label("Files to send").set_input_files(one)
    assert digest(await ben.download(role("link", "Download one.bin"))) == digest(one)
    await ben.choose_files("input[aria-label='Files to send']", other)
    async with ana.expect_download() as coming:
        await ana.get_by_role("link", name="Download other.bin", exact=True).click()
    assert digest(Path(await (await coming.value).path())) == digest(other)


async def let_everyone_send(host: PlaywrightPage) -> None:
    await host.get_by_role("button", name="More for files").click()
    await host.get_by_role("menuitem", name="Settings of files").click()
    await host.get_by_label("Who may put files here").select_option("everyone")
    await host.keyboard.press("Escape")


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.feature("R4")
async def test_a_page_is_left_before_all_of_it_is_loaded(
    people: Opener, in_firefox: FirefoxOpener, firefox_process: Firefox, server: ServerProcess
) -> None:
    """Firefox stops what was under way at once. That is no reason to load the page anew and to undo the leaving."""
    ana = await people()
    await steps.create_room(ana)
    ben = await in_firefox("about:blank")
    await ben.hold("/assets/RoomCloth")
    await ben.goto(server.url)
    await ben.until("() => performance.getEntriesByType('resource').length > 5")
    await ben.goto(ana.url)
    await ben.see(role("textbox", "Your name"))
    # Of what it stopped it complains, and of nothing else; fonts with NS_BINDING_ABORTED.
    stopped = ("Unable to preload CSS", "error loading dynamically imported module", "status=2152398850")
    assert [each for each in firefox_process.complaints if not any(words in each for words in stopped)] == []
    firefox_process.complaints.clear()
