"""The site's own pages: announcements, limits and storage for administrators; one's own list of rooms."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e import steps
from tests.e2e.conftest import Opener
from tests.e2e.test_looks import find_faults
from tests.support.process import ServerProcess

pytestmark = [pytest.mark.real("chromium"), pytest.mark.timeout(180)]

EMAIL, PASSWORD = "root@example.org", "correct horse battery"


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[ServerProcess]:
    """One with an administrator."""
    process = ServerProcess(tmp_path)
    process.start()
    subprocess.run(
        [sys.executable, *process.program, "user", "add", EMAIL, "--name", "Root", "--admin"],
        input=f"{PASSWORD}\n{PASSWORD}\n".encode(),
        env={"SALON_DATA_DIR": str(tmp_path / "data"), "PATH": "", "PYTHONPATH": ":".join(sys.path)},
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    yield process
    process.kill()


async def sign_in(page: Page, then: str) -> None:
    await page.goto(f"/account?back={then}")
    await page.get_by_label("E-mail address").fill(EMAIL)
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(page.get_by_role("navigation", name="Administration")).to_be_visible()


def announcement(page: Page, text: str) -> Locator:
    return page.get_by_role("status", name="Announcement").filter(has_text=text)


@pytest.mark.feature("P6", "O10")
async def test_an_announcement_reaches_everyone_once(own_server: ServerProcess, people: Opener) -> None:
    guest, root = await people(phone=True), await people()
    await steps.create_room(guest)
    await steps.come_in(guest, "Ana")
    await sign_in(root, "/admin/announcements")
    assert await find_faults(root) == []
    await root.get_by_label("What everyone is to read").fill("We restart at nine.")
    await root.get_by_text("Important", exact=True).click()
    await root.get_by_role("button", name="Tell everyone").click()
    # In the room without a reload; on the front page too.
    await expect(announcement(guest, "We restart at nine.")).to_be_visible()
    assert await find_faults(guest) == []
    other = await people(dark=True)
    await other.goto("/")
    await expect(announcement(other, "We restart at nine.")).to_be_visible()
    assert await find_faults(other) == []
    # Once for each reader, also on their next page and their other device.
    # It is away here at once; for the other device the server has to know of it.
    async with guest.expect_response("**/api/announcements/*/read"):
        await guest.get_by_role("button", name="Put this announcement away").click()
    await expect(announcement(guest, "We restart")).to_have_count(0)
    await expect(steps.composer(guest)).to_be_visible()
    further = await people(same_as=guest)
    await further.goto("/")
    await further.evaluate("() => localStorage.removeItem('salon.put-away')")
    await further.reload()
    await expect(further.get_by_role("heading", name="Open a room")).to_be_visible()
    await expect(further.get_by_role("heading", name="Your rooms")).to_be_visible()
    await expect(announcement(further, "We restart")).to_have_count(0)
    # Taken back, it goes from all pages.
    await root.get_by_label("What everyone is to read").fill("Cake in the kitchen.")
    await root.get_by_role("button", name="Tell everyone").click()
    await expect(announcement(guest, "Cake")).to_be_visible()
    await root.get_by_role("listitem").filter(has_text="Cake").get_by_role("button", name="Take back…").click()
    await steps.answer(root, "Take back")
    await expect(announcement(guest, "Cake")).to_have_count(0)


@pytest.mark.feature("P6", "R1", "O10")
async def test_limits_are_in_force_at_once(own_server: ServerProcess, people: Opener) -> None:
    root, guest = await people(), await people()
    await sign_in(root, "/admin/limits")
    await expect(root.get_by_role("heading", name="Limits")).to_be_visible()
    assert await find_faults(root) == []
    await root.get_by_role("switch", name="Only people with an account create rooms").click()
    await expect(root.get_by_text("In force now.")).to_be_visible()
    await guest.goto("/")
    await expect(guest.get_by_text("On this server people with an account open rooms.")).to_be_visible()
    await expect(guest.get_by_role("button", name="Meeting")).to_have_count(0)
    await expect(guest.get_by_label("PIN")).to_be_visible()
    await root.get_by_label("New rooms an hour").fill("none")
    await root.get_by_role("button", name="Save").click()
    await expect(root.get_by_role("alert")).to_contain_text("A number from 1")
    await root.get_by_label("New rooms an hour").fill("7")
    await root.get_by_label("People in a room at most").fill("30")
    # A reload would not wait for it.
    async with root.expect_response("**/api/admin/limits"):
        await root.get_by_role("button", name="Save").click()
    await root.reload()
    await expect(root.get_by_label("New rooms an hour")).to_have_value("7")
    await root.get_by_role("button", name="Back to the configuration").click()
    await expect(root.get_by_label("New rooms an hour")).to_have_value("120")
    await expect(root.get_by_role("switch", name="Only people with an account create rooms")).not_to_be_checked()
    await root.goto("/admin/storage")
    await expect(root.get_by_role("heading", name="The largest rooms")).to_be_visible()
    await expect(root.get_by_text("Free on the disk")).to_be_visible()
    assert await find_faults(root) == []
    await root.goto("/admin/audit")
    await expect(root.get_by_text("changed the limits of the server").first).to_be_visible()


@pytest.mark.feature("R7", "O10")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_ones_own_rooms(people: Opener, dark: bool) -> None:
    ana, ben = await people(phone=dark, dark=dark), await people(dark=dark)
    await steps.create_room(ana)
    await steps.come_in(ana, "Ana")
    room = ana.url
    pin = await steps.pin_of(ana)
    await ben.goto(room)
    await steps.come_in(ben, "Ben")
    await ana.goto("/rooms")
    mine = ana.get_by_role("region", name="Rooms you run").get_by_role("listitem")
    await expect(mine).to_contain_text("Meeting")
    assert pin in "".join((await mine.inner_text()).split())
    assert await find_faults(ana) == []
    await mine.get_by_role("button", name="Enter").click()
    await expect(steps.composer(ana)).to_be_visible()
    # A way back from the front page, for who was only a guest in it.
    await ben.goto("/")
    await expect(ben.get_by_role("link", name="Meeting")).to_be_visible()
    await ben.get_by_role("link", name="Show all").click()
    visited = ben.get_by_role("region", name="Rooms you visited").get_by_role("listitem")
    await expect(visited).to_contain_text("Meeting")
    assert await find_faults(ben) == []
    # Closed from the list; for the other it has ended, and may be forgotten.
    await ana.goto("/rooms")
    await mine.get_by_role("button", name="More about Meeting").click()
    await ana.get_by_role("menuitem", name="Close the room…").click()
    await steps.answer(ana, "Close for everyone")
    await expect(mine).to_have_count(0)
    await ben.reload()
    await expect(visited).to_contain_text("Ended")
    await visited.get_by_role("button", name="Forget Meeting").click()
    await expect(visited).to_have_count(0)
    await ben.reload()
    await expect(ben.get_by_text("Rooms that you come to are here")).to_be_visible()
