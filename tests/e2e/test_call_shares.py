"""Shared screens with their sound, and what becomes of pictures when a line is narrow."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.e2e import meeting_steps as call
from tests.e2e import steps
from tests.e2e.conftest import Opener

pytestmark = [
    pytest.mark.real("whole-chromium"),
    pytest.mark.timeout(240),
    pytest.mark.xdist_group("media"),
]

FILM_HZ = 440
FILM = f"""() => {{
  const devices = navigator.mediaDevices
  const share = devices.getDisplayMedia.bind(devices)
  // The tab that is taken here is the page's own, whose sound nobody gets: it is to be any other.
  devices.setCaptureHandleConfig = undefined
  devices.getDisplayMedia = async (wish) => {{
    const stream = await share(wish)
    for (const track of stream.getAudioTracks()) {{
      track.stop()
      stream.removeTrack(track)
    }}
    const context = new AudioContext()
    const out = context.createMediaStreamDestination()
    const tone = new OscillatorNode(context, {{ frequency: {FILM_HZ} }})
    tone.connect(out)
    tone.start()
    stream.addTrack(out.stream.getAudioTracks()[0])
    return stream
  }}
}}"""
"""What is shared sounds like this. Browsers capture silence on machines without loudspeakers, so this replaces it."""


@pytest.fixture
def browser_flags(tone: Path) -> list[str]:
    return call.flags(tone)


async def join(people: Opener, url: str, name: str) -> Page:
    page = await people(width=1100, height=700)
    await call.prepare(page)
    await page.context.add_init_script(f"({FILM})()")
    if url:
        await page.goto(url)
    else:
        await steps.create_room(page, "Meeting")
    await call.come_in(page, name)
    await call.join_call(page)
    return page


async def hears(page: Page, hertz: int) -> None:
    script = f"() => {{ const {{ rms, hz }} = ear(); return rms > 0.02 && Math.abs(hz - {hertz}) < 40 }}"
    await call.until(page, script, f"{hertz} Hz are heard")


SOUNDS = "async () => (await inbound('audio')).filter((row) => row.packetsReceived > 0).length"
WIDTHS = "async () => (await inbound('video')).some((row) => row.frameWidth > 800 && row.framesDecoded > 0)"


@pytest.mark.feature("M2", "M6")
async def test_a_screen_comes_with_its_sound_also_to_who_is_late(people: Opener) -> None:
    """It is a track of its own: whoever is muted still lets the others hear what they show."""
    ana = await join(people, "", "Ana")
    ben = await join(people, ana.url, "Ben")
    await call.press(ana, "Mute the microphone")
    await call.hears(ana)
    await call.until(ana, f"async () => await ({SOUNDS})() === 1", "one sound comes")
    await call.press(ben, "Mute the microphone")
    await call.is_silent(ana, 1)
    await call.press(ben, "Share the screen")
    await expect(ben.get_by_text("You share your screen with its sound.")).to_be_visible()
    await call.sees(ana, "Ben", "screen")
    await hears(ana, FILM_HZ)
    await call.until(ana, f"async () => await ({SOUNDS})() === 2", "two sounds come")

    cara = await join(people, ana.url, "Cara")
    await call.press(cara, "Mute the microphone")
    await call.sees(cara, "Ben", "screen")
    await call.until(cara, WIDTHS, "it is as sharp as for those who were there")
    await hears(cara, FILM_HZ)

    await call.press(ben, "Stop sharing the screen")
    await call.sees_nothing_of(cara, "Ben", "screen")
    await call.is_silent(cara, 1)
    await call.sees(cara, "Ben")
    await call.press(ben, "Switch the microphone on")
    await call.hears(cara)


LINE = """() => {
  const get = RTCPeerConnection.prototype.getStats
  window.line = null
  RTCPeerConnection.prototype.getStats = async function (...given) {
    const report = await get.apply(this, given)
    if (window.line === null) return report
    return new Map([...report].map(([id, row]) =>
      [id, row.type === 'candidate-pair' ? { ...row, availableOutgoingBitrate: window.line } : row]))
  }
}"""
"""What congestion control says of a line is what is set here, in bits a second."""
HEIGHT = """async () => Math.max(0, ...(await inbound('video')).map((row) => row.frameHeight ?? 0))"""
STANDS = """async () => {
  const frames = async () => (await inbound('video')).reduce((sum, row) => sum + row.framesDecoded, 0)
  const before = await frames()
  await new Promise((go) => setTimeout(go, 1500))
  return await frames() === before
}"""


@pytest.mark.feature("M7")
async def test_on_a_narrow_line_sound_goes_first(people: Opener) -> None:
    """The picture gets small, then it waits, and both sides are told; the voice is heard meanwhile; then it is back."""
    ana = await join(people, "", "Ana")
    ben = await people(width=1100, height=700)
    await call.prepare(ben)
    await ben.context.add_init_script(f"({LINE})()")
    await ben.goto(ana.url)
    await call.come_in(ben, "Ben")
    await call.join_call(ben)
    await call.press(ana, "Mute the microphone")
    await call.sees(ana, "Ben")
    await call.until(ana, f"async () => await ({HEIGHT})() > 200", "a large picture")
    await ben.evaluate("() => { window.line = 120_000 }")
    await call.until(ana, f"async () => await ({HEIGHT})() <= 90", "a small picture")
    await call.hears(ana)
    await ben.evaluate("() => { window.line = 50_000 }")
    narrow = ben.get_by_text("Your line is narrow: sound goes first, your picture waits.")
    await expect(narrow).to_be_visible(timeout=30_000)
    await expect(call.tile(ana, "Ben")).to_have_attribute(
        "aria-label", re.compile("picture paused, the line is narrow")
    )
    await call.until(ana, STANDS, "no picture is sent")
    await call.hears(ana)
    await ben.evaluate("() => { window.line = 2_000_000 }")
    # While it waits, the picture is tried again after ten seconds, then after twenty, then after forty.
    await expect(narrow).to_have_count(0, timeout=60_000)
    await call.sees(ana, "Ben")
    await call.until(ana, f"async () => await ({HEIGHT})() > 200", "a large picture again")
