"""Where a commit waits for the disk: in the event loop while the disk has shown itself quick, in a thread otherwise.

The way to a thread and back costs a lone command a quarter of its processor time. A solid-state disk has a small
commit written in a tenth of that; on a slow one, the event loop must not stand still for it.
"""

from __future__ import annotations

QUICK_SECONDS = 0.001
"""What a small commit may take in the event loop."""
SLOW_SECONDS = 0.004
"""One that took so long sends those after it to the thread."""
PROVEN = 20
"""So many quick ones in a row, in the thread, and the next may be done in the event loop."""
SMALL = 40
"""Changed rows. More of them take longer to write, and the thread costs little for each."""
CHECKPOINT_EVERY = 100
"""Commits, of which the last is done in the thread in any case: it is the one that may bring the database up to date
with its log, which takes long."""


class Disk:
    """How quick the disk is, by what commits have taken of late."""

    def __init__(self) -> None:
        self._quick_ones = 0
        self._since_checkpoint = 0

    def may_block(self, changes: int) -> bool:
        """Whether the next commit, of so many changed rows, is to be done in the event loop."""
        return changes <= SMALL and self._quick_ones >= PROVEN and self._since_checkpoint < CHECKPOINT_EVERY - 1

    def note(self, changes: int, seconds: float, *, blocked: bool) -> None:
        """What a commit took, in the event loop (``blocked``) or in the thread."""
        self._since_checkpoint = self._since_checkpoint + 1 if blocked else 0
        if blocked:
            if seconds > SLOW_SECONDS:
                self._quick_ones = 0
        elif changes <= SMALL:
            self._quick_ones = self._quick_ones + 1 if seconds <= QUICK_SECONDS else 0
