"""Small pictures of images, made in a process of their own: a decoder meets whatever somebody made up.

That process has limits of memory and time, reads one file and writes one, and is ended when it takes too long. An image
that cannot be made small there is not shown at all: what exhausts a server would exhaust a phone.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from salon.files.workers import said_by

SIDE = 480
"""Pixels, of the longer side at most."""
MOST_PIXELS = 100_000_000
SECONDS = 15.0
"""Of waiting, and of computing."""
MEMORY = 1024 * 1024 * 1024
"""Of addresses, in bytes: Pillow itself takes some 200 MiB."""
AT_ONCE = 2
LARGEST = 200 * 1024 * 1024
"""Bytes of a file that is tried at all."""

Size = tuple[int, int]
"""Width and height of an image as it is shown, upright, in pixels."""


class Thumbnails:
    """The workers, a few at a time."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def make(self, source: Path, target: Path) -> Size | None:
        """Write a small WebP of the image. Returns how large the image itself is; None when it cannot be shown."""
        async with self._turn:
            limits = (SIDE, MOST_PIXELS, int(SECONDS), MEMORY)
            said = await said_by("thumbnail_worker.py", source, target, *limits, seconds=SECONDS)
        there = said is not None and target.exists()  # noqa: ASYNC240  a local name, looked up once
        return _size(said) if said is not None and there else None


def _size(said: str) -> Size | None:
    width, _, height = said.partition(" ")
    return (int(width), int(height)) if width.isdecimal() and height.isdecimal() else None
