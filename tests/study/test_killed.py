"""The server is killed in the middle of a phase, and all pages agree again when it is back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.support.process import ServerProcess
from tests.support.recorder import Json
from tests.support.wire import SocketClient

pytestmark = pytest.mark.feature("S2", "S3")

LATER = Path(__file__).parent.parent / "e2e" / "later_server.py"
FOCUS_MS = 12_000
"""It has to last until the server is back, also on a busy machine, and less than tests are patient."""


class Killed:
    """A server that is a process of its own, and its clients: what :class:`SocketClient` needs of one."""

    def __init__(self, folder: Path) -> None:
        self.server = ServerProcess(folder)
        self.server.start()
        self.clients: list[SocketClient] = []

    @property
    def url(self) -> str:
        return self.server.url

    async def post(self, path: str, body: Json, token: str = "") -> Json:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with aiohttp.ClientSession(self.url) as http, http.post(path, json=body, headers=headers) as answer:
            told: Json = await answer.json()
            return told

    async def token(self) -> str:
        token: str = (await self.post("/api/session", {"bearer": True}))["token"]
        return token

    async def come(self, link: str, name: str, token: str) -> SocketClient:
        client: Any = SocketClient(self, name, token=token)  # type: ignore[arg-type]
        await client.connect(link)
        await client.has("lobby")
        await client.must("people.join", name=name)
        await client.has("snapshot")
        found: SocketClient = client
        return found

    async def kill(self) -> None:
        """And wait until everybody has noticed."""
        await asyncio.to_thread(self.server.kill)
        await asyncio.gather(*(client.gone() for client in self.clients))


@pytest.fixture
async def killed(tmp_path: Path, clean: None) -> AsyncIterator[Killed]:
    made = Killed(tmp_path)
    yield made
    for client in made.clients:
        await client.leave()
    made.server.kill()


def shown(client: SocketClient) -> Json:
    """The room's timer as a page folds it from what it was told."""
    told = client.events("study.timer_changed")
    timer: Json = told[-1]["data"]["timer"] if told else client.snapshot["features"]["study"]["timer"]
    return timer


async def test_a_phase_goes_on_over_a_kill_and_what_was_missed_rings_late_once(killed: Killed) -> None:
    token = await killed.token()
    link: str = (await killed.post("/api/rooms", {"preset": "study", "admission": "open"}, token))["link"]
    host = await killed.come(link, "Olga", token)
    guest = await killed.come(link, "Gil", await killed.token())
    await host.must("study.lengths", scope="room", revision=0, focus_ms=FOCUS_MS)
    await host.must("study.set_alarm", scope="mine", alarm="a", **_in_an_hour())
    await host.must("study.timer", scope="room", act="start", revision=1)
    await guest.event("study.timer_changed", 2)
    running = shown(guest)

    await killed.kill()
    await asyncio.to_thread(killed.server.start)
    back = time.monotonic()
    await asyncio.gather(*(client.connect(link, client.seqs) for client in (host, guest)))
    await asyncio.gather(*(client.has("resumed") for client in (host, guest)))
    assert time.monotonic() - back < 2.0
    assert shown(host) == shown(guest) == running
    for client in (host, guest):
        await client.event("study.timer_changed", 3)
    rang = shown(host)
    assert shown(guest) == rang
    assert rang["rang"]["at"] == running["ends_at"]
    assert 0 <= rang["rang"]["late_ms"] < 5_000

    # It is started again and killed, and comes back when the phase has been over for almost an hour.
    await host.must("study.timer", scope="room", act="skip", revision=rang["revision"])
    await host.must("study.timer", scope="room", act="start", revision=rang["revision"] + 1)
    await guest.event("study.timer_changed", 5)
    due = shown(guest)["ends_at"]
    await killed.kill()
    killed.server.program = (str(LATER), "3700")
    await asyncio.to_thread(killed.server.start)
    for client in (host, guest):
        client.forget()
        await client.connect(link)
        timer = (await client.has("snapshot"))["features"]["study"]["timer"]
        assert (timer["rang"]["at"], timer["state"]) == (due, "ready")
        assert 3_600_000 < timer["rang"]["late_ms"] < 3_800_000
    (alarm,) = host.snapshot["features"]["study"]["own"]["alarms"]
    assert alarm["state"] == "rang"
    assert guest.snapshot["features"]["study"]["own"]["alarms"] == []
    assert not host.events("study.timer_changed"), "once"


def _in_an_hour() -> Json:
    """A time of day that is over when the server comes back, and not before."""
    at = time.gmtime(time.time() + 1800)
    return {"time": time.strftime("%H:%M", at), "day": time.strftime("%Y-%m-%d", at), "zone": "UTC"}
