"""``salon serve`` on a clock that a test turns: ``turned_server.py FILE serve``; the file holds by how many seconds."""

from __future__ import annotations

import sys
from pathlib import Path

from salon.cli import main
from salon.core.clock import SystemClock
from salon.study import ringing

if __name__ == "__main__":
    file = Path(sys.argv.pop(1))
    now = SystemClock.now

    def turned(self: SystemClock) -> int:
        ahead = file.read_text() if file.exists() else ""
        return now(self) + int(1000 * float(ahead or 0))

    SystemClock.now = turned  # type: ignore[method-assign]
    # The machine's own timers know nothing of it.
    ringing.LONGEST_SECONDS = 0.1
    main()
