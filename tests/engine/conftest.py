"""What the tests of the engine share. They run on the event loop that the server runs on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping

import pytest
import uvloop

from salon.core.engine import server
from tests.engine.stand import Stand, standing


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"uvloop": uvloop.new_event_loop}


@pytest.fixture
def quick_pulse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits of time are looked at twenty times a second instead of once."""
    monkeypatch.setattr(server, "PULSE_SECONDS", 0.05)


@pytest.fixture
async def stand(quick_pulse: None, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Stand]:
    """The engine with an echo. Nothing may be left at its end, and no exception have come to the log."""
    async with standing() as running:
        yield running
    errors = [record for record in caplog.get_records("call") if record.levelno >= logging.ERROR]
    assert errors == [], [record.getMessage() for record in errors]
