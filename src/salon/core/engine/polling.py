"""Long-polling: GET waits for what is sent to a client, POST brings what it says. One ASGI application."""

from __future__ import annotations

import asyncio

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from salon.core.engine.frames import payloads
from salon.core.engine.server import Engine
from salon.core.engine.session import NO_HEADERS, NOOP, Session, State

SEPARATOR = "\x1e"

logger = structlog.get_logger("salon.engine")

# Engine.IO's own codes of errors.
_UNKNOWN_TRANSPORT = (0, "Transport unknown")
_UNKNOWN_SESSION = (1, "Session ID unknown")
_BAD_METHOD = (2, "Bad handshake method")
_BAD_REQUEST = (3, "Bad request")
_UNSUPPORTED = (5, "Unsupported protocol version")


class PollingTransport:
    """Keeps what is written until it is fetched."""

    name = "polling"

    __slots__ = (
        "_aborted",
        "_allowed",
        "_closing",
        "_getter",
        "_limit",
        "_patience",
        "_session",
        "_since",
        "_size",
        "_waiting",
    )

    def __init__(self, engine: Engine) -> None:
        self._limit = engine.limits.unsent
        self._patience = engine.limits.stuck
        self._since: float | None = None
        """Since when something has waited."""
        self._waiting: list[bytes] = []
        self._size = 0
        self._allowed = 0
        self._getter: asyncio.Future[None] | None = None
        self._closing = False
        self._aborted = False
        self._session: Session | None = None

    def carry(self, session: Session) -> None:
        self._session = session

    # The session's transport.

    def write(self, framed: bytes) -> None:
        self._waiting.append(framed)
        self._size += len(framed)
        if self._size > self._limit + self._allowed and self._session is not None:
            self._session.fell_behind()
        self._wake()

    def allow(self, size: int) -> None:
        self._allowed += size

    def unsent(self) -> int:
        return self._size

    def is_stuck(self, now: float) -> bool:
        if self._size == 0:
            self._since = None
        elif self._since is None:
            self._since = now
        return self._since is not None and now - self._since > self._patience

    def close(self) -> None:
        self._closing = True
        self._wake()

    def abort(self) -> None:
        self._aborted = True
        self._waiting.clear()
        self._wake()

    def release(self) -> None:
        """End a request that waits, for the client goes on by another transport."""
        if self._getter is not None:
            self.write(NOOP)

    # Requests.

    @property
    def busy(self) -> bool:
        return self._getter is not None

    async def fetch(self) -> list[bytes] | None:
        """What waits, or comes; None when the session was cut."""
        if not self._waiting and not self._closing and not self._aborted:
            self._getter = asyncio.get_running_loop().create_future()
            try:
                await self._getter
            finally:
                self._getter = None
        if self._aborted:
            return None
        return self.take()

    def take(self) -> list[bytes]:
        framed, self._waiting = self._waiting, []
        self._size = self._allowed = 0
        self._since = None
        if self._session is not None:
            self._session.caught_up()
        return framed

    def _wake(self) -> None:
        if self._getter is not None and not self._getter.done():
            self._getter.set_result(None)


class PollingApp:
    """``/socket.io/`` by HTTP."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await self._respond(request)
        except ClientDisconnect:
            return
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Content-Type-Options"] = "nosniff"
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        query = request.query_params
        if query.get("EIO") != "4":
            return _error(_UNSUPPORTED)
        if query.get("transport") != "polling":
            return _error(_UNKNOWN_TRANSPORT)
        sid = query.get("sid")
        if sid is None:
            return self._open(request) if request.method == "GET" else _error(_BAD_METHOD)
        session = self._engine.find(sid)
        transport = session.carrier if session is not None else None
        if session is None or not isinstance(transport, PollingTransport):
            return _error(_UNKNOWN_SESSION)
        if request.method == "GET":
            return await self._poll(session, transport)
        if request.method == "POST":
            return await self._post(session, request)
        return _error(_BAD_REQUEST)

    def _open(self, request: Request) -> Response:
        transport = PollingTransport(self._engine)
        session = self._engine.open(request.headers, transport)
        transport.carry(session)
        return _packets([self._engine.handshake(session)])

    async def _poll(self, session: Session, transport: PollingTransport) -> Response:
        if transport.busy:
            # Which of the two would get what? The protocol has no answer but to end.
            session.cut()
            return _error(_BAD_REQUEST)
        framed = await transport.fetch()
        if session.closed:
            self._engine.fetched(session)
        return _error(_UNKNOWN_SESSION) if framed is None else _packets(framed)

    async def _post(self, session: Session, request: Request) -> Response:
        limits = self._engine.limits
        body = bytearray()
        try:
            async with asyncio.timeout(limits.request_time):
                async for chunk in request.stream():
                    body += chunk
                    if len(body) > limits.message:
                        session.cut()
                        return Response(status_code=413)
            texts = body.decode().split(SEPARATOR)
        except (TimeoutError, UnicodeDecodeError):
            session.cut()
            return _error(_BAD_REQUEST)
        if len(texts) > limits.messages_at_once:
            session.cut()
            return _error(_BAD_REQUEST)
        # A browser names its origin in requests that POST, not in those that GET from the server of its own page.
        session.headers = request.headers
        for text in texts:
            session.receive(text)
        if session.state is State.CONNECTED:
            session.headers = NO_HEADERS
        return Response("OK", media_type="text/plain")


def _packets(framed: list[bytes]) -> Response:
    found = [payload.decode() for each in framed for payload in payloads(each)]
    return Response(SEPARATOR.join(found or ["6"]), media_type="text/plain")


def _error(error: tuple[int, str]) -> Response:
    return JSONResponse({"code": error[0], "message": error[1]}, 400)
