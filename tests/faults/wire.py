"""Engine.IO v4 by hand, over a websocket or by long-polling: packets in, packets out, and when it was lost.

The websocket's frames are read by the strict parser of ``websockets``; everything around it is as cheap as it can be,
for one process is to be a thousand clients.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any, Protocol, cast

import orjson
from websockets.client import ClientProtocol
from websockets.exceptions import WebSocketException
from websockets.frames import Frame, Opcode
from websockets.http11 import Response
from websockets.uri import parse_uri

LARGEST = 8 << 20
"""Bytes of a frame: a snapshot is the largest thing that comes."""
SEPARATOR = "\x1e"

Take = Callable[[str], None]


class Lost(Exception):
    """The connection could not be made, or is gone."""


class Line(Protocol):
    """An Engine.IO session. ``lost`` is done when it has ended, with the reason."""

    lost: asyncio.Future[str]

    def start(self, take: Take) -> None:
        """Give out packets from now on, first those that have come already."""

    def send(self, packet: str) -> None: ...

    def close(self) -> None: ...


class WebSocketLine(asyncio.Protocol):
    """Websocket only, from the first request on."""

    def __init__(self, port: int) -> None:
        loop = asyncio.get_running_loop()
        self.lost: asyncio.Future[str] = loop.create_future()
        self._open: asyncio.Future[None] = loop.create_future()
        self._early: list[str] = []
        self._take: Take = self._early.append
        self._transport: asyncio.Transport | None = None
        self._protocol = ClientProtocol(
            parse_uri(f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket"), max_size=LARGEST
        )

    @classmethod
    async def open(cls, port: int) -> WebSocketLine:
        line = cls(port)
        try:
            await asyncio.get_running_loop().create_connection(lambda: line, "127.0.0.1", port)
            await line._open
        except (OSError, WebSocketException) as error:
            line.close()
            raise Lost(str(error)) from None
        except asyncio.CancelledError:
            line.close()
            raise
        return line

    def start(self, take: Take) -> None:
        self._take = take
        for packet in self._early:
            take(packet)

    def send(self, packet: str) -> None:
        if not self.lost.done():
            self._protocol.send_text(packet.encode())
            self._flush()

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()
        self._end("closed here")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._protocol.send_request(self._protocol.connect())
        self._flush()

    def data_received(self, data: bytes) -> None:
        self._protocol.receive_data(data)
        for event in self._protocol.events_received():
            if isinstance(event, Frame):
                if event.opcode is Opcode.TEXT and not self.lost.done():
                    self._take(bytes(event.data).decode())
            elif isinstance(event, Response) and self._protocol.handshake_exc is None:
                self._open.set_result(None)
        self._flush()
        if self._protocol.close_expected():
            self._end("closed by the server")

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(str(exc or "ended"))

    def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            if data and self._transport is not None:
                self._transport.write(data)

    def _end(self, why: str) -> None:
        if not self._open.done():
            self._open.set_exception(self._protocol.handshake_exc or ConnectionError(why))
            self._open.exception()  # it is raised where somebody waits for it, and nowhere else
        if not self.lost.done():
            # A frame that breaks the rules is a fault of the server, and must not pass as a lost network.
            broken = self._protocol.parser_exc
            self.lost.set_result(f"broken frame: {broken!r}" if broken and not isinstance(broken, EOFError) else why)
        if self._transport is not None:
            self._transport.abort()


class PollingLine:
    """Long-polling only. A request that failed may have taken packets with it, so the session is over with it.

    The requests are made by hand too: HTTP libraries send a GET that failed once more by themselves, and what the first
    one took along would be missing.
    """

    def __init__(self, port: int) -> None:
        self.lost: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._port = port
        self._path = "/socket.io/?EIO=4&transport=polling"
        self._take: Take = lambda _packet: None
        self._first: list[str] = []
        self._queue: asyncio.Queue[str] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []

    @classmethod
    async def open(cls, port: int) -> PollingLine:
        line = cls(port)
        try:
            line._first = (await line._request("GET")).split(SEPARATOR)
        except (OSError, EOFError) as error:
            raise Lost(str(error)) from None
        line._path += "&sid=" + orjson.loads(line._first[0][1:])["sid"]
        return line

    def start(self, take: Take) -> None:
        self._take = take
        self._hand_on(self._first)
        self._tasks = [asyncio.create_task(self._guarded(each)) for each in (self._receive, self._post)]

    def send(self, packet: str) -> None:
        self._queue.put_nowait(packet)

    def close(self) -> None:
        self._end("closed here")

    def _hand_on(self, packets: list[str]) -> None:
        for packet in packets:
            if not self.lost.done():
                self._take(packet)

    async def _receive(self) -> None:
        while not self.lost.done():
            self._hand_on((await self._request("GET")).split(SEPARATOR))

    async def _post(self) -> None:
        while True:
            packets = [await self._queue.get()]
            while not self._queue.empty():
                packets.append(self._queue.get_nowait())
            await self._request("POST", SEPARATOR.join(packets).encode())

    async def _guarded(self, work: Callable[[], Any]) -> None:
        try:
            await work()
        except (OSError, EOFError) as error:
            self._end(str(error))

    def _end(self, why: str) -> None:
        if self.lost.done():
            return
        self.lost.set_result(why)
        for task in self._tasks:
            if task is not asyncio.current_task():
                task.cancel()

    async def _request(self, method: str, body: bytes = b"") -> str:
        """One request on a connection of its own. Returns the body of the answer, which must be a good one."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port, limit=LARGEST)
        try:
            head = f"{method} {self._path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
            writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            status, _, fields = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").partition("\r\n")
            text = (await _body(reader, fields)).decode()
            if status.split(" ")[1] != "200":
                raise ConnectionError(f"{status}: {text[:100]}")
            return text
        finally:
            writer.transport.abort()


async def _body(reader: asyncio.StreamReader, fields: str) -> bytes:
    """All of it: an answer that breaks off is none."""
    length = re.search(r"^content-length: *(\d+)", fields, re.IGNORECASE | re.MULTILINE)
    if length:
        return await reader.readexactly(int(length[1]))
    body = b""
    while size := int(await reader.readuntil(b"\r\n"), 16):
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    return body
