"""Pens: what transactions write with. A few connections that stay open, each used by one transaction at a time.

SQLAlchemy's own way into a transaction and out again costs more than a small transaction itself (with asyncio each of
its steps runs in a greenlet). So the transactions of the writer are begun and committed on the driver's connection, and
statements of the hot path executed there. SQLAlchemy believes that its connection commits by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Protocol

from sqlalchemy import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

Row = tuple[Any, ...]


class Pen(Protocol):
    """A connection as a transaction uses it. Faults are SQLAlchemy's, as from its own connections."""

    connection: AsyncConnection
    """The same connection for sessions. Nothing is begun or committed through it."""
    known: dict[Any, Any]
    """What is noted with the connection."""

    async def begin(self, *, patient: bool) -> None:
        """Begin a transaction. With SQLite, statements of a patient one are executed in a thread."""

    async def commit(self) -> None: ...

    async def rollback(self) -> None: ...

    async def fetch(self, text: str, parameters: Row) -> list[Row]: ...

    async def repeat(self, text: str, rows: list[Row]) -> None:
        """Execute the statement for each row of parameters."""

    @property
    def is_lost(self) -> bool:
        """Whether the connection is of no use any more."""

    async def close(self) -> None: ...


class Pens:
    """Lends pens, so many at a time, and makes them when they are first needed."""

    def __init__(
        self, engine: AsyncEngine, make: Callable[[AsyncConnection], Coroutine[Any, Any, Pen]], count: int
    ) -> None:
        self._engine = engine
        self._make = make
        self._idle: list[Pen] = []
        self._left = asyncio.Semaphore(count)

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[Pen]:
        async with self._left:
            pen = self._idle.pop() if self._idle else await self._make(await self._engine.connect())
            try:
                yield pen
            finally:
                self._idle.append(pen)
                if pen.is_lost:
                    # The database has gone away, and the others with it.
                    await self.close()

    async def close(self) -> None:
        idle, self._idle = self._idle, []
        for pen in idle:
            await pen.close()


def explained(dialect: Dialect, text: str, error: Exception, *, lost: bool = False) -> BaseException:
    """The fault as SQLAlchemy would have raised it."""
    return DBAPIError.instance(
        text,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=lost,
        dialect=dialect,
    )
