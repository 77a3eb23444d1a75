"""Calls that go on: a cable that is out, another network, a server that dies. Nobody has to press anything."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Page, Playwright, expect

from tests.e2e import media, steps
from tests.e2e import meeting_steps as call
from tests.e2e.conftest import CHROMIUM_FLAGS, Opener, fixture
from tests.support import netlab
from tests.support.process import ServerProcess

pytestmark = [
    pytest.mark.real("whole-chromium"),
    pytest.mark.timeout(300),
    pytest.mark.xdist_group("media"),
]
ORIGIN = f"http://{netlab.PUBLIC}:8000"


@pytest.fixture
def browser_flags(tone: Path) -> list[str]:
    return call.flags(tone)


@dataclass
class Street:
    """A server with a relay on the public network, and the homes of Ana and Ben."""

    server: ServerProcess
    homes: list[netlab.Home]


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Street]:
    with netlab.lab() as lab:
        homes = [lab.home() for _ in range(2)]
        relay = {"turn": "true", "turn_listen": netlab.PUBLIC, "turn_host": netlab.PUBLIC}
        server = ServerProcess(tmp_path, host=netlab.PUBLIC, port="8000", public_url=ORIGIN, **relay)
        server.inside = netlab.enter(lab.public)
        server.start()
        yield Street(server, homes)
        server.kill()


@fixture()
async def pages(
    street: Street, playwright: Playwright, real_part: Callable[[str], str], tmp_path: Path, tone: Path
) -> AsyncIterator[tuple[Page, Page]]:
    """Ana and Ben, each in a network of their own, in the call."""
    # As if it were HTTPS: certificates have tests of their own.
    secure = f"--unsafely-treat-insecure-origin-as-secure={ORIGIN}"
    async with AsyncExitStack() as stack:
        opened: list[Page] = []
        for home, name in zip(street.homes, ("Ana", "Ben"), strict=True):
            program = netlab.wrapper(tmp_path, home.space, real_part("whole-chromium"))
            flags = [*CHROMIUM_FLAGS, *media.flags(tone), secure, "--auto-accept-this-tab-capture"]
            browser = await playwright.chromium.launch(executable_path=program, args=flags)
            stack.push_async_callback(browser.close)
            context = await browser.new_context(base_url=ORIGIN, viewport={"width": 1100, "height": 700})
            page = await context.new_page()
            page.set_default_timeout(15_000)
            await call.prepare(page)
            if opened:
                await page.goto(opened[0].url)
            else:
                await steps.create_room(page, "Meeting")
            await call.come_in(page, name)
            await call.join_call(page)
            opened.append(page)
        await call.both_ways(opened[0], "Ana", opened[1], "Ben")
        yield opened[0], opened[1]


@pytest.mark.feature("M8", "M9")
@pytest.mark.real("coturn", "networks")
async def test_a_cable_that_is_out_for_half_a_minute(street: Street, pages: tuple[Page, Page]) -> None:
    """Ben comes back with what he had: his hand, his screen, and the camera as it was, off."""
    ana, ben = pages
    await call.press(ben, "Raise your hand")
    await call.press(ben, "Switch the camera off")
    await call.press(ben, "Share the screen")
    await call.sees(ana, "Ben", "screen")
    street.homes[1].cut()
    # As long as the test is about.
    await asyncio.sleep(30)
    street.homes[1].cut(False)
    await asyncio.gather(
        call.hears(ana, seconds=60),
        call.hears(ben, seconds=60),
        call.sees(ben, "Ana", seconds=60),
        call.sees(ana, "Ben", "screen", seconds=60),
    )
    await call.sees_nothing_of(ana, "Ben")
    await expect(call.control(ben, "Switch the camera on")).to_be_visible()
    await expect(call.control(ben, "Stop sharing the screen")).to_be_visible()
    await expect(call.tile(ana, "Ben")).to_have_attribute("aria-label", "Ben, speaking, hand raised")
    for page in (ana, ben):
        await call.has_connections(page, 1)


@pytest.mark.feature("M8", "M9")
@pytest.mark.real("coturn", "networks")
async def test_another_network(street: Street, pages: tuple[Page, Page]) -> None:
    """Other addresses, inside and outside; neither page is told of it by anybody but its browser."""
    ana, ben = pages
    street.homes[1].move()
    await call.both_ways(ana, "Ana", ben, "Ben", seconds=60)
    for page in (ana, ben):
        await call.has_connections(page, 1)


@pytest.mark.feature("M8")
async def test_a_server_that_dies(people: Opener, own_server: ServerProcess) -> None:
    """Media does not notice, and the place is had again when the server is back."""
    ana, ben = await call.meet(people, "Ana", "Ben")
    await call.both_ways(ana, "Ana", ben, "Ben")
    made = "() => connections()[0].localDescription.sdp.match(/a=fingerprint:\\S+ \\S+/)[0]"
    before = await ana.evaluate(made)
    own_server.kill()
    await call.both_ways(ana, "Ana", ben, "Ben")
    await call.press(ben, "Mute the microphone")
    await call.is_silent(ana)
    own_server.start()
    await expect(call.tile(ana, "Ben")).to_have_attribute("aria-label", "Ben, microphone off", timeout=30_000)
    await call.press(ben, "Switch the microphone on")
    await call.hears(ana)
    await expect(call.tile(ana, "Ben")).to_have_attribute("aria-label", "Ben, speaking")
    assert await ana.evaluate(made) == before
    # Words find their way again: a screen needs some.
    await call.press(ben, "Share the screen")
    await call.sees(ana, "Ben", "screen")


@pytest.mark.feature("M8")
async def test_ways_are_looked_for_anew_without_a_gap(people: Opener) -> None:
    """Both browsers say at once that the network is another one: one restart each, and the same connection."""
    ana, ben = await call.meet(people, "Ana", "Ben")
    await call.both_ways(ana, "Ana", ben, "Ben")
    ways = "() => connections()[0].localDescription.sdp.match(/a=ice-ufrag:(\\S+)/)[1]"
    first = await ana.evaluate(ways)
    tell = "() => { for (let at = 0; at < 3; at += 1) window.dispatchEvent(new Event('online')) }"
    await asyncio.gather(ana.evaluate(tell), ben.evaluate(tell))
    await call.until(ana, f"(first) => ({ways})() !== first", "other ways", about=first)
    await call.both_ways(ana, "Ana", ben, "Ben")
    for page in (ana, ben):
        await call.has_connections(page, 1)
