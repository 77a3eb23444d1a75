"""Statistics: what is recorded of those who wish it, and what they see of it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.dispatch import Asking, Context, answers, handles
from salon.core.storage import upsert
from salon.core.tables import Member
from salon.core.writer import Work
from salon.study import clocks, contract, counting
from salon.study.contract.shapes import Board, BoardLine, Part, Statistics
from salon.study.desk import Owner, hold_people, memberships, take_in_hand
from salon.study.tables import StudyPart, StudyRecord

WEEK_MS = 7 * 24 * 3600 * 1000
BOARD_LINES = 50
NO_PART = Part(on=False, board=False, zone="UTC", records=0)


def part_on_wire(row: StudyPart | None, records: int) -> Part:
    if row is None:
        return NO_PART.model_copy(update={"records": records})
    return Part(on=row.recording, board=row.board, zone=row.zone, records=records)


async def parts_of(session: AsyncSession, identities: Sequence[str]) -> dict[str, Part]:
    """By identity: how each of them takes part."""
    parts = select(StudyPart).where(StudyPart.identity_id.in_(identities)).execution_options(populate_existing=True)
    rows = {row.identity_id: row for row in (await session.execute(parts)).scalars()}
    counted = select(StudyRecord.identity_id, func.count()).where(StudyRecord.identity_id.in_(identities))
    records = {row[0]: row[1] for row in await session.execute(counted.group_by(StudyRecord.identity_id))}
    return {each: part_on_wire(rows.get(each), records.get(each, 0)) for each in identities}


async def tell_parts(work: Work, identities: Sequence[str]) -> None:
    """Tell people how they take part now, in every room."""
    await work.session.flush()
    parts = await parts_of(work.session, identities)
    for identity, room, member in await memberships(work.session, identities):
        work.to_person(room, member, contract.PartChanged(part=parts[identity]))


@handles(contract.TakePart)
async def take_part(cmd: contract.TakePart, ctx: Context) -> None:
    owner = await take_in_hand(ctx, "mine")
    zone = clocks.known_zone(cmd.zone)
    values = {"recording": cmd.on, "board": cmd.on and cmd.board, "zone": zone}
    statement = upsert(ctx.session, StudyPart).values(identity_id=owner.id, **values)
    await ctx.session.execute(statement.on_conflict_do_update(index_elements=["identity_id"], set_=values))
    await tell_parts(ctx.work, [owner.id])


@handles(contract.ForgetRecords)
async def forget_records(_cmd: contract.ForgetRecords, ctx: Context) -> None:
    owner = await take_in_hand(ctx, "mine")
    await ctx.session.execute(delete(StudyRecord).where(StudyRecord.identity_id == owner.id))
    await tell_parts(ctx.work, [owner.id])


async def record(work: Work, owner: Owner, focus_ms: int, ended_at: int) -> None:
    """A phase of work has ended: write it down for those who take part and are here."""
    if focus_ms < counting.SHORTEST_MS or work.now - ended_at > counting.LATEST_MS:
        return
    people = await _taking_part(work.session, owner)
    if not people:
        return
    if owner.scope == "room":
        await hold_people(work, people)
    room = owner.columns["room_id"]
    last = select(StudyRecord.identity_id, func.max(StudyRecord.ended_at)).where(StudyRecord.identity_id.in_(people))
    before = {row[0]: row[1] for row in await work.session.execute(last.group_by(StudyRecord.identity_id))}
    credit = {each: counting.creditable(focus_ms, ended_at, before.get(each)) for each in people}
    counted = {each: focus for each, focus in credit.items() if focus >= counting.SHORTEST_MS}
    work.session.add_all(
        StudyRecord(identity_id=each, room_id=room, shared=bool(room), ended_at=ended_at, focus_ms=focus)
        for each, focus in counted.items()
    )
    await tell_parts(work, list(counted))


async def _taking_part(session: AsyncSession, owner: Owner) -> list[str]:
    """Identities of those who take part: whose timer it is, or who are in the room."""
    wishing = select(StudyPart.identity_id).where(StudyPart.recording).order_by(StudyPart.identity_id)
    if owner.scope == "mine":
        wishing = wishing.where(StudyPart.identity_id == owner.id)
    else:
        here = select(Member.identity_id).where(Member.room_id == owner.id, Member.seated, Member.status == "in")
        wishing = wishing.where(StudyPart.identity_id.in_(here))
    return list((await session.execute(wishing)).scalars())


async def worked(session: AsyncSession, identity: str) -> list[StudyRecord]:
    """All that was recorded of somebody, as it came."""
    theirs = select(StudyRecord).where(StudyRecord.identity_id == identity)
    return list((await session.execute(theirs.order_by(StudyRecord.ended_at, StudyRecord.id))).scalars())


async def zone_of(session: AsyncSession, identity: str) -> str:
    part = await session.get(StudyPart, identity)
    return part.zone if part is not None else NO_PART.zone


@answers(contract.GetStatistics)
async def statistics(query: contract.GetStatistics, ask: Asking) -> Statistics:
    zone = await zone_of(ask.session, ask.me.identity_id)
    records = await worked(ask.session, ask.me.identity_id)
    days = counting.by_day((counting.Worked(each.ended_at, each.focus_ms) for each in records), zone)
    today = clocks.day_in(zone, ask.now)
    streak, longest = counting.streaks(list(days), today)
    return Statistics(
        days=counting.last_days(days, today, query.days),
        streak=streak,
        longest_streak=longest,
        total_ms=sum(each.focus_ms for each in records),
        total_cycles=len(records),
        zone=zone,
    )


@answers(contract.GetBoard)
async def board(_query: contract.GetBoard, ask: Asking) -> Board:
    since = ask.now - WEEK_MS
    focus, cycles = func.sum(StudyRecord.focus_ms), func.count()
    statement = (
        select(Member.id, Member.name, focus, cycles)
        .join(StudyPart, StudyPart.identity_id == Member.identity_id)
        .join(StudyRecord, StudyRecord.identity_id == Member.identity_id)
        .where(Member.room_id == ask.room.id, Member.status == "in", StudyPart.recording, StudyPart.board)
        .where(StudyRecord.room_id == ask.room.id, StudyRecord.ended_at > since)
        .group_by(Member.id, Member.name)
        .order_by(focus.desc(), Member.id)
        .limit(BOARD_LINES)
    )
    rows = (await ask.session.execute(statement)).all()
    lines = [BoardLine(person=row[0], name=row[1], focus_ms=int(row[2]), cycles=row[3]) for row in rows]
    return Board(lines=lines, since=since)
