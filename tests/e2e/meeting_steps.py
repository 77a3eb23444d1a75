"""Calls in real browsers, by the page that people use; what is seen and heard is measured from the media."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.e2e import call_steps, media, steps

# Which connections a page has, and what is decoded. The page knows nothing of it.
WATCH = """() => {
  const Real = window.RTCPeerConnection
  if (!Real) return
  const open = new Set()
  window.RTCPeerConnection = class extends Real {
    constructor(...given) { super(...given); open.add(this) }
    close() { super.close(); open.delete(this) }
  }
  window.connections = () => [...open].filter((each) => each.connectionState !== 'closed')
  window.inbound = async (kind) => {
    const found = []
    for (const each of window.connections())
      for (const row of (await each.getStats()).values())
        if (row.type === 'inbound-rtp' && row.kind === kind) found.push(row)
    return found
  }
  // Tab capture of the page itself, which a browser under test gives without asking.
  const devices = navigator.mediaDevices
  const share = devices?.getDisplayMedia.bind(devices)
  if (share) devices.getDisplayMedia = (wish) => share({ ...wish, preferCurrentTab: true })
  // What somebody's tile shows: a few pixels of it, or null.
  window.picture = (name, kind = 'camera') => {
    const tile = [...document.querySelectorAll(`[data-kind="${kind}"]`)].find((each) =>
      each.getAttribute('aria-label').replace('Screen of ', '').split(', ')[0] === name)
    const video = tile?.querySelector('video')
    if (!video || video.videoWidth === 0 || video.style.display === 'none') return null
    const box = document.createElement('canvas')
    box.width = 64
    box.height = 36
    const paper = box.getContext('2d')
    paper.drawImage(video, 0, 0, 64, 36)
    return [...paper.getImageData(0, 0, 64, 36).data]
  }
  window.differs = (a, b) => a.reduce((sum, each, at) => sum + (Math.abs(each - b[at]) > 24 ? 1 : 0), 0)
  // Of the last seconds, when it was loud: by the clock that all pages of a machine share.
  window.listenClosely = () => {
    window.loudAt = 0
    clearInterval(window.listening)
    window.listening = setInterval(() => { if (window.ear().rms > 0.01) window.loudAt = Date.now() }, 5)
  }
}"""

# What the two ends have agreed on. Where they are reached is not of it: that comes piece by piece, and some of it late.
AGREED = """() => connections().map(({ remoteDescription }) => remoteDescription.sdp.split('\\r\\n')
  .filter((line) => !/^(a=candidate:|a=end-of-candidates|a=rtcp:|c=)/.test(line))
  .map((line) => line.replace(/^(m=\\w+) [1-9]\\d*/, '$1')).join('\\n')).join()"""


def flags(tone: Path, *, devices: int = 1) -> list[str]:
    """Of a browser with cameras and microphones that show and say something, and which shares its own page."""
    made = [
        f"--use-fake-device-for-media-stream=device-count={devices}"
        if each == "--use-fake-device-for-media-stream"
        else each
        for each in media.flags(tone)
    ]
    return [*made, "--auto-accept-this-tab-capture"]


async def prepare(page: Page) -> None:
    """From the next page on, what it sees and hears can be measured."""
    await page.context.grant_permissions(["camera", "microphone"])
    await page.context.add_init_script(f"({call_steps.LISTEN})()")
    await page.context.add_init_script(f"({WATCH})()")


async def come_in(page: Page, name: str) -> None:
    await page.get_by_label("Your name").fill(name)
    await page.get_by_role("button", name="Come in").click()
    await expect(join_button(page)).to_be_visible()


def join_button(page: Page) -> Locator:
    return page.get_by_role("button", name="Join the call")


async def meet(people: Callable[..., Awaitable[Page]], *names: str, join: bool = True) -> list[Page]:
    """A new meeting with these people, the first of whom made it; all are in the call."""
    pages: list[Page] = []
    for name in names:
        page = await people(width=1100, height=700)
        await prepare(page)
        if pages:
            await page.goto(pages[0].url)
        else:
            await steps.create_room(page, "Meeting")
        await come_in(page, name)
        pages.append(page)
        if join:
            await join_call(page)
    return pages


async def join_call(page: Page) -> None:
    await join_button(page).click()
    await expect(control(page, "Leave the call")).to_be_visible()


async def leave_call(page: Page) -> None:
    await control(page, "Leave the call").click()
    await expect(page.get_by_role("button", name="Join again")).to_be_visible()


def controls(page: Page) -> Locator:
    return page.get_by_role("group", name="Your part in the call")


def control(page: Page, name: str) -> Locator:
    return controls(page).get_by_role("button", name=name, exact=True)


async def press(page: Page, name: str) -> None:
    await control(page, name).click()


async def until(page: Page, script: str, what: str, *, seconds: float = 30, about: Any = None) -> Any:
    """Wait until a script, which may wait itself, gives something true; returns it."""
    end = time.monotonic() + seconds
    while True:
        found = await page.evaluate(script, about)
        if found:
            return found
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        await asyncio.sleep(0.05)


async def sees(page: Page, name: str, kind: str = "camera", *, seconds: float = 30) -> None:
    """Frames are decoded, and what the tile shows changes."""
    about = {"name": name, "kind": kind}
    before = sum(row["framesDecoded"] for row in await page.evaluate("inbound('video')"))
    first = await until(
        page, "({name, kind}) => picture(name, kind)", f"a picture of {name}", about=about, seconds=seconds
    )
    moved = """({name, kind, first}) => {
      const now = picture(name, kind)
      return now && differs(first, now) > 4
    }"""
    await until(page, moved, f"the picture of {name} moves", about={**about, "first": first}, seconds=seconds)
    rises = "async (before) => (await inbound('video')).reduce((sum, row) => sum + row.framesDecoded, 0) > before"
    await until(page, rises, "frames are decoded", about=before, seconds=seconds)


async def sees_nothing_of(page: Page, name: str, kind: str = "camera") -> None:
    about = {"name": name, "kind": kind}
    await until(page, "({name, kind}) => picture(name, kind) === null", f"no {kind} of {name}", about=about)


async def hears(page: Page, *, seconds: float = 30) -> None:
    """Wait until the page plays the tone of a microphone."""
    script = f"() => {{ const {{ rms, hz }} = ear(); return rms > 0.02 && Math.abs(hz - {media.TONE_HZ}) < 60 }}"
    await until(page, script, "the tone is heard", seconds=seconds)


async def is_silent(page: Page, seconds: float = 3) -> None:
    """Nothing is played, for as long as this; after at most some moments in which it fades."""
    # The tone comes and goes: a moment without it is no silence yet.
    await until(page, "async () => (await loudest()).rms < 0.001", "it gets silent", seconds=15)
    script = """(seconds) => new Promise((done) => {
      let [loudest, begin] = [0, performance.now()]
      const timer = setInterval(() => {
        loudest = Math.max(loudest, ear().rms)
        if (performance.now() - begin < seconds * 1000) return
        clearInterval(timer)
        done(loudest)
      }, 10)
    })"""
    loudest = await page.evaluate(script, seconds)
    assert loudest < 0.001, loudest


async def both_ways(first: Page, first_name: str, second: Page, second_name: str, *, seconds: float = 30) -> None:
    """Each sees and hears the other one."""
    await asyncio.gather(
        sees(first, second_name, seconds=seconds),
        sees(second, first_name, seconds=seconds),
        hears(first, seconds=seconds),
        hears(second, seconds=seconds),
    )


def tile(page: Page, name: str, kind: str = "camera") -> Locator:
    label = f"Screen of {name}" if kind == "screen" else name
    return page.locator(f'article[data-kind="{kind}"][aria-label^="{label}"]')


async def has_connections(page: Page, number: int) -> None:
    await until(page, f"() => connections().length === {number}", f"{number} connections")
