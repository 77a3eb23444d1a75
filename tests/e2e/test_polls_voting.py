"""Voting: each kind of question under a thumb and by keys, votes that are changed, kept, refused."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import expect

from tests.e2e import floor_steps as floor
from tests.e2e import poll_steps as polls
from tests.e2e import steps
from tests.e2e.conftest import Opener
from tests.e2e.test_looks import find_faults

pytestmark = [pytest.mark.real("chromium"), pytest.mark.timeout(180)]

COLOURS = ("Red", "Green", "Blue")


async def release_each(host: polls.Asker, **more: Any) -> dict[str, str]:
    """One of each kind, all open. Their titles are their kinds."""
    each: dict[str, dict[str, Any]] = {
        "single": {},
        "multiple": {"most": 2},
        "quiz": {"right": "Green"},
        "ranking": {},
        "rating": {"steps": 5, "low_label": "Not at all", "high_label": "Very much"},
        "numeric": {"low": 0, "high": 100, "unit": "km"},
        "words": {},
        "text": {},
    }
    chosen = {"single", "multiple", "quiz", "ranking"}
    made: dict[str, str] = {}
    for kind, terms in each.items():
        options = COLOURS if kind in chosen else ()
        made[kind] = await host.release(kind, *options, **{"title": kind, **terms, **more})
    return made


async def outcome(host: polls.Asker, made: dict[str, str]) -> dict[str, Any]:
    """The totals of each, as short as can be."""
    found: dict[str, Any] = {}
    for kind, poll in made.items():
        tally = (await host.results(poll))["tally"]
        if kind == "ranking":
            options = sorted(tally["ranked"], key=lambda each: each["mean"] or 0)
            found[kind] = [each["mean"] for each in options]
        elif kind == "numeric":
            found[kind] = tally["mean"]
        elif kind in {"words", "text"}:
            found[kind] = sorted(each["text"] for each in tally["counts"])
        else:
            found[kind] = [each["count"] for each in tally["counts"]]
    return found


@pytest.mark.feature("V2", "V5", "O10", "R10")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_each_kind_has_its_own_control_and_picture(people: Opener, dark: bool) -> None:
    host, screen, (ana,) = await polls.gather(people, "Ana", dark=dark)
    made = await release_each(host)
    await expect(ana.get_by_role("article")).to_have_count(len(made))
    assert await find_faults(ana) == []
    for kind, options in {"single": ["Red"], "multiple": ["Red", "Blue"], "quiz": ["Green"], "rating": ["4"]}.items():
        await polls.choose(ana, kind, *options)
    for at, option in enumerate(("Blue", "Red", "Green"), 1):
        await ana.get_by_role("button", name=f"{option}: put at place {at}").click()
    await polls.card(ana, "ranking").get_by_role("button", name="Red up").click()
    # What cannot be said is not sent, and the page says why.
    number = polls.card(ana, "numeric")
    await number.get_by_role("textbox").fill("101")
    await expect(number.get_by_text("At most 100")).to_be_visible()
    await expect(number.get_by_role("button", name="Vote", exact=True)).to_be_disabled()
    await number.get_by_role("textbox").fill("12,5")
    await polls.card(ana, "words").get_by_label("Word 1").fill("Calm")
    await polls.card(ana, "words").get_by_label("Word 2").fill("مرحبا")
    await polls.card(ana, "text").get_by_role("textbox").fill("More breaks.")
    assert await find_faults(ana) == []
    for kind in made:
        await polls.vote(ana, kind)
    assert await outcome(host, made) == {
        "single": [1, 0, 0],
        "multiple": [1, 0, 1],
        "quiz": [0, 1, 0],
        "ranking": [1.0, 2.0, 3.0],
        "rating": [0, 0, 0, 1, 0],
        "numeric": 12.5,
        "words": ["Calm", "مرحبا"],
        "text": ["More breaks."],
    }
    await expect(polls.card(ana, "ranking")).to_contain_text("1. Red 2. Blue 3. Green")
    assert await find_faults(ana) == []
    await host.must("polls.close", poll=made["quiz"])
    await host.must("polls.reveal", poll=made["quiz"])
    await expect(polls.card(ana, "quiz").get_by_text("Right", exact=False).first).to_be_visible()
    await expect(ana.get_by_role("region", name="Leaderboard")).to_contain_text("Ana")
    assert await find_faults(ana) == []
    for kind, poll in made.items():
        await host.must("polls.project", poll=poll, on=True)
        await expect(screen.get_by_role("heading", level=2)).to_have_text(kind)
        # A table beside each picture; texts are their own.
        await expect(screen.get_by_role("table")).to_have_count(0 if kind == "text" else 1)
        assert await find_faults(screen) == []
    await host.leave()


@pytest.mark.feature("V2", "O10")
async def test_keys_are_enough(people: Opener) -> None:
    host, _, _ = await polls.gather(people)
    made = await release_each(host)
    ana = await people()
    await ana.goto(host.room)
    await floor.come_in(ana, "Ana")
    await ana.get_by_role("button", name="Polls").first.press("Enter")
    await expect(ana.get_by_role("article")).to_have_count(len(made))

    async def press(*keys: str) -> None:
        """Keys by their names, or text that is typed."""
        for key in keys:
            if key in {"Tab", "Enter", "Space", "ArrowRight", "ArrowDown"}:
                await ana.keyboard.press(key)
            else:
                await ana.keyboard.type(key)

    async def voted(kind: str) -> None:
        """The focus is where the form was."""
        await expect(polls.card(ana, kind).locator("[data-answered]")).to_be_focused()

    # The newest is first: from one poll to the next it is one key.
    await ana.get_by_role("region", name="Questions").focus()
    for kind, keys in {
        "text": ("Tab", "More breaks.", "Tab", "Enter"),
        "words": ("Tab", "Calm", "Enter"),
        "numeric": ("Tab", "12", "Enter"),
        "rating": ("Tab", "Space", "ArrowRight", "ArrowRight", "Enter"),
    }.items():
        await press(*keys)
        await voted(kind)
    await press("Tab", "Enter", "Enter", "Enter")
    await expect(ana.get_by_role("button", name="Move Green, now 2 of 3")).to_be_visible()
    # Nothing is left to be added: the focus is on the first, which goes down by one.
    await expect(ana.get_by_role("button", name="Move Red, now 1 of 3")).to_be_focused()
    await press("Space", "ArrowDown", "Space")
    await expect(ana.get_by_role("button", name="Move Red, now 2 of 3")).to_be_focused()
    await polls.card(ana, "ranking").get_by_role("button", name="Vote", exact=True).press("Enter")
    await voted("ranking")
    for kind, keys in {
        "quiz": ("Tab", "ArrowDown", "Enter"),
        "multiple": ("Tab", "Space", "Tab", "Tab", "Space", "Tab", "Enter"),
        "single": ("Tab", "Space", "Enter"),
    }.items():
        await press(*keys)
        await voted(kind)
    assert await outcome(host, made) == {
        "single": [1, 0, 0],
        "multiple": [1, 0, 1],
        "quiz": [0, 1, 0],
        "ranking": [1.0, 2.0, 3.0],
        "rating": [0, 0, 1, 0, 0],
        "numeric": 12,
        "words": ["Calm"],
        "text": ["More breaks."],
    }
    await host.leave()


@pytest.mark.feature("V3", "V4", "V5")
async def test_a_vote_is_sent_once_seen_everywhere_and_changed(people: Opener) -> None:
    host, _, (ana,) = await polls.gather(people, "Ana")
    poll = await host.release("single", *COLOURS, title="Which?", changeable=True, visibility="voted", seconds=300)
    laptop = await people(same_as=ana)
    await laptop.goto(host.room)
    await laptop.get_by_role("button", name="Polls").first.click()
    # What is chosen survives a reload, and so does what was begun to be written.
    await polls.choose(ana, "Which?", "Red")
    sent: list[str | bytes] = []
    ana.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    await ana.reload()
    await steps.open_tab(ana, "Polls")
    mine, other = polls.card(ana, "Which?"), polls.card(laptop, "Which?")
    await expect(mine.get_by_role("radio", name="Red")).to_be_checked()
    await expect(mine.get_by_role("timer")).to_contain_text(re.compile("[34]:"))
    await expect(mine.get_by_role("table")).to_have_count(0)
    await mine.get_by_role("button", name="Vote", exact=True).dblclick()
    for card in (mine, other):
        await expect(card).to_contain_text("You have voted · Red")
        await expect(card.get_by_role("table")).to_have_count(1)
    assert len([frame for frame in sent if "polls.vote" in str(frame)]) == 1

    await other.get_by_role("button", name="Change").click()
    await expect(other.get_by_role("radio", name="Red")).to_be_focused()
    await polls.choose(laptop, "Which?", "Blue")
    await other.get_by_role("button", name="Keep it").click()
    await expect(other).to_contain_text("You have voted · Red")
    await other.get_by_role("button", name="Change").click()
    await polls.choose(laptop, "Which?", "Green")
    await other.get_by_role("button", name="Change vote").click()
    for card in (mine, other):
        await expect(card).to_contain_text("You have voted · Green")
    assert await outcome(host, {"single": poll}) == {"single": [0, 1, 0]}

    # Made without a connection, on both: one counts, and the other is told so.
    final = await host.release("single", *COLOURS, title="Once?")
    for page in (ana, laptop):
        await polls.choose(page, "Once?", "Blue")
        await page.context.set_offline(True)
        await polls.card(page, "Once?").get_by_role("button", name="Vote", exact=True).click()
        await expect(polls.card(page, "Once?").get_by_text("as soon as there is one")).to_be_visible()
    await ana.context.set_offline(False)
    await expect(polls.card(ana, "Once?")).to_contain_text("You have voted · Blue")
    await laptop.context.set_offline(False)
    await expect(polls.card(laptop, "Once?")).to_contain_text("That vote counts, not this one.")
    # Totals of meanwhile were told to nobody who was away: they are asked for.
    await expect(polls.card(laptop, "Once?").get_by_text("1 vote", exact=True)).to_be_visible()
    assert await outcome(host, {"single": final}) == {"single": [0, 0, 1]}
    await host.leave()
