"""Study once more, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import pytest

from tests.study import test_alarms, test_bounds, test_farewell, test_records, test_timers, test_todos

pytestmark = [
    pytest.mark.real("postgres"),
    pytest.mark.usefixtures("postgres"),
    pytest.mark.xdist_group("postgres"),
]

AGAIN = (test_timers, test_todos, test_bounds, test_alarms, test_records, test_farewell)


def _tests_of(module: ModuleType) -> Iterator[tuple[str, object]]:
    short = module.__name__.rpartition("test_")[2]
    for name, value in vars(module).items():
        if name.startswith("test_") and callable(value):
            yield f"test_{short}_{name.removeprefix('test_')}", value


for again in AGAIN:
    globals().update(_tests_of(again))
