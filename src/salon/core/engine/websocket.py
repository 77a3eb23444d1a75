"""WebSockets on uvicorn: its ``ws=`` protocol class, which takes a connection over when it asks for an upgrade."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import secrets
import socket
from typing import Any
from urllib.parse import parse_qs

from starlette.datastructures import Headers

from salon.core.engine import frames
from salon.core.engine.frames import BadFrame, FrameReader
from salon.core.engine.server import Engine
from salon.core.engine.session import Session

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 §1.3
KERNEL_BUFFER = 128 * 1024
"""What the system may hold for a client that does not read; left to itself it takes megabytes."""
UPGRADE_SECONDS = 10.0
CLOSING_SECONDS = 5.0


class _Refused(Exception):
    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


class WebSocketProtocol(asyncio.Protocol):
    """One connection. It is its session's transport: ``write`` is the socket's own."""

    name = "websocket"

    __slots__ = (
        "_allowed",
        "_budget",
        "_budget_at",
        "_connections",
        "_engine",
        "_paused",
        "_proof",
        "_reader",
        "_session",
        "_socket",
        "_timer",
        "_upgrading",
        "write",
    )

    def __init__(self, engine: Engine, *, server_state: Any, **_more: Any) -> None:
        self._engine = engine
        self._connections: set[Any] = server_state.connections
        self._reader = FrameReader(engine.limits.message)
        self._session: Session | None = None
        self._upgrading: Session | None = None
        """The session that goes on by this connection, if its client says so."""
        self._allowed = 0
        self._budget = engine.limits.messages_at_once
        self._budget_at = engine.now()
        self._paused = False
        self._proof: tuple[bytes, float] | None = None
        """The payload of a PING that waits behind other things, and until when its PONG must have come."""
        self._timer: asyncio.TimerHandle | None = None
        self._socket: Any = None

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._connections.add(self)
        self._socket = transport
        self.write = self._socket.write
        plain = transport.get_extra_info("socket")
        if plain is not None:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BUFFER)
        self._set_limit(self._engine.limits.unsent)

    def connection_lost(self, _error: Exception | None) -> None:
        self._connections.discard(self)
        self._stop_timer()
        if self._session is not None:
            self._session.lost(self)
        # What refers to each other is let go of, for memory that nobody has to look for.
        self._session = self._upgrading = None

    def data_received(self, data: bytes) -> None:
        if self._socket.is_closing():
            return
        if self._session is None and self._upgrading is None:
            self._open(data)
        else:
            self._reader.feed(data)
            self._read()

    def eof_received(self) -> bool:
        return False

    def pause_writing(self) -> None:
        if self._session is not None:
            self._session.fell_behind()

    def resume_writing(self) -> None:
        if self._allowed:
            self._allowed = 0
            self._set_limit(self._engine.limits.unsent)
        if self._session is not None:
            self._session.caught_up()

    def shutdown(self) -> None:
        """The server stops (uvicorn)."""
        self._say_goodbye(frames.GOING_AWAY)

    # The handshake: uvicorn hands over the request's head as it would stand on the wire.

    def _open(self, head: bytes) -> None:
        try:
            path, headers = _parse(head)
            query = _query(path)
            answer = _accept(headers)
            session = self._find(query)
        except _Refused as refused:
            self.write(f"HTTP/1.1 {refused.status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".encode())
            self._socket.close()
            return
        if session is not None:
            self._upgrading = session
            self._timer = asyncio.get_running_loop().call_later(UPGRADE_SECONDS, self.abort)
            self.write(answer)
        else:
            self._session = self._engine.open(headers, self)
            self.write(answer + self._engine.handshake(self._session))

    def _find(self, query: dict[str, str]) -> Session | None:
        """The session to upgrade, or None for a new one."""
        if query.get("EIO") != "4" or query.get("transport") != "websocket":
            raise _Refused("400 Bad Request")
        if "sid" not in query:
            return None
        session = self._engine.sessions.get(query["sid"])
        if session is None or session.transport != "polling":
            raise _Refused("400 Bad Request")
        return session

    # Messages.

    def _read(self) -> None:
        """Take what has come, but no faster than a client may speak: the rest waits, at last in the client."""
        self._refill()
        try:
            while not self._socket.is_closing() and (self._budget >= 1 or self._slow_down()):
                message = self._reader.next()
                if message is None:
                    break
                self._budget -= 1
                self._take(*message)
        except BadFrame as bad:
            self._say_goodbye(bad.code)

    def _refill(self) -> None:
        limits, now = self._engine.limits, self._engine.now()
        earned = (now - self._budget_at) * limits.messages
        self._budget = min(limits.messages_at_once, self._budget + earned)
        self._budget_at = now

    def _slow_down(self) -> bool:
        if not self._paused:
            self._paused = True
            self._socket.pause_reading()
            asyncio.get_running_loop().call_later(10 / self._engine.limits.messages, self._go_on)
        return False

    def _go_on(self) -> None:
        self._paused = False
        if not self._socket.is_closing():
            self._socket.resume_reading()
            self._read()

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == frames.TEXT:
            try:
                text = payload.decode()
            except UnicodeDecodeError:
                raise BadFrame(frames.BAD_DATA, "text that is not UTF-8") from None
            if self._session is not None:
                self._session.receive(text)
            else:
                self._probe(text)
        elif opcode == frames.PING:
            self.write(frames.frame(payload, frames.PONG))
        elif opcode == frames.CLOSE:
            self._say_goodbye(_answered(payload))
        elif opcode == frames.PONG and self._proof is not None and payload == self._proof[0]:
            self._proof = None
        # Binary messages would be attachments, which no request has.

    def _probe(self, text: str) -> None:
        session = self._upgrading
        if session is None or session.closed:
            self.abort()
        elif text == "2probe":
            self.write(frames.frame(b"3probe"))
            session.carrier.release()
        elif text == "5":
            self._stop_timer()
            self._upgrading = None
            self._session = session
            session.upgrade(self)
        else:
            self.abort()

    def _say_goodbye(self, code: int) -> None:
        if not self._socket.is_closing():
            self.write(frames.close_frame(code))
        if self._session is not None:
            self._session.close()
        else:
            self.close()

    # The session's transport.

    def allow(self, size: int) -> None:
        self._allowed += size
        self._set_limit(self._engine.limits.unsent + self._allowed)

    def unsent(self) -> int:
        size: int = 0 if self._socket.is_closing() else self._socket.get_write_buffer_size()
        if size == 0 and self._allowed:
            self.resume_writing()
        return size

    def is_stuck(self, now: float) -> bool:
        """A client that answers heartbeats without reading is found out by a PING behind what waits.

        Its payload must come back (RFC 6455 §5.5.3), and cannot be guessed.
        """
        if self.unsent() == 0:
            self._proof = None
        elif self._proof is None:
            self._proof = secrets.token_bytes(8), now + self._engine.limits.stuck
            self.write(frames.frame(self._proof[0], frames.PING))
        return self._proof is not None and now > self._proof[1]

    def take(self) -> list[bytes]:
        return []

    def release(self) -> None:
        """No request waits here."""

    def close(self) -> None:
        self._socket.close()
        # A client that does not take the rest must not keep it for ever.
        self._timer = asyncio.get_running_loop().call_later(CLOSING_SECONDS, self.abort)

    def abort(self) -> None:
        self._socket.abort()

    def _set_limit(self, high: int) -> None:
        self._socket.set_write_buffer_limits(high=high, low=high - 1)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _parse(head: bytes) -> tuple[str, Headers]:
    lines = head.split(b"\r\n")
    method, path, _version = lines[0].split(b" ", 2)
    if method != b"GET":
        raise _Refused("405 Method Not Allowed")
    raw = []
    for line in lines[1:]:
        name, colon, value = line.partition(b":")
        if colon:
            raw.append((name.lower(), value.strip()))
    return path.decode("latin-1"), Headers(raw=raw)


def _query(path: str) -> dict[str, str]:
    place, _, query = path.partition("?")
    if place not in {"/socket.io/", "/socket.io"}:
        raise _Refused("404 Not Found")
    return {name: values[0] for name, values in parse_qs(query, max_num_fields=20).items()}


def _accept(headers: Headers) -> bytes:
    """The head of the answer (RFC 6455 §4.2)."""
    if headers.get("sec-websocket-version") != "13":
        raise _Refused("426 Upgrade Required\r\nSec-WebSocket-Version: 13")
    key = headers.get("sec-websocket-key", "")
    try:
        if len(base64.b64decode(key, validate=True)) != 16:
            raise _Refused("400 Bad Request")
    except (binascii.Error, ValueError):
        raise _Refused("400 Bad Request") from None
    digest = hashlib.sha1(key.encode() + _GUID, usedforsecurity=False).digest()
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
        + base64.b64encode(digest)
        + b"\r\n\r\n"
    )


def _answered(payload: bytes) -> int:
    """The code to answer a close frame with (RFC 6455 §7.4)."""
    if not payload:
        return frames.NORMAL
    code = int.from_bytes(payload[:2], "big") if len(payload) >= 2 else 0
    known = code in {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014} or 3000 <= code < 5000
    try:
        payload[2:].decode()
    except UnicodeDecodeError:
        return frames.BAD_DATA
    return code if known else frames.PROTOCOL_ERROR
