"""A device that is short of time: fewer pictures, sound goes on, and all of it comes back."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.e2e import call_page_steps as call
from tests.e2e.conftest import Opener

pytestmark = [
    pytest.mark.real("whole-chromium"),
    pytest.mark.timeout(240),
    pytest.mark.xdist_group("media"),
]

# Every connection that the page makes can be asked.
CONNECTIONS = """(() => {
  const Native = window.RTCPeerConnection
  window.connections = []
  window.RTCPeerConnection = class extends Native {
    constructor(...given) {
      super(...given)
      connections.push(this)
    }
  }
})()"""
# Pictures a second that may go out, over the connection of now.
RATE = """() => {
  const sender = connections.at(-1).getSenders().find(({ track }) => track?.kind === 'video')
  return sender.getParameters().encodings[0].maxFramerate
}"""
# As large as the other one sees her, there are so many at least.
USUAL = 24
# As on a device that does a lot besides: of 0.7 s 0.6 are gone.
BUSY = """() => {
  window.busy = setInterval(() => {
    const begun = performance.now()
    while (performance.now() - begun < 600);
  }, 700)
}"""


@pytest.fixture
def browser_flags(tone: Path) -> list[str]:
    return call.flags(tone)


async def rate(page: Page) -> float:
    found: float = await page.evaluate(RATE)
    return found


@pytest.mark.feature("M7", "M8")
async def test_it_sends_less_and_later_all_again(people: Opener) -> None:
    ana, ben = await call.meeting(people, "Ana", "Ben")
    await ana.add_init_script(CONNECTIONS)
    await ana.reload()
    for page in (ana, ben):
        await call.join(page)
    await call.moves(call.tile(ben, "Ana"))
    # Fewer go out while nobody has said how large they see her, and while the machine is busy with something else.
    await ana.wait_for_function(f"() => ({RATE})() >= {USUAL}", polling=200, timeout=60_000)
    usual = await rate(ana)
    await ana.evaluate(BUSY)
    notice = ana.get_by_text("This device is short of time")
    await call.more(ana, "Connections…")
    await expect(notice).to_be_visible(timeout=60_000)

    await ana.wait_for_function(f"() => ({RATE})() <= {usual} / 2", polling=200, timeout=30_000)
    # Still the same connection, and its pictures come.
    await call.moves(call.tile(ben, "Ana"))
    assert await ana.evaluate("connections.length") == 1
    await ana.evaluate("clearInterval(busy)")
    await expect(notice).to_have_count(0, timeout=120_000)

    await ana.wait_for_function(f"() => ({RATE})() === {usual}", polling=200, timeout=60_000)
    assert await ana.evaluate("connections.length") == 1
