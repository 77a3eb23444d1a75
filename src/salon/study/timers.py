"""Timers in a transaction: what people press, and what becomes of one that is due."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.dispatch import Context, handles
from salon.core.refusals import Refused
from salon.core.security import new_id
from salon.core.tables import Member, Room
from salon.core.writer import Work
from salon.study import contract, timing
from salon.study.contract.shapes import Lengths, Rang, Scope, Timer
from salon.study.desk import DEADLINE, Owner, take_in_hand
from salon.study.records import record
from salon.study.tables import StudyTimer

LENGTHS = tuple(Lengths.model_fields)
UNTOUCHED = timing.fresh()


def clockwork(row: StudyTimer | None) -> timing.Clockwork:
    if row is None:
        return UNTOUCHED
    return timing.Clockwork(
        phase=row.phase,  # type: ignore[arg-type]
        state=row.state,  # type: ignore[arg-type]
        ends_at=row.ends_at,
        remaining_ms=row.remaining_ms,
        length_ms=row.length_ms,
        cycle=row.cycle,
        lengths=Lengths.model_validate({name: getattr(row, name) for name in LENGTHS}),
    )


def timer_on_wire(scope: Scope, row: StudyTimer | None) -> Timer:
    now = clockwork(row)
    rang = None
    if row is not None and row.rang_at is not None:
        rang = Rang.model_validate({"phase": row.rang_phase, "at": row.rang_at, "late_ms": row.rang_late_ms})
    return Timer(
        scope=scope,
        phase=now.phase,
        state=now.state,
        ends_at=now.ends_at,
        remaining_ms=now.remaining_ms,
        length_ms=now.length_ms,
        cycle=now.cycle,
        lengths=now.lengths,
        revision=row.revision if row is not None else 0,
        rang=rang,
    )


async def timer_of(session: AsyncSession, owner: Owner) -> StudyTimer | None:
    statement = select(StudyTimer).where(owner.owns(StudyTimer)).execution_options(populate_existing=True)
    return (await session.execute(statement)).scalar_one_or_none()


@handles(contract.ControlTimer)
async def control(cmd: contract.ControlTimer, ctx: Context) -> None:
    owner, row = await _access(ctx, cmd.scope, cmd.revision)
    await _put(ctx.work, owner, row, timing.ACTS[cmd.act](clockwork(row), ctx.now))
    ctx.ring(DEADLINE)


@handles(contract.SetLengths)
async def set_lengths(cmd: contract.SetLengths, ctx: Context) -> None:
    owner, row = await _access(ctx, cmd.scope, cmd.revision)
    timer = clockwork(row)
    given = cmd.model_dump(include=set(LENGTHS), exclude_none=True)
    measured = timing.measured(timer, timer.lengths.model_copy(update=given))
    if measured != timer:
        await _put(ctx.work, owner, row, measured)


async def _access(ctx: Context, scope: Scope, revision: int) -> tuple[Owner, StudyTimer | None]:
    """The timer as who asks has seen it."""
    owner = await take_in_hand(ctx, scope)
    row = await timer_of(ctx.session, owner)
    # One that is due rings in a moment, and is another one then: nothing is begun or stopped in between.
    if (row.revision if row is not None else 0) != revision or clockwork(row).is_due(ctx.now):
        raise Refused("timer_changed", field="revision")
    return owner, row


async def _put(work: Work, owner: Owner, row: StudyTimer | None, now: timing.Clockwork) -> None:
    """Write down how it stands, and tell it."""
    if row is None:
        row = StudyTimer(id=new_id(), **owner.columns, revision=0, rang_phase=None, rang_at=None, rang_late_ms=None)
        work.session.add(row)
    for name in ("phase", "state", "ends_at", "remaining_ms", "length_ms", "cycle"):
        setattr(row, name, getattr(now, name))
    for name in LENGTHS:
        setattr(row, name, getattr(now.lengths, name))
    row.revision += 1
    await work.session.flush()
    await owner.tell(work, contract.TimerChanged(timer=timer_on_wire(owner.scope, row)))


async def ring_timer(work: Work, owner: Owner) -> None:
    """End the phase of a timer that is due by now. The owner is held."""
    row = await timer_of(work.session, owner)
    if row is None or row.ends_at is None or not clockwork(row).is_due(work.now):
        return
    ended = clockwork(row)
    due = row.ends_at
    row.rang_phase, row.rang_at, row.rang_late_ms = ended.phase, due, work.now - due
    here = await _is_anybody_here(work.session, owner)
    await _put(work, owner, row, timing.ring(ended, work.now, here=here))
    if ended.phase == "focus":
        await record(work, owner, ended.length_ms, due)


async def _is_anybody_here(session: AsyncSession, owner: Owner) -> bool:
    here = select(Member.id).join(Room, Room.id == Member.room_id)
    here = here.where(Member.seated, Member.status == "in", Room.closed_at.is_(None))
    whose = Member.room_id == owner.id if owner.scope == "room" else Member.identity_id == owner.id
    return (await session.execute(here.where(whose).limit(1))).first() is not None
