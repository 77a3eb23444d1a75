"""The barest C loop: the load client connects to it, and it writes frames made beforehand."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from bench import build, people
from bench.child import Child, Json
from bench.machine import cores, cpu_seconds


class Floor:
    """So many connections to the C loop, whose events have frames of just so many bytes."""

    def __init__(self, folder: Path, clients: int, frame: int) -> None:
        core, load_core = cores()
        self._clients = clients
        self._loop = Child([build.program("floor"), str(frame)], core)
        port = self._loop.answer()["port"]
        self._client = Child([build.program("load"), str(port), "bare", "0", "4"], load_core)
        everyone = people.write_people(folder / "floor.txt", [({}, 0)] * clients)
        self._loop.tell(f"accept {clients}")
        self._client.ask(f"connect {everyone} {clients}")
        self._loop.answer()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.stop()
        self._loop.stop()

    def measure(self, order: str, events: int) -> Json:
        """What the load client saw of an order that makes so many events, and ``cpu``, the loop's seconds."""
        cpu = cpu_seconds(self._loop.pid)
        self._client.tell(f"watch {events * self._clients} 30")
        self._loop.ask(order)
        report = self._client.answer()
        return {"cpu": cpu_seconds(self._loop.pid) - cpu, **report}
