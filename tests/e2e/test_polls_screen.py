"""Polls on the big screen: bars that move, totals that come and go, and nothing cut off."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from playwright.async_api import Page, expect
from playwright.async_api import TimeoutError as PlaywrightTimeout

from tests.e2e import poll_steps as polls
from tests.e2e import steps
from tests.e2e.conftest import Opener
from tests.e2e.stock import PythonBot, session
from tests.e2e.test_screen import SIZES, SMALLEST
from tests.support.process import ServerProcess

pytestmark = [pytest.mark.real("chromium"), pytest.mark.timeout(180)]

LONG = ("How should the committee decide about what nobody has asked for, and who will carry it out? " * 4)[:300]
OPTION = "a rather long answer, such as people write when nobody stops them, that goes on and on until it is full"

# What is drawn beyond the part of the screen that belongs to the poll. What only screen readers have is no part of it.
OUTSIDE = """() => {
  const poll = document.querySelector('.poll')
  const own = poll.getBoundingClientRect()
  const found = []
  for (const one of poll.querySelectorAll('*')) {
    if (one.closest('.sr-only')) continue
    const at = one.getBoundingClientRect()
    if (at.right > own.right + 1 || at.bottom > Math.min(own.bottom, innerHeight) + 1)
      found.push(`${one.tagName}.${one.className}: ${one.textContent.trim().slice(0, 40)}`)
  }
  return found
}"""


@pytest.mark.feature("V2", "V3", "V4", "V5", "R10")
async def test_three_polls_two_phones_one_late_and_the_bars_move(people: Opener) -> None:
    host, screen, (ana, ben) = await polls.gather(people, "Ana", "Ben")
    await screen.evaluate("window.same = true")
    colour = await host.release("single", "Red", "Green", "Blue", title="Which colour?")
    await bars_move(screen, ana, ben)
    await totals_come_and_go(host, colour, screen, ana)
    assert await screen.evaluate("window.same") is True

    # A reload in the middle, on every page.
    for page in (screen, ana):
        await page.reload()
    await steps.open_tab(ana, "Polls")
    await expect(polls.card(ana, "Which colour?")).to_contain_text("You have voted · Red")
    for page in (screen, ana):
        await polls.bars(page, 0.5, 0.5, 0)
    await screen.evaluate("window.same = true")
    await host.must("polls.close", poll=colour)
    await expect(screen.get_by_text("Result", exact=True)).to_be_visible()

    rating = await host.release("rating", title="How was it?", steps=5, high_label="Splendid")
    for page, step in ((ana, "4"), (ben, "5")):
        await polls.choose(page, "How was it?", step)
        await polls.vote(page, "How was it?")
    await expect(screen.get_by_text("4.5", exact=True).first).to_be_visible()
    assert [row[1] for row in await polls.table(screen)] == ["0", "0", "0", "1", "1"]
    await host.must("polls.close", poll=rating)

    await one_is_late(host, screen, ana, ben)
    assert await screen.evaluate("window.same") is True
    # There is nothing to press.
    await expect(screen.locator("button, a, input, textarea")).to_have_count(0)
    await host.leave()


async def bars_move(screen: Page, ana: Page, ben: Page) -> None:
    await expect(screen.get_by_role("heading", name="Which colour?")).to_be_visible()
    await expect(screen.get_by_text("No votes yet")).to_be_visible()
    await polls.bars(screen, 0, 0, 0)
    await polls.choose(ana, "Which colour?", "Red")
    await polls.vote(ana, "Which colour?")
    await polls.bars(screen, 1, 0, 0)
    await polls.choose(ben, "Which colour?", "Green")
    await polls.vote(ben, "Which colour?")
    for page in (screen, ana, ben):
        await polls.bars(page, 0.5, 0.5, 0)
        assert await polls.table(page) == [["Red", "1", "50 %"], ["Green", "1", "50 %"], ["Blue", "0", "0 %"]]
    await expect(screen.get_by_text("2 votes", exact=True)).to_be_visible()


async def totals_come_and_go(host: polls.Asker, poll: str, *pages: Page) -> None:
    """Hidden, they are nowhere any more; shown again, they are back."""
    await host.must("polls.show", poll=poll, on=False)
    for page in pages:
        await expect(page.get_by_role("table")).to_have_count(0)
        await expect(page.locator("canvas")).to_have_count(0)
    await expect(pages[0].get_by_role("listitem")).to_have_text(["Red", "Green", "Blue"])
    await host.must("polls.show", poll=poll, on=True)
    await polls.bars(pages[0], 0.5, 0.5, 0)


async def one_is_late(host: polls.Asker, screen: Page, ana: Page, ben: Page) -> None:
    """And nobody is told the totals before a host wants it."""
    title = "What is it like?"
    words = await host.release("words", title=title, visibility="hosts")
    for page, word in ((ana, "calm"), (ben, "loud")):
        await polls.card(page, title).get_by_label("Word 1").fill(word)
    await polls.vote(ana, title)
    await expect(screen.get_by_text("1 vote", exact=True)).to_be_visible()
    await ben.context.set_offline(True)
    late = polls.card(ben, title)
    await late.get_by_role("button", name="Vote", exact=True).click()
    await expect(late.get_by_text("as soon as there is one")).to_be_visible()
    await host.must("polls.close", poll=words)
    await expect(screen.get_by_text("The results come in a moment.")).to_be_visible()
    await ben.context.set_offline(False)
    for _ in range(2):
        await expect(late).to_contain_text("Your vote came too late and is not counted.")
        await expect(late).to_contain_text("The poll is over")
        await ben.reload()
        await steps.open_tab(ben, "Polls")
    results = (await host.results(words))["tally"]
    assert (results["votes"], [each["text"] for each in results["counts"]]) == (1, ["calm"])
    await host.must("polls.show", poll=words, on=True)
    for page in (screen, ben):
        await expect(page.locator(".cloud")).to_contain_text("calm")


@pytest.mark.feature("V5", "R10")
async def test_nothing_is_cut_off_and_all_can_be_read(people: Opener, server: ServerProcess) -> None:
    host, screen, _ = await polls.gather(people)
    link = screen.url.split("/r/")[1].removesuffix("/screen")
    bots = [
        await PythonBot.join(server.url, f"{number}. person with quite a long name", link, await session(server.url))
        for number in range(5)
    ]
    options = [f"{number}: {OPTION}" for number in range(50)]
    cases: list[tuple[str, list[str], dict[str, Any]]] = [
        ("single", options, {"title": LONG}),
        ("single", [f"Candidate {number}" for number in range(50)], {}),
        ("single", options[:8], {"title": LONG, "visibility": "closed"}),
        ("ranking", options[:20], {"title": LONG[:120]}),
        (
            "rating",
            [],
            {"steps": 10, "low_label": "Would not recommend it at all", "high_label": "Would, to all whom I meet"},
        ),
        ("words", [], {"most": 10}),
        ("quiz", ["Rome", "Oslo", "Bern"], {"right": "Oslo", "title": LONG}),
    ]
    for number, (kind, texts, more) in enumerate(cases):
        poll = await host.release(kind, *texts, **{"title": f"Question {number}", **more})
        await expect(screen.get_by_role("heading", level=2)).to_have_text(more.get("title", f"Question {number}"))
        await fits(screen)
        for at, bot in enumerate(bots):
            asked = (await polls.question(bot, poll))["options"]
            if kind == "rating":
                choice: dict[str, Any] = {"value": 7}
            elif kind == "words":
                choice = {"words": [f"word number {at}{each}" for each in range(10)]}
            else:
                ids = [option["id"] for option in asked]
                choice = {"options": ids if kind == "ranking" else ids[1:2]}
            await bot.certain("polls.vote", id=f"vote-{number}", poll=poll, choice=choice)
        await expect(screen.get_by_text("5 votes", exact=True)).to_be_visible()
        await fits(screen)
        await host.must("polls.close", poll=poll)
        if kind == "quiz":
            await host.must("polls.reveal", poll=poll)
            await expect(screen.get_by_role("region", name="Leaderboard").get_by_role("listitem")).to_have_count(5)
        await expect(screen.get_by_text("Result", exact=True)).to_be_visible()
        await fits(screen)
    for bot in bots:
        await bot.stop()
    await host.leave()


async def fits(screen: Page) -> None:
    for width, height in SIZES:
        await screen.set_viewport_size({"width": width, "height": height})
        # The page sees its new size with its next frame, and the type follows with the one after it.
        await screen.wait_for_function(f"() => innerWidth === {width} && innerHeight === {height}")
        await screen.evaluate("() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))")
        with suppress(PlaywrightTimeout):
            await screen.wait_for_function(f"() => ({OUTSIDE})().length === 0 && ({SMALLEST})() > 0.0219")
        assert await screen.evaluate(OUTSIDE) == []
        assert await screen.evaluate(SMALLEST) > 0.0219
