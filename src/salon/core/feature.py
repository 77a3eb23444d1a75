"""What a feature is, and the things with a lifetime that it may bring."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.contract import Model
from salon.core.glance import Glance
from salon.core.settings import Settings
from salon.core.tables import Member, Room

if TYPE_CHECKING:
    from fastapi import APIRouter
    from starlette.types import ASGIApp

    from salon.core.dispatch import Context
    from salon.core.fanout import Link
    from salon.core.house import House
    from salon.core.writer import Work


@dataclass(frozen=True)
class Taking:
    """A host takes files away."""

    now: int
    zone: ZoneInfo
    """The time zone in which times are to be written."""
    only: str | None = None
    """The one file that is wanted: others need not be made."""

    def wants(self, name: str) -> bool:
        return self.only in {None, name}


@dataclass(frozen=True)
class View:
    """What a snapshot is made from: one consistent state of the database, and whose eyes see it."""

    session: AsyncSession
    settings: Settings
    public_url: str
    room: Room
    me: Member
    glance: Glance = field(default_factory=Glance)
    """What is shared with others who look at the same moment."""
    taking: Taking | None = None
    """What a host takes away, where it is made for that."""

    @property
    def company(self) -> Sequence[Member]:
        """Everybody who looks at this moment: one query can serve them all (``glance.once``)."""
        return self.glance.members or (self.me,)


class Service:
    """Something of a feature that lives as long as the server. Override what is needed."""

    sweep_seconds: int = 1
    """How often ``sweep`` is called. What nobody waits for at a screen asks the database less often."""

    async def start(self) -> None:
        """Before connections are accepted, after migrations."""

    async def stop(self) -> None:
        """After the last connection has gone."""

    async def arrive(self, link: Link) -> None:
        """A member's connection is here. It is welcomed after this returns; raise ``Refused`` to turn it away."""

    def greet(self, link: Link) -> None:
        """It is welcomed, which may come again when its rights change: what it is to know beside its snapshot, by
        signals that others heard before."""

    def depart(self, link: Link) -> None:
        """A connection has gone."""

    async def sweep(self) -> None:
        """Called every ``sweep_seconds``, about, for what is due."""

    async def prune(self, work: Work) -> None:
        """Delete what is too old. Called about once a minute, in one transaction for everything of this kind."""


@dataclass(frozen=True)
class Talk:
    """The rules of the room's chat, for what others show among its messages: as a file that is dropped there."""

    check: Callable[[AsyncSession, Room, Member], Awaitable[None]]
    """Raises the refusal when somebody may not say anything there now. How often is another question."""
    wait: Callable[[Context, Member], Awaitable[None]]
    """Raises the refusal when it is too soon after what they said last."""
    note: Callable[[Context, Member], Awaitable[None]]
    """They say something in this transaction: it counts like a message."""


@dataclass(frozen=True)
class Push:
    """Something that browsers tell while no page is open."""

    kind: str
    title: str
    body: str
    url: str
    """A path of this server, which is opened when somebody presses it."""
    tag: str
    """The next one with the same takes its place."""
    useful_ms: int
    """After so long it need not be delivered any more."""


class PictureFollower(Protocol):
    async def __call__(self, ctx: Context, identity: str, picture: str | None) -> None: ...


@dataclass(frozen=True)
class Feature:
    """One line in ``features.py``."""

    name: str
    snapshot_model: type[Model] | None = None
    snapshot: Callable[[View], Awaitable[Model | bytes]] | None = None
    """Returns the model, or where that is worth it, its JSON put together from parts that were made before. A feature
    that has nothing in a room has neither."""
    activity: bool = False
    """May be switched on and off in a room; its commands are refused while it is off."""
    router: APIRouter | None = None
    """Its routes, which all houses of a process share: what belongs to one of them is found by ``HouseOf``."""
    mounted: tuple[str, ASGIApp] | None = None
    """A path, and an application that takes all requests below it as they come: for bodies and answers that are too
    large to go through what other routes share. It checks origins and adds headers itself (:mod:`salon.core.http`)."""
    services: tuple[Callable[[House], Service], ...] = ()
    archive: Callable[[View], Awaitable[dict[str, bytes]]] | None = None
    """File name → content: what a host can take away before the room closes."""
    everything: str | None = None
    """Where they take what all features hold as one archive: a path with ``{link}``. One feature has this."""
    adopts: Callable[[Context, Member, Member], Awaitable[None]] | None = None
    """A guest signed in, and both were members here: what the first did is the second's from now on. The first is
    deleted afterwards, and everyone in the room gets a new snapshot, so that no event need be told."""
    forgets: Callable[[Context, Member], Awaitable[None]] | None = None
    """A member had their account deleted: erase what they brought into this open room. Everyone gets a new snapshot."""
    pictures: PictureFollower | None = None
    """Somebody who is in this open room has another picture in their account now, or none."""
    forgets_identity: Callable[[Work, str], Awaitable[None]] | None = None
    """The same for what is kept of an identity outside of rooms that it is a member of."""
    adopts_identity: Callable[[Work, str, str], Awaitable[None]] | None = None
    """A guest signed in: what is kept of the guest's identity outside of rooms becomes the account's. What refers to
    an identity is changed by itself afterwards; this is for what there can be only one of, and for telling it."""
    pushes: Callable[[Work, Sequence[str], Push], Awaitable[None]] | None = None
    """Tell these identities on browsers where they have allowed it. One feature has this."""
    talk: Talk | None = None
    """What holds for things that are shown in the room's chat. One feature has this."""
    closes: Callable[[Context, str], Awaitable[None]] | None = None
    """End the room, for this reason. One feature has this."""
    adjusts: Callable[[Context, Mapping[str, Any]], Awaitable[None]] | None = None
    """Set columns of the room, and tell everybody in it. The same feature has this."""
