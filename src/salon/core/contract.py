"""The vocabulary of the wire: what a client may ask, what the server says, and who may ask it.

A feature declares its words in its own ``contract.py`` as subclasses of :class:`Command`, :class:`Query`,
:class:`ClientSignal`, :class:`Event` and :class:`ServerSignal`. The class statement carries the name, the
permission and the answer, so that one file tells everything about a feature's wire, and the TypeScript types,
the AsyncAPI document and the permission matrix in the tests are all generated from it.

A word that a client may send without a declared permission is a ``TypeError`` at import.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Role = Literal["owner", "cohost", "participant", "audience"]
ROLES: tuple[Role, ...] = ("audience", "participant", "cohost", "owner")

Device = Literal["phone", "tablet", "desktop", "bot"]

Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
"""An identifier made by the server, or a command id made by a client."""

LARGEST_NUMBER = 2**53 - 1
"""Beyond, JavaScript loses whole numbers, and a little further so do databases."""

Millis = Annotated[int, Field(ge=0, le=LARGEST_NUMBER)]
"""Milliseconds since 1970-01-01 UTC, by the server's clock."""

StreamName = Literal["room", "hosts", "me"]
"""How a client calls the streams it follows: everyone's, the hosts', and its own."""


class Need(IntEnum):
    """The least standing that a caller must have. ``LOBBY`` is for people who have not joined yet, and only them."""

    LOBBY = 0
    AUDIENCE = 1
    PARTICIPANT = 2
    COHOST = 3
    OWNER = 4


STANDING: dict[Role, Need] = {
    "audience": Need.AUDIENCE,
    "participant": Need.PARTICIPANT,
    "cohost": Need.COHOST,
    "owner": Need.OWNER,
}


class Model(BaseModel):
    """A shape on the wire: unknown fields and coerced types are refused, instances do not change."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)


class Nothing(Model):
    """The answer of a command that has nothing to tell beyond "done"."""


class _Word(Model):
    """Something with a name on the wire. Subclasses register themselves under it."""

    wire_name: ClassVar[str]

    @classmethod
    def _register(cls, table: dict[str, Any], name: str) -> None:
        if "." not in name:
            raise TypeError(f"{cls.__qualname__}: {name!r} is not of the form 'feature.word'")
        known = table.get(name)
        if known is not None and (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
            raise TypeError(f"{cls.__qualname__}: {name!r} is taken by {known.__qualname__}")
        cls.wire_name = name
        table[name] = cls


class _Asked(_Word):
    """What a client may send. It must say who may send it."""

    needs: ClassVar[Need]
    answer: ClassVar[type[Model]] = Nothing

    @classmethod
    def _declare(cls, needs: object, answer: type[Model]) -> None:
        if not isinstance(needs, Need):
            raise TypeError(f"{cls.__qualname__} declares no permission: say needs=Need.…")
        cls.needs = needs
        cls.answer = answer


class Command(_Asked):
    """A request to change something. ``id`` is made by the client; the same id twice has one effect."""

    id: Id

    def __init_subclass__(
        cls, *, name: str = "", needs: Need | None = None, answer: type[Model] = Nothing, **kwargs: Any
    ) -> None:
        super().__init_subclass__(**kwargs)
        cls._declare(needs, answer)
        cls._register(COMMANDS, name)


class Query(_Asked):
    """A question that changes nothing."""

    def __init_subclass__(
        cls, *, name: str = "", needs: Need | None = None, answer: type[Model] = Nothing, **kwargs: Any
    ) -> None:
        super().__init_subclass__(**kwargs)
        cls._declare(needs, answer)
        cls._register(QUERIES, name)


class ClientSignal(_Asked):
    """Something fleeting that a client tells: neither stored, numbered nor acknowledged."""

    def __init_subclass__(cls, *, name: str = "", needs: Need | None = None, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._declare(needs, Nothing)
        if needs is not Need.AUDIENCE:
            raise TypeError(f"{cls.__qualname__}: signals are heard from everyone who has joined, no more is looked up")
        cls._register(CLIENT_SIGNALS, name)


class Event(_Word):
    """Something that happened. It is appended to a numbered stream in the transaction that made it true."""

    def __init_subclass__(cls, *, name: str = "", **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._register(EVENTS, name)


class ServerSignal(_Word):
    """Something fleeting that the server tells."""

    def __init_subclass__(cls, *, name: str = "", **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._register(SERVER_SIGNALS, name)


COMMANDS: dict[str, type[Command]] = {}
QUERIES: dict[str, type[Query]] = {}
CLIENT_SIGNALS: dict[str, type[ClientSignal]] = {}
EVENTS: dict[str, type[Event]] = {}
SERVER_SIGNALS: dict[str, type[ServerSignal]] = {}


class PeopleOut(ServerSignal, name="people.out"):
    """The receiver is out of the room; the connection ends now."""

    reason: Literal["removed", "banned", "left", "full"]


class Invitation(Model):
    """Somebody who is invited. Only hosts see it."""

    id: Id
    label: str
    """The address, or the name of somebody who was in the room."""


class Invited(Event, name="rooms.invited"):
    """Hosts only."""

    invitations: list[Invitation]
    """Those that are new."""


class Uninvited(Event, name="rooms.uninvited"):
    """Hosts only."""

    invitations: list[Id]
