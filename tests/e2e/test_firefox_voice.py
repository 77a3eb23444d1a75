"""Calls between the two engines: what one says is heard by the other, by the pages that people use."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.e2e import call_steps as voice
from tests.e2e import firefox_steps as fox
from tests.e2e import floor_steps as floor
from tests.e2e import media
from tests.e2e.conftest import FirefoxOpener, Opener
from tests.support import firefox
from tests.support.firefox_page import button, css, role
from tests.support.loudspeakers import Loudspeakers

pytestmark = [
    pytest.mark.real("firefox", "loudspeakers", "whole-chromium"),
    pytest.mark.timeout(240),
    pytest.mark.xdist_group("media"),
]


@pytest.fixture
def browser_flags(tone: Path) -> list[str]:
    return voice.flags(tone)


@pytest.mark.feature("F6", "F7")
async def test_a_phone_with_firefox_is_heard(people: Opener, in_firefox: FirefoxOpener) -> None:
    [host] = await floor.open_stage(people)
    await voice.listen(host)
    await host.reload()
    ana = await in_firefox(host.url, phone=True)
    await fox.come_in(ana, "Ana")
    await ana.press(css("label").having("Speak"))
    await ana.fill(role("textbox", "What about optional"), "The old bridge")
    await ana.press(button("Ask to speak"))
    await expect(floor.line(host)).to_contain_text(["The old bridge"])
    # Its own meter shows what the microphone hears.
    await ana.see(role("region", "Yours"), "The old bridge")

    await host.get_by_role("button", name="Call up the next").click()
    await ana.see(role("alertdialog"), "calls you up")
    await ana.press(button("Talk"))
    await expect(voice.card(host, "Ana")).to_contain_text("Live")
    await voice.hears_the_tone(host, firefox.TONE_HZ)
    await voice.moves(voice.card(host, "Ana").get_by_role("meter"), least=1)

    await ana.press(button("Mute"))
    await voice.is_silent(host)
    await ana.press(button("Go on"))
    await voice.hears_the_tone(host, firefox.TONE_HZ)
    await ana.reload()
    await voice.hears_the_tone(host, firefox.TONE_HZ)
    await ana.press(button("Hang up"))
    await expect(voice.calls(host)).to_have_count(0)
    await voice.is_silent(host)


async def asks(people: Opener, url: str) -> Page:
    """Ana has a phone with Chromium, and asks to speak."""
    ana = await people(phone=True)
    await ana.context.grant_permissions(["microphone"])
    await ana.goto(url)
    await floor.come_in(ana, "Ana")
    await ana.get_by_text("Speak", exact=True).click()
    await ana.get_by_role("button", name="Ask to speak").click()
    await expect(floor.yours(ana)).to_contain_text("You are next")
    return ana


@pytest.mark.feature("F6", "F7", "F8")
async def test_a_host_with_firefox_hears(people: Opener, in_firefox: FirefoxOpener, loudspeakers: Loudspeakers) -> None:
    host = await in_firefox()
    await host.press(css("button").having("One host, many listeners"))
    await fox.come_in(host, "Olga")
    await host.see(role("heading", "Queue"))
    ana = await asks(people, await host.evaluate("() => location.href"))

    await host.press(button("Call up the next"))
    await ana.get_by_role("button", name="Talk").click()
    await loudspeakers.hears("hall", media.TONE_HZ)
    await host.press(button("Mute"))
    await loudspeakers.is_silent("hall")
    await host.press(button("Unmute"))
    await loudspeakers.hears("hall", media.TONE_HZ)

    # Another loudspeaker: Firefox asks by itself, and with nobody to answer it takes the system's own.
    await loudspeakers.prefer("desk")
    await host.press(button("Choose…"))
    await host.see(role("combobox", "Loudspeaker"))
    await loudspeakers.prefer("hall")
    await loudspeakers.hears("desk", media.TONE_HZ)
    await loudspeakers.is_silent("hall")

    # Loaded anew, nothing sounds before a touch, in which the loudspeaker is asked for again.
    await host.reload()
    await host.see(button("Sound on"))
    await loudspeakers.is_silent("desk")
    await loudspeakers.prefer("desk")
    await host.press(button("Sound on"))
    await loudspeakers.hears("desk", media.TONE_HZ)
    await host.until("() => document.querySelector('select')?.selectedOptions[0]?.label === 'Desk'")
    await loudspeakers.prefer("hall")
    await loudspeakers.hears("desk", media.TONE_HZ)
    await loudspeakers.is_silent("hall")
    await host.press(button("Hang up"))
    await loudspeakers.is_silent("desk")
