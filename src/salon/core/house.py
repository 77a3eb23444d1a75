"""One running server: its parts, how they hang together, and their beginning and end."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import structlog

from salon.core import log, receipts
from salon.core.address import Addresses, Reached
from salon.core.bells import Bells
from salon.core.clock import Clock, SystemClock
from salon.core.dispatch import Dispatcher
from salon.core.fanout import Fanout
from salon.core.feature import Feature, Service
from salon.core.hashing import Passwords
from salon.core.mail import Postman
from salon.core.refusals import Refused
from salon.core.sessions import Sessions
from salon.core.settings import Settings
from salon.core.socket import SocketEdge
from salon.core.storage import Storage
from salon.core.turn import Turn
from salon.core.writer import Work, Writer

logger = structlog.get_logger("salon")

HOUR_MS = 3600 * 1000
PRUNE_EVERY_MS = 60 * 1000
T = TypeVar("T")


class House:
    """Settings, storage, writer, fan-out, edge and the features' services."""

    def __init__(
        self,
        settings: Settings,
        features: Sequence[Feature],
        clock: Clock | None = None,
        reached: Reached | None = None,
    ) -> None:
        self.settings = settings
        self.features = features
        self.clock: Clock = clock or SystemClock()
        self._reached = reached
        self.addresses = Addresses(settings, settings.port, reached)
        self.storage = Storage(settings.database())
        self.fanout = Fanout()
        self.writer = Writer(self.storage, self.clock, self.fanout.publish)
        self.sessions = Sessions(
            self.storage, self.writer, self.clock, settings.session_days, settings.session_max_days
        )
        self.passwords = Passwords(settings.password_memory_mib, settings.password_rounds)
        self.mail = Postman(self)
        self.turn = Turn(self)
        self.services: list[Service] = [self.mail, self.turn]
        self.bells = Bells()
        self.edge = SocketEdge(self)
        self.dispatcher = Dispatcher(
            self.storage, self.writer, self.fanout, self.edge, self.bells, settings, self.activities
        )
        self.services.extend(make(self) for feature in features for make in feature.services)
        self._sweeper: asyncio.Task[None] | None = None
        self._pruned_at = 0
        self._kept: dict[Callable[[House], Any], Any] = {}

    def kept(self, make: Callable[[House], T]) -> T:
        """What ``make`` makes for this house, made once: as the limits that a route counts by."""
        if make not in self._kept:
            self._kept[make] = make(self)
        found: T = self._kept[make]
        return found

    @property
    def activities(self) -> list[str]:
        """The names of what can be switched on and off, in the order of the registry."""
        return [feature.name for feature in self.features if feature.activity]

    async def start(self, port: int | None = None) -> None:
        """Open the database and start the services. ``port`` is the one really listened on."""
        if port is not None:
            self.addresses = Addresses(self.settings, port, self._reached)
        await self.storage.open()
        for service in self.services:
            await service.start()
        self._sweeper = asyncio.create_task(self._sweep_for_ever(), name="sweeper")

    async def farewell(self) -> None:
        """Let go of everyone who waits or is connected, before the server waits for them."""
        self.bells.ring_all()
        await self.edge.stop()

    async def stop(self) -> None:
        """Tell clients to come back, finish what was asked for, close the database."""
        if self._sweeper is not None:
            self._sweeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._sweeper
        await self.farewell()
        for service in self.services:
            await service.stop()
        self.passwords.close()
        await self.writer.close()
        await self.storage.close()

    async def sweep(self, second: int = 0) -> None:
        """Do once what is due in this second; in second 0, as for tests after they turned the clock, all of it."""
        for service in self.services:
            if second % service.sweep_seconds != 0:
                continue
            try:
                await service.sweep()
            except Refused:
                # It cannot be stored just now, which the writer has said: it is still due in a second.
                continue
            except Exception:
                logger.exception("a sweep failed", service=type(service).__name__)
        now = self.clock.now()
        if now - self._pruned_at >= PRUNE_EVERY_MS:
            await self.writer.run("", self._prune)
            self._pruned_at = now

    async def _prune(self, work: Work) -> None:
        await log.prune(work.session, self.settings.log_events)
        await receipts.prune(work.session, work.now - self.settings.receipt_hours * HOUR_MS)
        await self.sessions.prune(work)
        for service in self.services:
            await service.prune(work)

    async def _sweep_for_ever(self) -> None:
        for second in itertools.count():
            await asyncio.sleep(1)
            try:
                await self.sweep(second)
            except Refused:
                continue
            except Exception:
                logger.exception("the sweep failed")
