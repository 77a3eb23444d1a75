"""Files that somebody means ill with, in a browser that opens them in every way it can."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
import socketio
from playwright.async_api import Browser, Page
from playwright.async_api import Error as BrowserError

from tests.files.hostile import CONTENTS
from tests.files.support import BODY, TUS, metadata
from tests.support.process import ServerProcess
from tests.support.recorder import PATIENCE

pytestmark = pytest.mark.real("chromium")

ESCAPE = (
    b"<script>localStorage.escaped = 'yes'; document.title = 'escaped'; parent.postMessage('escaped', '*')</script>"
)
OPEN_IN_EVERY_WAY = """
async (addresses) => {
  const told = []
  addEventListener('message', ({ data }) => data === 'escaped' && told.push('message'))
  const ends = (element, address) => new Promise((done) => {
    element.onload = () => done('load')
    element.onerror = () => done('error')
    setTimeout(() => done('nothing'), 400)
    document.documentElement.append(element)
  })
  const opened = []
  for (const address of addresses) {
    const script = Object.assign(document.createElement('script'), { src: address })
    opened.push(['script', address, await ends(script)])
    const frame = Object.assign(document.createElement('iframe'), { src: address })
    await ends(frame)
    const object = Object.assign(document.createElement('object'), { data: address, type: 'text/html' })
    document.documentElement.append(object)
    opened.push(['module', address, await import(address).then(() => 'load', () => 'error')])
    const sheet = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: address })
    opened.push(['sheet', address, await ends(sheet)])
    const worker = await navigator.serviceWorker?.register(address).then(() => 'load', () => 'error')
    opened.push(['service worker', address, worker ?? 'error'])
  }
  return { told, opened: opened.filter(([, , how]) => how === 'load'), escaped: localStorage.escaped ?? null }
}
"""


async def _room_of(server: ServerProcess, http: aiohttp.ClientSession) -> tuple[str, str]:
    """A Drop room of a browser's session, which has joined it. Returns its link and the cookie."""
    origin = {"Origin": server.url}
    async with http.post(f"{server.url}/api/session", json={}, headers=origin) as answer:
        cookie = answer.cookies["salon_session"].value
    headers = {**origin, "Cookie": f"salon_session={cookie}"}
    async with http.post(f"{server.url}/api/rooms", json={"preset": "drop"}, headers=headers) as answer:
        link: str = (await answer.json())["link"]
    client = socketio.AsyncClient(reconnection=False)
    # Left out, it is given a second.
    await client.connect(
        server.url, headers=headers, auth={"room": link}, transports=["websocket"], wait_timeout=PATIENCE
    )
    answered = await client.call("people.join", {"id": "j1", "name": "Olga"}, timeout=PATIENCE)
    assert answered["ok"], answered
    await client.disconnect()
    return link, cookie


async def _drop(server: ServerProcess, http: aiohttp.ClientSession, link: str, cookie: str, **file: Any) -> str:
    said = {"Upload-Length": str(len(file["content"])), "Upload-Metadata": metadata(filename=file["name"])}
    headers = {"Origin": server.url, "Cookie": f"salon_session={cookie}", **TUS, **BODY, **said}
    uploads = f"{server.url}/api/files/{link}/uploads"
    async with http.post(uploads, headers=headers, data=file["content"]) as answer:
        assert answer.status == 201, await answer.text()
        return f"{server.url}/api/files/{link}/{answer.headers['Location'].rpartition('/')[2]}"


async def _open(page: Page, address: str) -> None:
    try:
        await page.goto(address)
    except BrowserError as error:
        # It is downloaded, not shown.
        if "Download is starting" not in str(error) and "ERR_ABORTED" not in str(error):
            raise


@pytest.mark.feature("D4")
async def test_nothing_runs_however_it_is_opened(server: ServerProcess, browser: Browser) -> None:
    contents = {name: content for name, content in CONTENTS.items() if name not in {"zip bomb", "nothing"}}
    contents = {name: content.replace(b"<script>", ESCAPE + b"<script>") for name, content in contents.items()}
    contents["module"] = b"localStorage.escaped = 'yes'; export default 1"
    contents["sheet"] = b"html { display: none }"
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        link, cookie = await _room_of(server, http)
        addresses = []
        for name, content in contents.items():
            address = await _drop(server, http, link, cookie, name=f"{name}.html", content=content)
            addresses += [address, f"{address}/preview"]
    context = await browser.new_context(accept_downloads=True)
    try:
        await context.add_cookies([{"name": "salon_session", "value": cookie, "url": server.url}])
        page = await context.new_page()
        shown = 0
        for address in addresses:
            await _open(page, address)
            shown += page.url == address
            assert await page.title() != "escaped", address
        assert shown >= len(contents) // 2, "previews are shown, and as text"
        await page.goto(f"{server.url}/api/health")
        found = await page.evaluate(OPEN_IN_EVERY_WAY, addresses)
        assert found == {"told": [], "opened": [], "escaped": None}
    finally:
        await context.close()
