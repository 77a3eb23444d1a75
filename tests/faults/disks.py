"""Ways in which a disk fails a running server, for real: each can be begun and ended."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import sqlite3
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.process import ServerProcess

DISK = "16m"
BLOCK = 1 << 16


class DiskFault(ABC):
    """What befalls the database of one server."""

    def __init__(self, server: ServerProcess, data: Path) -> None:
        self.server = server
        self.data = data

    def prepare(self) -> None:  # noqa: B027  there may be nothing to prepare
        """Before the server starts. Skips the test where it cannot be done."""

    @abstractmethod
    def begin(self) -> None: ...

    @abstractmethod
    def end(self) -> None: ...

    def clean(self) -> None:  # noqa: B027
        """After the server has ended."""


class FullDisk(DiskFault):
    """The data directory is a small disk of its own, and something else fills it to the last byte."""

    def prepare(self) -> None:
        mount(self.data, DISK)

    def begin(self) -> None:
        fill(self.data / "ballast")

    def end(self) -> None:
        (self.data / "ballast").unlink()

    def clean(self) -> None:
        unmount(self.data)


class NoFileMayGrow(DiskFault):
    """The system lets no file of the server grow: a quota, as far as the database can tell."""

    def begin(self) -> None:
        largest = max(file.stat().st_size for file in self.data.iterdir())
        self._limit(largest)

    def end(self) -> None:
        self._limit(None)

    def _limit(self, size: int | None) -> None:
        _, most = resource.prlimit(self.server.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.server.pid, resource.RLIMIT_FSIZE, (most if size is None else size, most))


class ReadOnlyFiles(DiskFault):
    """The files of the database are made immutable, which stops even those who have them open."""

    def prepare(self) -> None:
        probe = self.data.parent / "probe"
        with probe.open("wb", buffering=0) as file:
            file.write(b"x")
            self._mark("+i", probe)
            try:
                file.write(b"x")
            except PermissionError:
                return
            finally:
                self._mark("-i", probe)
        pytest.skip("files cannot be made immutable here")

    def begin(self) -> None:
        self._mark("+i", *self._files)

    def end(self) -> None:
        self._mark("-i", *self._files)

    @property
    def _files(self) -> list[Path]:
        # Not the -shm file, which is memory: who writes there would not be refused, but killed.
        return [self.data / name for name in ("salon.db", "salon.db-wal")]

    def _mark(self, how: str, *files: Path) -> None:
        if shutil.which("chattr") is None or os.geteuid() != 0:
            pytest.skip("making files immutable takes root and chattr")
        subprocess.run(["chattr", how, *files], check=False, capture_output=True)


class HeldDatabase(DiskFault):
    """Another process holds the database for longer than a writer waits."""

    def begin(self) -> None:
        self._other = sqlite3.connect(self.data / "salon.db", isolation_level=None, timeout=10)
        self._other.execute("BEGIN IMMEDIATE")

    def end(self) -> None:
        self._other.execute("ROLLBACK")
        # Closed while the server has it open, so that it is not the last, and writes nothing back.
        self._other.close()


def mount(folder: Path, size: str, *options: str) -> None:
    """A small disk in memory; skips the test where that is not allowed."""
    folder.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", ",".join((f"size={size}", *options)), "none", str(folder)]
    if shutil.which("mount") is None or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("mounting a small disk takes root")


def unmount(folder: Path) -> None:
    subprocess.run(["umount", "--lazy", str(folder)], check=False, capture_output=True)


def fill(ballast: Path) -> None:
    """Take what is left of the disk."""
    with ballast.open("wb", buffering=0) as file:
        block = BLOCK
        while block:
            try:
                file.write(bytes(block))
            except OSError:
                block //= 2


@contextlib.contextmanager
def small_disk(folder: Path, size: str, *options: str) -> Iterator[Path]:
    mount(folder, size, *options)
    try:
        yield folder
    finally:
        unmount(folder)
