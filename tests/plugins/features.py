"""`@pytest.mark.feature("C1")`: which lines of docs/features.md a test proves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from toolkit import feature_list


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--feature-marks", metavar="FILE", help="write the feature marks of all tests to FILE")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    marked = [(item, _ids(item)) for item in items]
    target: str | None = config.getoption("--feature-marks")
    if target:
        # `make features` names unknown ids itself, all of them, with the tests that carry them.
        _write(Path(target), marked)
        return
    promises = feature_list.read(config.rootpath / "docs" / "features.md")
    for item, ids in marked:
        if unknown := [one for one in ids if one not in promises]:
            raise pytest.UsageError(f"{item.nodeid}: docs/features.md has no line {', '.join(unknown)}")


def _ids(item: pytest.Item) -> list[str]:
    return sorted({str(one) for mark in item.iter_markers("feature") for one in mark.args})


def _write(target: Path, marked: list[tuple[pytest.Item, list[str]]]) -> None:
    """Test by test, parameters left out; a test with many parameters has its ids once for each of them."""
    marks: dict[str, list[str]] = {}
    for item, ids in marked:
        if ids:
            marks.setdefault(item.nodeid.partition("[")[0], []).extend(ids)
    target.write_text(json.dumps(marks))
