"""What study is made of on the wire: lists of to-dos, timers, alarms, and a record of one's own."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from salon.core.contract import Id, Millis, Model

Scope = Literal["room", "mine"]
"""Whose it is: the room's, or one person's, whom it follows to every room and of which nobody else learns."""

Mood = Literal["dawn", "forest", "rain", "night", "sea", "dunes", "snow", "hearth"]
Control = Literal["everyone", "hosts"]
"""``everyone`` leaves out the audience, which watches."""
Phase = Literal["focus", "short", "long"]
"""At work, or in a short or a long break."""
TimerState = Literal["ready", "running", "paused", "over"]
AlarmState = Literal["set", "rang"]

LONGEST_MS = 24 * 3600 * 1000

Length = Annotated[int, Field(ge=1000, le=LONGEST_MS)]
"""Milliseconds, from a second to a day."""
Cycles = Annotated[int, Field(ge=1, le=12)]
Revision = Annotated[int, Field(ge=0, le=2**31 - 1)]
Text = Annotated[str, Field(max_length=20_000)]
"""Of a to-do: measured by ``rules.todo_text``, 1 to 500 characters."""
ListName = Annotated[str, Field(max_length=400)]
"""1 to 60 characters."""
Label = Annotated[str, Field(max_length=1000)]
"""Of an alarm: up to 120 characters, or empty."""
Day = Annotated[str, Field(max_length=10)]
"""``2030-01-31``."""
TimeOfDay = Annotated[str, Field(max_length=5)]
"""``07:30``, of 24 hours."""
Zone = Annotated[str, Field(max_length=64)]
"""A time zone of the IANA database, as ``Europe/Berlin``."""


class Settings(Model):
    control: Control
    """Who works the room's timer, alarms and lists."""
    mood: Mood
    """The background that hosts have chosen."""
    announce: bool
    """Whether the room is told when somebody has done something on its lists."""


class Lengths(Model):
    """How long a timer's phases are."""

    focus_ms: Length
    short_ms: Length
    long_ms: Length
    cycles: Cycles
    """So many phases of work until the break is a long one."""
    breaks: bool
    """Without breaks it is a plain timer: it rings, and is over."""
    auto_start: bool
    """The next phase begins by itself."""


class Rang(Model):
    """How a timer rang last."""

    phase: Phase
    """The one that ended."""
    at: Millis
    """When it was due. With the scope this names the ringing: nobody need ring twice for the same."""
    late_ms: int
    """So much later the server told it: it was down."""


class Timer(Model):
    """A timer. ``ends_at`` is told while it runs, ``remaining_ms`` while it does not."""

    scope: Scope
    phase: Phase
    state: TimerState
    ends_at: Millis | None
    remaining_ms: int | None
    length_ms: int
    """Of this phase as a whole, with the minutes that were added."""
    cycle: int
    """Phases of work that have ended since the last long break."""
    lengths: Lengths
    revision: Revision
    """Grows with each change. Commands name the one that they were meant for."""
    rang: Rang | None


class TodoList(Model):
    """A list of to-dos. ``room`` and ``mine`` are the names of the two that are always there, and are not told."""

    id: Id
    name: str
    created_at: Millis


class Todo(Model):
    id: Id
    list: Id
    text: str
    place: float
    """To-dos of a list stand in the order of this number; alike ones in the order of their ids."""
    due: str | None
    """A day, ``2030-01-31``."""
    assignee: Id | None
    """A member. Only on lists of the room, as ``by`` and ``done_by``."""
    by: Id | None
    """Who added it."""
    done_at: Millis | None
    done_by: Id | None
    created_at: Millis


class Alarm(Model):
    id: Id
    label: str
    day: str
    time: str
    zone: str
    """Day and time are of a clock in this zone."""
    rings_at: Millis
    """When it rings, or rang."""
    state: AlarmState
    late_ms: int
    """Of one that rang: so much later the server told it."""
    snoozed: bool
    """It rang before, and was put off: ``rings_at`` is not what the clock time says."""
    by: Id | None
    """Who set it, of an alarm of the room."""


class Part(Model):
    """Whether somebody's focus is recorded. Nothing is without their wish."""

    on: bool
    board: bool
    """Whether their name stands on the boards of rooms in which they work."""
    zone: str
    """By whose days it is counted."""
    records: int
    """How many there are. When it is another number the statistics are others."""


class Own(Model):
    """What belongs to oneself, alike in all rooms."""

    timer: Timer
    lists: list[TodoList]
    todos: list[Todo]
    alarms: list[Alarm]
    part: Part


class StudySnapshot(Model):
    settings: Settings
    timer: Timer
    lists: list[TodoList]
    todos: list[Todo]
    alarms: list[Alarm]
    own: Own


class DayOfFocus(Model):
    day: str
    focus_ms: int
    cycles: int
    """Phases of work that ended on this day."""


class Statistics(Model):
    days: list[DayOfFocus]
    """All days asked for, the last is today."""
    streak: int
    """Days in a row with at least one phase, up to today or yesterday."""
    longest_streak: int
    total_ms: int
    total_cycles: int
    zone: str


class BoardLine(Model):
    person: Id
    name: str
    focus_ms: int
    cycles: int


class Board(Model):
    """The last seven days in this room, of those who wish to be seen; most first."""

    lines: list[BoardLine]
    since: Millis
