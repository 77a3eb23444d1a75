"""The room's to-dos to take away, and one's own record."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from salon.core.cells import harmless
from salon.core.feature import View
from salon.core.tables import Member
from salon.study.snapshot import things_of
from salon.study.tables import StudyRecord

TODOS = "to-dos.csv"
TITLES = ("List", "To-do", "Due", "For", "Added by", "Added", "Done", "Done by")
RECORDS = ("Day", "Ended", "Minutes", "Timer")
MINUTE_MS = 60 * 1000


async def archive(view: View) -> dict[str, bytes]:
    """``to-dos.csv``: all lists of the room, in their order; nothing where there is nothing on them."""
    taking = view.taking
    if taking is None or not taking.wants(TODOS):
        return {}
    found = (await things_of(view.session, "room", [view.room.id]))[view.room.id]
    if not found.todos:
        return {}
    people = select(Member.id, Member.name).where(Member.room_id == view.room.id)
    names = {row.id: row.name for row in await view.session.execute(people)}
    names[""] = ""
    lists = {"room": "Room", **{each.id: each.name for each in found.lists}}
    order = {name: number for number, name in enumerate(lists)}
    rows = (
        (
            lists.get(each.list, ""),
            each.text,
            each.due or "",
            names.get(each.assignee or "", ""),
            names.get(each.by or "", ""),
            clock(each.created_at, taking.zone),
            clock(each.done_at, taking.zone),
            names.get(each.done_by or "", ""),
        )
        for each in sorted(found.todos, key=lambda each: order.get(each.list, 0))
    )
    return {TODOS: csv_file(TITLES, rows)}


def records_csv(records: Sequence[StudyRecord], zone: ZoneInfo) -> bytes:
    """One line for each phase of work."""
    rows = (
        (
            moment(each.ended_at, zone).date().isoformat(),
            clock(each.ended_at, zone),
            f"{each.focus_ms / MINUTE_MS:.2f}",
            "room" if each.shared else "own",
        )
        for each in records
    )
    return csv_file(RECORDS, rows)


def moment(at: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(at // 1000, UTC).astimezone(zone)


def clock(at: int | None, zone: ZoneInfo) -> str:
    return "" if at is None else f"{moment(at, zone):%Y-%m-%d %H:%M:%S}"


def csv_file(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with the mark that spreadsheets know it by. No text of anybody's becomes a formula."""
    file = io.StringIO(newline="")
    out = csv.writer(file)
    out.writerow(titles)
    for row in rows:
        out.writerow([harmless(cell) for cell in row])
    return file.getvalue().encode("utf-8-sig")
