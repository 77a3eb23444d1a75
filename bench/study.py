"""The seconds that pages show, and how soon they agree after the server was killed.

Three pages of a real browser: one has a clock that is a day ahead and too quick by 200 millionths, one a clock a day
behind, and one the right time. When a second changes on a page is held against the server's clock, which is the
machine's. Then the server is killed (SIGKILL) in the middle of a phase, again and again: from the moment at which it
answers again until all pages are connected, can work the timer and show the same second.
"""

from __future__ import annotations

import asyncio
import re
import socket
import statistics
import time
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from bench.calls import program
from bench.machine import cores
from bench.options import parser, plainly, progress, settled, workplace
from bench.report import Goal, Results, Row, Table, circumstances, publish
from bench.servers import Salon

SALON = "Salon"
DAY_MS = 86_400_000
CLOCKS_OFF = (0, DAY_MS, -DAY_MS)
PATIENCE_SECONDS = 30.0
FLAGS = ["--no-sandbox", "--disable-gpu", "--mute-audio", "--disable-background-timer-throttling"]
CLOCK = """(() => {
    const real = Date.now.bind(Date), monotone = performance.now.bind(performance)
    const began = real(), first = monotone()
    window.bench = { changes: [], now: real }
    if (AHEAD === 0) return
    Date.now = () => Math.round(began + AHEAD + (real() - began) * 1.0002)
    performance.now = () => first + (monotone() - first) * 1.0002
    Object.defineProperty(performance, 'timeOrigin', { value: began + AHEAD - first })
})()"""
WATCH = """() => {
    const digits = document.querySelector('.digits')
    bench.left = () => digits.textContent.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
    new MutationObserver(() => bench.changes.push([bench.left(), bench.now()]))
        .observe(digits, { childList: true, characterData: true, subtree: true })
    const button = (name) => [...document.querySelectorAll('button')].find((one) => one.textContent.trim() === name)
    // Connected: the timer can be worked.
    bench.works = () => button('Pause')?.disabled === false
}"""


class Stand:
    """Three pages in one room whose timer runs, and a server that can be killed."""

    def __init__(self, folder: Path, results: Results) -> None:
        self._folder, self._results = folder, results
        self._said: list[str] = []
        # The same after each killing: pages come back to the address that they know.
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.server = self._start()
        self.pages: list[Page] = []

    def _start(self) -> Salon:
        return Salon(self._folder, cores()[0], settings={"port": str(self._port)})

    async def gather(self, browser: Browser) -> None:
        link = f"http://127.0.0.1:{self._port}/"
        for number, ahead in enumerate(CLOCKS_OFF):
            context = await browser.new_context(viewport={"width": 1280, "height": 800})
            page = await context.new_page()
            page.set_default_timeout(PATIENCE_SECONDS * 1000)
            await page.add_init_script(CLOCK.replace("AHEAD", str(ahead)))
            page.on("pageerror", lambda error: self._results.faults.append(f"a page failed: {error}"))
            if number == 0:
                page.on(
                    "websocket", lambda socket: socket.on("framereceived", lambda frame: self._said.append(str(frame)))
                )
            await page.goto(link)
            await self._come_in(page, number)
            link = page.url
            self.pages.append(page)
        await self.pages[0].get_by_role("button", name="Start", exact=True).click()
        for page in self.pages:
            await page.get_by_role("button", name="Pause").wait_for()
            await page.evaluate(WATCH)

    async def _come_in(self, page: Page, number: int) -> None:
        if number == 0:
            await page.get_by_role("button", name="Study").click()
        await page.get_by_label("Your name").fill(f"Person {number}")
        await page.get_by_role("button", name="Come in" if number == 0 else "Knock").click()
        if number > 0:
            host = self.pages[0]
            if number == 1:
                await (
                    host.get_by_role("button", name="Show people")
                    .or_(host.get_by_role("button", name="People"))
                    .first.click()
                )
            asks = host.get_by_role("group", name=f"Person {number} asks to come in")
            await asks.get_by_role("button", name="Let in").click()
        await page.get_by_role("timer").first.wait_for()

    @property
    def end(self) -> int:
        """When the phase ends, by the server's clock."""
        return int(re.findall(r'"ends_at":(\d+)', "".join(self._said))[-1])

    async def seconds(self, count: int) -> None:
        await asyncio.sleep(count)
        for page, ahead in zip(self.pages, CLOCKS_OFF, strict=True):
            changes = await page.evaluate("bench.changes")
            # The first ones came while the page still asked for the time.
            late = [at - (self.end - 1000 * left) for left, at in changes[2:]]
            self._results.raw.append({"what": "seconds", "ahead_ms": ahead, "late_ms": late})
            for each in late:
                self._results.note(SALON, "late", abs(each))

    async def kill(self) -> None:
        """From the server's first answer, and from its start, until all pages agree."""
        self.server._process.kill()
        self.server._process.wait()
        for page in self.pages:
            await self._until(page, "!bench.works()")
        began = time.monotonic()
        self.server = await asyncio.to_thread(self._start)
        ready = time.monotonic()
        await asyncio.gather(*(self._until(page, "bench.works()") for page in self.pages))
        while not await self._agree():
            pass
        agreed = time.monotonic()
        self._results.note(SALON, "agreed", agreed - ready)
        self._results.note(SALON, "from_start", agreed - began)
        self._results.raw.append({"what": "killed", "agreed": agreed - ready, "from_start": agreed - began})

    async def _agree(self) -> bool:
        return len(set(await asyncio.gather(*(page.evaluate("bench.left()") for page in self.pages)))) == 1

    async def _until(self, page: Page, condition: str) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not await page.evaluate(condition):
            if time.monotonic() > deadline:
                raise RuntimeError(f"{condition}: not within {PATIENCE_SECONDS:.0f} s")
            await asyncio.sleep(0.01)


async def measure(folder: Path, seconds: int, kills: int) -> Results:
    results = Results()
    stand = Stand(folder / "salon", results)
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=program(), args=FLAGS)
            await stand.gather(browser)
            progress(f"seconds on three pages, {seconds} of them")
            await stand.seconds(seconds)
            for number in range(1, kills + 1):
                progress(f"killed, {number} of {kills}")
                await stand.kill()
            await browser.close()
    finally:
        stand.server.stop()
    return results


def table(results: Results) -> Table:
    late, agreed = sorted(results.values["late"][SALON]), results.values["agreed"][SALON]
    worst, slowest = late[-1], max(agreed)
    nearly = late[int(0.99 * (len(late) - 1))]
    started = results.of("from_start", SALON)
    rows = [
        Row("a second on a page and the server's: apart, median, ms", [statistics.median(late)], "{:.0f}"),
        Row("the same, 99th percentile, ms", [nearly], "{:.0f}"),
        Row("the same, worst, ms", [worst], "{:.0f}", Goal("≤ 100 ms", 100, form="{:.0f} ms"), worst),
        Row(
            f"killed {len(agreed)} times: from its first answer until all agree, median, s",
            [statistics.median(agreed)],
            "{:.2f}",
        ),
        Row("the same, worst, s", [slowest], "{:.2f}", Goal("≤ 2 s", 2.0, form="{:.2f} s"), slowest),
        Row("from the start of the program until all agree, median, s", [started], "{:.2f}"),
    ]
    return Table(["study in real browsers", "Salon"], rows)


def main(argv: list[str] | None = None) -> None:
    chosen = settled(parser(__doc__).parse_args(argv))
    seconds, kills = (10, 3) if chosen.quick else (40, 10)
    with plainly(), workplace(chosen.folder) as folder:
        results = asyncio.run(measure(folder, seconds, kills))
    note = circumstances(1, results, None, "Chromium", peer=False, checked="no page failed")
    publish("bench-study", table(results), [note], results, write=chosen.write)


if __name__ == "__main__":
    main()
