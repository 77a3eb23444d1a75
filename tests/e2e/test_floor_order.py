"""Putting the queue in order by mouse, by finger and by keys; and one order everywhere."""

from __future__ import annotations

import asyncio
import random

import pytest
from playwright.async_api import Page, expect

from tests.e2e import floor_steps as floor
from tests.e2e import hands
from tests.e2e.conftest import Opener
from tests.e2e.stock import PythonBot, session
from tests.support.process import ServerProcess

pytestmark = [pytest.mark.real("chromium"), pytest.mark.timeout(240)]

BOTS = 50


async def filled(people: Opener, *texts: str, phone: bool = False) -> list[Page]:
    """A host, and as many phones as there are questions."""
    host, *phones = await floor.open_stage(people, *[f"P{number}" for number in range(len(texts))], phone=phone)
    for page, text in zip(phones, texts, strict=True):
        await floor.ask(page, text)
    await floor.see_line(host, *texts)
    return [host, *phones]


@pytest.mark.feature("F4")
async def test_by_mouse(people: Opener) -> None:
    host, first, *_ = await filled(people, "one", "two", "three", "four")
    await floor.see_line(first, "one", "two", "three", "four")
    _, top = await hands.centre(floor.handle(host, 1))
    async with hands.held_by_mouse(host, floor.handle(host, 4)) as (x, y):
        await host.mouse.move(x, (y + top) / 2, steps=5)
        await host.mouse.move(x, top - 8, steps=5)
        assert await floor.numbers(first) == [1, 2, 3, 4], "nothing changes before it is put down"
    await floor.see_line(host, "four", "one", "two", "three")
    await floor.see_line(first, "four", "one", "two", "three")

    # Escape lets go.
    async with hands.held_by_mouse(host, floor.handle(host, 4)) as (x, y):
        await host.mouse.move(x, y + 150, steps=5)
        await host.keyboard.press("Escape")
    await floor.see_line(host, "four", "one", "two", "three")


@pytest.mark.feature("F4")
async def test_by_finger(people: Opener) -> None:
    host, first, *_ = await filled(people, "one", "two", "three", phone=True)
    await hands.drag_by_finger(host, floor.handle(host, 1), floor.handle(host, 3), 6)
    await floor.see_line(host, "two", "three", "one")
    await floor.see_line(first, "two", "three", "one")


@pytest.mark.feature("F4", "O10")
async def test_by_keys_and_by_menu(people: Opener) -> None:
    host, first, *_ = await filled(people, "one", "two", "three")
    await floor.handle(host, 3).focus()
    await host.keyboard.press("Space")
    await host.keyboard.press("ArrowUp")
    await host.keyboard.press("ArrowUp")
    await expect(host.get_by_text("Number 3, three: place 1 of 3.")).to_be_attached()
    await host.keyboard.press("Space")
    await floor.see_line(first, "three", "one", "two")
    await expect(floor.handle(host, 3)).to_be_focused()
    await host.keyboard.press("Enter")
    await host.keyboard.press("End")
    await host.keyboard.press("Escape")
    await floor.see_line(host, "three", "one", "two")
    await host.get_by_role("button", name="More for number 3").click()
    await host.get_by_role("menuitem", name="Move down").click()
    await floor.see_line(first, "one", "three", "two")


async def carry(host: Page, number: int, key: str) -> None:
    await floor.handle(host, number).focus()
    for each in ("Space", key, "Space"):
        await host.keyboard.press(each)


@pytest.mark.feature("F1", "F4", "F5", "R10")
async def test_one_order_everywhere(people: Opener, server: ServerProcess) -> None:
    """A host's laptop, two phones, a projector, and fifty who ask at once while the host reorders."""
    host, ana, ben = await floor.open_stage(people, "Ana", "Ben")
    screen = await floor.open_screen(host)
    await floor.ask(ana, "What Ana asks")
    await floor.ask(ben, "What Ben asks")
    await floor.see_line(host, "What Ana asks", "What Ben asks")
    room = host.url.rsplit("/", 1)[1]
    bots = [await PythonBot.join(server.url, f"B{n}", room, await session(server.url)) for n in range(BOTS)]
    asked = asyncio.gather(*(bot.certain("floor.ask", id="ask", kind="text", body=f"from {bot.name}") for bot in bots))
    await host.bring_to_front()
    chance = random.Random(3)
    moved = set[int]()
    for _ in range(12):
        known = await floor.numbers(host)
        number = chance.choice(known[: 3 + len(known) // 2])
        moved.add(number)
        await carry(host, number, chance.choice(["Home", "End", "ArrowUp", "ArrowDown"]))
    answers = await asked
    assert sorted(answer["number"] for answer in answers) == list(range(3, BOTS + 3))
    await expect(floor.line(host)).to_have_count(BOTS + 2)
    # The host's page shows at once what was put elsewhere. When others see the last move, the server has made all.
    last = next(number for number in reversed(await floor.numbers(host)) if number not in moved)
    await carry(host, last, "Home")
    await expect(floor.line(ana).locator(".number").first).to_have_text(f"Number {last}")
    late = await PythonBot.join(server.url, "Lea", room, await session(server.url))
    expected = [item["number"] for item in late.snapshot["features"]["floor"]["items"]]
    for page in (host, ana, ben):
        await expect(floor.line(page).locator(".number")).to_have_text([f"Number {n}" for n in expected])
    await expect(screen.locator(".line .number")).to_have_text([str(number) for number in expected[:3]])
    place = expected.index(1)
    await expect(floor.yours(ana)).to_contain_text("You are next" if place == 0 else f"{place + 1}")
    for bot in (*bots, late):
        await bot.stop()
