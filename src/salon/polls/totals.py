"""Totals, made of what the database has counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from salon.polls.contract.shapes import Bin, Count, Question, Ranked, Tally
from salon.polls.rules import number_key

BINS = 12
NOTHING = Tally(votes=0, counts=[], ranked=[], bins=[], mean=None, median=None, more=0)


class Counted(NamedTuple):
    """So many chose this, and ranked it so."""

    key: str
    rank: int
    text: str
    value: float | None
    times: int


def tally_of(question: Question, options: Sequence[str], votes: int, rows: Sequence[Counted], more: int) -> Tally:
    """``rows`` in the order in which words and texts are to be shown, ``more`` of which there are besides."""
    base = NOTHING.model_copy(update={"votes": votes, "more": more})
    match question.kind:
        case "single" | "multiple" | "quiz":
            return base.model_copy(update={"counts": _in_order(options, rows)})
        case "ranking":
            return base.model_copy(update={"counts": _in_order(options, rows), "ranked": _ranked(options, rows)})
        case "rating":
            steps = [number_key(step) for step in range(1, question.steps + 1)]
            return base.model_copy(update={"counts": _in_order(steps, rows), **_middle(rows)})
        case "numeric":
            return base.model_copy(update={"bins": bins_of(question, rows), **_middle(rows)})
        case _:
            shown = [Count(key=row.key, text=row.text, count=row.times) for row in rows if row.times]
            return base.model_copy(update={"counts": shown})


def _in_order(keys: Sequence[str], rows: Sequence[Counted]) -> list[Count]:
    number = dict.fromkeys(keys, 0)
    for row in rows:
        number[row.key] += row.times
    return [Count(key=key, text="", count=count) for key, count in number.items()]


def _ranked(options: Sequence[str], rows: Sequence[Counted]) -> list[Ranked]:
    places = {option: [0] * len(options) for option in options}
    for row in rows:
        places[row.key][row.rank - 1] += row.times
    found = []
    for option, counts in places.items():
        total = sum(counts)
        mean = sum(rank * count for rank, count in enumerate(counts, 1)) / total if total else None
        found.append(Ranked(option=option, mean=mean, counts=counts))
    # Python's sort keeps the options' order among equals.
    return sorted(found, key=lambda each: (each.mean is None, each.mean or 0.0, -sum(each.counts)))


def _values(rows: Sequence[Counted]) -> list[tuple[float, int]]:
    return sorted((row.value, row.times) for row in rows if row.value is not None and row.times)


def _middle(rows: Sequence[Counted]) -> dict[str, float | None]:
    values = _values(rows)
    total = sum(count for _, count in values)
    if not total:
        return {"mean": None, "median": None}
    mean = sum(value * count for value, count in values) / total
    return {"mean": mean, "median": (_at(values, (total - 1) // 2) + _at(values, total // 2)) / 2}


def _at(values: Sequence[tuple[float, int]], place: int) -> float:
    """The value at this place of all, in their order."""
    for value, count in values:
        if place < count:
            return value
        place -= count
    return values[-1][0]


def bins_of(question: Question, rows: Sequence[Counted]) -> list[Bin]:
    """A bin for each whole number where those are few; else twelve of the same width, over all that was answered."""
    values = _values(rows)
    if not values:
        return []
    low, high = values[0][0], values[-1][0]
    if all(value.is_integer() for value, _ in values) and high - low < BINS:
        return [Bin(low=each, high=each, count=dict(values).get(each, 0)) for each in _whole(low, high)]
    if low == high:
        return [Bin(low=low, high=high, count=sum(count for _, count in values))]
    width = (high - low) / BINS
    counts = [0] * BINS
    for value, count in values:
        counts[min(BINS - 1, int((value - low) / width))] += count
    edges = [low + width * each for each in range(BINS)] + [high]
    return [Bin(low=edges[at], high=edges[at + 1], count=count) for at, count in enumerate(counts)]


def _whole(low: float, high: float) -> list[float]:
    return [low + step for step in range(int(high - low) + 1)]
