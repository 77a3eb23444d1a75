"""Houses with a real mail server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.plans.stand_in import PushService, push_service
from tests.plans.support import clock_at
from tests.support.house import Stage, open_stage
from tests.support.mailbox import Mailbox, smtp

NOON = "2026-03-20T12:00"
"""A Friday, nine days before clocks change in Europe."""


@pytest.fixture
async def posting(tmp_path: Path, at_once: None, mailbox: Mailbox) -> AsyncIterator[Stage]:
    async with open_stage(
        tmp_path, clock=clock_at(NOON), public_url="https://salon.example.org", **smtp(mailbox)
    ) as it:
        yield it


@pytest.fixture
async def quiet(tmp_path: Path, at_once: None) -> AsyncIterator[Stage]:
    """Without mail."""
    async with open_stage(tmp_path, clock=clock_at(NOON)) as it:
        yield it


@pytest.fixture
async def service() -> AsyncIterator[PushService]:
    async with push_service() as running:
        yield running


@pytest.fixture
async def pushing(tmp_path: Path, at_once: None) -> AsyncIterator[Stage]:
    async with open_stage(tmp_path, clock=clock_at(NOON), push_to_private_addresses=True) as it:
        yield it
