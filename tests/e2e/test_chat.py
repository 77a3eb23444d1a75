"""What people do with messages: each sees it on the others' screens, by mouse, finger and keyboard."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e import steps
from tests.e2e.conftest import Opener

pytestmark = [pytest.mark.real("chromium"), pytest.mark.timeout(120), pytest.mark.feature("C2")]
LONGEST = 4_000
TALL = "\n".join(f"line {number}" for number in range(17))


async def test_a_reply_leads_to_what_it_answers(people: Opener) -> None:
    ana, ben = await steps.gather(people, "Ana", "Ben")
    await steps.say(ana, "where it began")
    for number in range(3):
        await steps.say(ana, f"talk {number}\n{TALL}")
    await steps.see(ben, "talk 2")
    await steps.said(ben, "talk 2").scroll_into_view_if_needed()
    await steps.hold(ben, "talk 2", "Reply")
    await expect(ben.get_by_text("Reply to Ana")).to_be_visible()
    await steps.say(ben, "to the newest")
    await expect(ben.get_by_text("Reply to Ana")).to_have_count(0)

    # What comes while she stands at the end takes her there again.
    await steps.see(ana, "to the newest")
    await steps.messages(ana).evaluate("(list) => list.scrollTo(0, 0)")
    await steps.said(ana, "where it began").hover()
    await steps.said(ana, "where it began").get_by_role("button", name="Reply").click()
    await ana.keyboard.type("to the oldest")
    await ana.keyboard.press("Enter")
    for page in (ana, ben):
        quote = steps.said(page, "to the oldest").get_by_role("button", name="Answers Ana")
        await expect(steps.said(page, "where it began")).not_to_be_in_viewport()
        await quote.click()
        await expect(steps.said(page, "where it began")).to_be_in_viewport()
        await expect(steps.said(page, "where it began").locator(".flash")).to_be_visible()
        await page.locator(".pill.bottom").click()
        await expect(steps.said(page, "to the oldest")).to_be_in_viewport()


async def test_reactions_are_counted_and_taken_back(people: Opener) -> None:
    ana, ben = await steps.gather(people, "Ana", "Ben")
    await steps.say(ana, "tea is ready")
    await steps.see(ben, "tea is ready")
    await steps.said(ana, "tea is ready").hover()
    await steps.said(ana, "tea is ready").get_by_role("button", name="React").click()
    await ana.get_by_role("button", name="React with 👍").click()

    def reaction(page: Page, count: int) -> Locator:
        return steps.said(page, "tea is ready").get_by_role("button", name=f"👍, {count}")

    await expect(reaction(ana, 1)).to_have_attribute("aria-pressed", "true")
    await expect(reaction(ben, 1)).to_have_attribute("aria-pressed", "false")
    await reaction(ben, 1).tap()
    await expect(reaction(ben, 2)).to_have_attribute("aria-pressed", "true")
    await reaction(ana, 2).hover()
    await expect(ana.get_by_text("Ana, Ben").first).to_be_visible()
    await reaction(ana, 2).click()
    await expect(reaction(ana, 1)).to_have_attribute("aria-pressed", "false")
    await expect(reaction(ben, 1)).to_have_attribute("aria-pressed", "true")
    await reaction(ben, 1).tap()
    for page in (ana, ben):
        await expect(page.locator(".reaction")).to_have_count(0)


async def test_editing(people: Opener) -> None:
    ana, ben = await steps.gather(people, "Ana", "Ben")
    await steps.say(ana, "at eigth")
    await steps.see(ben, "at eigth")
    await steps.hold(ben, "at eigth", "Reply")
    await steps.say(ben, "I come")

    await steps.composer(ana).press("ArrowUp")
    await expect(steps.composer(ana)).to_have_value("at eigth")
    await steps.composer(ana).fill("at eight")
    await steps.composer(ana).press("Enter")
    await expect(steps.composer(ana)).to_have_value("")
    for page in (ana, ben):
        await expect(steps.said(page, "at eight")).to_contain_text("edited")
        await expect(steps.said(page, "I come").get_by_role("button", name="Answers")).to_contain_text("at eight")

    # What was begun waits until the edit is over.
    await steps.composer(ana).fill("a draft")
    await steps.act(ana, "at eight", "Edit")
    await expect(steps.composer(ana)).to_have_value("at eight")
    await steps.composer(ana).press("Escape")
    await expect(steps.composer(ana)).to_have_value("a draft")

    await steps.hold(ben, "I come", "Edit")
    await expect(steps.composer(ben)).to_have_value("I come")
    await steps.composer(ben).fill("I come late")
    await ben.get_by_role("button", name="Save").tap()
    await expect(steps.said(ana, "I come late")).to_contain_text("edited")


async def test_deleting(people: Opener) -> None:
    ana, ben = await steps.gather(people, "Ana", "Ben")
    await steps.say(ana, "the secret")
    await steps.see(ben, "the secret")
    await steps.hold(ben, "the secret", "Reply")
    await steps.say(ben, "is safe with me")

    await steps.act(ana, "the secret", "Delete")
    await steps.answer(ana, "Cancel")
    await expect(steps.said(ana, "the secret")).to_be_visible()
    await steps.act(ana, "the secret", "Delete")
    await steps.answer(ana, "Delete")
    for page in (ana, ben):
        # Once in its own place, once where it is quoted.
        await expect(steps.messages(page).get_by_text("Message deleted")).to_have_count(2)
        await expect(page.get_by_text("the secret")).to_have_count(0)

    await steps.act(ana, "is safe with me", "Delete")
    await expect(ana.get_by_role("alertdialog")).to_contain_text("by Ben")
    await steps.answer(ana, "Delete")
    await expect(steps.said(ben, "is safe with me")).to_have_count(0)


async def test_a_mention_by_keyboard(people: Opener) -> None:
    ana, berta, bela = await steps.gather(people, "Ana", "Berta", "Béla")
    await steps.open_tab(berta, "People")
    await steps.composer(ana).press_sequentially("hello @be")
    options = ana.get_by_role("listbox", name="People to mention").get_by_role("option")
    await expect(options).to_have_count(2)
    await ana.keyboard.press("ArrowDown")
    await expect(options.filter(has_text="Berta")).to_have_attribute("aria-selected", "true")
    await ana.keyboard.press("Enter")
    await expect(steps.composer(ana)).to_have_value("hello @Berta ")
    await ana.keyboard.type("there")
    await ana.keyboard.press("Enter")

    await expect(berta.get_by_text("Ana mentioned you.")).to_be_visible()
    await berta.get_by_role("button", name="Look").tap()
    await expect(steps.said(berta, "hello @Berta there").locator(".about-me")).to_be_visible()
    await expect(steps.said(bela, "hello @Berta there")).to_be_visible()
    await expect(bela.locator(".about-me")).to_have_count(0)
    await expect(bela.get_by_text("mentioned you")).to_have_count(0)


async def test_a_pin_stays_in_sight_of_all(people: Opener) -> None:
    ana, ben = await steps.gather(people, "Ana", "Ben")
    await steps.say(ana, "the rules of the house")
    await steps.act(ana, "the rules of the house", "Pin for everyone")
    await steps.say(ana, TALL + "\nthe end of it")
    await steps.say(ana, TALL)
    late = await people()
    await late.goto(ana.url)
    await steps.come_in(late, "Late")
    for page in (ana, ben, late):
        await expect(page.get_by_role("region", name="Pinned messages")).to_contain_text("the rules of the house")
    await expect(ben.get_by_role("button", name="Unpin")).to_have_count(0)
    await expect(steps.said(late, "the rules of the house")).not_to_be_in_viewport()
    await late.get_by_role("region", name="Pinned messages").get_by_role("button").click()
    await expect(steps.said(late, "the rules of the house")).to_be_in_viewport()
    await ana.get_by_role("button", name="Unpin").click()
    for page in (ana, ben, late):
        await expect(page.get_by_role("region", name="Pinned messages")).to_have_count(0)


async def test_who_is_typing(people: Opener) -> None:
    ana, ben = await steps.gather(people, "Ana", "Ben")
    # It is shown for some seconds only.
    await asyncio.gather(
        expect(ben.locator(".typing")).to_have_text("\u2068Ana\u2069 is typing"),
        steps.composer(ana).press_sequentially("Well"),
    )
    await expect(ana.locator(".typing")).to_have_text("")
    await ana.keyboard.press("Enter")
    await steps.see(ben, "Well")
    await expect(ben.locator(".typing")).to_have_text("")


async def test_what_is_new(people: Opener) -> None:
    ana, ben, cem = await steps.gather(people, "Ana", "Ben", "Cem")
    # As browsers do it when another tab is in front.
    turn = """(state) => {
      Object.defineProperty(document, 'visibilityState', { value: state, configurable: true })
      Object.defineProperty(document, 'hidden', { value: state === 'hidden', configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))
      window.dispatchEvent(new Event(state === 'hidden' ? 'blur' : 'focus'))
    }"""
    # Whoever writes has read what was before.
    await steps.say(cem, "is everyone here?")
    await steps.see(ben, "is everyone here?")
    await cem.evaluate(turn, "hidden")
    await steps.say(ben, "I am here")
    await steps.see(ana, "I am here")
    await steps.see(ben, "I am here")
    await steps.open_tab(ben, "People")
    await steps.say(ana, "news one")
    await steps.say(ana, "news two")
    tab = ben.get_by_role("navigation", name="Parts of the room").get_by_role("button", name="Chat")
    await expect(tab).to_have_accessible_name(re.compile(r"^Chat\s*, 2 new"))
    await steps.see(cem, "news two")
    await cem.evaluate(turn, "visible")
    await tab.tap()
    await expect(tab).to_have_accessible_name("Chat")
    for page, first in ((ben, "news one"), (cem, "I am here")):
        divided = steps.messages(page).locator(".row", has=page.locator(".unread"))
        await expect(divided).to_have_count(1)
        await expect(divided).to_contain_text(first)


async def test_links_code_and_emphasis(people: Opener) -> None:
    ana, ben = await steps.gather(people, "Ana", "Ben")
    text = "**loud** and `print(1)` at https://example.org/a?b=1\n\n```\nfor x in y:\n    <b>\n```\n\n- one\n- two"
    await steps.say(ana, text)
    for page in (ana, ben):
        body = steps.said(page, "loud").locator(".message-body")
        await expect(body.locator("strong")).to_have_text("loud")
        await expect(body.locator("p code")).to_have_text("print(1)")
        await expect(body.locator("pre")).to_contain_text("for x in y:\n    <b>")
        await expect(body.get_by_role("listitem")).to_have_text(["one", "two"])
        link = body.get_by_role("link")
        await expect(link).to_have_attribute("href", "https://example.org/a?b=1")
        await expect(link).to_have_attribute("target", "_blank")
        rel = str(await link.get_attribute("rel")).split()
        assert {"noopener", "noreferrer"} <= set(rel)


async def test_lines_and_length(people: Opener) -> None:
    ana, ben = await steps.gather(people, "Ana", "Ben")
    field, send = steps.composer(ana), ana.get_by_role("button", name="Send", exact=True)
    await field.press_sequentially("first line")
    await field.press("Shift+Enter")
    await field.press_sequentially("second line")
    await field.press("Enter")
    await expect(steps.said(ben, "first line").locator("br")).to_have_count(1)
    await expect(steps.messages(ben).get_by_role("article")).to_have_count(1)
    # Touch keyboards have Enter for a new line.
    await steps.composer(ben).press_sequentially("one")
    await steps.composer(ben).press("Enter")
    await expect(steps.composer(ben)).to_have_value("one\n")

    await field.fill("y" * (LONGEST - 10))
    await expect(ana.get_by_text("10 characters left")).to_be_visible()
    await field.fill("y" * (LONGEST + 1))
    await expect(ana.get_by_text("1 character too long")).to_be_visible()
    await expect(send).to_be_disabled()
    await field.press("Enter")
    await expect(field).to_have_value("y" * (LONGEST + 1))
    await expect(steps.messages(ana).get_by_role("article")).to_have_count(1)
    # Counted as the server counts: a picture of two code units is one.
    await field.fill("😀" * LONGEST)
    await expect(ana.get_by_text("0 characters left")).to_be_visible()
    await field.press("Enter")
    await expect(field).to_have_value("")
    await expect(steps.said(ben, "😀😀😀")).to_have_count(1)
    await expect(ana.get_by_text("Not sent")).to_have_count(0)
