"""Joining and leaving, many times over: nothing is left behind, in the pages or on the server."""

from __future__ import annotations

import sqlite3
import statistics
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e import meeting_steps as call
from tests.e2e.conftest import Opener
from tests.support.process import ServerProcess
from tests.support.recorder import eventually

pytestmark = [
    pytest.mark.real("whole-chromium"),
    pytest.mark.timeout(300),
    pytest.mark.xdist_group("media"),
]
ROUNDS = 30
JOIN_SECONDS = 1.0
"""From the click to the first picture of somebody else that is decoded: the median of all rounds."""
JOIN = """() => new Promise((done) => {
  const begin = performance.now()
  ;[...document.querySelectorAll('button')].find((each) => each.textContent.includes('Join again')).click()
  const timer = setInterval(async () => {
    if (!(await inbound('video')).some((row) => row.framesDecoded > 0)) return
    clearInterval(timer)
    done((performance.now() - begin) / 1000)
  }, 20)
})"""


@pytest.fixture
def browser_flags(tone: Path) -> list[str]:
    return call.flags(tone)


def places(folder: Path) -> int:
    """That the server's database has."""
    [file] = folder.glob("data/*.sqlite*") if list(folder.glob("data/*.sqlite")) else folder.glob("data/*.db")
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
        found: int = database.execute("SELECT count(*) FROM call_seats").fetchone()[0]
    return found


@pytest.mark.feature("M2", "M8")
async def test_thirty_rounds(people: Opener, own_server: ServerProcess, tmp_path: Path) -> None:
    ana, ben = await call.meet(people, "Ana", "Ben")
    took = []
    for at in range(ROUNDS):
        await call.until(
            ana, "async () => (await inbound('video')).some((row) => row.framesDecoded > 0)", f"round {at}"
        )
        await call.has_connections(ana, 1)
        await call.has_connections(ben, 1)
        await call.leave_call(ben)
        await call.has_connections(ana, 0)
        await call.has_connections(ben, 0)
        took.append(await ben.evaluate(JOIN))
        await expect(call.control(ben, "Leave the call")).to_be_visible()
    print("seconds to join:", sorted(round(each, 2) for each in took))
    assert statistics.median(took) <= JOIN_SECONDS, took
    await call.both_ways(ana, "Ana", ben, "Ben")
    await call.leave_call(ben)
    await call.leave_call(ana)
    for page in (ana, ben):
        await call.has_connections(page, 0)
        # Nobody's devices are open either: only what is looked at before the next call.
        await expect(page.locator("article[data-kind]")).to_have_count(0)
    # A page has left at once; the server hears of it.
    await eventually(lambda: places(tmp_path) == 0, "no place to be left")
