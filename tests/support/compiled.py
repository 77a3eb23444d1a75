"""What SQLAlchemy compiles is kept for all databases of a test run: each test has a new one, and a sixth of its time
went into compiling the same statements again.
"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from salon.core.storage import Storage


class Compiled(dict[Any, Any]):
    """As a ``compiled_cache``. Its keys begin with the dialect; those of a kind are set up alike here."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_alike(key), default)

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(_alike(key))

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(_alike(key), value)


def _alike(key: tuple[Any, ...]) -> tuple[Any, ...]:
    return (type(key[0]), *key[1:])


@pytest.fixture(scope="session", autouse=True)
def compile_once() -> None:
    kept = Compiled()
    plain = Storage.__init__

    def with_kept(self: Storage, url: str) -> None:
        plain(self, url)
        engines: tuple[AsyncEngine, ...] = (self._writer, self._reader)
        for engine in engines:
            engine.sync_engine.update_execution_options(compiled_cache=kept)

    Storage.__init__ = with_kept  # type: ignore[method-assign]
