"""Results to take away: totals, votes with names and the leaderboard as CSV and as a spreadsheet; questions as JSON."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

import xlsxwriter  # type: ignore[import-untyped]

from salon.core.cells import harmless
from salon.core.feature import Taking, View
from salon.polls import counting
from salon.polls.contract import shapes
from salon.polls.desk import Asked, asked, polls_of
from salon.polls.exchange import written
from salon.polls.queries import ballots_of, leaders_of
from salon.polls.tables import Poll

QUESTIONS, TOTALS, VOTES, BOOK = "polls.json", "polls.csv", "polls-votes.csv", "polls.xlsx"
Cell = str | int | float | None
Row = Sequence[Cell]
TOTALS_TITLES = ("Question", "Round", "Kind", "State", "Opened", "Votes", "Answer", "Count", "Percent", "Mean")
VOTES_TITLES = ("Question", "Round", "Name", "Answer", "Points")
LEADERS_TITLES = ("Rank", "Name", "Points", "Right answers")
WIDTHS = {"Question": 40, "Answer": 40, "Name": 30, "Opened": 20, "Kind": 12}


@dataclass(frozen=True)
class _Result:
    poll: Poll
    known: Asked
    tally: shapes.Tally
    texts: list[shapes.Count]
    """All words or texts, not only those that a page shows."""
    ballots: list[shapes.Ballot]


async def archive(view: View) -> dict[str, bytes]:
    """Files of all polls of the room, or of one: ``poll-<id>.csv`` and the others by the same pattern.

    Each is among all files only if there is anything in it.
    """
    taking = view.taking
    if taking is None:
        return {}
    polls = await polls_of(view.session, view.room.id)
    name = taking.only
    if name is not None and name.startswith("poll-"):
        polls = [poll for poll in polls if name.startswith(f"poll-{poll.id}")]
        if len(polls) != 1:
            return {}
        prefix = f"poll-{polls[0].id}"
    else:
        prefix = "polls"
    names = {each: each.replace("polls", prefix, 1) for each in (QUESTIONS, TOTALS, VOTES, BOOK)}
    if not polls or (name is not None and name not in names.values()):
        return {}
    return await _files(view, taking, polls, names)


async def _files(view: View, taking: Taking, polls: list[Poll], names: dict[str, str]) -> dict[str, bytes]:
    files = {}
    if taking.wants(names[QUESTIONS]):
        files[names[QUESTIONS]] = written(asked(poll).question for poll in polls if poll.round == 1 or len(polls) == 1)
    released = [poll for poll in polls if poll.state != "draft"]
    if not released or not any(taking.wants(names[each]) for each in (TOTALS, VOTES, BOOK)):
        return files
    results = [await _result(view, poll) for poll in released]
    leaders = await leaders_of(view.session, view.room.id, Poll.id.in_([poll.id for poll in released]))
    totals = [row for result in results for row in _totals(result, taking.zone)]
    votes = [row for result in results for row in _votes(result)]
    best: list[Row] = [(each.rank, each.name, each.points, each.right) for each in leaders]
    if taking.wants(names[TOTALS]):
        files[names[TOTALS]] = await asyncio.to_thread(csv_file, TOTALS_TITLES, totals)
    if votes and taking.wants(names[VOTES]):
        files[names[VOTES]] = await asyncio.to_thread(csv_file, VOTES_TITLES, votes)
    if taking.wants(names[BOOK]):
        sheets: dict[str, tuple[Sequence[str], Sequence[Row]]] = {
            "Totals": (TOTALS_TITLES, totals),
            "Votes": (VOTES_TITLES, votes),
            "Leaders": (LEADERS_TITLES, best),
        }
        files[names[BOOK]] = await asyncio.to_thread(xlsx_file, sheets)
    return files


async def _result(view: View, poll: Poll) -> _Result:
    known = asked(poll)
    free = known.question.kind in {"words", "text"}
    return _Result(
        poll,
        known,
        await counting.count(view.session, poll),
        await counting.page_of_texts(view.session, poll, "", 100_000) if free else [],
        [] if poll.anonymous else await ballots_of(view.session, poll),
    )


def _totals(result: _Result, zone: ZoneInfo) -> Iterable[Row]:
    poll, question, tally = result.poll, result.known.question, result.tally
    opened = datetime.fromtimestamp((poll.opened_at or 0) // 1000, UTC).astimezone(zone)
    about = (question.title, poll.round, question.kind, poll.state, f"{opened:%Y-%m-%d %H:%M:%S}", tally.votes)
    mean = None if tally.mean is None else round(tally.mean, 4)
    for answer, count, own_mean in _answers(result):
        percent = round(100 * count / tally.votes, 1) if tally.votes else 0.0
        yield (*about, answer, count, percent, own_mean if question.kind == "ranking" else mean)


def _answers(result: _Result) -> Iterable[tuple[str, int, float | None]]:
    texts = _texts(result.known)
    means = {each.option: each.mean for each in result.tally.ranked}
    if result.texts:
        words = sorted(result.texts, key=lambda each: (-each.count, each.key))
        return [(each.text, each.count, None) for each in words]
    if result.tally.bins:
        return [
            (f"{each.low:g}" if each.low == each.high else f"{each.low:g} to {each.high:g}", each.count, None)
            for each in result.tally.bins
        ]
    return [
        (texts.get(each.key, each.key), each.count, round(mean, 4) if (mean := means.get(each.key)) else None)
        for each in result.tally.counts
    ]


def _texts(known: Asked) -> dict[str, str]:
    return {each: option.text for each, option in zip(known.options, known.question.options, strict=True)}


def _votes(result: _Result) -> Iterable[Row]:
    texts = _texts(result.known)
    for ballot in sorted(result.ballots, key=lambda each: each.name.casefold()):
        choice = ballot.choice
        if choice.options is not None:
            answer: Cell = ", ".join(texts.get(each, "") for each in choice.options)
        elif choice.words is not None:
            answer = ", ".join(choice.words)
        else:
            answer = choice.text if choice.text is not None else choice.value
        yield (result.known.question.title, result.poll.round, ballot.name, answer, ballot.points)


def csv_file(titles: Sequence[str], rows: Iterable[Row]) -> bytes:
    """UTF-8 with the mark that spreadsheets know it by. No text of anybody's becomes a formula."""
    file = io.StringIO(newline="")
    out = csv.writer(file)
    out.writerow(titles)
    for row in rows:
        out.writerow(["" if cell is None else harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return file.getvalue().encode("utf-8-sig")


def xlsx_file(sheets: dict[str, tuple[Sequence[str], Sequence[Row]]]) -> bytes:
    """Texts are written as texts, whatever they begin with, and numbers as numbers."""
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"constant_memory": True}) as book:
        bold = book.add_format({"bold": True})
        for name, (titles, rows) in sheets.items():
            sheet = book.add_worksheet(name)
            for column, title in enumerate(titles):
                sheet.set_column(column, column, WIDTHS.get(title, 10))
                sheet.write_string(0, column, title, bold)
            sheet.freeze_panes(1, 0)
            _write(sheet, rows)
    return packed.getvalue()


def _write(sheet: Any, rows: Iterable[Row]) -> None:
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, column, cell)
            elif cell is not None:
                sheet.write_number(number, column, cast("float", cell))
