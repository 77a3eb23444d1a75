"""What plain HTTP serves beside HTTPS: the guide, the certificate, the way over. Nothing else."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from salon.core.https.authority import Authority, open_authority
from salon.core.https.guide import SYSTEMS, Guide, system_of

pytestmark = pytest.mark.feature("O2")

ORIGINS = ["https://hall.local:8000", "https://192.168.1.5:8000"]
HTML = {"Accept": "text/html,application/xhtml+xml"}
AGENTS = {
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1": "ios",
    "Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1": "ios",
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36": "android",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Safari/605.1.15": "mac",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36": "windows",
    "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36": "linux",
    "": "linux",
}


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return open_authority(tmp_path / "authority", 'hall <&"> $', dt.datetime.now(dt.UTC))


@pytest.fixture
async def http(authority: Authority) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=Guide(authority, ORIGINS))
    async with httpx.AsyncClient(transport=transport, base_url="http://192.168.1.5:8080") as client:
        yield client


@pytest.mark.parametrize(("agent", "system"), AGENTS.items(), ids=lambda text: text[13:30])
async def test_it_leads_by_the_phones_own_menus(http: httpx.AsyncClient, agent: str, system: str) -> None:
    assert system_of(agent) == system
    page = (await http.get("/r/abc", headers={**HTML, "User-Agent": agent})).text
    assert f'?system={system}" aria-current="page"' in page
    assert ("/salon.mobileconfig" in page) == (system == "ios")
    assert ("/salon.crt" in page) == (system != "ios")
    assert 'href="https://hall.local:8000/r/abc"' in page


@pytest.mark.parametrize("system", SYSTEMS)
async def test_another_system_can_be_chosen(http: httpx.AsyncClient, system: str) -> None:
    page = (await http.get(f"/r/abc?system={system}", headers=HTML)).text
    assert f'href="/r/abc?system={system}" aria-current="page"' in page
    assert not re.search(r"\$\w", page), "a place that nothing was put into"
    assert page.count("<li>") >= 3


async def test_the_certificate_comes_as_phones_want_it(http: httpx.AsyncClient, authority: Authority) -> None:
    certificate = await http.get("/salon.crt")
    assert certificate.headers["content-type"] == "application/x-x509-ca-cert"
    assert certificate.content == authority.der
    profile = await http.get("/salon.mobileconfig", headers=HTML)
    assert profile.headers["content-type"] == "application/x-apple-aspen-config"
    assert profile.headers["content-disposition"] == 'attachment; filename="salon.mobileconfig"'
    page = (await http.get("/", headers=HTML)).text
    assert authority.fingerprint.replace(":", " ") in page
    assert "<&" not in page


async def test_it_leads_where_it_was_told_and_not_where_a_request_says(http: httpx.AsyncClient) -> None:
    lies = {"Host": "evil.example.org", "X-Forwarded-Host": "evil.example.org", "X-Forwarded-Proto": "http"}
    for headers in (lies, {**HTML, **lies}):
        answer = await http.get("/r/abc", headers=headers)
        assert "evil" not in answer.text + str(answer.headers)
    redirect = await http.get("/r/abc?token=1", headers=lies)
    assert (redirect.status_code, redirect.headers["location"]) == (307, "https://hall.local:8000/r/abc")


@pytest.mark.parametrize(
    "path",
    ["//evil.example.org", "/r/../..//evil.example.org/x", "/%0d%0aX: y", "/<script>", "/a b", "/@evil.example.org"],
)
async def test_odd_paths_lead_to_the_front_page(http: httpx.AsyncClient, path: str) -> None:
    redirect = await http.get(f"http://192.168.1.5:8080{path}")
    assert redirect.headers["location"] == "https://hall.local:8000/"
    page = (await http.get(f"http://192.168.1.5:8080{path}", headers=HTML)).text
    assert 'href="https://hall.local:8000/"' in page
    assert "evil" not in page


@pytest.mark.timeout(5)
async def test_a_path_made_to_take_long_does_not(http: httpx.AsyncClient) -> None:
    redirect = await http.get("/" + "a" * 10_000 + "!")
    assert redirect.headers["location"] == "https://hall.local:8000/"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
async def test_nothing_else_is_carried_over(http: httpx.AsyncClient, method: str) -> None:
    answer = await http.request(method, "/api/session", json={"bearer": True})
    assert answer.status_code == 405
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/api/health",
        "/api/rooms",
        "/socket.io/?EIO=4&transport=polling",
        "/assets/index.js",
        "/authority/authority-key.pem",
        "/authority-key.pem",
        "/server.pem",
        "/../data/authority/authority-key.pem",
        "/salon.db",
    ],
)
async def test_there_is_nothing_of_the_server_itself(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(path)
    assert (answer.status_code, answer.content) == (307, b"")
    assert b"PRIVATE KEY" not in (await http.get(path, headers=HTML)).content


async def test_the_page_runs_only_what_is_its_own(http: httpx.AsyncClient) -> None:
    first, second = [await http.get("/", headers=HTML) for _ in range(2)]
    policy = first.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    nonces = {re.findall(r"'nonce-([^']+)'", page.headers["content-security-policy"])[0] for page in (first, second)}
    assert len(nonces) == 2
    assert f"img-src data: {' '.join(ORIGINS)};" in policy
    assert first.headers["cache-control"] == "no-store"
    assert first.headers["x-frame-options"] == "DENY"
    assert not re.search(r'(?:src|href)="(?:http:)?//', first.text)


async def test_head_is_answered_without_a_body(http: httpx.AsyncClient) -> None:
    answer = await http.head("/salon.crt")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/x-x509-ca-cert")
