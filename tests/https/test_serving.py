"""A real server over real TLS."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import aiohttp
import httpx
import pytest
import socketio
from cryptography import x509

from salon.core.https.authority import names_of
from tests.https.test_given import Pair
from tests.support.process import ServerProcess

pytestmark = pytest.mark.feature("O2")

HTML = {"Accept": "text/html"}


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[ServerProcess]:
    process = ServerProcess(tmp_path, https="true", guide_port="0", local_name="salon-test-hall")
    process.start()
    yield process
    process.kill()


def trusting(guide: str) -> ssl.SSLContext:
    """A client that has followed the guide."""
    return ssl.create_default_context(cadata=httpx.get(f"{guide}/salon.crt").content)


def shown(url: httpx.URL, context: ssl.SSLContext, name: str) -> x509.Certificate:
    """The certificate that a client is shown who comes for this name. Raises when the client does not trust it."""
    with (
        socket.create_connection((url.host, url.port), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname=name) as wrapped,
    ):
        return x509.load_der_x509_certificate(wrapped.getpeercert(binary_form=True) or b"")


def until(true: Callable[[], bool], seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.1)
    return False


async def test_who_trusts_the_authority_comes_in(secure: ServerProcess) -> None:
    context = trusting(secure.guide)
    url = httpx.URL(secure.url)
    for name in ("salon-test-hall.local", "localhost", "127.0.0.1"):
        assert "salon-test-hall.local" in names_of(shown(url, context, name))
    with pytest.raises(ssl.SSLCertVerificationError):
        shown(url, ssl.create_default_context(), "localhost")
    with pytest.raises(ssl.SSLCertVerificationError):
        shown(url, context, "example.org")
    public = f"https://salon-test-hall.local:{url.port}"
    async with httpx.AsyncClient(base_url=secure.url, verify=context) as http:
        assert (await http.get("/api/secure.gif")).headers["content-type"] == "image/gif"
        assert (await http.get("/api/trusting")).json() == {"guide": secure.guide}
        session = await http.post("/api/session", json={}, headers={"Origin": public})
        assert "Secure" in session.headers["set-cookie"]
        made = await http.post("/api/rooms", json={"preset": "stage"}, headers={"Origin": public})
        link = made.json()["link"]
        assert made.json()["url"] == f"{public}/r/{link}"
        # The same name without HTTPS is another page, which may not use the server.
        plain = await http.post("/api/rooms", json={}, headers={"Origin": public.replace("https", "http")})
        assert plain.json()["code"] == "origin_refused"
        bot = (await http.post("/api/session", json={"bearer": True}, headers={"Origin": public})).json()["token"]
    await talk(secure.url, context, link, bot)


async def talk(url: str, context: ssl.SSLContext, room: str, token: str) -> None:
    """A stock Socket.IO client gets in, first by long-polling and then by WebSocket, over TLS."""
    connector = aiohttp.TCPConnector(ssl=context)
    async with aiohttp.ClientSession(connector=connector) as session:
        client = socketio.AsyncClient(http_session=session)
        let_in: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        client.on("lobby", lambda data: None if let_in.done() else let_in.set_result(data))
        await client.connect(url, auth={"room": room, "token": token}, wait_timeout=15)
        assert await asyncio.wait_for(let_in, 15)
        assert client.transport() == "websocket"
        await client.disconnect()


def test_plain_http_serves_the_guide_and_no_more(secure: ServerProcess) -> None:
    page = httpx.get(f"{secure.guide}/r/abc", headers=HTML)
    assert "Trust this server" in page.text
    port = httpx.URL(secure.url).port
    redirect = httpx.get(f"{secure.guide}/api/health", headers={"Host": "evil.example.org"})
    assert redirect.headers["location"] == f"https://salon-test-hall.local:{port}/api/health"
    assert "PRIVATE" not in secure.log
    with pytest.raises(httpx.HTTPError):
        httpx.get(secure.url.replace("https", "http"))


def test_the_authority_outlives_restarts_and_loose_keys_stop_it(secure: ServerProcess, tmp_path: Path) -> None:
    before = httpx.get(f"{secure.guide}/salon.crt").content
    assert secure.stop() == 0
    secure.start()
    assert httpx.get(f"{secure.guide}/salon.crt").content == before
    secure.stop()
    (tmp_path / "data" / "authority" / "authority-key.pem").chmod(0o644)
    with pytest.raises(AssertionError, match="is open to others on this machine"):
        secure.start()
    assert "Traceback" not in secure.log


def test_without_mdns_the_address_is_used(tmp_path: Path) -> None:
    process = ServerProcess(tmp_path, https="true", guide_port="0", mdns="false")
    process.start()
    try:
        page = httpx.get(process.guide, headers=HTML).text
        assert f'href="https://127.0.0.1:{httpx.URL(process.url).port}/"' in page
    finally:
        process.kill()


@pytest.fixture
def given(tmp_path: Path) -> Iterator[tuple[Pair, ServerProcess]]:
    folder = tmp_path / "certificates"
    folder.mkdir()
    pair = Pair(folder)
    pair.put("hall.example.org")
    process = ServerProcess(tmp_path, cert=str(pair.cert), key=str(pair.key))
    process.start()
    yield pair, process
    process.kill()


def test_a_given_certificate_is_served_and_followed(given: tuple[Pair, ServerProcess]) -> None:
    pair, server = given
    url, context = httpx.URL(server.url), pair.authority.trusting()
    assert names_of(shown(url, context, "hall.example.org")) == ["hall.example.org"]
    assert server.guide == ""
    # Somebody who is connected stays so while the certificate changes.
    with socket.create_connection((url.host, url.port), timeout=10) as plain:
        held = context.wrap_socket(plain, server_hostname="hall.example.org")
        pair.put("other.example.org")
        assert until(lambda: _serves(url, context, "other.example.org")), server.log
        held.sendall(b"GET /api/health HTTP/1.1\r\nHost: hall.example.org\r\n\r\n")
        assert held.recv(100).startswith(b"HTTP/1.1 200")
        held.close()


def _serves(url: httpx.URL, context: ssl.SSLContext, name: str) -> bool:
    try:
        shown(url, context, name)
    except ssl.SSLCertVerificationError:
        return False
    return True


def test_a_bad_change_leaves_the_old_one(given: tuple[Pair, ServerProcess]) -> None:
    pair, server = given
    pair.put("hall.example.org", expired=True)
    assert until(lambda: "the changed certificate is not used" in server.log), server.log
    assert _serves(httpx.URL(server.url), pair.authority.trusting(), "hall.example.org")
