"""Tables: printed for people, and written into docs/performance.md between two marks."""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import textwrap
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import BUILD, ROOT, build
from bench.driver import Measured
from bench.machine import description, python_versions

PAGE = ROOT / "docs" / "performance.md"


@dataclass(frozen=True)
class Goal:
    """What is asked of a number: at most so much, or at least."""

    text: str
    limit: float
    least: bool = False
    form: str = "{:.2f} of Node's"

    def judge(self, reached: float | None) -> str:
        if reached is None:
            return ""
        met = reached >= self.limit if self.least else reached <= self.limit
        return f"{self.form.format(reached)}: {'yes' if met else '**no**'}"


@dataclass(frozen=True)
class Row:
    """One line: what was measured, a value for each column (None: not measured), and what is asked of it."""

    what: str
    values: Sequence[float | None]
    form: str = "{:.1f}"
    goal: Goal | None = None
    reached: float | None = None
    """What is held against the goal."""

    def cells(self) -> list[str]:
        values = ["–" if value is None else self.form.format(value) for value in self.values]
        return [self.what, *values, *((self.goal.text, self.goal.judge(self.reached)) if self.goal else ("", ""))]


@dataclass(frozen=True)
class Table:
    columns: Sequence[str]
    rows: Sequence[Row]

    def _lines(self) -> list[list[str]]:
        return [[*self.columns, "goal", "reached"], *(row.cells() for row in self.rows)]

    def markdown(self) -> str:
        head, *lines = ("| " + " | ".join(cells) + " |" for cells in self._lines())
        return "\n".join([head, "|---" * (len(self.columns) + 2) + "|", *lines])

    def plain(self) -> str:
        """In columns, for a terminal."""
        lines = self._lines()
        widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
        numbers = range(1, len(self.columns))

        def aligned(line: list[str]) -> str:
            cells = zip(line, widths, strict=True)
            return "  ".join(
                cell.rjust(width) if at in numbers else cell.ljust(width) for at, (cell, width) in enumerate(cells)
            ).rstrip()

        return "\n".join(aligned(line) for line in lines)


@dataclass
class Results:
    """What each round of each server gave; and what went wrong, for a server that loses events is not fast."""

    values: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    disturbed: float = 0.0
    raw: list[dict[str, Any]] = field(default_factory=list)

    def note(self, server: str, what: str, value: float) -> None:
        self.values.setdefault(what, {}).setdefault(server, []).append(value)

    def keep(self, server: str, what: str, measured: Measured) -> None:
        """The raw numbers, and how much others kept the server from its core."""
        self.disturbed = max(self.disturbed, measured.disturbed)
        self.raw.append(
            {"server": server, "what": what, "cpu": measured.cpu, "disturbed": measured.disturbed, **measured.report}
        )

    def of(self, what: str, server: str) -> float | None:
        """The median of the rounds."""
        values = self.values.get(what, {}).get(server)
        return statistics.median(values) if values else None

    def ratio(self, what: str, server: str, to: str, to_what: str = "") -> float | None:
        one, other = self.of(what, server), self.of(to_what or what, to)
        return one / other if one is not None and other else None


def _revision(source: Path | None) -> str:
    """Which Salon was measured."""
    order = ["git", "-C", str(source or ROOT), "rev-parse", "--short", "HEAD"]
    done = subprocess.run(order, capture_output=True, text=True, check=False)
    return f"Salon {done.stdout.strip()}" if done.returncode == 0 else "Salon"


NOTHING_WRONG = "no event was missing, double or out of order, no command without its answer"


def circumstances(
    rounds: int,
    results: Results,
    source: Path | None,
    *more: str,
    peer: bool = True,
    checked: str = NOTHING_WRONG,
) -> str:
    """Machine, versions and date, Node's too if it is the ``peer``; how much the servers were disturbed; and what was
    found wrong, or ``checked``."""
    found = "; ".join(results.faults) or checked
    when = time.strftime("%Y-%m-%d")
    return (
        f"{when}; {description()}; {_revision(source)}, {python_versions()}; "
        f"{', '.join([*([build.peer_version()] if peer else []), *more])}. "
        f"Medians of {rounds} round{'s' if rounds > 1 else ''}; "
        f"others kept a server from its core for at most {results.disturbed:.0%} of the time. "
        f"Checked on the way: {found}."
    )


def publish(name: str, table: Table, notes: Sequence[str], results: Results, *, write: bool) -> None:
    """Print a table; keep the raw numbers beside the programs; and write the page, when asked."""
    print("\n" + table.plain() + "\n")
    for note in notes:
        print(note)
    BUILD.mkdir(exist_ok=True)
    (BUILD / f"{name}.json").write_text(json.dumps(results.raw, indent=1))
    if write:
        _write(PAGE, name, "\n\n".join([table.markdown(), *(textwrap.fill(note, 125) for note in notes)]))


def _write(page: Path, name: str, text: str) -> None:
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    whole = page.read_text()
    if begin not in whole or end not in whole:
        raise LookupError(f"{page.name} has no marks for {name}")
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    page.write_text(pattern.sub(lambda _: f"{begin}\n\n{text}\n\n{end}", whole))
