"""Files in the chat: pasted, dropped or attached, sent with a message, and there for everyone among the messages."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image, ImageDraw
from playwright.async_api import FilePayload, Locator, Page, expect

from tests.e2e import steps
from tests.e2e.conftest import Opener
from tests.e2e.test_files import BIG, come_by_phone, line, line_port, open_drop, own_server
from tests.e2e.test_looks import find_faults
from tests.support.line import Line
from tests.support.process import ServerProcess

pytestmark = [pytest.mark.real("chromium"), pytest.mark.timeout(240)]
__all__ = ["line", "line_port", "own_server"]
SLOW = 800_000
"""Bytes a second: there is time to pause what is sent, and to see that it goes on."""

GIVEN = """([name, body, type]) =>
    new File([Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0))], name, { type })"""
BRING = f"""(target, [how, files, text]) => {{
    const data = new DataTransfer()
    for (const file of files) data.items.add(({GIVEN})(file))
    if (text) data.setData('text/plain', text)
    const more = {{ bubbles: true, cancelable: true }}
    if (how === 'paste') return target.dispatchEvent(new ClipboardEvent('paste', {{ clipboardData: data, ...more }}))
    for (const kind of how === 'drop' ? ['dragenter', 'dragover', 'drop'] : ['dragenter', 'dragover'])
        target.dispatchEvent(new DragEvent(kind, {{ dataTransfer: data, ...more }}))
}}"""
HOSTILE = '<img src=x onerror="document.title=1">\u202egnp.exe'
CLEAN = "_img src=x onerror=_document.title=1__gnp.exe"
"""What becomes of that name."""
INK = """(canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
    let dark = 0
    for (let at = 0; at < data.length; at += 4)
        if (data[at] + data[at + 1] + data[at + 2] < 200 && data[at + 3]) dark += 1
    return dark
}"""


def picture(width: int, height: int) -> bytes:
    drawn = Image.new("RGB", (width, height), "teal")
    ImageDraw.Draw(drawn).line((0, 0, width, height), fill="white", width=20)
    kept = io.BytesIO()
    drawn.save(kept, "PNG")
    return kept.getvalue()


def pdf(*pages: str) -> bytes:
    """A PDF that says this, and would run a script when it is opened."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    script = "<< /S /JavaScript /JS (app.alert('run'); this.submitForm('/api/session'); document.title = 'run') >>"
    parts = [
        f"<< /Type /Catalog /Pages 2 0 R /OpenAction {script} >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, words in enumerate(pages):
        drawing = f"BT /F1 48 Tf 60 600 Td ({words}) Tj ET"
        parts.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
            f"/Contents {5 + 2 * number} 0 R >>"
        )
        parts.append(f"<< /Length {len(drawing)} >>\nstream\n{drawing}\nendstream")
    body, places = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{part}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    head = f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{table}"
    end = f"trailer\n<< /Size {len(parts) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + (head + end).encode()


@pytest.fixture
def line_speed() -> int:
    return SLOW


def given(name: str, kind: str, body: bytes) -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": body}


def field(page: Page) -> Locator:
    return steps.composer(page)


async def bring(page: Page, how: str, *files: tuple[str, bytes, str], text: str = "") -> None:
    brought = [[name, base64.b64encode(body).decode(), kind] for name, body, kind in files]
    await field(page).evaluate(BRING, [how, brought, text])


def tray(page: Page) -> Locator:
    return page.get_by_role("list", name="Goes with the message")


def article(page: Page, name: str | re.Pattern[str]) -> Locator:
    return steps.messages(page).get_by_role("article", name=name)


async def send(page: Page) -> None:
    await page.get_by_role("button", name="Send", exact=True).click()


async def fetched(page: Page, name: str) -> str:
    """The SHA-256 of what somebody gets by the link in the chat."""
    async with page.expect_download() as coming:
        await steps.messages(page).get_by_role("link", name=f"Download {name}", exact=True).click()
    return hashlib.sha256((await (await coming.value).path()).read_bytes()).hexdigest()


@pytest.mark.feature("C4", "D2", "D3", "D4", "D5", "O10")
async def test_a_picture_is_pasted_files_are_dropped_and_all_have_them_in_place(
    people: Opener, own_server: ServerProcess
) -> None:
    host = await open_drop(people, "Ana")
    phone = await people(phone=True, dark=True)
    await phone.goto(host.url)
    await phone.get_by_label("Your name").fill("Ben")
    await phone.get_by_role("button", name="Come in").click()
    await steps.say(host, "before")

    # Pasted and dropped: they go with the message; a text with a picture of itself is a text.
    await bring(host, "paste", ("image.png", picture(1200, 600), "image/png"))
    await expect(tray(host).get_by_text(re.compile(r"^Picture \d{4}-\d\d-\d\d at .*\.png$"))).to_be_visible()
    await bring(host, "paste", ("image.png", picture(9, 9), "image/png"), text="cells")
    await bring(host, "over", (HOSTILE, b"x", ""))
    await expect(host.get_by_text("Drop into the chat")).to_be_visible()
    await bring(host, "drop", (HOSTILE, b"<script>document.title = 1</script>", "text/html"), ("no.txt", b"no", ""))
    await expect(host.get_by_text("Drop into the chat")).to_have_count(0)
    await expect(tray(host).get_by_role("listitem")).to_have_count(3)
    assert await find_faults(host) == []
    await tray(host).get_by_role("button", name="Take no.txt out").click()
    await field(host).fill("with this")
    await send(host)
    await expect(tray(host)).to_have_count(0)

    await see_them_on_a_phone(host, phone)
    await look_and_delete_by_keyboard(host)
    await expect(article(phone, re.compile("File deleted$"))).to_be_visible()


async def see_them_on_a_phone(host: Page, phone: Page) -> None:
    # On the phone they count as new until the chat is looked at: two messages, two files.
    tab = phone.get_by_role("navigation", name="Parts of the room").get_by_role("button", name=re.compile("^Chat"))
    await expect(tab).to_have_accessible_name(re.compile("4"))
    await tab.click()
    shot = steps.messages(phone).get_by_role("button", name=re.compile("^Look at Picture"))
    await expect(shot).to_be_visible()
    for page in (host, phone):
        # Each page learns of them by itself, and of one after the other.
        articles = steps.messages(page).get_by_role("article")
        await expect(articles).to_have_count(4)
        await expect(articles.nth(2)).to_have_attribute("aria-label", re.compile(": PNG image Picture "))
        await expect(articles.nth(3)).to_have_attribute("aria-label", re.compile(": EXE text "))
        said = await steps.messages(page).get_by_role("article").evaluate_all("all => all.map(one => one.ariaLabel)")
        words, more, image, other = [name.partition(": ")[2] for name in said]
        assert (words, more, image.startswith("PNG image Picture ")) == ("", "", True)
        assert other == f"EXE text {CLEAN}"
    await expect(tab).not_to_have_accessible_name(re.compile("4"))
    assert await find_faults(phone) == []

    # The picture's place is free before it is loaded, and has its shape.
    assert await shot.evaluate("one => Math.round(one.offsetWidth / one.offsetHeight * 10)") == 20
    await expect(shot.get_by_role("img")).to_have_js_property("naturalWidth", 480)
    await shot.click()
    shown = phone.get_by_role("dialog")
    await expect(shown.get_by_role("img")).to_have_js_property("naturalWidth", 1200)
    assert await find_faults(phone) == []
    await phone.keyboard.press("Escape")
    got = await fetched(phone, CLEAN)
    assert got == hashlib.sha256(b"<script>document.title = 1</script>").hexdigest()
    assert await phone.title() != "1"


async def look_and_delete_by_keyboard(host: Page) -> None:
    """To the last one, what it holds, and away with it. Its place stays."""
    await field(host).focus()
    await host.keyboard.press("Shift+Tab")
    last = article(host, re.compile("EXE text"))
    await last.focus()
    await expect(last.get_by_role("button", name=re.compile("^Delete"))).to_be_visible()
    await host.keyboard.press("Enter")
    await expect(host.get_by_role("dialog").get_by_text("<script>document.title = 1</script>")).to_be_visible()
    await host.get_by_role("button", name="Delete…").click()
    await steps.answer(host, "Delete")
    await expect(article(host, re.compile("File deleted$"))).to_be_visible()


@pytest.mark.feature("C4", "D1")
async def test_those_who_may_not_are_told_why(people: Opener, own_server: ServerProcess) -> None:
    host = await open_drop(people, "Ana")
    phone = await come_by_phone(people, host, "Ben")
    await steps.open_tab(phone, "Chat")
    await expect(field(phone)).to_be_visible()
    await expect(phone.get_by_role("button", name="Attach files")).to_have_count(0)
    await bring(phone, "over", ("a.png", picture(9, 9), "image/png"))
    await expect(phone.locator(".veil", has_text="Only the owner may put files into this room.")).to_be_visible()
    await bring(phone, "drop", ("a.png", picture(9, 9), "image/png"))
    await expect(phone.get_by_role("status").get_by_text("Only the owner may put files")).to_be_visible()
    await expect(tray(phone)).to_have_count(0)

    # Then they may: a clip is there, and a camera.
    await host.get_by_role("button", name="More for files").click()
    await host.get_by_role("menuitem", name="Settings of files").click()
    await host.get_by_label("Who may put files here").select_option("everyone")
    await host.keyboard.press("Escape")
    await expect(phone.get_by_role("button", name="Take a picture")).to_be_visible()
    shot = picture(300, 900)
    await phone.get_by_label("Files to attach").set_input_files(given("taken.png", "image/png", shot))
    await expect(tray(phone).get_by_text("taken.png")).to_be_visible()
    assert await find_faults(phone) == []
    await send(phone)
    await expect(steps.messages(host).get_by_role("button", name="Look at taken.png")).to_be_visible()
    # The host may delete what is anybody's, beside it.
    await article(host, re.compile("taken.png")).hover()
    await host.get_by_role("button", name="Delete taken.png").click()
    await steps.answer(host, "Delete")
    await expect(article(phone, re.compile("File deleted$"))).to_be_visible()
    # What comes after it stands below.
    await phone.get_by_label("Files to attach").set_input_files(given("again.png", "image/png", shot))
    await send(phone)
    await expect(steps.messages(host).get_by_role("button", name="Look at again.png")).to_be_visible()


@pytest.mark.feature("C4", "D2")
async def test_a_reload_in_the_middle_and_on_it_goes(people: Opener, line: Line, tmp_path: Path) -> None:
    host = await open_drop(people, "Ana", line)
    phone = await come_by_phone(people, host, "Ben")
    await steps.open_tab(phone, "Chat")
    big = tmp_path / "film.bin"
    big.write_bytes(bytes(range(256)) * (BIG // 256))
    await host.get_by_label("Files to attach").set_input_files(big)
    await send(host)
    bar = steps.messages(phone).get_by_role("progressbar", name="film.bin from Ana")
    await expect(bar).to_have_attribute("aria-valuenow", re.compile(r"^\d\d$"))
    own = steps.messages(host)
    await own.get_by_role("button", name="Pause film.bin").click()
    await expect(own.get_by_text("paused")).to_be_visible()
    for page in (host, phone):
        assert await find_faults(page) == []
    await host.reload()
    await expect(own.get_by_text("Choose the same file again")).to_be_visible()
    assert await find_faults(host) == []
    async with host.expect_file_chooser() as chooser:
        await own.get_by_role("button", name="Choose film.bin again").click()
    await (await chooser.value).set_files(big)
    await expect(own.get_by_text("goes on where it was")).to_be_visible()
    await expect(steps.messages(phone).get_by_role("link", name="Download film.bin")).to_be_visible(timeout=60_000)
    await expect(own.get_by_text("Choose the same file again")).to_have_count(0)
    assert await fetched(phone, "film.bin") == hashlib.sha256(big.read_bytes()).hexdigest()


@pytest.mark.feature("D3", "D4", "C4")
async def test_a_pdf_is_drawn_and_a_copy_is_checked(people: Opener, own_server: ServerProcess) -> None:
    host = await open_drop(people, "Ana")
    phone = await come_by_phone(people, host, "Ben")
    paper = pdf("First page", "Second page")
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    await bring(host, "drop", ("paper.pdf", paper, "application/pdf"))
    await send(host)
    await steps.open_tab(phone, "Chat")
    await steps.messages(phone).get_by_role("button", name=re.compile(r"^paper\.pdf")).click()
    shown = phone.get_by_role("dialog", name="paper.pdf")
    await expect(shown.get_by_text("2 pages")).to_be_visible()
    page = shown.get_by_role("img", name="Page 1")
    await expect(shown.locator("[data-drawn=true]").first).to_be_visible()
    assert await page.evaluate(INK) > 500
    await expect(shown.get_by_text("First page")).to_have_count(1)
    before = await page.evaluate("one => one.offsetWidth")
    await shown.get_by_role("button", name="Larger").click()
    await expect(page).not_to_have_js_property("offsetWidth", before)
    assert await find_faults(phone) == []
    # Its script ran nowhere, and nothing was asked of anybody else.
    assert await phone.title() != "run"
    assert {urlsplit(url).netloc for url in asked if url.startswith("http")} == {urlsplit(host.url).netloc}

    verdict = shown.get_by_role("status")
    await shown.get_by_label("Copy to check").set_input_files(given("copy.pdf", "application/pdf", paper))
    await expect(verdict.get_by_text("is the same as this file, byte for byte")).to_be_visible()
    await shown.get_by_label("Copy to check").set_input_files(
        given("copy.pdf", "application/pdf", paper.replace(b"First", b"Worst"))
    )
    await expect(verdict.get_by_text("is different, though as large")).to_be_visible()
    await shown.get_by_label("Copy to check").set_input_files(given("copy.pdf", "application/pdf", paper[:-5]))
    await expect(verdict.get_by_text("or not all of it")).to_be_visible()
    assert await find_faults(phone) == []
