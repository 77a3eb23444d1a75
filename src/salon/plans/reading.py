"""Plans as people see them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.accounts import Account
from salon.core.tables import Room
from salon.plans import shapes
from salon.plans.access import Seen, known_to, proven_key, series_of
from salon.plans.occurrences import Occurrence
from salon.plans.rules import SOON_MS
from salon.plans.tables import Invitee, Plan

if TYPE_CHECKING:
    from salon.core.house import House

Which = Literal["upcoming", "past", "all"]
COMING = 5


@dataclass(frozen=True)
class Times:
    """Where a plan stands at a moment."""

    state: shapes.State
    coming: list[Occurrence]
    last: Occurrence | None

    @property
    def next(self) -> Occurrence | None:
        return self.coming[0] if self.coming else None


def times(plan: Plan, now: int) -> Times:
    series = series_of(plan)
    if plan.cancelled_at is not None:
        return Times("cancelled", [], series.ended(plan.cancelled_at))
    # A room that was closed ends its plan early.
    coming = (
        [each for each in series.ending_after(now, COMING) if each.start < plan.last_end] if _lasts(plan, now) else []
    )
    return Times(_state(coming, now), coming, series.ended(now))


def _lasts(plan: Plan, now: int) -> bool:
    return plan.last_end > now


def _state(coming: Sequence[Occurrence], now: int) -> shapes.State:
    if not coming:
        return "over"
    if coming[0].start <= now:
        return "live"
    return "soon" if coming[0].start - SOON_MS <= now else "upcoming"


async def one(session: AsyncSession, house: House, seen: Seen, now: int) -> shapes.OnePlan:
    room = await session.get_one(Room, seen.plan.room_id)
    planner = await session.get(Account, seen.plan.planner_id)
    invitees = None
    if seen.mine:
        theirs = select(Invitee).where(Invitee.plan_id == seen.plan.id).order_by(Invitee.email_key)
        invitees = (await session.execute(theirs)).scalars().all()
    looks = _Looks(house.addresses.public_url, now, planner.name if planner is not None else "", _counted(invitees))
    plan = looks.shown(seen, room)
    found = times(seen.plan, now)
    more = {"coming": [_occurrence(each) for each in found.coming], "invitees": _invitees(invitees)}
    return shapes.OnePlan(now=now, plan=plan.model_copy(update=more))


async def many(
    session: AsyncSession, house: House, account: Account, which: Which, offset: int, limit: int, now: int
) -> shapes.PlanList:
    those = (known_to(account), _in_list(which, now))
    total = (await session.execute(select(func.count()).select_from(Plan).where(*those))).scalar_one()
    order = {"upcoming": Plan.next_at.asc(), "past": Plan.last_end.desc(), "all": Plan.next_at.desc()}[which]
    statement = (
        select(Plan, Room, Account.name, Invitee)
        .join(Room, Room.id == Plan.room_id)
        .outerjoin(Account, Account.identity_id == Plan.planner_id)
        .outerjoin(Invitee, and_(Invitee.plan_id == Plan.id, Invitee.email_key == (proven_key(account) or "")))
        .where(*those)
        .order_by(order, Plan.id)
        .offset(offset)
        .limit(limit)
    )
    rows = (await session.execute(statement)).all()
    counts = await _counts(session, [row[0].id for row in rows])
    shown = []
    for plan, room, planner, invitee in rows:
        looks = _Looks(house.addresses.public_url, now, planner or "", counts.get(plan.id, Counter()))
        shown.append(looks.shown(Seen(plan, account, invitee), room))
    return shapes.PlanList(now=now, total=total, plans=shown)


def _in_list(which: Which, now: int) -> ColumnElement[bool]:
    if which == "upcoming":
        return and_(Plan.cancelled_at.is_(None), Plan.last_end > now)
    if which == "past":
        return or_(Plan.cancelled_at.is_not(None), Plan.last_end <= now)
    return Plan.id.is_not(None)


@dataclass(frozen=True)
class _Looks:
    public_url: str
    now: int
    planner: str
    answers: Counter[str]

    def shown(self, seen: Seen, room: Room) -> shapes.ShownPlan:
        plan, found = seen.plan, times(seen.plan, self.now)
        coming = found.next
        return shapes.ShownPlan.model_validate(
            {
                "id": plan.id,
                "title": plan.title,
                "description": plan.description,
                "start": plan.start,
                "zone": plan.zone,
                "minutes": plan.minutes,
                "repeat": plan.repeat,
                "preset": plan.preset,
                "activities": plan.activities,
                "admission": plan.admission,
                "groups": plan.groups if seen.mine else [],
                "theme": plan.theme,
                "mine": seen.mine,
                "planner": self.planner,
                "state": found.state,
                "next": None if coming is None else _occurrence(coming),
                "last": None if found.last is None else _occurrence(found.last),
                "coming": [],
                "ends_at": plan.last_end,
                "joinable_from": None if coming is None else coming.start - SOON_MS,
                "joinable_until": None if coming is None else coming.end,
                "link": room.link,
                "url": f"{self.public_url}/r/{room.link}",
                "pin": room.pin,
                "answer": seen.invitee.answer if seen.invitee is not None and not seen.mine else None,
                "answers": shapes.Answers(**{each: self.answers[each] for each in ANSWERS}) if seen.mine else None,
                "invitees": None,
                "created_at": plan.created_at,
                "changed_at": plan.changed_at,
            }
        )


ANSWERS = ("pending", "accepted", "declined", "tentative")


def _occurrence(each: Occurrence) -> shapes.Occurrence:
    return shapes.Occurrence(start=each.start, end=each.end)


def _counted(invitees: Sequence[Invitee] | None) -> Counter[str]:
    return Counter(each.answer for each in invitees or ())


def _invitees(invitees: Sequence[Invitee] | None) -> list[shapes.ShownInvitee] | None:
    if invitees is None:
        return None
    return [
        shapes.ShownInvitee.model_validate(
            {"email": each.email, "answer": each.answer, "answered_at": each.answered_at}
        )
        for each in invitees
    ]


async def _counts(session: AsyncSession, plans: Sequence[str]) -> dict[str, Counter[str]]:
    statement = (
        select(Invitee.plan_id, Invitee.answer, func.count())
        .where(Invitee.plan_id.in_(plans))
        .group_by(Invitee.plan_id, Invitee.answer)
    )
    found: dict[str, Counter[str]] = {}
    for plan, answer, count in await session.execute(statement):
        found.setdefault(plan, Counter())[answer] = count
    return found
