"""Taking the bytes of an upload: to disk as they come, hashed on the way, never more than a megabyte in memory.

How much is there is the size of the file, whatever a database says: what was written before the process was killed is
in the system's hands and stays. A power cut is another matter: what was not synced may be lost or be holes. So the row
of an upload says how far it was synced and since when the machine has run; after another start of the machine only the
synced part counts.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import fcntl
import functools
import hashlib
import hmac
import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

from starlette.requests import ClientDisconnect

from salon.core.refusals import Refused
from salon.files.tus_words import Checksum

SYNC_BYTES = 64 * 1024 * 1024
"""After so many bytes they are synced on the way: it bounds what a power cut takes, and what the end must wait for."""
STALL_SECONDS = 60.0
"""Without a byte, and the request is given up, so that another one can take the upload up."""
PIECES = 256 * 1024
"""Bytes that are written together."""
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class DiskFull(Exception):
    """There was no place for all of the bytes. Those that had place are there."""


@functools.cache
def boot_id() -> str:
    """Of this run of the machine. Where that cannot be told, of this process."""
    with contextlib.suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return secrets.token_hex(16)


def usable(path: Path, size: int, synced: int, boot: str) -> int:
    """How many bytes of an upload are here, of which we know that they are those that were sent."""
    try:
        there = path.stat().st_size
    except FileNotFoundError:
        return 0
    return min(there, size) if boot == boot_id() else min(there, size, synced)


class Spool:
    """An upload's file, open for writing. Its functions are called in threads, one after the other; only :meth:`sync`
    may go on while there is written."""

    def __init__(self, path: Path, offset: int, state: Any) -> None:
        self.offset = offset
        self.synced = offset
        self.state = state
        """The hash of all bytes up to the offset; None when it is not known."""
        self._unsound: OSError | None = None
        self._fd = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            # Other processes of the server on this machine keep off.
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # What a power cut may have spoilt goes.
            os.ftruncate(self._fd, offset)
            os.lseek(self._fd, offset, os.SEEK_SET)
        except BlockingIOError:
            os.close(self._fd)
            raise Refused("upload_busy") from None

    def write(self, pieces: list[bytes]) -> None:
        for piece in pieces:
            left = memoryview(piece)
            while left:
                try:
                    written = os.write(self._fd, left)
                except OSError as error:
                    if error.errno in FULL:
                        raise DiskFull from None
                    raise
                if self.state is not None:
                    self.state.update(left[:written])
                self.offset += written
                left = left[written:]

    def sync(self) -> None:
        """What was written before this began is on the disk when it ends."""
        if self._unsound is not None:
            # The system tells only once that something could not be kept.
            raise self._unsound
        offset = self.offset
        if offset > self.synced:
            try:
                os.fdatasync(self._fd)
            except OSError as error:
                self._unsound = error
                raise
            self.synced = offset

    def rewind(self, offset: int, state: Any) -> None:
        """Throw away what came after this offset."""
        os.ftruncate(self._fd, offset)
        os.lseek(self._fd, offset, os.SEEK_SET)
        self.offset, self.state = offset, state
        self.synced = min(self.synced, offset)

    def close(self) -> None:
        os.close(self._fd)


InThread = Callable[..., Awaitable[Any]]


async def take(
    stream: AsyncIterator[bytes],
    spool: Spool,
    most: int,
    in_thread: InThread,
    on_bytes: Callable[[], None],
    place: Callable[[int], Awaitable[int]],
) -> bool:
    """Write what comes, at most so many bytes. Returns whether all came; False when the connection broke. When more
    come, ``place`` is asked for so many: it says how many it has made place for, or refuses.

    While one piece is written the next is read. Whatever happens, what came is written when this ends.
    """
    pen = _Pen(spool, in_thread, on_bytes)
    try:
        while True:
            try:
                async with asyncio.timeout(STALL_SECONDS):
                    piece = await anext(stream, None)
            except TimeoutError:
                raise Refused("unavailable", "No bytes came for a minute.", retry_after=1.0) from None
            except ClientDisconnect:
                return False
            if piece is None:
                return True
            most -= len(piece)
            if most < 0:
                most += await place(-most)
            await pen.add(piece)
    finally:
        await pen.end()


class _Pen:
    """Writes in a thread, and gathers meanwhile. Every so many bytes they are synced in another one, and writing waits
    only when that is not done by the next time."""

    def __init__(self, spool: Spool, in_thread: InThread, on_bytes: Callable[[], None]) -> None:
        self._spool, self._in_thread, self._on_bytes = spool, in_thread, on_bytes
        self._writing: asyncio.Future[Any] | None = None
        self._syncing: asyncio.Future[Any] | None = None
        self._sync_at = spool.offset + SYNC_BYTES
        self._gathered: list[bytes] = []
        self._size = 0

    async def add(self, piece: bytes) -> None:
        if self._size + len(piece) > PIECES:
            await self._write()
        self._gathered.append(piece)
        self._size += len(piece)
        if self._size >= PIECES // 4 and (self._writing is None or self._writing.done()):
            await self._write()

    async def end(self) -> None:
        try:
            await self._write()
            await self._written()
        finally:
            await self._synced()

    async def _write(self) -> None:
        await self._written()
        if self._spool.offset >= self._sync_at:
            await self._synced()
            self._sync_at = self._spool.offset + SYNC_BYTES
            self._syncing = asyncio.ensure_future(self._in_thread(self._spool.sync))
        if self._gathered:
            self._writing = asyncio.ensure_future(self._in_thread(self._spool.write, self._gathered))
            self._gathered, self._size = [], 0

    async def _synced(self) -> None:
        if self._syncing is None:
            return
        syncing, self._syncing = self._syncing, None
        try:
            await asyncio.wait({syncing})
        except asyncio.CancelledError:
            # The file is closed next.
            await asyncio.wait({syncing})
            raise
        syncing.result()

    async def _written(self) -> None:
        if self._writing is None:
            return
        writing, self._writing = self._writing, None
        try:
            await asyncio.shield(writing)
        except asyncio.CancelledError:
            self._writing = writing
            raise
        except BaseException:
            # Nothing may be written behind a gap.
            self._gathered, self._size = [], 0
            raise
        self._on_bytes()


class Verified:
    """What is written is taken back unless it has this checksum."""

    def __init__(self, wanted: Checksum | None, spool: Spool) -> None:
        self._wanted, self._spool = wanted, spool
        self._from = spool.offset
        self._before = spool.state.copy() if wanted is not None and spool.state is not None else None
        self._seen = hashlib.new(wanted.algorithm, usedforsecurity=False) if wanted is not None else None

    async def over(self, stream: AsyncIterator[bytes], in_thread: InThread) -> AsyncIterator[bytes]:
        async for piece in stream:
            if self._seen is not None:
                await in_thread(self._seen.update, piece)
            yield piece

    def check(self, *, whole: bool) -> None:
        """Raises when it is not right. Of what came in part nothing can be told, so it goes too."""
        if self._wanted is None or self._seen is None:
            return
        if not whole or not hmac.compare_digest(self._seen.digest(), self._wanted.digest):
            self._spool.rewind(self._from, self._before)
            if whole:
                raise Refused("checksum_wrong")
