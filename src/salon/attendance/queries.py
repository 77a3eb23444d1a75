"""Looking at who was here."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.attendance import contract
from salon.attendance.rules import Span, totals
from salon.attendance.tables import Stay
from salon.core.dispatch import Asking, answers


async def spans(session: AsyncSession, room_id: str, now: int) -> list[Span]:
    """All stays in the room in the order of joining. What goes on counts up to now, or until the connection broke."""
    columns = (
        Stay.member_id,
        Stay.name,
        Stay.devices,
        Stay.joined_at,
        Stay.left_at,
        Stay.lost_at,
    )
    rows = await session.execute(select(*columns).where(Stay.room_id == room_id).order_by(Stay.joined_at, Stay.id))
    return [
        Span(
            person=row.member_id,
            name=row.name,
            devices=tuple(row.devices),
            joined_at=row.joined_at,
            ends_at=next(each for each in (row.left_at, row.lost_at, max(now, row.joined_at)) if each is not None),
            left_at=row.left_at,
            lost=row.lost_at is not None,
        )
        for row in rows
    ]


@answers(contract.List)
async def list_people(_query: contract.List, asking: Asking) -> contract.Attendance:
    now = asking.now
    found = totals(await spans(asking.session, asking.room.id, now))
    return contract.Attendance.model_validate({"at": now, "people": [vars(each) for each in found]})
