"""Making a plan with its room, and changing it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.accounts import Account
from salon.core.admins import access_own_account
from salon.core.dispatch import Context
from salon.core.http import Visit
from salon.core.invitations import invite, uninvite
from salon.core.opening import chosen, open_room
from salon.core.refusals import Refused
from salon.core.security import new_id
from salon.core.tables import Room
from salon.core.writer import Work
from salon.plans import budget, jobs, rules
from salon.plans.access import Seen, access_own_plan, series_of
from salon.plans.occurrences import Series
from salon.plans.shapes import NewPlan, PlanChanges, Repeat
from salon.plans.tables import Invitee, Plan
from salon.rooms.contract import PRESETS

if TYPE_CHECKING:
    from salon.core.house import House


async def make(work: Work, house: House, visit: Visit, asked: NewPlan) -> Seen:
    """A plan and its room, and news of it to whom it is for."""
    # One after the other for each account, so that many at once find no gap in the limits.
    await work.session.execute(select(Account).where(Account.identity_id == visit.identity).with_for_update())
    account = await access_own_account(work.session, visit)
    await _check_number(work, house, account)
    title, description = rules.title_line(asked.title), rules.description_text(asked.description)
    series = rules.series(asked.start, asked.zone, asked.minutes, asked.repeat)
    rules.check_ahead(series, work.now)
    people = rules.addresses(asked.invitees, account.email_key)
    admission = asked.admission or PRESETS[asked.preset].admission
    groups = rules.group_names(asked.groups, admission)
    room = await open_room(
        work,
        house.settings,
        creator=account.identity_id,
        preset=asked.preset,
        name=title,
        theme=asked.theme,
        activities=chosen(house.activities, PRESETS[asked.preset].activities, asked.activities),
        newcomers=PRESETS[asked.preset].newcomers,
        admission=admission,
    )
    room.groups, room.kept_until = groups, series.last_end
    await work.session.flush()
    plan = _new_plan(work, house, account, room, series, title=title, description=description)
    work.session.add(plan)
    await work.session.flush()
    await _add_invitees(work, house, plan, people)
    jobs.arm(work.session, plan, work.now, late=False)
    if people:
        jobs.tell(work.session, "created", plan, work.now)
    await work.session.flush()
    return Seen(plan, account, None)


def _new_plan(
    work: Work, house: House, account: Account, room: Room, series: Series, *, title: str, description: str
) -> Plan:
    plan_id = new_id()
    plan = Plan(
        id=plan_id,
        room_id=room.id,
        planner_id=account.identity_id,
        uid=f"{plan_id}@{house.mail.sender.rpartition('@')[2]}",
        sequence=0,
        title=title,
        description=description,
        preset=room.preset,
        activities=room.activities,
        admission=room.admission,
        groups=room.groups,
        theme=room.theme,
        next_at=series.first_start,
        last_end=0,
        armed_until=0,
        cancelled_at=None,
        created_at=work.now,
        changed_at=work.now,
    )
    _set_times(plan, series)
    return plan


async def _check_number(work: Work, house: House, account: Account) -> None:
    open_ones = Plan.planner_id == account.identity_id, Plan.last_end > work.now, Plan.cancelled_at.is_(None)
    number = (await work.session.execute(select(func.count()).select_from(Plan).where(*open_ones))).scalar_one()
    if number >= house.settings.plans_per_account:
        raise Refused("plans_too_many")


def _set_times(plan: Plan, series: Series) -> None:
    plan.start = series.first.strftime("%Y-%m-%dT%H:%M")
    plan.zone = series.zone
    plan.minutes = series.minutes
    plan.repeat = None if series.rule is None else series.rule.as_json()
    plan.last_end = series.last_end


# Changing


async def change(work: Work, house: House, visit: Visit, plan_id: str, asked: PlanChanges) -> Seen:
    """Change the whole series. People are told when it is at another time or has another title."""
    seen = await access_own_plan(work.session, visit, plan_id)
    plan, given = seen.plan, asked.model_fields_set
    if plan.cancelled_at is not None or plan.last_end <= work.now:
        raise Refused("plan_over")
    for name in given - {"repeat"}:
        if getattr(asked, name) is None:
            raise Refused("invalid", f"{name}: may be left out, but not be empty", field=name)
    before = _told_of(plan)
    _change_texts(plan, asked)
    times_changed = _change_times(plan, asked, work.now)
    room_values = _room_values(house, plan, asked)
    newly, gone = await _change_invitees(work, house, seen, asked.invitees)
    if times_changed:
        await jobs.disarm(work.session, plan)
        plan.armed_until = 0
        jobs.arm(work.session, plan, work.now, late=False)
    plan.changed_at = work.now
    if _told_of(plan) != before:
        plan.sequence += 1
        await budget.spend(work, house, plan.planner_id, await _listeners(work.session, plan) - len(newly))
        jobs.tell(work.session, "changed", plan, work.now, but=newly)
    await _tell_movements(work, house, plan, newly, gone)
    await work.session.flush()
    await _change_room(work, house, plan, room_values)
    return seen


def _told_of(plan: Plan) -> tuple[object, ...]:
    """What invitees are told when it changes."""
    return plan.title, plan.description, plan.start, plan.zone, plan.minutes, plan.repeat


def _change_texts(plan: Plan, asked: PlanChanges) -> None:
    if asked.title is not None:
        plan.title = rules.title_line(asked.title)
    if asked.description is not None:
        plan.description = rules.description_text(asked.description)


def _change_times(plan: Plan, asked: PlanChanges, now: int) -> bool:
    """Whether anything about when it happens is another."""
    if not asked.model_fields_set & {"start", "zone", "minutes", "repeat"}:
        return False
    repeat = asked.repeat if "repeat" in asked.model_fields_set else _stored_repeat(plan)
    was = series_of(plan)
    minutes = plan.minutes if asked.minutes is None else asked.minutes
    series = rules.series(asked.start or plan.start, asked.zone or plan.zone, minutes, repeat)
    if series == was:
        return False
    if was.first_start > now or series.first_start > now:
        # What has begun keeps its beginning, but nothing is moved into the past.
        rules.check_ahead(series, now)
    if series.last_end <= now:
        raise Refused("time_invalid", "It would be over already.", field="minutes")
    _set_times(plan, series)
    return True


def _stored_repeat(plan: Plan) -> Repeat | None:
    return None if plan.repeat is None else Repeat.model_validate(plan.repeat)


def _room_values(house: House, plan: Plan, asked: PlanChanges) -> dict[str, Any]:
    """What becomes different in the room; the plan has it from now on."""
    if asked.activities is not None:
        plan.activities = chosen(house.activities, (), asked.activities)
    if asked.admission is not None:
        plan.admission = asked.admission
    if asked.groups is not None or asked.admission is not None:
        plan.groups = rules.group_names(plan.groups if asked.groups is None else asked.groups, plan.admission)
    if asked.theme is not None:
        plan.theme = asked.theme
    names = asked.model_fields_set & {"activities", "admission", "groups", "theme"}
    values: dict[str, Any] = {name: getattr(plan, name) for name in sorted(names)}
    if asked.title is not None:
        values["name"] = plan.title
    return values


async def _change_room(work: Work, house: House, plan: Plan, values: Mapping[str, Any]) -> None:
    room = await work.session.get_one(Room, plan.room_id, populate_existing=True)
    room.kept_until = plan.last_end
    if not values or room.closed_at is not None:
        return

    async def adjust(ctx: Context) -> None:
        for feature in house.features:
            if feature.adjusts is not None:
                await feature.adjusts(ctx, values)

    await house.dispatcher.within(work, room, adjust)


# Whom it is for


async def _change_invitees(
    work: Work, house: House, seen: Seen, wanted: Sequence[str] | None
) -> tuple[list[str], list[dict[str, str]]]:
    """The ids of those who are new, and who is not invited any more."""
    if wanted is None:
        return [], []
    plan = seen.plan
    people = rules.addresses(wanted, seen.account.email_key)
    theirs = select(Invitee).where(Invitee.plan_id == plan.id)
    known = {each.email_key: each for each in (await work.session.execute(theirs)).scalars()}
    gone = [each for key, each in known.items() if key not in people]
    newly = await _add_invitees(work, house, plan, {key: it for key, it in people.items() if key not in known})
    await uninvite(work, plan.room_id, [each.email_key for each in gone])
    told = [{"email": each.email, "key": each.email_key, "answer": each.answer} for each in gone]
    for each in gone:
        await work.session.delete(each)
    return newly, told


async def _add_invitees(work: Work, house: House, plan: Plan, people: Mapping[str, str]) -> list[str]:
    made = [
        Invitee(id=new_id(), plan_id=plan.id, email=written, email_key=key, answer="pending", answered_at=None)
        for key, written in people.items()
    ]
    await budget.spend(work, house, plan.planner_id, len(made))
    work.session.add_all(made)
    await work.session.flush()
    await invite(work, plan.room_id, [(each.email, each.email_key) for each in made])
    return [each.id for each in made]


async def _listeners(session: AsyncSession, plan: Plan) -> int:
    theirs = Invitee.plan_id == plan.id, Invitee.answer != "declined"
    return (await session.execute(select(func.count()).select_from(Invitee).where(*theirs))).scalar_one()


async def _tell_movements(
    work: Work, house: House, plan: Plan, newly: Collection[str], gone: Collection[dict[str, str]]
) -> None:
    if newly:
        jobs.tell(work.session, "created", plan, work.now, only=list(newly))
    told = [each for each in gone if each["answer"] != "declined"]
    if told:
        await budget.spend(work, house, plan.planner_id, len(told), forced=True)
        jobs.tell(work.session, "uninvited", plan, work.now, people=told)
