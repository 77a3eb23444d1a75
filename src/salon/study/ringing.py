"""The server fires: timers and alarms that are due ring, once.

Everything that it goes by is in the database. What should have rung while the server was down rings at its start, and
says how late. Whoever takes something that is due has locked its owner: however many processes look, one of them rings.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import bindparam, func, select, union_all

from salon.core.accounts import Account
from salon.core.database.statements import Statement
from salon.core.dispatch import Context
from salon.core.due import Errand, in_open_room
from salon.core.feature import Push, Service
from salon.core.refusals import Refused
from salon.core.tables import Member, Room, Session
from salon.core.writer import Work
from salon.study.alarms import KEPT_MS, ring_alarms
from salon.study.desk import DEADLINE, Owner
from salon.study.farewell import OWN, forget_identity
from salon.study.tables import StudyAlarm, StudyTimer
from salon.study.timers import ring_timer

if TYPE_CHECKING:
    from salon.core.house import House

logger = structlog.get_logger("salon.study")

SOONEST_SECONDS = 0.02
"""Of a timer that has come a moment too early."""
LONGEST_SECONDS = 3600.0
"""Event loops do not count far ahead, and the machine's clock may be put right meanwhile."""
USEFUL_MS = 60 * 60 * 1000
"""So long after it rang somebody wants to be told of an alarm."""
STRANDED_EVERY_MS = 3600 * 1000
STRANDED_AT_ONCE = 100

_DUE: Statement[str | None, str | None] = Statement(
    lambda _database: union_all(
        select(StudyTimer.room_id, StudyTimer.identity_id).where(StudyTimer.ends_at <= bindparam("now")),
        select(StudyAlarm.room_id, StudyAlarm.identity_id).where(
            StudyAlarm.state == "set", StudyAlarm.rings_at <= bindparam("now")
        ),
        select(StudyAlarm.room_id, StudyAlarm.identity_id).where(
            StudyAlarm.state == "rang", StudyAlarm.rings_at + StudyAlarm.late_ms <= bindparam("long_ago")
        ),
    )
)
_NEXT = (
    Statement(select(func.min(StudyTimer.ends_at))),
    Statement(select(func.min(StudyAlarm.rings_at)).where(StudyAlarm.state == "set")),
)


class Ringing(Service):
    """A timer for the next deadline of all, and a look every second besides."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._timer: asyncio.TimerHandle | None = None
        self._errand = Errand("study deadline", self._look)
        self._again = False
        self._stopping = False
        self._looked_for_stranded = 0
        house.bells.answer(DEADLINE, self._look_soon)

    async def start(self) -> None:
        await self._ring_due()
        await self._set_timer()

    async def stop(self) -> None:
        self._stopping = True
        if self._timer is not None:
            self._timer.cancel()
        await self._errand.stop()

    async def sweep(self) -> None:
        await self._ring_due()

    # When.

    def _look_soon(self) -> None:
        """Something is due now, or another time than before."""
        self._again = True
        self._errand.begin()

    async def _look(self) -> None:
        while self._again:
            self._again = False
            await self._ring_due()
            await self._set_timer()

    async def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        found = [(await self._house.storage.look(each))[0][0] for each in _NEXT]
        coming = [each for each in found if each is not None]
        if coming and not self._stopping:
            seconds = (min(coming) - self._house.clock.now()) / 1000
            bounded = min(LONGEST_SECONDS, max(SOONEST_SECONDS, seconds))
            self._timer = asyncio.get_running_loop().call_later(bounded, self._look_soon)

    # What.

    async def _ring_due(self) -> None:
        now = self._house.clock.now()
        rows = await self._house.storage.look(_DUE, now=now, long_ago=now - KEPT_MS)
        for room_id, identity in dict.fromkeys((room, identity) for room, identity in rows):
            try:
                if room_id is not None:
                    await in_open_room(self._house.dispatcher, room_id, self._ring_room)
                elif identity is not None:
                    await self._house.writer.run(identity, partial(self._ring, owner=Owner("mine", identity)))
            except Refused:
                raise
            except Exception:
                # It is tried again in a second; what others wait for rings meanwhile.
                logger.exception("something that is due could not ring")

    async def _ring_room(self, ctx: Context) -> None:
        await self._ring(ctx.work, Owner("room", ctx.room.id))

    async def _ring(self, work: Work, owner: Owner) -> None:
        await owner.hold(work)
        await ring_timer(work, owner)
        for alarm in await ring_alarms(work, owner):
            await self._push(work, owner, alarm)
        work.after_commit(self._look_soon)

    async def _push(self, work: Work, owner: Owner, alarm: StudyAlarm) -> None:
        """Tell browsers while no page is open, where their people have allowed that."""
        push = next((each.pushes for each in self._house.features if each.pushes is not None), None)
        if push is None or alarm.late_ms > USEFUL_MS:
            return
        link = await _link_for(work, owner)
        message = Push(
            kind="study.alarm",
            title=alarm.label or "Alarm",
            body=f"It is {alarm.time}." if not alarm.snoozed else f"Once more: {alarm.time}.",
            url=f"/r/{link}" if link is not None else "/",
            tag=f"alarm {alarm.id}",
            useful_ms=USEFUL_MS,
        )
        await push(work, await _people_of(work, owner), message)

    async def prune(self, work: Work) -> None:
        """What guests left whose browsers do not come back: there is no session any more by which they could."""
        if work.now - self._looked_for_stranded < STRANDED_EVERY_MS:
            return
        self._looked_for_stranded = work.now
        for table in OWN:
            whose: Any = table.identity_id
            alive = select(Session.token_hash).where(Session.identity_id == whose).exists()
            known = select(Account.identity_id).where(Account.identity_id == whose).exists()
            stranded = select(whose).where(whose.is_not(None), ~alive, ~known).distinct().limit(STRANDED_AT_ONCE)
            for identity in (await work.session.execute(stranded)).scalars().all():
                await forget_identity(work, identity)


async def _people_of(work: Work, owner: Owner) -> list[str]:
    if owner.scope == "mine":
        return [owner.id]
    members = select(Member.identity_id).where(Member.room_id == owner.id, Member.status == "in")
    return list((await work.session.execute(members.order_by(Member.identity_id))).scalars())


async def _link_for(work: Work, owner: Owner) -> str | None:
    """Of the room where it is to be seen: for one's own, the one that one is in, or was last."""
    statement = select(Room.link).where(Room.closed_at.is_(None))
    if owner.scope == "room":
        statement = statement.where(Room.id == owner.id)
    else:
        statement = (
            statement.join(Member, Member.room_id == Room.id)
            .where(Member.identity_id == owner.id, Member.status == "in")
            .order_by(Member.seated.desc(), Member.since.desc())
            .limit(1)
        )
    return (await work.session.execute(statement)).scalar_one_or_none()
