"""A phone on a local network: the guide over plain HTTP, the authority trusted, the room over HTTPS."""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import os
import re
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from playwright.async_api import Browser, Error, Page, Playwright, expect

from salon.core.https.authority import open_authority
from tests.e2e import steps
from tests.e2e.conftest import CHROMIUM_FLAGS, PHONE_AGENT, fixture
from tests.e2e.test_looks import find_faults
from tests.support.process import ServerProcess
from tests.support.recorder import PATIENCE

pytestmark = [pytest.mark.real("chromium"), pytest.mark.feature("O2"), pytest.mark.timeout(180)]

AGENTS = {
    "ios": PHONE_AGENT,
    "android": "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
}
NAME = "salon-test-stage"


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[ServerProcess]:
    process = ServerProcess(tmp_path, https="true", guide_port="0", local_name=NAME)
    process.start()
    yield process
    process.kill()


def pin_of(folder: Path) -> str:
    """Of the key that the server shows, as Chromium takes it in the place of an authority that was installed."""
    shown = x509.load_pem_x509_certificate((folder / "data" / "authority" / "server.pem").read_bytes())
    key = shown.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    digest = hashes.Hash(hashes.SHA256())
    digest.update(key)
    return base64.b64encode(digest.finalize()).decode()


Phone = Callable[..., Any]


@fixture()
async def phones(
    real_part: Callable[[str], str], secure: ServerProcess, tmp_path: Path, playwright: Playwright
) -> AsyncIterator[Phone]:
    """``await phones(trusts=True)``: a browser that finds the server's name, and trusts it or does not."""
    open_ones: list[Browser] = []

    async def phone(*, trusts: bool, system: str = "ios", dark: bool = False) -> Page:
        flags = [*CHROMIUM_FLAGS, "--host-resolver-rules=MAP *.local 127.0.0.1"]
        if trusts:
            flags.append(f"--ignore-certificate-errors-spki-list={pin_of(tmp_path)}")
        browser = await playwright.chromium.launch(executable_path=real_part("chromium"), args=flags)
        open_ones.append(browser)
        context = await browser.new_context(
            viewport={"width": 390, "height": 844},
            user_agent=AGENTS.get(system),
            is_mobile=True,
            has_touch=True,
            color_scheme="dark" if dark else "light",
        )
        page = await context.new_page()
        page.set_default_timeout(15_000)
        return page

    yield phone
    for browser in open_ones:
        await browser.close()


async def new_room(secure: ServerProcess) -> str:
    context = httpx.create_ssl_context(verify=False)
    async with httpx.AsyncClient(base_url=secure.url, verify=context, timeout=PATIENCE) as http:
        token = (await http.post("/api/session", json={"bearer": True})).json()["token"]
        made = await http.post(
            "/api/rooms",
            json={"preset": "meeting", "activities": ["chat"]},
            headers={"Authorization": f"Bearer {token}"},
        )
        link: str = made.json()["link"]
        return link


async def test_a_phone_that_trusts_the_server_goes_straight_to_the_room(secure: ServerProcess, phones: Phone) -> None:
    link = await new_room(secure)
    page = await phones(trusts=True)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    await page.goto(f"{secure.guide}/#/r/{link}")
    port = httpx.URL(secure.url).port
    await page.wait_for_url(f"https://{NAME}.local:{port}/r/{link}")
    # The room's key does not travel without HTTPS.
    assert not [url for url in sent if url.startswith("http:") and link in url.partition("#")[0]]
    await steps.come_in(page, "Ana")
    await steps.say(page, "over HTTPS")
    await expect(steps.messages(page)).to_contain_text("over HTTPS")
    assert await page.evaluate("isSecureContext && typeof navigator.mediaDevices.getUserMedia") == "function"
    # Who still has to be led there is told how.
    await page.get_by_role("button", name="Room", exact=True).click()
    await expect(page.get_by_text(f"{secure.guide}/#/r/{link}")).to_be_visible()


@pytest.mark.real("whole-chromium", "certutil")
async def test_chromium_trusts_the_authority_for_the_local_network_alone(
    real_part: Callable[[str], str], secure: ServerProcess, tmp_path: Path, playwright: Playwright
) -> None:
    """Nothing is waved through here: the authority is on the browser's own list, as after the guide."""
    home = tmp_path / "home"
    file = tmp_path / "salon.crt"
    async with httpx.AsyncClient(timeout=PATIENCE) as http:
        file.write_bytes((await http.get(f"{secure.guide}/salon.crt")).content)
    trust(real_part("certutil"), home / ".pki" / "nssdb", file)
    forged = forge(tmp_path, "bank.example.org")
    listening = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0, ssl=forged)
    elsewhere = listening.sockets[0].getsockname()[1]
    port = httpx.URL(secure.url).port
    async with listening:
        browser = await playwright.chromium.launch(
            executable_path=real_part("whole-chromium"),
            args=[*CHROMIUM_FLAGS, "--host-resolver-rules=MAP *.local 127.0.0.1, MAP *.example.org 127.0.0.1"],
            env={**os.environ, "HOME": str(home)},
        )
        page = await browser.new_page()
        for host in (f"{NAME}.local", "127.0.0.1", "localhost"):
            await page.goto(f"https://{host}:{port}/")
            assert await page.evaluate("isSecureContext") is True
        await page.goto(secure.guide)
        await page.wait_for_url(f"https://{NAME}.local:{port}/")
        with pytest.raises(Error, match="ERR_CERT_INVALID"):
            await page.goto(f"https://bank.example.org:{elsewhere}/")
        await browser.close()


def trust(certutil: str, database: Path, file: Path) -> None:
    database.mkdir(parents=True)
    for order in (["-N", "--empty-password"], ["-A", "-t", "C,,", "-n", "salon", "-i", str(file)]):
        subprocess.run([certutil, "-d", f"sql:{database}", *order], check=True, timeout=30)


def forge(folder: Path, name: str) -> ssl.SSLContext:
    """For a site that is not the authority's to speak for, with the authority's own key."""
    now = dt.datetime.now(dt.UTC)
    authority = open_authority(folder / "data" / "authority", "", now)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("salon.core.https.authority.allowed", lambda _name: True)
        (folder / "forged.pem").write_bytes(authority.issue([name], now))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "forged.pem")
    return context


async def test_one_that_does_not_is_led_and_told(secure: ServerProcess, phones: Phone) -> None:
    page = await phones(trusts=False)
    await page.goto(f"{secure.guide}/r/abc#there")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Trust this server, once")
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Load the profile").click()
    assert (await download.value).suggested_filename == "salon.mobileconfig"
    await page.get_by_role("link", name="Check and go on").click()
    await expect(page.get_by_role("status")).to_contain_text("does not trust the server yet")
    await page.get_by_role("link", name="Android").click()
    await expect(page).to_have_url(f"{secure.guide}/r/abc?system=android#there")
    await expect(page.get_by_role("heading", level=2)).to_have_count(4)


async def test_who_wants_to_read_is_not_sent_away(secure: ServerProcess, phones: Phone) -> None:
    page = await phones(trusts=True)
    await page.goto(f"{secure.guide}/?system=android")
    await page.goto(f"{secure.guide}/r/abc?system=ios#there")
    await page.get_by_role("link", name="Check and go on").click()
    await page.wait_for_url(re.compile(rf"^https://{NAME}\.local:\d+/r/abc#there$"))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("system", ["ios", "android"])
async def test_the_guide_has_no_faults(secure: ServerProcess, phones: Phone, system: str, dark: bool) -> None:
    page = await phones(trusts=False, system=system, dark=dark)
    await page.goto(secure.guide)
    for summary in await page.locator("summary").all():
        await summary.click()
    # The page's own policy lets no other script in: axe comes by the browser's own door.
    assert await find_faults(page) == []
    await page.get_by_role("link", name="Check and go on").click()
    await expect(page.get_by_role("status")).to_have_class("warn")
    assert await find_faults(page) == []
    wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    assert await page.evaluate(wide)
