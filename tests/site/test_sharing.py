"""What is shared with the installed page, where its service worker is not there to take it."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from salon.site import sharing
from tests.support.dump import changed, dump
from tests.support.wire import Served


@pytest.mark.feature("D2", "O9")
@pytest.mark.parametrize("origin", [None, "null", "https://elsewhere.example"])
async def test_the_server_keeps_nothing_and_leads_to_the_page(served: Served, origin: str | None) -> None:
    before = await dump(served.house.storage)
    form = aiohttp.FormData()
    form.add_field("text", "the key is under the mat")
    form.add_field("files", b"x" * 3_000_000, filename="film.mov")
    headers = {"Origin": origin} if origin else {}
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{served.url}/share/files", data=form, headers=headers, allow_redirects=False) as answer,
    ):
        assert (answer.status, answer.headers["Location"]) == (303, "/share?again")
        assert answer.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in answer.headers
        assert await answer.read() == b""
    assert changed(before, await dump(served.house.storage)) == {}


@pytest.mark.feature("D2")
async def test_other_addresses_below_it_lead_nowhere(served: Served) -> None:
    async with aiohttp.ClientSession() as http, http.get(f"{served.url}/share/files/x") as answer:
        assert answer.status == 404


@pytest.mark.feature("D2")
@pytest.mark.parametrize("ends", ["stalls", "breaks off"])
async def test_a_body_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch, ends: str) -> None:
    monkeypatch.setattr(sharing, "PATIENCE", 0.05)
    said: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if ends == "breaks off":
            return {"type": "http.disconnect"}
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Any) -> None:
        said.append(message)

    await sharing.share({"type": "http", "path": sharing.PATH}, receive, send)
    assert (b"connection", b"close") in said[0]["headers"]
