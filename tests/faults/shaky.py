"""A PostgreSQL server that restarts, or ends its connections, while somebody works with it."""

from __future__ import annotations

import asyncio
import signal
import subprocess

from tests.support.postgres import Cluster
from tests.support.recorder import PATIENCE


class ShakyCluster(Cluster):
    """Everything that was committed is there afterwards."""

    async def shake(self, restart: bool) -> None:
        if restart:
            await asyncio.to_thread(self._restart)
        connection = await self._connect()
        if not restart:
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
        await connection.close()

    def _restart(self) -> None:
        """As `pg_ctl restart --mode fast`: whoever is connected is cut off, in the middle of whatever it is."""
        self._server.send_signal(signal.SIGINT)
        self._server.wait(PATIENCE)
        with (self.folder / "log").open("ab") as output:
            self._server = subprocess.Popen(
                self._server.args, cwd=self.folder, stdout=output, stderr=output, **self._as
            )
