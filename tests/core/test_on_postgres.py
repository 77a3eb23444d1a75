"""Tests of streams, repeats, joins and the chat once more, on PostgreSQL.

``SALON_TEST_DATABASE=postgres`` runs all the others there too.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import pytest

from tests.admission import test_places
from tests.chat import test_direct, test_talk
from tests.core import test_batches, test_repeats, test_statements, test_streams
from tests.people import test_capacity

pytestmark = [
    pytest.mark.real("postgres"),
    pytest.mark.usefixtures("postgres"),
    pytest.mark.xdist_group("postgres"),
]

AGAIN = (test_streams, test_repeats, test_batches, test_statements, test_capacity, test_places, test_direct, test_talk)


def _tests_of(module: ModuleType) -> Iterator[tuple[str, object]]:
    short = module.__name__.rpartition("test_")[2]
    for name, value in vars(module).items():
        if name.startswith("test_") and callable(value):
            yield f"test_{short}_{name.removeprefix('test_')}", value


for again in AGAIN:
    globals().update(_tests_of(again))
