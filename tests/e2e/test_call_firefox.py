"""Calls between the two engines, either of which may come first."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e import firefox_steps as fox
from tests.e2e import meeting_steps as call
from tests.e2e.conftest import FirefoxOpener, Opener
from tests.support import firefox
from tests.support.firefox_page import button, role
from tests.support.loudspeakers import Loudspeakers

pytestmark = [
    pytest.mark.real("firefox", "loudspeakers", "whole-chromium"),
    pytest.mark.timeout(240),
    pytest.mark.xdist_group("firefox"),
]


@pytest.fixture
def browser_flags(tone: Path) -> list[str]:
    return call.flags(tone)


@pytest.mark.feature("M2", "M4")
async def test_firefox_in_a_call(people: Opener, in_firefox: FirefoxOpener, loudspeakers: Loudspeakers) -> None:
    [ana] = await call.meet(people, "Ana")
    ben = await in_firefox(ana.url)
    await fox.come_in(ben, "Ben")
    await ben.press(button("Join the call"))
    await ben.see(button("Leave the call"))
    # Chromium sees and hears Firefox, and shows nothing that is not so.
    await call.sees(ana, "Ben")
    tone = f"() => ear().rms > 0.01 && Math.abs(ear().hz - {firefox.TONE_HZ}) < 60"
    await call.until(ana, tone, "Firefox is heard")
    await expect(call.tile(ana, "Ben")).not_to_have_attribute("aria-label", "Ben, microphone off")
    await ben.press(button("Mute the microphone"))
    await call.is_silent(ana)
    await expect(call.tile(ana, "Ben")).to_have_attribute("aria-label", "Ben, microphone off")
    await ben.press(button("Switch the microphone on"))
    await call.until(ana, tone, "Firefox is heard again")
    await ben.press(button("Switch the camera off"))
    await call.sees_nothing_of(ana, "Ben")
    await ben.press(button("Switch the camera on"))
    await call.sees(ana, "Ben")
    # A screen comes the other way: it is agreed on by an offer of Chromium's.
    await call.press(ana, "Share the screen")
    await ben.see(role("article", "Screen of Ana"))
