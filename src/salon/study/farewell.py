"""What becomes of to-dos and the rest when somebody is sent out, signs in, or has their account deleted, and at the end
of the room."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update

from salon.core.dispatch import Context, listens
from salon.core.tables import Member
from salon.core.writer import Work
from salon.people.contract import PersonRemoved
from salon.rooms.contract import RoomClosed
from salon.study import alarms, contract, todos
from salon.study.desk import Owner
from salon.study.records import tell_parts
from salon.study.snapshot import things_of
from salon.study.tables import (
    StudyAlarm,
    StudyList,
    StudyPart,
    StudyRecord,
    StudySettings,
    StudyTimer,
    StudyTodo,
)

PERSONS = (StudyTodo.assignee_id, StudyTodo.by_id, StudyTodo.done_by_id, StudyAlarm.by_id)
"""Columns that name a member."""
OWN = (StudyTodo, StudyList, StudyAlarm, StudyTimer, StudyPart, StudyRecord)
"""Tables of what can be somebody's own."""
TOLD_AT_ONCE = 100
QUIETLY: dict[str, Any] = {"execution_options": {"synchronize_session": False}}


@listens(PersonRemoved)
async def let_go(event: PersonRemoved, ctx: Context) -> None:
    """What somebody was to do is nobody's now. A ban that deletes what they wrote takes their to-dos along."""
    owner = Owner("room", ctx.room.id)
    await owner.hold(ctx.work)
    person = event.person.id
    if event.messages_deleted:
        await _delete_theirs(ctx, owner, person)
    theirs = select(StudyTodo).where(StudyTodo.assignee_id == person, StudyTodo.done_at.is_(None))
    rows = (await ctx.session.execute(theirs.execution_options(populate_existing=True))).scalars().all()
    for row in rows:
        row.assignee_id = None
    if rows:
        await ctx.session.flush()
        told = [todos.todo_on_wire(row) for row in rows]
        ctx.to_room(contract.TodosChanged(scope="room", todos=told))


async def _delete_theirs(ctx: Context, owner: Owner, person: str) -> None:
    added = select(StudyTodo.id).where(StudyTodo.by_id == person).order_by(StudyTodo.id)
    if gone := list((await ctx.session.execute(added)).scalars()):
        await todos.take_away(ctx, owner, gone)
    rings = select(StudyAlarm.id).where(StudyAlarm.by_id == person).order_by(StudyAlarm.id)
    if gone := list((await ctx.session.execute(rings)).scalars()):
        await alarms.take_away(ctx.work, owner, gone)


async def adopt(ctx: Context, guest: Member, own: Member) -> None:
    """What the guest added, was to do and has done on the room's lists is the other member's."""
    for column in PERSONS:
        table = column.class_
        theirs = update(table).where(column == guest.id).values({column.key: own.id})
        await ctx.session.execute(theirs, **QUIETLY)


async def forget_person(ctx: Context, member: Member) -> None:
    """The account was deleted: what they added goes, and what others added loses their name."""
    for column in (StudyTodo.by_id, StudyAlarm.by_id):
        await ctx.session.execute(delete(column.class_).where(column == member.id))
    for column in PERSONS:
        theirs = update(column.class_).where(column == member.id).values({column.key: None})
        await ctx.session.execute(theirs, **QUIETLY)


async def adopt_identity(work: Work, guest: str, account: str) -> None:
    """The guest's own lists, alarms and records go to the account, which is told of all it has now, in every room: some
    of its pages know only the one half and some the other. There is one timer and one wish to take part: the account's.
    """
    owner = Owner("mine", account)
    await owner.hold(work)
    for single in (StudyTimer, StudyPart):
        has = (await work.session.execute(select(single.identity_id).where(single.identity_id == account))).first()
        if has is not None:
            await work.session.execute(delete(single).where(single.identity_id == guest))
    for table in OWN:
        theirs: Any = update(table).where(table.identity_id == guest).values(identity_id=account)
        await work.session.execute(theirs, **QUIETLY)
    found = (await things_of(work.session, "mine", [account]))[account]
    await owner.tell(work, contract.TimerChanged(timer=found.timer))
    for start in range(0, len(found.lists), TOLD_AT_ONCE):
        await owner.tell(work, contract.ListsChanged(scope="mine", lists=found.lists[start : start + TOLD_AT_ONCE]))
    for start in range(0, len(found.todos), TOLD_AT_ONCE):
        await owner.tell(work, contract.TodosChanged(scope="mine", todos=found.todos[start : start + TOLD_AT_ONCE]))
    for start in range(0, len(found.alarms), TOLD_AT_ONCE):
        await owner.tell(work, contract.AlarmsChanged(scope="mine", alarms=found.alarms[start : start + TOLD_AT_ONCE]))
    await tell_parts(work, [account])


async def forget_identity(work: Work, identity: str) -> None:
    for table in OWN:
        await work.session.execute(delete(table).where(table.identity_id == identity))


@listens(RoomClosed)
async def forget(_event: RoomClosed, ctx: Context) -> None:
    """A closed room keeps nothing. What was recorded of people is theirs, and does not say where any more."""
    room = ctx.room.id
    for table in (StudyTodo, StudyList, StudyAlarm, StudyTimer, StudySettings):
        await ctx.session.execute(delete(table).where(table.room_id == room))
    here = update(StudyRecord).where(StudyRecord.room_id == room).values(room_id=None)
    await ctx.session.execute(here, **QUIETLY)
