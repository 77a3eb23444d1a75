"""The two ends of a call in a real browser with a known tone for a microphone: what is heard, and when nothing is.

The pages' own modules are taken as they are; the words between the ends go from hand to hand here.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Route

from salon.core import ice
from salon.core.settings import IceServer
from tests.e2e import media
from tests.e2e.conftest import fixture
from tests.support.house import open_stage
from tests.support.recorder import eventually
from tests.support.turn import free_port

pytestmark = pytest.mark.xdist_group("media")
SITE = "http://127.0.0.1:9"

BENCH = """
async ([servers, policy]) => {
  const { PhoneEnd, ScreenEnd } = await import('/ends.js')
  const { Voice, MICROPHONE } = await import('/sound.js')
  const context = new AudioContext()
  const microphone = (await navigator.mediaDevices.getUserMedia({ audio: MICROPHONE })).getAudioTracks()[0]
  const bench = (window.bench = { states: [], words: [] })
  bench.screen = new ScreenEnd(servers, (word) => { bench.words.push(word.kind); bench.phone.hear(word) },
    (state) => bench.states.push(state),
    (track) => { bench.voice = new Voice(context, track) }, policy)
  bench.phone = new PhoneEnd(microphone, servers, (word) => { bench.words.push(word.kind); bench.screen.hear(word) },
    () => {}, policy)
  bench.microphone = microphone
  bench.peak = () => {
    const { analyser } = bench.voice.meter
    const bins = new Float32Array(analyser.frequencyBinCount)
    analyser.getFloatFrequencyData(bins)
    return bins.indexOf(Math.max(...bins)) * context.sampleRate / analyser.fftSize
  }
}
"""


@pytest.fixture
def browser_flags(tone: Path) -> list[str]:
    return media.flags(tone)


@fixture()
async def page(browser: Browser, modules: Path) -> AsyncIterator[Page]:
    async def answer(route: Route) -> None:
        name = route.request.url.rpartition("/")[2]
        if name.endswith(".js"):
            await route.fulfill(path=modules / name, content_type="text/javascript")
        else:
            await route.fulfill(body="<!doctype html><title>Bench</title>", content_type="text/html")

    context = await browser.new_context(permissions=["microphone"])
    opened = await context.new_page()
    await opened.route("**/*", answer)
    await opened.goto(SITE)
    yield opened
    await context.close()


async def level(page: Page) -> float:
    """The loudest of a second: the tone comes and goes."""
    found: float = await page.evaluate(
        """async () => {
          let most = 0
          for (let at = 0; at < 20; at += 1) {
            most = Math.max(most, bench.voice.meter.level())
            await new Promise((go) => setTimeout(go, 50))
          }
          return most
        }"""
    )
    return found


async def falls_silent(page: Page, most: float) -> None:
    """For a whole second: the tone has gaps, and may not be gone yet in the first of them."""
    deadline = time.monotonic() + 30
    while await level(page) > most:
        assert time.monotonic() < deadline, "it is still heard"


async def connect(page: Page, servers: list[dict[str, Any]], policy: str = "all") -> None:
    await page.evaluate(BENCH, [servers, policy])
    await page.wait_for_function("() => bench.states.at(-1) === 'connected' && bench.voice", timeout=30_000)


async def hears_the_tone(page: Page) -> None:
    await page.wait_for_function("() => bench.voice.meter.level() > 0.4", timeout=30_000)
    await page.wait_for_function(f"() => Math.abs(bench.peak() - {media.TONE_HZ}) < 60", timeout=30_000)


@pytest.mark.real("whole-chromium", "node")
@pytest.mark.feature("F6", "F7")
async def test_the_tone_is_heard_until_hanging_up(page: Page) -> None:
    await connect(page, [])
    await hears_the_tone(page)
    await page.evaluate("bench.voice.volume = 0")
    await falls_silent(page, 0.05)
    await page.evaluate("bench.voice.volume = 1")
    await hears_the_tone(page)
    await page.evaluate("bench.phone.close()")
    await falls_silent(page, 0)


@pytest.mark.real("whole-chromium", "node")
@pytest.mark.feature("F8")
async def test_a_new_way_is_found_from_either_end(page: Page) -> None:
    await connect(page, [])
    for end in ("phone", "screen"):
        await page.evaluate("bench.words.length = 0")
        await page.evaluate(f"bench.{end}.restart()")
        await page.wait_for_function("() => bench.words.includes('answer')", timeout=30_000)
        await hears_the_tone(page)


@pytest.mark.real("whole-chromium", "node", "coturn")
@pytest.mark.feature("M9", "F6")
async def test_through_the_relay_alone(page: Page, tmp_path: Path, at_once: None) -> None:
    settings: dict[str, Any] = {
        "turn": True,
        "turn_host": "127.0.0.1",
        "turn_port": free_port(),
        "turn_listen": "127.0.0.1",
        "turn_allowed_networks": "127.0.0.0/8",
    }
    folder = tmp_path / "relay"
    folder.mkdir()
    async with open_stage(folder, **settings) as stage:
        await eventually(lambda: stage.house.turn.process is not None, "the relay")
        servers: list[IceServer] = list(stage.house.turn.servers())
        given = ice.config(servers, "ana", time.time_ns() // 1_000_000)
        await connect(page, given.model_dump(exclude_none=True)["servers"], "relay")
        await hears_the_tone(page)
