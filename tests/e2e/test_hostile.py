"""Whatever people write stays text: no script runs, no markup of theirs enters the page, nothing is fetched."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page

from tests.e2e import steps
from tests.e2e.conftest import Opener

pytestmark = [pytest.mark.real("chromium"), pytest.mark.timeout(120)]
PAYLOADS = (Path(__file__).parent / "hostile.txt").read_text().splitlines()
WITHIN = (
    "p, strong, em, s, code, pre, blockquote, ul, ol, li, a, br, span, bdi, div, header, footer, time, "
    "svg, path, button"
)
"""What a message may be made of."""

LOOK = f"""(list) => [...list.querySelectorAll('article *')]
  .filter((each) => !each.closest('svg, button') && !each.matches('{WITHIN}')
    || [...each.attributes].some(({{ name }}) => name.startsWith('on') || name === 'srcdoc'))
  .map((each) => each.outerHTML.slice(0, 200))"""
LINKS = "(list) => [...list.querySelectorAll('article a')].map((each) => [each.href, each.rel, each.target])"


async def check(page: Page) -> None:
    await page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    listed = steps.messages(page)
    assert await listed.evaluate(LOOK) == []
    for href, rel, target in await listed.evaluate(LINKS):
        assert href.startswith(("http://", "https://", "mailto:")), href
        assert "noopener" in rel
        assert target == "_blank"
    assert await page.evaluate("window.pwned") is None
    # Nothing that people write may widen the page.
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.feature("C2")
async def test_hostile_messages_are_text(people: Opener) -> None:
    host, guest = await people(), await people(phone=True)
    await steps.create_room(host)
    await steps.come_in(host, "<img src=x onerror=window.pwned=1>")
    await guest.goto(host.url)
    await steps.come_in(guest, "<svg onload=window.pwned=1>")
    for number, payload in enumerate(PAYLOADS):
        await steps.say(host, payload)
        await check(host)
        if number % 8 == 7:
            await check(guest)
    await steps.say(host, "the last one")
    await steps.see(guest, "the last one")
    await check(guest)
