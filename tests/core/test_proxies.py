"""Whose `X-Forwarded-For` is believed: nobody's, unless the server was told of a proxy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.process import ServerProcess

LIMITS = {"sessions_per_hour": "3"}


def answers(server: ServerProcess, addresses: list[str], name: str = "X-Forwarded-For") -> list[int]:
    """What each of these, as a header says, gets when asking for a session."""
    with httpx.Client(base_url=server.url) as http:
        return [
            http.post("/api/session", json={"bearer": True}, headers={name: address}).status_code
            for address in addresses
        ]


MANY = [f"198.51.100.{each}" for each in range(6)]


@pytest.fixture
def started(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[ServerProcess]:
    process = ServerProcess(tmp_path, **LIMITS, **request.param)
    process.start()
    yield process
    process.kill()


@pytest.mark.feature("R3", "P3")
@pytest.mark.parametrize("started", [{}], indirect=True)
async def test_forwarded_addresses_are_not_believed(started: ServerProcess) -> None:
    assert answers(started, MANY) == [200, 200, 200, 429, 429, 429]
    assert answers(started, MANY, "X-Real-IP") == [429] * 6
    assert answers(started, ["for=198.51.100.1"], "Forwarded") == [429]


@pytest.mark.feature("R3", "P3")
@pytest.mark.parametrize("started", [{"trusted_proxies": "192.0.2.1"}], indirect=True)
async def test_nor_when_the_proxy_is_another(started: ServerProcess) -> None:
    assert answers(started, MANY) == [200, 200, 200, 429, 429, 429]


@pytest.mark.feature("R3", "P3")
@pytest.mark.parametrize("started", [{"trusted_proxies": "192.0.2.1, 127.0.0.1"}], indirect=True)
async def test_those_of_a_named_proxy_are(started: ServerProcess) -> None:
    assert answers(started, MANY) == [200] * 6
    # The proxy appends what it saw: what a client wrote before that is not believed.
    assert answers(started, [f"10.0.0.{each}, 198.51.100.7" for each in range(5)]) == [200, 200, 200, 429, 429]
