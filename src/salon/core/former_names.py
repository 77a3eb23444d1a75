"""What people know a room by who were away when it was renamed, and may not come in any more."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import BigInteger, delete, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.tables import FormerName, Member, Room


async def note_renamed(session: AsyncSession, room: Room, before: str, now: int) -> None:
    """Keep the name of before for the members who are away, unless they are away since an earlier one."""
    if room.name == before:
        return
    theirs = FormerName.room_id == room.id
    came_since = select(Member.id).where(Member.room_id == room.id, Member.since >= FormerName.at)
    await session.execute(delete(FormerName).where(theirs, FormerName.member_id.in_(came_since)))
    known = select(FormerName.member_id).where(theirs)
    away = select(Member.id, Member.room_id, literal(before), literal(now, BigInteger())).where(
        Member.room_id == room.id, ~Member.present, Member.id.not_in(known)
    )
    await session.execute(insert(FormerName).from_select(["member_id", "room_id", "name", "at"], away))


async def names_of_before(session: AsyncSession, members: Sequence[Member]) -> dict[str, str]:
    """By the members' ids: what they knew their room by, for those who have not been in it since it was renamed."""
    if not members:
        return {}
    kept = select(FormerName).where(FormerName.member_id.in_([each.id for each in members]))
    found = {each.member_id: each for each in (await session.execute(kept)).scalars()}
    return {each.id: found[each.id].name for each in members if each.id in found and found[each.id].at > each.since}
