"""What is due, and when: reminders follow their plan, news go to many in groups."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.writer import AHEAD_MS
from salon.plans.access import series_of
from salon.plans.occurrences import MINUTE_MS
from salon.plans.tables import Job, Plan

REMINDERS = (15, 5)
"""Minutes before."""
AHEAD = 2
"""Reminders of so many occurrences are among the jobs: the second's may be due before the first has ended."""


def add(session: AsyncSession, kind: str, plan_id: str | None, due_at: int, **more: Any) -> None:
    values: dict[str, Any] = {
        "occurrence": None,
        "minutes": None,
        "after": "",
        "detail": {},
        "attempts": 0,
        "claimed_until": 0,
        **more,
    }
    session.add(Job(kind=kind, plan_id=plan_id, due_at=due_at, **values))


def arm(session: AsyncSession, plan: Plan, now: int, *, late: bool) -> None:
    """Put what lies ahead of a plan among the jobs. ``late``: reminders that should have gone already still go, as long
    as it has not begun."""
    coming = series_of(plan).ending_after(now, AHEAD)
    if not coming:
        return
    for each in coming:
        if each.start <= plan.armed_until or each.start <= now:
            continue
        for minutes in REMINDERS:
            due_at = each.start - minutes * MINUTE_MS
            if late or due_at > now:
                add(session, "reminder", plan.id, due_at, occurrence=each.start, minutes=minutes)
    plan.next_at = coming[0].start
    plan.armed_until = coming[-1].start
    add(session, "turn", plan.id, coming[0].end)


async def disarm(session: AsyncSession, plan: Plan) -> None:
    """Take back the reminders of a plan that is another or none from now on."""
    theirs = Job.plan_id == plan.id, Job.kind.in_(("reminder", "turn"))
    await session.execute(delete(Job).where(*theirs))
    plan.armed_until = 0


def tell(session: AsyncSession, kind: str, plan: Plan, now: int, **detail: Any) -> None:
    """Tell everybody whom a plan is for what became of it. ``only`` and ``but`` name invitees."""
    # At once: the moments of transactions may be a little ahead of the clock.
    add(session, kind, plan.id, now - AHEAD_MS, detail=detail)
