"""The engine on a port of its own, with an application that echoes: no rooms, no database."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import uvicorn
from uvicorn.server import ServerState

from salon.core.engine import packets
from salon.core.engine.http import PatientHttp
from salon.core.engine.packets import Packet
from salon.core.engine.polling import PollingApp
from salon.core.engine.server import Engine, Limits
from salon.core.engine.session import Session, State
from salon.core.engine.websocket import WebSocketProtocol
from tests.support.pipe import SEPARATOR, Answer, Pipe
from tests.support.recorder import eventually

WEBSOCKET = "/socket.io/?EIO=4&transport=websocket"
POLLING = "/socket.io/?EIO=4&transport=polling"


class Echo:
    """An Application: lets in who does not ask to be refused, answers what is said with the same."""

    def __init__(self) -> None:
        self.members: dict[str, Session] = {}
        self.heard: list[Any] = []
        """The data of all events, in the order of their coming."""
        self.asked: list[tuple[Session, object]] = []
        self.ended_ids: list[str] = []

    def connect(self, session: Session, auth: object) -> None:
        self.asked.append((session, auth))
        if auth == "refuse":
            session.refuse("no", {"code": "refused"})
        elif auth != "later":
            self.let_in(session)

    def let_in(self, session: Session) -> None:
        if session.state is State.CONNECTING:
            self.members[session.id] = session
            session.accept(session.id)

    def event(self, session: Session, packet: Packet) -> None:
        self.heard.append(packet.data)
        if packet.id is not None:
            session.write(packets.ack(packet.id, packet.data))

    def rerouted(self, session: Session) -> None:
        """It looks at ``session.write`` each time."""

    def ended(self, session: Session) -> None:
        self.ended_ids.append(session.id)
        self.members.pop(session.id, None)

    def tell(self, payload: object) -> None:
        """To everyone."""
        framed = packets.event("told", payload)
        for session in list(self.members.values()):
            session.write(framed)


class Stand:
    """What runs, and clients by hand."""

    def __init__(self, engine: Engine, echo: Echo, state: ServerState, port: int) -> None:
        self.engine = engine
        self.echo = echo
        self.state = state
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self._pipes: list[Pipe] = []

    def of(self, transport: str) -> list[Session]:
        return [session for session in self.engine.sessions.values() if session.transport == transport]

    async def pipe(self, window: int | None = None) -> Pipe:
        pipe = await Pipe.open(self.port, window=window)
        self._pipes.append(pipe)
        return pipe

    async def ask(self, method: str, target: str, body: bytes | None = None, *more: str) -> Answer:
        """One request on a connection of its own."""
        pipe = await self.pipe()
        pipe.ask(method, target, body, *more)
        try:
            return await pipe.answer()
        finally:
            pipe.writer.close()

    async def websocket(self, window: int | None = None) -> Pipe:
        """A WebSocket with its handshake done."""
        pipe = await self.pipe(window)
        assert (await pipe.upgrade(WEBSOCKET)).status == 101
        assert (await pipe.text()).startswith("0{")
        return pipe

    async def member(self, window: int | None = None) -> Pipe:
        """A WebSocket that has been let in."""
        pipe = await self.websocket(window)
        pipe.send("40")
        assert (await pipe.text()).startswith("40{")
        return pipe

    async def poller(self, *, joined: bool = True) -> Poller:
        opened = (await self.ask("GET", POLLING)).packets
        poller = Poller(self, json.loads(opened[0][1:])["sid"])
        if joined:
            await poller.post("40")
            assert (await poller.get())[0].startswith("40{")
        return poller

    async def settle(self) -> None:
        """Nothing is left of anybody."""
        for pipe in self._pipes:
            pipe.abort()
        await eventually(lambda: not self.of("websocket"), "the end of all whose connection is gone")
        self.engine.stop()
        here = asyncio.current_task()
        await eventually(lambda: not self.state.connections, "the end of all connections")
        await eventually(lambda: not self.state.tasks, "the end of all requests")
        await eventually(lambda: asyncio.all_tasks() == {here}, "the end of all tasks")
        assert self.engine.sessions == {}
        assert self.echo.members == {}
        assert len(self.echo.ended_ids) == len(set(self.echo.ended_ids)), "somebody ended twice"


class Poller:
    """A long-polling session."""

    def __init__(self, stand: Stand, sid: str) -> None:
        self._stand = stand
        self.sid = sid
        self.path = f"{POLLING}&sid={sid}"

    @property
    def transport(self) -> Any:
        return self._stand.engine.sessions[self.sid].carrier

    async def fetch(self) -> Answer:
        return await self._stand.ask("GET", self.path)

    async def waiting(self) -> asyncio.Task[Answer]:
        """A request that has come, and waits for something to say."""
        task = asyncio.create_task(self.fetch())
        await eventually(lambda: self.transport.fetching, "the request")
        return task

    async def get(self) -> list[str]:
        answer = await self.fetch()
        assert answer.status == 200, answer
        return answer.packets

    async def send(self, body: bytes) -> Answer:
        return await self._stand.ask("POST", self.path, body)

    async def post(self, *said: str) -> None:
        answer = await self.send(SEPARATOR.join(said).encode())
        assert (answer.status, answer.body) == (200, b"OK"), answer


@asynccontextmanager
async def standing(limits: Limits | None = None) -> AsyncIterator[Stand]:
    loop = asyncio.get_running_loop()
    faults: list[dict[str, Any]] = []
    loop.set_exception_handler(lambda _loop, context: faults.append(context))
    echo = Echo()
    engine = Engine(echo, limits)
    config = uvicorn.Config(
        PollingApp(engine),
        http=PatientHttp,
        ws=partial(WebSocketProtocol, engine),  # type: ignore[arg-type]
        lifespan="off",
        access_log=False,
        log_config=None,
    )
    config.load()
    state = ServerState()

    def protocol() -> PatientHttp:
        return PatientHttp(config=config, server_state=state, app_state={})

    server = await loop.create_server(protocol, "127.0.0.1", 0)
    stand = Stand(engine, echo, state, server.sockets[0].getsockname()[1])
    try:
        yield stand
        await stand.settle()
        assert faults == []
    finally:
        server.close()
        await server.wait_closed()
