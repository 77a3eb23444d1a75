"""The edge: who connects, what they are sent first, and their requests in the order of their coming."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any

import structlog
from starlette.datastructures import Headers
from starlette.requests import cookie_parser

from salon.core.admission import Admissions, Asking
from salon.core.contract import CLIENT_SIGNALS, COMMANDS
from salon.core.devices import device_of
from salon.core.dispatch import Caller
from salon.core.engine import packets
from salon.core.engine.packets import Packet
from salon.core.engine.server import Engine, Limits
from salon.core.engine.session import Session
from salon.core.fanout import Link
from salon.core.limits import RequestLimits
from salon.core.refusals import Refused
from salon.core.security import digest
from salon.core.sessions import COOKIE
from salon.core.welcome import Welcomer

logger = structlog.get_logger("salon.socket")

FAREWELL_SECONDS = 0.1
STOP_SECONDS = 2.0
PENDING_REQUESTS = 200
"""Requests of one connection that are under way at the same time."""
CONNECTIONS = 30
"""Of one identity to one room, lost ones that were not found out yet among them."""
PASSING = frozenset({"unavailable", "internal", "rate_limited"})
"""Reasons for not being welcomed that may be gone in a moment: the client is cut off, and comes back by itself."""


class SocketEdge:
    """Everything that is known about connections: the application of the engine."""

    def __init__(self, house: Any) -> None:
        self._house = house
        self._limits = RequestLimits(house.settings, house.clock)
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False
        self.engine = Engine(self, Limits(messages=max(100.0, 4 * house.settings.commands_per_second)))
        self._admissions = Admissions(house)
        self.welcomer = Welcomer(house)
        house.fanout.on_gap = self._on_gap
        house.fanout.keeping = self.engine.keeping

    # What a transaction may do to connections: an Edge.

    def pause(self, room_id: str, identity: str) -> None:
        for link in self._house.fanout.of_identity(room_id, identity):
            link.stale = True
            self._house.fanout.unfollow(link)

    async def refresh(self, room_id: str, identity: str) -> None:
        for link in self._house.fanout.of_identity(room_id, identity):
            self._expect(link)

    async def expel(self, room_id: str, identity: str, notice: bytes | None) -> None:
        for link in self._house.fanout.of_identity(room_id, identity):
            self._send_away(link, notice)

    async def dismiss(self, room_id: str) -> None:
        for link in self._house.fanout.of_room(room_id):
            self._send_away(link, None)

    def _send_away(self, link: Link, notice: bytes | None) -> None:
        """Disconnect for good: the client is told that it was the server's will, and does not come back by itself."""
        if notice is not None:
            link.send(notice)
        link.cut = True
        self._house.fanout.unfollow(link)
        # In a moment, so that the answer to the request that caused this is on its way first.
        asyncio.get_running_loop().call_later(FAREWELL_SECONDS, link.outlet.disconnect)

    async def stop(self) -> None:
        """Cut everyone off; their clients come back by themselves."""
        self._stopping = True
        self.engine.stop()
        if self._tasks:
            await asyncio.wait(list(self._tasks), timeout=STOP_SECONDS)
        for task in list(self._tasks):
            task.cancel()

    # What the engine calls: an Application.

    def connect(self, session: Session, auth: object) -> None:
        self._spawn(self._connect(session, session.headers, auth))

    def event(self, session: Session, packet: Packet) -> None:
        link: Link = session.user
        try:
            answer = self._begin(link, packet)
        except Refused as refused:
            answer = refused.as_dict()
        except Exception:
            logger.exception("a request failed")
            answer = Refused("internal").as_dict()
        if answer is not None and packet.id is not None:
            session.write(packets.ack(packet.id, answer))

    def rerouted(self, session: Session) -> None:
        self._house.fanout.reroute(session.user)

    def ended(self, session: Session) -> None:
        link = self._house.fanout.remove(session.id)
        if link is not None:
            for service in self._house.services:
                service.depart(link)

    # Coming in.

    async def _connect(self, session: Session, headers: Headers, auth: object) -> None:
        try:
            link = await self._admit(session, headers, auth)
        except Refused as refused:
            if refused.code in PASSING:
                # Stock clients do not come back from a refusal.
                session.cut()
            else:
                _turn_away(session, refused)
            return
        except Exception:
            logger.exception("a connection failed")
            session.cut()
            return
        # The client may have gone while it was looked up.
        if not session.closed:
            if self._house.sessions.has_ended(link.session):
                # It was signed out while it was looked up.
                _turn_away(session, Refused("session_required"))
                return
            session.accept(link)
            self._house.fanout.add(link)
            self._expect(link)

    async def _admit(self, session: Session, headers: Headers, auth: object) -> Link:
        if self._stopping:
            raise Refused("unavailable", retry_after=1.0)
        if not isinstance(auth, Mapping):
            raise Refused("invalid", "Connect with auth = {room, token?, since?}.", field="auth")
        if unknown := set(auth) - {"room", "token", "since"}:
            raise Refused("invalid", "Unknown field.", field=f"auth.{sorted(map(str, unknown))[0][:60]}")
        token = auth.get("token")
        bearer = token is not None
        origin = headers.get("origin")
        # A missing origin is no browser's page: only a bearer token, which no browser sends by itself, may come so.
        if not (self._house.addresses.allows(origin) if origin else bearer):
            raise Refused("origin_refused")
        if not bearer:
            token = _cookie(headers)
        since = _since(auth.get("since"))
        admitted = await self._admissions.admit(Asking(token, bearer, auth.get("room")))
        if len(self._house.fanout.of_identity(admitted.room_id, admitted.identity)) >= CONNECTIONS:
            raise Refused("rate_limited")
        device = device_of(headers, bearer=bearer)
        return Link(
            session.id,
            admitted.room_id,
            admitted.identity,
            device,
            session,
            digest(str(token)),
            since=since,
            known_as=admitted.person,
        )

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
                link.outlet.cut()
            else:
                self._send_away(link, self.welcomer.farewell(refused))
        except Exception:
            logger.exception("a welcome failed")
            link.outlet.cut()

    def _on_gap(self, link: Link) -> None:
        self._house.fanout.hold(link)
        link.since = {str(stream): seq for stream, seq in link.cursors.items()}
        self._expect(link)

    # Requests.

    def _begin(self, link: Link, packet: Packet) -> dict[str, Any] | None:
        """Answer at once what can be; for what takes its time, None, and the answer follows."""
        wait = self._limits.take(link)
        if wait:
            raise Refused("rate_limited", retry_after=wait)
        name, payload = _request(packet)
        if name == "resume":
            if not isinstance(payload, Mapping) or set(payload) - {"since"}:
                raise Refused("invalid", "resume has {since}.", field="since")
            link.since = _since(payload.get("since"))
            self._expect(link)
            return {"ok": True}
        if name in CLIENT_SIGNALS:
            self._house.dispatcher.signal(link, name, payload)
            return {"ok": True}
        if link.pending >= PENDING_REQUESTS:
            raise Refused("rate_limited", retry_after=1.0)
        # Tasks begin in the order of their making, and a command's first step puts it into the writer's lane: one
        # client's commands take effect in the order of sending, without each waiting for the one before.
        link.pending += 1
        earlier = link.last_command if name not in COMMANDS else None
        task = self._spawn(self._finish(link, packet.id, name, payload, earlier))
        if name in COMMANDS:
            link.last_command = task
        return None

    async def _finish(
        self, link: Link, number: int | None, name: str, payload: object, earlier: asyncio.Task[None] | None
    ) -> None:
        try:
            # A query sees what the client has commanded before.
            if earlier is not None and not earlier.done():
                await asyncio.wait([earlier])
            answer = await self._house.dispatcher.ask(Caller(link.identity, link.room_id, link.sid), name, payload)
            said = {"ok": True, **answer}
        except Refused as refused:
            said = refused.as_dict()
        except Exception:
            logger.exception("a request failed", request=name[:60])
            said = Refused("internal").as_dict()
        finally:
            link.pending -= 1
        if number is not None:
            link.outlet.write(packets.ack(number, said))

    def _spawn(self, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _turn_away(session: Session, refused: Refused) -> None:
    session.refuse(refused.message, refused.as_dict())


def _request(packet: Packet) -> tuple[str, object]:
    """Name and payload of a request. Whatever else it is, is refused."""
    data = packet.data
    if data is packets.TOO_LARGE:
        raise Refused("too_large")
    if packet.type == packets.BINARY_EVENT or not isinstance(data, list) or not data or not isinstance(data[0], str):
        raise Refused("invalid", "The request is not a name and one object, in JSON.")
    if len(data) > 2:
        raise Refused("invalid", "A request has one object.")
    return data[0], data[1] if len(data) == 2 else {}


def _since(value: object) -> dict[str, int] | None:
    if value is None:
        return None
    if not isinstance(value, Mapping) or len(value) > 3:
        raise Refused("invalid", "since is {stream: number}.", field="since")
    for stream, seq in value.items():
        if stream not in {"room", "hosts", "me"} or type(seq) is not int or not 0 <= seq < 2**53:
            raise Refused("invalid", "since is {stream: number}.", field="since")
    return dict(value)


def _cookie(headers: Headers) -> str | None:
    # The same reading as over HTTP: one odd cookie of another program on this host must not hide ours.
    return cookie_parser(headers.get("cookie", "")).get(COOKIE)
