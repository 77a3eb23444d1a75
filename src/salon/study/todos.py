"""To-dos: adding, changing, ticking, ordering and deleting them, on lists of the room and on one's own."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.access import access_person
from salon.core.dispatch import Context, handles
from salon.core.refusals import Refused
from salon.study import contract, rules
from salon.study.contract.shapes import Todo
from salon.study.desk import Owner, hold, owner_of, settings_of
from salon.study.lists import access_list
from salon.study.tables import StudyTodo


def todo_on_wire(row: StudyTodo) -> Todo:
    return Todo(
        id=row.id,
        list=row.list,
        text=row.text,
        place=row.place,
        due=row.due,
        assignee=row.assignee_id,
        by=row.by_id,
        done_at=row.done_at,
        done_by=row.done_by_id,
        created_at=row.created_at,
    )


async def access_todo(ctx: Context, todo: str) -> tuple[StudyTodo, Owner]:
    """A to-do that who asks may change, locked with all others of its owner."""
    found = await ctx.session.get(StudyTodo, todo, populate_existing=True)
    owner = owner_of(found, ctx) if found is not None else None
    if owner is None:
        raise Refused("todo_unknown", field="todo")
    await hold(ctx, owner)
    # Somebody may have deleted it while the lock was waited for.
    again = await ctx.session.get(StudyTodo, todo, populate_existing=True)
    if again is None:
        raise Refused("todo_unknown", field="todo")
    return again, owner


async def line_of(session: AsyncSession, owner: Owner, name: str) -> list[StudyTodo]:
    """A list in its order."""
    statement = select(StudyTodo).where(owner.owns(StudyTodo), StudyTodo.list == name)
    rows = (await session.execute(statement.execution_options(populate_existing=True))).scalars()
    return sorted(rows, key=lambda row: (row.place, row.id))


async def _end_of(session: AsyncSession, owner: Owner, name: str) -> float:
    """The place behind all others of a list."""
    last = select(func.max(StudyTodo.place)).where(owner.owns(StudyTodo), StudyTodo.list == name)
    found: float | None = (await session.execute(last)).scalar_one()
    return rules.put([found] if found is not None else [], 1).place


async def _tell(ctx: Context, owner: Owner, todos: Iterable[StudyTodo]) -> None:
    await ctx.session.flush()
    told = [todo_on_wire(each) for each in todos]
    await owner.tell(ctx.work, contract.TodosChanged(scope=owner.scope, todos=told))


def _set_due(row: StudyTodo, due: str | None) -> None:
    row.due = rules.a_day(due).isoformat() if due is not None else None


async def _assign(ctx: Context, owner: Owner, row: StudyTodo, person: str | None) -> None:
    if person is not None and owner.scope == "mine":
        raise Refused("invalid", "On one's own lists everything is one's own to do.", field="assignee")
    if person is not None and person != row.assignee_id:
        await access_person(ctx.session, ctx.room.id, person, field="assignee")
    row.assignee_id = person


def _place(line: list[StudyTodo], row: StudyTodo, after: str | None) -> list[StudyTodo]:
    """Put it behind another one of the line, or to the front. Returns those whose place is another."""
    at = 0
    if after is not None:
        at = next((number for number, each in enumerate(line, 1) if each.id == after), 0)
        if at == 0:
            raise Refused("todo_unknown", field="after")
    put = rules.put([each.place for each in line], at)
    row.place = put.place
    if put.others is None:
        return [row]
    for each, place in zip(line, put.others, strict=True):
        each.place = place
    return [*line, row]


@handles(contract.AddTodo)
async def add(cmd: contract.AddTodo, ctx: Context) -> None:
    owner = await access_list(ctx, cmd.list)
    text = rules.todo_text(cmd.text)
    there = await ctx.session.get(StudyTodo, cmd.todo, populate_existing=True)
    if there is not None:
        if owner_of(there, ctx) != owner:
            raise Refused("id_taken", field="todo")
        return
    counted = select(func.count()).select_from(StudyTodo).where(owner.owns(StudyTodo))
    if (await ctx.session.execute(counted)).scalar_one() >= rules.MOST_TODOS:
        raise Refused("todos_too_many", numbers={"limit": rules.MOST_TODOS})
    shared = owner.scope == "room"
    row = StudyTodo(
        id=cmd.todo,
        **owner.columns,
        list=cmd.list,
        text=text,
        place=0.0,
        due=None,
        assignee_id=None,
        by_id=ctx.me.id if shared else None,
        done_at=ctx.now if cmd.done else None,
        done_by_id=ctx.me.id if shared and cmd.done else None,
        created_at=ctx.now,
    )
    _set_due(row, cmd.due)
    await _assign(ctx, owner, row, cmd.assignee)
    if "after" in cmd.model_fields_set:
        changed = _place(await line_of(ctx.session, owner, cmd.list), row, cmd.after)
    else:
        row.place, changed = await _end_of(ctx.session, owner, cmd.list), [row]
    ctx.session.add(row)
    await _tell(ctx, owner, changed)


@handles(contract.EditTodo)
async def edit(cmd: contract.EditTodo, ctx: Context) -> None:
    row, owner = await access_todo(ctx, cmd.todo)
    if cmd.text is not None:
        row.text = rules.todo_text(cmd.text)
    if "due" in cmd.model_fields_set:
        _set_due(row, cmd.due)
    if "assignee" in cmd.model_fields_set:
        await _assign(ctx, owner, row, cmd.assignee)
    await _tell(ctx, owner, [row])


@handles(contract.TickTodo)
async def tick(cmd: contract.TickTodo, ctx: Context) -> None:
    row, owner = await access_todo(ctx, cmd.todo)
    if cmd.done == (row.done_at is not None):
        # Two have ticked it: the first has done it.
        return
    shared = owner.scope == "room"
    row.done_at = ctx.now if cmd.done else None
    row.done_by_id = ctx.me.id if shared and cmd.done else None
    await _tell(ctx, owner, [row])
    if shared and cmd.done and (await settings_of(ctx.session, ctx.room.id)).announce:
        ctx.to_room(contract.Finished(todo=row.id, text=row.text, by=ctx.me.id))


@handles(contract.MoveTodo)
async def move(cmd: contract.MoveTodo, ctx: Context) -> None:
    row, owner = await access_todo(ctx, cmd.todo)
    if cmd.after == cmd.todo:
        raise Refused("invalid", "Nothing stands behind itself.", field="after")
    line = await line_of(ctx.session, owner, row.list)
    before = line[line.index(row) - 1].id if line.index(row) else None
    if before == cmd.after:
        return
    line.remove(row)
    await _tell(ctx, owner, _place(line, row, cmd.after))


@handles(contract.DeleteTodo)
async def delete_one(cmd: contract.DeleteTodo, ctx: Context) -> None:
    row, owner = await access_todo(ctx, cmd.todo)
    await take_away(ctx, owner, [row.id])


@handles(contract.ClearTodos)
async def clear(cmd: contract.ClearTodos, ctx: Context) -> None:
    owner = await access_list(ctx, cmd.list)
    line = await line_of(ctx.session, owner, cmd.list)
    gone = [each.id for each in line if cmd.all or each.done_at is not None]
    if gone:
        await take_away(ctx, owner, gone)


async def take_away(ctx: Context, owner: Owner, todos: list[str]) -> None:
    """Delete them, and their texts from the log."""
    await ctx.session.execute(delete(StudyTodo).where(StudyTodo.id.in_(todos)))
    await owner.forget_told(ctx.work)
    await owner.tell(ctx.work, contract.TodosGone(scope=owner.scope, todos=todos))
