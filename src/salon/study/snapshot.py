"""Study as somebody sees it who comes in now: the room's part, and what is their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.feature import View
from salon.study.alarms import alarm_on_wire
from salon.study.contract.shapes import Alarm, Own, Part, Scope, Timer, Todo, TodoList
from salon.study.desk import Table, settings_of
from salon.study.lists import list_on_wire
from salon.study.records import NO_PART, parts_of
from salon.study.tables import StudyAlarm, StudyList, StudyTimer, StudyTodo
from salon.study.timers import timer_on_wire
from salon.study.todos import todo_on_wire


@dataclass
class Things:
    """What one owner has, in the order in which it is told."""

    timer: Timer
    lists: list[TodoList] = field(default_factory=list)
    todos: list[Todo] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)
    part: Part = NO_PART


async def snapshot(view: View) -> bytes:
    common = await view.glance.kept("study", lambda: _common(view))
    own = await view.glance.once("study", lambda: _own(view))
    mine = own[view.me.identity_id]
    told = Own(timer=mine.timer, lists=mine.lists, todos=mine.todos, alarms=mine.alarms, part=mine.part)
    return common[:-1] + b',"own":' + told.model_dump_json().encode() + b"}"


async def _common(view: View) -> bytes:
    """What follows from what the room was told."""
    settings = await settings_of(view.session, view.room.id)
    found = (await things_of(view.session, "room", [view.room.id]))[view.room.id]
    told = {
        "settings": settings.model_dump(),
        "timer": found.timer.model_dump(),
        "lists": [each.model_dump() for each in found.lists],
        "todos": [each.model_dump() for each in found.todos],
        "alarms": [each.model_dump() for each in found.alarms],
    }
    return orjson.dumps(told)


async def _own(view: View) -> dict[str, Things]:
    """By identity: what belongs to each who looks at this moment."""
    session, identities = view.session, sorted({member.identity_id for member in view.company})
    found = await things_of(session, "mine", identities)
    for identity, part in (await parts_of(session, identities)).items():
        found[identity].part = part
    return found


async def things_of(session: AsyncSession, scope: Scope, owners: Sequence[str]) -> dict[str, Things]:
    """By owner."""
    timers = await _by_owner(session, scope, owners, StudyTimer)
    lists = await _by_owner(session, scope, owners, StudyList)
    todos = await _by_owner(session, scope, owners, StudyTodo)
    alarms = await _by_owner(session, scope, owners, StudyAlarm)
    return {
        owner: Things(
            timer=timer_on_wire(scope, next(iter(timers[owner]), None)),
            lists=_told(lists[owner], list_on_wire, lambda each: (each.created_at, each.id)),
            todos=_told(todos[owner], todo_on_wire, lambda each: (each.place, each.id)),
            alarms=_told(alarms[owner], alarm_on_wire, lambda each: (each.rings_at, each.id)),
        )
        for owner in owners
    }


def _told(rows: Iterable[Any], on_wire: Callable[[Any], Any], key: Callable[[Any], Any]) -> list[Any]:
    # Sorted here: databases compare texts in ways of their own.
    return sorted((on_wire(row) for row in rows), key=key)


async def _by_owner(session: AsyncSession, scope: Scope, owners: Sequence[str], table: Table) -> dict[str, list[Any]]:
    column: Any = table.room_id if scope == "room" else table.identity_id
    found: dict[str, list[Any]] = defaultdict(list)
    rows: Iterable[Any] = (await session.execute(select(table).where(column.in_(owners)))).scalars()
    for row in rows:
        found[row.room_id if scope == "room" else row.identity_id].append(row)
    return found
