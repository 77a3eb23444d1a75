"""A stretch of bad network: a TCP proxy on loopback that does to connections what networks do to them.

Each :class:`Passage` is one port in front of a server, and all connections through it fare alike; tests give each
client a passage of its own. What is left to chance (how long a delay is, how a trickle is cut up) follows from a seed.
Bytes are late, stuck or lost with their connection, but never reordered: TCP does not do that either.
"""

from __future__ import annotations

import asyncio
import random
import re
import socket
import struct
from collections.abc import Callable
from typing import Literal

Way = Literal["up", "down"]
"""Up is from the client to the server."""
WAYS: tuple[Way, Way] = ("up", "down")

CHUNK = 64 * 1024
NARROW = 4096
ANY_ACK = re.compile(rb"43\d+\[")
"""A Socket.IO ack inside an Engine.IO message. Servers do not mask their frames, so it can be seen in passing."""
LONGEST_ACK_HEAD = 16
DIE_AT_ONCE = struct.pack("ii", 1, 0)


class Passage:
    """One listening port in front of ``port``, on which the server need not listen all the time."""

    def __init__(self, port: int, seed: int | str = 0, *, narrow: bool = False) -> None:
        """``narrow`` is for a passage in which next to nothing waits on its way from the server."""
        self._to = port
        self._narrow = narrow
        self._random = random.Random(seed)
        self._server: asyncio.Server | None = None
        self._wires: set[_Wire] = set()
        self._gates: dict[Way, asyncio.Event] = {way: asyncio.Event() for way in WAYS}
        self.port = 0
        self.closed_to_new = False
        """New connections are reset right away."""
        self.delay = 0.0
        """Seconds by which each piece is late on the average; from nothing to twice that."""
        self.rate: float | None = None
        """Bytes a second, in pieces of a few bytes."""
        self._at_ack: Literal["before", "after"] | None = None
        self._after_request = False
        self.cuts = 0
        """Connections cut so far."""
        self.heal()

    async def open(self) -> Passage:
        self._server = await asyncio.start_server(self._take, "127.0.0.1", 0, limit=CHUNK)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        self.heal()
        self.cut()
        await asyncio.gather(*(wire.ended for wire in self._wires), return_exceptions=True)

    @property
    def open_wires(self) -> int:
        return len(self._wires)

    # What the network does from now on.

    def heal(self) -> None:
        """Good weather: what was held flows, nothing waits to be cut."""
        self.closed_to_new = False
        self.delay, self.rate = 0.0, None
        self._at_ack, self._after_request = None, False
        self.release()

    def hold(self, *ways: Way) -> None:
        """Half-open: nothing passes any more that way (both when none is named), and nobody is told."""
        for way in ways or WAYS:
            self._gates[way].clear()

    def release(self) -> None:
        """What was held passes, however late."""
        for gate in self._gates.values():
            gate.set()

    def cut(self) -> None:
        """Reset all connections, at both ends."""
        for wire in list(self._wires):
            wire.cut()

    def cut_before_ack(self) -> None:
        """The connection is cut instead of passing the next ack on: it is done, and who asked cannot know."""
        self._at_ack = "before"

    def cut_after_ack(self) -> None:
        """The connection is cut as soon as the next ack was passed on."""
        self._at_ack = "after"

    def cut_after_request(self) -> None:
        """The connection is cut as soon as the next bytes were passed to the server. Whether it heeds them is open."""
        self._after_request = True

    # Connections.

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.closed_to_new:
            _reset(writer)
            return
        try:
            there = await asyncio.open_connection(sock=await self._connected(), limit=CHUNK)
        except OSError:
            _reset(writer)
            return
        wire = _Wire(self, (reader, writer), there)
        self._wires.add(wire)
        try:
            await wire.run()
        finally:
            self._wires.discard(wire)

    async def _connected(self) -> socket.socket:
        made = socket.socket()
        made.setblocking(False)
        if self._narrow:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, NARROW)
        try:
            await asyncio.get_running_loop().sock_connect(made, ("127.0.0.1", self._to))
        except BaseException:
            made.close()
            raise
        return made

    async def _carry(self, way: Way, piece: bytes, write: Callable[[bytes], None]) -> None:
        if self.delay:
            await asyncio.sleep(self._random.random() * 2 * self.delay)
        if self.rate is None:
            await self._gates[way].wait()
            write(piece)
            return
        while piece:
            size = self._random.randint(1, 9)
            await asyncio.sleep(size / (self.rate or 1e6))
            await self._gates[way].wait()
            write(piece[:size])
            piece = piece[size:]

    def _cut_instead(self, way: Way, tail: bytes, piece: bytes) -> Literal["before", "after"] | None:
        """Whether the connection is to be cut at this piece, and if so on which side of it."""
        if way == "up" and self._after_request:
            self._after_request = False
            return "after"
        found = ANY_ACK.finditer(tail + piece) if way == "down" and self._at_ack is not None else ()
        if any(ack.end() > len(tail) for ack in found):
            when, self._at_ack = self._at_ack, None
            return when
        return None


class _Wire:
    """One connection: a client's end and a server's end, with a pump in each direction."""

    def __init__(
        self,
        passage: Passage,
        client: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        server: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        self._passage = passage
        self._client = client
        self._server = server
        self._pumps: list[asyncio.Task[None]] = []
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def run(self) -> None:
        ways = (("up", self._client[0], self._server[1]), ("down", self._server[0], self._client[1]))
        self._pumps = [asyncio.create_task(self._pump(way, reader, writer)) for way, reader, writer in ways]  # type: ignore[arg-type]
        try:
            await asyncio.wait(self._pumps)
        finally:
            for _, writer in (self._client, self._server):
                writer.close()
            if not self.ended.done():
                self.ended.set_result(None)

    def cut(self) -> None:
        self._passage.cuts += 1
        for pump in self._pumps:
            pump.cancel()
        for _, writer in (self._client, self._server):
            _reset(writer)

    async def _pump(self, way: Way, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tail = b""
        try:
            while piece := await reader.read(CHUNK):
                cut = self._passage._cut_instead(way, tail, piece)
                tail = piece[-LONGEST_ACK_HEAD:]
                if cut != "before":
                    await self._passage._carry(way, piece, writer.write)
                    await writer.drain()
                if cut is not None:
                    self.cut()
                    return
            # An end, like any byte, passes only where bytes pass.
            await self._passage._gates[way].wait()
            writer.write_eof()
        except (OSError, RuntimeError):  # RuntimeError: uvloop of an end that has closed meanwhile
            self.cut()


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close without waiting for anything: the other end sees a reset."""
    connection = writer.get_extra_info("socket")
    if connection is not None and not writer.transport.is_closing():
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, DIE_AT_ONCE)
    writer.transport.abort()
