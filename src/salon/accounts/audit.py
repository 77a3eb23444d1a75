"""What hosts do in rooms, for the audit list."""

from __future__ import annotations

from typing import Any

from salon.chat.contract import Cleared
from salon.core.audit import record as record
from salon.core.dispatch import Context, listens
from salon.people.contract import PersonReadmitted, PersonRemoved
from salon.rooms.contract import RoomClosed


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
