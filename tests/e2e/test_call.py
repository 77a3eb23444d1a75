"""The call of a room in real browsers: who is seen and heard, by frames that are decoded and tones that are played."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.e2e import meeting_steps as call
from tests.e2e.conftest import Opener

pytestmark = [
    pytest.mark.real("whole-chromium"),
    pytest.mark.timeout(240),
    pytest.mark.xdist_group("media"),
]


@pytest.fixture
def browser_flags(tone: Path) -> list[str]:
    return call.flags(tone)


@pytest.mark.feature("M1", "M2")
async def test_people_come_and_go(people: Opener) -> None:
    """Two, then one more who is late; one leaves, and is gone for the others."""
    ana, ben = await call.meet(people, "Ana", "Ben")
    await call.both_ways(ana, "Ana", ben, "Ben")
    await call.has_connections(ana, 1)
    cid = await people(width=1100, height=700)
    await call.prepare(cid)
    await cid.goto(ana.url)
    await call.come_in(cid, "Cid")
    await call.join_call(cid)
    await asyncio.gather(
        call.sees(cid, "Ana"), call.sees(cid, "Ben"), call.sees(ana, "Cid"), call.sees(ben, "Cid"), call.hears(cid)
    )
    await call.has_connections(ben, 2)
    await call.leave_call(ben)
    await call.has_connections(ben, 0)
    await call.is_silent(ben, 1)
    for page in (ana, cid):
        await expect(call.tile(page, "Ben")).to_have_count(0)
        await call.has_connections(page, 1)
    await call.both_ways(ana, "Ana", cid, "Cid")


@pytest.mark.feature("M4")
async def test_microphone_and_camera(people: Opener) -> None:
    """Muting is silence within a moment; the camera goes off and on; nothing of it needs a new connection."""
    ana, ben = await call.meet(people, "Ana", "Ben")
    await call.both_ways(ana, "Ana", ben, "Ben")
    agreed = await ana.evaluate(call.AGREED)

    await ana.evaluate("() => listenClosely()")
    at = await ben.evaluate(
        """() => {
          document.querySelector('[aria-label="Mute the microphone"]').click()
          return Date.now()
        }"""
    )
    await call.is_silent(ana)
    assert await ana.evaluate("() => window.loudAt") - at <= 250
    await expect(call.tile(ana, "Ben")).to_have_attribute("aria-label", "Ben, microphone off")
    await call.press(ben, "Switch the microphone on")
    await call.hears(ana)

    await call.press(ben, "Switch the camera off")
    await call.sees_nothing_of(ana, "Ben")
    await call.hears(ana)
    await call.press(ben, "Switch the camera on")
    await call.sees(ana, "Ben")
    assert await ana.evaluate(call.AGREED) == agreed


@pytest.mark.feature("M4")
async def test_push_to_talk(people: Opener) -> None:
    ana, ben = await call.meet(people, "Ana", "Ben")
    await call.hears(ana)
    await call.press(ben, "Mute the microphone")
    await call.is_silent(ana, 1)
    await ben.locator("body").press("Tab")
    await ben.evaluate("() => document.activeElement.blur()")
    await ben.keyboard.down("Space")
    await call.hears(ana)
    await ben.keyboard.up("Space")
    await call.is_silent(ana, 1)


@pytest.mark.feature("M2", "M6")
async def test_screens(people: Opener) -> None:
    """Both share at once; each stops by itself, and the cameras were there all the time."""
    ana, ben = await call.meet(people, "Ana", "Ben")
    await call.both_ways(ana, "Ana", ben, "Ben")
    await asyncio.gather(call.press(ana, "Share the screen"), call.press(ben, "Share the screen"))
    await asyncio.gather(call.sees(ana, "Ben", "screen"), call.sees(ben, "Ana", "screen"))
    await call.sees(ana, "Ben")
    await call.press(ben, "Stop sharing the screen")
    await call.sees_nothing_of(ana, "Ben", "screen")
    await call.both_ways(ana, "Ana", ben, "Ben")
    await call.sees(ben, "Ana", "screen")
    await call.press(ben, "Share the screen")
    await call.sees(ana, "Ben", "screen")
    await call.has_connections(ana, 1)


@pytest.mark.feature("M8")
async def test_a_page_that_is_loaded_again(people: Opener) -> None:
    """It is back in the call by itself, muted as before, with its hand up; the other one sees and hears it."""
    ana, ben = await call.meet(people, "Ana", "Ben")
    await call.both_ways(ana, "Ana", ben, "Ben")
    await call.press(ben, "Mute the microphone")
    await call.press(ben, "Raise your hand")
    await expect(call.tile(ana, "Ben")).to_have_attribute("aria-label", "Ben, hand raised, microphone off")
    await ben.reload()
    await expect(call.control(ben, "Switch the microphone on")).to_be_visible()
    await call.sees(ana, "Ben")
    await call.sees(ben, "Ana")
    await call.is_silent(ana)
    await expect(call.tile(ana, "Ben")).to_have_attribute("aria-label", "Ben, hand raised, microphone off")
    await call.press(ben, "Switch the microphone on")
    await call.hears(ana)
    await call.has_connections(ana, 1)


@pytest.mark.feature("M8")
async def test_another_tab_takes_over(people: Opener) -> None:
    ana, ben = await call.meet(people, "Ana", "Ben")
    await call.both_ways(ana, "Ana", ben, "Ben")
    tab = await ben.context.new_page()
    await tab.goto(ben.url)
    await tab.get_by_role("button", name="Take over here").click()
    await expect(call.control(tab, "Leave the call")).to_be_visible()
    await call.both_ways(ana, "Ana", tab, "Ben")
    await call.has_connections(ben, 0)
    await call.has_connections(ana, 1)
    await expect(ben.get_by_role("button", name="Take over here")).to_be_visible()


@pytest.mark.feature("M8")
async def test_a_tab_that_is_closed_is_gone_soon(people: Opener) -> None:
    ana, ben = await call.meet(people, "Ana", "Ben")
    await call.both_ways(ana, "Ana", ben, "Ben")
    await ben.close()
    # Three seconds after its connection was closed; one that only fell silent is kept for longer than is waited here.
    await expect(call.tile(ana, "Ben")).to_have_count(0)
    await call.has_connections(ana, 0)


DEAF = """() => {
  MediaStreamTrack.prototype.stop = () => undefined
  Object.defineProperty(MediaStreamTrack.prototype, 'enabled', { get: () => true, set: () => undefined })
  const replace = RTCRtpSender.prototype.replaceTrack
  RTCRtpSender.prototype.replaceTrack = function (track) {
    return track ? replace.call(this, track) : Promise.resolve()
  }
}"""
"""A page that was changed so that it goes on sending whatever a host says."""


@pytest.mark.feature("M4", "R5")
async def test_what_a_host_holds_is_not_heard(people: Opener) -> None:
    """An honest page stops sending. Of one that was changed, bytes arrive, and nothing is played or shown."""
    ana, ben = await call.meet(people, "Ana", "Ben", join=False)
    await ben.evaluate(DEAF)
    await call.join_call(ana)
    await call.join_call(ben)
    await call.both_ways(ana, "Ana", ben, "Ben")
    await hold(ana, "Ben", "microphone")
    await call.is_silent(ana)
    before = sum(row["bytesReceived"] for row in await ana.evaluate("inbound('audio')"))
    await hold(ana, "Ben", "camera")
    await call.sees_nothing_of(ana, "Ben")
    rises = "async (before) => (await inbound('audio')).reduce((sum, row) => sum + row.bytesReceived, 0) > before"
    await call.until(ana, rises, "bytes arrive", about=before)
    await expect(call.controls(ben).get_by_role("button", name="A host holds your microphone")).to_be_disabled()
    # Loading the page again does not escape it.
    await ben.reload()
    await expect(call.controls(ben).get_by_role("button", name="A host holds your microphone")).to_be_disabled()
    await call.is_silent(ana)


async def hold(host: Page, name: str, what: str) -> None:
    """By the menu of somebody's tile."""
    await call.tile(host, name).hover()
    await host.get_by_role("button", name=f"More for {name}").click()
    await host.get_by_role("menuitem", name=f"Hold the {what}").click()
