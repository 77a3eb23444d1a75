"""People in a call, each a page of a real browser with a camera and a microphone that are not there."""

from __future__ import annotations

import asyncio
import math
import random
import struct
import time
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, Playwright

FLAGS = [
    "--no-sandbox",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--disable-gpu",
    "--mute-audio",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
    # Without it addresses are told as names that somebody has to resolve by multicast.
    "--disable-features=WebRtcHideLocalIpsWithMdns",
]
PATIENCE_SECONDS = 60.0
POLL_SECONDS = 0.05

WATCH = """
window.bench = { tracks: [], clicked: null, first: null, all: null }
const Native = window.RTCPeerConnection
window.RTCPeerConnection = class extends Native {
  constructor(...given) {
    super(...given)
    this.addEventListener('track', ({ track }) => track.kind === 'audio' && bench.tracks.push(track))
  }
}
bench.views = () => [...document.querySelectorAll('article.tile video:not(.mirrored)')]
bench.frames = () => bench.views().map((view) => view.getVideoPlaybackQuality().totalVideoFrames)
// From the click on it is looked every few milliseconds whose first picture has been decoded.
bench.arm = (others) => {
  Object.assign(bench, { clicked: null, first: null, all: null })
  const click = ({ target }) => {
    if (bench.clicked !== null || !target.closest('button')) return
    bench.clicked = performance.now()
    const timer = setInterval(() => {
      const seen = bench.frames().filter((frames) => frames > 0).length
      if (seen > 0) bench.first ??= performance.now() - bench.clicked
      if (seen < others) return
      bench.all = performance.now() - bench.clicked
      clearInterval(timer)
      document.removeEventListener('click', click, true)
    }, 4)
  }
  document.addEventListener('click', click, true)
}
const now = () => performance.timeOrigin + performance.now()
// When the button was pressed, in milliseconds since 1970.
bench.presses = () => {
  bench.pressed = null
  document.addEventListener('click', () => (bench.pressed = now()), { capture: true, once: true })
}
// The last moment at which anything of somebody's voice was to be heard.
bench.listen = () => {
  const context = (bench.context ??= new AudioContext())
  bench.heard = null
  const meters = bench.tracks.filter((track) => track.readyState === 'live').map((track) => {
    const meter = new AnalyserNode(context, { fftSize: 256, smoothingTimeConstant: 0 })
    context.createMediaStreamSource(new MediaStream([track])).connect(meter)
    return meter
  })
  const samples = new Float32Array(256)
  clearInterval(bench.listening)
  bench.listening = setInterval(() => {
    for (const meter of meters) {
      meter.getFloatTimeDomainData(samples)
      if (samples.some((sample) => Math.abs(sample) > 0.003)) bench.heard = now()
    }
  }, 4)
}
bench.quiet = (ms) => bench.heard !== null && now() - bench.heard > ms
bench.sounds = () => bench.heard !== null && now() - bench.heard < 100
"""


def write_voice(path: Path, speaks: float = 1.0) -> None:
    """Ten seconds that are never even: browsers take even sounds for noise and take them away. Of them somebody
    ``speaks`` for a part, and is silent then."""
    rate, step = 48_000, 2_400
    drawn = random.Random(8)
    pitches = [drawn.uniform(200, 1_200) for _ in range(10 * rate // step)]
    phase, samples = 0.0, []
    for at in range(10 * rate):
        phase += 2 * math.pi * pitches[at // step] / rate
        loud = at < speaks * 10 * rate
        samples.append(int(9_000 * math.sin(phase) + 3_000 * math.sin(2.01 * phase)) if loud else 0)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))


async def until(page: Page, condition: str, what: str) -> None:
    """Asks again and again, from here: on a full machine the page draws rarely, and what waits in it waits for that."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not await page.evaluate(condition):
        if time.monotonic() > deadline:
            raise RuntimeError(f"{what}: not within {PATIENCE_SECONDS:.0f} s; pictures {await frames(page)}")
        await asyncio.sleep(POLL_SECONDS)


async def frames(page: Page) -> list[int]:
    """Of everybody else, how many pictures were decoded."""
    found: list[int] = await page.evaluate("bench.frames()")
    return found


@dataclass
class Person:
    page: Page
    faults: list[str] = field(default_factory=list)

    async def come_in(self, name: str) -> None:
        await self.page.get_by_label("Your name").fill(name)
        await self.page.get_by_role("button", name="Come in").click()
        await self.ready()

    async def ready(self) -> None:
        """In front of the call, with camera and microphone open."""
        await self.page.get_by_role("button", name="Join the call").wait_for()
        await until(
            self.page, "[...document.querySelectorAll('video')].some((one) => one.videoWidth > 0)", "own picture"
        )

    async def join(self, others: int) -> tuple[float, float]:
        """Seconds from the click to the first picture of anybody, and to the first one of the last of ``others``."""
        await self.page.evaluate(f"bench.arm({max(1, others)})")
        await self.page.get_by_role("button", name="Join the call").click()
        if not others:
            await self.page.get_by_role("button", name="Leave the call").wait_for()
            return 0.0, 0.0
        await until(self.page, "bench.all !== null", "the first pictures")
        first, last = await self.page.evaluate("[bench.first, bench.all]")
        return first / 1000, last / 1000

    async def leave(self) -> None:
        """And stand in front of the call again, with a page that knows nothing of before."""
        await self.page.get_by_role("button", name="Leave the call").click()
        await self.page.get_by_role("button", name="Join again").wait_for()
        await self.page.reload()
        await self.ready()


async def open_person(browser: Browser, url: str, *, width: int = 1280, height: int = 800) -> Person:
    context = await browser.new_context(
        permissions=["camera", "microphone"], viewport={"width": width, "height": height}, locale="en-GB"
    )
    page = await context.new_page()
    page.set_default_timeout(PATIENCE_SECONDS * 1000)
    await page.add_init_script(WATCH)
    person = Person(page)
    page.on("pageerror", lambda error: person.faults.append(f"a page failed: {error}"))
    await page.goto(url)
    return person


@asynccontextmanager
async def browsers(playwright: Playwright, program: str, count: int, voice: Path) -> AsyncIterator[list[Browser]]:
    """So many processes, as on so many devices."""
    flags: dict[str, Any] = {"args": [*FLAGS, f"--use-file-for-fake-audio-capture={voice}"]}
    started = [await playwright.chromium.launch(executable_path=program, **flags) for _ in range(count)]
    try:
        yield started
    finally:
        for one in started:
            await one.close()
