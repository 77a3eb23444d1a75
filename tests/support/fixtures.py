"""Fixtures for tests against a House in the test's own process."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import settings

from salon.people import roll
from tests.support.house import LocalClient, Place, Stage, open_stage
from tests.support.wire import Served, serve

# The same examples on every run, and no time limit for each: a busy machine fails nothing.
settings.register_profile("salon", deadline=None, derandomize=True, database=None)
settings.load_profile("salon")


@pytest.fixture
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings of whoever runs the tests are not the tests' settings."""
    for name in [name for name in os.environ if name.startswith("SALON_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def at_once(clean: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """News of people coming and going are told at once instead of ten times a second."""
    monkeypatch.setattr(roll, "MERGE_SECONDS", 0.0)


@pytest.fixture
async def stage(tmp_path: Path, at_once: None) -> AsyncIterator[Stage]:
    async with open_stage(tmp_path) as opened:
        yield opened


@pytest.fixture
async def place(stage: Stage) -> Place:
    return await stage.room()


@pytest.fixture
async def owner(stage: Stage, place: Place) -> LocalClient:
    return await stage.owner(place)


@pytest.fixture
async def guest(stage: Stage, place: Place, owner: LocalClient) -> LocalClient:
    return await stage.come(place, "Gil")


@pytest.fixture
async def served(tmp_path: Path, at_once: None) -> AsyncIterator[Served]:
    """A server with real sockets."""
    async with serve(tmp_path) as running:
        yield running
