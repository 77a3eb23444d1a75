"""Servers forked from a process that has imported the program already: importing takes longer than most tests serve."""

from __future__ import annotations

import atexit
import multiprocessing
import os
import signal
import subprocess
import sys
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import ClassVar

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["salon.cli", "uvicorn.lifespan.on", "aiosqlite", "alembic.command"])


class Forked:
    """What is used of :class:`subprocess.Popen`, for ``salon serve``."""

    _living: ClassVar[set[Forked]] = set()

    def __init__(self, folder: Path, environment: dict[str, str], log: Path) -> None:
        self._process: BaseProcess = _context.Process(target=_serve, args=(folder, environment, log))
        self._process.start()
        assert self._process.pid is not None
        self.pid = self._process.pid
        Forked._living.add(self)

    def poll(self) -> int | None:
        return self._process.exitcode

    def kill(self) -> None:
        self._process.kill()

    def send_signal(self, number: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("salon serve", timeout or 0)
        Forked._living.discard(self)
        return self._process.exitcode

    @classmethod
    def end_all(cls) -> None:
        """Otherwise the tests' own process would wait for those that nobody has ended."""
        for each in cls._living:
            each.kill()


atexit.register(Forked.end_all)


def _serve(folder: Path, environment: dict[str, str], log: Path) -> None:
    """As ``salon serve`` does, with its output in a file."""
    from salon.cli import app

    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.argv = ["salon", "serve"]
    app()
