"""Calls in real browsers: how soon people see each other, how soon a mute is silence, and eight of them at once.

Each is a page of the product with a camera and a microphone that are not there; browsers and server share the machine.
Joining is timed from the click to the first picture of somebody else that was decoded, each time by a page that was
just loaded, with its camera open as in front of every call. Silence is timed from the click to the last sample at the
other side that is not silent. Both pages read the same clock.
"""

from __future__ import annotations

import argparse
import asyncio
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, Playwright, async_playwright

from bench.call_pages import Person, browsers, frames, open_person, until, write_voice
from bench.machine import cores
from bench.options import parser, plainly, progress, settled, workplace
from bench.report import Goal, Results, Row, Table, circumstances, publish
from bench.servers import Salon
from toolkit.common import Trouble
from toolkit.ordinary import ordinary

SALON = "Salon"
EIGHT = 8
TURN = 0.25
"""Of eight people each speaks so much of the time."""
QUIET_MS = 600
"""So long nothing was heard: the mute has arrived."""
PROGRAMS = (
    "/usr/bin/chromium",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


@dataclass(frozen=True)
class Plan:
    joins: int = 10
    fourths: int = 10
    mutes: int = 5
    eight: bool = True


def program() -> str:
    for one in PROGRAMS:
        if Path(one).exists():
            return ordinary(one)
    raise Trouble("This needs Chromium (Debian: apt-get install chromium).")


class Stand:
    """A server, and what is measured in rooms of it."""

    def __init__(self, server: Salon, playwright: Playwright, folder: Path, results: Results) -> None:
        self._server, self._playwright, self._results = server, playwright, results
        self._voice, self._turns = folder / "voice.wav", folder / "turns.wav"
        write_voice(self._voice)
        write_voice(self._turns, TURN)
        self._people: list[Person] = []

    async def _gather(self, running: list[Browser], names: list[str], small: bool = False) -> list[Person]:
        """All of them in front of the call of a new room; each in the next of the browsers. ``small``: but for the
        host, as if all windows stood on one screen."""
        people: list[Person] = []
        link = f"http://127.0.0.1:{self._server.port}/"
        for number, name in enumerate(names):
            width, height = (480, 360) if small and number else (1280, 800)
            person = await open_person(running[number % len(running)], link, width=width, height=height)
            if number == 0:
                await person.page.get_by_role("button", name="Meeting").click()
            await person.come_in(name)
            link = person.page.url
            people.append(person)
        self._people += people
        return people

    def faults(self) -> list[str]:
        return [fault for person in self._people for fault in person.faults]

    async def pair(self, plan: Plan) -> None:
        async with browsers(self._playwright, program(), 2, self._voice) as running:
            there, comes = await self._gather(running, ["Ana", "Bo"])
            await there.join(0)
            for number in range(plan.joins):
                first, _ = await comes.join(1)
                self._results.note(SALON, "join", first)
                self._results.raw.append({"server": SALON, "what": "join", "seconds": first})
                if number < plan.joins - 1:
                    await comes.leave()
            await self._mutes(there, comes, plan.mutes)

    async def _mutes(self, speaks: Person, hears: Person, count: int) -> None:
        await hears.page.evaluate("bench.listen()")
        for _ in range(count):
            await until(hears.page, "bench.sounds()", "the voice")
            await speaks.page.evaluate("bench.presses()")
            await speaks.page.get_by_role("button", name="Mute the microphone").click()
            await until(hears.page, f"bench.quiet({QUIET_MS})", "silence")
            after = await hears.page.evaluate("bench.heard") - await speaks.page.evaluate("bench.pressed")
            self._results.note(SALON, "silence", max(0.0, after))
            self._results.raw.append({"server": SALON, "what": "silence", "ms": after})
            await speaks.page.get_by_role("button", name="Switch the microphone on").click()

    async def four(self, times: int) -> None:
        async with browsers(self._playwright, program(), 4, self._voice) as running:
            people = await self._gather(running, ["Ana", "Bo", "Cy", "Di"])
            for number, person in enumerate(people[:-1]):
                await person.join(number)
            last = people[-1]
            for number in range(times):
                if number > 0:
                    await last.leave()
                first, whole = await last.join(len(people) - 1)
                self._results.note(SALON, "fourth", first)
                self._results.note(SALON, "fourth_all", whole)
                self._results.raw.append({"server": SALON, "what": "fourth", "first": first, "all": whole})

    async def eight(self) -> None:
        """In one browser, with the smallest pictures; each of them speaks for a part of the time, two at once."""
        async with browsers(self._playwright, program(), 1, self._turns) as running:
            people = await self._gather(running, [f"Person {number}" for number in range(1, EIGHT + 1)], small=True)
            await choose_smallest(people[0])
            for number, person in enumerate(people):
                try:
                    # One after the other, as people come: each when the one before sees all.
                    await person.join(number)
                except RuntimeError as error:
                    progress(str(error))  # Whose pictures do move is counted all the same.
            decoded = await self._directions(people)
            self._results.note(SALON, "directions", float(decoded))
            self._results.raw.append({"server": SALON, "what": "eight", "directions": decoded})

    async def _directions(self, people: list[Person]) -> int:
        """How many pictures of one at another one go on moving."""
        moving = f"bench.frames().filter((frames) => frames > 0).length === {EIGHT - 1}"
        for person in people:
            try:
                await until(person.page, moving, "seven others")
            except RuntimeError as error:
                progress(str(error))
                break  # What does move is counted all the same.
        before = [await frames(person.page) for person in people]
        await asyncio.sleep(4)
        after = [await frames(person.page) for person in people]
        pairs = zip(before, after, strict=True)
        return sum(now > then for thens, nows in pairs for then, now in zip(thens, nows, strict=False))


async def choose_smallest(host: Person) -> None:
    page = host.page
    await page.get_by_role("button", name="Room settings").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Size of pictures").select_option("smallest")
    await page.keyboard.press("Escape")
    await dialog.wait_for(state="hidden")


async def measure(folder: Path, plan: Plan) -> Results:
    results = Results()
    async with async_playwright() as playwright:
        with Salon(folder / "salon", cores()[0]) as server:
            stand = Stand(server, playwright, folder, results)
            progress(f"two people, {plan.joins} times")
            await stand.pair(plan)
            progress(f"the fourth person, {plan.fourths} times")
            await stand.four(plan.fourths)
            if plan.eight:
                progress(f"{EIGHT} people in one browser")
                await stand.eight()
            results.faults += stand.faults()
    return results


def table(results: Results) -> Table:
    def row(what: str, name: str, form: str, unit: str, limit: float) -> Row:
        reached = results.of(name, SALON)
        goal = Goal(f"≤ {limit:g}{unit}", limit, form=form + unit)
        return Row(what, [reached], form, goal, reached)

    results.values["silence_longest"] = {SALON: [max(results.values["silence"][SALON])]}
    rows = [
        row("two people: from the click to the first picture, median, s", "join", "{:.2f}", " s", 1.0),
        row("the fourth person: to the first picture, median, s", "fourth", "{:.2f}", " s", 2.0),
        Row("the fourth person: to the pictures of all three, median, s", [results.of("fourth_all", SALON)], "{:.2f}"),
        row("mute to silence at the other side, longest, ms", "silence_longest", "{:.0f}", " ms", 200.0),
    ]
    directions = results.of("directions", SALON)
    if directions is not None:
        all_of_them = EIGHT * (EIGHT - 1)
        goal = Goal(f"{all_of_them}", all_of_them, least=True, form="{:.0f}")
        rows.append(Row("eight people, 160×90: directions that move", [directions], "{:.0f}", goal, directions))
    return Table(["calls in real browsers", "Salon"], rows)


def main(argv: list[str] | None = None) -> None:
    asked: argparse.ArgumentParser = parser(__doc__)
    chosen = settled(asked.parse_args(argv))
    plan = Plan(joins=3, fourths=2, mutes=2, eight=False) if chosen.quick else Plan()
    with plainly(), workplace(chosen.folder) as folder:
        results = asyncio.run(measure(folder, plan))
    note = circumstances(1, results, None, "Chromium", peer=False, checked="every picture that is counted was decoded")
    publish("bench-calls", table(results), [note], results, write=chosen.write)


if __name__ == "__main__":
    main()
