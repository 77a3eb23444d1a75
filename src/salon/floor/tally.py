"""Votes are told together: at most ten times a second for each room, however many come."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import select

from salon.core.dispatch import Context
from salon.core.feature import Service
from salon.core.refusals import Refused
from salon.core.tables import Room
from salon.floor.queue import VOTES, Queue, hold
from salon.floor.tables import FloorItem

if TYPE_CHECKING:
    from salon.core.house import House

MERGE_SECONDS = 0.1

logger = structlog.get_logger("salon.floor")


class Tally(Service):
    """Tells rooms of votes that were counted. The database knows which those are: a stop in between loses none."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._task: asyncio.Task[None] | None = None
        self._again = False
        self._told_at = float("-inf")
        house.bells.answer(VOTES, self._go)

    async def start(self) -> None:
        await self.tell()

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def sweep(self) -> None:
        """Once more what could not be stored when it was due."""
        if self._again:
            self._go()

    def _go(self) -> None:
        self._again = True
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._tell_soon(), name="tally")

    async def _tell_soon(self) -> None:
        loop = asyncio.get_running_loop()
        while self._again:
            await asyncio.sleep(max(0.0, self._told_at + MERGE_SECONDS - loop.time()))
            self._told_at = loop.time()
            self._again = False
            try:
                await self.tell()
            except Refused:
                self._again = True
                return
            except Exception:
                logger.exception("votes could not be told")

    async def tell(self) -> None:
        untold = (
            select(FloorItem.room_id)
            .join(Room, Room.id == FloorItem.room_id)
            .where(FloorItem.state == "open", FloorItem.votes != FloorItem.told_votes, Room.closed_at.is_(None))
        )
        async with self._house.storage.read() as session:
            rooms = (await session.execute(untold.distinct())).scalars().all()
        for room_id in rooms:
            await self._house.dispatcher.system(room_id, _tell_votes)


async def _tell_votes(ctx: Context) -> None:
    await hold(ctx)
    queue = await Queue.load(ctx)
    for item in queue.items.values():
        if item.told_votes != item.votes:
            item.told_votes = item.votes
            queue.changed.add(item.id)
    if queue.changed:
        queue.settle()
