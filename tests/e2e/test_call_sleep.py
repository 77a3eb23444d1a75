"""A device that sleeps in a call, and wakes."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Page, Playwright, expect

from tests.e2e import meeting_steps as call
from tests.e2e.conftest import CHROMIUM_FLAGS, Opener, fixture

pytestmark = [
    pytest.mark.real("whole-chromium"),
    pytest.mark.timeout(180),
    pytest.mark.xdist_group("media"),
]


@pytest.fixture
def browser_flags(tone: Path) -> list[str]:
    return call.flags(tone)


@dataclass
class Laptop:
    """A browser all of whose processes can stand still at once, as when a lid is closed."""

    page: Page
    group: int

    def sleep(self) -> None:
        os.killpg(self.group, signal.SIGSTOP)

    def wake(self) -> None:
        os.killpg(self.group, signal.SIGCONT)


@fixture()
async def laptop(
    playwright: Playwright, real_part: Callable[[str], str], tmp_path: Path, browser_flags: list[str]
) -> AsyncIterator[Laptop]:
    number, program = tmp_path / "number", tmp_path / "browser"
    program.write_text(f'#!/bin/sh\necho $$ > {number}\nexec {real_part("whole-chromium")} "$@"\n')
    program.chmod(0o700)
    browser = await playwright.chromium.launch(executable_path=program, args=[*CHROMIUM_FLAGS, *browser_flags])
    page = await (await browser.new_context(viewport={"width": 1100, "height": 700})).new_page()
    page.set_default_timeout(15_000)
    made = Laptop(page, os.getpgid(int(number.read_text())))
    assert made.group != os.getpgid(0)
    yield made
    made.wake()
    await browser.close()


@pytest.mark.feature("M8")
async def test_a_device_that_sleeps_until_its_place_is_given_up(people: Opener, laptop: Laptop) -> None:
    """Nobody waits for it for long; when it wakes it is in the call again, muted as it was, and its hand as well."""
    [ana] = await call.meet(people, "Ana")
    ben = laptop.page
    await call.prepare(ben)
    await ben.goto(ana.url)
    await call.come_in(ben, "Ben")
    await call.join_call(ben)
    await call.both_ways(ana, "Ana", ben, "Ben")
    await call.press(ben, "Raise your hand")
    await call.press(ben, "Mute the microphone")
    await expect(call.tile(ana, "Ben")).to_have_attribute("aria-label", "Ben, hand raised, microphone off")

    laptop.sleep()
    await expect(call.tile(ana, "Ben")).to_have_count(0, timeout=40_000)
    await call.has_connections(ana, 0)

    laptop.wake()
    await call.sees(ana, "Ben")
    await call.sees(ben, "Ana")
    await call.hears(ben)
    await call.is_silent(ana, 1)
    await expect(call.tile(ana, "Ben")).to_have_attribute("aria-label", "Ben, hand raised, microphone off")
    await call.press(ben, "Switch the microphone on")
    await call.hears(ana)
    for page in (ana, ben):
        await call.has_connections(page, 1)
