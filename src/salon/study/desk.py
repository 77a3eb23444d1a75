"""Whose something is, who may work it, and telling those whom it concerns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.contract import Event, Need
from salon.core.dispatch import Context
from salon.core.log import LoggedEvent, StreamKey
from salon.core.refusals import Refused
from salon.core.tables import Identity, Member, Room
from salon.core.writer import Work
from salon.study.contract.shapes import Scope, Settings
from salon.study.tables import StudyAlarm, StudyList, StudySettings, StudyTimer, StudyTodo

Table = type[StudyTodo] | type[StudyList] | type[StudyAlarm] | type[StudyTimer]

DEADLINE = "study.deadline"
"""The bell that rings when something is due at another time than before."""
DEFAULTS = Settings(control="everyone", mood="dawn", announce=True)


@dataclass(frozen=True)
class Owner:
    """A room, or an identity."""

    scope: Scope
    id: str

    @property
    def columns(self) -> dict[str, str | None]:
        return {
            "room_id": self.id if self.scope == "room" else None,
            "identity_id": self.id if self.scope == "mine" else None,
        }

    def owns(self, table: Table) -> ColumnElement[bool]:
        column: Any = table.room_id if self.scope == "room" else table.identity_id
        owned: ColumnElement[bool] = column == self.id
        return owned

    async def hold(self, work: Work) -> None:
        """Nobody else changes what is theirs until the transaction has ended. Before it is read.

        For an identity this also keeps new memberships out until then (whose rows refer to it): whoever comes in
        meanwhile sees all of it, and nobody is told too little.
        """
        table: Any = Room if self.scope == "room" else Identity
        await work.session.execute(select(table.id).where(table.id == self.id).with_for_update())

    async def tell(self, work: Work, event: Event) -> None:
        """A room's to everyone there; somebody's own to them, in every room that they are in."""
        if self.scope == "room":
            work.to_room(self.id, event)
            return
        for _, room, member in await memberships(work.session, [self.id]):
            work.to_person(room, member, event)

    async def forget_told(self, work: Work) -> None:
        """What was deleted leaves the log, too."""
        if self.scope == "room":
            work.forgotten.append(self.id)
            return
        streams = [StreamKey("me", member).id for _, _, member in await memberships(work.session, [self.id])]
        await work.session.execute(delete(LoggedEvent).where(LoggedEvent.stream_id.in_(streams)))


async def memberships(session: AsyncSession, identities: Sequence[str]) -> Sequence[tuple[str, str, str]]:
    """Identity, room and member, of all open rooms that these are in or may come back to, also when they were sent out
    and are let back in: their streams go on, and what they miss in between they would miss for good."""
    statement = (
        select(Member.identity_id, Member.room_id, Member.id)
        .join(Room, Room.id == Member.room_id)
        .where(Member.identity_id.in_(identities), Room.closed_at.is_(None))
        .order_by(Member.id)
    )
    return [(row[0], row[1], row[2]) for row in (await session.execute(statement)).all()]


async def hold_people(work: Work, identities: Sequence[str]) -> None:
    """Lock what is several people's own, in the order in which everybody does."""
    theirs = select(Identity.id).where(Identity.id.in_(identities)).order_by(Identity.id)
    await work.session.execute(theirs.with_for_update())


async def settings_of(session: AsyncSession, room_id: str) -> Settings:
    found = await session.get(StudySettings, room_id, populate_existing=True)
    if found is None:
        return DEFAULTS
    return Settings.model_validate({name: getattr(found, name) for name in Settings.model_fields})


def owner_of(row: StudyTodo | StudyList | StudyAlarm, ctx: Context) -> Owner | None:
    """The room or the person, if it is this room's or who asks's. Of anything else nobody learns whether it is."""
    if row.room_id is not None and row.room_id == ctx.room.id:
        return Owner("room", ctx.room.id)
    if row.identity_id is not None and row.identity_id == ctx.me.identity_id:
        return Owner("mine", ctx.me.identity_id)
    return None


async def take_in_hand(ctx: Context, scope: Scope) -> Owner:
    """What is the room's or one's own, to be changed by who asks."""
    owner = Owner("room", ctx.room.id) if scope == "room" else Owner("mine", ctx.me.identity_id)
    await hold(ctx, owner)
    return owner


async def hold(ctx: Context, owner: Owner) -> None:
    """Lock it, and see that who asks may change it."""
    await owner.hold(ctx.work)
    if owner.scope == "mine":
        return
    settings = await settings_of(ctx.session, ctx.room.id)
    needed = Need.COHOST if settings.control == "hosts" else Need.PARTICIPANT
    if ctx.me.standing < needed:
        raise Refused("forbidden", "Only hosts work this here." if needed is Need.COHOST else None)
    if ctx.me.muted:
        raise Refused("muted")
