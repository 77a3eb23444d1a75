"""Small pictures of images, made in a process of their own: a decoder meets whatever somebody made up.

That process has limits of memory and time, reads one file and writes one, and is ended when it takes too long. An image
that cannot be made small there is not shown at all: what exhausts a server would exhaust a phone.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from pathlib import Path

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
SAID = 64
"""Bytes that the worker may say."""

Size = tuple[int, int]
"""Width and height of an image as it is shown, upright, in pixels."""


class Thumbnails:
    """The workers, a few at a time."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def make(self, source: Path, target: Path) -> Size | None:
        """Write a small WebP of the image. Returns how large the image itself is; None when it cannot be shown."""
        async with self._turn:
            worker = await asyncio.create_subprocess_exec(
                sys.executable,
                "-I",
                str(Path(__file__).with_name("thumbnail_worker.py")),
                str(source),
                str(target),
                *(str(each) for each in (SIDE, MOST_PIXELS, int(SECONDS), MEMORY)),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env={},
            )
            try:
                async with asyncio.timeout(SECONDS):
                    assert worker.stdout is not None  # noqa: S101  it is a pipe
                    said = await worker.stdout.read(SAID)
                    done = await worker.wait() == 0 and target.exists()  # noqa: ASYNC240  a local name, looked up once
                    return _size(said) if done else None
            except TimeoutError:
                return None
            finally:
                if worker.returncode is None:
                    with contextlib.suppress(ProcessLookupError):
                        worker.kill()
                    await worker.wait()


def _size(said: bytes) -> Size | None:
    width, _, height = said.decode("ascii", "replace").strip().partition(" ")
    return (int(width), int(height)) if width.isdecimal() and height.isdecimal() else None
