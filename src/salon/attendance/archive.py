"""Attendance to take away: as CSV and as a spreadsheet, with times in a zone of one's choice."""

from __future__ import annotations

import asyncio

from salon.attendance.files import csv_file, xlsx_file
from salon.attendance.queries import spans
from salon.core.feature import View

CSV = "attendance.csv"
XLSX = "attendance.xlsx"


async def archive(view: View) -> dict[str, bytes]:
    """``attendance.csv`` and ``attendance.xlsx``. They are made in a thread: a great room has many lines."""
    taking = view.taking
    if taking is None or not (taking.wants(CSV) or taking.wants(XLSX)):
        return {}
    stays = await spans(view.session, view.room.id, taking.now)
    makers = {CSV: csv_file, XLSX: xlsx_file}
    return {
        name: await asyncio.to_thread(make, stays, taking.zone) for name, make in makers.items() if taking.wants(name)
    }
