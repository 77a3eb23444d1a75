"""Planned rooms over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Response

from salon.core.admins import access_own_account
from salon.core.http import HouseOf, NetworkOf, Visit, VisitOf
from salon.core.refusals import Refused
from salon.core.security import TokenBuckets
from salon.core.tables import Room
from salon.core.writer import Work
from salon.plans import answering, calendars, ending, http_news, planning, preview, reading, shapes
from salon.plans.access import Seen, access_plan
from salon.plans.scheduler import scheduler_of
from salon.plans.telling import entry_of, planner_name

if TYPE_CHECKING:
    from salon.core.house import House

LINKS_PER_MINUTE = 60
"""Questions with the link of a mail, for one client network."""

Offset = Annotated[int, Query(ge=0, le=10_000_000)]
Limit = Annotated[int, Query(ge=1, le=100)]


def router() -> APIRouter:
    routes = APIRouter(prefix="/api", tags=["plans"])
    _making(routes)
    preview.add(routes)
    _reading(routes)
    _answering(routes)
    _links(routes)
    http_news.add(routes)
    return routes


def _creations(house: House) -> TokenBuckets:
    return TokenBuckets(house.settings.rooms_per_hour / 3600, house.settings.rooms_per_hour)


def _asked_of_late(_house: House) -> TokenBuckets:
    return TokenBuckets(LINKS_PER_MINUTE / 60, LINKS_PER_MINUTE)


def _making(routes: APIRouter) -> None:
    @routes.post("/plans")
    async def make_plan(asked: shapes.NewPlan, house: HouseOf, visit: VisitOf, network: NetworkOf) -> shapes.OnePlan:
        """Plan a room. It is there at once; who is invited is told."""
        async with house.storage.read() as session:
            await access_own_account(session, visit)
        creations = house.kept(_creations)
        creations.retune(house.settings.rooms_per_hour / 3600, house.settings.rooms_per_hour)
        wait = creations.take(network, house.clock.now())
        if wait:
            raise Refused("rate_limited", "Many rooms were made from your network. Wait a little.", retry_after=wait)

        async def write(work: Work) -> shapes.OnePlan:
            return await _told(work, house, await planning.make(work, house, visit, asked))

        return await house.writer.run("", write)

    @routes.patch("/plans/{plan}")
    async def change_plan(plan: str, asked: shapes.PlanChanges, house: HouseOf, visit: VisitOf) -> shapes.OnePlan:
        """Change the whole series. Another time, title or description is told to everybody who is invited."""

        async def write(work: Work) -> shapes.OnePlan:
            return await _told(work, house, await planning.change(work, house, visit, plan, asked))

        return await house.writer.run(await _lane(house, visit, plan), write)

    @routes.post("/plans/{plan}/cancel")
    async def cancel_plan(plan: str, house: HouseOf, visit: VisitOf) -> shapes.OnePlan:
        """Call it off. Who is invited is told; the room closes when nobody is in it."""

        async def write(work: Work) -> shapes.OnePlan:
            return await _told(work, house, await ending.cancel(work, house, visit, plan))

        return await house.writer.run(await _lane(house, visit, plan), write)


async def _lane(house: House, visit: Visit, plan_id: str) -> str:
    """The room's: what is done to it waits in one lane."""
    async with house.storage.read() as session:
        return (await access_plan(session, visit, plan_id)).plan.room_id


async def _told(work: Work, house: House, seen: Seen) -> shapes.OnePlan:
    work.after_commit(scheduler_of(house).look)
    await work.session.flush()
    return await reading.one(work.session, house, seen, work.now)


def _reading(routes: APIRouter) -> None:
    @routes.get("/plans")
    async def list_plans(
        house: HouseOf,
        visit: VisitOf,
        which: Annotated[reading.Which, Query(alias="list")] = "upcoming",
        offset: Offset = 0,
        limit: Limit = 50,
    ) -> shapes.PlanList:
        """One's own, and those that one's confirmed address is invited to."""
        now = house.clock.now()
        async with house.storage.read() as session:
            account = await access_own_account(session, visit)
            return await reading.many(session, house, account, which, offset, limit, now)

    @routes.get("/plans/{plan}")
    async def look_at_plan(plan: str, house: HouseOf, visit: VisitOf) -> shapes.OnePlan:
        now = house.clock.now()
        async with house.storage.read() as session:
            return await reading.one(session, house, await access_plan(session, visit, plan), now)

    @routes.get(
        "/plans/{plan}/calendar.ics", response_class=Response, responses={200: {"content": {"text/calendar": {}}}}
    )
    async def download(plan: str, house: HouseOf, visit: VisitOf) -> Response:
        """The plan as a file for calendars."""
        async with house.storage.read() as session:
            found = (await access_plan(session, visit, plan)).plan
            room = await session.get_one(Room, found.room_id)
            planner = await planner_name(session, found)
        method: calendars.Method = "PUBLISH" if found.cancelled_at is None else "CANCEL"
        content = calendars.calendar(entry_of(house, found, room, planner), method)
        headers = {"Content-Disposition": 'attachment; filename="plan.ics"', "Cache-Control": "no-store"}
        return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)


def _answering(routes: APIRouter) -> None:
    @routes.put("/plans/{plan}/answer")
    async def answer(plan: str, asked: shapes.AnswerGiven, house: HouseOf, visit: VisitOf) -> shapes.OnePlan:
        """Say whether one comes. The planner sees it; who declines gets no more mail about it."""

        async def write(work: Work) -> shapes.OnePlan:
            seen = await answering.answer(work, visit, plan, asked.answer)
            await work.session.flush()
            return await reading.one(work.session, house, seen, work.now)

        return await house.writer.run("", write)


def _links(routes: APIRouter) -> None:
    def take(house: House, network: str) -> None:
        wait = house.kept(_asked_of_late).take(network, house.clock.now())
        if wait:
            raise Refused("rate_limited", retry_after=wait)

    @routes.post("/plans/invitation")
    async def look_at_invitation(
        asked: shapes.InvitationToken, house: HouseOf, network: NetworkOf
    ) -> shapes.Invitation:
        """What the link in a mail is about. Needs no session; nothing changes by it."""
        take(house, network)
        async with house.storage.read() as session:
            return await answering.look(session, house, asked.token, house.clock.now())

    @routes.post("/plans/invitation/answer")
    async def answer_invitation(
        asked: shapes.InvitationAnswer, house: HouseOf, network: NetworkOf
    ) -> shapes.Invitation:
        """Answer by the link in a mail, without an account."""
        take(house, network)
        await house.writer.run("", lambda work: answering.answer_by_link(work, house, asked))
        async with house.storage.read() as session:
            return await answering.look(session, house, asked.token, house.clock.now())
