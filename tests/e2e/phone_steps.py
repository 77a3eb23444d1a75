"""Calls between pages of a real browser: a phone with a known tone for a microphone, and a host's end that hears it."""

from __future__ import annotations

import asyncio
import re
import socket
import time
from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page, Route, expect

from tests.e2e import media

PLAIN = socket.gethostname()
"""Of the names that the server is reached by, one that browsers do not take for this machine: without HTTPS there is no
microphone on its pages."""
SOCKET_IO = media.WEB / "node_modules/socket.io-client/dist/socket.io.esm.min.js"

HOST = """
async (link) => {
  const { io } = await import('/bench/socket.io.js')
  const { ScreenEnd } = await import('/bench/ends.js')
  const { Voice } = await import('/bench/sound.js')
  const context = new AudioContext()
  const id = () => crypto.randomUUID()
  const bench = (window.bench = { calls: {}, ended: [], epochs: [], words: 0, items: {}, missed: [] })
  const line = id()
  const socket = io({ path: '/socket.io', transports: ['websocket'], auth: { room: link } })
  bench.socket = socket
  const close = () => {
    bench.end?.close()
    bench.voice?.close()
    bench.end = bench.voice = undefined
  }
  const follow = (call) => {
    bench.calls[call.id] = call
    if (call.state !== 'live' || bench.epochs.at(-1) === `${call.id} ${call.epoch}`) return
    bench.epochs.push(`${call.id} ${call.epoch}`)
    close()
    const { epoch } = call
    bench.end = new ScreenEnd([], (word) => socket.emit('voice.line', { call: call.id, epoch, ...word }),
      (state) => (bench.state = state), (track) => { bench.voice = new Voice(context, track) })
  }
  socket.on('snapshot', ({ features }) => {
    for (const item of features.floor.items) bench.items[item.id] = item
    features.voice.calls.forEach(follow)
    for (const call of features.voice.calls) void bench.ask('voice.resume', { call: call.id, line })
    bench.missed = features.voice.missed
    bench.ready = true
  })
  socket.on('event', ({ type, data }) => {
    if (type === 'floor.changed') for (const item of data.items) bench.items[item.id] = item
    if (type === 'floor.gone') for (const item of data.items) delete bench.items[item]
    if (type === 'voice.changed') follow(data.call)
    if (type === 'voice.missed') bench.missed = data.missed
    if (type === 'voice.ended') {
      bench.ended.push(data.outcome)
      delete bench.calls[data.call]
      close()
    }
  })
  socket.on('signal', ({ type, data }) => {
    if (type !== 'voice.line') return
    bench.words += 1
    bench.end?.hear(data)
  })
  bench.ask = (name, payload) => socket.emitWithAck(name, { id: id(), ...payload })
  bench.call = (item) => bench.ask('voice.call', { item, line })
  bench.auto = (on) => bench.ask('voice.auto', { on, line })
  bench.level = () => bench.voice?.meter.level() ?? 0
  bench.peak = () => {
    const { analyser } = bench.voice.meter
    const bins = new Float32Array(analyser.frequencyBinCount)
    analyser.getFloatFrequencyData(bins)
    return bins.indexOf(Math.max(...bins)) * context.sampleRate / analyser.fftSize
  }
}
"""


LOUDEST = """
async () => {
  let most = 0
  for (let at = 0; at < 20; at += 1) {
    most = Math.max(most, bench.level())
    await new Promise((go) => setTimeout(go, 50))
  }
  return most
}
"""
NOW = "JSON.stringify({...bench, socket: 0, end: !!bench.end, voice: !!bench.voice, level: bench.level()})"
SECONDS = 30
QUIET = 0.02


def flags(tone: Path) -> list[str]:
    """Of a browser whose microphone plays the tone."""
    return [*media.flags(tone), f"--host-resolver-rules=MAP {PLAIN} 127.0.0.1"]


class HostEnd:
    """A second connection of a host, which calls people up and plays what they say."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @classmethod
    async def of(cls, host: Page, modules: Path) -> HostEnd:
        """With the host's own session."""
        page = await host.context.new_page()

        async def answer(route: Route) -> None:
            name = route.request.url.rpartition("/")[2]
            path = SOCKET_IO if name == "socket.io.js" else modules / name
            await route.fulfill(path=path, content_type="text/javascript")

        await page.route("**/bench/**", answer)
        # A page that really came from the server: Chromium lets no other one connect to this machine.
        await page.goto("/")
        await page.evaluate(HOST, host.url.rpartition("/")[2])
        end = cls(page)
        await end.sees("bench.ready")
        return end

    async def sees(self, what: str, **given: Any) -> None:
        """Waits until an expression holds. The page's policy allows no evaluation within it."""
        deadline = time.monotonic() + SECONDS
        while not await self.page.evaluate(f"(given) => {what}", given):
            assert time.monotonic() < deadline, f"{what} did not come: {await self.page.evaluate(NOW)}"
            await asyncio.sleep(0.05)

    async def item(self, who: str) -> str:
        await self.sees("Object.values(bench.items).some(({name}) => name === given.who)", who=who)
        found: str = await self.page.evaluate(
            "(who) => Object.values(bench.items).find(({name}) => name === who).id", who
        )
        return found

    async def ask(self, name: str, **payload: Any) -> dict[str, Any]:
        answer: dict[str, Any] = await self.page.evaluate(
            "([name, payload]) => bench.ask(name, payload)", [name, payload]
        )
        return answer

    async def call(self, who: str) -> str:
        answer = await self.page.evaluate("(item) => bench.call(item)", await self.item(who))
        assert answer["ok"], answer
        call: str = answer["call"]
        return call

    async def hears(self) -> None:
        await self.sees("bench.level() > 0.4")
        await self.sees(f"bench.voice && Math.abs(bench.peak() - {media.TONE_HZ}) < 60")

    async def hears_nothing(self) -> None:
        """For a whole second: the tone comes and goes five times in it."""
        deadline = time.monotonic() + SECONDS
        while await self.page.evaluate(LOUDEST) > QUIET:
            assert time.monotonic() < deadline, "it is still heard"


async def ask_to_speak(page: Page, about: str = "") -> None:
    await page.get_by_text("Speak", exact=True).click()
    if about:
        await page.get_by_label("What about").fill(about)
    await page.get_by_role("button", name="Ask to speak").click()


def ring(page: Page) -> Locator:
    return page.get_by_role("alertdialog", name=re.compile("You are on|your turn"))


def live(page: Page) -> Locator:
    """The page that speaks, whatever is in the way of it."""
    return page.get_by_role("dialog").filter(has=page.get_by_role("button", name="Hang up"))


def elsewhere(page: Page) -> Locator:
    """What a page shows of a call that another one has."""
    return page.get_by_role("region", name="Your call")


async def is_live(page: Page) -> None:
    await expect(live(page).get_by_role("heading", name="You are live")).to_be_visible()


async def talk(page: Page) -> None:
    await ring(page).get_by_role("button", name="Talk").click()
    await is_live(page)
