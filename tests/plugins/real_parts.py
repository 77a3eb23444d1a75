"""`@pytest.mark.real("chromium")`: tests that need a part which Python does not bring.

Without the part they are skipped, with the reason. Where SALON_REQUIRE_REAL=1 is set, as it is for every
submission, nothing that needs a real part may be skipped, whatever the reason: it fails.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from toolkit import parts

REQUIRED = os.environ.get("SALON_REQUIRE_REAL") == "1"


@functools.cache
def find_part(name: str) -> str | None:
    """Where a real part is on this machine: a program, or for PostgreSQL the folder of its programs."""
    return parts.FINDERS[name]()


@pytest.fixture(scope="session")
def real_part() -> Callable[[str], str]:
    """`real_part("chromium")`: the path of a part, for tests that are marked as needing it."""

    def path(name: str) -> str:
        found = find_part(name)
        if found is None:
            pytest.skip(f"needs {name}, which is not on this machine")
        return found

    return path


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if unknown := [name for name in _parts(item) if name not in parts.FINDERS]:
            raise pytest.UsageError(f"{item.nodeid}: no real part is called {', '.join(unknown)}")


def pytest_runtest_setup(item: pytest.Item) -> None:
    missing = [name for name in _parts(item) if find_part(name) is None]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}, which is not on this machine")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    needed = _parts(item)
    # A test that is expected to fail reports itself as skipped too, but it did run.
    if REQUIRED and needed and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = (
            f"{item.nodeid} needs {', '.join(needed)} and was skipped: {_reason(report)}\n"
            "SALON_REQUIRE_REAL=1 allows no such skip."
        )
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A whole module may skip itself, and then no test of it is ever seen; its text tells what it holds."""
    report = yield
    if REQUIRED and report.skipped and isinstance(collector, pytest.Module) and _mentions_real(collector.path):
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid} has tests that need real parts and skipped itself as a whole."
    return report


def _parts(item: pytest.Item) -> list[str]:
    return sorted({str(name) for mark in item.iter_markers("real") for name in mark.args})


def _reason(report: pytest.TestReport) -> str:
    return report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)


def _mentions_real(file: Path) -> bool:
    return "mark.real(" in file.read_text()
