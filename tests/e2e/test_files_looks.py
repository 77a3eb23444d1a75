"""The panel of files in all its states: nothing that axe finds, light and dark, and no scrolling sideways at 320 px."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Page, expect

from tests.e2e.conftest import Opener
from tests.e2e.test_files import choose, come_by_phone, drop, files, open_drop, own_server, taken
from tests.e2e.test_looks import SETTLED, find_faults
from tests.support.process import ServerProcess
from tests.support.turn import free_port

__all__ = ["own_server"]

pytestmark = [
    pytest.mark.real("chromium"),
    pytest.mark.timeout(180),
    pytest.mark.parametrize("own_server", [{"file_mib": "2", "room_files_mib": "3"}], indirect=True),
]

LONG = "A name as people give who want to be quite exact about what is in it, second version (really).txt"
# What is cut off on purpose (a long name, a list that scrolls by itself) widens nothing.
PASTE = """([name, text]) => {
    const data = new DataTransfer()
    data.items.add(new File([text], name))
    document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }))
}"""
WIDER = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture
def line_port() -> int:
    return free_port()


def content(file: Path) -> bytes:
    return file.read_bytes()


async def look(page: Page, *, narrow: bool = True) -> None:
    """Both lights, and as narrow as pages are read when they are enlarged to 400 %."""
    for mode in ("dark", "light"):
        await page.emulate_media(color_scheme=mode)
        assert await find_faults(page) == []
    if narrow:
        before = page.viewport_size
        assert before is not None
        await page.set_viewport_size({"width": 320, "height": 640})
        # The page learns of its new width with the next frame.
        await page.evaluate(SETTLED)
        assert await page.evaluate(WIDER) <= 0
        await page.set_viewport_size(before)
        await page.evaluate(SETTLED)


@pytest.mark.feature("D1", "D2", "D6", "D7", "O10")
async def test_who_sends_sees_it_well(people: Opener, own_server: ServerProcess, tmp_path: Path) -> None:
    host = await open_drop(people, "Ana")
    await expect(host.get_by_role("button", name="Drop files here")).to_be_visible()
    await look(host)
    await drop(host, **{LONG.replace(".", "_"): "x"})
    await expect(taken(host, LONG)).to_be_visible()
    await expect(host.get_by_role("heading", name="Open this on the other device")).to_be_visible()

    # Too large for a file, and too much for the room: with numbers, and what to do.
    for name, size in (("large.bin", 2_200_000), ("one.bin", 2_000_000), ("two.bin", 2_000_000)):
        (tmp_path / name).write_bytes(bytes(size))
        await choose(host, tmp_path / name)
        if name == "one.bin":
            await expect(taken(host, name)).to_be_visible()
    alerts = files(host).get_by_role("alert")
    await expect(alerts.first).to_have_text(re.compile("It has 2.2 MB, and a file may have 2.1 MB here"))
    await expect(alerts.last).to_have_text(re.compile("It has 2 MB, and the room has place for .* Delete something"))
    await look(host)
    for name in ("large.bin", "two.bin"):
        await host.get_by_role("button", name=f"Put {name} away").click()

    await host.get_by_role("button", name="More for files").click()
    await host.get_by_role("menuitem", name="Settings of files").click()
    await host.get_by_label("A file is deleted after").select_option("60")
    await look(host)
    await host.keyboard.press("Escape")
    await host.get_by_role("button", name="Text", exact=True).click()
    await host.get_by_role("textbox", name="Text").fill("the key is under the mat")
    await look(host)
    await host.get_by_role("button", name="Send", exact=True).click()
    await expect(files(host).get_by_text("gone in 1 h")).to_be_visible()
    await host.get_by_role("button", name="More for files").click()
    await host.get_by_role("menuitem", name="Choose several").click()
    await host.get_by_role("checkbox", name=f"Choose {LONG}").check()
    await look(host)


@pytest.mark.feature("D1", "D2", "D8", "O10")
async def test_who_receives_sees_it_well(people: Opener, own_server: ServerProcess, tmp_path: Path) -> None:
    host = await open_drop(people, "Ana")
    phone = await come_by_phone(people, host, "Ben")
    await expect(phone.get_by_text("Only Ana can send here")).to_be_visible()
    await look(phone)
    await host.get_by_role("button", name="Send to iPhone").click()
    await host.get_by_role("menuitem", name="Send a text…").click()
    await host.get_by_role("textbox", name="Text").fill("the key is under the mat")
    await host.get_by_role("button", name="Send", exact=True).click()
    await expect(phone.get_by_text("Ana sends you")).to_be_visible()
    await look(phone)
    await phone.get_by_role("button", name="Accept").click()
    await expect(phone.get_by_text("the key is under the mat")).to_be_visible()
    # A file that was accepted is saved at once.
    await host.get_by_role("button", name="Send to iPhone").click()
    async with host.expect_file_chooser() as chooser:
        await host.get_by_role("menuitem", name="Send files…").click()
    await (await chooser.value).set_files({"name": "lake.bin", "mimeType": "", "buffer": b"a lake"})
    await expect(phone.get_by_text("lake.bin · 6 bytes")).to_be_visible()
    await expect(host.get_by_text("Not answered yet")).to_be_visible()
    async with phone.expect_download() as coming:
        await phone.get_by_role("button", name="Accept").click()
    saved = await coming.value
    assert (saved.suggested_filename, content(await saved.path())) == ("lake.bin", b"a lake")
    # One press, and whoever is here may send too.
    await host.get_by_role("button", name="Let everyone send").click()
    await expect(phone.get_by_role("button", name="Choose files")).to_be_visible()
    await drop(phone, back_txt="thank you")
    Image.new("RGB", (8, 8), "teal").save(tmp_path / "lake.png")
    # The chooser that opens the camera.
    await phone.get_by_label("Picture to send").set_input_files(tmp_path / "lake.png")
    await host.evaluate(PASTE, ["pasted.txt", "from the clipboard"])
    for name in ("back.txt", "lake.png"):
        await expect(taken(host, name)).to_be_visible()
    await expect(taken(phone, "pasted.txt")).to_be_visible()
    await look(phone)
