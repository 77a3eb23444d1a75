"""What all tests share."""

from __future__ import annotations

pytest_plugins = ["tests.plugins.features", "tests.plugins.real_parts", "tests.support.fixtures"]
