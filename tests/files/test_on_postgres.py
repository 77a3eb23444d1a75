"""Files once more, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import pytest

from tests.files import (
    test_chat,
    test_direct,
    test_download,
    test_growing,
    test_quota,
    test_restarts,
    test_room,
    test_tus,
)

pytestmark = [
    pytest.mark.real("postgres"),
    pytest.mark.usefixtures("postgres"),
    pytest.mark.xdist_group("postgres"),
]

AGAIN = (test_tus, test_growing, test_room, test_quota, test_download, test_restarts, test_direct, test_chat)


def _tests_of(module: ModuleType) -> Iterator[tuple[str, object]]:
    short = module.__name__.rpartition("test_")[2]
    for name, value in vars(module).items():
        # A server process has a database of its own.
        if name.startswith("test_") and callable(value) and "sigkill" not in name:
            yield f"test_{short}_{name.removeprefix('test_')}", value


for again in AGAIN:
    globals().update(_tests_of(again))
