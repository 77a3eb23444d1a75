"""One writing transaction, in which several jobs do their work one after the other."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.util import await_only

from salon.core.database.pens import Pen, Pens
from salon.core.database.statements import Statement, Ts

KEY = "salon.transaction"
"""Under which a connection knows its transaction."""


class Transaction:
    """What the jobs of a group share: the database, by statements of the hot path and by sessions.

    Rows that nobody needs at once are only noted (:meth:`later`) and written together: at the end, before a statement
    that looks at their tables, and before whatever is done through a session.
    """

    def __init__(self, pen: Pen) -> None:
        self.connection = pen.connection
        self.answers: dict[tuple[str, str, str], dict[str, Any]] = {}
        """What the commands of this transaction were answered, by room, identity and command."""
        self._pen = pen
        self._dialect = pen.connection.dialect
        self._noted: dict[Statement[()], list[tuple[Any, ...]]] = {}
        self._tables: set[str] = set()
        """Of the rows that are noted and may be looked for."""
        # Of the job that is being done.
        self._touched = False
        self._own: list[list[tuple[Any, ...]]] = []
        self._session: AsyncSession | None = None

    # Statements.

    async def all(self, statement: Statement[*Ts], /, **values: Any) -> list[tuple[*Ts]]:
        """Execute the statement; all its rows. It sees what the job's session has changed, and what was noted."""
        if self._session is not None:
            await self._session.flush()
        if not self._tables.isdisjoint(statement.tables):
            await self.flush()
        if statement.writes:
            self._touched = True
        compiled = statement.on(self._dialect)
        return compiled.rows(await self._pen.fetch(compiled.text, compiled.parameters(values)))

    async def one(self, statement: Statement[*Ts], /, **values: Any) -> tuple[*Ts] | None:
        """Execute the statement; its first row, or None."""
        rows = await self.all(statement, **values)
        return rows[0] if rows else None

    def later(self, statement: Statement[()], /, **values: Any) -> None:
        """Note something to be written. What it refers to must be written before."""
        self.at_end(statement, **values)
        self._tables |= statement.tables

    def at_end(self, statement: Statement[()], /, **values: Any) -> None:
        """Note something to be written that no statement of this transaction looks for."""
        rows = self._noted.get(statement)
        if rows is None:
            rows = self._noted[statement] = []
        rows.append(statement.on(self._dialect).parameters(values))
        self._own.append(rows)

    async def flush(self) -> None:
        """Write what was noted, all rows of a statement at once."""
        if not self._noted:
            return
        noted, self._noted = self._noted, {}
        self._tables.clear()
        if self._own:
            self._touched, self._own = True, []
        for statement, rows in noted.items():
            if rows:
                await self._pen.repeat(statement.on(self._dialect).text, rows)

    # Sessions.

    @property
    def session(self) -> AsyncSession:
        """The job's own session: what it has loaded is no other job's."""
        if self._session is None:
            self._session = AsyncSession(self.connection, expire_on_commit=False)
        return self._session

    def before(self, text: str) -> None:
        """A session is about to execute this, in its greenlet."""
        if self._noted:
            await_only(self.flush())
        if not text.startswith("SELECT"):
            self._touched = True

    # Jobs.

    def begin_job(self) -> None:
        self._touched, self._own, self._session = False, [], None

    async def end_job(self) -> None:
        """Write what the job's session has not written yet."""
        if self._session is not None:
            await self._session.flush()
            await self._session.close()

    def undo_job(self) -> bool:
        """Take back what the job has done. False when it has written something, and others would be undone too."""
        if self._touched:
            return False
        for rows in self._own:
            rows.pop()
        return True

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Within it a job may fail without harm to the others."""
        await self._pen.fetch("SAVEPOINT job", ())
        try:
            yield
            await self.flush()
        except BaseException:
            # All that is noted is its own: what others noted was written at the end of their savepoints.
            self._noted.clear()
            self._tables.clear()
            await self._pen.fetch("ROLLBACK TO SAVEPOINT job", ())
            raise
        finally:
            await self._pen.fetch("RELEASE SAVEPOINT job", ())


@asynccontextmanager
async def transaction(pens: Pens, *, patient: bool = False) -> AsyncIterator[Transaction]:
    """A transaction, committed at the end. With SQLite, statements of a patient one are executed in a thread."""
    async with pens.lent() as pen:
        await pen.begin(patient=patient)
        begun = Transaction(pen)
        known = pen.known
        known[KEY] = begun
        try:
            yield begun
            await begun.flush()
            await pen.commit()
        except BaseException:
            with contextlib.suppress(DBAPIError):
                await pen.rollback()
            raise
        finally:
            del known[KEY]


def watch(engine: AsyncEngine) -> None:
    """Let the transactions of this engine know what is done through sessions."""

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def before(connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        known: Transaction | None = connection.info.get(KEY)
        if known is not None:
            known.before(statement)
