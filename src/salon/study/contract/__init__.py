"""What study says on the wire: to-dos, timers, alarms, and statistics for those who want them.

All of them are the room's or somebody's own (``scope``). What is one's own is told to nobody else, and to oneself on
the own stream of every room that one is in, so that two rooms that are open at once agree.

To-dos, lists and alarms get their ids from the client, so that they can be made, changed and ticked without a
connection; the commands are sent later with their own ids, and have one effect.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from salon.core.contract import Command, Event, Id, Need, Query
from salon.study.contract.shapes import (
    Alarm,
    Board,
    Control,
    Cycles,
    Day,
    Label,
    Length,
    ListName,
    Mood,
    Part,
    Revision,
    Scope,
    Settings,
    Statistics,
    Text,
    TimeOfDay,
    Timer,
    Todo,
    TodoList,
    Zone,
)


class ChangeSettings(Command, name="study.settings", needs=Need.COHOST):
    """Fields that are left out stay as they are."""

    control: Control | None = None
    mood: Mood | None = None
    announce: bool | None = None


class SettingsChanged(Event, name="study.settings_changed"):
    settings: Settings


# Timers.


class ControlTimer(Command, name="study.timer", needs=Need.AUDIENCE):
    """Work a timer.

    ``start`` begins or goes on, ``pause`` stops, ``reset`` puts the phase back to its length, ``restart`` goes back to
    the first phase, ``skip`` ends the phase without ringing or counting, ``add`` adds a minute. When somebody else was
    quicker, ``revision`` is an old one and the command is refused with ``timer_changed``.
    """

    scope: Scope
    revision: Revision
    act: Literal["start", "pause", "reset", "restart", "skip", "add"]


class SetLengths(Command, name="study.lengths", needs=Need.AUDIENCE):
    """Set how long phases are; what is left out stays. A phase that has begun keeps its length until it is reset."""

    scope: Scope
    revision: Revision
    focus_ms: Length | None = None
    short_ms: Length | None = None
    long_ms: Length | None = None
    cycles: Cycles | None = None
    breaks: bool | None = None
    auto_start: bool | None = None


class TimerChanged(Event, name="study.timer_changed"):
    """Also when it rings: then ``rang`` is another one."""

    timer: Timer


# To-dos.


class AddList(Command, name="study.add_list", needs=Need.AUDIENCE):
    scope: Scope
    list: Id
    """Made by the client."""
    name: ListName


class RenameList(Command, name="study.rename_list", needs=Need.AUDIENCE):
    list: Id
    name: ListName


class DeleteList(Command, name="study.delete_list", needs=Need.AUDIENCE):
    """With its to-dos. The two that are always there cannot be deleted; see ``study.clear``."""

    list: Id


class AddTodo(Command, name="study.add", needs=Need.AUDIENCE):
    """Add a to-do at the end, or where ``after`` says. One that is there already is left as it is."""

    todo: Id
    """Made by the client."""
    list: Id
    """``mine``, ``room``, or one that was added."""
    text: Text
    due: Day | None = None
    assignee: Id | None = None
    after: Id | None = None
    """Behind this one; null puts it to the front. Left out, it comes to the end."""
    done: bool = False


class EditTodo(Command, name="study.edit", needs=Need.AUDIENCE):
    """Fields that are left out stay as they are; null takes the day or the person away."""

    todo: Id
    text: Text | None = None
    due: Day | None = None
    assignee: Id | None = None


class TickTodo(Command, name="study.tick", needs=Need.AUDIENCE):
    todo: Id
    done: bool


class DeleteTodo(Command, name="study.delete", needs=Need.AUDIENCE):
    todo: Id


class MoveTodo(Command, name="study.move", needs=Need.AUDIENCE):
    """Put a to-do right behind another of its list, or to the front."""

    todo: Id
    after: Id | None


class ClearTodos(Command, name="study.clear", needs=Need.AUDIENCE):
    """Delete what is done on a list, or everything on it."""

    list: Id
    all: bool = False


class ListsChanged(Event, name="study.lists_changed"):
    """Whole new states; those that were not there before are new."""

    scope: Scope
    lists: list[TodoList]


class ListGone(Event, name="study.list_gone"):
    """With its to-dos."""

    scope: Scope
    list: Id


class TodosChanged(Event, name="study.todos_changed"):
    """Whole new states; those that were not there before are new."""

    scope: Scope
    todos: list[Todo]


class TodosGone(Event, name="study.todos_gone"):
    scope: Scope
    todos: list[Id]


class Finished(Event, name="study.finished"):
    """Somebody has done something on a list of the room. Told where the room's settings say so, beside the change."""

    todo: Id
    text: str
    by: Id


# Alarms.


class SetAlarm(Command, name="study.set_alarm", needs=Need.AUDIENCE):
    """Set an alarm, or set one that is there anew. It rings once."""

    scope: Scope
    alarm: Id
    """Made by the client."""
    time: TimeOfDay
    zone: Zone
    day: Day | None = None
    """Left out, it is the next time that clocks in the zone show this."""
    label: Label = ""


class SnoozeAlarm(Command, name="study.snooze", needs=Need.AUDIENCE):
    """Let one that rang ring again in so many minutes."""

    alarm: Id
    minutes: Annotated[int, Field(ge=1, le=120)] = 5


class DropAlarm(Command, name="study.drop_alarm", needs=Need.AUDIENCE):
    """Take an alarm away, whether it rang or not."""

    alarm: Id


class AlarmsChanged(Event, name="study.alarms_changed"):
    """Whole new states, also of one that rings."""

    scope: Scope
    alarms: list[Alarm]


class AlarmsGone(Event, name="study.alarms_gone"):
    scope: Scope
    alarms: list[Id]


# Statistics.


class TakePart(Command, name="study.take_part", needs=Need.AUDIENCE):
    """Have one's focus recorded, or not any more. What is recorded stays until it is deleted."""

    on: bool
    board: bool = False
    zone: Zone


class ForgetRecords(Command, name="study.forget_records", needs=Need.AUDIENCE):
    """Delete all that was recorded of oneself."""


class GetStatistics(Query, name="study.statistics", needs=Need.AUDIENCE, answer=Statistics):
    """One's own, by the days of one's own zone. All of it is at ``/api/study/focus.csv`` and ``.json``."""

    days: Annotated[int, Field(ge=1, le=366)] = 7


class GetBoard(Query, name="study.board", needs=Need.AUDIENCE, answer=Board):
    pass


class PartChanged(Event, name="study.part_changed"):
    """Own stream."""

    part: Part
