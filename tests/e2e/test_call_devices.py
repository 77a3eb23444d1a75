"""Microphones and cameras that change in the call: chosen, pulled out, plugged in again, and not there at all."""

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
    # The second and third cameras of a browser under test give what is not sent: depth, and ready-made pictures.
    return call.flags(tone, devices=4)


DESK = """() => {
  const devices = navigator.mediaDevices
  const [ask, list] = [devices.getUserMedia.bind(devices), devices.enumerateDevices.bind(devices)]
  const pulled = new Set(['fake_device_1', 'fake_device_2'])
  const made = []
  const inputs = { video: 'videoinput', audio: 'audioinput' }
  devices.enumerateDevices = async () => (await list()).filter(({ label }) => !pulled.has(label))
  const open = async (kind, wish) => {
    const there = (await devices.enumerateDevices()).filter((each) => each.kind === inputs[kind])
    if (there.length === 0) throw new DOMException('', 'NotFoundError')
    const exact = wish.deviceId?.exact
    if (exact && !there.some(({ deviceId }) => deviceId === exact)) throw new DOMException('', 'OverconstrainedError')
    const stream = await ask({ [kind]: { ...wish, deviceId: { exact: exact ?? there[0].deviceId } } })
    made.push(...stream.getTracks())
    return stream
  }
  devices.getUserMedia = async (wishes) => {
    const kind = wishes.video ? 'video' : 'audio'
    return open(kind, wishes[kind] === true ? {} : wishes[kind])
  }
  const live = (kind) => made.filter((each) => each.kind === kind && each.readyState === 'live')
  window.inUse = (kind) => live(kind).map(({ label }) => label).join(' and ')
  window.pullOut = (label) => {
    pulled.add(label)
    for (const track of [...live('video'), ...live('audio')].filter((each) => each.label === label)) {
      track.stop()
      track.dispatchEvent(new Event('ended'))
    }
    devices.dispatchEvent(new Event('devicechange'))
  }
  window.plugIn = (label) => {
    pulled.delete(label)
    devices.dispatchEvent(new Event('devicechange'))
  }
}"""
"""A desk at which devices are pulled out and plugged in: browsers under test have theirs for ever."""

FIRST, OTHER = "fake_device_0", "fake_device_3"
MICROPHONE = "Fake Audio Input 2"


async def meet_ben(people: Opener, script: str) -> tuple[Page, Page]:
    """Ana, and Ben at such a desk; both are in the call."""
    [ana] = await call.meet(people, "Ana")
    ben = await people(width=1100, height=700)
    await call.prepare(ben)
    await ben.context.add_init_script(f"({script})()")
    await ben.goto(ana.url)
    await call.come_in(ben, "Ben")
    await call.join_call(ben)
    return ana, ben


async def uses(page: Page, kind: str, label: str) -> None:
    """This one is open, and no other of its kind."""
    await call.until(page, "({kind, label}) => inUse(kind) === label", label, about={"kind": kind, "label": label})


async def choose(page: Page, button: str, what: str, label: str) -> None:
    await page.get_by_role("button", name=button, exact=True).click()
    await page.get_by_role("combobox", name=what).select_option(label=label)
    await page.keyboard.press("Escape")


async def told(page: Page, text: str) -> None:
    await expect(page.get_by_role("status", name="Notices")).to_contain_text(text)


@pytest.mark.feature("M4")
async def test_other_devices_in_the_call(people: Opener) -> None:
    """Another camera and another microphone, over the same connection; those of before are closed."""
    ana, ben = await meet_ben(people, DESK)
    await call.both_ways(ana, "Ana", ben, "Ben")
    agreed = await ana.evaluate(call.AGREED)
    await uses(ben, "video", FIRST)
    await choose(ben, "Choose the camera", "Camera", OTHER)
    await uses(ben, "video", OTHER)
    await call.sees(ana, "Ben")
    await choose(ben, "Choose microphone and loudspeaker", "Microphone", MICROPHONE)
    await uses(ben, "audio", MICROPHONE)
    await call.hears(ana)
    # What is muted stays so with another one.
    await call.press(ben, "Mute the microphone")
    await choose(ben, "Choose microphone and loudspeaker", "Microphone", "Fake Audio Input 1")
    await uses(ben, "audio", "Fake Audio Input 1")
    await call.is_silent(ana, 1)
    await call.press(ben, "Switch the microphone on")
    await call.hears(ana)
    assert await ana.evaluate(call.AGREED) == agreed


@pytest.mark.feature("M4")
async def test_devices_that_go_and_come(people: Opener) -> None:
    """Another one takes the place of what is pulled out, what was chosen is used again when it is back, and without any
    the call goes on.
    """
    ana, ben = await meet_ben(people, DESK)
    await choose(ben, "Choose the camera", "Camera", OTHER)
    await uses(ben, "video", OTHER)
    await call.both_ways(ana, "Ana", ben, "Ben")
    agreed = await ana.evaluate(call.AGREED)
    await ben.evaluate("(label) => pullOut(label)", OTHER)
    await told(ben, f"The camera was pulled out. {FIRST} is used now.")
    await uses(ben, "video", FIRST)
    await call.sees(ana, "Ben")
    await ben.evaluate("(label) => plugIn(label)", OTHER)
    await uses(ben, "video", OTHER)
    await call.sees(ana, "Ben")

    for label in (FIRST, OTHER):
        await ben.evaluate("(label) => pullOut(label)", label)
    await told(ben, "The camera was pulled out, and there is no other.")
    await call.sees_nothing_of(ana, "Ben")
    await call.hears(ana)
    await ben.evaluate("(label) => plugIn(label)", FIRST)
    await uses(ben, "video", FIRST)
    await call.sees(ana, "Ben")

    now = await ben.evaluate("inUse('audio')")
    await ben.evaluate("(label) => pullOut(label)", now)
    await told(ben, "The microphone was pulled out.")
    await call.until(ben, "(before) => inUse('audio') !== '' && inUse('audio') !== before", "another one", about=now)
    await call.hears(ana)
    assert await ana.evaluate(call.AGREED) == agreed


NOTHING = "() => navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotFoundError') }"


@pytest.mark.feature("M1")
async def test_without_any_device(people: Opener) -> None:
    """Somebody without a camera and a microphone sees and hears, and is told why nobody sees them."""
    ana, ben = await meet_ben(people, NOTHING)
    await call.sees(ben, "Ana")
    await call.sees_nothing_of(ana, "Ben")
    await expect(call.tile(ana, "Ben")).to_have_attribute("aria-label", "Ben, microphone off")
