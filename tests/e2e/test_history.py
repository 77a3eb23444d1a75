"""A long history: the newest is there at once, the oldest can be reached, and nothing jumps on the way."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.e2e import steps
from tests.e2e.conftest import Opener
from tests.support.process import ServerProcess

pytestmark = [pytest.mark.real("chromium"), pytest.mark.timeout(240)]
MESSAGES = 10_000
FEW = 900
ROWS_IN_PAGE = 120
SLIP = 3
"""Pixels."""

CLIMB = """async (list) => {
  const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
  const top = list.getBoundingClientRect().top
  const place = (one) => one.getBoundingClientRect().top - top
  // A row that nobody has seen yet may still get its height.
  const seen = (one) => one.checkVisibility({ visibilityProperty: true })
  const shown = () => [...list.querySelectorAll('article')].filter(seen)
  const jumps = []
  let most = 0
  let idle = 0
  let atEdge = false
  for (let steps = 0; idle < 300; steps++) {
    // As far as a finger flings in a few frames; the list knows the height of rows that are this near.
    const begun = list.textContent.includes('This is where it began')
    const by = Math.min(list.scrollTop, 350)
    // Who had to wait at the upper edge sees what has come before scrolling on.
    if (by > 0 && atEdge) for (let frames = 0; frames < 5; frames++) await drawn()
    atEdge = by === list.scrollTop
    idle = by === 0 ? idle + 1 : 0
    const anchor = shown().find((one) => place(one) >= 0)
    const expected = place(anchor) + by
    const { key } = anchor.dataset
    list.scrollBy(0, -by)
    const off = () => {
      const now = list.querySelector(`article[data-key="${CSS.escape(key)}"]`)
      return now ? Math.abs(place(now) - expected) : Infinity
    }
    await drawn()
    // On a busy machine a row may be measured a few frames late.
    for (let late = 0; late < 5 && off() > SLIP; late++) await drawn()
    if (off() > SLIP) jumps.push([steps, String(off()), anchor.innerText])
    most = Math.max(most, shown().length)
    if (by === 0 && begun) return { jumps, most, steps }
  }
  return { jumps: [...jumps, 'the beginning is not reached'], most }
}""".replace("SLIP", str(SLIP))
"""Scrolls up to the beginning, and tells where a message was not where it should have been after a step."""


LATE = """{
  // What the server says is held back until the list stands at its upper edge, and comes about when the virtual list
  // takes the scrolling for ended.
  const { get, set } = Object.getOwnPropertyDescriptor(WebSocket.prototype, 'onmessage')
  let last = 0
  const listed = () => document.querySelector('[aria-label="Messages"]')
  document.addEventListener('scroll', () => { last = performance.now() }, { capture: true })
  const ripe = () => listed()?.scrollTop === 0 && performance.now() - last > 140
  let before = Promise.resolve()
  const late = async () => {
    while (window.late && !ripe()) await new Promise((later) => setTimeout(later, 1))
  }
  const hold = (listener) => function (event) {
    before = before.then(late).then(() => listener.call(this, event))
  }
  Object.defineProperty(WebSocket.prototype, 'onmessage', {
    configurable: true,
    get,
    set(listener) { set.call(this, hold(listener)) },
  })
}"""


def fill(database: Path, messages: int) -> None:
    """Messages as if they had been written: through the page that would take minutes."""
    with closing(sqlite3.connect(database)) as connection, connection:
        room, created = connection.execute("SELECT id, created_at FROM rooms").fetchone()
        author, name = connection.execute("SELECT id, name FROM members").fetchone()
        [(last,)] = connection.execute("SELECT last_n FROM conversations WHERE id = ?", (room,))
        assert last == 1
        rows = []
        for n in range(2, messages + 1):
            body = f"entry {n:05}" + "\nand more of it" * (n % 10 == 0) + " and words" * (n % 37 if n % 7 == 0 else 0)
            written = created + n * 10
            rows.append((f"filled-{n}", room, room, n, f"key-{n}", author, name, body, body, written, json.dumps([])))
        connection.executemany(
            "INSERT INTO messages (id, conversation_id, room_id, n, key, author_id, name, body, folded, at, mentions,"
            " pinned) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
            rows,
        )
        connection.execute("UPDATE conversations SET last_n = ? WHERE id = ?", (messages, room))


async def climb(page: Page) -> None:
    listed = steps.messages(page)
    # The list holds on to its end until the reader leaves it, and while a new message comes in, holds on firmly.
    await listed.hover()
    left = page.get_by_role("button", name="Newest")
    while not await left.is_visible():
        await page.mouse.wheel(0, -400)
        await page.evaluate("new Promise((drawn) => setTimeout(drawn, 200))")
    way = await listed.evaluate(CLIMB)
    assert way["jumps"] == []
    assert way["most"] < ROWS_IN_PAGE


async def long_room(ana: Page, server: ServerProcess, database: Path, messages: int) -> None:
    """Ana's room, in which all this has been written before the server began."""
    await steps.create_room(ana)
    await steps.come_in(ana, "Ana")
    await steps.say(ana, "entry 00001")
    await expect(ana.get_by_text("entry 00001")).to_be_visible()
    await ana.reload()
    await steps.see(ana, "entry 00001")
    server.stop()
    fill(database, messages)
    server.start()


@pytest.mark.feature("C1")
async def test_ten_thousand_messages(people: Opener, own_server: ServerProcess, tmp_path: Path) -> None:
    ana = await people()
    await long_room(ana, own_server, tmp_path / "data" / "salon.db", MESSAGES)

    ben = await people(phone=True)
    await ben.goto(ana.url)
    await steps.come_in(ben, "Ben")
    await expect(steps.said(ben, f"entry {MESSAGES}")).to_be_in_viewport()
    assert await steps.messages(ben).get_by_role("article").count() < ROWS_IN_PAGE

    await ana.reload()
    await expect(steps.said(ana, f"entry {MESSAGES}")).to_be_in_viewport()
    await steps.say(ana, "the newest of all")
    await steps.see(ben, "the newest of all")
    await expect(steps.said(ana, "the newest of all")).to_be_in_viewport()
    await climb(ana)
    await expect(steps.said(ana, "entry 00001")).to_be_in_viewport()
    await ana.get_by_role("button", name="Newest").click()
    await expect(steps.said(ana, "the newest of all")).to_be_in_viewport()


@pytest.mark.feature("C1")
async def test_who_waits_for_older_ones_keeps_the_place(
    people: Opener, own_server: ServerProcess, tmp_path: Path
) -> None:
    ana = await people()
    await ana.add_init_script(LATE)
    await long_room(ana, own_server, tmp_path / "data" / "salon.db", FEW)
    await ana.reload()
    await steps.say(ana, "the newest of all")
    await steps.see(ana, "the newest of all")
    await ana.evaluate("window.late = true")
    await climb(ana)
    await expect(steps.said(ana, "entry 00001")).to_be_in_viewport()
