"""Microphones and cameras that change in the call: chosen, pulled out, and not there at all."""

from __future__ import annotations

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
    return call.flags(tone, devices=2)


# What was opened, so that it can be pulled out.
OPENED = """() => {
  const devices = navigator.mediaDevices
  const open = devices.getUserMedia.bind(devices)
  window.opened = []
  devices.getUserMedia = async (wish) => {
    const stream = await open(wish)
    window.opened.push(...stream.getTracks())
    return stream
  }
  window.pullOut = (kind) => {
    const track = window.opened.findLast((each) => each.kind === kind && each.readyState === 'live')
    track.stop()
    track.dispatchEvent(new Event('ended'))
  }
  window.sends = (kind) => {
    const sender = connections()[0].getSenders().find(({ track }) => track?.kind === kind)
    return sender?.track.getSettings().deviceId
  }
}"""


async def choose(page: Page, button: str, label: str) -> None:
    """The other one of the two that there are."""
    await page.get_by_role("button", name=button, exact=True).click()
    choice = page.get_by_role("combobox", name=label)
    now = await choice.input_value()
    options = await choice.locator("option").evaluate_all("(all) => all.map((each) => each.value)")
    await choice.select_option(next(each for each in options if each != now))
    await page.keyboard.press("Escape")


@pytest.mark.feature("M4")
async def test_other_devices_in_the_call(people: Opener) -> None:
    """Another camera and another microphone, over the same connection and without a word; then one is pulled out."""
    [ana] = await call.meet(people, "Ana")
    ben = await people(width=1100, height=700)
    await call.prepare(ben)
    await ben.context.add_init_script(f"({OPENED})()")
    await ben.goto(ana.url)
    await call.come_in(ben, "Ben")
    await call.join_call(ben)
    await call.sees(ana, "Ben")
    agreed = await ana.evaluate("() => connections()[0].remoteDescription.sdp")
    for kind, button, label in (
        ("video", "Choose the camera", "Camera"),
        ("audio", "Choose microphone and loudspeaker", "Microphone"),
    ):
        before = await ben.evaluate("(kind) => sends(kind)", kind)
        await choose(ben, button, label)
        other = "({kind, before}) => sends(kind) && sends(kind) !== before"
        await call.until(ben, other, f"another {label} is sent", about={"kind": kind, "before": before})
        await call.sees(ana, "Ben")
    energy = "async () => (await inbound('audio')).reduce((sum, row) => sum + row.totalAudioEnergy, 0)"
    heard = await ana.evaluate(energy)
    await call.until(ana, f"async (heard) => (await ({energy})()) > heard", "the other microphone", about=heard)
    await ben.evaluate("() => pullOut('video')")
    await expect(ben.get_by_text("was pulled out")).to_be_visible()
    await call.sees(ana, "Ben")
    assert await ana.evaluate("() => connections()[0].remoteDescription.sdp") == agreed


@pytest.mark.feature("M1")
async def test_without_any_device(people: Opener) -> None:
    """Somebody without a camera and a microphone sees and hears, and is told why nobody sees them."""
    [ana] = await call.meet(people, "Ana")
    ben = await people(width=1100, height=700)
    await call.prepare(ben)
    nothing = "() => navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotFoundError') }"
    await ben.context.add_init_script(f"({nothing})()")
    await ben.goto(ana.url)
    await call.come_in(ben, "Ben")
    await call.join_call(ben)
    await call.sees(ben, "Ana")
    await call.sees_nothing_of(ana, "Ben")
    await expect(call.tile(ana, "Ben")).to_have_attribute("aria-label", "Ben, microphone off")
