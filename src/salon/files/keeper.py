"""Looks after bytes: deletes those of deleted files, files and uploads whose time is over, and what nobody knows of.

All of it is written down in the database: what a server that dies leaves undone, the next one does.
"""

from __future__ import annotations

import asyncio
import functools
import time
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import bindparam, delete, select

from salon.core.database.statements import Statement
from salon.core.dispatch import Context
from salon.core.due import in_open_room
from salon.core.feature import Service
from salon.core.refusals import Refused
from salon.core.tables import Room
from salon.core.writer import Work
from salon.files import receiving
from salon.files.desk import is_whole, remove, upload_on_wire
from salon.files.finishing import finish
from salon.files.quota import hold
from salon.files.tables import File, GoneBlob
from salon.files.traffic import Traffic, Transfer
from salon.files.vault import SEEKABLE, SMALL, Vault, vault_of

if TYPE_CHECKING:
    from salon.core.house import House

AT_ONCE = 200
ORPHAN_SECONDS = 3600
"""Bytes that no row knows are left alone for so long: their row may be about to be written."""
LOOK_FOR_ORPHANS_MS = 6 * 3600 * 1000

logger = structlog.get_logger("salon.files")

_GONE = Statement(select(GoneBlob.blob).order_by(GoneBlob.at).limit(AT_ONCE))
_DUE = Statement(
    select(File.room_id)
    .join(Room, Room.id == File.room_id)
    .where(File.expires_at <= bindparam("now"), File.grows.is_(None), Room.closed_at.is_(None))
    .distinct()
)


class Keeper(Service):
    """One task at a time, so that nothing is deleted twice at once."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._task: asyncio.Task[None] | None = None
        self._finishing: asyncio.Task[None] | None = None
        self._current: Transfer | None = None
        """The upload that is being finished."""
        self._again = False
        self._stopping = asyncio.Event()
        self._looked_at = 0

    async def start(self) -> None:
        traffic = Traffic.of[self._house.fanout]
        await traffic.in_thread(vault_of, self._house)
        traffic.on_gone = self._wipe_soon
        self._wipe_soon()
        whole = await self._take_stock()
        # Nobody need wait for that: large files are read wholly.
        self._finishing = asyncio.create_task(self._finish_all(whole), name="uploads finished")

    async def stop(self) -> None:
        # Nothing is broken off in the middle of a question to the database.
        self._stopping.set()
        if self._current is not None:
            self._current.stop(Refused("unavailable"))
        tasks = [task for task in (self._task, self._finishing) if task is not None]
        await asyncio.gather(*tasks, return_exceptions=True)

    async def sweep(self) -> None:
        now = self._house.clock.now()
        for (room_id,) in await self._house.storage.look(_DUE, now=now):
            await in_open_room(self._house.dispatcher, room_id, _expire)
        if self._task is None or self._task.done():
            self._wipe_soon()
        if now - self._looked_at >= LOOK_FOR_ORPHANS_MS:
            self._looked_at = now
            await self.collect_orphans()

    # Bytes of deleted files.

    def _wipe_soon(self) -> None:
        self._again = True
        if not self._stopping.is_set() and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._wipe(), name="bytes deleted")

    async def _wipe(self) -> None:
        traffic, vault = Traffic.of[self._house.fanout], vault_of(self._house)
        try:
            while self._again and not self._stopping.is_set():
                self._again = False
                while gone := [blob for (blob,) in await self._house.storage.look(_GONE)]:
                    for blob in gone:
                        if self._stopping.is_set():
                            return
                        traffic.hashes.forget(blob)
                        await traffic.in_thread(vault.wipe, blob)
                    await self._house.writer.run("", functools.partial(_note_wiped, blobs=gone))
        except Refused:
            return  # the sweep does it
        except Exception:
            logger.exception("bytes could not be deleted")

    # What a server that died has left.

    async def _take_stock(self) -> list[File]:
        """Uploads that are not over. Those who come in are told of them. Returns whose bytes are all here."""
        house = self._house
        traffic, vault = Traffic.of[house.fanout], vault_of(house)
        async with house.storage.read() as session:
            open_rooms = select(File).join(Room, Room.id == File.room_id)
            coming = open_rooms.where(File.done_at.is_(None), File.blob.is_not(None), Room.closed_at.is_(None))
            files = list((await session.execute(coming)).scalars())
        here = await traffic.in_thread(_all_usable, vault, files)
        for file, (offset, _) in zip(files, here, strict=True):
            traffic.progress.know(file.room_id, upload_on_wire(file, offset, moving=False))
        found = zip(files, here, strict=True)
        return [file for file, (offset, there) in found if there and is_whole(file, offset)]

    async def _finish_all(self, files: list[File]) -> None:
        """Uploads whose last byte had come."""
        for file in files:
            if not self._stopping.is_set():
                await self._finish(file)

    async def _finish(self, file: File) -> None:
        traffic = Traffic.of[self._house.fanout]
        async with self._house.storage.read() as session:
            known = await session.get(File, file.id)
        if known is None or known.done_at is not None or traffic.upload_of(file.id) is not None:
            return  # whoever sent it was quicker, or it was deleted
        transfer = Transfer(file.room_id, frozenset([file.id]), _always, upload=True, finishing=True)
        self._current = transfer
        try:
            await traffic.run(transfer, finish(self._house, file))
        except Refused:
            return
        except Exception:
            logger.exception("an upload could not be finished")
        finally:
            self._current = None

    async def collect_orphans(self) -> int:
        """Delete bytes that no row knows. Returns how many names there were."""
        traffic, vault = Traffic.of[self._house.fanout], vault_of(self._house)
        old = time.time() - ORPHAN_SECONDS
        found = await traffic.in_thread(_older_than, vault, old)
        names = {name.removesuffix(SMALL).removesuffix(SEEKABLE) for name in found}
        listed = sorted(names)
        for start in range(0, len(listed), AT_ONCE):
            some = listed[start : start + AT_ONCE]
            async with self._house.storage.read() as session:
                known = set((await session.execute(select(File.blob).where(File.blob.in_(some)))).scalars())
            names -= known
        for name in names:
            await traffic.in_thread(vault.wipe, name)
        return len(names)


def _all_usable(vault: Vault, files: list[File]) -> list[tuple[int, bool]]:
    """How many bytes of each are here, and whether there is a file with them."""
    paths = [vault.incoming(file.blob or "") for file in files]
    return [
        (receiving.usable(path, file.size, file.synced, file.boot), path.exists())
        for path, file in zip(paths, files, strict=True)
    ]


def _older_than(vault: Vault, limit: float) -> set[str]:
    return {name for source in (vault.coming(), vault.blobs.names()) for name, at in source if at < limit}


async def _always() -> None:
    return None


async def _note_wiped(work: Work, *, blobs: list[str]) -> None:
    await work.session.execute(delete(GoneBlob).where(GoneBlob.blob.in_(blobs)))


async def _expire(ctx: Context) -> None:
    """What is due in this room by now."""
    await hold(ctx)
    due = select(File).where(File.room_id == ctx.room.id, File.expires_at <= ctx.now, File.grows.is_(None))
    await remove(ctx, list((await ctx.session.execute(due)).scalars()))
