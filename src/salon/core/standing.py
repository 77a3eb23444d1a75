"""What must be known of a command before it is done: the room, who asks, and whether it was answered before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import and_, bindparam, select

from salon.core.access import check_membership, check_standing, inside
from salon.core.contract import Need
from salon.core.database.statements import Statement, as_loaded, columns_of
from salon.core.receipts import Receipt
from salon.core.refusals import Refused
from salon.core.tables import Member, Room
from salon.core.writer import Work

_ROOM = Statement(select(*columns_of(Room)).where(Room.id == bindparam("room_id")))
_CALLER = Statement(
    select(*columns_of(Room), *columns_of(Member), Receipt.answer)
    .select_from(Room)
    .outerjoin(Member, and_(Member.room_id == Room.id, Member.identity_id == bindparam("identity")))
    .outerjoin(
        Receipt,
        and_(
            Receipt.room_id == Room.id,
            Receipt.identity_id == bindparam("identity"),
            Receipt.command_id == bindparam("command_id"),
        ),
    )
    .where(Room.id == bindparam("room_id"))
)
_WIDTH = len(columns_of(Room))


@dataclass(slots=True)
class Standing:
    """The room and the caller's membership, as they are in the transaction of the command."""

    room: Room | None = None
    member: Member | None = None
    answer: dict[str, Any] | None = None
    """What the command was answered when it came before."""

    def check(self, needs: Need) -> Room:
        """The room must be open, and the caller have at least this standing."""
        room = _open(self.room)
        check_standing(inside(room, check_membership(self.member)), needs)
        return room


async def look_up(work: Work, room_id: str, identity: str, command_id: str) -> Standing:
    """All of it in one statement."""
    row: Any = await work.db.one(_CALLER, room_id=room_id, identity=identity, command_id=command_id)
    if row is None:
        return Standing()
    stored = row[-1]
    return Standing(
        as_loaded(Room, row[:_WIDTH]),
        as_loaded(Member, row[_WIDTH:-1]) if row[_WIDTH] is not None else None,
        orjson.loads(stored) if stored is not None else work.db.answers.get((room_id, identity, command_id)),
    )


async def look_up_open_room(work: Work, room_id: str) -> Room:
    """The room, which must be open, for a job that nobody asked for."""
    row = await work.db.one(_ROOM, room_id=room_id)
    return _open(as_loaded(Room, row) if row is not None else None)


def _open(room: Room | None) -> Room:
    if room is None:
        raise Refused("room_unknown")
    if room.closed_at is not None:
        raise Refused("room_closed")
    return room
