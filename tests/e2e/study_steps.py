"""What people do when they study together, by the names they know things by."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

from playwright.async_api import Locator, Page, WebSocket, expect

from tests.e2e import steps
from tests.e2e.conftest import Opener
from tests.support.process import ServerProcess

# A computer whose clock is a day off, and does not keep it: 200 millionths too quick. While it sleeps, the clock that
# pages measure with stands still, as it does on many; ``trueNow`` is the real time, which the page knows nothing of.
WRONG_CLOCK = """(() => {
    const real = Date.now.bind(Date), monotone = performance.now.bind(performance)
    const began = real(), first = monotone()
    let slept = 0, stood = 0
    window.trueNow = real
    document.addEventListener('freeze', () => { stood = monotone() })
    document.addEventListener('resume', () => { slept += monotone() - stood })
    Date.now = () => Math.round(began + AHEAD + (real() - began) * 1.0002)
    performance.now = () => first + (monotone() - slept - first) * 1.0002
    Object.defineProperty(performance, 'timeOrigin', { value: began + AHEAD - first })
})()"""
# When the seconds on the page change, by the real time.
WATCH = """() => {
    window.changes = []
    const digits = document.querySelector('.digits')
    new MutationObserver(() => {
        const left = digits.textContent.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
        changes.push([left, (window.trueNow ?? Date.now)()])
    }).observe(digits, { childList: true, characterData: true, subtree: true })
}"""

DAY_MS = 86_400_000
# Out of sight, as a page behind another one: its timers come once a minute at most.
OUT_OF_SIGHT = """() => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => true })
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' })
    const later = window.setTimeout.bind(window)
    window.setTimeout = (run, wait, ...more) => later(run, Math.max(60_000, wait ?? 0), ...more)
    window.setInterval = (run, wait, ...more) => later(run, 60_000, ...more)
    document.dispatchEvent(new Event('visibilitychange'))
}"""
# Counts what is heard.
LISTEN = """(() => {
    window.heard = 0
    const start = OscillatorNode.prototype.start
    OscillatorNode.prototype.start = function (...rest) { window.heard += 1; return start.apply(this, rest) }
})()"""


AFTER_TWO_FRAMES = """async (digits) => {
    for (let frames = 0; frames < 2; frames += 1) await new Promise(requestAnimationFrame)
    return digits.innerText
}"""


class Clock:
    """Of a server that runs ``turned_server.py``."""

    def __init__(self, folder: Path, server: ServerProcess) -> None:
        self._file = folder / "ahead.txt"
        self._ahead = 0.0
        server.program = (str(Path(__file__).with_name("turned_server.py")), str(self._file))

    def turn(self, *, minutes: float) -> None:
        self._ahead += 60 * minutes
        # All of it or nothing: the server reads it at any moment.
        fresh = self._file.with_suffix(".new")
        fresh.write_text(str(self._ahead))
        os.replace(fresh, self._file)


async def until(done: Callable[[], Awaitable[bool]], what: str, seconds: float = 15) -> None:
    end = asyncio.get_running_loop().time() + seconds
    while not await done():
        assert asyncio.get_running_loop().time() < end, what
        await asyncio.sleep(0.02)


def hear(page: Page) -> list[str]:
    """Everything that the server says to this page from now on."""
    came: list[str] = []

    def opened(socket: WebSocket) -> None:
        # Not the list's own method: Playwright keeps something with each listener.
        socket.on("framereceived", lambda frame: came.append(frame if isinstance(frame, str) else frame.decode()))

    page.on("websocket", opened)
    return came


def end_of(came: list[str]) -> int:
    """When the timer ends that the server spoke of last, by its clock."""
    return int(re.findall(r'"ends_at":(\d+)', "".join(came))[-1])


async def lateness(page: Page, end: int, many: int = 5) -> list[float]:
    """By how many milliseconds the next seconds change later on the page than the server's, which has the real time."""
    before: int = await page.evaluate("changes.length")

    async def so() -> bool:
        return bool(await page.evaluate("changes.length") >= before + many)

    await until(so, "seconds that change")
    changes: list[tuple[int, float]] = await page.evaluate("(from) => changes.slice(from)", before)
    return [at - (end - 1000 * left) for left, at in changes]


async def host_of(people: Opener, *, off: int = 0, **more: bool) -> Page:
    """Ana, in a room of her own for study."""
    host = await people(**more)
    await host.add_init_script(LISTEN)
    if off:
        await host.add_init_script(WRONG_CLOCK.replace("AHEAD", str(off)))
    await steps.create_room(host, "Study")
    await host.get_by_label("Your name").fill("Ana")
    await host.get_by_role("button", name="Come in").click()
    await expect(timer(host)).to_be_visible()
    return host


async def knocks(page: Page, url: str, name: str) -> None:
    await page.goto(url)
    await page.get_by_label("Your name").fill(name)
    await page.get_by_role("button", name="Knock").click()
    await expect(page.get_by_role("heading", name="You have knocked")).to_be_visible()


async def decide(host: Page, name: str, word: str) -> None:
    await host.get_by_role("button", name="Show people").or_(host.get_by_role("button", name="People")).first.click()
    await host.get_by_role("group", name=f"{name} asks to come in").get_by_role("button", name=word).click()


async def come_in(people: Opener, host: Page, name: str, *, off: int = 0, phone: bool = True) -> Page:
    """Knocks, and is let in."""
    page = await people(phone=phone)
    await page.add_init_script(LISTEN)
    if off:
        await page.add_init_script(WRONG_CLOCK.replace("AHEAD", str(off)))
    await knocks(page, host.url, name)
    await decide(host, name, "Let in")
    await expect(timer(page)).to_be_visible()
    return page


async def runs(*pages: Page) -> None:
    """Not that it stands on Focus, which it does before: that it can be paused, so that the server has begun it."""
    for page in pages:
        await expect(page.get_by_role("button", name="Pause")).to_be_enabled()


def timer(page: Page) -> Locator:
    return page.get_by_role("region", name="Timer").get_by_role("timer")


async def shows(page: Page, phase: str) -> None:
    await expect(timer(page)).to_have_accessible_name(re.compile(f"^{phase},"))


async def seconds_on(page: Page) -> int:
    # A browser that was held up shows what was, until its own timers have run.
    shown: str = await page.locator(".digits").first.evaluate(AFTER_TWO_FRAMES)
    parts = shown.split(":")
    return sum(int(part) * 60**place for place, part in enumerate(reversed(parts)))


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name="Work the timer").get_by_role("button", name=name, exact=True)


async def press(page: Page, name: str) -> None:
    await button(page, name).click()


async def choose(page: Page, group: str, word: str) -> None:
    """Whose timer, or whose to-dos."""
    await page.get_by_role("group", name=group).get_by_text(word, exact=True).click()


async def lengths(page: Page, *, cycles: int | None = None, auto: bool = False, **times: str) -> None:
    """``focus="0:03"``."""
    await page.get_by_role("button", name="Lengths and cycles").click()
    dialog = page.get_by_role("dialog")
    names = {"focus": "Focus", "short": "Short break", "long": "Long break"}
    for phase, time in times.items():
        minutes, seconds = time.split(":")
        await dialog.get_by_label(f"{names[phase]}, minutes").fill(minutes)
        await dialog.get_by_label(f"{names[phase]}, seconds").fill(seconds)
    if cycles is not None:
        await dialog.get_by_label("Long break after").select_option(label=f"{cycles} times focus")
    if auto:
        await dialog.get_by_role("switch", name="Go on by itself").click()
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_have_count(0)


def rings(page: Page) -> Locator:
    return page.get_by_role("region", name="What rings")


def todos(page: Page) -> Locator:
    return page.get_by_role("region", name="To-dos", exact=True)


def rows(page: Page) -> Locator:
    return todos(page).get_by_role("listitem")


async def add(page: Page, *texts: str) -> None:
    field = page.get_by_label("Add a to-do")
    for text in texts:
        await field.fill(text)
        await field.press("Enter")
        await expect(rows(page).filter(has_text=text)).to_be_visible()


async def is_sent(page: Page) -> None:
    """What was given here has its answer: rows say that they wait from the moment they stand there."""
    await expect(page.get_by_text("waits to be sent")).to_have_count(0)


async def order(page: Page) -> list[str]:
    return [text.strip() for text in await todos(page).locator(".words").all_inner_texts()]


async def stands(page: Page, *texts: str) -> None:
    seen: list[list[str]] = []

    async def so() -> bool:
        seen[:] = [await order(page)]
        return seen == [list(texts)]

    try:
        await until(so, f"the order {texts}")
    except AssertionError as wrong:
        wrong.add_note(f"It was {seen}.")
        raise


async def more(page: Page, text: str, word: str) -> None:
    await rows(page).filter(has_text=text).get_by_role("button", name=f"More for {text}").click()
    await page.get_by_role("menuitem", name=word).click()
