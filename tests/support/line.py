"""A line between browsers and a server, which can be slow, cut, and mended again."""

from __future__ import annotations

import asyncio
import contextlib

PIECE = 32 * 1024


class Line:
    """Carries bytes from a port of its own, :attr:`url`, to a server's port."""

    def __init__(self, to: int, pace: int, at: int = 0) -> None:
        """``pace``: bytes a second towards the server; ``at``: its own port, by default any."""
        self._to = to
        self._pace = pace
        self._port = at
        self._server: asyncio.Server | None = None
        self._ends: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self._port, limit=PIECE)
        self._port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Nothing gets through any more, and what was under way breaks off."""
        assert self._server is not None
        self._server.close()
        for end in list(self._ends):
            end.transport.abort()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to)
        except OSError:
            writer.transport.abort()
            self._tasks.discard(task)
            return
        ends = {writer, far_writer}
        self._ends |= ends
        try:
            await asyncio.gather(_pour(reader, far_writer, self._pace), _pour(far_reader, writer, None))
        finally:
            self._ends -= ends
            self._tasks.discard(task)
            for end in ends:
                end.transport.abort()


async def _pour(source: asyncio.StreamReader, to: asyncio.StreamWriter, pace: int | None) -> None:
    with contextlib.suppress(ConnectionError):
        while piece := await source.read(PIECE):
            to.write(piece)
            await to.drain()
            if pace is not None:
                await asyncio.sleep(len(piece) / pace)
    to.close()
