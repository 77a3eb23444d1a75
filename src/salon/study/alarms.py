"""Alarms in a transaction: setting, snoozing, dropping them, and their ringing."""

from __future__ import annotations

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.dispatch import Context, handles
from salon.core.refusals import Refused
from salon.core.writer import Work
from salon.study import clocks, contract, rules
from salon.study.contract.shapes import Alarm
from salon.study.desk import DEADLINE, Owner, hold, owner_of, take_in_hand
from salon.study.tables import StudyAlarm

KEPT_MS = 24 * 3600 * 1000
"""So long it stays to be seen that one rang."""


def alarm_on_wire(row: StudyAlarm) -> Alarm:
    return Alarm.model_validate(
        {
            **{name: getattr(row, name) for name in Alarm.model_fields if name != "by"},
            "by": row.by_id,
        }
    )


async def _tell(work: Work, owner: Owner, alarms: list[StudyAlarm]) -> None:
    await work.session.flush()
    told = [alarm_on_wire(each) for each in alarms]
    await owner.tell(work, contract.AlarmsChanged(scope=owner.scope, alarms=told))


async def _access(ctx: Context, alarm: str) -> tuple[StudyAlarm, Owner]:
    found = await ctx.session.get(StudyAlarm, alarm, populate_existing=True)
    owner = owner_of(found, ctx) if found is not None else None
    if owner is None:
        raise Refused("alarm_unknown", field="alarm")
    await hold(ctx, owner)
    again = await ctx.session.get(StudyAlarm, alarm, populate_existing=True)
    if again is None:
        raise Refused("alarm_unknown", field="alarm")
    return again, owner


@handles(contract.SetAlarm)
async def set_alarm(cmd: contract.SetAlarm, ctx: Context) -> None:
    owner = await take_in_hand(ctx, cmd.scope)
    zone, at = clocks.known_zone(cmd.zone), clocks.time_of_day(cmd.time)
    day = clocks.alarm_day(cmd.day, at, zone, ctx.now)
    label = rules.label(cmd.label)
    row = await ctx.session.get(StudyAlarm, cmd.alarm, populate_existing=True)
    if row is None:
        await _check_number(ctx.session, owner)
        row = StudyAlarm(id=cmd.alarm, **owner.columns, by_id=ctx.me.id if owner.scope == "room" else None)
        ctx.session.add(row)
    elif owner_of(row, ctx) != owner:
        raise Refused("id_taken", field="alarm")
    row.label, row.day, row.time, row.zone = label, day.isoformat(), cmd.time, zone
    row.rings_at, row.state, row.late_ms, row.snoozed = clocks.moment(day, at, zone), "set", 0, False
    await _tell(ctx.work, owner, [row])
    ctx.ring(DEADLINE)


async def _check_number(session: AsyncSession, owner: Owner) -> None:
    counted = select(func.count()).select_from(StudyAlarm).where(owner.owns(StudyAlarm))
    if (await session.execute(counted)).scalar_one() >= clocks.MOST_ALARMS:
        raise Refused("alarms_too_many", numbers={"limit": clocks.MOST_ALARMS})


@handles(contract.SnoozeAlarm)
async def snooze(cmd: contract.SnoozeAlarm, ctx: Context) -> None:
    row, owner = await _access(ctx, cmd.alarm)
    if row.state != "rang":
        raise Refused("alarm_state", "The alarm has not rung.", field="alarm")
    row.rings_at, row.state, row.late_ms, row.snoozed = ctx.now + cmd.minutes * clocks.MINUTE_MS, "set", 0, True
    await _tell(ctx.work, owner, [row])
    ctx.ring(DEADLINE)


@handles(contract.DropAlarm)
async def drop_alarm(cmd: contract.DropAlarm, ctx: Context) -> None:
    row, owner = await _access(ctx, cmd.alarm)
    await take_away(ctx.work, owner, [row.id])


async def take_away(work: Work, owner: Owner, alarms: list[str]) -> None:
    await work.session.execute(delete(StudyAlarm).where(StudyAlarm.id.in_(alarms)))
    await owner.forget_told(work)
    await owner.tell(work, contract.AlarmsGone(scope=owner.scope, alarms=alarms))


async def ring_alarms(work: Work, owner: Owner) -> list[StudyAlarm]:
    """Those that are due by now ring, once; what rang long ago is no news any more. The owner is held."""
    theirs = select(StudyAlarm).where(owner.owns(StudyAlarm)).execution_options(populate_existing=True)
    alarms = list((await work.session.execute(theirs.order_by(StudyAlarm.rings_at))).scalars())
    due = [each for each in alarms if each.state == "set" and each.rings_at <= work.now]
    for each in due:
        each.state, each.late_ms = "rang", work.now - each.rings_at
    if due:
        await _tell(work, owner, due)
    old = [each.id for each in alarms if each.state == "rang" and each.rings_at + each.late_ms + KEPT_MS <= work.now]
    if old:
        await take_away(work, owner, old)
    return due
