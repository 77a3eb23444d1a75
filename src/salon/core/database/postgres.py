"""PostgreSQL: a transaction on asyncpg's connection."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from salon.core.database.pens import Row, explained


class PostgresPen:
    """A connection of asyncpg's, which prepares each statement once."""

    def __init__(self, connection: AsyncConnection, pooled: Any) -> None:
        self.connection = connection
        self.known = pooled.info
        self._adapted = pooled.dbapi_connection
        self._driver = pooled.driver_connection

    @classmethod
    async def make(cls, connection: AsyncConnection) -> PostgresPen:
        return cls(connection, await connection.get_raw_connection())

    async def begin(self, *, patient: bool) -> None:
        await self.fetch("BEGIN", ())

    async def commit(self) -> None:
        await self.fetch("COMMIT", ())

    async def rollback(self) -> None:
        if not self.is_lost:
            await self.fetch("ROLLBACK", ())

    async def fetch(self, text: str, parameters: Row) -> list[Row]:
        try:
            rows: list[Row] = await self._driver.fetch(text, *parameters)
            return rows
        except Exception as error:
            raise self._explained(text, error) from error

    async def repeat(self, text: str, rows: list[Row]) -> None:
        try:
            await self._driver.executemany(text, rows)
        except Exception as error:
            raise self._explained(text, error) from error

    @property
    def is_lost(self) -> bool:
        return bool(self._driver.is_closed())

    async def close(self) -> None:
        if self.is_lost:
            await self.connection.invalidate()
        await self.connection.close()

    def _explained(self, text: str, error: Exception) -> BaseException:
        dialect = self.connection.dialect
        try:
            self._adapted._handle_exception(error)
        except dialect.loaded_dbapi.Error as known:
            return explained(dialect, text, known, lost=self.is_lost)
        return error
