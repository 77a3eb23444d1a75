"""Does what is due, once, however many processes look: who takes a job has locked its row, and deletes it in the
transaction in which it is done."""

from __future__ import annotations

import asyncio
import contextlib
import functools
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import ColumnElement, bindparam, select

from salon.core.database.statements import Statement
from salon.core.feature import Service
from salon.core.refusals import Refused
from salon.core.sessions import DAY_MS
from salon.core.writer import Work
from salon.plans import budget, jobs
from salon.plans.ending import delete_plan
from salon.plans.occurrences import MINUTE_MS
from salon.plans.tables import Job, Plan
from salon.plans.telling import tell_next

if TYPE_CHECKING:
    from salon.core.house import House


logger = structlog.get_logger("salon.plans")

KEPT_MS = 365 * DAY_MS
"""How long one can look up what is over. It holds addresses of people."""
PRUNED_AT_ONCE = 100
ATTEMPTS = 5
"""Of a job that fails for a reason of its own."""

_WAITING = Statement(select(Job.id).where(Job.due_at <= bindparam("now"), Job.kind != "push").limit(1))


class Scheduler(Service):
    """Reminders, news of plans, and what comes next of those that repeat."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._round: asyncio.Task[None] | None = None
        self._stopping = False

    def look(self) -> None:
        """Begin with what is due now, unless that is being done already."""
        if not self._stopping and (self._round is None or self._round.done()):
            self._round = asyncio.create_task(self._do_due(), name="plans")

    async def sweep(self) -> None:
        if await self._house.storage.look(_WAITING, now=self._house.clock.now()):
            self.look()

    async def stop(self) -> None:
        self._stopping = True
        if self._round is not None:
            await asyncio.gather(self._round, return_exceptions=True)

    def _due(self, now: int) -> tuple[ColumnElement[bool], ...]:
        return Job.due_at <= now, Job.kind != "push"

    async def _do_due(self) -> None:
        done: set[tuple[int, str]] = set()
        while not self._stopping:
            async with self._house.storage.read() as session:
                statement = select(Job.id, Job.after).where(*self._due(self._house.clock.now()))
                rows = (await session.execute(statement.order_by(Job.due_at, Job.id).limit(20))).all()
            # What could not be done, or another process is at, is looked for again in a second.
            fresh = [(row.id, row.after) for row in rows if (row.id, row.after) not in done]
            if not fresh:
                return
            for job, after in fresh:
                done.add((job, after))
                if not await self._attempt(job):
                    return

    async def _attempt(self, job: int) -> bool:
        """False when nothing can be stored just now. A job that fails comes again later, and keeps nothing waiting."""
        try:
            await self._house.writer.run("", functools.partial(self._do, job_id=job))
        except Refused:
            return False
        except Exception:
            logger.exception("a job of a plan failed", job=job)
            with contextlib.suppress(Refused):
                await self._house.writer.run("", functools.partial(_put_off, job_id=job))
        return True

    async def _do(self, work: Work, job_id: int) -> None:
        # The plan is locked first, as by those who change it: two who wait for each other would both fail.
        plan_id = (await work.session.execute(select(Job.plan_id).where(Job.id == job_id))).scalar_one_or_none()
        plan = await work.session.get(Plan, plan_id or "", populate_existing=True, with_for_update=True)
        job = await work.session.get(Job, job_id, populate_existing=True, with_for_update=True)
        if job is None:
            return
        if plan is None:
            await work.session.delete(job)
        elif job.kind == "turn":
            await work.session.delete(job)
            if plan.cancelled_at is None and plan.last_end > work.now:
                jobs.arm(work.session, plan, work.now, late=True)
        else:
            await tell_next(work, self._house, plan, job)

    async def prune(self, work: Work) -> None:
        await budget.prune(work)
        old = select(Plan.id).where(Plan.last_end <= work.now - KEPT_MS).limit(PRUNED_AT_ONCE)
        for plan in (await work.session.execute(old)).scalars().all():
            await delete_plan(work.session, plan)


async def _put_off(work: Work, job_id: int) -> None:
    job = await work.session.get(Job, job_id, populate_existing=True, with_for_update=True)
    if job is None:
        return
    if job.attempts >= ATTEMPTS:
        await work.session.delete(job)
    else:
        job.attempts += 1
        job.due_at = work.now + MINUTE_MS * 2**job.attempts


def scheduler_of(house: House) -> Scheduler:
    return next(each for each in house.services if isinstance(each, Scheduler))
