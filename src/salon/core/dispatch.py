"""The one way through for every request: who is it, may they, seen before, handler, append, commit, fan out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core import receipts
from salon.core.access import access_member
from salon.core.bells import Bells
from salon.core.contract import CLIENT_SIGNALS, COMMANDS, QUERIES, ClientSignal, Command, Event, Model, Query
from salon.core.database.statements import attach, is_changed
from salon.core.fanout import Fanout, Link
from salon.core.merge import Merger
from salon.core.refusals import Refused
from salon.core.settings import Settings
from salon.core.standing import look_up, look_up_open_room
from salon.core.storage import Storage
from salon.core.tables import Member, Room
from salon.core.writer import Work, Writer

T = TypeVar("T")


class Edge(Protocol):
    """What a transaction may do to connections, once it is committed."""

    def pause(self, room_id: str, identity: str) -> None:
        """Deliver nothing more to them until they are refreshed."""

    async def refresh(self, room_id: str, identity: str) -> None:
        """Send them a new snapshot: what they may see has changed."""

    async def expel(self, room_id: str, identity: str, notice: bytes | None) -> None:
        """Say why, and disconnect them."""

    async def dismiss(self, room_id: str) -> None:
        """Disconnect everyone in the room."""


@dataclass(frozen=True)
class Caller:
    """Who asks, in which room. It comes from the connection, never from the request."""

    identity: str
    room_id: str
    sid: str = ""
    """The very connection; empty for what does not come over one."""


class Context:
    """What a handler works with: its transaction, the room, who asks, and where to tell what happened."""

    def __init__(self, work: Work, room: Room, membership: Member | None, caller: Caller, house: Dispatcher) -> None:
        self.db = work.db
        self.now = work.now
        self.room = room
        self.caller = caller
        self.membership = membership
        """The caller's, also when they have left; None for who was never in the room."""
        self.settings = house.settings
        self.activities = house.activities
        self.fanout = house.fanout
        """The connections of this process, for what belongs to one of them. Touched at the commit, not before."""
        self._work = work
        self._joined = membership is not None and membership.status == "in"
        self._attached = False
        self._edge = house.edge
        self._bells = house.bells

    @property
    def me(self) -> Member:
        """The member who asks."""
        if self.membership is None or not self._joined:
            raise LookupError("nobody who has joined asks here")
        return self.membership

    @property
    def work(self) -> Work:
        """The job, for what core does in it."""
        return self._work

    @property
    def session(self) -> AsyncSession:
        """The job's session, which knows the room and who asks."""
        session = self._work.session
        if not self._attached:
            self._attached = True
            for each in (self.room, self.membership):
                if each is not None:
                    attach(session, each)
        return session

    def end(self) -> None:
        """See to it that a change of the room, or of who asks, is written even if the session was not used."""
        if is_changed(self.room) or (self.membership is not None and is_changed(self.membership)):
            _ = self.session

    def to_room(self, event: Event) -> None:
        """Tell everyone in the room."""
        self._work.to_room(self.room.id, event)

    def to_hosts(self, event: Event) -> None:
        self._work.to_hosts(self.room.id, event)

    def to_person(self, person: str, event: Event) -> None:
        """Tell one person, on all of their devices."""
        self._work.to_person(self.room.id, person, event)

    def forget_events(self) -> None:
        """Delete the events of this room. What is told now is still delivered to whoever is connected."""
        self._work.forgotten.append(self.room.id)

    def at_commit(self, act: Callable[[], None]) -> None:
        """Something to do right after the commit, before anything is told of it."""
        self._work.at_commit.append(act)

    def after_commit(self, act: Callable[[], Awaitable[None] | None]) -> None:
        self._work.after_commit(act)

    def refresh(self, identity: str) -> None:
        """What this identity may see changes with this transaction: it gets a new snapshot."""
        room_id = self.room.id
        self._work.at_commit.append(lambda: self._edge.pause(room_id, identity))
        self._work.after_commit(lambda: self._edge.refresh(room_id, identity))

    def expel(self, identity: str, notice: bytes | None) -> None:
        """Send the identity's connections away: they receive nothing from this commit on."""
        room_id = self.room.id
        self._work.at_commit.append(lambda: self._edge.pause(room_id, identity))
        self._work.after_commit(lambda: self._edge.expel(room_id, identity, notice))

    def ring(self, bell: str) -> None:
        """Wake whoever waits for this at the bell, once it is committed."""
        self._work.after_commit(lambda: self._bells.ring(bell))

    def dismiss(self) -> None:
        """Disconnect everyone, after they were told."""
        room_id = self.room.id
        self._work.after_commit(lambda: self._edge.dismiss(room_id))


@dataclass(frozen=True)
class Asking:
    """What the handler of a query works with: one consistent state of the database."""

    session: AsyncSession
    room: Room
    me: Member
    now: int


@dataclass(frozen=True)
class Hearing:
    """What the handler of a signal works with. There is no transaction: signals are neither stored nor numbered."""

    link: Link
    me: str
    fanout: Fanout
    merger: Merger


CommandHandler = Callable[[Any, Context], Awaitable[Model | None]]
QueryHandler = Callable[[Any, Asking], Awaitable[Model]]
SignalHandler = Callable[[Any, "Hearing"], None]
Listener = Callable[[Any, Context], Awaitable[None]]

_commands: dict[type[Command], CommandHandler] = {}
_queries: dict[type[Query], QueryHandler] = {}
_signals: dict[type[ClientSignal], SignalHandler] = {}
_listeners: dict[type[Event], list[Listener]] = {}


def handles(word: type[Command]) -> Callable[[CommandHandler], CommandHandler]:
    """The function is what the command does. It runs in the transaction and returns the command's answer."""
    return _register(_commands, word)


def answers(word: type[Query]) -> Callable[[QueryHandler], QueryHandler]:
    return _register(_queries, word)


def receives(word: type[ClientSignal]) -> Callable[[SignalHandler], SignalHandler]:
    return _register(_signals, word)


def listens(word: type[Event]) -> Callable[[Listener], Listener]:
    """The function runs in the transaction in which a feature tells the event, after the feature's own work.

    This is how one feature follows another without either knowing more than the other's contract.
    """

    def register(listener: Listener) -> Listener:
        _listeners.setdefault(word, []).append(listener)
        return listener

    return register


def _register(table: dict[Any, Any], word: Any) -> Callable[[T], T]:
    def register(handler: T) -> T:
        if word in table:
            raise TypeError(f"{word.wire_name} has two handlers")
        table[word] = handler
        return handler

    return register


class Dispatcher:
    """Takes requests by name and payload, and gives back what goes to the client."""

    def __init__(
        self,
        storage: Storage,
        writer: Writer,
        fanout: Fanout,
        edge: Edge,
        bells: Bells,
        settings: Settings,
        activities: list[str],
    ) -> None:
        self.edge = edge
        self.bells = bells
        self.settings = settings
        self._storage = storage
        self._writer = writer
        self.fanout = fanout
        self._merger = Merger(fanout)
        self.activities = activities
        for words, handlers in ((COMMANDS, _commands), (QUERIES, _queries), (CLIENT_SIGNALS, _signals)):
            missing = [name for name, word in words.items() if word not in handlers]
            if missing:
                raise TypeError(f"nothing handles {', '.join(missing)}")

    async def ask(self, caller: Caller, name: str, payload: object) -> dict[str, Any]:
        """Carry out a command or answer a query. The answer is on the wire's form; raises :class:`Refused`."""
        if (command := COMMANDS.get(name)) is not None:
            return await self._command(caller, _parse(command, payload))
        if (query := QUERIES.get(name)) is not None:
            return await self._query(caller, _parse(query, payload))
        raise Refused("unknown_command", f"There is no command {name[:60]!r}.")

    async def system(self, room_id: str, job: Callable[[Context], Awaitable[T]], *, by: str = "") -> T:
        """Do something to a room that nobody asked for by a command: it is idle, somebody was lost.

        ``by`` is the identity of who asked for it over HTTP; what they may is checked by the job.
        """

        async def run(work: Work) -> T:
            room = await look_up_open_room(work, room_id)
            context = Context(work, room, None, Caller(by, room_id), self)
            result = await job(context)
            await self._tell_listeners(context, work)
            context.end()
            return result

        return await self._writer.run(room_id, run)

    async def within(self, work: Work, room: Room, job: Callable[[Context], Awaitable[T]]) -> T:
        """The same in a transaction that concerns several rooms; closed ones too."""
        before = len(work.drafts)
        context = Context(work, room, None, Caller("", room.id), self)
        result = await job(context)
        await self._tell_listeners(context, work, before)
        context.end()
        return result

    def signal(self, link: Link, name: str, payload: object) -> None:
        """Pass on a fleeting word. Only people whose connection has been welcomed may; others are not heard."""
        word = CLIENT_SIGNALS[name]
        if link.welcomed and link.person is not None and not link.cut:
            _signals[word](_parse(word, payload), Hearing(link, link.person, self.fanout, self._merger))

    async def _command(self, caller: Caller, command: Command) -> dict[str, Any]:
        async def run(work: Work) -> dict[str, Any]:
            standing = await look_up(work, caller.room_id, caller.identity, command.id)
            if standing.answer is not None:
                return standing.answer
            room = standing.check(command.needs)
            self._check_activity(command.wire_name, room)
            context = Context(work, room, standing.member, caller, self)
            answer = await _commands[type(command)](command, context) or command.answer()
            await self._tell_listeners(context, work)
            context.end()
            return receipts.keep(work, room.id, caller.identity, command.id, answer)

        return await self._writer.run(caller.room_id, run)

    async def _tell_listeners(self, context: Context, work: Work, told: int = 0) -> None:
        # By index, for a listener may tell further events, which may have listeners of their own.
        while told < len(work.drafts):
            event = work.drafts[told].event
            told += 1
            for listener in _listeners.get(type(event), ()):
                await listener(event, context)

    async def _query(self, caller: Caller, query: Query) -> dict[str, Any]:
        async with self._storage.read() as session:
            room, member = await access_member(session, caller.room_id, caller.identity, query.needs)
            self._check_activity(query.wire_name, room)
            return (await _queries[type(query)](query, Asking(session, room, member, self._writer.now()))).model_dump()

    def _check_activity(self, name: str, room: Room) -> None:
        feature = name.split(".", 1)[0]
        if feature in self.activities and feature not in room.activities:
            raise Refused("activity_off")


M = TypeVar("M", bound=Model)


def _parse(word: type[M], payload: object) -> M:
    if not isinstance(payload, Mapping):
        raise Refused("invalid", "The request must be an object.")
    try:
        return word.model_validate(payload)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Refused("invalid", f"{where}: {first['msg']}" if where else first["msg"], field=where or None) from None
