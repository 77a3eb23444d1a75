"""What keeps stays true when nobody tells anything: a heartbeat, and looking after a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update

from salon.attendance.following import back_unnoticed, broken_unnoticed, gone_without_word
from salon.attendance.tables import Stay
from salon.core.database.statements import Statement
from salon.core.feature import Service
from salon.core.tables import Member, Room

if TYPE_CHECKING:
    from salon.core.house import House
    from salon.core.writer import Work

HEARTBEAT_MS = 45 * 1000
"""So much of somebody's time is lost at most when the server dies."""
_BROKEN = Statement(select(Stay.id).where(broken_unnoticed()).limit(1))
_BACK = Statement(select(Stay.id).where(back_unnoticed()).limit(1))
_QUIETLY: dict[str, Any] = {"execution_options": {"synchronize_session": False}}


class Register(Service):
    """Writes down every now and then who is still here, in one statement for everyone on the server."""

    sweep_seconds = 5

    def __init__(self, house: House) -> None:
        self._house = house
        self._beaten_at = 0

    async def start(self) -> None:
        """Every connection has died with the server: whoever does not come back was here until the last heartbeat."""
        self._beaten_at = self._house.clock.now()
        await self._house.writer.run("", self._begin)

    async def _begin(self, work: Work) -> None:
        going_on = update(Stay).where(Stay.left_at.is_(None), Stay.lost_at.is_(None))
        await work.session.execute(going_on.values(lost_at=Stay.last_seen_at), **_QUIETLY)
        # Who is here since before stays were written down.
        under_way = select(Stay.id).where(Stay.member_id == Member.id, Stay.left_at.is_(None)).exists()
        columns = ["room_id", "member_id", "name", "devices", "joined_at", "last_seen_at", "lost_at"]
        those = select(
            Member.room_id,
            Member.id,
            Member.name,
            Member.devices,
            Member.since,
            Member.since,
            func.coalesce(Member.lost_at, work.now),
        ).join(Room, Room.id == Member.room_id)
        here = those.where(Member.present, Room.closed_at.is_(None), ~under_way)
        await work.session.execute(insert(Stay).from_select(columns, here))

    async def sweep(self) -> None:
        now = self._house.clock.now()
        if await self._is_behind():
            await self._house.writer.run("", self._catch_up)
        if now - self._beaten_at >= HEARTBEAT_MS:
            await self._house.writer.run("", self._beat)
            self._beaten_at = now

    async def _is_behind(self) -> bool:
        """Whether a connection broke, or came back, without being told as news: after a restart, or a signing in."""
        return bool(await self._house.storage.look(_BROKEN) or await self._house.storage.look(_BACK))

    async def _catch_up(self, work: Work) -> None:
        lost_at = select(Member.lost_at).where(Member.id == Stay.member_id).scalar_subquery()
        await work.session.execute(_free(broken_unnoticed()).values(lost_at=lost_at), **_QUIETLY)
        back = _free(back_unnoticed()).values(lost_at=None, last_seen_at=work.now)
        await work.session.execute(back, **_QUIETLY)

    async def _beat(self, work: Work) -> None:
        end = func.coalesce(Stay.lost_at, Stay.last_seen_at)
        await work.session.execute(_free(gone_without_word()).values(left_at=end, lost_at=None), **_QUIETLY)
        here = _free(Stay.left_at.is_(None) & Stay.lost_at.is_(None)).values(last_seen_at=work.now)
        await work.session.execute(here, **_QUIETLY)


def _free(which: Any) -> Any:
    """An update of these stays, but for those that a room is just writing: with PostgreSQL each has its own lane.

    Waiting for them, while they wait for one that is written here, would be a deadlock. The next time makes up for it.
    """
    return update(Stay).where(Stay.id.in_(select(Stay.id).where(which).with_for_update(skip_locked=True)))
