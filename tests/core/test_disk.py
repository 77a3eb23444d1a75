"""Commits stay in the event loop while the disk is quick, and the log is brought home all the same."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from salon.core.database import disk, sqlite
from salon.core.database.disk import Disk
from salon.core.storage import Storage
from salon.core.tables import Identity
from tests.support.house import really_open

pytestmark = pytest.mark.feature("C1")

QUICK, SLOW = disk.QUICK_SECONDS / 2, disk.SLOW_SECONDS * 2


def proven() -> Disk:
    found = Disk()
    for _ in range(disk.PROVEN):
        assert not found.may_block(1)
        found.note(1, QUICK, blocked=False)
    return found


def test_a_disk_has_to_prove_itself() -> None:
    assert proven().may_block(1)
    unsteady = Disk()
    for number in range(10 * disk.PROVEN):
        assert not unsteady.may_block(1)
        unsteady.note(1, QUICK if number % disk.PROVEN else SLOW, blocked=False)


def test_one_slow_commit_is_enough() -> None:
    found = proven()
    found.note(1, SLOW, blocked=True)
    assert not found.may_block(1)


def test_large_commits_go_to_the_thread_and_prove_nothing() -> None:
    found = proven()
    assert not found.may_block(disk.SMALL + 1)
    found.note(disk.SMALL + 1, SLOW, blocked=False)
    assert found.may_block(1)
    new = Disk()
    for _ in range(2 * disk.PROVEN):
        new.note(disk.SMALL + 1, QUICK, blocked=False)
    assert not new.may_block(1)


def test_every_so_often_one_goes_to_the_thread() -> None:
    found = proven()
    count = 0
    while found.may_block(1):
        found.note(1, QUICK, blocked=True)
        count += 1
    assert count == disk.CHECKPOINT_EVERY - 1
    found.note(1, QUICK, blocked=False)
    assert found.may_block(1)


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    opened = Storage(f"sqlite:///{tmp_path}/salon.db")
    await really_open(opened)
    yield opened
    await opened.close()


async def note_something(storage: Storage, number: int) -> None:
    async with storage.transaction() as transaction:
        transaction.session.add(Identity(id=f"i{number}", created_at=1))
        await transaction.end_job()


async def test_the_log_does_not_grow_for_ever(
    storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "QUICK_SECONDS", 60.0)
    monkeypatch.setattr(disk, "SLOW_SECONDS", 60.0)
    monkeypatch.setattr(disk, "CHECKPOINT_EVERY", 10)
    monkeypatch.setattr(sqlite, "CHECKPOINT_PAGES", 50)
    threads: list[str] = []
    commit = sqlite.WritingConnection.commit

    def noted(self: sqlite.WritingConnection) -> None:
        threads.append(threading.current_thread().name)
        commit(self)

    monkeypatch.setattr(sqlite.WritingConnection, "commit", noted)
    log = tmp_path / "salon.db-wal"
    for number in range(disk.PROVEN + 100):
        await note_something(storage, number)
    size = log.stat().st_size
    for number in range(1000, 1300):
        await note_something(storage, number)
    assert log.stat().st_size == size, "it begins again from its start"
    assert set(threads[: disk.PROVEN]) == {"commits_0"}
    after = threads[disk.PROVEN :]
    assert after.count("MainThread") == len(after) - len(after) // 10
