"""The first whole thing: people come into a room in every way there is, talk, and lose nothing."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Page, expect

from tests.e2e import steps
from tests.e2e.conftest import Opener
from tests.support.process import ServerProcess

pytestmark = [pytest.mark.real("chromium"), pytest.mark.timeout(180)]
EACH = 12
"""Messages that each of the three people writes."""

SAID = re.compile(r"\b(\w+) says (\d+)\b")


async def said_on(page: Page) -> list[tuple[str, str]]:
    """Every counted message, from the first to the last. The list holds a part of them, so it is scrolled through."""
    found: dict[tuple[str, str], None] = {}
    listed = steps.messages(page)
    await listed.evaluate("(list) => list.scrollTo(0, 0)")
    while True:
        await page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        shown = SAID.findall("\n".join(await listed.get_by_role("article").all_inner_texts()))
        assert len(shown) == len(set(shown)), "a message is shown twice"
        found |= dict.fromkeys(shown)
        if await listed.evaluate("(list) => list.scrollTop + list.clientHeight >= list.scrollHeight - 1"):
            return list(found)
        await listed.evaluate("(list) => list.scrollBy(0, list.clientHeight / 2)")


async def chatter(page: Page, name: str) -> None:
    for number in range(EACH):
        await steps.say(page, f"{name} says {number}")


async def exported(page: Page) -> list[dict[str, str]]:
    """The chat as the server has it."""
    link = page.url.rsplit("/", 1)[-1]
    answer = await page.request.get(f"/api/rooms/{link}/export/chat.json")
    return list((await answer.json())["messages"])


@pytest.mark.feature("R1", "R2", "R8", "C1", "P1", "O1")
async def test_three_people_and_a_server_that_dies(people: Opener, own_server: ServerProcess) -> None:
    ana, ben, cem = await asyncio.gather(people(), people(phone=True), people(phone=True, dark=True))
    await steps.create_room(ana)
    await steps.come_in(ana, "Ana")

    link = await steps.scan(ana)
    assert link == ana.url
    await ben.goto(link)
    await steps.come_in(ben, "Ben")
    await steps.join_by_pin(cem, await steps.pin_of(ana), "Cem")

    everyone = {"Ana": ana, "Ben": ben, "Cem": cem}
    for page in everyone.values():
        await page.evaluate("window.neverReloaded = true")
    for name, page in everyone.items():
        await steps.say(page, f"{name} says hello")
    for page in everyone.values():
        for name in everyone:
            await steps.see(page, f"{name} says hello")

    talking = [asyncio.create_task(chatter(page, name)) for name, page in everyone.items()]
    await steps.see(ana, "Ben says 3")
    own_server.kill()
    await expect(ana.get_by_text("Reconnecting").first).to_be_visible()
    own_server.start()
    await asyncio.gather(*talking)

    # Somebody may have been done long before the others: only the end of the list is in the page.
    for name, page in everyone.items():
        await steps.say(page, f"{name} is done")
    for page in everyone.values():
        for name in everyone:
            await steps.see(page, f"{name} is done")
        await expect(page.get_by_text("Sending")).to_have_count(0)
    [first, second, third] = [await said_on(page) for page in everyone.values()]
    assert first == second == third
    assert sorted(first) == sorted((name, str(number)) for name in everyone for number in range(EACH))
    for name in everyone:
        assert [number for who, number in first if who == name] == [str(number) for number in range(EACH)]
    stored = SAID.findall("\n".join(each["body"] for each in await exported(ana)))
    assert stored == first
    for page in everyone.values():
        assert await page.evaluate("window.neverReloaded") is True
