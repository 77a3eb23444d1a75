"""Calls from a host's page: what is heard there, what is seen, and who else gets nothing of it."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.e2e import call_steps as voice
from tests.e2e import floor_steps as floor
from tests.e2e.call_steps import NewPhone
from tests.e2e.conftest import Opener
from tests.e2e.test_looks import find_faults

pytestmark = [pytest.mark.real("whole-chromium", "node"), pytest.mark.timeout(240), pytest.mark.xdist_group("media")]


@pytest.fixture
def browser_flags(tone: Path) -> list[str]:
    return voice.flags(tone)


async def open_hall(people: Opener, *, phone: bool = False, dark: bool = False) -> Page:
    """A host's page that is listened to."""
    [host] = await floor.open_stage(people, phone=phone, dark=dark)
    await voice.listen(host)
    await host.reload()
    await expect(host.get_by_role("heading", name="Queue", exact=True)).to_be_visible()
    return host


@pytest.mark.feature("F6", "F7")
async def test_a_phone_is_called_up_and_heard(people: Opener, new_phone: NewPhone) -> None:
    host = await open_hall(people)
    ana = await new_phone(host, "Ana")
    await voice.go_live(host, ana)
    full = await voice.hears_the_tone(host)
    card = voice.card(host, "Ana")
    await voice.moves(card.get_by_role("meter"))
    await expect(card.get_by_role("meter")).to_have_attribute("aria-valuetext", re.compile("clear|quiet|very loud"))

    # Less motion: a coarse step now and then.
    await host.emulate_media(reduced_motion="reduce")
    assert await voice.changes_within(card.get_by_role("meter"), 1.8) <= 4
    await host.emulate_media(reduced_motion="no-preference")
    # As often as the browser draws, which is short of time now and then.
    tries = 0
    while await voice.changes_within(card.get_by_role("meter"), 1.8) <= 8:
        tries += 1
        assert tries < 10, "the meter is as slow as with less motion"

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


@pytest.mark.feature("F6", "F7", "F8")
async def test_a_reload_of_the_host_keeps_the_call(people: Opener, new_phone: NewPhone) -> None:
    host = await open_hall(people)
    ana = await new_phone(host, "Ana")
    await voice.go_live(host, ana)
    full = await voice.hears_the_tone(host)
    await voice.card(host, "Ana").get_by_role("slider").fill("50")
    await host.reload()
    card = voice.card(host, "Ana")
    await expect(card).to_contain_text("Live")
    # Browsers may play nothing on a page that nobody has touched: then it takes one press.
    await voice.sound_on(host)
    await voice.settles_at(host, full / 2)
    await expect(host.get_by_role("button", name="Sound on")).to_have_count(0)
    await expect(card.get_by_role("slider")).to_have_value("50")
    # The network as well.
    await host.context.set_offline(True)
    await expect(host.get_by_text("Connection lost").or_(host.get_by_text("Reconnecting")).first).to_be_visible()
    await host.context.set_offline(False)
    await expect(card).to_contain_text("Live")
    await voice.settles_at(host, full / 2)


@pytest.mark.feature("F6", "F7")
async def test_another_host_sees_it_and_takes_it_when_the_page_is_gone(people: Opener, new_phone: NewPhone) -> None:
    host = await open_hall(people)
    second = await second_host(people, host)
    ana = await new_phone(host, "Ana")
    await voice.go_live(host, ana)
    await voice.hears_the_tone(host)
    card = voice.card(second, "Ana")
    await expect(card).to_contain_text("Plays on the page of Olga")
    await expect(card.get_by_role("slider")).to_have_count(0)
    await voice.moves(card.get_by_role("meter"), least=3)
    await voice.is_silent(second)
    await card.get_by_role("button", name="Mute").click()
    await voice.is_silent(host)
    await card.get_by_role("button", name="Unmute").click()
    await voice.hears_the_tone(host)

    # A second tab of the first host gets nothing by itself either.
    tab = await host.context.new_page()
    await tab.goto(host.url)
    await expect(voice.card(tab, "Ana")).to_contain_text("Plays on another page of yours")
    await tab.close()

    await host.goto("about:blank")
    await expect(card).to_contain_text("The page that plays it is gone.")
    await card.get_by_role("button", name="Take it here").click()
    await expect(card).to_contain_text("Live")
    await voice.hears_the_tone(second)
    await host.goto(second.url)
    await expect(voice.card(host, "Ana")).to_contain_text("Plays on the page of Carl")
    await voice.is_silent(host)

    # Both hang up at once: one does it, and neither is told of an error.
    # Held before: where the other one was quicker, there is nothing to be found any more.
    found = [voice.card(page, "Ana").get_by_role("button", name="Hang up") for page in (host, second)]
    buttons = [await button.element_handle() for button in found]
    await asyncio.gather(*(button.evaluate("(button) => button.click()") for button in buttons))
    for page in (host, second):
        await expect(voice.calls(page)).to_have_count(0)
        await expect(page.get_by_text("There is no such call")).to_have_count(0)


async def second_host(people: Opener, host: Page) -> Page:
    page = await people()
    await voice.listen(page)
    await become_host(page, host)
    return page


async def become_host(page: Page, host: Page) -> None:
    await page.goto(host.url)
    await floor.come_in(page, "Carl")
    await host.get_by_role("button", name="People", exact=True).click()
    await host.get_by_role("button", name="What to do with Carl").click()
    await host.get_by_role("menuitem", name=re.compile("co-host", re.IGNORECASE)).click()
    await expect(page.get_by_role("button", name="More for the queue")).to_be_visible()


@pytest.mark.feature("F6", "P4")
async def test_nobody_else_gets_a_byte_of_it(people: Opener, new_phone: NewPhone) -> None:
    """All that reaches a participant's browser, another host's, another tab and another room's bot is looked at."""
    host = await open_hall(people)
    frames: dict[str, list[str]] = {"third": [], "second": []}

    def note(page: Page, name: str) -> None:
        page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames[name].append(str(frame))))

    third = await people(phone=True)
    note(third, "third")
    await third.goto(host.url)
    await floor.come_in(third, "Ben")
    second = await people()
    note(second, "second")
    await become_host(second, host)
    ana = await new_phone(host, "Ana")
    bot = await new_phone(host, "Cem")
    # P4: everybody sees who asks to speak, and who speaks.
    await third.get_by_role("button", name="People", exact=True).click()
    row = third.get_by_role("listitem").filter(has_text="Ana")
    await voice.call_up(host, ana)
    await expect(row.get_by_role("img", name="asks to speak")).to_be_visible()
    await ana.talk()
    await voice.hears_the_tone(host)
    await expect(row.get_by_role("img", name="speaking")).to_be_visible()
    await voice.card(host, "Ana").get_by_role("button", name="Hang up").click()
    await expect(row.get_by_role("img", name="speaking")).to_have_count(0)
    # All has come to the others as well.
    await expect(voice.calls(second)).to_have_count(0)
    await bot.event("voice.ended")
    assert any("voice.line" in str(got) for got in ana.got)
    everything = {**frames, "bot": [str(got) for got in bot.got]}
    for name, got in everything.items():
        text = "\n".join(got)
        assert "voice.changed" in text, name
        assert [word for word in ("voice.line", "candidate:", "a=fingerprint", "ice-ufrag") if word in text] == [], name
    assert "voice.level" in "\n".join(frames["second"])
    for name in ("third", "bot"):
        assert "voice.level" not in "\n".join(everything[name]), name


@pytest.mark.feature("F6")
async def test_auto_mode_calls_the_next_and_marks_who_does_not_answer(people: Opener, new_phone: NewPhone) -> None:
    host = await open_hall(people)
    second = await second_host(people, host)
    ana, ben = await new_phone(host, "Ana"), await new_phone(host, "Ben")
    await ana.ask()
    await ben.ask()
    await host.get_by_role("switch", name="Auto mode").click()
    # First what lasts ten seconds.
    await expect(voice.card(host, "Ana")).to_contain_text("called by auto mode")
    await expect(host.get_by_text("The next in line is called to this page.")).to_be_visible()
    await expect(second.get_by_text("The page of Olga calls the next in line.")).to_be_visible()
    # Nobody answers for ten seconds: the next one rings.
    await expect(voice.card(host, "Ben")).to_contain_text("called by auto mode", timeout=30_000)
    await expect(host.get_by_text("Ana did not answer.")).to_be_visible()
    await ben.talk()
    await expect(floor.line(host)).to_contain_text(["Missed the call"])
    await voice.hears_the_tone(host)
    # It stays this page's over a reload; another host may have it instead.
    await host.reload()
    await expect(host.get_by_text("The next in line is called to this page.")).to_be_visible()
    await expect(host.get_by_role("switch", name="Auto mode")).to_be_checked()
    await second.get_by_role("button", name="Call to this page").click()
    await expect(second.get_by_text("The next in line is called to this page.")).to_be_visible()
    await expect(host.get_by_text("The page of Carl calls the next in line.")).to_be_visible()
    await second.goto("about:blank")
    await expect(host.get_by_text("The page of Carl is gone: nobody is called.")).to_be_visible()
    await host.get_by_role("switch", name="Auto mode").click()
    await expect(host.get_by_text("The next in line is called without a press.")).to_be_visible()


@pytest.mark.feature("F6")
async def test_limits_and_several_phones(people: Opener, new_phone: NewPhone) -> None:
    host = await open_hall(people)
    ana, ben = await new_phone(host, "Ana"), await new_phone(host, "Ben")
    await ben.ask()
    await ana.ask()
    await host.get_by_role("button", name="Call number 1").click()
    # The line is busy, and the button says so.
    await expect(host.get_by_role("button", name="Call number 2: the line is busy")).to_be_disabled()
    await floor.choose(host, "Settings of the queue")
    await host.get_by_label("Phones at the same time").select_option("Two")
    await host.get_by_label("Speaking time").select_option("1 minute")
    await expect(host.get_by_label("Speaking time")).to_have_value("60")
    await host.keyboard.press("Escape")
    # What the field shows is not yet what holds.
    await ben.until(lambda: "'speak_seconds': 60" in str(ben.events("voice.settings")), "the time to speak")
    await ben.talk()
    await expect(voice.card(host, "Ben")).to_contain_text(re.compile(r"0:5\d left"))
    # Twice is once.
    await host.get_by_role("button", name="Call number 2").dblclick()
    await ana.talk()
    await expect(voice.calls(host).get_by_role("listitem")).to_have_count(2)
    await voice.hears_the_tone(host)
    # Whoever is not here cannot be called.
    cem = await new_phone(host, "Cem")
    await cem.ask()
    await cem.stop()
    await expect(host.get_by_role("button", name="Call number 3: not here just now")).to_be_disabled()


@pytest.mark.feature("F7")
async def test_a_loudspeaker_is_chosen_and_its_loss_told(people: Opener, new_phone: NewPhone) -> None:
    host = await open_hall(people)
    await host.context.grant_permissions(["microphone"])
    ana = await new_phone(host, "Ana")
    await voice.go_live(host, ana)
    await voice.hears_the_tone(host)
    choose = host.get_by_role("button", name="Choose…")
    await expect(choose.or_(host.get_by_label("Loudspeaker"))).to_be_visible()
    if await choose.count():
        await choose.click()
        await host.get_by_role("button", name="Go on").click()
    chooser = host.get_by_label("Loudspeaker")
    await expect(chooser).to_be_visible()
    names = [name.strip() for name in await chooser.get_by_role("option").all_inner_texts()]
    assert len(names) > 1, names
    await chooser.select_option(names[-1])
    await voice.hears_the_tone(host)
    await host.reload()
    await expect(chooser.locator("option:checked")).to_have_text(names[-1])
    # Unplugged: the sound goes on, on the system's own.
    await host.evaluate(
        """() => {
          AudioContext.prototype.setSinkId = (id) =>
            id ? Promise.reject(new DOMException('gone', 'NotFoundError')) : Promise.resolve()
        }"""
    )
    await chooser.select_option("The system's own")
    await chooser.select_option(names[-1])
    await expect(host.get_by_text(f"{names[-1]} is not there.")).to_be_visible()
    await expect(host.get_by_text("It is used as soon as it is there")).to_be_visible()
    await voice.hears_the_tone(host)


@pytest.mark.feature("F6", "F7", "O10")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
async def test_panels_have_no_faults(people: Opener, new_phone: NewPhone, phone: bool, dark: bool) -> None:
    host = await open_hall(people, phone=phone, dark=dark)
    ana, ben = await new_phone(host, "Ana"), await new_phone(host, "Ben")
    await ben.ask()
    await ana.ask()
    assert await find_faults(host) == []
    await host.get_by_role("button", name="Call up the next").click()
    await expect(voice.card(host, "Ben")).to_contain_text("Rings for")
    assert await find_faults(host) == []
    await ben.talk()
    await expect(voice.card(host, "Ben")).to_contain_text("Live")
    await voice.card(host, "Ben").get_by_role("button", name="Mute").click()
    assert await find_faults(host) == []
    await floor.choose(host, "Settings of the queue")
    await expect(host.get_by_label("Phones at the same time")).to_be_visible()
    assert await find_faults(host) == []
    assert await host.evaluate("document.documentElement.scrollWidth <= innerWidth")
