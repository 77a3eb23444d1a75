"""A call from page to page: the host's own button, the phone's own screen, and what the host's page plays."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e import call_steps as calls
from tests.e2e import floor_steps as floor
from tests.e2e import phone_steps as phone
from tests.e2e.conftest import Opener

pytestmark = [pytest.mark.real("whole-chromium", "node"), pytest.mark.timeout(240)]


@pytest.fixture
def browser_flags(tmp_path: Path) -> list[str]:
    return calls.flags(tmp_path)


@pytest.mark.feature("F6", "F7", "F8")
async def test_from_asking_to_hanging_up(people: Opener) -> None:
    [host] = await floor.open_stage(people)
    await calls.listen(host)
    await host.reload()
    ana = await people(phone=True)
    await ana.context.grant_permissions(["microphone"])
    await ana.goto(host.url)
    await floor.come_in(ana, "Ana")
    await phone.ask_to_speak(ana, "the stairs")
    await host.get_by_role("button", name="Call number 1").click()
    await phone.talk(ana)
    await calls.hears_the_tone(host)

    # Each of the two pages is loaded anew, one after the other.
    await ana.reload()
    await phone.is_live(ana)
    await calls.hears_the_tone(host)
    await host.reload()
    await phone.is_live(ana)
    await host.get_by_role("heading", name="Queue", exact=True).click()
    await calls.hears_the_tone(host)

    await calls.card(host, "Ana").get_by_role("button", name="Mute", exact=True).click()
    await expect(phone.live(ana)).to_contain_text("A host has muted you")
    await calls.is_silent(host)
    await calls.card(host, "Ana").get_by_role("button", name="Unmute").click()
    await phone.is_live(ana)
    await calls.hears_the_tone(host)
    await phone.live(ana).get_by_role("button", name="Hang up").click()
    await expect(calls.calls(host)).to_have_count(0)
    await calls.is_silent(host)
    await expect(host.get_by_role("region", name="Answered", exact=True)).to_contain_text("the stairs")
