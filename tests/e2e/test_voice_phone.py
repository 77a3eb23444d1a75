"""The phone in the page: it rings, it speaks, it comes back. The host's end measures what it hears."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Page, expect

from tests.e2e import floor_steps as floor
from tests.e2e import phone_steps as voice
from tests.e2e import steps
from tests.e2e.conftest import Opener
from tests.e2e.test_looks import find_faults
from tests.support.process import ServerProcess

pytestmark = [pytest.mark.real("whole-chromium", "node"), pytest.mark.timeout(240), pytest.mark.xdist_group("media")]


@pytest.fixture
def browser_flags(tone: Path) -> list[str]:
    return voice.flags(tone)


async def open_hall(people: Opener, modules: Path, *names: str, dark: bool = False) -> tuple[voice.HostEnd, list[Page]]:
    """A host's end, and people with phones, which may use their microphones."""
    host, *phones = await floor.open_stage(people, *names, dark=dark)
    for phone in phones:
        await phone.context.grant_permissions(["microphone"])
    return await voice.HostEnd.of(host, modules), phones


@pytest.mark.feature("F6", "F7", "F8", "M1")
async def test_ringing_talking_and_hanging_up(people: Opener, modules: Path) -> None:
    host, [ana] = await open_hall(people, modules, "Ana")
    await voice.ask_to_speak(ana, "the stairs")
    await expect(floor.yours(ana)).to_contain_text("the stairs")
    await expect(ana.get_by_text("The microphone hears you.", exact=True)).to_be_attached()
    await steps.open_tab(ana, "Chat")
    await host.call("Ana")
    await expect(voice.ring(ana)).to_contain_text("Olga calls you up")
    await expect(ana).to_have_title("You are on")
    await voice.talk(ana)
    await host.hears()
    await expect(ana).not_to_have_title("You are on")
    await voice.live(ana).get_by_role("button", name="Mute").click()
    await expect(voice.live(ana).get_by_role("heading", name="You are muted")).to_be_visible()
    await host.hears_nothing()
    await voice.live(ana).get_by_role("button", name="Go on").click()
    await host.hears()
    await voice.live(ana).get_by_role("button", name="Hang up").dblclick()
    await expect(voice.live(ana)).to_have_count(0)
    # The second tap was not for what is beneath.
    await expect(steps.composer(ana)).to_be_visible()
    await host.hears_nothing()
    await host.sees("bench.ended.join() === 'answered'")


@pytest.mark.feature("F6", "F8")
async def test_a_reload_comes_back_into_the_call_and_a_copy_of_the_tab_does_not(people: Opener, modules: Path) -> None:
    host, [ana] = await open_hall(people, modules, "Ana")
    await voice.ask_to_speak(ana)
    await host.call("Ana")
    await voice.talk(ana)
    await host.hears()
    await ana.reload()
    await voice.is_live(ana)
    await host.hears()
    await host.sees("bench.epochs.length === 2")

    # A tab that is opened from it gets a copy of what it has stored.
    async with ana.context.expect_page() as opened:
        await ana.evaluate("void window.open(location.href)")
    copy = await opened.value
    await expect(voice.elsewhere(copy)).to_contain_text("on another device")
    await voice.is_live(ana)
    assert await host.page.evaluate("bench.epochs.length") == 2, "the copy has not taken it"
    await host.hears()

    # From there it can be ended.
    await voice.elsewhere(copy).get_by_role("button", name="Hang up").click()
    await expect(voice.live(ana)).to_have_count(0)
    await expect(voice.elsewhere(copy)).to_have_count(0)
    await host.hears_nothing()


@pytest.mark.feature("F8")
async def test_a_lost_network_and_another_one(people: Opener, modules: Path) -> None:
    host, [ana] = await open_hall(people, modules, "Ana")
    await voice.ask_to_speak(ana)
    await host.call("Ana")
    await voice.talk(ana)
    await ana.context.set_offline(True)
    await expect(voice.live(ana)).to_contain_text("Your connection was lost")
    await expect(voice.live(ana)).to_contain_text(re.compile(r"kept for \d+ seconds"))
    await ana.context.set_offline(False)
    await voice.is_live(ana)
    await host.hears()
    await host.sees("bench.epochs.length === 2")

    # The way is looked for anew, within the same connection.
    before = await host.page.evaluate("bench.words")
    await ana.evaluate("window.dispatchEvent(new Event('online'))")
    await host.sees("bench.words > given.before", before=before)
    await host.hears()
    assert await host.page.evaluate("bench.epochs.length") == 2


@pytest.mark.feature("F6", "F8")
async def test_the_host_s_screen_is_lost_and_the_server_too(
    people: Opener, modules: Path, own_server: ServerProcess
) -> None:
    host, [ana] = await open_hall(people, modules, "Ana")
    await voice.ask_to_speak(ana)
    await host.call("Ana")
    await voice.talk(ana)
    await host.hears()
    await host.page.evaluate("bench.socket.disconnect()")
    await expect(voice.live(ana)).to_contain_text("The host’s screen was lost")
    await host.page.evaluate("bench.socket.connect()")
    await voice.is_live(ana)
    await host.hears()
    own_server.kill()
    await expect(voice.live(ana)).to_contain_text("Your connection was lost")
    own_server.start()
    await voice.is_live(ana)
    await host.hears()
    await voice.live(ana).get_by_role("button", name="Hang up").click()
    await host.hears_nothing()


@pytest.mark.feature("F6", "F8")
async def test_two_devices_ring_one_speaks_and_the_other_takes_over(people: Opener, modules: Path) -> None:
    host, [ana] = await open_hall(people, modules, "Ana")
    other = await people(phone=True, same_as=ana)
    await other.context.grant_permissions(["microphone"])
    await other.goto(ana.url)
    await voice.ask_to_speak(ana)
    await expect(floor.yours(other)).to_be_visible()
    await host.call("Ana")
    await expect(voice.ring(ana)).to_be_visible()
    await voice.talk(other)
    await expect(voice.ring(ana)).to_have_count(0)
    await expect(voice.elsewhere(ana)).to_contain_text("on another device")
    await host.hears()
    await other.context.close()
    await voice.elsewhere(ana).get_by_role("button", name="Take it here").click()
    await voice.is_live(ana)
    await host.hears()


@pytest.mark.feature("F6")
async def test_not_answering_declining_and_one_s_turn(people: Opener, modules: Path) -> None:
    host, [ana] = await open_hall(people, modules, "Ana")
    await voice.ask_to_speak(ana)
    call = await host.call("Ana")
    await expect(voice.ring(ana)).to_be_visible()
    await host.ask("voice.hang_up", call=call)
    await expect(voice.ring(ana)).to_have_count(0)
    await expect(ana.get_by_text("The host has called it off.")).to_be_visible()
    await expect(floor.yours(ana)).to_contain_text("You are next")

    await host.page.evaluate("bench.auto(true)")
    await expect(voice.ring(ana)).to_contain_text("It is your turn")
    # Ten seconds pass.
    await expect(floor.yours(ana)).to_contain_text("You were called, and nobody answered", timeout=30_000)
    assert await find_faults(ana) == []
    await expect(voice.ring(ana)).to_have_count(0)
    await floor.yours(ana).get_by_role("button", name="I am here").click()
    await expect(voice.ring(ana)).to_contain_text("It is your turn")
    await voice.ring(ana).get_by_role("button", name="Not now").click()
    await expect(ana.get_by_text("Your request to speak is taken back.")).to_be_visible()
    await expect(floor.yours(ana)).to_have_count(0)
    await host.sees("bench.ended.join() === 'called_off,missed,declined'")


@pytest.mark.feature("F6")
async def test_hanging_up_at_both_ends_and_the_end_of_the_time(people: Opener, modules: Path) -> None:
    host, [ana] = await open_hall(people, modules, "Ana")
    await voice.ask_to_speak(ana)
    call = await host.call("Ana")
    await voice.talk(ana)
    hang_up = voice.live(ana).get_by_role("button", name="Hang up")
    await expect(hang_up).to_be_visible()
    press = "[...document.querySelectorAll('button')].find((each) => each.textContent.includes('Hang up'))?.click()"
    await asyncio.gather(host.ask("voice.hang_up", call=call), ana.evaluate(press))
    await expect(voice.live(ana)).to_have_count(0)
    await host.hears_nothing()
    await expect(ana.locator(".toast.bad")).to_have_count(0)

    # So long that it is seen to begin.
    await host.ask("voice.settings", speak_seconds=10)
    await host.ask("floor.settings", cooldown_seconds=0)
    await voice.ask_to_speak(ana)
    await host.call("Ana")
    await voice.talk(ana)
    await expect(ana.get_by_text("Your time to speak is over.")).to_be_visible(timeout=30_000)
    await expect(voice.live(ana)).to_have_count(0)
    await host.hears_nothing()


@pytest.mark.feature("M1", "F6")
async def test_a_microphone_that_is_not_allowed_is_told(people: Opener, modules: Path) -> None:
    host, ana = await floor.open_stage(people, "Ana")
    await voice.ask_to_speak(ana)
    await expect(ana.get_by_text("The microphone is not allowed")).to_be_visible()
    await floor.see_line(host)
    assert await find_faults(ana) == []
    await ana.context.grant_permissions(["microphone"])
    await ana.get_by_role("button", name="Try again").click()
    await expect(floor.yours(ana)).to_contain_text("You are next")

    # Taken back meanwhile: it is told where it rings, and nobody is live without being heard.
    end = await voice.HostEnd.of(host, modules)
    await ana.context.clear_permissions()
    await ana.reload()
    await expect(floor.yours(ana)).to_contain_text("You are next")
    await end.call("Ana")
    await voice.ring(ana).get_by_role("button", name="Talk").click()
    await expect(voice.ring(ana)).to_contain_text("The microphone is not allowed")
    await ana.context.grant_permissions(["microphone"])
    await voice.ring(ana).get_by_role("button", name="Try again").click()
    await voice.is_live(ana)
    await end.hears()


@pytest.mark.feature("O2", "M1")
async def test_without_https_it_is_said_why_and_writing_works(people: Opener, server: ServerProcess) -> None:
    [host] = await floor.open_stage(people)
    port = httpx.URL(server.url).port
    ana = await people(phone=True, foreign=f"http://{voice.PLAIN}:{port}")
    await ana.goto(f"http://{voice.PLAIN}:{port}/r/{host.url.rpartition('/')[2]}")
    await floor.come_in(ana, "Ana")
    assert await ana.evaluate("isSecureContext") is False
    await ana.get_by_text("Speak", exact=True).click()
    await expect(ana.get_by_text("The microphone needs HTTPS")).to_be_visible()
    await expect(ana.get_by_text("Only the host can change that")).to_be_visible()
    await expect(ana.get_by_role("button", name="Ask to speak")).to_have_count(0)
    assert await find_faults(ana) == []
    await ana.get_by_text("Write", exact=True).click()
    await floor.ask(ana, "in writing then")
    await floor.see_line(host, "in writing then")


@pytest.mark.feature("F6", "F7", "M1", "O10")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_no_state_has_faults(people: Opener, modules: Path, dark: bool) -> None:
    host, [ana] = await open_hall(people, modules, "Ana", dark=dark)
    # Far more than all of these looks take.
    await host.ask("voice.settings", speak_seconds=595)
    await ana.get_by_text("Speak", exact=True).click()
    await expect(ana.get_by_label("What about")).to_be_visible()
    await faultless(ana)
    await voice.ask_to_speak(ana, "the stairs")
    await expect(ana.get_by_text("The microphone hears you.", exact=True)).to_be_attached()
    await faultless(ana)
    call = await host.call("Ana")
    await expect(voice.ring(ana)).to_be_visible()
    await faultless(ana)
    await voice.talk(ana)
    await host.hears()
    await expect(voice.live(ana).get_by_role("timer")).to_contain_text(re.compile(r"9:\d\d\s*left to speak"))
    await faultless(ana)
    await host.ask("voice.mute", call=call, on=True)
    await expect(voice.live(ana)).to_contain_text("A host has muted you")
    await faultless(ana)
    await host.ask("voice.mute", call=call, on=False)
    other = await people(phone=True, dark=dark, same_as=ana)
    await other.goto(ana.url)
    await expect(voice.elsewhere(other)).to_contain_text("on another device")
    await faultless(other)
    await losses_have_no_faults(host, ana, other)


async def losses_have_no_faults(host: voice.HostEnd, ana: Page, other: Page) -> None:
    await ana.context.set_offline(True)
    await expect(voice.live(ana)).to_contain_text("Your connection was lost")
    await faultless(ana)
    await ana.context.set_offline(False)
    await voice.is_live(ana)
    await host.page.evaluate("bench.socket.disconnect()")
    await expect(voice.live(ana)).to_contain_text("The host’s screen was lost")
    await host.page.evaluate("bench.socket.connect()")

    # Back without a microphone: nobody is live without being heard.
    await ana.context.clear_permissions()
    await ana.reload()
    await expect(voice.live(ana)).to_contain_text("The microphone is off")
    await expect(voice.live(ana)).to_contain_text("The microphone is not allowed")
    await faultless(ana)
    await ana.context.grant_permissions(["microphone"])
    await voice.live(ana).get_by_role("button", name="Turn the microphone on").click()
    await voice.is_live(ana)
    await host.hears()
    await ana.context.close()
    await expect(voice.elsewhere(other)).to_contain_text("lost on another device")
    await faultless(other)


async def faultless(page: Page) -> None:
    assert await find_faults(page) == []
    wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    assert await page.evaluate(wide)
