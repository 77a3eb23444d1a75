"""A poll's life in a host's hands, what can be saved of it as files, and pages that everyone can use."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from PIL import Image
from playwright.async_api import Page, expect

from tests.e2e import floor_steps as floor
from tests.e2e import poll_host_steps as polls
from tests.e2e import steps
from tests.e2e.conftest import Opener
from tests.e2e.stock import PythonBot, session
from tests.e2e.test_looks import find_faults
from tests.support.process import ServerProcess

pytestmark = [pytest.mark.real("chromium"), pytest.mark.timeout(240)]

LONG: dict[str, Any] = {"seconds": 900}
"""So that what is done by hand here is done before the end, which is a minute after the release otherwise."""
QUESTIONS: list[dict[str, Any]] = [
    {
        "kind": "single",
        "title": "=Lunch?",
        "options": [{"text": "=1+1"}, {"text": "@noon"}, {"text": "Later"}],
        **LONG,
    },
    {"kind": "numeric", "title": "How far?", "unit": "km", "seconds": None},
    {"kind": "words", "title": "One word?", "visibility": "hosts", **LONG},
    {"kind": "quiz", "title": "Largest?", "options": [{"text": "Jupiter", "right": True}, {"text": "Mars"}], **LONG},
]


async def take_in(host: Page, questions: list[dict[str, Any]]) -> None:
    await polls.choose_of_all(host, "Questions from JSON")
    await host.get_by_label("Or write it here").fill(json.dumps({"polls": questions}))
    await host.get_by_role("button", name="Take them in").click()
    await polls.see_polls(host, *(question["title"] for question in questions))


async def release(host: Page, *titles: str) -> None:
    for title in titles:
        await polls.press(host, title, "Release")
        await expect(polls.card(host, title).get_by_role("button", name="Stop")).to_be_visible()


async def voter(server: ServerProcess, host: Page, name: str, votes: dict[str, Any]) -> None:
    """Somebody who votes at once in all open polls, by their titles. Options are given by their texts."""
    bot = await PythonBot.join(server.url, name, host.url.rsplit("/", 1)[1], await session(server.url))
    for poll in bot.snapshot["features"]["polls"]["polls"]:
        question, choice = poll["question"], votes[poll["question"]["title"]]
        if "options" in choice:
            ids = {option["text"]: option["id"] for option in question["options"]}
            choice = {"options": [ids[text] for text in choice["options"]]}
        await bot.certain("polls.vote", id=f"vote-{poll['id']}", poll=poll["id"], choice=choice)
    await bot.stop()


def some(option: str, value: float, words: list[str], planet: str) -> dict[str, Any]:
    return {
        "=Lunch?": {"options": [option]},
        "How far?": {"value": value},
        "One word?": {"words": words},
        "Largest?": {"options": [planet]},
    }


async def three_votes(server: ServerProcess, host: Page) -> None:
    await voter(server, host, "=Ana", some("=1+1", 10, ["=cold", "Warm"], "Jupiter"))
    await voter(server, host, "Ben", some("=1+1", 20, ["warm"], "Mars"))
    await voter(server, host, "Cem", some("@noon", 60, ["WARM"], "Jupiter"))


async def again_reset_delete(host: Page, ana: Page) -> None:
    """A second round; the first one keeps its votes, also when those of the second are thrown away."""
    await polls.choose(host, "Tea or coffee?", "Run again")
    await expect(polls.title(host)).to_have_value("Tea or coffee?")
    await host.get_by_role("button", name="Release").click()
    second = polls.card(host, "round 2")
    await expect(second.get_by_role("button", name="Stop")).to_be_visible()
    await polls.vote(ana, "Tea or coffee?", "Coffee")
    await expect(second).to_contain_text("1 vote")
    await second.get_by_role("button", name="More for").click()
    await host.get_by_role("menuitem", name="Throw the votes away…").click()
    await expect(host.get_by_role("alertdialog").get_by_role("link", name="Save results first")).to_be_visible()
    await steps.answer(host, "Throw votes away")
    await expect(second.get_by_role("button", name="Release")).to_be_visible()
    first = polls.card(host, "2 votes")
    await expect(first).to_contain_text("Closed")
    await expect(ana.get_by_role("article", name="Tea or coffee?")).to_contain_text("2 votes")
    await first.get_by_role("button", name="More for").click()
    await host.get_by_role("menuitem", name="Delete…").click()
    await steps.answer(host, "Delete")
    await expect(first).to_have_count(0)
    await expect(ana.get_by_role("article")).to_have_count(0)
    # A further round is asked about before it goes.
    await second.get_by_role("button", name="More for").click()
    await host.get_by_role("menuitem", name="Delete…").click()
    await steps.answer(host, "Delete")
    await expect(host.get_by_text("No polls yet")).to_be_visible()


@pytest.mark.feature("V3", "V6")
async def test_released_stopped_run_again_reset_deleted(people: Opener) -> None:
    host, ana = await floor.open_stage(people, "Ana")
    await polls.open_polls(host)
    await polls.open_polls(ana)
    await polls.write(host, "Tea or coffee?", "Tea", "Coffee")
    await release(host, "Tea or coffee?")
    card = polls.card(host, "Tea or coffee?")
    # The deadline moves for everyone. It does so first of all: a minute is soon over.
    await expect(card.get_by_text(re.compile(r"^0:\d\d$"))).to_be_visible()
    await polls.press(host, "Tea or coffee?", "+2 min: 2 minutes more")
    await polls.press(host, "Tea or coffee?", "+30 s: 30 seconds more")
    await expect(card.get_by_text(re.compile(r"^3:\d\d$|^2:[345]\d$"))).to_be_visible()
    await expect(ana.get_by_role("timer")).to_contain_text(re.compile(r"[32]:\d\d"))
    # Whoever has opened a poll is not told that it waits for a vote.
    await expect(host.get_by_role("button", name="Polls", exact=True)).to_be_visible()
    await polls.vote(ana, "Tea or coffee?", "Tea")
    await expect(card).to_contain_text("1 vote")
    assert await polls.counts(host, "Tea or coffee?") == {"Tea": "1", "Coffee": "0"}
    await polls.press(host, "Tea or coffee?", "Vote")
    ballot = host.get_by_role("dialog", name="Your vote")
    await ballot.get_by_text("Coffee", exact=True).first.click()
    await ballot.get_by_role("button", name="Vote", exact=True).click()
    await expect(ballot.get_by_text("You have voted")).to_be_visible()
    await host.keyboard.press("Escape")
    await expect(card.get_by_role("button", name="Voted")).to_be_visible()
    await expect(card).to_contain_text("2 votes")

    # Its end is the end for everyone.
    await expect(card.get_by_text("On screen")).to_be_visible()
    await polls.press(host, "Tea or coffee?", "Stop")
    await expect(card.get_by_text("Closed")).to_be_visible()
    await expect(ana.get_by_role("timer")).to_have_count(0)
    await polls.press(host, "Tea or coffee?", "Take off the screen")
    await expect(card.get_by_text("On screen")).to_have_count(0)
    await again_reset_delete(host, ana)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def bars_in(path: Path) -> list[int]:
    """How long the bars of a picture are, in px, from top to bottom."""
    with Image.open(path) as opened:
        assert opened.format == "PNG"
        picture = opened.convert("RGB")
    found: list[int] = []
    inside = False
    for y in range(picture.height):
        line = [picture.getpixel((x, y)) for x in range(picture.width)]
        on_track = line.count((0xEE, 0xE9, 0xE1)) + line.count((0xC2, 0x56, 0x2D)) > picture.width / 2
        if on_track and not inside:
            found.append(line.count((0xC2, 0x56, 0x2D)))
        inside = on_track
    return found


async def check_tables(host: Page, to: Path) -> None:
    totals = rows_of(await polls.save(host, "", "Save totals as CSV", to))
    lunch = [(row["Answer"], row["Count"], row["Votes"]) for row in totals if row["Kind"] == "single"]
    assert lunch == [("'=1+1", "2", "3"), ("'@noon", "1", "3"), ("Later", "0", "3")]
    assert {row["Mean"] for row in totals if row["Kind"] == "numeric"} == {"30.0"}
    words = [(row["Answer"].casefold(), row["Count"]) for row in totals if row["Kind"] == "words"]
    assert words == [("warm", "3")]
    votes = rows_of(await polls.save(host, "=Lunch?", "Save votes as CSV", to))
    assert sorted((row["Name"], row["Answer"]) for row in votes) == [
        ("'=Ana", "'=1+1"), ("Ben", "'=1+1"), ("Cem", "'@noon"),
    ]  # fmt: skip
    assert all(cell[:1] not in "=+-@\t\r" or not cell for row in [*totals, *votes] for cell in row.values())


async def check_book(host: Page, to: Path) -> None:
    book = openpyxl.load_workbook(await polls.save(host, "", "Save all for Excel", to))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type in "sn" for cell in cells)
    sheet = {(row[0], row[6]): row[7] for row in book["Totals"].iter_rows(min_row=2, values_only=True)}
    assert sheet["=Lunch?", "=1+1"] == 2
    assert sheet["=Lunch?", "@noon"] == 1
    assert sheet["Largest?", "Jupiter"] == 2
    leaders = {row[1]: row[3] for row in book["Leaders"].iter_rows(min_row=2, values_only=True)}
    assert leaders == {"=Ana": 1, "Ben": 0, "Cem": 1}


@pytest.mark.feature("V6", "V2")
async def test_results_as_files(people: Opener, server: ServerProcess, tmp_path: Path) -> None:
    [host] = await floor.open_stage(people)
    await polls.open_polls(host)
    await take_in(host, QUESTIONS)
    titles = [question["title"] for question in QUESTIONS]
    # Before there is anything, nothing can be saved but the questions.
    await host.get_by_role("button", name="More for polls").click()
    await expect(host.get_by_role("menuitem", name="Save totals as CSV")).to_be_disabled()
    await host.keyboard.press("Escape")
    await release(host, *titles)
    await polls.choose(host, "One word?", "Save votes as CSV")
    await expect(host.get_by_text("There is nothing to save yet.")).to_be_visible()
    await three_votes(server, host)
    await expect(polls.card(host, "One word?")).to_contain_text("3 votes")
    # Words that are hidden are in no total, whichever file it stands in.
    await polls.card(host, "One word?").get_by_role("button", name="Hide “=cold”").click()
    await expect(polls.card(host, "One word?").get_by_role("button", name="Show “=cold” again")).to_be_visible()
    for title in titles:
        await polls.press(host, title, "Stop")
        await expect(polls.card(host, title).get_by_text("Closed")).to_be_visible()
    await polls.press(host, "Largest?", "Reveal answers")

    await check_tables(host, tmp_path)
    await check_book(host, tmp_path)
    bars = bars_in(await polls.save(host, "=Lunch?", "Save the chart (PNG)", tmp_path))
    whole = 1600 - 2 * 80
    assert bars == [pytest.approx(whole * share, abs=2) for share in (2 / 3, 1 / 3, 0)]
    await polls.choose(host, "=Lunch?", "Who voted how")
    await expect(host.get_by_role("dialog").get_by_role("row", name="=Ana")).to_contain_text("=1+1")
    await host.keyboard.press("Escape")
    await polls.choose_of_all(host, "Leaderboard")
    await expect(host.get_by_role("dialog").get_by_role("listitem")).to_have_count(3)
    await expect(host.get_by_role("dialog").get_by_role("listitem").last).to_contain_text("Ben")


@pytest.mark.feature("V1", "V3", "V5", "O10")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_no_page_of_a_host_has_faults(people: Opener, server: ServerProcess, dark: bool) -> None:
    """Light on a laptop, dark on a phone."""
    [host] = await floor.open_stage(people, phone=dark, dark=dark)
    await polls.open_polls(host)
    assert await find_faults(host) == []
    await take_in(host, [*QUESTIONS, {"kind": "text", "title": "Anything else?"}])
    assert await find_faults(host) == []
    for title in ("=Lunch?", "How far?", "Largest?"):
        await polls.press(host, title, "Edit")
        await expect(polls.title(host)).to_have_value(title)
        assert await find_faults(host) == []
        await host.get_by_role("button", name="Done").click()
    titles = [question["title"] for question in QUESTIONS]
    await release(host, *titles)
    await three_votes(server, host)
    await expect(polls.card(host, "One word?")).to_contain_text("3 votes")
    assert await find_faults(host) == []
    await polls.press(host, "=Lunch?", "Vote")
    await expect(host.get_by_role("dialog", name="Your vote")).to_be_visible()
    assert await find_faults(host) == []
    await host.keyboard.press("Escape")
    await polls.press(host, "Largest?", "Stop")
    await polls.press(host, "Largest?", "Reveal answers")
    await expect(polls.card(host, "Largest?").get_by_role("button", name="Reveal answers")).to_have_count(0)
    await polls.choose(host, "Largest?", "Who voted how")
    await expect(host.get_by_role("dialog").get_by_role("row")).to_have_count(4)
    assert await find_faults(host) == []
    await host.keyboard.press("Escape")
    for entry in ("Leaderboard", "Templates", "Questions from JSON"):
        await polls.choose_of_all(host, entry)
        await expect(host.get_by_role("dialog", name=entry)).to_be_visible()
        assert await find_faults(host) == []
        await host.keyboard.press("Escape")
    await polls.card(host, "Largest?").get_by_role("button", name="More for").click()
    await expect(host.get_by_role("menu")).to_be_visible()
    assert await find_faults(host) == []
