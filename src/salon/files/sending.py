"""Answers of many bytes: read in threads, sent as fast as they are taken, stopped when they may not go on."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from salon.core.blobs import BlobGone
from salon.core.engine.http import WIRE, Wire
from salon.core.refusals import Refused
from salon.files.traffic import Traffic, Transfer

WORTH_SENDING = 64 * 1024
"""Bytes from which on the system is asked to send a file itself."""


class Sent(Response):
    """The head, and then the pieces. ``path``: the file that has just these bytes from ``start`` on, if one has."""

    def __init__(
        self,
        status: int,
        headers: Mapping[str, str],
        pieces: Iterator[bytes],
        traffic: Traffic,
        transfer: Transfer,
        path: Path | None = None,
        start: int = 0,
    ) -> None:
        super().__init__(status_code=status)
        self.raw_headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
        self._size = int(headers.get("Content-Length", "0"))
        self._pieces = pieces
        self._traffic = traffic
        self._transfer = transfer
        self._path, self._start = path, start
        self._begun = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wire: Wire | None = scope.get("extensions", {}).get(WIRE)
        gone = asyncio.create_task(_until_gone(receive), name="client watched")
        work = asyncio.create_task(self._traffic.run(self._transfer, self._send(send, wire)), name="download")
        try:
            await asyncio.wait({gone, work}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                work.cancel()
                await asyncio.wait({work})
            if work.cancelled():
                return
            with contextlib.suppress(ConnectionError):
                await work
        except (Refused, BlobGone) as why:
            if not self._begun:
                raise why if isinstance(why, Refused) else Refused("file_unknown") from None
            # It may not go on: the client is to see that this is not all.
            if wire is None:
                raise
            wire.abort()
            await gone
        finally:
            gone.cancel()
            work.cancel()
            await asyncio.wait({gone, work})
            await self._traffic.in_thread(_close, self._pieces)

    async def _send(self, send: Send, wire: Wire | None) -> None:
        await self._transfer.check()
        if self._path is not None and wire is not None and wire.sends_files and self._size >= WORTH_SENDING:
            await self._send_by_system(send, wire, self._path)
        else:
            await self._send_pieces(send)

    async def _begin(self, send: Send) -> None:
        self._begun = True
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})

    async def _send_pieces(self, send: Send) -> None:
        """While one piece is sent the next is read."""
        piece = await self._next()
        await self._begin(send)
        while piece is not None:
            following = asyncio.ensure_future(self._next())
            try:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            except BaseException:
                await asyncio.wait({following})
                raise
            piece = await following
        await send({"type": "http.response.body", "body": b""})

    async def _next(self) -> bytes | None:
        found: bytes | None = await self._traffic.in_thread(next, self._pieces, None)
        return found

    async def _send_by_system(self, send: Send, wire: Wire, path: Path) -> None:
        try:
            file = await self._traffic.taken_in_thread(os.open, os.close, path, os.O_RDONLY)
        except FileNotFoundError:
            raise BlobGone(path.name) from None
        try:
            await self._begin(send)
            await send({"type": "http.response.body", "body": b"", "more_body": True})
            await wire.send_file(file, self._start, self._size, self._traffic.in_sender)
            await send({"type": "http.response.body", "body": b""})
        finally:
            os.close(file)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _close(pieces: Any) -> None:
    if hasattr(pieces, "close"):
        pieces.close()
