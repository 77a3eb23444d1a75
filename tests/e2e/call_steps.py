"""Calls in real browsers: a phone with a known tone for a microphone, and what a host's page really plays."""

from __future__ import annotations

import asyncio
import itertools
import re
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Locator, Page, Route, expect
from playwright.async_api import TimeoutError as TooLong

from tests.e2e import media
from tests.e2e.stock import PythonBot, session
from tests.support.recorder import Json

_lines = itertools.count()
SITE = "http://127.0.0.1:9"

# The page's own end of a phone. The words go to and from a client of the server's that stands beside it.
PHONE = """
async () => {
  const { PhoneEnd } = await import('/ends.js')
  const raw = { echoCancellation: false, noiseSuppression: false, autoGainControl: false, channelCount: 1 }
  const microphone = (await navigator.mediaDevices.getUserMedia({ audio: raw })).getAudioTracks()[0]
  window.phone = { end: null, epoch: -1, states: [] }
  window.follow = (epoch) => {
    if (phone.epoch === epoch) return
    phone.end?.close()
    phone.epoch = epoch
    phone.end = epoch < 0 ? null : new PhoneEnd(microphone, [],
      (word) => say({ ...word, epoch }), (state) => phone.states.push(state))
  }
  window.hear = (word) => { if (word.epoch === phone.epoch) phone.end?.hear(word) }
}
"""

# What a page plays: whatever is connected to a context's destination is listened to on its way.
LISTEN = """() => {
  const connect = AudioNode.prototype.connect
  window.played = []
  AudioNode.prototype.connect = function (to, ...more) {
    if (to instanceof AudioDestinationNode) {
      const ear = this.context.createAnalyser()
      ear.fftSize = 2048
      connect.call(this, ear)
      window.played.push(ear)
    }
    return connect.call(this, to, ...more)
  }
  window.ear = () => {
    let best = { rms: 0, hz: 0 }
    for (const ear of window.played) {
      if (ear.context.state !== 'running') continue
      const samples = new Float32Array(ear.fftSize)
      ear.getFloatTimeDomainData(samples)
      const rms = Math.sqrt(samples.reduce((sum, each) => sum + each * each, 0) / samples.length)
      const bins = new Float32Array(ear.frequencyBinCount)
      ear.getFloatFrequencyData(bins)
      if (rms >= best.rms)
        best = { rms, hz: bins.indexOf(Math.max(...bins)) * ear.context.sampleRate / ear.fftSize }
    }
    return best
  }
  // The loudest of a second and a half: the tone comes and goes.
  window.loudest = async () => {
    let found = { rms: 0, hz: 0 }
    for (let at = 0; at < 30; at += 1) {
      const now = window.ear()
      if (now.rms > found.rms) found = now
      await new Promise((go) => setTimeout(go, 50))
    }
    return found
  }
}"""


def flags(tone: Path) -> list[str]:
    """Of a browser whose microphone plays the tone, and which plays nothing on pages that nobody has touched."""
    return media.flags(tone, autoplay=False)


class Phone(PythonBot):
    """Somebody of the audience: a client of the server's, and a page with the microphone and the media connection."""

    def __init__(self, name: str, room: str, token: str) -> None:
        super().__init__(name, room, token)
        self.page: Page | None = None
        self.line = f"the-line-of-a-phone-{next(_lines)}"
        self._number = 0
        self._jobs: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        self._working: asyncio.Task[None] | None = None

    async def pick_up(self, browser: Browser, modules: Path) -> None:
        context: BrowserContext = await browser.new_context(permissions=["microphone"])
        self.page = await context.new_page()

        async def answer(route: Route) -> None:
            name = route.request.url.rpartition("/")[2]
            if name.endswith(".js"):
                await route.fulfill(path=modules / name, content_type="text/javascript")
            else:
                await route.fulfill(body="<!doctype html><title>Phone</title>", content_type="text/html")

        await self.page.route("**/*", answer)
        await self.page.goto(SITE)
        await self.page.expose_function("say", self._say)
        await self.page.evaluate(PHONE)
        self._working = asyncio.create_task(self._work())

    def take(self, kind: str, data: Json) -> None:
        super().take(kind, data)
        if kind == "signal" and data["type"] == "voice.line":
            self._jobs.put_nowait(("(word) => hear(word)", data["data"]))
        elif kind == "event" and data["type"] == "voice.changed":
            call = data["data"]["call"]
            if call["person"] == self.me and call["state"] == "live":
                self._jobs.put_nowait(("(epoch) => follow(epoch)", call["epoch"]))
        elif kind == "event" and data["type"] == "voice.ended":
            self._jobs.put_nowait(("() => follow(-1)", None))

    async def _work(self) -> None:
        while True:
            script, about = await self._jobs.get()
            assert self.page is not None
            await self.page.evaluate(script, about)

    async def _say(self, word: Json) -> None:
        call = self.events("voice.changed")[-1]["data"]["call"]["id"]
        await self.client.emit("voice.line", {"call": call, **word})

    async def do(self, word: str, **payload: Any) -> Json:
        self._number += 1
        return await self.certain(word, id=f"phone-{self._number}", **payload)

    async def ask(self) -> str:
        """Ask to speak."""
        item: str = (await self.do("floor.ask", kind="voice"))["item"]
        return item

    async def ringing(self) -> str:
        """Return the call that rings here."""

        def rings() -> list[Json]:
            over = {event["data"]["call"] for event in self.events("voice.ended")}
            calls = [event["data"]["call"] for event in self.events("voice.changed")]
            return [call for call in calls if call["person"] == self.me and call["id"] not in over]

        await self.until(lambda: rings(), "ringing")
        found: str = rings()[-1]["id"]
        return found

    async def talk(self, call: str | None = None) -> str:  # type: ignore[override]
        call = call or await self.ringing()
        await self.do("voice.talk", call=call, line=self.line)
        return call

    async def stop(self) -> None:
        if self._working is not None:
            self._working.cancel()
        await super().stop()
        if self.page is not None:
            await self.page.context.close()


async def new_phone(browser: Browser, modules: Path, host: Page, name: str) -> Phone:
    """Somebody who has come in to the room of this host's page."""
    url, _, link = host.url.rpartition("/r/")
    phone = await Phone.join(url, name, link, await session(url), "websocket")
    assert isinstance(phone, Phone)
    await phone.pick_up(browser, modules)
    return phone


NewPhone = Callable[[Page, str], Awaitable[Phone]]


# What a host does.


async def listen(page: Page) -> None:
    """From the next page on, what is played can be measured."""
    await page.context.add_init_script(f"({LISTEN})()")


async def call_up(host: Page, phone: Phone) -> None:
    await phone.ask()
    await host.get_by_role("button", name=re.compile(r"^Call number \d+$")).first.click()
    await expect(card(host, phone.name)).to_contain_text("Rings for")


async def go_live(host: Page, phone: Phone) -> str:
    """By the buttons of the host's page."""
    await call_up(host, phone)
    call = await phone.talk()
    await expect(card(host, phone.name)).to_contain_text("Live")
    return call


# What is heard.


async def sound_on(host: Page) -> None:
    """After a reload: browsers decide by themselves whether they want a touch first."""
    button = host.get_by_role("button", name="Sound on")
    deadline = time.monotonic() + 30
    while (await host.evaluate("loudest()"))["rms"] < 0.02:
        assert time.monotonic() < deadline, "no sound comes"
        # Until the browser has begun to play, the page offers it; that may go by itself before it is pressed.
        with suppress(TooLong):
            await button.click(timeout=2_000)


async def hears_the_tone(page: Page, hertz: float = media.TONE_HZ) -> float:
    """Wait until the page plays the tone; returns its amplitude, as the root of the mean square."""
    await page.wait_for_function(
        f"() => {{ const {{ rms, hz }} = ear(); return rms > 0.02 && Math.abs(hz - {hertz}) < 60 }}",
        timeout=30_000,
    )
    # While a connection begins, or on a machine that is short of time, browsers make up what has not come: some of that
    # is louder than the tone. It passes.
    found: Json = {}
    for _ in range(20):
        found = await page.evaluate("loudest()")
        if abs(found["hz"] - hertz) < 60:
            return float(found["rms"])
    raise AssertionError(found)


async def is_silent(page: Page) -> None:
    await page.wait_for_function("async () => (await loudest()).rms < 0.001", timeout=30_000)
    found = await page.evaluate("loudest()")
    assert found["rms"] < 0.001, found


async def settles_at(page: Page, amplitude: float) -> None:
    """Wait until the tone is as loud as this, within a tenth."""
    least, most = 0.9 * amplitude, 1.1 * amplitude
    await page.wait_for_function(
        f"async () => {{ const {{ rms }} = await loudest(); return rms > {least} && rms < {most} }}", timeout=30_000
    )


def calls(page: Page) -> Locator:
    return page.get_by_role("region", name="On the microphone")


def card(page: Page, name: str) -> Locator:
    return calls(page).get_by_role("listitem").filter(has_text=name)


async def lit(meter: Locator) -> float:
    """How much of a meter is lit, from what is drawn: 0 to 1."""
    found: float = await meter.evaluate(
        """(box) => {
          const { width, height } = box
          const row = box.getContext('2d').getImageData(0, Math.floor(height / 2), width, 1).data
          let [sum, most] = [0, 0]
          for (let at = 3; at < row.length; at += 4) if (row[at] > 0) { most += 1; sum += row[at] > 120 ? 1 : 0 }
          return most ? sum / most : 0
        }"""
    )
    return found


async def moves(meter: Locator, least: int = 4) -> list[float]:
    """Wait until the meter has shown so many different heights."""
    seen: list[float] = []
    for _ in range(200):
        seen.append(round(await lit(meter), 2))
        if len(set(seen)) >= least and max(seen) > 0.4:
            return seen
        await asyncio.sleep(0.05)
    raise AssertionError(f"the meter does not move: {sorted(set(seen))}")


async def changes_within(meter: Locator, seconds: float) -> int:
    """How often what is drawn changes in so many seconds, looked at in each frame."""
    found: int = await meter.evaluate(
        """(box, seconds) => new Promise((done) => {
          let [changes, before] = [-1, null]
          const begin = performance.now()
          const look = (now) => {
            const picture = box.toDataURL()
            if (picture !== before) changes += 1
            before = picture
            if (now - begin > seconds * 1000) done(changes)
            else requestAnimationFrame(look)
          }
          requestAnimationFrame(look)
        })""",
        seconds,
    )
    return found
