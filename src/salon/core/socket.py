"""The Socket.IO edge: who connects, what they are sent first, and their requests one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any

import socketio
import structlog
from engineio.packet import MESSAGE
from engineio.packet import Packet as EnginePacket
from starlette.requests import cookie_parser

from salon.core import jsonwire
from salon.core.contract import CLIENT_SIGNALS
from salon.core.devices import device_of
from salon.core.dispatch import Caller
from salon.core.fanout import Link
from salon.core.origin import current_origin
from salon.core.refusals import Refused
from salon.core.security import TokenBuckets
from salon.core.sessions import COOKIE
from salon.core.welcome import Welcomer

logger = structlog.get_logger("salon.socket")

QUEUED_PACKETS = 1000
"""A reader that falls this far behind is cut off; it comes back and resumes from its number."""
FAREWELL_SECONDS = 0.1
STOP_SECONDS = 2.0
ATTACHMENTS = 2
PASSING = frozenset({"unavailable", "internal", "rate_limited"})
"""Reasons for not being welcomed that may be gone in a moment: the client is cut off, and comes back by itself."""
FRAME_LIMIT = 1 << 20
"""What the transport takes at most; requests over 64 KiB are answered with a refusal below it."""


class _Packet(socketio.packet.Packet):  # type: ignore[misc]
    """Requests are JSON. One with binary attachments is answered with a refusal, but not waited for without a limit."""

    def decode(self, encoded_packet: str) -> int:
        attachments: int = super().decode(encoded_packet) or 0
        if attachments > ATTACHMENTS:
            raise ValueError("binary attachments are not part of the protocol")
        return attachments


class _Everything(socketio.AsyncNamespace):  # type: ignore[misc]
    """Hands on whatever comes, whatever its name."""

    def __init__(self, handler: Callable[..., Awaitable[dict[str, Any] | None]]) -> None:
        super().__init__("/")
        self._handler = handler

    async def trigger_event(self, event: object, *args: Any) -> dict[str, Any] | None:
        return await self._handler(event, *args)


class SocketEdge:
    """Everything that is known about connections, and the only code that knows python-socketio."""

    def __init__(self, house: Any) -> None:
        self._house = house
        self._commands = TokenBuckets(house.settings.commands_per_second, house.settings.commands_per_second * 3)
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False
        self.sio = socketio.AsyncServer(
            async_mode="asgi",
            # One client's requests take effect in the order of their sending.
            async_handlers=False,
            # Origins are checked in _connect, where the bearer token is known too.
            cors_allowed_origins=[],
            json=jsonwire,
            serializer=_Packet,
            max_http_buffer_size=FRAME_LIMIT,
            http_compression=False,
        )
        self.sio.register_namespace(_Everything(self._event))
        self.welcomer = Welcomer(house)
        house.fanout.on_gap = self._on_gap

    # What the fan-out needs: an Outlet.

    def send(self, sid: str, packet: str) -> None:
        socket = self._engine_socket(sid)
        if socket is None or socket.closed:
            return
        if socket.queue.qsize() >= QUEUED_PACKETS:
            self.disconnect(sid)
            return
        socket.queue.put_nowait(EnginePacket(MESSAGE, data=packet))

    def disconnect(self, sid: str) -> None:
        """Cut the transport, as a lost network would: the client comes back by itself and resumes."""
        self._spawn(self._cut(sid))

    # What a transaction may do to connections: an Edge.

    def pause(self, room_id: str, identity: str) -> None:
        for link in self._house.fanout.of_identity(room_id, identity):
            link.stale = True
            self._house.fanout.unfollow(link)

    async def refresh(self, room_id: str, identity: str) -> None:
        for link in self._house.fanout.of_identity(room_id, identity):
            self._expect(link)

    async def expel(self, room_id: str, identity: str, notice: str | None) -> None:
        for link in self._house.fanout.of_identity(room_id, identity):
            self._send_away(link, notice)

    async def dismiss(self, room_id: str) -> None:
        for link in self._house.fanout.of_room(room_id):
            self._send_away(link, None)

    def _send_away(self, link: Link, notice: str | None) -> None:
        """Disconnect for good: the client is told that it was the server's will, and does not come back by itself."""
        if notice is not None:
            link.send(notice)
        link.cut = True
        # In a moment, so that the answer to the request that caused this is on its way first.
        loop = asyncio.get_running_loop()
        loop.call_later(FAREWELL_SECONDS, lambda: self._spawn(self._close(link.sid)))

    async def stop(self) -> None:
        """Cut everyone off; their clients come back by themselves."""
        self._stopping = True
        for sid in list(self._house.fanout.links):
            self.disconnect(sid)
        if self._tasks:
            await asyncio.wait(list(self._tasks), timeout=STOP_SECONDS)
        for task in list(self._tasks):
            task.cancel()

    def sweep(self) -> None:
        """Forget connections whose transport is gone without a word."""
        for link in list(self._house.fanout.links.values()):
            engine = self._engine_socket(link.sid)
            if link.outlet is self and (engine is None or engine.closed):
                self._forget(link.sid)

    # Events of python-socketio.

    async def _event(self, name: object, sid: str, *arguments: Any) -> dict[str, Any] | None:
        # The library calls beginning and end of a connection by names that a client may give its events too, with
        # whatever it chose for an environment. Those are requests like any other.
        if name in ("connect", "disconnect") and not self.sio.manager.is_connected(sid, "/"):
            await (self._connect if name == "connect" else self._disconnect)(sid, *arguments)
            return None
        return await self._request(name, sid, *arguments)

    async def _connect(self, sid: str, environ: Mapping[str, Any], auth: object = None) -> None:
        try:
            link = await self._admit(sid, environ, auth)
        except Refused as refused:
            raise _turned_away(refused) from None
        except Exception:
            logger.exception("a connection failed")
            raise _turned_away(Refused("unavailable", retry_after=1.0)) from None
        # The client may have gone while it was looked up, and its going was not told: it was not connected yet.
        engine = self._engine_socket(sid)
        if engine is None or engine.closing or engine.closed:
            return
        self._house.fanout.add(link)
        self._expect(link)

    async def _disconnect(self, sid: str, _reason: str = "") -> None:
        self._forget(sid)

    def _forget(self, sid: str) -> None:
        link = self._house.fanout.remove(sid)
        if link is not None:
            for service in self._house.services:
                service.depart(link)

    async def _request(self, name: object, sid: str, *arguments: Any) -> dict[str, Any] | None:
        link = self._house.fanout.links.get(sid)
        if link is None:
            return Refused("not_joined").as_dict()
        try:
            return await self._answer(link, name, arguments)
        except Refused as refused:
            return refused.as_dict()
        except Exception:
            logger.exception("a request failed", request=str(name)[:60])
            return Refused("internal").as_dict()

    async def _answer(self, link: Link, name: object, arguments: tuple[Any, ...]) -> dict[str, Any] | None:
        wait = self._commands.take(link.sid, self._house.clock.now())
        if wait:
            raise Refused("rate_limited", retry_after=wait)
        if name == jsonwire.TOO_LARGE:
            raise Refused("too_large")
        if name == jsonwire.MALFORMED or not isinstance(name, str):
            raise Refused("invalid", "The request is not a name and one object, in JSON.")
        if len(arguments) > 1:
            raise Refused("invalid", "A request has one object.")
        payload = arguments[0] if arguments else {}
        if name == "resume":
            if not isinstance(payload, Mapping) or set(payload) - {"since"}:
                raise Refused("invalid", "resume has {since}.", field="since")
            link.since = _since(payload.get("since"))
            self._expect(link)
            return {"ok": True}
        if name in CLIENT_SIGNALS:
            self._house.dispatcher.signal(link, name, payload)
            return {"ok": True}
        answer = await self._house.dispatcher.ask(Caller(link.identity, link.room_id), name, payload)
        return {"ok": True, **answer}

    async def _admit(self, sid: str, environ: Mapping[str, Any], auth: object) -> Link:
        if self._stopping:
            raise Refused("unavailable", retry_after=1.0)
        if not isinstance(auth, Mapping):
            raise Refused("invalid", "Connect with auth = {room, token?, since?}.", field="auth")
        if unknown := set(auth) - {"room", "token", "since"}:
            raise Refused("invalid", "Unknown field.", field=f"auth.{sorted(map(str, unknown))[0][:60]}")
        token = auth.get("token")
        bearer = token is not None
        origin = current_origin()
        # A missing origin is no browser's page: only a bearer token, which no browser sends by itself, may come so.
        if not (self._house.addresses.allows(origin) if origin else bearer):
            raise Refused("origin_refused")
        if not bearer:
            token = _cookie(environ)
        identity = await self._house.sessions.identify(token, bearer=bearer)
        if identity is None:
            raise Refused("session_required")
        async with self._house.storage.read() as session:
            room_id = await self.welcomer.look(session, auth.get("room"), identity)
        device = device_of(environ, bearer=bearer)
        return Link(sid, room_id, identity, device, self, since=_since(auth.get("since")))

    def _expect(self, link: Link) -> None:
        """Welcome the connection soon, once for however many reasons there are."""
        if not link.expected:
            link.expected = True
            self._spawn(self._welcome(link))

    async def _welcome(self, link: Link) -> None:
        try:
            await self.welcomer.welcome(link)
        except Refused as refused:
            if refused.code in PASSING:
                self.disconnect(link.sid)
            else:
                self._send_away(link, self.welcomer.farewell(refused))
        except Exception:
            logger.exception("a welcome failed")
            self.disconnect(link.sid)

    def _on_gap(self, link: Link) -> None:
        link.hold()
        link.since = {str(stream): seq for stream, seq in link.cursors.items()}
        self._expect(link)

    def _engine_socket(self, sid: str) -> Any:
        engine_sid = self.sio.manager.eio_sid_from_sid(sid, "/")
        return self.sio.eio.sockets.get(engine_sid)

    async def _close(self, sid: str) -> None:
        await self._quietly(self.sio.disconnect(sid))

    async def _cut(self, sid: str) -> None:
        engine = self._engine_socket(sid)
        if engine is None:
            return
        # The library's own way waits until the queue is empty, which a client that reads no more would never let it be;
        # and it says goodbye, after which some clients do not come back.
        await self._quietly(engine.close(wait=False, abort=True))
        engine.queue.put_nowait(None)

    async def _quietly(self, closing: Coroutine[Any, Any, None]) -> None:
        # The transport may be dead already, which is just as well.
        try:
            await closing
        except Exception as error:
            logger.debug("closing a connection failed", reason=str(error))

    def _spawn(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _turned_away(refused: Refused) -> Exception:
    error: Exception = socketio.exceptions.ConnectionRefusedError(refused.message, refused.as_dict())
    return error


def _since(value: object) -> dict[str, int] | None:
    if value is None:
        return None
    if not isinstance(value, Mapping) or len(value) > 3:
        raise Refused("invalid", "since is {stream: number}.", field="since")
    for stream, seq in value.items():
        if stream not in {"room", "hosts", "me"} or type(seq) is not int or not 0 <= seq < 2**53:
            raise Refused("invalid", "since is {stream: number}.", field="since")
    return dict(value)


def _cookie(environ: Mapping[str, Any]) -> str | None:
    # The same reading as over HTTP: one odd cookie of another program on this host must not hide ours.
    return cookie_parser(str(environ.get("HTTP_COOKIE", ""))).get(COOKIE)
