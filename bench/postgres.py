"""A PostgreSQL server of our own, with its default settings: a commit waits for the disk."""

from __future__ import annotations

import asyncio
import os
import pwd
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg

from bench.machine import pinned_to, prefer
from toolkit import parts
from toolkit.common import Trouble

START_SECONDS = 30


class Cluster:
    """Its own data, reached by a socket in its own folder. It runs on the core it is given."""

    def __init__(self, folder: Path, core: int) -> None:
        programs = parts.postgres()
        if programs is None:
            raise Trouble("bench-chat measures PostgreSQL too, and it is not here: install postgresql, or use --only.")
        self._programs, self._folder = Path(programs), folder
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:  # the server refuses to run as root
            nobody = pwd.getpwnam("nobody")
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
            self._as = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        self._run("initdb", "-D", str(folder / "data"), "-U", "salon", "-A", "trust", "-E", "UTF8", "--no-locale")
        command = [self._programs / "postgres", "-D", folder / "data", "-k", folder, "-c", "listen_addresses="]
        with (folder / "log").open("wb") as log:
            self._server = subprocess.Popen(
                [str(part) for part in command],
                cwd=folder,
                stdout=log,
                stderr=log,
                preexec_fn=pinned_to(core),
                start_new_session=True,
                **self._as,
            )
        prefer(self._server.pid)

    def database(self, name: str) -> str:
        """A new database. Returns its SQLAlchemy URL."""
        asyncio.run(self._execute(f"CREATE DATABASE {name}"))
        return f"postgresql+asyncpg://salon@/{name}?host={self._folder}"

    def version(self) -> str:
        done = subprocess.run([self._programs / "postgres", "--version"], capture_output=True, text=True, check=True)
        return f"PostgreSQL {done.stdout.split()[2]}"

    async def _execute(self, statement: str) -> None:
        async with asyncio.timeout(START_SECONDS):
            while self._server.poll() is None:
                try:
                    connection = await asyncpg.connect(host=str(self._folder), user="salon", database="postgres")
                except (OSError, asyncpg.CannotConnectNowError):
                    await asyncio.sleep(0.05)
                    continue
                await connection.execute(statement)
                await connection.close()
                return
        raise RuntimeError(f"PostgreSQL does not run:\n{(self._folder / 'log').read_text()}")

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self._programs / program), *arguments],
            cwd=self._folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            **self._as,
        )
        if done.returncode != 0:
            raise RuntimeError(f"{program} failed:\n{done.stdout}{done.stderr}")

    def stop(self) -> None:
        self._server.send_signal(signal.SIGINT)  # fast: it does not wait for its clients
        try:
            self._server.wait(20)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()


@contextmanager
def running(beside: Path | None, core: int) -> Iterator[Cluster]:
    """A server with its data in a folder of its own, in ``beside`` or where the system keeps such folders."""
    # Not in the folder of the other servers: an unprivileged user must be able to enter, and the path must be short.
    with tempfile.TemporaryDirectory(prefix="salon-pg-", dir=beside) as own:
        cluster = Cluster(Path(own), core)
        try:
            yield cluster
        finally:
            cluster.stop()
