"""Calls between networks: a host's page and a phone behind routers of their own, in namespaces of this machine."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, Playwright, expect

from tests.e2e import call_steps, media, phone_steps, steps
from tests.e2e import floor_steps as floor
from tests.e2e.conftest import CHROMIUM_FLAGS, fixture
from tests.support import netlab
from tests.support.process import ServerProcess

pytestmark = [
    pytest.mark.real("whole-chromium", "coturn", "networks"),
    pytest.mark.timeout(300),
    pytest.mark.xdist_group("media"),
]
ORIGIN = f"http://{netlab.PUBLIC}:8000"


@dataclass
class Street:
    """A server on the public network, and the homes of a host and of somebody with a phone."""

    server: ServerProcess
    hosts: netlab.Home
    phones: netlab.Home


@pytest.fixture
def street(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Street]:
    asked = getattr(request, "param", {})
    relay = (
        {"turn": "true", "turn_listen": netlab.PUBLIC, "turn_host": netlab.PUBLIC} if asked.get("relay", True) else {}
    )
    with netlab.lab() as lab:
        hosts, phones = (lab.home(symmetric=asked.get("symmetric", False)) for _ in range(2))
        server = ServerProcess(tmp_path, host=netlab.PUBLIC, port="8000", public_url=ORIGIN, **relay)
        server.inside = netlab.enter(lab.public)
        server.start()
        yield Street(server, hosts, phones)
        server.kill()


@fixture()
async def pages(
    street: Street, playwright: Playwright, real_part: Callable[[str], str], tmp_path: Path, tone: Path
) -> AsyncIterator[tuple[Page, Page]]:
    """The host, who is listened to, and Ana with her phone; each has a browser in a network of theirs."""
    flags = [
        *CHROMIUM_FLAGS,
        *media.flags(tone),
        # As if it were HTTPS: certificates have tests of their own.
        f"--unsafely-treat-insecure-origin-as-secure={ORIGIN}",
    ]
    async with AsyncExitStack() as stack:

        async def page(home: netlab.Home, **looks: Any) -> Page:
            program = netlab.wrapper(tmp_path, home.space, real_part("whole-chromium"))
            browser = await playwright.chromium.launch(executable_path=program, args=flags)
            stack.push_async_callback(browser.close)
            context = await browser.new_context(base_url=ORIGIN, permissions=["microphone"], **looks)
            opened = await context.new_page()
            opened.set_default_timeout(15_000)
            return opened

        host = await page(street.hosts)
        await call_steps.listen(host)
        await steps.create_room(host, "Stage")
        await floor.come_in(host, "Olga")
        ana = await page(street.phones, viewport={"width": 390, "height": 844})
        await ana.goto(host.url)
        await floor.come_in(ana, "Ana")
        yield host, ana


async def call(host: Page, ana: Page) -> None:
    await phone_steps.ask_to_speak(ana)
    await host.get_by_role("button", name=re.compile(r"^Call number \d+$")).click()
    await phone_steps.ring(ana).get_by_role("button", name="Talk").click()


@pytest.mark.feature("F6", "M9")
@pytest.mark.parametrize("street", [{"symmetric": True}], indirect=True, ids=["symmetric"])
async def test_through_the_relay(pages: tuple[Page, Page]) -> None:
    """Neither home can be reached from outside, and no way between them can be found out: all goes over the relay."""
    host, ana = pages
    await call(host, ana)
    await call_steps.hears_the_tone(host)
    await phone_steps.live(ana).get_by_role("button", name="Hang up").click()
    await call_steps.is_silent(host)


@pytest.mark.feature("F6", "M1")
@pytest.mark.parametrize("street", [{"relay": False}], indirect=True, ids=["no-relay"])
async def test_without_a_way(pages: tuple[Page, Page]) -> None:
    """Both pages say what is the matter, instead of being silent."""
    host, ana = pages
    await call(host, ana)
    await expect(phone_steps.live(ana)).to_contain_text("no way", timeout=40_000)
    await expect(call_steps.card(host, "Ana")).to_contain_text("no way")
    await call_steps.is_silent(host)


@pytest.mark.feature("F8")
async def test_a_cable_that_is_out_for_a_while(street: Street, pages: tuple[Page, Page]) -> None:
    host, ana = pages
    await call(host, ana)
    await call_steps.hears_the_tone(host)
    street.phones.cut()
    await expect(call_steps.card(host, "Ana")).to_contain_text("Reconnecting", timeout=60_000)
    street.phones.cut(False)
    await call_steps.hears_the_tone(host)
    await expect(call_steps.card(host, "Ana")).to_contain_text("Live")


@pytest.mark.feature("F8")
async def test_another_network(street: Street, pages: tuple[Page, Page]) -> None:
    """The phone leaves one network for another, with another address in it and another one outside."""
    host, ana = pages
    await call(host, ana)
    await call_steps.hears_the_tone(host)
    street.phones.move()
    await call_steps.hears_the_tone(host)
    await expect(phone_steps.live(ana).get_by_role("heading", name="You are live")).to_be_visible()
