"""A TCP connection of which every byte is ours, and HTTP and WebSockets spoken over it by hand.

For what no client library would do: half a request, a frame byte by byte, an answer that is not read.
"""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass
from typing import Any

from salon.core.engine import frames
from tests.support.recorder import PATIENCE

KEY = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
SEPARATOR = "\x1e"
_MASK = b"\x0a\xf1\x37\x80"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes = b""

    @property
    def packets(self) -> list[str]:
        """Of a long-polling answer."""
        return self.body.decode().split(SEPARATOR)


class Pipe:
    """A connection to a port of this machine. With ``window``, the system keeps about so many bytes unread, no more."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self.writer = writer

    @classmethod
    async def open(cls, port: int, *, window: int | None = None) -> Pipe:
        plain = socket.socket()
        plain.setblocking(False)
        if window is not None:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        await asyncio.get_running_loop().sock_connect(plain, ("127.0.0.1", port))
        # What is not asked for stays in the system: the smallest buffer here.
        return cls(*await asyncio.open_connection(sock=plain, limit=window or 2**20))

    def write(self, data: bytes) -> None:
        self.writer.write(data)

    async def trickle(self, data: bytes, every: float) -> int:
        """Send byte by byte until all is sent or the server ends it; how many it were."""
        for at in range(len(data)):
            if self._reader.at_eof() or self.writer.is_closing():
                return at
            self.write(data[at : at + 1])
            await asyncio.sleep(every)
        return len(data)

    async def read(self, size: int) -> bytes:
        async with asyncio.timeout(PATIENCE):
            return await self._reader.readexactly(size)

    async def read_until(self, mark: bytes) -> bytes:
        async with asyncio.timeout(PATIENCE):
            return await self._reader.readuntil(mark)

    async def ended(self) -> bytes:
        """Return when the server has ended the connection: what came until then."""
        rest = b""
        async with asyncio.timeout(PATIENCE):
            try:
                while more := await self._reader.read(65536):
                    rest += more
            except ConnectionError:
                pass
        return rest

    def stop_reading(self) -> None:
        """Take nothing more from the system, as a program that hangs."""
        transport: Any = self.writer.transport
        transport.pause_reading()

    def abort(self) -> None:
        self.writer.transport.abort()

    # HTTP.

    def ask(self, method: str, target: str, body: bytes | None = None, *more: str) -> None:
        """Send a request; ``more`` are whole header lines."""
        lines = [f"{method} {target} HTTP/1.1", "Host: 127.0.0.1", *more]
        if body is not None:
            lines.append(f"Content-Length: {len(body)}")
        self.write("\r\n".join([*lines, "", ""]).encode() + (body or b""))

    async def head(self) -> Answer:
        """Status and headers of an answer."""
        first, *lines = (await self.read_until(b"\r\n\r\n")).decode().strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        return Answer(int(first.split()[1]), headers)

    async def answer(self) -> Answer:
        answer = await self.head()
        answer.body = await self.read(int(answer.headers.get("content-length", 0)))
        return answer

    # WebSocket.

    async def upgrade(self, target: str, *more: str) -> Answer:
        """Ask for a WebSocket."""
        self.ask("GET", target, None, "Upgrade: websocket", "Connection: Upgrade", KEY, *more)
        return await self.head()

    def send(self, payload: str | bytes, opcode: int | None = None, *, final: bool = True) -> None:
        self.write(masked(payload, opcode, final=final))

    async def frame(self) -> tuple[int, bytes]:
        """Opcode and payload of the next frame."""
        first, size = await self.read(2)
        if size >= 126:
            size = int.from_bytes(await self.read(2 if size == 126 else 8), "big")
        return first & 0x0F, await self.read(size)

    async def text(self) -> str:
        """The next message; pings of the server are answered."""
        while True:
            opcode, payload = await self.frame()
            if opcode == frames.PING:
                self.send(payload, frames.PONG)
            elif payload == b"2":
                self.send("3")
            else:
                assert opcode == frames.TEXT, (opcode, payload)
                return payload.decode()


def masked(payload: str | bytes, opcode: int | None = None, *, final: bool = True) -> bytes:
    """A client's frame."""
    if opcode is None:
        opcode = frames.TEXT if isinstance(payload, str) else frames.BINARY
    data = payload.encode() if isinstance(payload, str) else payload
    framed = bytearray(frames.frame(data, opcode))
    framed[0] = (0x80 if final else 0) | opcode
    framed[1] |= 0x80
    head = len(framed) - len(data)
    return bytes(framed[:head]) + _MASK + frames.unmask(data, _MASK)
