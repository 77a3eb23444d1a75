"""The call as somebody sees it who comes in now."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from salon.call import contract
from salon.call.recording import mark, recordings_of
from salon.call.seats import holds_of, is_shown, participant, seats_of, settings_of, settings_on_wire
from salon.core.feature import View


async def snapshot(view: View) -> bytes:
    """Alike for everybody, and told to the room alone."""
    return await view.glance.kept("call", lambda: _common(view.session, view.room.id))


async def _common(session: AsyncSession, room_id: str) -> bytes:
    made = contract.CallSnapshot.model_validate(
        {
            "settings": settings_on_wire(await settings_of(session, room_id)),
            "participants": [participant(seat) for seat in await seats_of(session, room_id) if is_shown(seat)],
            "holds": [{"person": each.member_id, "what": each.what} for each in await holds_of(session, room_id)],
            "recordings": [mark(each) for each in await recordings_of(session, room_id)],
        }
    )
    return made.model_dump_json().encode()
