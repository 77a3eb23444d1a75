"""Recordings that were sent while they were made are made seekable: in a process of its own, as a decoder is.

What cannot be made so stays as it came: it plays from its beginning.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from salon.files.workers import said_by

SECONDS = 600.0
"""Of waiting, and of computing: an hour takes some three of them."""
MEMORY = 2 * 1024 * 1024 * 1024
"""Of addresses, in bytes."""
HEAD = 64 * 1024 * 1024
"""Bytes that the copy may be larger than what came."""


@dataclass(frozen=True)
class Copy:
    path: Path
    size: int
    sha256: str


class Seekable:
    """One at a time: it reads and writes all of it."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def make(self, source: Path, size: int, target: Path) -> Copy | None:
        """Write a copy that one can jump in. None when it is none, or there is no place for it; it leaves nothing."""
        async with self._turn:
            limits = (int(SECONDS), MEMORY, size + HEAD)
            said = await said_by("webm_worker.py", source, target, *limits, seconds=SECONDS)
        length, _, sha256 = (said or "").partition(" ")
        if length.isdecimal() and len(sha256) == 64:
            return Copy(target, int(length), sha256)
        await asyncio.to_thread(target.unlink, missing_ok=True)
        return None
