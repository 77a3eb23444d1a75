"""What a mouse or a finger does with lists that are put in order by their handles."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Locator, Page, expect

# Playwright's own waiting for what stands still (a trial hover) scrolls when it must try again.
STANDS_STILL = """async (place) => {
  const row = place.closest('[data-row]') ?? place
  const frame = () => new Promise(requestAnimationFrame)
  const where = () => JSON.stringify(place.getBoundingClientRect())
  const glides = () => row.getAnimations().some((each) => each instanceof CSSTransition)
  for (let before; before !== where() || glides(); await frame()) before = where()
}"""


async def centre(place: Locator) -> tuple[float, float]:
    """In CSS px of the window. Waits until it stands still: rows glide to where they have been put."""
    await place.evaluate(STANDS_STILL)
    box = await place.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@asynccontextmanager
async def held_by_mouse(page: Page, handle: Locator) -> AsyncIterator[tuple[float, float]]:
    """Gives where it was taken, and lets go of it at the end."""
    x, y = await centre(handle)
    await page.mouse.move(x, y)
    await page.mouse.down()
    await expect(page.locator(".lifted [data-handle]")).to_have_count(1)
    yield x, y
    await page.mouse.up()


async def drag(page: Page, handle: Locator, to: Locator, past: float) -> None:
    """By mouse, so many px past the middle of where another one stands."""
    _, end = await centre(to)
    async with held_by_mouse(page, handle) as (x, y):
        await page.mouse.move(x, (y + end) / 2, steps=4)
        await page.mouse.move(x, end + past, steps=4)


async def drag_by_finger(page: Page, handle: Locator, to: Locator, past: float) -> None:
    """As `drag`, on a touch screen."""
    x, y = await centre(handle)
    _, end = await centre(to)
    finger = await page.context.new_cdp_session(page)
    for number in range(7):
        kind = "touchMove" if number else "touchStart"
        points = [{"x": x, "y": y + (end + past - y) * number / 6}]
        await finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    await finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
