"""Stays written as CSV and as a spreadsheet. No text of anybody's ever becomes a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter  # type: ignore[import-untyped]

from salon.attendance.rules import Span, totals
from salon.core.cells import harmless

STAYS = ("Name", "Joined", "Left", "Time here", "Total time", "Devices", "Joined (UTC)", "Left (UTC)")
PEOPLE = ("Name", "First joined", "Last left", "Total time", "Stays", "Devices")
MINUTE = 60
HOUR = 60 * MINUTE


def csv_file(stays: Sequence[Span], zone: ZoneInfo) -> bytes:
    """One line for each stay: UTF-8 with the mark that spreadsheets know it by."""
    written = io.StringIO(newline="")
    out = csv.writer(written)
    out.writerow(_titled(STAYS, zone))
    total = {each.person: each.total_ms for each in totals(stays)}
    for stay in stays:
        out.writerow(
            [
                harmless(stay.name),
                _local(stay.joined_at, zone),
                _local(stay.left_at, zone),
                _clock(stay.ends_at - stay.joined_at),
                _clock(total[stay.person]),
                ", ".join(stay.devices),
                _iso(stay.joined_at),
                _iso(stay.left_at),
            ]
        )
    return written.getvalue().encode("utf-8-sig")


def _moment(at: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(at // 1000, UTC).astimezone(zone)


def _local(at: int | None, zone: ZoneInfo) -> str:
    return "" if at is None else f"{_moment(at, zone):%Y-%m-%d %H:%M:%S}"


def _iso(at: int | None) -> str:
    return "" if at is None else f"{datetime.fromtimestamp(at // 1000, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _clock(milliseconds: int) -> str:
    seconds = round(milliseconds / 1000)
    return f"{seconds // HOUR}:{seconds % HOUR // MINUTE:02}:{seconds % MINUTE:02}"


class _Sheet:
    """A sheet that is written from above to below, with formats for times and for how long."""

    def __init__(self, book: Any, name: str, titles: Sequence[str], widths: Sequence[int]) -> None:
        self._sheet = book.add_worksheet(name)
        bold = book.add_format({"bold": True})
        self._time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"})
        self._span = book.add_format({"num_format": "[h]:mm:ss", "align": "left"})
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width)
        self._sheet.freeze_panes(1, 0)
        for column, title in enumerate(titles):
            self._sheet.write_string(0, column, title, bold)
        self._row = 0

    def add(self, *values: str | int | datetime | timedelta | None) -> None:
        self._row += 1
        for column, value in enumerate(values):
            match value:
                case None:
                    continue
                case str():
                    self._sheet.write_string(self._row, column, value)
                case datetime():
                    # Spreadsheets know no time zones: the clock on the wall there is what is written.
                    self._sheet.write_datetime(self._row, column, value.replace(tzinfo=None), self._time)
                case timedelta():
                    self._sheet.write_datetime(self._row, column, value, self._span)
                case _:
                    self._sheet.write_number(self._row, column, value)


def xlsx_file(stays: Sequence[Span], zone: ZoneInfo) -> bytes:
    """A sheet of people and one of stays, written row by row."""
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"constant_memory": True}) as book:
        people = totals(stays)
        _people(book, people, zone)
        total = {each.person: each.total_ms for each in people}
        _stays(book, stays, total, zone)
    return packed.getvalue()


def _titled(titles: Sequence[str], zone: ZoneInfo) -> list[str]:
    return [f"{title} ({zone.key})" if title.endswith(("oined", "left", "Left")) else title for title in titles]


def _people(book: Any, people: Sequence[Any], zone: ZoneInfo) -> None:
    sheet = _Sheet(book, "People", _titled(PEOPLE, zone), (30, 28, 28, 12, 8, 20))
    for each in people:
        sheet.add(
            each.name,
            _moment(each.first_joined, zone),
            None if each.last_left is None else _moment(each.last_left, zone),
            timedelta(seconds=round(each.total_ms / 1000)),
            each.stays,
            ", ".join(each.devices),
        )


def _stays(book: Any, stays: Sequence[Span], total: dict[str, int], zone: ZoneInfo) -> None:
    sheet = _Sheet(book, "Stays", _titled(STAYS, zone), (30, 28, 28, 12, 12, 20, 22, 22))
    for stay in stays:
        sheet.add(
            stay.name,
            _moment(stay.joined_at, zone),
            None if stay.left_at is None else _moment(stay.left_at, zone),
            timedelta(seconds=round((stay.ends_at - stay.joined_at) / 1000)),
            timedelta(seconds=round(total[stay.person] / 1000)),
            ", ".join(stay.devices),
            _iso(stay.joined_at),
            _iso(stay.left_at),
        )
