"""One client of the wire, from handshake to end, whatever carries it.

Sans transport: what arrives comes in by :meth:`Session.receive`, what is sent goes out by ``session.write``, which
is the transport's own function, so that nothing stands between a broadcast and the socket.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol

import structlog
from starlette.datastructures import Headers

from salon.core.engine import packets
from salon.core.engine.frames import frame
from salon.core.security import new_id, new_token

if TYPE_CHECKING:
    from salon.core.engine.server import Engine

PING = frame(b"2")
NOOP = frame(b"6")
NO_HEADERS = Headers()

logger = structlog.get_logger("salon.engine")


class State(Enum):
    OPEN = "open"
    """The transport stands, the client has not said CONNECT yet."""
    CONNECTING = "connecting"
    """The application decides."""
    CONNECTED = "connected"
    CLOSED = "closed"


class Transport(Protocol):
    """What carries a session."""

    name: str

    def write(self, framed: bytes) -> object:
        """Send WebSocket frames. Must not wait, and must not fail when the client is gone."""

    @property
    def try_write(self) -> Callable[[bytes], int] | None:
        """Hands frames to the system at once and returns how many bytes it took, or raises OSError; the rest must go to
        ``write``. Only while nothing waits (``unsent``). None where there is no such way.
        """

    def allow(self, size: int) -> bool:
        """Let so many bytes more than usual wait, until what waits is taken. Twice is not double: False when these,
        with what waits already, would be too much even so.
        """

    def unsent(self) -> int:
        """Bytes that wait to be taken by the client."""

    def is_stuck(self, now: float) -> bool:
        """Whether something has waited for the client for longer than it may. Called about once a second."""

    def take(self) -> list[bytes]:
        """Remove and return what waits and can still go another way."""

    def release(self) -> None:
        """Let go of a request that waits: the client is about to go on by another transport."""

    def close(self) -> None:
        """Send what waits, and end."""

    def abort(self) -> None:
        """End at once, as a lost network does."""


def _nowhere(_framed: bytes) -> None:
    """Where the words to a closed session go."""


class Session:
    """``write(framed)`` sends frames; it never waits, and cuts a client off that has fallen behind."""

    __slots__ = (
        "_engine",
        "_opened_at",
        "_ping_at",
        "_pong_by",
        "_transport",
        "_watched",
        "headers",
        "id",
        "sid",
        "silent",
        "state",
        "user",
        "write",
    )

    def __init__(self, engine: Engine, headers: Headers, transport: Transport) -> None:
        self._engine = engine
        self.sid = new_token()
        """The transport's name for it: whoever knows it can take part."""
        self.id = new_id()
        """The public one, of the Socket.IO layer."""
        self.headers = headers
        """Of the request that brought what is being received."""
        self.state = State.OPEN
        self.user: Any = None
        """What the application knows about it."""
        now = engine.now()
        self._opened_at = now
        self._ping_at = now + engine.limits.ping_interval
        self._pong_by: float | None = None
        self._watched = False
        self.silent = False
        """It ended because nothing came from the client for too long: its network is gone, or its machine."""
        self._transport = transport
        self.write: Callable[[bytes], object] = transport.write

    @property
    def closed(self) -> bool:
        return self.state is State.CLOSED

    @property
    def transport(self) -> str:
        """``polling`` or ``websocket``."""
        return self._transport.name

    # From the client.

    def receive(self, text: str) -> None:
        """One packet of Engine.IO."""
        if self.closed:
            return
        kind = text[:1]
        if kind == "4":
            self._message(text[1:])
        elif kind == "3":
            self._pong_by = None
        elif kind == "1":
            self.close()

    def _message(self, text: str) -> None:
        try:
            packet = packets.decode(text, self._engine.limits.request)
        except packets.BadPacket:
            # There is nobody to answer to, and no harm is done.
            return
        if packet.namespace != "/":
            if packet.type == packets.CONNECT:
                self.write(packets.connect_error("Invalid namespace", namespace=packet.namespace))
        elif packet.type == packets.CONNECT:
            if self.state is State.OPEN:
                self.state = State.CONNECTING
                self._engine.application.connect(self, packet.data)
        elif packet.type == packets.DISCONNECT:
            self.close()
        elif self.state is State.CONNECTED and packet.type in {packets.EVENT, packets.BINARY_EVENT}:
            self._engine.application.event(self, packet)

    # From the application.

    def accept(self, user: Any) -> None:
        """The application lets the client in."""
        if self.state is State.CONNECTING:
            self.state, self.user = State.CONNECTED, user
            self.headers = NO_HEADERS
            self.write(packets.connected(self.id))

    def refuse(self, message: str, data: object) -> None:
        """The application does not let the client in; it may ask again on the same transport."""
        if self.state is State.CONNECTING:
            self.state = State.OPEN
            self.write(packets.connect_error(message, data))

    def write_large(self, framed: bytes) -> None:
        """Send what may be more than the usual limit of what waits: a snapshot."""
        if self.closed:
            return
        if not self._transport.allow(len(framed)):
            self.fell_behind()
        self.write(framed)

    def disconnect(self) -> None:
        """End it for good: the client hears that it was the server's will, and does not come back by itself."""
        if not self.closed:
            self.write(packets.DISCONNECTED)
            self.close()

    def close(self) -> None:
        """End it when what was written has been taken."""
        if not self.closed:
            transport = self._transport
            self._end()
            transport.close()
            if transport.unsent():
                self._engine.linger(self)

    def watch(self) -> None:
        """From now on it is noticed within seconds when the client is silent."""
        if not self._watched:
            self._watched = True
            self._ping_at = min(self._ping_at, self._engine.now() + self._engine.limits.watched_interval)

    def cut(self) -> None:
        """End it at once, as a lost network does: the client comes back by itself."""
        if not self.closed:
            transport = self._transport
            self._end()
            transport.abort()

    def lost(self, transport: Transport) -> None:
        """The transport has ended by itself. One that was upgraded from is nobody's loss."""
        if transport is self._transport and not self.closed:
            self._end()

    def _end(self) -> None:
        was, self.state = self.state, State.CLOSED
        self.write = _nowhere
        self._engine.forget(self)
        if was is not State.OPEN:
            self._engine.application.ended(self)

    @property
    def try_write(self) -> Callable[[bytes], int] | None:
        """The transport's (see there), while the session lives."""
        return None if self.closed else self._transport.try_write

    # From the transports.

    @property
    def carrier(self) -> Transport:
        return self._transport

    def fell_behind(self) -> None:
        """More waits than may: whatever comes next is too much."""
        if self.write != _nowhere:
            self._reroute(self._too_much)

    def caught_up(self) -> None:
        # After something was dropped there is no going on: what came next would hide that it is missing.
        if self.write == self._too_much:
            self._reroute(self._transport.write)

    def _reroute(self, write: Callable[[bytes], object]) -> None:
        self.write = write
        if self.state is State.CONNECTED:
            self._engine.application.rerouted(self)

    def _too_much(self, _framed: bytes) -> None:
        logger.info("a reader that fell behind is cut off", session=self.id)
        # Not within the loop of a broadcast.
        self._reroute(_nowhere)
        asyncio.get_running_loop().call_soon(self.cut)

    def upgrade(self, transport: Transport, headers: Headers) -> None:
        """Go on by another transport, beginning with what waits in the old one. ``headers``: of the request for it."""
        if self.state is State.OPEN:
            self.headers = headers
        before, self._transport = self._transport, transport
        if self.write != _nowhere:
            self._reroute(transport.write)
        self.write_large(b"".join(before.take()))
        before.close()

    def check(self, now: float) -> None:
        """Heartbeat and limits of time; called about once a second."""
        limits = self._engine.limits
        self.silent = self._pong_by is not None and now > self._pong_by
        if self.silent or (self.state is State.OPEN and now > self._opened_at + limits.connect):
            self.cut()
        elif self._transport.is_stuck(now):
            logger.info("a reader that takes nothing is cut off", session=self.id)
            self.cut()
        elif self._pong_by is None and now >= self._ping_at:
            self._ping_at = now + (limits.watched_interval if self._watched else limits.ping_interval)
            self._pong_by = now + (limits.watched_timeout if self._watched else limits.ping_timeout)
            self.write(PING)
