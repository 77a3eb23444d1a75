"""What the benchmarks are told on the command line."""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from toolkit.common import Trouble


def parser(description: str | None) -> argparse.ArgumentParser:
    """What all of them understand; :func:`settled` fills in what was not said."""
    made = argparse.ArgumentParser(description=description, formatter_class=argparse.RawTextHelpFormatter)
    made.add_argument("--quick", action="store_true", help="one short round instead of three")
    made.add_argument("--write", action="store_true", help="write the table into docs/performance.md")
    made.add_argument("--rounds", type=int, default=0, help="how many rounds")
    made.add_argument("--source", type=Path, help="the src folder of another checkout to measure")
    made.add_argument("--folder", type=Path, help="where the servers keep their data (default: the system's)")
    return made


def settled(chosen: argparse.Namespace) -> argparse.Namespace:
    chosen.rounds = chosen.rounds or (1 if chosen.quick else 3)
    chosen.source = chosen.source.resolve() if chosen.source else None
    return chosen


def options(description: str | None, argv: list[str] | None = None) -> argparse.Namespace:
    asked = parser(description)
    asked.add_argument("--only", default="", help="only these servers, with commas between them")
    return settled(asked.parse_args(argv))


@contextlib.contextmanager
def workplace(folder: Path | None) -> Iterator[Path]:
    """A folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="salon-bench-", dir=folder) as made:
        yield Path(made)


@contextlib.contextmanager
def plainly() -> Iterator[None]:
    """What the person at the terminal has to know is told without a traceback."""
    try:
        yield
    except Trouble as trouble:
        sys.exit(f"\n{trouble}")
    except KeyboardInterrupt:
        sys.exit(130)


def progress(text: str) -> None:
    print(f"· {text}", file=sys.stderr, flush=True)
