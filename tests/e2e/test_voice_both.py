"""The whole of a call by the pages of both: asked for, called up, answered, heard, ended."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.e2e import call_steps as voice
from tests.e2e import floor_steps as floor
from tests.e2e.conftest import Opener

pytestmark = [pytest.mark.real("whole-chromium"), pytest.mark.timeout(240), pytest.mark.xdist_group("media")]


@pytest.fixture
def browser_flags(tone: Path) -> list[str]:
    return voice.flags(tone)


RUNG = """() => {
  const { start } = OscillatorNode.prototype
  window.rung = 0
  OscillatorNode.prototype.start = function (...when) {
    if (this.context.state === 'running') window.rung += 1
    return start.apply(this, when)
  }
}"""
"""Counts tones that really sound."""


async def asking(people: Opener, host: Page) -> Page:
    """Ana, who asks to speak about the old bridge."""
    ana = await people(phone=True)
    await ana.context.grant_permissions(["microphone"])
    await ana.add_init_script(f"({RUNG})()")
    await ana.goto(host.url)
    await floor.come_in(ana, "Ana")
    await ana.get_by_text("Speak", exact=True).click()
    await ana.get_by_label("What about").fill("The old bridge")
    await ana.get_by_role("button", name="Ask to speak").click()
    return ana


@pytest.mark.feature("F6", "F7", "R10")
async def test_from_asking_to_hanging_up(people: Opener) -> None:
    [host] = await floor.open_stage(people)
    await voice.listen(host)
    await host.reload()
    ana = await asking(people, host)
    await expect(floor.line(host)).to_contain_text(["The old bridge"])
    screen = await floor.open_screen(host)
    await expect(screen.get_by_role("region", name="Next")).to_contain_text("The old bridge")

    await host.bring_to_front()
    await host.get_by_role("button", name="Call up the next").click()
    await expect(screen.get_by_role("region", name="Is being called: Ana")).to_be_visible()
    # This browser sounds only on pages that were touched: the tap that asked has unlocked the ring.
    await expect(ana.get_by_role("button", name="Talk")).to_be_visible()
    await ana.wait_for_function("() => window.rung > 0")
    await ana.get_by_role("button", name="Talk").click()
    await expect(voice.card(host, "Ana")).to_contain_text("Live")
    await expect(screen.get_by_role("region", name="On the microphone: Ana")).to_contain_text("The old bridge")
    await expect(voice.card(host, "Ana")).to_contain_text("The old bridge")
    await voice.hears_the_tone(host)
    await voice.moves(voice.card(host, "Ana").get_by_role("meter"))

    # Both pages come back into the same call.
    await ana.reload()
    # The host's page may still show what was before.
    await expect(ana.get_by_role("heading", name="You are live")).to_be_visible()
    await expect(voice.card(host, "Ana")).to_contain_text("Live")
    await voice.hears_the_tone(host)
    await host.reload()
    await expect(voice.card(host, "Ana")).to_contain_text("Live")
    await voice.sound_on(host)
    await voice.hears_the_tone(host)

    # The person hangs up.
    await ana.get_by_role("button", name=re.compile("Hang up")).click()
    await expect(voice.calls(host)).to_have_count(0)
    await voice.is_silent(host)
    await expect(host.get_by_role("region", name="Answered", exact=True)).to_contain_text("The old bridge")

    # Not now is an answer as well, and the host is told.
    await ana.get_by_text("Speak", exact=True).click()
    await ana.get_by_role("button", name=re.compile("Ask to speak")).click(timeout=20_000)
    await host.get_by_role("button", name="Call up the next").click()
    await ana.get_by_role("button", name="Not now").click()
    await expect(host.get_by_text("Ana has taken the request back.")).to_be_visible()
    await floor.see_line(host)
