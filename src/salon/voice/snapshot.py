"""Calls as somebody sees them who comes in now."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.feature import View
from salon.voice import contract
from salon.voice.calls import call_on_wire, calls_of, desk_on_wire, missed_of, settings_of, settings_on_wire
from salon.voice.tables import VoiceDesk


async def snapshot(view: View) -> bytes:
    """Alike for everybody, and told to the room alone."""
    return await view.glance.kept("voice", lambda: _common(view.session, view.room.id))


async def _common(session: AsyncSession, room_id: str) -> bytes:
    made = contract.VoiceSnapshot(
        settings=settings_on_wire(await settings_of(session, room_id)),
        calls=[call_on_wire(call) for call in await calls_of(session, room_id)],
        missed=await missed_of(session, room_id),
        auto=desk_on_wire(await session.get(VoiceDesk, room_id)),
    )
    return made.model_dump_json().encode()
