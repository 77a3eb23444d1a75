"""The only place that commits: jobs wait in a lane, and what has gathered shares the next transaction.

With SQLite all rooms share one lane (there is one writing connection), with PostgreSQL each room has its own. In
a lane jobs run one after the other in the order of their coming; each runs in a savepoint, so that one that is
refused leaves nothing behind while its neighbours are committed. Events are numbered at the end of the
transaction and handed to the fan-out right after the commit, in the order of their numbers.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import structlog
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core import log
from salon.core.clock import Clock
from salon.core.contract import Event
from salon.core.refusals import Refused
from salon.core.storage import Storage

T = TypeVar("T")
AfterCommit = Callable[[], Awaitable[None] | None]
BATCH = 128
"""Jobs that share a transaction at most: bounds how long the first of them waits for the last."""

AHEAD_MS = 100

logger = structlog.get_logger("salon.writer")


@dataclass
class Work:
    """What a job does in its transaction: it reads and writes through ``session``, and notes what follows."""

    session: AsyncSession
    now: int
    drafts: list[log.Draft] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    """Rooms whose events are deleted at the end of the transaction, with those that their neighbours still added."""
    at_commit: list[Callable[[], None]] = field(default_factory=list)
    """Done right after the commit and before anything is published: for what must not be delivered any more."""
    after: list[AfterCommit] = field(default_factory=list)

    def to_room(self, room_id: str, event: Event) -> None:
        self.drafts.append(log.Draft(room_id, log.StreamKey("room", room_id), event))

    def to_hosts(self, room_id: str, event: Event) -> None:
        self.drafts.append(log.Draft(room_id, log.StreamKey("hosts", room_id), event))

    def to_person(self, room_id: str, person: str, event: Event) -> None:
        self.drafts.append(log.Draft(room_id, log.StreamKey("me", person), event))

    def after_commit(self, act: AfterCommit) -> None:
        """Something to do when, and only when, the transaction is committed and its events are on their way."""
        self.after.append(act)


Job = Callable[[Work], Awaitable[T]]


@dataclass
class _Waiting:
    job: Job[Any]
    answer: asyncio.Future[Any]


@dataclass
class _Done:
    waiting: _Waiting
    work: Work
    result: Any


class Writer:
    """Runs jobs, commits them in groups, and passes on what they told."""

    def __init__(self, storage: Storage, clock: Clock, publish: Callable[[list[log.Entry]], None]) -> None:
        self._storage = storage
        self._clock = clock
        self._publish = publish
        self._lanes: dict[str, deque[_Waiting]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._moment = 0

    async def run(self, room_id: str, job: Job[T]) -> T:
        """Run the job in a transaction. Returns its result after the commit; raises what it raised otherwise."""
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        lane = "" if self._storage.is_sqlite else room_id
        queue = self._lanes.get(lane)
        if queue is None:
            queue = self._lanes[lane] = deque()
            task = asyncio.create_task(self._drain(lane, queue), name=f"writer {lane}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        queue.append(_Waiting(job, answer))
        return await answer

    async def close(self) -> None:
        """Wait until everything that was asked for is committed."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _drain(self, lane: str, queue: deque[_Waiting]) -> None:
        try:
            await asyncio.sleep(0)  # let the callers of this tick gather
            while queue:
                batch = [queue.popleft() for _ in range(min(len(queue), BATCH))]
                await self._commit(batch)
        finally:
            del self._lanes[lane]
            _fail(list(queue), RuntimeError("the lane has ended"))

    async def _commit(self, batch: list[_Waiting]) -> None:
        done: list[_Done] = []
        entries: list[log.Entry] = []
        try:
            async with self._storage.transaction() as session:
                for waiting in batch:
                    finished = await self._attempt(session, waiting, self._next_moment())
                    if finished is not None:
                        done.append(finished)
                drafts = [draft for each in done for draft in each.work.drafts]
                entries = await log.append(session, drafts, self._moment)
                for room_id in {room_id for each in done for room_id in each.work.forgotten}:
                    await log.forget(session, room_id)
        except Exception as error:
            _fail(batch, error)
            return
        # It is committed: whatever goes wrong from here on must not keep the others from hearing of it.
        for each in done:
            for act in each.work.at_commit:
                _guarded(act)
        _guarded(lambda: self._publish(entries))
        for each in done:
            await self._follow_up(each)

    def _next_moment(self) -> int:
        """The time of a job: the clock's, but later than that of any job before, so that times tell the order.

        Under more than a thousand jobs a second that would run away from the clock, on which deadlines depend: it
        stays within a tenth of a second, and times may then be alike again.
        """
        now = self._clock.now()
        self._moment = max(now, min(self._moment + 1, now + AHEAD_MS))
        return self._moment

    async def _attempt(self, session: AsyncSession, waiting: _Waiting, now: int) -> _Done | None:
        """Run one job in a savepoint. A fault of the database ends the whole batch, any other only this job."""
        work = Work(session, now)
        try:
            async with session.begin_nested():
                result = await waiting.job(work)
                await session.flush()
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            session.expire_all()
            if not waiting.answer.done():
                waiting.answer.set_exception(error)
            return None
        return _Done(waiting, work, result)

    async def _follow_up(self, each: _Done) -> None:
        for act in each.work.after:
            try:
                outcome = act()
                if outcome is not None:
                    await outcome
            except Exception:
                logger.exception("what follows a commit failed")
        if not each.waiting.answer.done():
            each.waiting.answer.set_result(each.result)


def _guarded(act: Callable[[], None]) -> None:
    try:
        act()
    except Exception:
        logger.exception("what follows a commit failed")


def _fail(batch: list[_Waiting], error: Exception) -> None:
    if not batch:
        return
    if isinstance(error, DBAPIError):
        logger.error("nothing was committed", reason=str(error.orig))
    else:
        logger.error("nothing was committed", exc_info=error)
    for waiting in batch:
        if not waiting.answer.done():
            waiting.answer.set_exception(Refused("unavailable", retry_after=1.0))
