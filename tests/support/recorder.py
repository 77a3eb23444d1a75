"""What one connection was sent, kept in order and checked while it comes: numbers without gaps, nothing twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

PATIENCE = 15.0
"""Seconds until a test gives up waiting: far more than anything takes, so that a busy machine fails nothing."""

Json = dict[str, Any]


async def eventually(condition: Callable[[], object], what: str) -> None:
    """Wait for something of which no news come: it is looked at again and again, for as long as tests are patient."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not condition():  # noqa: ASYNC110  there is nothing to wait for instead
                await asyncio.sleep(0.005)
    except TimeoutError:
        raise AssertionError(f"waited in vain for {what}") from None


class Recorder:
    """The receiving side of a client."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.got: list[tuple[str, Json]] = []
        self.seqs: dict[str, int] = {}
        """The newest number of each stream that this client knows, as a client keeps it for resuming."""
        self.faults: list[str] = []
        """Events out of order, twice, or after a gap. Must be empty at the end of every test."""
        self._snapshot: Json | None = None
        self._expected: dict[str, int] = {}
        self._news = asyncio.Event()

    def take(self, kind: str, data: Json) -> None:
        self.got.append((kind, data))
        if kind == "snapshot":
            self._snapshot = data
            self.seqs = dict(data["seqs"])
            self._expected = dict(data["seqs"])
        elif kind == "resumed":
            # All up to these numbers follows; streams that are not named are followed no more.
            self.seqs = {stream: self.seqs.get(stream, 0) for stream in data["seqs"]}
            self._expected = dict(self.seqs)
        elif kind == "event":
            self._follow(data)
        self.wake()

    def _follow(self, event: Json) -> None:
        stream, seq = event["stream"], event["seq"]
        if stream not in self._expected:
            self.faults.append(f"{self.name}: an event of {stream}, which is not followed: {event}")
        elif seq != self._expected[stream] + 1:
            self.faults.append(f"{self.name}: {stream} {seq} after {self._expected[stream]}: {event}")
        self._expected[stream] = self.seqs[stream] = seq

    def wake(self) -> None:
        self._news.set()

    def of(self, kind: str) -> list[Json]:
        return [data for each, data in self.got if each == kind]

    @property
    def kinds(self) -> list[str]:
        return [kind for kind, _ in self.got]

    def events(self, *types: str) -> list[Json]:
        """The events of these types, or all."""
        return [event for event in self.of("event") if not types or event["type"] in types]

    def signals(self, *types: str) -> list[Json]:
        return [signal for signal in self.of("signal") if not types or signal["type"] in types]

    @property
    def snapshot(self) -> Json:
        """The newest snapshot."""
        assert self._snapshot is not None, f"{self.name} has no snapshot; got {self.kinds}"
        return self._snapshot

    @property
    def me(self) -> str:
        found: str = self.snapshot["features"]["people"]["me"]
        return found

    @property
    def said(self) -> list[str]:
        """The texts of the room's chat that came as events, in their order."""
        return [event["data"]["message"]["body"] for event in self.events("chat.sent")]

    def forget(self) -> None:
        """Begin a new record; what streams are followed, and up to where, stays."""
        self.got.clear()

    async def until(self, done: Callable[[], object], what: str = "") -> None:
        """Return when the condition holds; it is looked at whenever something came."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not done():
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(
                f"{self.name} waited in vain{f' for {what}' if what else ''}; got {self.kinds}"
            ) from None

    async def has(self, kind: str, count: int = 1) -> Json:
        """Wait for so many of a kind (``lobby``, ``snapshot``, …) and return the last of them."""
        await self.until(lambda: len(self.of(kind)) >= count, f"{count} × {kind}")
        return self.of(kind)[count - 1]

    async def event(self, kind: str, count: int = 1) -> Json:
        """Wait for so many events of a type and return the last of them."""
        await self.until(lambda: len(self.events(kind)) >= count, f"{count} × event {kind}")
        return self.events(kind)[count - 1]

    async def signal(self, kind: str) -> Json:
        await self.until(lambda: self.signals(kind), f"signal {kind}")
        return self.signals(kind)[-1]
