"""Syncing an upload on the way: beside writing, and what could not be kept is never told to be."""

from __future__ import annotations

import asyncio
import errno
import os
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from salon.files import receiving
from salon.files.hashing import Hashes
from salon.files.receiving import Spool, take
from salon.files.threads import Threads
from tests.support.recorder import PATIENCE, eventually

MIB = 1024 * 1024
PIECE = 256 * 1024


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> Iterator[Threads]:
    monkeypatch.setattr(receiving, "SYNC_BYTES", MIB)
    made = Threads(4, "test")
    yield made
    made.stop()


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    made = Spool(tmp_path / "coming", 0, Hashes().take("one", 0))
    yield made
    made.close()


async def no_more(_size: int) -> int:
    raise AssertionError("more came than was told")


@pytest.mark.feature("D2")
async def test_writing_goes_on_while_a_part_is_synced(
    spool: Spool, threads: Threads, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, let_go = threading.Event(), threading.Event()

    def slow(_file: int) -> None:
        begun.set()
        assert let_go.wait(PATIENCE)

    monkeypatch.setattr(os, "fdatasync", slow)
    last = asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        for _ in range(7):
            yield os.urandom(PIECE)
        await last.wait()
        for _ in range(7):
            yield os.urandom(PIECE)

    taking = asyncio.create_task(take(aiter(body()), spool, 14 * PIECE, threads.do, lambda: None, no_more))
    await eventually(begun.is_set, "the first part to be synced")
    # The last piece may wait for more to be written with.
    await eventually(lambda: spool.offset >= 6 * PIECE, "the bytes after it")
    assert spool.synced == 0
    last.set()
    await eventually(lambda: spool.offset >= 8 * PIECE, "all before the next part")
    assert not taking.done()
    let_go.set()
    assert await taking
    assert spool.offset == 14 * PIECE
    assert MIB <= spool.synced <= spool.offset
    spool.sync()
    assert spool.synced == spool.offset


@pytest.mark.feature("D2", "D6")
async def test_what_could_not_be_kept_is_not_told_to_be(
    spool: Spool, threads: Threads, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system says so once, and then that all is well."""
    faults = [OSError(errno.EIO, "the disk is broken")]

    def once(_file: int) -> None:
        if faults:
            raise faults.pop()

    monkeypatch.setattr(os, "fdatasync", once)

    async def body() -> AsyncIterator[bytes]:
        for _ in range(16):
            yield os.urandom(PIECE)

    with pytest.raises(OSError, match="broken"):
        await take(aiter(body()), spool, 16 * PIECE, threads.do, lambda: None, no_more)
    with pytest.raises(OSError, match="broken"):
        spool.sync()
    assert spool.synced == 0


@pytest.mark.feature("D2")
async def test_who_is_stopped_waits_for_what_is_synced(
    spool: Spool, threads: Threads, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For then the file is closed."""
    begun, let_go = threading.Event(), threading.Event()

    def slow(_file: int) -> None:
        begun.set()
        assert let_go.wait(PATIENCE)

    monkeypatch.setattr(os, "fdatasync", slow)

    async def body() -> AsyncIterator[bytes]:
        for _ in range(6):
            yield os.urandom(PIECE)
        await asyncio.Event().wait()

    taking = asyncio.create_task(take(aiter(body()), spool, 16 * PIECE, threads.do, lambda: None, no_more))
    await eventually(begun.is_set, "the first part to be synced")
    taking.cancel()
    await eventually(lambda: spool.offset >= 5 * PIECE, "what came to be written")
    done, _ = await asyncio.wait({taking}, timeout=0.05)
    assert not done
    let_go.set()
    await asyncio.wait({taking})
    assert taking.cancelled()
