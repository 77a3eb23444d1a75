"""Attendance to take away: what spreadsheets make of it, and who may."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import openpyxl  # type: ignore[import-untyped]
import pytest

from salon.attendance.files import csv_file, xlsx_file
from salon.attendance.rules import Span, covered, totals
from salon.core.cells import harmless
from tests.support.house import Stage

BERLIN = ZoneInfo("Europe/Berlin")
# Half an hour before clocks went back in 2026, and an hour later.
BEFORE = int(datetime(2026, 10, 25, 0, 30, tzinfo=UTC).timestamp()) * 1000
LATER = BEFORE + 3600 * 1000
SPANS = [
    Span("a", "=1+1", ("desktop", "phone"), BEFORE, LATER, LATER, lost=False),
    Span("b", 'Ben, "@ work"', ("bot",), BEFORE, BEFORE + 90_000, None, lost=False),
    Span("a", "=1+1", ("phone",), LATER + 60_000, LATER + 26 * 3600 * 1000, LATER + 26 * 3600 * 1000, lost=False),
]


@pytest.mark.feature("R11")
def test_csv_is_for_spreadsheets() -> None:
    data = csv_file(SPANS, BERLIN)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows[0][:3] == ["Name", "Joined (Europe/Berlin)", "Left (Europe/Berlin)"]
    # The clock showed half past two twice that night; the time beside it tells which.
    assert rows[1] == [
        "'=1+1",
        "2026-10-25 02:30:00",
        "2026-10-25 02:30:00",
        "1:00:00",
        "26:59:00",
        "desktop, phone",
        "2026-10-25T00:30:00Z",
        "2026-10-25T01:30:00Z",
    ]
    assert rows[2][0] == 'Ben, "@ work"'
    assert (rows[2][2], rows[2][7]) == ("", "")
    assert len(rows) == 4


@pytest.mark.feature("R11")
@pytest.mark.parametrize("text", ["=SUM(A1)", "+1", "-1", "@cmd", "\tx", "\rx"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert harmless(text) == "'" + text
    assert harmless("a" + text) == "a" + text
    if not text.isprintable():
        return  # people's names have none of those; a file for Excel says them in a way of its own
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_file([Span("a", text, (), 0, 0, 0, lost=False)], BERLIN)))["People"]
    assert (sheet["A2"].data_type, sheet["A2"].value) == ("s", text)


@pytest.mark.feature("R11")
def test_the_spreadsheet_has_real_times() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx_file(SPANS, BERLIN)))
    assert book.sheetnames == ["People", "Stays"]
    people = list(book["People"].values)
    assert people[0][:2] == ("Name", "First joined (Europe/Berlin)")
    name, joined, left, total, count, devices = people[1]
    assert (name, count, devices) == ("=1+1", 2, "desktop, phone")
    assert joined == datetime(2026, 10, 25, 2, 30)
    assert left == datetime(2026, 10, 26, 4, 30)
    assert total == timedelta(hours=26, minutes=59)
    assert people[2][2] is None
    stays = list(book["Stays"].values)
    assert [row[0] for row in stays[1:]] == ["=1+1", 'Ben, "@ work"', "=1+1"]
    assert stays[1][6:] == ("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z")
    assert book["Stays"]["D2"].is_date
    assert book["Stays"]["D2"].number_format == "[h]:mm:ss"


@pytest.mark.feature("R11")
def test_time_that_overlaps_counts_once() -> None:
    assert covered([(0, 10), (5, 20), (30, 40), (32, 33)]) == 30
    assert covered([]) == 0
    both = [Span("a", "Ana", ("phone",), 0, 10, 10, lost=False), Span("a", "Ana", ("bot",), 4, 30, None, lost=True)]
    [total] = totals(both)
    assert (total.total_ms, total.stays, total.since, total.lost) == (30, 2, 4, True)


async def export(stage: Stage, token: str, link: str, name: str) -> httpx.Response:
    async with stage.http(token) as http:
        return await http.get(f"/api/rooms/{link}/export/{name}", follow_redirects=True)


@pytest.mark.feature("R11")
async def test_hosts_take_it_away(stage: Stage) -> None:
    identity, token = await stage.session()
    async with stage.http(token) as http:
        made = (await http.post("/api/rooms", json={"preset": "meeting"})).json()
    place = type("Made", (), {"link": made["link"], "id": await stage.room_id(made["link"])})
    await stage.come(place, "Olga", identity=identity)  # type: ignore[arg-type]
    guest, guests_token = await stage.session()
    await stage.come(place, "Gil", identity=guest)  # type: ignore[arg-type]
    await stage.pass_time(30)

    answer = await export(stage, token, made["link"], "attendance.csv?zone=America/New_York")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="attendance.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["Name", "Olga", "Gil"]
    assert rows[0][1] == "Joined (America/New_York)"
    assert rows[1][3] == "0:00:30"

    answer = await export(stage, token, made["link"], "attendance.xlsx")
    assert answer.headers["content-type"].endswith("spreadsheetml.sheet")
    assert [row[0] for row in openpyxl.load_workbook(io.BytesIO(answer.content))["People"].values][1:] == [
        "Olga",
        "Gil",
    ]

    answer = await export(stage, token, made["link"], "archive.zip?zone=Asia/Tokyo")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert {"attendance.csv", "attendance.xlsx", "chat.txt", "people.txt"} <= set(archive.namelist())
        assert b"Asia/Tokyo" in archive.read("attendance.csv")

    for name in ("attendance.csv", "attendance.xlsx", "archive.zip"):
        assert (await export(stage, guests_token, made["link"], name)).json()["code"] == "forbidden"


@pytest.mark.feature("R11")
@pytest.mark.parametrize("zone", ["Nowhere", "../../etc/passwd", "Europe", "/UTC", "Europe/Berlin/", "", "x" * 200])
async def test_zones_that_there_are_not(stage: Stage, zone: str) -> None:
    _, token = await stage.session()
    async with stage.http(token) as http:
        made = (await http.post("/api/rooms", json={"preset": "meeting"})).json()
        answer = await http.get(f"/api/rooms/{made['link']}/export/attendance.csv", params={"zone": zone})
    assert answer.status_code == 422
    assert (answer.json()["code"], answer.json()["field"]) == ("invalid", "zone")
