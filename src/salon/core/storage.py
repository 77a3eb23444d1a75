"""The database: one writer, readers apart, and nothing committed anywhere but in :mod:`salon.core.writer`.

SQLite runs in WAL mode with ``synchronous=FULL``: a commit is on the disk before it is acknowledged. There is
one writing connection, its transactions begin IMMEDIATE (a plain BEGIN that later writes fails under load), and
only it checkpoints: SQLite before 3.51.3 can corrupt a WAL that several connections checkpoint.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Insert, event
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import NullPool, StaticPool

from salon.core.database import sqlite
from salon.core.database.pens import Pens
from salon.core.database.postgres import PostgresPen
from salon.core.database.statements import Statement, Ts
from salon.core.database.transaction import Transaction, transaction, watch


class Base(DeclarativeBase):
    """The base of every table. Relations are not loaded by themselves: queries say what they need."""


WRITERS = 4
"""Transactions at a time with PostgreSQL."""
# What people write never stands in error messages.
COMMON: dict[str, Any] = {
    "hide_parameters": True,
    "json_serializer": lambda value: orjson.dumps(value).decode(),
    "json_deserializer": orjson.loads,
}


class Storage:
    """The two engines of a database, and its migrations."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._writer, self._reader = self._sqlite() if self.is_sqlite else self._postgres()
        watch(self._writer)
        make = sqlite.SqlitePen.make if self.is_sqlite else PostgresPen.make
        self.writers = 1 if self.is_sqlite else WRITERS
        """Transactions that can be under way at a time."""
        self._pens = Pens(self._writer, make, self.writers)

    def _sqlite(self) -> tuple[AsyncEngine, AsyncEngine]:
        if self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        url = self.url.set(drivername="sqlite+inline")
        writer = create_async_engine(
            url, poolclass=StaticPool, connect_args=_arguments(sqlite.WritingConnection), **COMMON
        )
        reader = create_async_engine(
            url,
            pool_size=4,
            max_overflow=0,
            connect_args=_arguments(sqlite.ReadingConnection),
            **COMMON,
        )
        _on_connect(
            writer,
            "PRAGMA journal_mode=WAL",
            "PRAGMA synchronous=FULL",
            "PRAGMA foreign_keys=ON",
            # It waits by itself, without holding up the event loop.
            "PRAGMA busy_timeout=0",
            "PRAGMA cache_size=-16000",
            # Commits that are made in the event loop leave it to others (see SqlitePen).
            "PRAGMA wal_autocheckpoint=0",
        )
        _on_connect(reader, "PRAGMA query_only=ON", "PRAGMA wal_autocheckpoint=0")
        return writer, reader

    def _postgres(self) -> tuple[AsyncEngine, AsyncEngine]:
        # Its transactions are begun and committed by pens, not by SQLAlchemy.
        writer = create_async_engine(self.url, poolclass=NullPool, isolation_level="AUTOCOMMIT", **COMMON)
        # One snapshot of the data for the whole of a reading: its tables and its stream numbers belong together.
        reader = create_async_engine(self.url, pool_size=8, isolation_level="REPEATABLE READ", **COMMON)
        return writer, reader

    async def open(self) -> None:
        """Bring the database to the newest version, making it if there is none."""
        async with self.transaction(patient=True) as transaction:
            await transaction.connection.run_sync(_migrate)

    async def close(self) -> None:
        await self._pens.close()
        await self._reader.dispose()
        await self._writer.dispose()

    def transaction(self, *, patient: bool = False) -> AbstractAsyncContextManager[Transaction]:
        """A writing transaction, committed at the end. For :mod:`salon.core.writer` alone."""
        return transaction(self._pens, patient=patient)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A reading transaction: one consistent state of the database."""
        async with AsyncSession(self._reader, expire_on_commit=False) as session:
            yield session

    async def look(self, statement: Statement[*Ts], /, **values: Any) -> list[tuple[*Ts]]:
        """The rows of one SELECT on its own, for what is looked at every second: next to nothing on the way to them."""
        async with self._pens.lent() as pen:
            compiled = statement.on(pen.connection.dialect)
            return compiled.rows(await pen.fetch(compiled.text, compiled.parameters(values)))


def upsert(session: AsyncSession, table: type[Base]) -> Any:
    """An INSERT of the session's database that knows ON CONFLICT."""
    insert: Any = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgres_insert
    statement: Insert = insert(table)
    return statement


def _arguments(connection: type[sqlite.Connection]) -> dict[str, Any]:
    """For the driver. It must not begin transactions by itself: its plain BEGIN is the one that fails under load."""
    return {
        "factory": connection,
        "isolation_level": None,
        "check_same_thread": False,
        "cached_statements": 512,
        "timeout": sqlite.BUSY_SECONDS,
    }


def _on_connect(engine: AsyncEngine, *pragmas: str) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        for pragma in pragmas:
            connection.execute(pragma)


def _migrate(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", "salon:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
