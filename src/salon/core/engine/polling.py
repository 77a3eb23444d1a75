"""Long-polling: GET waits for what is sent to a client, POST brings what it says. One ASGI application."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from salon.core.engine.frames import parted, payloads
from salon.core.engine.pace import Pace
from salon.core.engine.server import Engine
from salon.core.engine.session import NO_HEADERS, NOOP, Session, State

SEPARATOR = b"\x1e"
PACKETS = 16
"""In an answer: python-engineio takes no more (``Payload.max_decode_packets``) and begins anew, for ever."""

# Engine.IO's own codes of errors.
_UNKNOWN_TRANSPORT = (0, "Transport unknown")
_UNKNOWN_SESSION = (1, "Session ID unknown")
_BAD_METHOD = (2, "Bad handshake method")
_BAD_REQUEST = (3, "Bad request")
_FORBIDDEN = (4, "Forbidden")
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
        "answered",
        "fetching",
        "pace",
        "sending",
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
        self.fetching = False
        """A GET is under way, from its coming until its answer has been taken."""
        self.answered: tuple[str, bytes] | None = None
        """The mark of the last GET, if it had one, and its answer, until there is another."""
        self.sending = False
        """A POST is under way."""
        self.pace = Pace(engine)

    @property
    def try_write(self) -> None:
        """There is nobody to write to but who asks."""

    def carry(self, session: Session) -> None:
        self._session = session

    # The session's transport.

    def write(self, framed: bytes) -> None:
        self._waiting.append(framed)
        self._size += len(framed)
        if self._size > self._limit + self._allowed and self._session is not None:
            self._session.fell_behind()
        self._wake()

    def allow(self, size: int) -> bool:
        self._allowed = max(self._allowed, size)
        kept = 0 if self.answered is None else len(self.answered[1])
        return kept + self._size + size <= self._limit + self._allowed

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
        self._session = None
        self._wake()

    def abort(self) -> None:
        self._aborted = True
        self._session = None
        self._waiting.clear()
        self._wake()

    def release(self) -> None:
        """End a request that waits, for the client goes on by another transport."""
        if self._getter is not None and not self._getter.done():
            self.write(NOOP)

    # Requests.

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
        head, rest = parted(b"".join(self._waiting), PACKETS)
        if not rest:
            return self.take()
        self._waiting, self._size = [rest], len(rest)
        return [head]

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
        query = request.query_params
        sid = query.get("sid")
        if query.get("EIO") != "4":
            response = _error(_UNSUPPORTED)
        elif query.get("transport") != "polling":
            response = _error(_UNKNOWN_TRANSPORT)
        elif sid is None:
            response = self._open(request)
        else:
            response = await self._go_on(sid, request)
        await response(scope, receive, send)

    def _open(self, request: Request) -> Response:
        if request.method != "GET":
            return _error(_BAD_METHOD)
        if self._engine.stopping:
            return _error(_FORBIDDEN, 503)
        transport = PollingTransport(self._engine)
        session = self._engine.open(request.headers, transport)
        transport.carry(session)
        return _answer(_payload([self._engine.handshake(session)]))

    async def _go_on(self, sid: str, request: Request) -> Response:
        session = self._engine.find(sid)
        transport = session.carrier if session is not None else None
        if session is None or not isinstance(transport, PollingTransport):
            return _error(_UNKNOWN_SESSION)
        if request.method == "GET":
            return await self._poll(session, transport, request)
        if request.method == "POST":
            return await self._post(session, transport, request)
        return _error(_BAD_REQUEST)

    async def _poll(self, session: Session, transport: PollingTransport, request: Request) -> Response:
        if transport.fetching:
            # Which of the two would get what? The protocol has no answer but to end.
            session.cut()
            return _error(_BAD_REQUEST)
        transport.fetching = True
        # Stock clients mark each request, against caches. One that comes again is no new one: libraries and browsers
        # repeat it by themselves when the connection breaks before the answer is there, and what it said would be lost.
        mark = request.query_params.get("t", "")
        if transport.answered is not None and transport.answered[0] == mark:
            return _Taken(transport.answered[1], transport)
        listening = asyncio.create_task(_hang_up(request.receive, session))
        try:
            framed = await transport.fetch()
        finally:
            listening.cancel()
        if session.closed and transport.unsent() == 0:
            self._engine.fetched(session)
        if framed is None:
            return _error(_UNKNOWN_SESSION)
        payload = _payload(framed)
        transport.answered = (mark, payload) if mark else None
        return _Taken(payload, transport)

    async def _post(self, session: Session, transport: PollingTransport, request: Request) -> Response:
        if transport.sending:
            # In which order would the two be?
            session.cut()
            return _error(_BAD_REQUEST)
        transport.sending = True
        try:
            texts = await self._texts(request)
            # A browser names its origin in requests that POST, not in those that GET from the server of its own page.
            session.headers = request.headers
            for text in texts:
                session.receive(text)
            if session.state is State.CONNECTED:
                session.headers = NO_HEADERS
            transport.pace.refill()
            transport.pace.left -= len(texts)
            await asyncio.sleep(transport.pace.debt())
        except _Unfit as unfit:
            session.cut()
            return unfit.response
        finally:
            transport.sending = False
        return _answer(b"OK")

    async def _texts(self, request: Request) -> list[str]:
        """The packets of a request, as many as there may be in one."""
        limits = self._engine.limits
        body = bytearray()
        try:
            async with asyncio.timeout(limits.request_time):
                async for chunk in request.stream():
                    body += chunk
                    if len(body) > limits.message:
                        raise _Unfit(413)
            texts = [packet.decode() for packet in body.split(SEPARATOR)]
        except (TimeoutError, UnicodeDecodeError, ClientDisconnect):
            raise _Unfit(400) from None
        if len(texts) > limits.messages_at_once:
            raise _Unfit(400)
        return texts


class _Unfit(Exception):
    """What a client sends cannot be taken."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        # What may still come of the request is not waited for.
        self.response = _error(_BAD_REQUEST, status, {"Connection": "close"})


async def _hang_up(receive: Receive, session: Session) -> None:
    """A client that goes away while it waits, is gone. Stock clients come back as a new session."""
    while (await receive())["type"] != "http.disconnect":
        pass
    session.cut()


class _Taken(Response):
    """An answer that is under way until the client has taken most of it."""

    def __init__(self, payload: bytes, transport: PollingTransport) -> None:
        super().__init__(payload, media_type="text/plain", headers=_HEADERS)
        self._transport = transport

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await send({"type": "http.response.body", "body": self.body, "more_body": True})
            # Returns when the server's buffer is nearly empty again.
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self._transport.fetching = False


_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def _payload(framed: list[bytes]) -> bytes:
    return SEPARATOR.join([payload for each in framed for payload in payloads(each)] or [b"6"])


def _answer(payload: bytes) -> Response:
    return Response(payload, media_type="text/plain", headers=_HEADERS)


def _error(error: tuple[int, str], status: int = 400, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse({"code": error[0], "message": error[1]}, status, {**_HEADERS, **(headers or {})})
