"""Files between two devices: dropped on one, there on the other, whatever becomes of the network on the way."""

from __future__ import annotations

import hashlib
import os
import re
import zipfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.async_api import Locator, Page, expect

from tests.e2e import steps
from tests.e2e.conftest import Opener, fixture
from tests.e2e.test_looks import find_faults
from tests.support.line import Line
from tests.support.process import ServerProcess
from tests.support.recorder import eventually
from tests.support.turn import free_port

pytestmark = [pytest.mark.real("chromium"), pytest.mark.timeout(240)]

BIG = 12_000_000
SLOW = 1_000_000
"""Bytes a second: so that there is a middle to be cut in, also for a browser that stands still for some seconds."""
DROP = """(target, files) => {
    const data = new DataTransfer()
    for (const [name, text] of files) data.items.add(new File([text], name))
    for (const kind of ['dragenter', 'dragover', 'drop'])
        target.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }))
}"""


@pytest.fixture
def line_port() -> int:
    return free_port()


@pytest.fixture
def own_server(tmp_path: Path, line_port: int, request: pytest.FixtureRequest) -> Iterator[ServerProcess]:
    """One that is known by the address of a line to it, for those who come by that."""
    settings = dict(getattr(request, "param", {}))
    process = ServerProcess(tmp_path, public_url=f"http://127.0.0.1:{line_port}", **settings)
    process.start()
    yield process
    process.kill()


@pytest.fixture
def line_speed() -> int:
    """In bytes a second."""
    return SLOW


@fixture()
async def line(own_server: ServerProcess, line_port: int, line_speed: int) -> AsyncIterator[Line]:
    """By which browsers reach the server."""
    made = Line(int(own_server.url.rsplit(":", 1)[1]), line_speed, at=line_port)
    await made.open()
    yield made
    await made.cut()


async def open_drop(people: Opener, name: str, line: Line | None = None) -> Page:
    """A Drop of somebody whose name the browser knows; by the line, if there is one."""
    page = await people(foreign="http://127.0.0.1:")
    await page.goto(line.url if line else "/")
    await page.evaluate("name => localStorage.setItem('salon.name', name)", name)
    await page.reload()
    await page.get_by_role("button", name="Drop").click()
    await expect(files(page)).to_be_visible()
    return page


async def come_by_phone(people: Opener, host: Page, name: str) -> Page:
    page = await people(phone=True)
    await page.goto(urlsplit(host.url).path)
    await page.get_by_label("Your name").fill(name)
    await page.get_by_role("button", name="Come in").click()
    await expect(files(page)).to_be_visible()
    return page


def files(page: Page) -> Locator:
    return page.get_by_role("region", name="Files", exact=True)


def taken(page: Page, name: str) -> Locator:
    """The button by which a file that is here is taken."""
    return page.get_by_role("link", name=f"Download {name}", exact=True)


async def choose(page: Page, *paths: Path, kind: str = "Files") -> None:
    await page.get_by_label(f"{kind} to send").set_input_files(list(paths) if kind == "Files" else paths[0])


async def drop(page: Page, **texts: str) -> None:
    given = [[name.replace("_", "."), text] for name, text in texts.items()]
    await files(page).locator("header").first.evaluate(DROP, given)


async def under_way(page: Page, name: str, least: int = 1) -> None:
    """So many percent of an upload have come."""
    bar = page.get_by_role("progressbar", name=re.compile(re.escape(name)))
    await expect(bar).to_have_attribute("aria-valuenow", re.compile(rf"^({'|'.join(map(str, range(least, 100)))})$"))


def stored(folder: Path) -> set[str]:
    """What the server has of files, wherever below its data."""
    return {str(each.relative_to(folder)) for each in (folder / "files").rglob("*") if each.is_file()}


async def fetched(page: Page, name: str) -> dict[str, str]:
    """The archive that a link leads to, unpacked: path to SHA-256."""
    async with page.expect_download() as coming:
        await page.get_by_role("link", name=name).click()
    with zipfile.ZipFile(await (await coming.value).path()) as archive:
        assert archive.testzip() is None
        return {each: hashlib.sha256(archive.read(each)).hexdigest() for each in archive.namelist()}


@pytest.mark.feature("D1", "D2", "D3", "D4", "D5", "D7", "R8", "P3")
async def test_files_pass_between_devices_through_every_loss(
    people: Opener, own_server: ServerProcess, line: Line, tmp_path: Path
) -> None:
    host = await open_drop(people, "Ana", line)
    await expect(host.get_by_role("heading", name="Open this on the other device")).to_be_visible()
    await expect(files(host).get_by_role("img", name=re.compile("QR code"))).to_be_visible()
    phone = await come_by_phone(people, host, "Ben")
    await expect(phone.get_by_text("Linux computer")).to_be_visible()
    other = await people()
    await steps.find_by_pin(other, await steps.pin_of(host))
    # Whoever has a file to fetch need not think of a name.
    await expect(other.get_by_label("Your name")).to_have_value("Linux computer")
    await other.get_by_role("button", name="Come in").click()

    # Many at once, and a folder.
    sent = {f"note {number}.txt": f"line {number}" for number in range(30)}
    trip = tmp_path / "Trip"
    (trip / "day 1").mkdir(parents=True)
    (trip / "plan.txt").write_text("bread and olives")
    (trip / "day 1" / "path.txt").write_text("left at the chapel")
    Image.new("RGB", (600, 400), "teal").save(trip / "day 1" / "lake.png")
    await drop(host, **{name.replace(".", "_"): text for name, text in sent.items()})
    await choose(host, trip, kind="Folder")
    for page in (phone, other):
        await expect(files(page).locator("header").first).to_contain_text(re.compile("^Files *33 "), timeout=90_000)

    big = tmp_path / "film.bin"
    big.write_bytes(os.urandom(BIG))
    await send_through_losses(host, phone, big, own_server, line)
    await expect(taken(other, "film.bin")).to_be_visible()

    # Looked at on the phone; on the other computer all of it as one archive.
    await phone.get_by_role("button", name=re.compile(r"^lake\.png")).click()
    picture = phone.get_by_role("dialog", name="lake.png").locator("img").last
    await expect(picture).to_have_js_property("naturalWidth", 600)
    await phone.keyboard.press("Escape")
    hashes = {f"Trip/{each.relative_to(trip)}": each.read_bytes() for each in trip.rglob("*") if each.is_file()}
    hashes |= {name: text.encode() for name, text in sent.items()} | {"film.bin": big.read_bytes()}
    want = {name: hashlib.sha256(content).hexdigest() for name, content in hashes.items()}
    assert await fetched(other, "All as ZIP") == want

    await close_and_look(host, [phone, other], tmp_path / "data", want)


async def send_through_losses(host: Page, phone: Page, big: Path, server: ServerProcess, line: Line) -> None:
    """The network goes in the middle, the power, and the page."""
    await choose(host, big)
    await under_way(phone, "film.bin")
    await line.cut()
    await expect(host.get_by_text("no connection, goes on by itself")).to_be_visible()
    await line.open()
    await under_way(host, "film.bin", 25)
    server.kill()
    await expect(host.get_by_text("no connection, goes on by itself")).to_be_visible()
    server.start()
    await under_way(host, "film.bin", 40)
    # The page is loaded again in the middle: the same file goes on where it was.
    await host.reload()
    await expect(host.get_by_text("Choose or drop the same file again")).to_be_visible()
    await choose(host, big)
    await expect(host.get_by_text("goes on where it was")).to_be_visible()
    await expect(taken(phone, "film.bin")).to_be_visible(timeout=30_000)
    await expect(host.get_by_text("Choose or drop the same file again")).to_have_count(0)


async def close_and_look(host: Page, others: list[Page], data: Path, want: dict[str, str]) -> None:
    """The room closes with everything taken along before; all are told, and nothing is left on disk."""
    assert len(stored(data)) >= len(want)
    await host.get_by_role("button", name="You and this device").click()
    await host.get_by_role("menuitem", name="Close the room").click()
    found = await fetched(host, "Everything (zip)")
    assert {name.removeprefix("files/"): sha256 for name, sha256 in found.items() if "files/" in name} == want
    await steps.answer(host, "Close for everyone")
    for page in (host, *others):
        await expect(page.get_by_role("heading", name="This room is closed")).to_be_visible()
    await eventually(lambda: not stored(data), "the bytes to be deleted")


@pytest.mark.feature("D1", "D4", "D5", "D6", "D8", "O10")
@pytest.mark.parametrize("own_server", [{"file_mib": "1"}], indirect=True)
async def test_who_may_send_what_is_shown_and_what_is_for_one_alone(
    people: Opener, own_server: ServerProcess, tmp_path: Path
) -> None:
    host = await open_drop(people, "Ana")
    phone = await come_by_phone(people, host, "Ben")
    await expect(phone.get_by_text("What Ana drops stands here")).to_be_visible()
    await expect(phone.get_by_role("button", name="Choose files")).to_have_count(0)
    link = host.url.rsplit("/", 1)[1]
    by_hand = await phone.request.post(
        f"/api/files/{link}/uploads",
        headers={"Tus-Resumable": "1.0.0", "Upload-Length": "3", "Origin": own_server.url},
    )
    assert (by_hand.status, (await by_hand.json())["code"]) == (403, "uploads_closed")

    # Too large is said with numbers, before a byte is sent.
    large = tmp_path / "large.bin"
    large.write_bytes(bytes(2_000_000))
    await choose(host, large)
    await expect(host.get_by_role("alert")).to_have_text(re.compile("It has 2 MB, and a file may have 1 MB here"))
    assert await find_faults(host) == []
    await host.get_by_role("button", name="Put large.bin away").click()

    # A text with a script in its name and content is shown as text.
    await drop(host, notes_html="<script>document.title = 'run'</script>")
    await phone.get_by_role("button", name=re.compile(r"^notes\.html")).click()
    shown = phone.get_by_role("dialog", name="notes.html")
    await expect(shown.get_by_text("<script>document.title")).to_be_visible()
    sha256 = hashlib.sha256(b"<script>document.title = 'run'</script>").hexdigest()
    await expect(shown.get_by_text(sha256)).to_be_visible()
    assert await find_faults(phone) == []
    assert await phone.title() != "run"
    await phone.keyboard.press("Escape")

    # For one alone: accepted, and declined.
    for word, text in (("Accept", "the key is under the mat"), ("Decline", "another thing")):
        await host.get_by_role("button", name="Send to iPhone").click()
        await host.get_by_role("menuitem", name="Send a text…").click()
        await host.get_by_role("textbox", name="Text").fill(text)
        await host.get_by_role("button", name="Send", exact=True).click()
        await expect(phone.get_by_text("Ana sends you")).to_be_visible()
        assert await find_faults(phone) == []
        await phone.get_by_role("button", name=word).click()
        if word == "Decline":
            # This is told for some seconds only: it is looked for first.
            await expect(host.get_by_text(re.compile("Ben did not take"))).to_be_visible()
        # The next one is not taken for this one.
        await expect(phone.get_by_text("Ana sends you")).to_have_count(0)
    await expect(phone.get_by_text("the key is under the mat")).to_be_visible()
    await expect(phone.get_by_text("another thing")).to_have_count(0)

    await let_everyone_send_and_delete(host, phone)


async def let_everyone_send_and_delete(host: Page, phone: Page) -> None:
    await host.get_by_role("button", name="More for files").click()
    await host.get_by_role("menuitem", name="Settings of files").click()
    await host.get_by_label("Who may put files here").select_option("everyone")
    await host.keyboard.press("Escape")
    await expect(phone.get_by_role("button", name="Choose files")).to_be_visible()
    await host.get_by_role("button", name=re.compile(r"^notes\.html")).click()
    await host.get_by_role("button", name="Delete…").click()
    await steps.answer(host, "Delete")
    await expect(taken(phone, "notes.html")).to_have_count(0)
    assert await find_faults(phone) == []
