"""The queue in real browsers: people ask on phones, and hosts answer."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from tests.e2e import floor_steps as floor
from tests.e2e import steps
from tests.e2e.conftest import Opener
from tests.e2e.test_looks import find_faults

pytestmark = [pytest.mark.real("chromium"), pytest.mark.timeout(180)]


async def set_pause(host: Page, label: str) -> None:
    await floor.choose(host, "Settings of the queue")
    await host.get_by_label("Pause between two").select_option(label)
    await host.keyboard.press("Escape")


@pytest.mark.feature("F1", "F2", "F5", "F3")
async def test_asking_and_one_s_own_place(people: Opener) -> None:
    host, ana, ben = await floor.open_stage(people, "Ana", "Ben")
    await expect(ana.get_by_text("Up to 20 words")).to_be_visible()
    send = ana.get_by_role("button", name="Put it in the queue")
    await expect(send).to_be_disabled()
    await floor.field(ana).fill("word " * 21)
    await expect(ana.get_by_text("1 word too many").first).to_be_visible()
    await expect(send).to_be_disabled()
    await floor.ask(ana, "Why is the sky blue?")
    await expect(floor.yours(ana)).to_contain_text("You are next")
    await expect(floor.field(ana)).to_have_count(0)
    await expect(ana.get_by_text("One at a time")).to_be_visible()

    await floor.ask(ben, "Where do we eat?")
    await expect(floor.yours(ben)).to_contain_text("You are 2nd in line")
    await expect(floor.yours(ben)).to_contain_text("One is before you.")
    await floor.see_line(host, "Why is the sky blue?", "Where do we eat?")
    assert await floor.numbers(host) == await floor.numbers(ben) == [1, 2]

    # The place survives a loss of the connection and a reload.
    await ben.context.set_offline(True)
    await host.get_by_role("button", name="Mark as answered: number 1").click()
    await floor.see_line(host, "Where do we eat?")
    await ben.context.set_offline(False)
    await expect(floor.yours(ben)).to_contain_text("You are next")
    await ben.reload()
    await expect(floor.yours(ben)).to_contain_text("You are next")
    await expect(ana.get_by_role("region", name="Answered", exact=True)).to_contain_text("Why is the sky blue?")

    # What was taken back can be written better.
    await floor.yours(ben).get_by_role("button", name="Take back").click()
    await expect(floor.field(ben)).to_have_value("Where do we eat?")
    await floor.see_line(host)
    await expect(host.get_by_text("Nobody has asked yet")).to_be_visible()


@pytest.mark.feature("F3")
async def test_the_pause_between_two_is_shown(people: Opener) -> None:
    host, ana = await floor.open_stage(people, "Ana")
    await set_pause(host, "30 seconds")
    await floor.ask(ana, "first")
    await floor.yours(ana).get_by_role("button", name="Take back").click()
    await expect(ana.get_by_role("button", name=re.compile(r"Again in \d+ s"))).to_be_disabled()
    await expect(ana.get_by_text(re.compile(r"You can ask again in \d+ seconds"))).to_be_visible()
    await set_pause(host, "None")
    await ana.get_by_role("button", name="Put it in the queue").click()
    await floor.see_line(host, "first")
    # Numbers are never used again. What was taken back may have stood there still.
    await expect(floor.line(host).locator(".number")).to_have_text(["Number 2"])


@pytest.mark.feature("F4")
async def test_one_after_the_other(people: Opener) -> None:
    host, ana, ben = await floor.open_stage(people, "Ana", "Ben")
    await floor.ask(ana, "first question")
    await floor.ask(ben, "second question")
    await host.get_by_role("button", name="Next question").click()
    await expect(floor.now(host)).to_contain_text("first question")
    await expect(floor.now(ana)).to_contain_text("You are on")
    await expect(floor.now(ben)).to_contain_text("first question")
    await expect(floor.yours(ben)).to_contain_text("You are next")
    await host.get_by_role("button", name="Next question").click()
    await expect(floor.now(host)).to_contain_text("second question")
    await expect(ben.get_by_role("region", name="Answered", exact=True)).to_contain_text("first question")
    await host.get_by_role("button", name="Back to the queue", exact=True).click()
    await floor.see_line(ana, "second question")
    await host.get_by_role("button", name="Answer number 2 now").click()
    await host.get_by_role("button", name="Answered", exact=True).click()
    await expect(floor.now(host)).to_have_count(0)

    # Undone, it stands in the queue again; what was answered is there for who comes late.
    await host.get_by_role("button", name="Undo").click()
    await floor.see_line(ben, "second question")
    late = await people(phone=True)
    await late.goto(host.url)
    await floor.come_in(late, "Cem")
    await expect(late.get_by_role("region", name="Answered", exact=True)).to_contain_text("first question")
    await host.get_by_role("button", name="Number 1 back to the queue").click()
    await floor.see_line(late, "first question", "second question")


@pytest.mark.feature("F4")
async def test_approval_votes_and_orders(people: Opener) -> None:
    host, ana, ben = await floor.open_stage(people, "Ana", "Ben")
    await floor.choose(host, "Settings of the queue")
    await host.get_by_role("switch", name="Approval").click()
    await expect(host.get_by_role("switch", name="Approval")).to_be_checked()
    await host.get_by_label("Order").select_option("Most upvoted")
    await host.keyboard.press("Escape")
    await floor.ask(ana, "one of Ana")
    await expect(floor.yours(ana)).to_contain_text("Waits for a host")
    await floor.ask(ben, "one of Ben")
    await expect(host.get_by_text("2 wait for your approval")).to_be_visible()
    await expect(ben.get_by_text("one of Ana")).to_have_count(0)
    await host.get_by_role("button", name="Approve number 1").click()
    await host.get_by_role("button", name="Approve number 2").click()
    await floor.see_line(ana, "one of Ana", "one of Ben")
    await ana.get_by_role("button", name="Vote for number 2, 0 so far").click()
    await expect(ana.get_by_role("button", name="Vote for number 2, 1 so far", pressed=True)).to_be_visible()
    await floor.see_line(ben, "one of Ben", "one of Ana")
    await expect(floor.line(host).first).to_contain_text("1 vote")
    await host.get_by_role("button", name="Keep on top: number 1").click()
    await floor.see_line(ben, "one of Ana", "one of Ben")
    await floor.choose(host, "Settings of the queue")
    await host.get_by_role("switch", name="Votes").click()
    await expect(ana.get_by_role("button", name=re.compile("Vote for"))).to_have_count(0)
    await host.get_by_role("switch", name="Written questions").click()
    await host.get_by_role("switch", name="Requests to speak").click()
    await host.keyboard.press("Escape")
    await floor.yours(ana).get_by_role("button", name="Take back").click()
    await expect(ana.get_by_text("The host takes no questions at the moment.")).to_be_visible()


@pytest.mark.feature("F2", "F4")
async def test_deleting_clearing_and_limits(people: Opener) -> None:
    host, ana, ben = await floor.open_stage(people, "Ana", "Ben")
    await floor.choose(host, "Settings of the queue")
    await host.get_by_label("Words at most").fill("5")
    await host.get_by_label("Words at least").fill("9")
    await host.get_by_label("Words at least").blur()
    await expect(host.get_by_text("At least cannot be more than at most.")).to_be_visible()
    await host.get_by_label("Words at least").fill("2")
    await host.get_by_label("Words at least").blur()
    await expect(ana.get_by_text("2 to 5 words")).to_be_visible()
    await host.keyboard.press("Escape")
    await floor.ask(ana, "two words")
    await floor.ask(ben, "some more words")
    await host.get_by_role("button", name="More for number 1").click()
    await host.get_by_role("menuitem", name="Delete…").click()
    await steps.answer(host, "Delete")
    await floor.see_line(ben, "some more words")
    await expect(floor.field(ana)).to_be_visible()
    await floor.choose(host, "Clear the queue…")
    async with host.expect_download() as saved:
        await host.get_by_role("link", name="Save as text").click()
    assert "some more words" in (await (await saved.value).path()).read_text()
    await steps.answer(host, "Clear the queue")
    await floor.see_line(host)
    await expect(floor.field(ben)).to_be_visible()


@pytest.mark.feature("F1", "F4", "F5", "O10")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_no_faults(people: Opener, dark: bool) -> None:
    host, ana, ben = await floor.open_stage(people, "Ana", "Ben", dark=dark)
    assert await find_faults(host) == []
    assert await find_faults(ana) == []
    await floor.ask(ana, "Why is the sky blue?")
    await floor.ask(ben, "Where do we eat?")
    await host.get_by_role("button", name="Keep on top: number 2").click()
    await expect(floor.yours(ben)).to_contain_text("You are next")
    await host.get_by_role("button", name="Answer number 1 now").click()
    for page in (host, ana, ben):
        await expect(floor.now(page)).to_be_visible()
        assert await find_faults(page) == []
    await floor.choose(host, "Settings of the queue")
    await expect(host.get_by_role("dialog")).to_be_visible()
    assert await find_faults(host) == []
