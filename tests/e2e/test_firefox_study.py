"""A timer rings in a tab that is really out of sight: Firefox hides those that are not in front and slows them down."""

from __future__ import annotations

import pytest

from tests.e2e import firefox_steps as fox
from tests.e2e.conftest import FirefoxOpener
from tests.support.firefox_page import button, css, role

pytestmark = [
    pytest.mark.real("firefox", "loudspeakers"),
    pytest.mark.timeout(240),
    pytest.mark.xdist_group("media"),
]

FOCUS_MS = 6_000
LISTEN = """() => {
    window.heard = []
    const start = OscillatorNode.prototype.start
    OscillatorNode.prototype.start = function (...rest) {
        heard.push([Date.now(), document.visibilityState])
        return start.apply(this, rest)
    }
    document.addEventListener('click', () => (window.startedAt = Date.now()), true)
    return true
}"""


@pytest.mark.feature("S2")
async def test_it_rings_on_time_in_a_hidden_tab(in_firefox: FirefoxOpener) -> None:
    ana = await in_firefox()
    await ana.press(css("button").having("Side by side"))
    await fox.come_in(ana, "Ana")
    await ana.press(button("Lengths and cycles"))
    await ana.fill(role("textbox", "Focus, minutes"), "0")
    await ana.fill(role("textbox", "Focus, seconds"), str(FOCUS_MS // 1000))
    await ana.press(button("Save"))
    await ana.miss(role("dialog"))
    await ana.evaluate(LISTEN)
    await ana.press(button("Start"))
    await ana.see(button("Pause"))
    await ana.cover()
    await ana.until("() => heard.length > 0", seconds=20)
    started, (at, seen) = await ana.evaluate("() => [startedAt, heard[0]]")
    assert seen == "hidden"
    late = at - started - FOCUS_MS
    print(f"it rang {late} ms after its time")
    assert -50 < late < 700
    await ana.until("() => document.title.includes('Focus is over')")
    assert "Focus is over" in await ana.evaluate("() => document.querySelector('.rings').textContent")
