"""The list of what administrators and hosts did. An entry is written in the transaction of what it tells."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from salon.accounts.tables import AuditEntry
from salon.chat.contract import Cleared
from salon.core.dispatch import Context, listens
from salon.people.contract import PersonReadmitted, PersonRemoved
from salon.rooms.contract import RoomClosed


def record(
    session: AsyncSession,
    now: int,
    action: str,
    *,
    actor: str | None,
    subject: str | None = None,
    network: str | None = None,
    **detail: Any,
) -> None:
    """Note that somebody did something. ``actor`` is an identity, ``subject`` the id of what it was done to."""
    entry = AuditEntry(at=now, actor=actor, action=action, subject=subject, detail=detail, network=network)
    session.add(entry)


def _in_room(ctx: Context, action: str, **detail: Any) -> None:
    # Without a caller it was the server itself, or what called it has noted it already.
    if ctx.caller.identity:
        record(ctx.session, ctx.now, action, actor=ctx.caller.identity, subject=ctx.room.id, **detail)


@listens(PersonRemoved)
async def note_removal(event: PersonRemoved, ctx: Context) -> None:
    action = "room.ban" if event.person.banned else "room.remove"
    _in_room(ctx, action, person=event.person.id, messages_deleted=event.messages_deleted)


@listens(PersonReadmitted)
async def note_readmission(event: PersonReadmitted, ctx: Context) -> None:
    _in_room(ctx, "room.readmit", person=event.person)


@listens(Cleared)
async def note_clearing(_event: Cleared, ctx: Context) -> None:
    _in_room(ctx, "room.clear_chat")


@listens(RoomClosed)
async def note_closing(event: RoomClosed, ctx: Context) -> None:
    _in_room(ctx, "room.close", reason=event.reason)
