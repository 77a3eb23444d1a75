"""What all tests share."""

from __future__ import annotations

import gc

from hypothesis import HealthCheck, settings

pytest_plugins = [
    "tests.plugins.features",
    "tests.plugins.real_parts",
    "tests.support.fixtures",
    "tests.support.compiled",
]

# How long an example takes on a busy machine says nothing.
settings.register_profile("salon", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("salon")


def pytest_collection_finish() -> None:
    """What was imported stays: whoever looks for garbage, thousands of times, need not look through it."""
    gc.collect()
    gc.freeze()
