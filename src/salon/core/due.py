"""What falls due by itself: done by one task at a time, and not in rooms that were closed meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from salon.core.dispatch import Context, Dispatcher
from salon.core.refusals import Refused

logger = structlog.get_logger("salon.due")


async def in_open_room(dispatcher: Dispatcher, room_id: str, job: Callable[[Context], Awaitable[None]]) -> None:
    """Do it to the room, unless that was closed since it was looked up: nothing is due there any more."""
    try:
        await dispatcher.system(room_id, job)
    except Refused as why:
        if why.code not in {"room_closed", "room_unknown"}:
            raise


class Errand:
    """Work that one task does, beside all else, whenever there is some.

    ``work`` does all there is. What is refused, because it cannot be stored just now, is left to the next second's
    sweep; what fails otherwise is logged.
    """

    def __init__(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        self._name = name
        self._work = work
        self._task: asyncio.Task[None] | None = None
        self._again = False
        self._stopped = False

    def begin(self) -> None:
        """There is something to do. Whoever is at it already looks once more: it may have been too late for them."""
        self._again = not self._stopped
        if self._again and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._run(), name=self._name)

    async def stop(self) -> None:
        """Break it off, for good."""
        self._stopped = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        try:
            while self._again:
                self._again = False
                await self._work()
        except Refused:
            return
        except Exception:
            logger.exception("what is due could not be done", errand=self._name)
