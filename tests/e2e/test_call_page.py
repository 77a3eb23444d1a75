"""The page of a call, before it and in it. What is heard and seen is measured in test_call.py."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.e2e import call_page_steps as call
from tests.e2e import steps
from tests.e2e.conftest import Opener
from tests.e2e.test_looks import SETTLED

pytestmark = [
    pytest.mark.real("whole-chromium"),
    pytest.mark.timeout(240),
    pytest.mark.xdist_group("media"),
]


@pytest.fixture
def browser_flags(tone: Path) -> list[str]:
    return call.flags(tone)


@pytest.mark.feature("M1")
async def test_before_the_call_one_sees_and_hears_oneself_and_chooses(people: Opener) -> None:
    [ana] = await call.meeting(people, "Ana")
    panel = call.call_of(ana)
    await expect(panel.get_by_role("heading", name="Ready to join?")).to_be_visible()
    await expect(panel).to_contain_text("Nobody is in the call yet.")
    await call.moves(panel)
    meter = panel.get_by_role("meter", name="How loud you are")
    await expect(meter).to_have_attribute("aria-valuetext", re.compile("quiet|loud|clear|well", re.I))
    await expect(panel.get_by_label("Microphone", exact=True)).to_be_visible()
    await expect(panel.get_by_label("Camera", exact=True)).to_be_visible()
    await expect(panel.get_by_label("Camera", exact=True).locator("option")).not_to_have_count(0)
    await panel.get_by_role("button", name="Check the connection").click()
    await expect(panel.get_by_text("Ready for people in the same network")).to_be_visible()

    # Nobody sees one before; what one switches off here is off there.
    await panel.get_by_role("button", name="Join with the microphone off").click()
    await panel.get_by_role("button", name="Join with the camera off").click()
    await expect(panel.get_by_text("You join with the microphone off.")).to_be_visible()
    await call.join(ana)
    await expect(call.tile(ana, "Ana")).to_have_attribute("aria-label", "Ana, you, microphone off")
    await expect(call.button(ana, "Switch the microphone on")).to_be_visible()
    await expect(call.button(ana, "Switch the camera on")).to_be_visible()
    await expect(panel.get_by_text("You are the only one here")).to_be_visible()
    await panel.get_by_role("button", name="Invite people").click()
    await expect(ana.get_by_role("dialog", name="Let people in")).to_be_visible()


@pytest.mark.feature("M1")
async def test_without_devices_one_joins_all_the_same_and_is_told_why(people: Opener) -> None:
    [ana, ben] = await call.meeting(people, "Ana", "Ben", allowed=False)
    panel = call.call_of(ana)
    # The browser asks only after somebody has pressed.
    await panel.get_by_role("button", name="See and hear yourself first").click()
    await expect(panel.get_by_text("Microphone and camera are not allowed")).to_be_visible()
    await call.join(ana)
    await call.join(ben)
    await expect(call.tile(ana, "Ben")).to_have_attribute("aria-label", "Ben, microphone off")
    await expect(call.tile(ben, "Ana")).to_have_attribute("aria-label", "Ana, microphone off")
    await call.button(ana, "Switch the camera on").click()
    await expect(ana.get_by_role("status", name="Notices")).to_contain_text("The camera is not allowed")
    # Allowed meanwhile: no reload.
    await ana.context.grant_permissions(["camera", "microphone"])
    await call.button(ana, "Switch the camera on").click()
    await call.sees(ben, "Ana")


@pytest.mark.feature("M4", "M5")
async def test_what_one_does_is_seen_by_the_others(people: Opener) -> None:
    [ana, ben] = await call.in_a_call(people, "Ana", "Ben")
    await call.button(ana, "Mute the microphone").click()
    await expect(call.tile(ben, "Ana")).to_have_attribute("aria-label", "Ana, microphone off")
    await call.button(ana, "Raise your hand").click()
    await expect(call.tile(ben, "Ana")).to_have_attribute("aria-label", "Ana, hand raised, microphone off")
    await expect(call.button(ana, "Raise your hand")).to_have_attribute("aria-pressed", "true")
    await call.button(ana, "Switch the camera off").click()
    await expect(call.tile(ben, "Ana").locator("video")).to_be_hidden()
    await call.button(ana, "React").click()
    # It is shown for some seconds only: both are looked for from before on.
    await asyncio.gather(
        expect(call.tile(ben, "Ana")).to_contain_text("👏"),
        expect(ben.get_by_text("Ana reacts: 👏")).to_be_attached(),
        ana.get_by_role("button", name="Clap").click(),
    )

    # By keys; space is held to talk; keys belong to who writes.
    await ana.keyboard.press("h")
    await expect(call.button(ana, "Raise your hand")).to_have_attribute("aria-pressed", "false")
    await ana.keyboard.press("c")
    await call.sees(ben, "Ana")
    await ana.keyboard.down(" ")
    await expect(call.tile(ben, "Ana")).to_have_attribute("aria-label", re.compile("^Ana(, speaking)?$"))
    await ana.keyboard.up(" ")
    await expect(call.tile(ben, "Ana")).to_have_attribute("aria-label", "Ana, microphone off")
    await steps.say(ana, "hmc")
    await expect(call.button(ana, "Switch the camera off")).to_be_visible()
    await call.more(ana, "Keys")
    await ana.get_by_role("switch", name="Single keys").click()
    await ana.keyboard.press("Escape")
    await call.call_of(ana).get_by_role("article").first.click()
    await ana.keyboard.press("m")
    await expect(call.button(ana, "Switch the microphone on")).to_be_visible()

    await call.button(ana, "Leave the call").click()
    await expect(call.call_of(ana).get_by_role("heading", name="You have left the call")).to_be_visible()
    await expect(call.tile(ben, "Ana")).to_have_count(0)
    await expect(call.call_of(ana)).to_contain_text("Ben is in the call.")


async def choose_layout(page: Page, name: str) -> None:
    await call.button(page, "Layout").click()
    await page.get_by_role("menuitemcheckbox", name=name).click()


@pytest.mark.feature("M5", "M6")
async def test_the_stage_stands_still_unless_one_changes_it(people: Opener) -> None:
    [ana, ben, _] = await call.in_a_call(people, "Ana", "Ben", "Cara")
    await ana.evaluate(SETTLED)
    before = await call.boxes(ana)
    assert len(before) == 3
    # Everybody's microphone plays a tone that comes and goes; who speaks has a ring, and nothing moves.
    await expect(call.tile(ana, "Ben")).to_have_attribute("aria-label", "Ben, speaking")
    await call.button(ben, "Mute the microphone").click()
    await expect(call.tile(ana, "Ben")).to_have_attribute("aria-label", "Ben, microphone off")
    assert await call.boxes(ana) == before

    await choose_layout(ana, "Who speaks, large")
    await call.button(ana, "Mute the microphone").click()
    # Cara speaks: she is large, and stands in her own place besides.
    await expect(call.call_of(ana).locator("[data-tile=speaker]").get_by_role("article")).to_have_attribute(
        "aria-label", re.compile("^Cara")
    )
    await expect(call.tile(ana, "Cara")).to_have_count(2)
    await call.tile(ana, "Ben").first.hover()
    await call.tile(ana, "Ben").first.get_by_role("button", name="More for Ben").click()
    await ana.get_by_role("menuitem", name="Pin").click()
    await expect(call.call_of(ana).locator("[data-tile=speaker]")).to_have_count(0)
    await expect(call.tile(ana, "Ben")).to_have_count(1)
    await choose_layout(ana, "Hide yourself here")
    await expect(call.tile(ana, "Ana")).to_have_count(0)
    await expect(call.tile(ben, "Ana")).to_be_visible()


@pytest.mark.feature("M5", "M6")
async def test_a_shared_screen_has_the_stage_and_gives_it_back(people: Opener) -> None:
    [ana, ben] = await call.in_a_call(people, "Ana", "Ben")
    await call.button(ben, "Share the screen").click()
    await expect(call.call_of(ben).get_by_text(re.compile("You share (your screen|this tab)"))).to_be_visible()
    shared = call.screen(ana, "Ben")
    await expect(shared.locator("video")).to_be_visible(timeout=40_000)
    await call.moves(shared)
    # The tiles glide to their new places.
    await ana.evaluate(SETTLED)
    places = await call.boxes(ana)
    large = max(places.values(), key=lambda box: box["width"] * box["height"])
    assert large == next(box for key, box in places.items() if key.startswith("screen:"))
    await call.call_of(ben).get_by_role("button", name="Stop sharing", exact=True).click()
    await expect(shared).to_have_count(0)
    await call.sees(ana, "Ben")
