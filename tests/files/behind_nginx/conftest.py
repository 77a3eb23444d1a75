"""A Drop room behind a real nginx, with the configuration of docs/operations.md."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bench.nginx import free_port, site_of_manual
from tests.files.behind_nginx.support import INTERNAL, start_nginx
from tests.files.test_wire import Hall
from tests.support.wire import serve


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """One that nginx's workers may enter, who are somebody else where the tests run as root."""
    with tempfile.TemporaryDirectory(prefix="salon-nginx-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


@pytest.fixture
async def hall(open_folder: Path, at_once: None) -> AsyncIterator[Hall]:
    """A Drop room behind nginx. All that its people do goes through it, WebSockets too."""
    port = free_port()
    settings: dict[str, Any] = {
        "accel_redirect": INTERNAL,
        "public_url": f"http://127.0.0.1:{port}",
        "trusted_proxies": ["127.0.0.1"],
    }
    async with serve(open_folder / "data", **settings) as served:
        site = site_of_manual(port, served.port, open_folder / "data")
        nginx = await asyncio.to_thread(start_nginx, open_folder, port, site)
        direct, served.http = served.http, aiohttp.ClientSession(nginx.url, cookie_jar=aiohttp.DummyCookieJar())
        served.url, served.port = nginx.url, nginx.port
        try:
            tokens = {who: await served.token() for who in ("host", "ann", "ben", "eve")}
            made = await served.room(tokens["host"], "drop")
            people = {who: await served.come(made["link"], who.title(), tokens[who]) for who in ("host", "ann", "ben")}
            await people["host"].must("files.settings", uploads="everyone")
            yield Hall(served, made["link"], tokens, people)
        finally:
            await direct.close()
            await asyncio.to_thread(nginx.stop)
