"""Calls from a host's page: what is heard there, what is seen, and who else gets nothing of it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e import floor_steps as floor
from tests.e2e import voice_steps as voice
from tests.e2e.conftest import Opener
from tests.e2e.test_looks import find_faults
from tests.e2e.voice_steps import Phone

pytestmark = [pytest.mark.real("whole-chromium", "node"), pytest.mark.timeout(240)]

NewPhone = Callable[[Page, str], Awaitable[Phone]]


@pytest.fixture
async def browser(real_part: Callable[[str], str], tmp_path: Path) -> AsyncIterator[Browser]:
    async with voice.media_browser(real_part("whole-chromium"), tmp_path) as started:
        yield started


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory, real_part: Callable[[str], str]) -> Path:
    return voice.compile_ends(tmp_path_factory.mktemp("modules"), real_part("node"))


@pytest.fixture
async def new_phone(browser: Browser, modules: Path) -> AsyncIterator[NewPhone]:
    made: list[Phone] = []

    async def make(host: Page, name: str) -> Phone:
        phone = await voice.new_phone(browser, modules, host, name)
        made.append(phone)
        return phone

    yield make
    for phone in made:
        await phone.stop()


async def open_hall(people: Opener, *, phone: bool = False, dark: bool = False) -> Page:
    """A host's page that is listened to."""
    [host] = await floor.open_stage(people, phone=phone, dark=dark)
    await host.context.add_init_script(f"({voice.LISTEN})()")
    await host.reload()
    await expect(host.get_by_role("heading", name="Queue", exact=True)).to_be_visible()
    return host


async def go_live(host: Page, phone: Phone) -> str:
    """By the buttons of the host's page."""
    await phone.ask()
    await host.get_by_role("button", name=re.compile(r"^Call number \d+$")).first.click()
    await expect(voice.card(host, phone.name)).to_contain_text("Rings for")
    call = await phone.talk()
    await expect(voice.card(host, phone.name)).to_contain_text("Live")
    return call


@pytest.mark.feature("F6", "F7")
async def test_a_phone_is_called_up_and_heard(people: Opener, new_phone: NewPhone) -> None:
    host = await open_hall(people)
    ana = await new_phone(host, "Ana")
    await go_live(host, ana)
    full = await voice.hears_the_tone(host)
    card = voice.card(host, "Ana")
    await voice.moves(card.get_by_role("meter"))
    await expect(card.get_by_role("meter")).to_have_attribute("aria-valuetext", re.compile("clear|quiet|very loud"))

    # Half the volume is half the amplitude.
    slider = card.get_by_role("slider", name="Volume of Ana")
    await slider.fill("50")
    await expect(slider).to_have_attribute("aria-valuetext", "50 percent")
    await voice.settles_at(host, full / 2)
    await slider.fill("0")
    await voice.is_silent(host)
    await slider.fill("100")
    await voice.hears_the_tone(host)

    await card.get_by_role("button", name="Mute").click()
    await voice.is_silent(host)
    await expect(card).to_contain_text("Muted")
    await card.get_by_role("button", name="Unmute").click()
    await voice.hears_the_tone(host)

    await card.get_by_role("button", name="Hang up").click()
    await expect(voice.calls(host)).to_have_count(0)
    await voice.is_silent(host)
    await expect(host.get_by_role("region", name="Answered", exact=True)).to_contain_text("Asks to speak")
    await floor.see_line(host)
