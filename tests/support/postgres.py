"""A private PostgreSQL server for the tests, whatever else runs on the machine."""

from __future__ import annotations

import asyncio
import os
import pwd
import signal
import subprocess
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg

from salon.core.storage import Storage
from tests.support.house import really_open
from tests.support.recorder import PATIENCE

_databases = count(1)
TEMPLATE = "template_salon"


class Cluster:
    """A private server: its own data, reached by a socket in its own folder, gone after the tests."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.folder = folder
        self._prepared = False
        # The server refuses to run as root.
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
            self._as = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        self._run(
            programs / "initdb",
            "-D",
            folder / "data",
            "-U",
            "salon",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-locale",
            "--no-sync",
        )
        command = [str(programs / "postgres"), "-D", str(folder / "data"), "-k", str(folder)]
        for setting in ("listen_addresses=", "fsync=off", "full_page_writes=off", "max_connections=60"):
            command += ["-c", setting]
        with (folder / "log").open("wb") as output:
            self._server = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output, **self._as)

    def _run(self, *command: str | Path) -> None:
        done = subprocess.run(
            command, cwd=self.folder, capture_output=True, text=True, check=False, timeout=60, **self._as
        )
        assert done.returncode == 0, done.stdout + done.stderr

    async def database(self) -> str:
        """A new database. Returns its SQLAlchemy URL."""
        if not self._prepared:
            await self._create(TEMPLATE)
            # The migrations run once: further databases are copies.
            storage = Storage(self._url(TEMPLATE))
            await really_open(storage)
            await storage.close()
            self._prepared = True
        name = f"salon{next(_databases)}"
        await self._create(f"{name} TEMPLATE {TEMPLATE}")
        return self._url(name)

    def _url(self, name: str) -> str:
        return f"postgresql+asyncpg://salon@/{name}?host={self.folder}"

    async def _create(self, what: str) -> None:
        connection = await self._connect()
        await connection.execute(f"CREATE DATABASE {what}")
        await connection.close()

    async def _connect(self) -> Any:
        async with asyncio.timeout(PATIENCE):
            while self._server.poll() is None:
                try:
                    return await asyncpg.connect(host=str(self.folder), user="salon", database="postgres")
                except (OSError, asyncpg.CannotConnectNowError):
                    await asyncio.sleep(0.05)
        raise AssertionError((self.folder / "log").read_text())

    def stop(self) -> None:
        self._server.send_signal(signal.SIGINT)  # fast: it does not wait for its clients
        try:
            self._server.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()
