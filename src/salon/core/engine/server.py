"""All sessions of this process: their beginning, their heartbeat, their limits."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import orjson
import structlog
from starlette.datastructures import Headers

from salon.core.engine.frames import frame
from salon.core.engine.packets import Packet
from salon.core.engine.session import Session, Transport

if TYPE_CHECKING:
    from salon.core.engine.websocket import WebSocketProtocol

PULSE_SECONDS = 1.0
LINGER_SECONDS = 10.0

logger = structlog.get_logger("salon.engine")


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes, times in seconds."""

    request: int = 64 * 1024
    """Of the JSON of one request; beyond, it is answered with a refusal."""
    message: int = 128 * 1024
    """Of one message; beyond, the connection ends."""
    unsent: int = 192 * 1024
    """What may wait for a client. A welcome may be larger; what follows before it is taken may not."""
    stuck: float = 45.0
    """How long something may wait for a client."""
    ping_interval: float = 25.0
    ping_timeout: float = 20.0
    watched_interval: float = 4.0
    watched_timeout: float = 16.0
    """The same for a client that others wait for: whoever is in a call."""
    connect: float = 20.0
    """From the handshake to CONNECT."""
    request_time: float = 20.0
    """For the head of a request, or the body of one that sends."""
    messages: float = 100.0
    """Messages a second over time, of whatever kind; beyond, a connection is read no faster."""
    messages_at_once: float = 400.0


class Application(Protocol):
    """What the sessions are for. All of this is called in the event loop and must not wait."""

    def connect(self, session: Session, auth: object) -> None:
        """A client asks to come in: ``session.accept`` or ``session.refuse``, now or later."""

    def event(self, session: Session, packet: Packet) -> None:
        """A connected client said something. Its ``data`` may be anything that JSON can be, or unreadable."""

    def rerouted(self, session: Session) -> None:
        """``write`` of a connected client is another function from now on."""

    def ended(self, session: Session) -> None:
        """A client that asked to come in is gone."""


class Engine:
    """The sessions by their ``sid``."""

    def __init__(self, application: Application, limits: Limits | None = None) -> None:
        self.application = application
        self.limits = limits or Limits()
        self.sessions: dict[str, Session] = {}
        self.written: set[WebSocketProtocol] = set()
        """The WebSockets that were written to and may still keep some of it."""
        self._lingering: dict[str, tuple[Session, float]] = {}
        """Ended ones with last words that their clients have yet to fetch, and until when they are kept."""
        self.stopping = False
        """Nobody new is let in: whoever were, would be cut off at once, and stock clients do not expect that."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pulse: asyncio.TimerHandle | None = None

    def now(self) -> float:
        """Seconds of the event loop's clock, which no one can set."""
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
        return self._loop.time()

    def open(self, headers: Headers, transport: Transport) -> Session:
        """A new client. Its handshake is sent by whoever carries it."""
        session = Session(self, headers, transport)
        self.sessions[session.sid] = session
        if self._pulse is None:
            self._pulse = asyncio.get_running_loop().call_later(PULSE_SECONDS, self._beat)
        return session

    def handshake(self, session: Session) -> bytes:
        """The first packet, framed."""
        can_upgrade = session.transport == "polling"
        return frame(
            b"0"
            + orjson.dumps(
                {
                    "sid": session.sid,
                    "upgrades": ["websocket"] if can_upgrade else [],
                    "pingInterval": int(self.limits.ping_interval * 1000),
                    "pingTimeout": int(self.limits.ping_timeout * 1000),
                    "maxPayload": self.limits.message,
                }
            )
        )

    def find(self, sid: str) -> Session | None:
        """Also one that has just ended, for its last words."""
        lingering = self._lingering.get(sid)
        return lingering[0] if lingering is not None else self.sessions.get(sid)

    def forget(self, session: Session) -> None:
        self.sessions.pop(session.sid, None)

    def keeping(self) -> list[Any]:
        """The users of WebSockets that keep what was written: since the beginning of this tick, or for their clients to
        take what came before.
        """
        self.written = {each for each in self.written if each.unsent()}
        return [each.session.user for each in self.written if each.session is not None]

    def linger(self, session: Session) -> None:
        self._lingering[session.sid] = (session, self.now() + LINGER_SECONDS)

    def fetched(self, session: Session) -> None:
        """Its last words have been taken."""
        self._lingering.pop(session.sid, None)

    def stop(self) -> None:
        """Cut everyone off; their clients come back by themselves."""
        self.stopping = True
        for session in list(self.sessions.values()):
            session.cut()
        self._lingering.clear()
        if self._pulse is not None:
            self._pulse.cancel()
            self._pulse = None

    def _beat(self) -> None:
        now = self.now()
        for session in list(self.sessions.values()):
            try:
                session.check(now)
            except Exception:
                # Without the pulse, nobody else would be looked after any more.
                logger.exception("a session could not be looked after", session=session.id)
        for sid in [sid for sid, (_, until) in self._lingering.items() if now > until]:
            del self._lingering[sid]
        self._pulse = None
        if self.sessions or self._lingering:
            self._pulse = asyncio.get_running_loop().call_later(PULSE_SECONDS, self._beat)
