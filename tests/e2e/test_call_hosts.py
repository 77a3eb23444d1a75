"""What hosts decide in a call, and the call beside everything else that goes on in a room."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.e2e import call_page_steps as call
from tests.e2e import steps
from tests.e2e.conftest import Opener

pytestmark = [
    pytest.mark.real("whole-chromium"),
    pytest.mark.timeout(240),
    pytest.mark.xdist_group("media"),
]


@pytest.fixture
def browser_flags(tone: Path) -> list[str]:
    return call.flags(tone)


@pytest.mark.feature("M4", "R5")
async def test_a_host_holds_lowers_and_ends(people: Opener) -> None:
    [ana, ben] = await call.in_a_call(people, "Ana", "Ben")
    await call.button(ben, "Raise your hand").click()
    dialog = await call.looks_at_people(ana)
    await dialog.get_by_role("button", name="Hold the microphone of Ben").click()
    await expect(ben.get_by_role("status", name="Notices")).to_contain_text("A host holds your microphone")
    await expect(call.button(ben, "A host holds your microphone")).to_be_disabled()
    await dialog.get_by_role("button", name="Hold cameras").click()
    await expect(call.button(ben, "A host holds your camera")).to_be_disabled()
    await dialog.get_by_role("button", name="Lower the hand of Ben").click()
    await expect(call.button(ben, "Raise your hand")).to_have_attribute("aria-pressed", "false")
    await ana.keyboard.press("Escape")
    await expect(call.tile(ana, "Ben")).to_have_attribute(
        "aria-label", "Ben, microphone held by a host, camera held by a host"
    )
    # Leaving and coming again is no way round it.
    await call.button(ben, "Leave the call").click()
    await call.call_of(ben).get_by_role("button", name="Join again").click()
    await expect(call.button(ben, "A host holds your microphone")).to_be_disabled()
    dialog = await call.looks_at_people(ana)
    await dialog.get_by_role("button", name=re.compile("Allow the microphone of Ben again")).click()
    await dialog.get_by_role("button", name="Allow cameras").click()
    await expect(ben.get_by_role("status", name="Notices")).to_contain_text("You may use your camera again")
    await expect(call.button(ben, re.compile("camera o(n|ff)$"))).to_be_enabled()

    await dialog.get_by_role("button", name="End the call for Ben").click()
    await steps.answer(ana, "End it for them")
    await expect(call.call_of(ben)).to_contain_text("A host has ended the call for you. You may join again.")
    await expect(call.tile(ana, "Ben")).to_have_count(0)


@pytest.mark.feature("M4", "M11")
async def test_settings_of_calls_hold_for_everyone(people: Opener) -> None:
    [ana, ben] = await call.meeting(people, "Ana", "Ben")
    await ana.get_by_role("button", name="Room settings").click()
    settings = ana.get_by_role("dialog", name="Room settings")
    await settings.get_by_label("Who may share a screen").select_option("hosts")
    await settings.get_by_role("switch", name="Join with the microphone off").click()
    await settings.get_by_label("People in the call, at most").select_option("2")
    await settings.get_by_label("Size of pictures").select_option("smallest")
    await expect(settings.get_by_text("160×90, eight a second")).to_be_visible()
    await settings.get_by_role("button", name="Cancel").click()
    await call.join(ben)
    await expect(call.button(ben, "Switch the microphone on")).to_be_visible()
    await expect(call.button(ben, "Only hosts share a screen now")).to_be_disabled()
    await call.join(ana)
    await expect(call.button(ana, "Share the screen")).to_be_enabled()
    [cara] = [await people()]
    await cara.goto(ana.url)
    await call.enter(cara, "Cara")
    await expect(call.call_of(cara)).to_contain_text("The call is full: 2 people are in it.")
    await expect(call.button(cara, "Join the call")).to_be_disabled()
    await call.button(ben, "Leave the call").click()
    await call.join(cara)


@pytest.mark.feature("M13", "P4")
async def test_the_call_goes_on_beside_everything_else(people: Opener) -> None:
    [ana, ben] = await call.meeting(people, "Ana", "Ben", phone=True)
    for page in (ana, ben):
        await call.join(page)
    await call.sees(ana, "Ben")
    await steps.open_tab(ana, "Chat")
    strip = ana.get_by_role("region", name="The call goes on")
    await call.moves(strip.get_by_role("article", name=re.compile("^Ben")))
    await steps.say(ana, "still here")
    await strip.get_by_role("button", name="Mute the microphone").click()
    await expect(call.tile(ben, "Ana")).to_have_attribute("aria-label", "Ana, microphone off")

    await steps.open_tab(ana, "People")
    mine = steps.row(ana, "Ana")
    await expect(mine.get_by_role("img", name="microphone off")).to_be_visible()
    await expect(steps.row(ana, "Ben").get_by_role("img", name="camera on")).to_be_visible()
    await call.button(ben, "Raise the hand or react").click()
    await ben.get_by_role("button", name="Raise your hand").click()
    await expect(steps.row(ana, "Ben").get_by_role("img", name="hand raised")).to_be_visible()
    await strip.get_by_role("button", name="Back to the call").click()
    await call.sees(ana, "Ben")
    await expect(strip).to_have_count(0)
    await steps.open_tab(ana, "Chat")
    await strip.get_by_role("button", name="Leave the call").click()
    await expect(strip).to_have_count(0)
    await expect(call.tile(ben, "Ana")).to_have_count(0)


@pytest.mark.feature("M4", "R4")
async def test_who_knocks_is_let_in_from_the_call(people: Opener) -> None:
    """Before joining as well, and from the call itself."""
    [ana] = await call.meeting(people, "Ana")
    await ana.get_by_role("button", name="Room settings").click()
    await ana.get_by_role("radio", name=re.compile("knock", re.I)).check()
    await ana.get_by_role("button", name="Save").click()
    # It closes when the server has it.
    await expect(ana.get_by_role("dialog")).to_have_count(0)
    door = call.call_of(ana).get_by_role("complementary", name="At the door")
    cara = await knock(people, ana, "Cara")
    await expect(call.call_of(ana).get_by_role("status").filter(has_text="Cara asks to come in.")).to_be_attached()
    await door.get_by_role("button", name="Let in").click()
    await expect(call.call_of(cara)).to_contain_text("Nobody is in the call yet.")
    await expect(door).to_have_count(0)

    await call.join(ana)
    ben = await knock(people, ana, "Ben")
    await door.get_by_role("button", name="Let in").click()
    await expect(call.call_of(ben)).to_contain_text("Ana is in the call.")
    await expect(door).to_have_count(0)
    await expect(call.button(ana, "Leave the call")).to_be_visible()


async def knock(people: Opener, host: Page, name: str) -> Page:
    page = await people()
    await page.goto(host.url)
    await page.get_by_label("Your name").fill(name)
    await page.get_by_role("button", name=re.compile("Knock|Come in")).click()
    return page


@pytest.mark.feature("M8")
async def test_another_tab_takes_the_call_over(people: Opener) -> None:
    [ana, ben] = await call.in_a_call(people, "Ana", "Ben")
    tab = await ana.context.new_page()
    await tab.goto(ana.url)
    panel = call.call_of(tab)
    await expect(panel.get_by_role("heading", name="You are in the call in another tab")).to_be_visible()
    await panel.get_by_role("button", name="Take over here").click()
    await call.sees(tab, "Ben")
    await expect(call.call_of(ana).get_by_role("heading", name="You are in the call in another tab")).to_be_visible()
    await expect(call.tile(ben, "Ana")).to_have_count(1)
    await call.sees(ben, "Ana")
