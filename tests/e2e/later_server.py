"""``salon serve`` on a clock that is ahead, for tests of what happens in a day: ``later_server.py SECONDS serve``."""

from __future__ import annotations

import sys

from salon.cli import main
from salon.core.clock import SystemClock

if __name__ == "__main__":
    ahead = int(1000 * float(sys.argv.pop(1)))
    now = SystemClock.now
    SystemClock.now = lambda self: now(self) + ahead  # type: ignore[method-assign]
    main()
