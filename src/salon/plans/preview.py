"""When something would happen, before it is planned: forms show what the server computes."""

from __future__ import annotations

from fastapi import APIRouter

from salon.core.admins import access_own_account
from salon.core.http import HouseOf, VisitOf
from salon.core.refusals import Refused
from salon.core.security import TokenBuckets
from salon.plans import rules, shapes

PREVIEWS_PER_MINUTE = 120
"""For one account: a form asks whenever somebody pauses in typing."""
MOST_SHOWN = 5


def add(routes: APIRouter) -> None:
    asked_of_late = TokenBuckets(PREVIEWS_PER_MINUTE / 60, PREVIEWS_PER_MINUTE)

    @routes.post("/plans/preview")
    async def preview(asked: shapes.Timing, house: HouseOf, visit: VisitOf) -> shapes.Preview:
        """The next times that it would begin, as the plan would have them. Nothing is kept."""
        now = house.clock.now()
        async with house.storage.read() as session:
            await access_own_account(session, visit)
        wait = asked_of_late.take(visit.identity, now)
        if wait:
            raise Refused("rate_limited", retry_after=wait)
        series = rules.series(asked.start, asked.zone, asked.minutes, asked.repeat)
        coming = series.ending_after(now, MOST_SHOWN)
        if not coming:
            raise Refused("time_invalid", "It would be over already.", field="start")
        return shapes.Preview(now=now, coming=[shapes.Occurrence(start=each.start, end=each.end) for each in coming])
