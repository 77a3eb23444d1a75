"""WebSockets on uvicorn: its ``ws=`` protocol class, which takes a connection over when it asks for an upgrade.

What is written is kept by asyncio's transport until the end of the tick, and leaves in one piece. What goes to a
crowd is written past it, right into the socket: on the way through a thousand transports nearly everything of them
would have to be fetched from memory. That is only done where nothing waits in the transport.
"""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections.abc import Callable
from typing import Any

from salon.core.engine import frames, handshake
from salon.core.engine.frames import BadFrame, FrameReader
from salon.core.engine.handshake import NotOpened
from salon.core.engine.pace import Pace
from salon.core.engine.server import Engine
from salon.core.engine.session import NO_HEADERS, Session

KERNEL_BUFFER = 128 * 1024
"""What the system may hold for a client that does not read; left to itself it takes megabytes."""
UPGRADE_SECONDS = 10.0
CLOSING_SECONDS = 5.0
RELEASE_SECONDS = 0.1
"""How often a request that waits is let go of while its client is about to go on here."""


class WebSocketProtocol(asyncio.Protocol):
    """One connection. It is its session's transport."""

    name = "websocket"

    __slots__ = (
        "_allowed",
        "_connections",
        "_direct",
        "_engine",
        "_headers",
        "_pace",
        "_paused",
        "_probed",
        "_proof",
        "_reader",
        "_session",
        "_socket",
        "_timer",
        "_upgrading",
        "try_write",
    )

    def __init__(self, engine: Engine, *, server_state: Any, **_more: Any) -> None:
        self._engine = engine
        self._connections: set[Any] = server_state.connections
        self._reader = FrameReader(engine.limits.message)
        self._session: Session | None = None
        self._upgrading: Session | None = None
        """The session that goes on by this connection, if its client says so."""
        self._headers = NO_HEADERS
        """Of the request to upgrade."""
        self._probed = False
        self._allowed = 0
        self._pace = Pace(engine)
        self._paused = False
        self._proof: tuple[bytes, float] | None = None
        """The payload of a PING that waits behind other things, and until when its PONG must have come."""
        self._timer: asyncio.TimerHandle | None = None
        self._socket: Any = None
        self._direct: socket.socket | None = None
        self.try_write: Callable[[bytes], int] | None = None

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._connections.add(self)
        self._socket = transport
        plain = transport.get_extra_info("socket")
        if plain is not None:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BUFFER)
            if transport.get_extra_info("sslcontext") is None:
                # The same socket once more, not a copy: who made the first one closes it.
                self._direct = socket.socket(plain.family, plain.type, plain.proto, plain.fileno())
                self.try_write = self._direct.send
        self._set_limit(self._engine.limits.unsent)

    def connection_lost(self, _error: Exception | None) -> None:
        self._connections.discard(self)
        self._engine.written.discard(self)
        if self._direct is not None:
            # The transport closes the socket after this; its number may be another connection's next.
            self._direct.detach()
            self.try_write = None
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
        if self._session is not None:
            self._session.caught_up()
        # Last, for what still waits may be too much without the allowance: then writing is paused again from here.
        self._allow_no_more()

    def shutdown(self) -> None:
        """The server stops (uvicorn)."""
        self._say_goodbye(frames.GOING_AWAY)

    # The handshake: uvicorn hands over the request's head as it would stand on the wire.

    def _open(self, head: bytes) -> None:
        try:
            query, headers = handshake.parse(head)
            answer = handshake.accept(headers)
            session = self._find(query)
        except NotOpened as refused:
            self.write(refused.answer)
            self.close()
            return
        if session is not None:
            self._upgrading, self._headers = session, headers
            self._timer = asyncio.get_running_loop().call_later(UPGRADE_SECONDS, self.abort)
            self.write(answer)
        else:
            self._session = self._engine.open(headers, self)
            self.write(answer + self._engine.handshake(self._session))

    def _find(self, query: dict[str, str]) -> Session | None:
        """The session to upgrade, or None for a new one."""
        if query.get("EIO") != "4" or query.get("transport") != "websocket":
            raise NotOpened("400 Bad Request")
        if "sid" not in query:
            if self._engine.stopping:
                raise NotOpened("503 Service Unavailable")
            return None
        session = self._engine.sessions.get(query["sid"])
        if session is None or session.transport != "polling":
            raise NotOpened("400 Bad Request")
        return session

    # Messages.

    def _read(self) -> None:
        """Take what has come, but no faster than a client may speak: the rest waits, at last in the client."""
        pace = self._pace
        pace.refill()
        try:
            while not self._socket.is_closing() and (pace.left >= 1 or self._slow_down()):
                message = self._reader.next()
                if message is None:
                    break
                pace.left -= 1
                self._take(*message)
        except BadFrame as bad:
            self._say_goodbye(bad.code)

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
            # As all that a client causes, within what may wait for it.
            (self._session or self).write(frames.frame(payload, frames.PONG))
        elif opcode == frames.CLOSE:
            self._say_goodbye(handshake.answer_to_close(payload))
        elif opcode == frames.PONG and self._proof is not None and payload == self._proof[0]:
            self._proof = None
        # Binary messages would be attachments, which no request has.

    def _probe(self, text: str) -> None:
        session = self._upgrading
        if session is None or session.closed or session.transport != "polling":
            self.abort()
        elif text == "2probe":
            self.write(frames.frame(b"3probe"))
            if not self._probed:
                self._probed = True
                self._release()
        elif text == "5":
            self._stop_timer()
            self._upgrading = None
            self._session = session
            session.upgrade(self, self._headers)
            self._headers = NO_HEADERS
        else:
            self.abort()

    def _release(self) -> None:
        """Let go of the request that waits. Again and again: the client may ask once more before it reads of the probe,
        and does not go on here until that request has its answer.
        """
        session = self._upgrading
        if session is not None and not session.closed:
            session.carrier.release()
            asyncio.get_running_loop().call_later(RELEASE_SECONDS, self._release)

    def _say_goodbye(self, code: int) -> None:
        if not self._socket.is_closing():
            self.write(frames.close_frame(code))
        if self._session is not None:
            self._session.close()
        else:
            self.close()

    # The session's transport.

    def write(self, framed: bytes) -> None:
        self._engine.written.add(self)
        self._socket.write(framed)

    @property
    def session(self) -> Session | None:
        return self._session

    def allow(self, size: int) -> bool:
        unsent, usual = self.unsent(), self._engine.limits.unsent
        if size > self._allowed and not self._socket.is_closing():
            self._allowed = size
            self._set_limit(usual + size)
        return unsent + size <= usual + self._allowed

    def _allow_no_more(self) -> None:
        if self._allowed and not self._socket.is_closing():
            self._allowed = 0
            self._set_limit(self._engine.limits.unsent)

    def unsent(self) -> int:
        size: int = 0 if self._socket.is_closing() else self._socket.get_write_buffer_size()
        if size == 0:
            self._allow_no_more()
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
        self._stop_timer()
        self._timer = asyncio.get_running_loop().call_later(CLOSING_SECONDS, self.abort)

    def abort(self) -> None:
        self._socket.abort()

    def _set_limit(self, high: int) -> None:
        self._socket.set_write_buffer_limits(high=high, low=high - 1)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
