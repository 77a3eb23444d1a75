"""Lists of to-dos. Two are always there and have no rows: the room's, and one's own."""

from __future__ import annotations

from sqlalchemy import delete, func, select

from salon.core.dispatch import Context, handles
from salon.core.refusals import Refused
from salon.study import contract, rules
from salon.study.contract.shapes import TodoList
from salon.study.desk import Owner, hold, owner_of, take_in_hand
from salon.study.tables import StudyList, StudyTodo

ALWAYS = {"room": "room", "mine": "mine"}


def list_on_wire(row: StudyList) -> TodoList:
    return TodoList(id=row.id, name=row.name, created_at=row.created_at)


async def access_list(ctx: Context, name: str) -> Owner:
    """Whose list it is, locked: one that who asks may write on."""
    if name == "room":
        return await take_in_hand(ctx, "room")
    if name == "mine":
        return await take_in_hand(ctx, "mine")
    _, owner = await _row(ctx, name)
    return owner


async def _row(ctx: Context, name: str) -> tuple[StudyList, Owner]:
    found = await ctx.session.get(StudyList, name, populate_existing=True)
    owner = owner_of(found, ctx) if found is not None else None
    if owner is None:
        raise Refused("list_unknown", field="list")
    await hold(ctx, owner)
    again = await ctx.session.get(StudyList, name, populate_existing=True)
    if again is None:
        raise Refused("list_unknown", field="list")
    return again, owner


@handles(contract.AddList)
async def add_list(cmd: contract.AddList, ctx: Context) -> None:
    owner = await take_in_hand(ctx, cmd.scope)
    name = rules.list_name(cmd.name)
    there = await ctx.session.get(StudyList, cmd.list, populate_existing=True)
    if there is not None and owner_of(there, ctx) == owner:
        return
    if there is not None or cmd.list in ALWAYS:
        raise Refused("id_taken", field="list")
    counted = select(func.count()).select_from(StudyList).where(owner.owns(StudyList))
    if (await ctx.session.execute(counted)).scalar_one() >= rules.MOST_LISTS:
        raise Refused("lists_too_many", numbers={"limit": rules.MOST_LISTS})
    row = StudyList(id=cmd.list, **owner.columns, name=name, created_at=ctx.now)
    ctx.session.add(row)
    await ctx.session.flush()
    await owner.tell(ctx.work, contract.ListsChanged(scope=owner.scope, lists=[list_on_wire(row)]))


@handles(contract.RenameList)
async def rename_list(cmd: contract.RenameList, ctx: Context) -> None:
    row, owner = await _row(ctx, cmd.list)
    row.name = rules.list_name(cmd.name)
    await ctx.session.flush()
    await owner.tell(ctx.work, contract.ListsChanged(scope=owner.scope, lists=[list_on_wire(row)]))


@handles(contract.DeleteList)
async def delete_list(cmd: contract.DeleteList, ctx: Context) -> None:
    row, owner = await _row(ctx, cmd.list)
    await ctx.session.execute(delete(StudyTodo).where(owner.owns(StudyTodo), StudyTodo.list == row.id))
    await ctx.session.execute(delete(StudyList).where(StudyList.id == row.id))
    await owner.forget_told(ctx.work)
    await owner.tell(ctx.work, contract.ListGone(scope=owner.scope, list=row.id))
