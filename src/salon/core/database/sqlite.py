"""SQLite in the event loop: a dialect of SQLAlchemy's whose statements run where they are called.

A statement on a local file takes microseconds, and the way to a thread and back ten times that. So only what may take
long leaves the event loop: a commit, which waits for the disk, and a statement that turns out to be long
(docs/decisions/0007-sqlite-in-the-event-loop.md).
"""

from __future__ import annotations

import asyncio
import math
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

from sqlalchemy import URL
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.pool import AsyncAdaptedQueuePool, Pool
from sqlalchemy.util import await_only

from salon.core.database.disk import Disk
from salon.core.database.pens import Row, explained

READING_SECONDS = 0.005
"""What a reading statement may take of the event loop's time. One that takes longer begins again in a thread."""
WRITING_SECONDS = 0.025
"""The same for one that writes. It takes its whole transaction along, which begins again, so it is given longer."""
TURN_SECONDS = 0.005
"""After so much time in statements everyone else has a turn."""
BUSY_SECONDS = 5.0
"""How long a transaction waits for another process that is writing."""
CHECKPOINT_PAGES = 4000
"""So long grows the log, 16 MiB, before what is in it goes to its place: fewer and larger checkpoints cost less."""
LOOK_EVERY = 10_000
"""Steps of SQLite's machine, about half a millisecond, after which it is looked how long a statement has taken."""


class TooLong(Exception):
    """A statement took too long for the event loop, and its transaction is rolled back: to be done in a thread."""


class Cursor(sqlite3.Cursor):
    """A cursor that has all its rows when the statement is executed, like those of other asynchronous drivers."""

    connection: Connection
    _rows: Iterator[Any] = iter(())

    def attempt(self, statement: str, parameters: Any, *, many: bool = False) -> list[Any] | None:
        """Execute here and now; all rows. None when that would take too long, and nothing is done: use a thread."""
        connection = self.connection
        if connection.patient:
            return None
        started = time.perf_counter()
        connection.until = started + connection.allowance
        try:
            return self.carry_out(statement, parameters, many=many)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            if not connection.in_transaction:
                raise TooLong from error
            return None
        finally:
            connection.until = math.inf
            connection.spent += time.perf_counter() - started

    def carry_out(self, statement: str, parameters: Any, *, many: bool = False) -> list[Any]:
        """Execute, however long that takes; all rows."""
        if many:
            super().executemany(statement, parameters)
            return []
        super().execute(statement, parameters)
        return super().fetchall()

    # What SQLAlchemy calls, in a greenlet.

    def execute(self, statement: str, parameters: Any = (), /) -> Cursor:
        rows = self.attempt(statement, parameters)
        if rows is None:
            rows = await_only(asyncio.to_thread(self.carry_out, statement, parameters))
        self._rows = iter(rows)
        return self

    def executemany(self, statement: str, parameters: Any, /) -> Cursor:
        if self.attempt(statement, parameters, many=True) is None:
            await_only(asyncio.to_thread(self.carry_out, statement, parameters, many=True))
        return self

    async def _async_soft_close(self) -> None:
        """SQLAlchemy's to call when it hands over a result. There is nothing to wait for: the rows are here."""

    def fetchone(self) -> Any:
        return next(self._rows, None)

    def fetchmany(self, size: int | None = None) -> list[Any]:
        return list(islice(self._rows, size or self.arraysize))

    def fetchall(self) -> list[Any]:
        return list(self._rows)


class Connection(sqlite3.Connection):
    """A connection that notices when a statement takes long."""

    begins = "BEGIN"
    allowance = READING_SECONDS
    is_managed = True
    """Whether SQLAlchemy begins and ends its transactions."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.patient = False
        """Whether every statement goes to a thread."""
        self.until = math.inf
        """When the statement that is being executed has had its time."""
        self.spent = 0.0
        """Time taken by statements since everyone else had a turn."""
        self.set_progress_handler(lambda: time.perf_counter() > self.until, LOOK_EVERY)

    def cursor(self, factory: Callable[..., Any] | None = None) -> Any:
        return super().cursor(factory or Cursor)

    async def turn(self) -> None:
        """Let everyone else go on, if statements have taken long enough."""
        if self.spent > TURN_SECONDS:
            self.spent = 0.0
            await asyncio.sleep(0)

    async def begin(self) -> None:
        """Begin a transaction; wait for another process that is writing, but not for ever."""
        give_up = time.perf_counter() + BUSY_SECONDS
        while True:
            try:
                super().cursor(sqlite3.Cursor).execute(self.begins)
                return
            except sqlite3.OperationalError as error:
                # The low byte is the kind of error, the others tell more about it.
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.perf_counter() > give_up:
                    raise
                await asyncio.sleep(0.01)


class ReadingConnection(Connection):
    """For transactions that only read."""


class WritingConnection(Connection):
    """The one connection that writes. Its transactions are begun and committed by a pen, not by SQLAlchemy."""

    begins = "BEGIN IMMEDIATE"
    allowance = WRITING_SECONDS
    is_managed = False

    def commit_and_checkpoint(self) -> None:
        """Commit, and bring the database up to date with its log when that has grown."""
        cursor = super().cursor(sqlite3.Cursor)
        cursor.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}")
        try:
            self.commit()
        finally:
            cursor.execute("PRAGMA wal_autocheckpoint=0")


class SqlitePen:
    """A transaction on the one connection that writes. Commits have a thread of their own, where nothing delays them,
    and need not go there while the disk is quick.
    """

    is_lost = False

    def __init__(self, connection: AsyncConnection, pooled: Any) -> None:
        self.connection = connection
        self.known = pooled.info
        self._driver: WritingConnection = pooled.driver_connection
        self._cursor: Cursor = self._driver.cursor()
        self._changes = 0
        self._disk = Disk()
        self._thread = ThreadPoolExecutor(1, "commits")

    @classmethod
    async def make(cls, connection: AsyncConnection) -> SqlitePen:
        return cls(connection, await connection.get_raw_connection())

    async def begin(self, *, patient: bool) -> None:
        self._driver.patient = patient
        try:
            await self._driver.begin()
        except sqlite3.Error as error:
            raise explained(self.connection.dialect, self._driver.begins, error) from error
        self._changes = self._driver.total_changes

    async def commit(self) -> None:
        changes = self._driver.total_changes - self._changes
        try:
            if changes == 0:
                self._driver.commit()
            else:
                await self._write_down(changes)
        except sqlite3.Error as error:
            raise explained(self.connection.dialect, "COMMIT", error) from error

    async def _write_down(self, changes: int) -> None:
        blocks = self._disk.may_block(changes)
        started = time.perf_counter()
        if blocks:
            self._driver.commit()
        else:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._driver.commit_and_checkpoint)
        seconds = time.perf_counter() - started
        self._disk.note(changes, seconds, blocked=blocks)
        if blocks:
            self._driver.spent += seconds

    async def rollback(self) -> None:
        self._driver.rollback()

    async def fetch(self, text: str, parameters: Row) -> list[Row]:
        cursor = self._cursor
        try:
            rows = cursor.attempt(text, parameters)
            if rows is None:
                rows = await asyncio.to_thread(cursor.carry_out, text, parameters)
            return rows
        except sqlite3.Error as error:
            raise explained(self.connection.dialect, text, error) from error

    async def repeat(self, text: str, rows: list[Row]) -> None:
        cursor = self._cursor
        try:
            if cursor.attempt(text, rows, many=True) is None:
                await asyncio.to_thread(cursor.carry_out, text, rows, many=True)
        except sqlite3.Error as error:
            raise explained(self.connection.dialect, text, error) from error

    async def close(self) -> None:
        self._thread.shutdown()
        self._cursor.close()
        await self.connection.close()


class Dialect(SQLiteDialect_pysqlite):
    """What SQLAlchemy must know: that it may run in a greenlet, and where a transaction begins and ends."""

    driver = "inline"
    is_async = True
    has_terminate = True
    supports_statement_cache = True

    @classmethod
    def get_pool_class(cls, _url: URL) -> type[Pool]:
        return AsyncAdaptedQueuePool

    def do_begin(self, dbapi_connection: Any) -> None:
        if dbapi_connection.is_managed:
            await_only(dbapi_connection.begin())

    def do_commit(self, dbapi_connection: Any) -> None:
        if dbapi_connection.is_managed:
            dbapi_connection.commit()

    def do_rollback(self, dbapi_connection: Any) -> None:
        if dbapi_connection.is_managed:
            dbapi_connection.rollback()

    def do_terminate(self, dbapi_connection: Any) -> None:
        dbapi_connection.close()

    # SQLAlchemy insists that an asynchronous driver waits at least once: for the others' turn, if there is one.

    def do_execute(self, cursor: Any, statement: str, parameters: Any, _context: Any = None) -> None:
        await_only(cursor.connection.turn())
        cursor.execute(statement, parameters)

    def do_execute_no_params(self, cursor: Any, statement: str, _context: Any = None) -> None:
        self.do_execute(cursor, statement, ())

    def do_executemany(self, cursor: Any, statement: str, parameters: Any, _context: Any = None) -> None:
        await_only(cursor.connection.turn())
        cursor.executemany(statement, parameters)


registry.register("sqlite.inline", __name__, "Dialect")
