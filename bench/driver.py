"""A server and the load client side by side, and what each order to the client cost the server."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bench import build
from bench.child import Child, Json
from bench.machine import core_seconds, cores, cpu_seconds, memory_bytes, waited_seconds
from bench.servers import Peer, Server
from toolkit.common import Trouble

TEXT = 120
"""Bytes of text in a message."""
SAMPLE = 4
"""Delivery latency is taken on every fourth connection."""


@dataclass(frozen=True)
class Measured:
    """One order: what the load client saw, and the server's CPU time meanwhile, in seconds."""

    report: Json
    cpu: float
    disturbed: float
    """Share of the time in which the server could have run, and others had its core."""

    @property
    def seconds(self) -> float:
        return float(self.report["seconds"])

    @property
    def per_delivery(self) -> float:
        """Microseconds of CPU for each delivered event."""
        return self.cpu * 1e6 / float(max(1, self.report["delivered"]))

    @property
    def per_command(self) -> float:
        """Microseconds of CPU for each acknowledged command."""
        return self.cpu * 1e6 / float(max(1, self.report["acked"]))

    @property
    def commands(self) -> float:
        """Acknowledged commands a second."""
        return float(self.report["acked"] / self.seconds)

    @property
    def deliveries(self) -> float:
        """Delivered events a second."""
        return float(self.report["delivered"] / self.seconds)

    @property
    def load(self) -> float:
        """How much of one core the server used."""
        return self.cpu / self.seconds


class Driver:
    """Gives orders to a load client that talks to one server."""

    def __init__(self, server: Server, faults: list[str], *, dialect: str | None = None) -> None:
        self.server = server
        self._faults = faults
        dialect = dialect or ("peer" if isinstance(server, Peer) else "salon")
        command = [str(build.program("load")), str(server.port), dialect, str(TEXT), str(SAMPLE)]
        self._client = Child(command, cores()[1])

    def measure(self, order: str) -> Measured:
        before = self._now()
        report = self._client.ask(order)
        cpu, busy, waited = (now - then for now, then in zip(self._now(), before, strict=True))
        # Its threads wait for one another too: what others had is no more than what they used, nor than what it waited.
        others = max(0.0, min(busy - cpu, waited))
        measured = Measured(report, cpu, others / max(report["seconds"], 0.1))
        self._check(order, measured)
        return measured

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.stop()

    def begin(self, order: str) -> None:
        """Give an order without waiting for its end."""
        self._client.tell(order)

    def end(self) -> Json:
        """What the load client saw of the order that was begun."""
        return self._client.answer()

    def connect(self, people: Path, at_once: int = 50) -> Measured:
        came = self.measure(f"connect {people} {at_once}")
        if not came.report["live"]:
            raise Trouble(f"Nobody could come in to {self.server.name}: {self._faults[-1:]}")
        return came

    def settle(self, milliseconds: int = 500) -> None:
        self.measure(f"settle {milliseconds}")

    def _now(self) -> tuple[float, float, float]:
        """Seconds so far: the server's CPU time, its core's, and the server's waiting for it."""
        pid = self.server.pid
        return cpu_seconds(pid), core_seconds(cores()[0]), waited_seconds(pid)

    def memory(self) -> int:
        return memory_bytes(self.server.pid)

    def _check(self, order: str, measured: Measured) -> None:
        """Numbers without gaps, every event to everyone, nobody lost: a fast server that loses events is not fast."""
        report = measured.report
        wrong = {name: report[name] for name in ("gaps", "repeats", "lost", "turned_away", "strange") if report[name]}
        if report["refused"]:
            wrong["refused"] = report["refused"]
        if not report["complete"]:
            wrong["complete"] = False
        if report["delivered"] != report["expected"]:
            wrong |= {"delivered": report["delivered"], "expected": report["expected"]}
        if wrong:
            self._faults.append(f"{self.server.name}, {order.split()[0]}: {wrong}")
