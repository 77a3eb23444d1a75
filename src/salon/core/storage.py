"""The database: one writer, readers apart, and nothing committed anywhere but in :mod:`salon.core.writer`.

SQLite runs in WAL mode with ``synchronous=FULL``: a commit is on the disk before it is acknowledged. There is
one writing connection, its transactions begin IMMEDIATE (a plain BEGIN that later writes fails under load), and
only it checkpoints: SQLite before 3.51.3 can corrupt a WAL that several connections checkpoint.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Insert, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import StaticPool


class Base(DeclarativeBase):
    """The base of every table. Relations are not loaded by themselves: queries say what they need."""


class Storage:
    """The two engines of a database, and its migrations. What people write never stands in their error messages."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._writer, self._reader = self._sqlite() if self.is_sqlite else self._postgres()

    def _sqlite(self) -> tuple[AsyncEngine, AsyncEngine]:
        if self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        writer = create_async_engine(self.url, poolclass=StaticPool, hide_parameters=True)
        reader = create_async_engine(self.url, pool_size=4, max_overflow=0, hide_parameters=True)
        _on_connect(
            writer,
            "PRAGMA journal_mode=WAL",
            "PRAGMA synchronous=FULL",
            "PRAGMA foreign_keys=ON",
            "PRAGMA busy_timeout=5000",
        )
        _on_connect(reader, "PRAGMA query_only=ON", "PRAGMA wal_autocheckpoint=0", "PRAGMA busy_timeout=5000")
        _on_begin(writer, "BEGIN IMMEDIATE")
        _on_begin(reader, "BEGIN")
        return writer, reader

    def _postgres(self) -> tuple[AsyncEngine, AsyncEngine]:
        writer = create_async_engine(self.url, pool_size=8, hide_parameters=True)
        # One snapshot of the data for the whole of a reading: its tables and its stream numbers belong together.
        reader = create_async_engine(self.url, pool_size=8, isolation_level="REPEATABLE READ", hide_parameters=True)
        return writer, reader

    async def open(self) -> None:
        """Bring the database to the newest version, making it if there is none."""
        async with self._writer.begin() as connection:
            await connection.run_sync(_migrate)

    async def close(self) -> None:
        await self._reader.dispose()
        await self._writer.dispose()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A writing transaction, committed at the end. For :mod:`salon.core.writer` alone."""
        async with AsyncSession(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A reading transaction: one consistent state of the database."""
        async with AsyncSession(self._reader, expire_on_commit=False) as session:
            yield session


def upsert(session: AsyncSession, table: type[Base]) -> Any:
    """An INSERT of the session's database that knows ON CONFLICT."""
    insert: Any = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement: Insert = insert(table)
    return statement


def _on_connect(engine: AsyncEngine, *pragmas: str) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        # The driver must not begin transactions by itself: its plain BEGIN is the one that fails under load.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()


def _on_begin(engine: AsyncEngine, statement: str) -> None:
    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)


def _migrate(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", "salon:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
