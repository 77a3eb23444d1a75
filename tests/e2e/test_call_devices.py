"""A call without the devices that others have."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e import meeting_steps as call
from tests.e2e.conftest import Opener

pytestmark = [
    pytest.mark.real("whole-chromium"),
    pytest.mark.timeout(240),
    pytest.mark.xdist_group("media"),
]


@pytest.fixture
def browser_flags(tone: Path) -> list[str]:
    return call.flags(tone)


@pytest.mark.feature("M1")
async def test_without_any_device(people: Opener) -> None:
    """Somebody without a camera and a microphone sees and hears, and is told why nobody sees them."""
    [ana] = await call.meet(people, "Ana")
    ben = await people(width=1100, height=700)
    await call.prepare(ben)
    nothing = "() => navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotFoundError') }"
    await ben.context.add_init_script(f"({nothing})()")
    await ben.goto(ana.url)
    await call.come_in(ben, "Ben")
    await call.join_call(ben)
    await call.sees(ben, "Ana")
    await call.sees_nothing_of(ana, "Ben")
    await expect(call.tile(ana, "Ben")).to_have_attribute("aria-label", "Ben, microphone off")
