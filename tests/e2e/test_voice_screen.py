"""Who speaks, on the big screen: level, time, who is next; and the screen's own computer as the loudspeaker."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e import call_steps as voice
from tests.e2e import floor_steps as floor
from tests.e2e.call_steps import NewPhone
from tests.e2e.conftest import Opener
from tests.e2e.test_looks import find_faults
from tests.e2e.test_screen import SIZES, SMALLEST

pytestmark = [pytest.mark.real("whole-chromium", "node"), pytest.mark.timeout(240), pytest.mark.xdist_group("media")]

# Looks at each frame that is drawn: the code stays, something is always in front, and nothing is cut off.
WATCH = """() => {
  const code = document.querySelector('.ways img')
  window.seen = { frames: 0, faults: [], parts: [] }
  const look = () => {
    const { seen } = window
    seen.frames += 1
    const fault = (what) => seen.faults.includes(what) || seen.faults.push(what)
    if (document.querySelector('.ways img') !== code || !code.complete) fault('the code')
    const parts = [...document.querySelectorAll('.now .one')]
    const light = parts.reduce((sum, part) => sum + Number(getComputedStyle(part).opacity), 0)
    if (light < 0.39) fault(`nothing in front: ${light}`)
    if (document.documentElement.scrollHeight > innerHeight) fault('too high')
    for (const part of parts) {
      const box = part.getBoundingClientRect()
      if (box.bottom > document.querySelector('.next').getBoundingClientRect().top + 8) fault('parts overlap')
      const name = part.getAttribute('aria-label')
      if (name && seen.parts.at(-1) !== name) seen.parts.push(name)
    }
    requestAnimationFrame(look)
  }
  look()
}"""


@pytest.fixture
def browser_flags(tone: Path) -> list[str]:
    return voice.flags(tone)


async def open_hall(people: Opener, *, dark: bool = False) -> tuple[Page, Page]:
    """A host's page and the big screen, both listened to."""
    [host] = await floor.open_stage(people, dark=dark)
    await voice.listen(host)
    await host.reload()
    await expect(host.get_by_role("heading", name="Queue", exact=True)).to_be_visible()
    return host, await floor.open_screen(host)


def call(screen: Page, name: str) -> Locator:
    return screen.get_by_role("region", name=re.compile(f": {name}$"))


@pytest.mark.feature("R10", "F7")
@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_it_shows_who_speaks_and_how_loud(
    people: Opener, new_phone: NewPhone, width: int, height: int, dark: bool
) -> None:
    host, screen = await open_hall(people, dark=dark)
    await screen.set_viewport_size({"width": width, "height": height})
    phones = [await new_phone(host, name) for name in ("Ana", "Ben", "Cem", "Dag", "Eva")]
    for phone in phones:
        await phone.ask()
    await host.bring_to_front()
    await host.get_by_role("button", name="Call up the next").click()
    await expect(call(screen, "Ana")).to_contain_text("Is being called")
    await expect(call(screen, "Ana")).to_contain_text(re.compile(r"\d+ s"))
    await expect(screen.get_by_role("region", name="Next").get_by_role("listitem")).to_contain_text(
        ["Ben", "Cem", "Dag"]
    )
    assert await find_faults(screen) == []
    await phones[0].talk()
    await expect(call(screen, "Ana")).to_contain_text("On the microphone")
    await expect(call(screen, "Ana")).to_contain_text(re.compile(r"\d:\d\d"))
    await voice.hears_the_tone(host)
    await screen.bring_to_front()
    await voice.moves(call(screen, "Ana").get_by_role("meter"))
    assert await find_faults(screen) == []
    assert await screen.evaluate(SMALLEST) > 0.022
    assert await screen.evaluate("document.documentElement.scrollHeight <= innerHeight")
    # There is nothing to press.
    for role in ("button", "link", "textbox", "switch", "slider"):
        await expect(screen.get_by_role(role)).to_have_count(0)
    # The host's page plays it; the screen does not play it once more.
    await voice.is_silent(screen)
    await phones[0].stop()
    await expect(call(screen, "Ana")).to_contain_text("the connection is lost")
    assert await find_faults(screen) == []


@pytest.mark.feature("R10", "F6")
async def test_keys_of_the_screen_call_to_the_screen(people: Opener, new_phone: NewPhone) -> None:
    host, screen = await open_hall(people)
    ana, ben = await new_phone(host, "Ana"), await new_phone(host, "Ben")
    await ana.ask()
    await ben.ask()
    await screen.bring_to_front()
    await expect(screen.get_by_role("region", name="Next").get_by_role("listitem")).to_contain_text(["Ana", "Ben"])
    await screen.keyboard.press("ArrowRight")
    await expect(call(screen, "Ana")).to_contain_text("Is being called")
    # A second press does not take the ringing away; back does.
    await screen.keyboard.press("ArrowRight")
    await expect(call(screen, "Ana")).to_contain_text("Is being called")
    await screen.keyboard.press("ArrowLeft")
    await expect(call(screen, "Ana")).to_have_count(0)
    # Ana has to know of it too, or she answers what is over.
    await ana.event("voice.ended")
    await expect(screen.get_by_role("region", name="Next").get_by_role("listitem")).to_contain_text(["Ana", "Ben"])
    await screen.keyboard.press("ArrowRight")
    await ana.talk()
    await voice.hears_the_tone(screen)
    await voice.is_silent(host)
    await expect(voice.card(host, "Ana")).to_contain_text("Plays on another page of yours")
    # On: who speaks makes way for who is next.
    await screen.keyboard.press("PageDown")
    await expect(call(screen, "Ben")).to_contain_text("Is being called")
    await expect(call(screen, "Ana")).to_have_count(0)
    await ben.talk()
    await voice.hears_the_tone(screen)
    await screen.keyboard.press("Delete")
    await expect(call(screen, "Ben")).to_have_count(0)
    await voice.is_silent(screen)
    await expect(screen.get_by_text("What would you like to know?")).to_be_visible()


@pytest.mark.feature("R10", "F6")
async def test_calls_come_and_go_without_a_flicker(people: Opener, new_phone: NewPhone) -> None:
    host, screen = await open_hall(people)
    ana, ben = await new_phone(host, "Ana"), await new_phone(host, "Ben")
    await ana.ask()
    await screen.bring_to_front()
    await expect(screen.get_by_role("region", name="Next")).to_contain_text("Ana")
    await expect(screen.get_by_role("img", name="QR code")).to_have_js_property("complete", True)
    await screen.evaluate(WATCH)
    await screen.keyboard.press("ArrowRight")
    # Who answers at once is on the microphone before a frame was drawn.
    await screen.wait_for_function("() => window.seen.parts.includes('Is being called: Ana')")
    await ana.talk()
    await expect(call(screen, "Ana")).to_contain_text("On the microphone")
    await voice.hears_the_tone(screen)
    await ben.do("floor.ask", kind="text", body="And what do you think of that?")
    await expect(screen.get_by_role("region", name="Next")).to_contain_text("And what")
    await screen.keyboard.press("ArrowRight")
    await expect(floor.now(screen)).to_contain_text("And what do you think of that?")
    await screen.keyboard.press("ArrowRight")
    await expect(floor.now(screen)).to_have_count(0)
    seen = await screen.evaluate("window.seen")
    assert seen["frames"] > 20
    assert seen["faults"] == []
    assert seen["parts"][:2] == ["Is being called: Ana", "On the microphone: Ana"]


@pytest.mark.feature("R10", "R5")
async def test_who_is_no_host_sees_that_somebody_speaks(people: Opener, new_phone: NewPhone) -> None:
    host, _screen = await open_hall(people)
    third = await people()
    await third.goto(host.url)
    await floor.come_in(third, "Cem")
    await third.goto(f"{host.url}/screen")
    ana = await new_phone(host, "Ana")
    await host.bring_to_front()
    await voice.go_live(host, ana)
    await expect(call(third, "Ana")).to_contain_text("Speaking")
    await expect(third.get_by_role("meter")).to_have_count(0)
    await third.keyboard.press("Delete")
    await third.keyboard.press("ArrowRight")
    await voice.hears_the_tone(host)
    await voice.card(host, "Ana").get_by_role("button", name="Mute").click()
    await expect(call(third, "Ana")).to_contain_text("Muted by a host")
    await expect(call(third, "Ana")).to_contain_text("Listening")
