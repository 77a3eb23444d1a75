"""What pages tell somebody outside of rooms, and waiting for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.accounts import Account
from salon.core.database.statements import Statement
from salon.core.feature import Service
from salon.core.sessions import DAY_MS
from salon.core.writer import Work
from salon.plans import shapes
from salon.plans.tables import Notice, Plan

if TYPE_CHECKING:
    from salon.core.house import House

SHOWN = 50
KEPT_MS = 30 * DAY_MS
WAITING_AT_ONCE = 6
"""So many pages of one person may wait; further ones are answered at once."""

_UNHEARD = Statement(select(Notice.id, Notice.identity_id).where(Notice.id > bindparam("heard")))


def bell(identity: str) -> str:
    return f"notices:{identity}"


async def look(session: AsyncSession, identity: str) -> shapes.Notifications:
    """The newest, and a stamp that is another one whenever any of it is."""
    statement = (
        select(Notice, Account.name, Plan.id)
        .outerjoin(Plan, Plan.id == Notice.plan_id)
        .outerjoin(Account, Account.identity_id == Plan.planner_id)
        .where(Notice.identity_id == identity)
        .order_by(Notice.id.desc())
        .limit(SHOWN)
    )
    rows = (await session.execute(statement)).all()
    counted = select(func.count(), func.count(Notice.read_at)).where(Notice.identity_id == identity)
    total, read = (await session.execute(counted)).one()
    newest = rows[0][0].id if rows else 0
    return shapes.Notifications(
        stamp=f"{newest}-{total}-{read}",
        unread=total - read,
        notifications=[_shown(notice, name, plan) for notice, name, plan in rows],
    )


def _shown(notice: Notice, planner: str | None, plan: str | None) -> shapes.Notification:
    return shapes.Notification.model_validate(
        {
            "id": notice.id,
            "kind": f"plan.{'cancelled' if notice.kind == 'uninvited' else notice.kind}",
            # Who is not invited any more does not get at the plan.
            "plan": None if notice.kind == "uninvited" else plan,
            "who": planner or "",
            "created_at": notice.created_at,
            "read_at": notice.read_at,
            **notice.parts,
        }
    )


async def mark_read(work: Work, house: House, identity: str, ids: Sequence[int] | None) -> None:
    unread = update(Notice).where(Notice.identity_id == identity, Notice.read_at.is_(None))
    if ids is not None:
        unread = unread.where(Notice.id.in_(ids))
    await work.session.execute(unread.values(read_at=work.now))
    work.after_commit(lambda: house.bells.ring(bell(identity)))


def add(work: Work, house: House, identity: str, kind: str, plan_id: str, parts: dict[str, Any]) -> None:
    notice = Notice(identity_id=identity, kind=kind, plan_id=plan_id, parts=parts, created_at=work.now, read_at=None)
    work.session.add(notice)
    work.after_commit(lambda: house.bells.ring(bell(identity)))


class Notices(Service):
    """Who waits for news, and news that other processes have written."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._waiting: Counter[str] = Counter()
        self._heard = 0

    async def wait_for(self, identity: str, stamp: str, seconds: float) -> shapes.Notifications:
        """What there is, once it has another stamp or so many seconds have passed."""
        with self._house.bells.listening(bell(identity)) as wait:
            found = await self._look(identity)
            if found.stamp != stamp or self._waiting[identity] >= WAITING_AT_ONCE:
                return found
            self._waiting[identity] += 1
            try:
                await wait(seconds)
            finally:
                self._waiting[identity] -= 1
                if not self._waiting[identity]:
                    del self._waiting[identity]
        return await self._look(identity)

    async def _look(self, identity: str) -> shapes.Notifications:
        async with self._house.storage.read() as session:
            return await look(session, identity)

    async def start(self) -> None:
        async with self._house.storage.read() as session:
            self._heard = (await session.execute(select(func.max(Notice.id)))).scalar_one() or 0

    async def sweep(self) -> None:
        """Wake those whom another process has written to. What is written here has rung already."""
        for number, identity in await self._house.storage.look(_UNHEARD, heard=self._heard):
            self._heard = max(self._heard, number)
            self._house.bells.ring(bell(identity))

    async def prune(self, work: Work) -> None:
        await work.session.execute(delete(Notice).where(Notice.created_at <= work.now - KEPT_MS))


def notices_of(house: House) -> Notices:
    return next(each for each in house.services if isinstance(each, Notices))
