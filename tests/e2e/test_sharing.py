"""What the share sheet of a phone gives to the installed page: kept, asked about, sent, thrown away."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.e2e import steps
from tests.e2e.conftest import Opener, fixture
from tests.e2e.test_files import files, taken
from tests.e2e.test_looks import find_faults
from tests.support.line import Line
from tests.support.process import ServerProcess
from tests.support.turn import free_port

pytestmark = [pytest.mark.real("chromium"), pytest.mark.timeout(120)]

# As the system does it for an installed page: a form that takes its window along.
SHARE = """({ text, files }) => {
    const form = Object.assign(document.createElement('form'), {
        action: '/share/files', method: 'post', enctype: 'multipart/form-data' })
    const data = new DataTransfer()
    for (const [name, content] of files) data.items.add(new File([content], name, { lastModified: 1 }))
    const picker = Object.assign(document.createElement('input'), { type: 'file', name: 'files', multiple: true })
    picker.files = data.files
    form.append(picker, Object.assign(document.createElement('input'), { name: 'text', value: text }))
    document.body.append(form)
    setTimeout(() => form.submit())
}"""
SET_UP = """async () => {
    dispatchEvent(new Event('appinstalled'))
    await navigator.serviceWorker.ready
    if (!navigator.serviceWorker.controller)
        await new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done, { once: true }))
}"""
WIDER = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture
def line_port() -> int:
    return free_port()


@pytest.fixture
def own_server(tmp_path: Path, line_port: int) -> Iterator[ServerProcess]:
    process = ServerProcess(tmp_path, public_url=f"http://127.0.0.1:{line_port}")
    process.start()
    yield process
    process.kill()


@fixture()
async def line(own_server: ServerProcess, line_port: int) -> AsyncIterator[Line]:
    made = Line(int(own_server.url.rsplit(":", 1)[1]), 50_000_000, at=line_port)
    await made.open()
    yield made
    await made.cut()


async def share(page: Page, text: str = "", **texts: str) -> None:
    given = [[name.replace("_", "."), content] for name, content in texts.items()]
    await page.evaluate(SHARE, {"text": text, "files": given})


async def install(page: Page) -> None:
    await page.wait_for_function("() => document.querySelector('h1')")
    await page.evaluate(SET_UP)


@pytest.mark.feature("D2", "O9", "O10")
async def test_what_a_phone_shares_goes_where_its_owner_says(people: Opener, line: Line) -> None:
    phone = await people(phone=True, foreign=line.url)
    await phone.goto(line.url)
    await install(phone)
    await share(phone, "from the lake", photo_jpg="a lake", path_gpx="left at the chapel")
    await expect(phone.get_by_role("heading", name="Where shall it go?")).to_be_visible()
    await phone.reload()
    for word in ("from the lake", "photo.jpg", "path.gpx"):
        await expect(phone.get_by_text(word, exact=True)).to_be_visible()
    for mode in ("dark", "light"):
        await phone.emulate_media(color_scheme=mode)
        assert await find_faults(phone) == []
    await phone.set_viewport_size({"width": 320, "height": 640})
    assert await phone.evaluate(WIDER) <= 0

    # One press, and it is in a room with a PIN.
    await phone.get_by_role("button", name="New Drop").click()
    for name in ("photo.jpg", "path.gpx"):
        await expect(taken(phone, name)).to_be_visible()
    await expect(files(phone).get_by_text("from the lake")).to_be_visible()
    laptop = await people()
    await steps.find_by_pin(laptop, await steps.pin_of(phone))
    await laptop.get_by_role("button", name="Come in").click()
    await expect(taken(laptop, "photo.jpg")).to_be_visible()

    # It was sent: nothing of it is left, and a reload sends nothing anew.
    await phone.reload()
    await expect(taken(phone, "photo.jpg")).to_have_count(1)
    room = phone.url
    await phone.goto(f"{line.url}/share")
    await expect(phone.get_by_role("heading", name="Nothing is shared")).to_be_visible()

    # Into the same room; the server is away for a moment.
    await line.cut()
    await share(phone, late_txt="after dinner")
    await expect(phone.get_by_text("kept on this device for a day")).to_be_visible()
    await line.open()
    await phone.get_by_role("link", name="Go on").click()
    await phone.get_by_role("button", name=re.compile("Drop$")).last.click()
    await expect(phone).to_have_url(room)
    await expect(taken(laptop, "late.txt")).to_be_visible()


@pytest.mark.feature("D1", "D2")
async def test_what_is_shared_is_put_away_by_hand_by_time_and_where_one_may_not(people: Opener, line: Line) -> None:
    host = await people()
    await steps.create_room(host, "Drop")
    phone = await people(phone=True, foreign=line.url)
    await phone.goto(line.url + "/r/" + host.url.rsplit("/", 1)[1])
    await phone.get_by_role("button", name="Come in").click()
    await expect(phone.get_by_text("Only Linux computer can send here")).to_be_visible()

    # Without its service worker the server says what to do.
    await phone.goto(line.url)
    await share(phone, note_txt="hello")
    await expect(phone.get_by_role("heading", name="It did not get here")).to_be_visible()
    await phone.goto(line.url)
    await install(phone)

    # Where one may not send, it is kept for another room.
    await share(phone, note_txt="hello")
    await phone.get_by_role("button", name=re.compile("Drop$")).last.click()
    await expect(phone.get_by_text("Only some may put files into this room")).to_be_visible()
    await phone.get_by_role("button", name="Choose another room").click()
    await expect(phone.get_by_text("note.txt", exact=True)).to_be_visible()

    await phone.get_by_role("button", name="Send nothing").click()
    await expect(phone.get_by_role("heading", name="Open a room.")).to_be_visible()
    await share(phone, other_txt="hello")
    await expect(phone.get_by_text("other.txt", exact=True)).to_be_visible()
    # Whoever opens the app again is told of it.
    await phone.add_init_script("Object.defineProperty(navigator, 'standalone', { value: true })")
    await phone.goto(line.url)
    await phone.get_by_role("button", name="Look").click()
    await expect(phone.get_by_text("other.txt", exact=True)).to_be_visible()
    await phone.clock.set_fixed_time(datetime.now(UTC) + timedelta(hours=25))
    await phone.reload()
    await expect(phone.get_by_role("heading", name="Nothing is shared")).to_be_visible()
    await expect(taken(host, "note.txt")).to_have_count(0)
