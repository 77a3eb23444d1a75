"""``salon serve`` with another heartbeat, for tests that wait for it: ``quick_server.py INTERVAL TIMEOUT serve``."""

from __future__ import annotations

import sys
from dataclasses import replace

from salon.cli import main
from salon.core import socket
from salon.core.engine.server import Application, Engine, Limits


class QuickEngine(Engine):
    """``interval`` and ``timeout`` in seconds."""

    interval = timeout = 1.0

    def __init__(self, application: Application, limits: Limits | None = None) -> None:
        quick = replace(limits or Limits(), ping_interval=self.interval, ping_timeout=self.timeout)
        super().__init__(application, quick)


if __name__ == "__main__":
    QuickEngine.interval, QuickEngine.timeout = float(sys.argv.pop(1)), float(sys.argv.pop(1))
    socket.Engine = QuickEngine  # type: ignore[attr-defined]
    main()
