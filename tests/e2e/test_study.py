"""Studying together: a door at which one knocks, one timer for all, and what goes on while the server is gone."""

from __future__ import annotations

import asyncio
import re
import time
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.e2e import study_steps as study
from tests.e2e.conftest import Opener
from tests.e2e.study_steps import DAY_MS, Clock
from tests.support.process import ServerProcess

pytestmark = [pytest.mark.real("chromium"), pytest.mark.timeout(240)]


@pytest.fixture
def clock(tmp_path: Path, own_server: ServerProcess) -> Clock:
    """The server again, on a clock that the test turns."""
    made = Clock(tmp_path, own_server)
    own_server.kill()
    own_server.start()
    return made


@pytest.mark.feature("R4", "S2")
async def test_one_knocks_and_studies_one_is_declined(people: Opener, clock: Clock) -> None:
    # Clocks that are a day off in both directions, and drift.
    host = await study.host_of(people, off=DAY_MS)
    ben = await people(phone=True)
    await ben.add_init_script(study.WRONG_CLOCK.replace("AHEAD", str(-DAY_MS)))
    await study.knocks(ben, host.url, "Ben")
    loads = await ben.evaluate("document.body.dataset.same = 'yes'")
    asks = host.get_by_role("status", name="Notices").get_by_text("Ben asks to come in.")
    await expect(asks).to_be_visible()
    await study.decide(host, "Ben", "Let in")
    await expect(asks).to_have_count(0)
    await expect(study.timer(ben)).to_be_visible()
    assert await ben.evaluate("document.body.dataset.same") == loads, "without reloading"
    cleo = await people()
    await study.knocks(cleo, host.url, "Cleo")
    await host.get_by_role("group", name="Cleo asks to come in").get_by_role("button", name="Decline").click()
    await expect(cleo.get_by_role("heading", name="Not this time")).to_be_visible()

    await study.lengths(host, cycles=2, auto=True)
    # Who presses without knowing of the new lengths is too late, and nothing begins.
    await expect(study.timer(ben)).to_contain_text("0 of 2 done")
    await study.press(ben, "Start")
    # Before the server's clock is turned.
    await study.runs(host, ben)
    for phase, following, minutes in (
        ("Focus", "Short break", 25),
        ("Short break", "Focus", 5),
        ("Focus", "Long break", 25),
        ("Long break", "Focus", 15),
    ):
        for page in (host, ben):
            await study.shows(page, phase)
        clock.turn(minutes=minutes)
        for page in (host, ben):
            await study.shows(page, following)
            await expect(study.rings(page)).to_contain_text(f"{phase} is over")
    await agree(host, ben)
    await study.press(host, "Pause")
    for page in (host, ben):
        await expect(page.get_by_role("button", name="Go on")).to_be_visible()
    await agree(host, ben)


async def agree(*pages: Page) -> None:
    """The same second on all of them, but for the moment in which it changes."""

    async def so() -> bool:
        shown = await asyncio.gather(*(study.seconds_on(page) for page in pages))
        return max(shown) == min(shown)

    await study.until(so, "the same second everywhere")


@pytest.mark.feature("S2")
async def test_two_press_at_once_and_there_is_one_state(people: Opener) -> None:
    host = await study.host_of(people)
    ben = await study.come_in(people, host, "Ben")
    buttons = [await study.button(page, "Start").element_handle() for page in (host, ben)]
    # Whoever is later may find that it has begun.
    await asyncio.gather(*(button.evaluate("(button) => button.click()") for button in buttons))
    for page in (host, ben):
        await expect(page.get_by_role("button", name="Pause")).to_be_visible()
    await agree(host, ben)
    await asyncio.gather(study.press(host, "Pause"), study.press(ben, "+1 min"), return_exceptions=True)

    async def same() -> bool:
        both = [await study.timer(page).get_attribute("aria-label") for page in (host, ben)]
        return both[0] == both[1]

    await study.until(same, "one state")
    assert await host.get_by_role("alert").count() == 0


@pytest.mark.feature("S2")
async def test_the_server_dies_in_the_middle_of_a_phase(people: Opener, own_server: ServerProcess) -> None:
    host = await study.host_of(people, off=DAY_MS)
    ben = await study.come_in(people, host, "Ben", off=-DAY_MS)
    await study.press(host, "Start")
    await study.runs(host, ben)
    began = time.monotonic()
    left = await study.seconds_on(host)
    read = time.monotonic()
    own_server.kill()
    for page in (host, ben):
        await expect(page.get_by_text("The connection is lost. The timer goes on")).to_be_visible()
    await agree(host, ben)
    own_server.start()
    # It can be worked again: the pages are connected, and have the server's state.
    await study.runs(host, ben)
    await agree(host, ben)
    least = time.monotonic() - read
    gone = left - await study.seconds_on(host)
    # Either may have been read just before or just after its second changed.
    assert least - 1.5 < gone < time.monotonic() - began + 1.5
    await study.press(ben, "Pause")
    await expect(host.get_by_role("button", name="Go on")).to_be_visible()


@pytest.mark.feature("S2", "S3")
async def test_it_rings_behind_another_tab(people: Opener, clock: Clock, own_server: ServerProcess) -> None:
    host = await study.host_of(people)
    await study.choose(host, "Which timer", "Mine")
    await study.lengths(host, focus="0:05")
    # The page is out of sight, and its own timers are slow.
    await host.evaluate(study.OUT_OF_SIGHT)
    title = await host.title()
    # Before the press: it may be a while until that returns here.
    began = time.monotonic()
    await study.press(host, "Start")
    await expect(host.get_by_role("button", name="Pause")).to_be_visible()
    # One's own timer needs no server to ring on time.
    own_server.kill()
    await expect(study.rings(host)).to_contain_text("Focus is over")
    # The page's own timers would come after a minute.
    assert 3.5 < time.monotonic() - began < 30
    # Which of the browser's tabs sounds is found out first.
    await study.until(lambda: host.evaluate("heard > 3"), "the sound of it")
    assert await host.title() != title
    assert "svg" in (await host.locator('link[rel="icon"]').get_attribute("href") or "")
    await study.rings(host).get_by_role("button", name="OK").click()
    assert await host.title() == title
    # The server learns that it rang, and nothing rings twice.
    own_server.start()
    await host.reload()
    await study.shows(host, "Short break")
    assert await study.rings(host).inner_text() == ""

    await host.get_by_role("button", name="Set an alarm").click()
    dialog = host.get_by_role("dialog")
    await dialog.get_by_label("What for").fill("Bread out of the oven")
    await dialog.get_by_role("button", name="Set the alarm").click()
    alarm = host.get_by_role("list", name="Alarms, the next first").get_by_role("listitem")
    await expect(alarm).to_contain_text("Bread out of the oven")
    await host.evaluate(study.OUT_OF_SIGHT)
    clock.turn(minutes=16)
    await expect(study.rings(host)).to_contain_text("Bread out of the oven")
    await expect(alarm).to_contain_text("rang")
    await study.rings(host).get_by_role("button", name="Again in 5 min").click()
    await expect(study.rings(host)).not_to_contain_text("Bread")
    await expect(alarm).to_contain_text("put off")
    clock.turn(minutes=6)
    await expect(study.rings(host)).to_contain_text("Bread out of the oven")
    await study.rings(host).get_by_role("button", name="Stop").click()
    await expect(alarm).to_have_count(0)


@pytest.mark.feature("S2")
async def test_without_a_sound_it_is_seen(people: Opener) -> None:
    host = await study.host_of(people)
    await study.choose(host, "Which timer", "Mine")
    await host.get_by_role("button", name="More for study").click()
    await host.get_by_role("menuitem", name="How it rings").click()
    dialog = host.get_by_role("dialog")
    await dialog.get_by_label("Sound").select_option(label="Birds")
    await study.until(lambda: host.evaluate("heard > 0"), "the one that was chosen is heard")
    await dialog.get_by_label("Sound").select_option(label="None")
    await expect(dialog.get_by_role("button", name="Listen")).to_be_disabled()
    await host.keyboard.press("Escape")
    before = await host.evaluate("heard")
    title = await host.title()
    await study.lengths(host, focus="0:02")
    await study.press(host, "Start")
    await expect(study.rings(host)).to_contain_text("Focus is over")
    # It takes turns with what has rung.
    await expect(host).not_to_have_title(title)
    await study.rings(host).get_by_role("button", name="OK").click()
    assert await host.evaluate("heard") == before, "nothing is heard"


@pytest.mark.feature("S2", "S4")
async def test_the_focus_view_is_worked_by_keys(people: Opener) -> None:
    host = await study.host_of(people, dark=True)
    await host.get_by_role("button", name="Focus view").click()
    view = host.get_by_role("dialog", name="Focus view")
    await expect(view).to_be_focused()
    await host.keyboard.press(" ")
    await expect(view.get_by_role("button", name="Pause")).to_be_visible()
    await host.keyboard.press("t")
    todos = view.get_by_role("region", name="To-dos", exact=True)
    await expect(todos).to_have_count(0)
    await host.keyboard.press("t")
    await todos.get_by_label("Add a to-do").fill("try it: keys are typed here")
    await todos.get_by_label("Add a to-do").press("Enter")
    await expect(todos.get_by_role("listitem")).to_contain_text("try it: keys are typed here")
    await view.get_by_role("button", name="People").focus()
    await host.keyboard.press("l")
    looks = host.get_by_role("dialog", name="How it looks")
    await looks.get_by_text("Hearth").click()
    await looks.get_by_text("24 hours").click()
    await looks.get_by_role("switch", name="Keys in the focus view").click()
    await looks.get_by_role("button", name="Close").click()
    await expect(view.locator("img").first).to_have_attribute("data-mood", "hearth")
    await expect(view.get_by_role("banner").or_(view.locator("time")).last).to_have_text(re.compile(r"\d\d:\d\d$"))
    await host.keyboard.press("t")
    await expect(todos).to_be_visible()
    await host.keyboard.press("Escape")
    await expect(view).to_have_count(0)
    await expect(host.get_by_role("button", name="Focus view")).to_be_focused()
