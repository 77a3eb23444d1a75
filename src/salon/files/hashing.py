"""SHA-256 of a file as it streams in.

The state of a hash cannot be stored (``hashlib`` has no way), so it is kept in memory beside the offset that it belongs
to. What has lost it, by a restart or another process, is read once more from disk at the end.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from pathlib import Path
from typing import Any

KEPT = 2000
"""States, of some hundred bytes each."""
PIECE = 1024 * 1024


class Hashes:
    """States of uploads, by the names of their blobs, those used last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[int, Any]] = OrderedDict()

    def take(self, blob: str, offset: int) -> Any:
        """A state that has seen all bytes up to the offset; None when there is none."""
        if offset == 0:
            self._kept.pop(blob, None)
            return hashlib.sha256()
        known = self._kept.pop(blob, None)
        return known[1] if known is not None and known[0] == offset else None

    def keep(self, blob: str, offset: int, state: Any) -> None:
        if state is not None:
            self._kept[blob] = (offset, state)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)

    def forget(self, blob: str) -> None:
        self._kept.pop(blob, None)


def hash_file(path: Path) -> str:
    """Read all of it."""
    state = hashlib.sha256()
    with path.open("rb", buffering=0) as source:
        while piece := source.read(PIECE):
            state.update(piece)
    return state.hexdigest()
