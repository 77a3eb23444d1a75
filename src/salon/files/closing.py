"""Closes uploads that grow when nobody sends any more: what has come is a file; of nothing, nothing is left."""

from __future__ import annotations

import asyncio
import functools
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import bindparam, select, update

from salon.core.database.statements import Statement
from salon.core.dispatch import Context
from salon.core.feature import Service
from salon.core.refusals import Refused
from salon.core.tables import Room
from salon.core.writer import Work
from salon.files import growing, receiving
from salon.files.desk import remove
from salon.files.finishing import finish
from salon.files.quota import hold, turned_out
from salon.files.tables import File
from salon.files.traffic import Traffic, Transfer
from salon.files.vault import vault_of

if TYPE_CHECKING:
    from salon.core.house import House

logger = structlog.get_logger("salon.files")

_QUIET = Statement(
    select(File.id, File.room_id)
    .join(Room, Room.id == File.room_id)
    .where(File.expires_at <= bindparam("now"), File.grows.is_not(None), Room.closed_at.is_(None))
)


class Closing(Service):
    """One after the other."""

    sweep_seconds = 2

    def __init__(self, house: House) -> None:
        self._house = house
        self._task: asyncio.Task[None] | None = None
        self._current: Transfer | None = None
        self._stopping = False

    async def start(self) -> None:
        """While no server was here nobody could send: whoever did has their time again."""
        await self._house.writer.run("", functools.partial(_wait_anew, now=self._house.clock.now()))

    async def stop(self) -> None:
        self._stopping = True
        if self._current is not None:
            self._current.stop(Refused("unavailable"))
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    async def sweep(self) -> None:
        if self._stopping or (self._task is not None and not self._task.done()):
            return
        quiet = await self._house.storage.look(_QUIET, now=self._house.clock.now())
        if quiet:
            self._task = asyncio.create_task(self._close_all([(name, room) for name, room in quiet]), name="closing")

    async def _close_all(self, quiet: list[tuple[str, str]]) -> None:
        for name, room_id in quiet:
            if self._stopping:
                return
            try:
                await self._close(name, room_id)
            except Refused:
                continue  # it is gone, or is tried again later
            except Exception:
                logger.exception("an upload could not be closed")

    async def _close(self, name: str, room_id: str) -> None:
        house, traffic = self._house, Traffic.of[self._house.fanout]
        if (sending := traffic.upload_of(name)) is not None:
            async with house.storage.read() as session:
                file = await session.get(File, name)
            if sending.finishing or file is None or file.grows != growing.ENDING:
                return  # bytes are coming: it is not quiet
            await traffic.end_upload(name)
        self._current = Transfer(room_id, frozenset([name]), _always, upload=True, finishing=True)
        try:
            await traffic.run(self._current, self._finish(name, room_id))
        finally:
            self._current = None

    async def _finish(self, name: str, room_id: str) -> None:
        house, traffic, vault = self._house, Traffic.of[self._house.fanout], vault_of(self._house)
        async with house.storage.read() as session:
            file = await session.get(File, name)
        if file is None or file.blob is None:
            return
        path = vault.incoming(file.blob)
        offset = await traffic.in_thread(receiving.usable, path, file.size, file.synced, file.boot)
        # Another process of the server may be at it: then this is refused. And what a power cut spoilt is cut off.
        spool = await traffic.taken_in_thread(receiving.Spool, receiving.Spool.close, path, offset, None)
        try:
            await traffic.in_thread(spool.sync)
            closed = await house.dispatcher.system(room_id, functools.partial(_shut, name=name, size=offset))
            if closed is not None:
                await finish(house, closed)
        finally:
            await traffic.in_thread(spool.close)


async def _shut(ctx: Context, *, name: str, size: int) -> File | None:
    """It is as long as what has come. None when it is not to be finished."""
    await hold(ctx)
    file = await ctx.session.get(File, name, populate_existing=True)
    if file is None or file.done_at is not None or (file.expires_at or 0) > ctx.now:
        return None
    if size == 0:
        await remove(ctx, [file])
        return None
    await turned_out(ctx, file, size)
    # If it cannot be finished now, that is tried again after a while.
    file.grows, file.expires_at = growing.TOLD, ctx.now + growing.QUIET_MS
    return file


async def _wait_anew(work: Work, *, now: int) -> None:
    short = (File.grows == growing.OPEN, File.expires_at < now + growing.QUIET_MS)
    await work.session.execute(update(File).where(*short).values(expires_at=now + growing.QUIET_MS))


async def _always() -> None:
    return None
