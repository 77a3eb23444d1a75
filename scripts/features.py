#!/usr/bin/env python3
"""Print each line of docs/features.md with the tests that prove it.

Python tests say it with @pytest.mark.feature("C1"), web tests with [C1] in their title.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from toolkit import feature_list
from toolkit.common import ROOT, VENV_PYTHON

WEB_TESTS = ("web/src/**/*.test.ts", "web/scripts/**/*.test.ts")
# A title is a literal that follows the bracket of test(…), describe(…) or test.each(…)(…).
TITLE = re.compile(r"""\(\s*(?P<quote>['"`])(?P<title>(?:(?!(?P=quote)).)*?)(?P=quote)\s*,""")
IDS = re.compile(r"\[(?P<ids>[A-Z]\d{1,2}(?:,\s*[A-Z]\d{1,2})*)\]")

Proofs = dict[str, list[str]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--missing", action="store_true", help="only the ids that no test proves")
    parser.add_argument("--root", type=Path, default=ROOT, help="the folder with docs/, tests/ and web/")
    options = parser.parse_args()
    root: Path = options.root.resolve()
    promises = feature_list.read(root / "docs" / "features.md")
    proofs: Proofs = defaultdict(list)
    for name, ids in [*python_tests(root), *web_tests(root)]:
        for feature in ids:
            proofs[feature].append(name)
    unknown = {feature: names for feature, names in proofs.items() if feature not in promises}
    if options.missing:
        _print_missing(promises, proofs)
    else:
        _print_all(promises, proofs)
    for feature, names in sorted(unknown.items()):
        print(f"unknown id {feature}: {', '.join(sorted(set(names)))}", file=sys.stderr)
    if unknown:
        sys.exit(1)


def python_tests(root: Path) -> list[tuple[str, list[str]]]:
    """Ask pytest itself: marks may stand on a test, a class or a whole module."""
    python = VENV_PYTHON if VENV_PYTHON.exists() else Path(sys.executable)
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder, "marks.json")
        order = [
            "-m",
            "pytest",
            "--collect-only",
            "-qq",
            "-p",
            "no:cacheprovider",
            f"--feature-marks={found}",
        ]
        done = subprocess.run([python, *order], cwd=root, capture_output=True, text=True, check=False)
        if not found.exists() or done.returncode not in (0, 5):  # 5: there are no tests yet
            sys.exit(f"pytest could not collect the tests:\n{done.stdout}{done.stderr}")
        marks: dict[str, list[str]] = json.loads(found.read_text())
    return list(marks.items())


def web_tests(root: Path) -> Iterator[tuple[str, list[str]]]:
    for pattern in WEB_TESTS:
        for file in sorted(root.glob(pattern)):
            for match in TITLE.finditer(file.read_text()):
                ids = [one for group in IDS.finditer(match["title"]) for one in re.split(r",\s*", group["ids"])]
                if ids:
                    yield f"{file.relative_to(root)}: {IDS.sub('', match['title']).strip()}", ids


def _print_missing(promises: dict[str, str], proofs: Proofs) -> None:
    for feature, text in promises.items():
        if feature not in proofs:
            print(f"{feature:4} {_short(text)}")


def _print_all(promises: dict[str, str], proofs: Proofs) -> None:
    for feature, text in promises.items():
        print(f"{feature:4} {_short(text)}")
        # One test with many parameters is one line with a count.
        for name, times in sorted(Counter(proofs.get(feature, [])).items()):
            print(f"       {name}" + (f"  ×{times}" if times > 1 else ""))
    proven = sum(feature in proofs for feature in promises)
    print(f"\n{proven} of {len(promises)} lines have a test behind them.")


def _short(text: str) -> str:
    return text if len(text) <= 100 else text[:99].rstrip() + "…"


if __name__ == "__main__":
    main()
