"""A host writes polls: by keyboard alone, by mouse and finger, with the network gone, and two at one question."""

from __future__ import annotations

import json
import re

import pytest
from playwright.async_api import Page, expect

from tests.e2e import floor_steps as floor
from tests.e2e import hands, steps
from tests.e2e import poll_host_steps as polls
from tests.e2e.conftest import Opener
from tests.e2e.test_looks import find_faults

pytestmark = [pytest.mark.real("chromium"), pytest.mark.timeout(240)]


async def press(page: Page, *keys: str) -> None:
    for key in keys:
        await page.keyboard.press(key)


async def write_options(host: Page) -> None:
    """Enter adds an option, an empty one adds none, Backspace takes it away, Alt and arrows move one."""
    for text in ("Tea or coffee?", "Tea", "Coffee", "Juice"):
        await host.keyboard.type(text)
        await press(host, "Enter")
    await polls.see_options(host, "Tea", "Coffee", "Juice", "")
    await press(host, "Enter", "Backspace")
    await polls.see_options(host, "Tea", "Coffee", "Juice")
    await expect(polls.options(host).nth(2)).to_be_focused()
    await press(host, "Alt+ArrowUp", "Alt+ArrowUp")
    await expect(host.locator("[aria-live=assertive]", has_text="Juice: place 1 of 3.")).to_be_attached()
    await expect(polls.options(host).nth(0)).to_be_focused()
    await polls.see_options(host, "Juice", "Tea", "Coffee")
    await press(host, "Control+z")
    await polls.see_options(host, "Tea", "Juice", "Coffee")
    await press(host, "Control+z", "Control+z")
    await polls.see_options(host, "Tea", "Coffee", "Juice", "")
    await press(host, "Control+Shift+z")
    await polls.see_options(host, "Tea", "Coffee", "Juice")


async def write_other_kinds(host: Page) -> None:
    """Tab moves on to the kinds, arrows choose one, and Tab goes to what belongs to that."""
    await press(host, "Alt+Enter")
    await expect(polls.title(host)).to_have_value("")
    await host.keyboard.type("How was the day?")
    await press(host, "Tab", *["ArrowRight"] * 4)
    await expect(host.get_by_role("radio", name="Rating")).to_be_checked()
    await press(host, "Tab", "Tab")
    await host.keyboard.type("Tiring")
    await press(host, "Tab")
    await host.keyboard.type("Wonderful")
    await press(host, "Alt+Enter")
    await expect(polls.title(host)).to_have_value("")
    await host.keyboard.type("One word?")
    await press(host, "Tab", *["ArrowRight"] * 6)
    await expect(host.get_by_role("radio", name="Word cloud")).to_be_checked()


async def release_by_keys(host: Page) -> None:
    """What is missing is said where it is missing."""
    await polls.begin(host)
    await press(host, "Control+Enter")
    await expect(host.get_by_role("alert").filter(has_text=re.compile("."))).to_be_visible()
    await expect(polls.title(host)).to_be_focused()
    await host.keyboard.type("Ready?")
    for text in ("Yes", "No"):
        await press(host, "Enter")
        await host.keyboard.type(text)
    await press(host, "Control+Enter")
    await expect(polls.card(host, "Ready?").get_by_role("button", name="Stop")).to_be_visible()


@pytest.mark.feature("V1")
async def test_three_questions_by_keyboard_alone(people: Opener) -> None:
    [host] = await floor.open_stage(people)
    await host.get_by_role("button", name="Polls", exact=True).focus()
    await press(host, "Enter")
    await host.get_by_role("button", name="New question").focus()
    await press(host, "Enter")
    await expect(polls.title(host)).to_be_focused()
    await write_options(host)
    await write_other_kinds(host)
    # A reload right behind the last key.
    await press(host, "Shift+Tab", "End")
    await host.keyboard.type(" Or two?")
    await host.reload()
    await host.get_by_role("button", name="Polls", exact=True).click()
    await expect(polls.title(host)).to_have_value("One word? Or two?")
    await expect(host.get_by_role("radio", name="Word cloud")).to_be_checked()
    await polls.saved(host)
    await host.get_by_role("button", name="Back to all polls").press("Enter")
    await polls.see_polls(host, "Tea or coffee?", "How was the day?", "One word? Or two?")
    await expect(host.get_by_role("button", name="Move One word? Or two?")).to_be_focused()
    assert await polls.card(host, "How was the day?").get_by_text("Rating").count() == 1
    await release_by_keys(host)


@pytest.mark.feature("V1")
async def test_put_in_order_by_mouse_and_by_finger(people: Opener) -> None:
    [host] = await floor.open_stage(people)
    phone = await people(phone=True, same_as=host)
    await phone.goto(host.url)
    await polls.open_polls(host)
    await polls.open_polls(phone)
    for text in ("First", "Second", "Third"):
        await polls.write(host, text, "one", "two", "three")
    handle = re.compile("^Move (First|Second|Third), now")
    await hands.drag(
        host, host.get_by_role("button", name=handle).nth(2), host.get_by_role("button", name=handle).nth(0), -30
    )
    for page in (host, phone):
        await polls.see_polls(page, "Third", "First", "Second")
    # The server's order has been drawn: what is put elsewhere moves at once.
    await hands.drag_by_finger(
        phone, phone.get_by_role("button", name=handle).nth(0), phone.get_by_role("button", name=handle).nth(1), 60
    )
    for page in (host, phone):
        await polls.see_polls(page, "First", "Third", "Second")

    await polls.press(host, "First", "Edit")
    knobs = host.get_by_role("button", name=re.compile("Move option"))
    await hands.drag(host, knobs.nth(0), knobs.nth(2), 12)
    await polls.see_options(host, "two", "three", "one")
    await polls.saved(host)
    await polls.press(phone, "First", "Edit")
    await polls.see_options(phone, "two", "three", "one")
    knobs = phone.get_by_role("button", name=re.compile("Move option"))
    await hands.drag_by_finger(phone, knobs.nth(2), knobs.nth(1), -12)
    # Where nothing is unsaved, what another device writes is simply there.
    for page in (phone, host):
        await polls.see_options(page, "two", "one", "three")
    await host.get_by_role("button", name="Undo", exact=True).click()
    await host.get_by_role("button", name="Undo", exact=True).click()
    for page in (phone, host):
        await polls.see_options(page, "one", "two", "three")
    for page in (phone, host):
        await page.get_by_role("button", name="Done").click()

    # A deleted draft comes back to where it was.
    await polls.choose(host, "Third", "Delete")
    await polls.see_polls(phone, "First", "Second")
    await host.get_by_role("button", name="Undo").click()
    for page in (phone, host):
        await polls.see_polls(page, "First", "Third", "Second")
    await polls.choose(host, "Second", "Move up")
    await polls.choose(host, "Third", "Duplicate")
    await expect(polls.title(host)).to_have_value("Third")
    await host.get_by_role("button", name="Done").click()
    await polls.see_polls(phone, "First", "Second", "Third", "Third")


async def write_while_cut_off(olga: Page, ben: Page) -> None:
    """Saved when the network is back, unless another host was quicker to release it."""
    await ben.context.set_offline(True)
    await polls.options(ben).nth(1).fill("Sunday")
    await expect(ben.get_by_text("No connection: kept here")).to_be_visible()
    await ben.context.set_offline(False)
    await polls.see_options(olga, "Friday", "Sunday")
    # Released under somebody's hands: what was not saved is a question of its own.
    await ben.context.set_offline(True)
    await polls.title(ben).fill("Which night?")
    await expect(ben.get_by_text("No connection: kept here")).to_be_visible()
    await olga.get_by_role("button", name="Release").click()
    await expect(polls.card(olga, "Which evening?").get_by_role("button", name="Stop")).to_be_visible()
    await ben.context.set_offline(False)
    await expect(ben.get_by_text("What you wrote since is a question of its own.")).to_be_visible()
    await expect(polls.title(ben)).to_have_value("Which night?")
    await polls.see_polls(olga, "Which evening?", "Which night?")


@pytest.mark.feature("V1")
async def test_two_hosts_at_one_question(people: Opener) -> None:
    """The one who was away is told, and nothing of either is lost."""
    olga, ben = await floor.open_stage(people, "Ben")
    await olga.get_by_role("button", name="People", exact=True).click()
    await olga.get_by_role("button", name="What to do with Ben").click()
    await olga.get_by_role("menuitem", name="Make co-host").click()
    await polls.open_polls(olga)
    await polls.open_polls(ben)
    await polls.write(olga, "Which day?", "Friday", "Saturday")
    for page in (olga, ben):
        await polls.press(page, "Which day?", "Edit")
        await polls.see_options(page, "Friday", "Saturday")

    await ben.context.set_offline(True)
    await polls.options(ben).nth(0).fill("Sunday")
    await expect(ben.get_by_text("No connection: kept here")).to_be_visible()
    await polls.title(olga).fill("Which evening?")
    await polls.saved(olga)
    await ben.context.set_offline(False)
    told = ben.get_by_role("alert").filter(has_text="Another host has changed this question")
    await expect(told).to_contain_text("Which evening?")
    await polls.see_options(ben, "Sunday", "Saturday")
    # Not even a reload takes it away.
    await ben.reload()
    await ben.get_by_role("button", name="Polls", exact=True).click()
    await polls.see_options(ben, "Sunday", "Saturday")
    assert await find_faults(ben) == []
    await told.get_by_role("button", name="Keep mine").click()
    await polls.saved(ben)
    await polls.see_options(olga, "Sunday", "Saturday")
    await expect(polls.title(olga)).to_have_value("Which day?")
    await ben.get_by_role("button", name="Undo", exact=True).click()
    for page in (ben, olga):
        await expect(polls.title(page)).to_have_value("Which evening?")
        await polls.see_options(page, "Friday", "Saturday")
    await write_while_cut_off(olga, ben)


async def keep_use_drop(host: Page) -> None:
    """A template: kept in one room, used in another, and dropped there."""
    await polls.choose_of_all(host, "Templates")
    kept = host.get_by_role("dialog", name="Templates")
    await kept.get_by_label("Keep the polls of this room as").fill("Warm up")
    await kept.get_by_role("button", name="Keep", exact=True).click()
    await expect(kept.get_by_role("listitem")).to_contain_text("2 questions")
    assert await find_faults(host) == []
    other = await host.context.new_page()
    await other.goto("/")
    await other.get_by_role("button", name=re.compile("^Stage")).click()
    # Who is known by name comes right in.
    await expect(other.get_by_role("heading", name="Queue", exact=True)).to_be_visible()
    await polls.open_polls(other)
    await other.get_by_role("button", name="Templates").click()
    await other.get_by_role("button", name="Use Warm up").click()
    await polls.see_polls(other, "👋 Tea?", "👋 How was it?")
    await polls.choose_of_all(other, "Templates")
    await other.get_by_role("button", name="Delete Warm up").click()
    await steps.answer(other, "Delete")
    await expect(other.get_by_text("Nothing is kept yet.")).to_be_visible()
    await other.keyboard.press("Escape")
    await polls.see_polls(other, "👋 Tea?", "👋 How was it?")
    async with other.expect_download() as coming:
        await polls.choose_of_all(other, "Save questions as JSON")
    saved = json.loads((await (await coming.value).path()).read_bytes())
    assert saved == {
        "polls": [
            {"kind": "single", "title": "👋 Tea?", "options": [{"text": "Yes"}, {"text": "No"}]},
            {"kind": "rating", "title": "👋 How was it?", "steps": 7},
        ]
    }


@pytest.mark.feature("V1")
async def test_questions_from_elsewhere(people: Opener) -> None:
    [host] = await floor.open_stage(people)
    await polls.open_polls(host)
    await polls.choose_of_all(host, "Questions from JSON")
    dialog = host.get_by_role("dialog", name="Questions from JSON")
    lines = [
        '{"polls": [',
        '  {"kind": "single", "title": "👋 Tea?", "options": [{"text": "Yes"}, {"text": "No"}]},',
        '  {"kind": "rating", "title": "👋 How was it?", "steps": 99}',
        "]}",
    ]
    field = dialog.get_by_label("Or write it here")
    await field.fill("\n".join(lines))
    await dialog.get_by_role("button", name="Take them in").click()
    fault = dialog.get_by_role("alert")
    await expect(fault).to_contain_text("Line 3, column 57, polls.1.steps")
    await expect(fault).to_contain_text("steps")
    chosen = await field.evaluate("(area) => area.value.slice(area.selectionStart, area.selectionEnd)")
    assert chosen == "99}"
    assert await find_faults(host) == []
    await polls.see_polls(host)
    right = "\n".join(lines).replace("99", "7").encode()
    await dialog.get_by_label("Choose a file").set_input_files(
        {"name": "polls.json", "mimeType": "application/json", "buffer": right}
    )
    await polls.see_polls(host, "👋 Tea?", "👋 How was it?")
    await keep_use_drop(host)
