"""SQLite in the event loop: what may take long leaves it, and nothing else does."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from salon.core.database import sqlite
from salon.core.storage import Storage
from salon.core.tables import Identity
from salon.core.writer import Work
from tests.support.house import LocalClient, Place, Stage, really_open

STEPS = "WITH RECURSIVE step(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM step WHERE n < 30000) SELECT n FROM step"


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    opened = Storage(f"sqlite:///{tmp_path}/salon.db")
    await really_open(opened)
    yield opened
    await opened.close()


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The name of the thread of each statement that is executed."""
    names: list[str] = []
    carry_out = sqlite.Cursor.carry_out

    def noted(self: sqlite.Cursor, *arguments: Any, **options: Any) -> list[Any]:
        names.append(threading.current_thread().name)
        return carry_out(self, *arguments, **options)

    monkeypatch.setattr(sqlite.Cursor, "carry_out", noted)
    return names


def elsewhere(names: list[str]) -> int:
    return len([name for name in names if name != "MainThread"])


async def test_short_statements_stay_in_the_event_loop(storage: Storage, threads: list[str]) -> None:
    async with storage.transaction() as transaction:
        transaction.session.add(Identity(id="one", created_at=1))
        await transaction.end_job()
    async with storage.read() as session:
        assert (await session.execute(select(Identity.id))).scalars().all() == ["one"]
    assert threads
    assert elsewhere(threads) == 0


@pytest.mark.parametrize("writing", [False, True])
async def test_a_long_reading_goes_on_in_a_thread(
    storage: Storage, threads: list[str], monkeypatch: pytest.MonkeyPatch, writing: bool
) -> None:
    """Also in the middle of a writing transaction, which keeps what it has done so far."""
    for connection in (sqlite.Connection, sqlite.WritingConnection):
        monkeypatch.setattr(connection, "allowance", -1.0)
    if writing:
        async with storage.transaction() as transaction:
            transaction.session.add(Identity(id="one", created_at=1))
            await transaction.session.flush()
            rows = (await transaction.session.execute(text(STEPS))).all()
            await transaction.end_job()
    else:
        async with storage.read() as session:
            rows = (await session.execute(text(STEPS))).all()
    assert [n for (n,) in rows] == list(range(1, 30_001))
    assert elsewhere(threads) == 1
    async with storage.read() as session:
        assert len((await session.execute(select(Identity.id))).all()) == writing


async def test_a_long_writing_is_for_a_patient_transaction(
    storage: Storage, threads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite.WritingConnection, "allowance", -1.0)
    statement = text(f"INSERT INTO identities (id, created_at) SELECT n, 1 FROM ({STEPS})")  # noqa: S608
    with pytest.raises(sqlite.TooLong):
        async with storage.transaction() as transaction:
            await transaction.session.execute(statement)
    assert elsewhere(threads) == 0
    async with storage.transaction(patient=True) as transaction:
        await transaction.session.execute(statement)
        await transaction.end_job()
    assert elsewhere(threads) > 0
    async with storage.read() as session:
        assert (await session.execute(text("SELECT count(*) FROM identities"))).scalar_one() == 30_000


async def test_a_commit_does_not_hold_up_the_event_loop(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is done in a thread, if there is anything to commit."""
    names: list[str] = []

    def commit(self: sqlite3.Connection) -> None:
        names.append(threading.current_thread().name)
        sqlite3.Connection.commit(self)

    monkeypatch.setattr(sqlite.WritingConnection, "commit", commit, raising=False)
    async with storage.transaction() as transaction:
        await transaction.session.execute(text("SELECT 1"))
    async with storage.transaction() as transaction:
        transaction.session.add(Identity(id="one", created_at=1))
        await transaction.end_job()
    assert [name.partition("_")[0] for name in names] == ["MainThread", "commits"]


async def test_everyone_has_a_turn(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """One who executes many short statements lets others go on in between."""
    monkeypatch.setattr(sqlite, "TURN_SECONDS", 0.0)
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(others())
    async with storage.read() as session:
        for _ in range(10):
            await session.execute(text("SELECT 1"))
    task.cancel()
    assert turns >= 10


async def test_waiting_for_another_process_keeps_nobody_else_waiting(
    stage: Stage, place: Place, owner: LocalClient, guest: LocalClient
) -> None:
    other = sqlite3.connect(stage.house.settings.data_dir / "salon.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    asked = asyncio.create_task(owner.ask("chat.send", body="hello"))
    # Whoever only reads is served meanwhile.
    assert (await guest.must("chat.history"))["messages"] == []
    assert not asked.done()
    other.execute("ROLLBACK")
    other.close()
    assert (await asked)["ok"]
    assert guest.said == ["hello"]


async def test_the_fault_of_a_statement_is_told_without_what_was_written(storage: Storage) -> None:
    with pytest.raises(OperationalError) as raised:
        async with storage.transaction() as transaction:
            await transaction.session.execute(text("SELECT * FROM nothing WHERE a = :a"), {"a": "secret"})
    assert "secret" not in str(raised.value)


async def test_the_writer_goes_on_after_a_fault(stage: Stage) -> None:
    async def breaks(work: Work) -> None:
        await work.session.execute(text("SELECT * FROM nothing"))

    async def works(work: Work) -> int:
        return work.now

    first, second = await asyncio.gather(
        stage.house.writer.run("", breaks), stage.house.writer.run("", works), return_exceptions=True
    )
    assert isinstance(first, Exception)
    assert isinstance(second, Exception), "it shared the transaction"
    assert await stage.house.writer.run("", works)
