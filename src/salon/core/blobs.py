"""Where the bytes of files are kept: under random names, on disk or in an S3-compatible store.

A store knows nothing of rooms and people. All of it is called in threads: it waits for disks and networks.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")
CHUNK = 256 * 1024


class BlobGone(Exception):
    """There are no bytes of this name."""


class Blobs(Protocol):
    """A store. Names are those of :data:`NAME`."""

    def put(self, name: str, source: Path) -> None:
        """Keep the content of this file, in one step: it is there wholly or not at all, also after a power cut. The
        source stays, and must not change any more; the same name again replaces what was there."""

    def read(self, name: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from ``start`` up to ``end``, in pieces of at most 256 KiB. Raises :class:`BlobGone`."""

    def path(self, name: str) -> Path | None:
        """The file that has them, where that is one of this machine."""

    def delete(self, name: str) -> None:
        """Nothing happens when there is none."""

    def names(self) -> Iterator[tuple[str, float]]:
        """All there are, with the time of each in seconds since 1970."""


class DiskBlobs:
    """Files in folders below one, by the first two letters of their names."""

    def __init__(self, folder: Path, mode: int = 0o600) -> None:
        """``mode``: who may read them, besides the server."""
        self._folder, self._mode = folder, mode
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise ValueError("not the name of a blob")
        return self._folder / name[:2] / name

    def put(self, name: str, source: Path) -> None:
        target = self.path(name)
        target.parent.mkdir(exist_ok=True)
        target.unlink(missing_ok=True)
        source.chmod(self._mode)
        try:
            os.link(source, target)
        except OSError:
            # A file system without links, or another one.
            _copy(source, target, self._mode)
        sync_folder(target.parent)
        sync_folder(self._folder)

    def read(self, name: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        try:
            source = self.path(name).open("rb", buffering=0)
        except FileNotFoundError:
            raise BlobGone(name) from None
        with source:
            source.seek(start)
            left = (1 << 62) if end is None else end - start
            while left > 0 and (piece := source.read(min(CHUNK, left))):
                left -= len(piece)
                yield piece
            if left > 0 and end is not None:
                # It was deleted meanwhile.
                raise BlobGone(name)

    def delete(self, name: str) -> None:
        """Whoever has it open, as nginx has, finds it empty: the bytes are gone at once, and not when they are sent."""
        path = self.path(name)
        try:
            with path.open("r+b") as found:
                # What has another name is also a copy that somebody made.
                if os.fstat(found.fileno()).st_nlink == 1:
                    found.truncate(0)
        except FileNotFoundError:
            return
        path.unlink(missing_ok=True)

    def names(self) -> Iterator[tuple[str, float]]:
        for folder in sorted(self._folder.iterdir()):
            for each in folder.iterdir() if folder.is_dir() else ():
                with contextlib.suppress(FileNotFoundError):
                    if NAME.fullmatch(each.name):
                        yield each.name, each.stat().st_mtime


def _copy(source: Path, target: Path, mode: int) -> None:
    beside = target.with_name(target.name + ".new")
    with source.open("rb") as given, beside.open("wb") as kept:
        os.fchmod(kept.fileno(), mode)
        shutil.copyfileobj(given, kept, CHUNK)
        kept.flush()
        os.fsync(kept.fileno())
    beside.replace(target)


def sync_folder(folder: Path) -> None:
    """Let names that were made in it survive a power cut."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
