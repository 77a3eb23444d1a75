"""Fixtures for tests against a House in the test's own process."""

from __future__ import annotations

import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from salon.core import dispatch
from salon.core.contract import Command
from salon.core.dispatch import Context
from salon.core.storage import Storage
from salon.people import roll
from tests.support.house import Database, LocalClient, Place, Stage, open_stage, open_without_migrating
from tests.support.mailbox import Mailbox, opened
from tests.support.postgres import Cluster
from tests.support.wire import Served, serve

# The same examples on every run, and no time limit for each: a busy machine fails nothing.
settings.register_profile("salon", deadline=None, derandomize=True, database=None)
settings.load_profile("salon")

EVERYTHING_ON_POSTGRES = os.environ.get("SALON_TEST_DATABASE") == "postgres"
"""For a run of all tests that do not need SQLite itself: ``SALON_TEST_DATABASE=postgres``."""


@pytest.fixture(scope="session")
def cluster(real_part: Callable[[str], str]) -> Iterator[Cluster]:
    # Not below pytest's folder, which nobody else may enter; and the path of a socket must be short.
    with tempfile.TemporaryDirectory(prefix="salon-pg-") as folder:
        running = Cluster(Path(real_part("postgres")), Path(folder))
        yield running
        running.stop()


@pytest.fixture
def postgres(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """Houses of this test keep their data in PostgreSQL; a folder that is opened again finds what was there."""
    urls: dict[Path, str] = {}

    async def url_for(folder: Path) -> str:
        if folder not in urls:
            urls[folder] = await cluster.database()
        return urls[folder]

    monkeypatch.setattr(Database, "url_for", url_for)


@pytest.fixture
def clean(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Settings of whoever runs the tests are not the tests' settings."""
    if EVERYTHING_ON_POSTGRES:
        request.getfixturevalue("postgres")
    for name in [name for name in os.environ if name.startswith("SALON_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(Storage, "open", open_without_migrating)


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


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    """A mail server, whose settings ``smtp(mailbox)`` are. In browser tests the test's own server sends to it."""
    async with opened(Mailbox()) as box:
        yield box


Handler = Callable[[Any, Context], Awaitable[Any]]
Replace = Callable[[type[Command], Handler], Handler]


@pytest.fixture
def replace(monkeypatch: pytest.MonkeyPatch) -> Replace:
    """Puts another handler in the place of a command's, which it returns."""

    def change(word: type[Command], handler: Handler) -> Handler:
        handlers: dict[Any, Any] = dispatch._commands
        before: Handler = handlers[word]
        monkeypatch.setitem(handlers, word, handler)
        return before

    return change
