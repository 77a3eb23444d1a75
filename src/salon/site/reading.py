"""Announcements, and who has put them away."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.refusals import Refused
from salon.core.writer import Work
from salon.site import contract
from salon.site.tables import Announcement, AnnouncementRead

DAY_MS = 24 * 3600 * 1000
KEPT_MS = 30 * DAY_MS
"""How long one that is over stays on the administrators' list."""


def shown(row: Announcement) -> contract.Announcement:
    return contract.Announcement.model_validate(
        {"id": row.id, "text": row.text, "level": row.level, "at": row.created_at, "until": row.until}
    )


async def current(session: AsyncSession, now: int) -> list[contract.Announcement]:
    """What everybody is to see now, the newest first."""
    statement = select(Announcement).where(or_(Announcement.until.is_(None), Announcement.until > now))
    rows = await session.execute(statement.order_by(Announcement.created_at.desc(), Announcement.id))
    return [shown(row) for row in rows.scalars()]


async def read_by(session: AsyncSession, identity: str) -> Collection[str]:
    mine = select(AnnouncementRead.announcement_id).where(AnnouncementRead.identity_id == identity)
    return set((await session.execute(mine)).scalars())


async def put_away(work: Work, announcement: str, identity: str) -> None:
    """This person has read it, on whichever device."""
    if len(announcement) > 32 or not announcement.isascii() or not announcement.isprintable():
        raise Refused("announcement_unknown")
    if await work.session.get(Announcement, announcement, populate_existing=True) is None:
        raise Refused("announcement_unknown")
    if announcement not in await read_by(work.session, identity):
        work.session.add(AnnouncementRead(announcement_id=announcement, identity_id=identity))


async def remove(session: AsyncSession, announcements: Collection[str]) -> None:
    await session.execute(delete(AnnouncementRead).where(AnnouncementRead.announcement_id.in_(announcements)))
    await session.execute(delete(Announcement).where(Announcement.id.in_(announcements)))


async def forget_old(work: Work) -> None:
    """What has long been over goes."""
    old = select(Announcement.id).where(Announcement.until < work.now - KEPT_MS)
    gone = (await work.session.execute(old)).scalars().all()
    if gone:
        await remove(work.session, gone)


async def forget_reader(work: Work, identity: str) -> None:
    await work.session.execute(delete(AnnouncementRead).where(AnnouncementRead.identity_id == identity))
