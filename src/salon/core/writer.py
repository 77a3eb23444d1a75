"""The only place that commits: jobs wait in a lane, and what has gathered shares the next transaction.

With SQLite all rooms share one lane (there is one writing connection), with PostgreSQL each room has its own, and a
transaction takes what waits in several. In a lane jobs run one after the other in the order of their coming. One that
is refused leaves nothing behind while its neighbours are committed. Events are numbered at the end of the transaction
and handed to the fan-out right after the commit, in the order of their numbers.
"""

from __future__ import annotations

import asyncio
import time
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
from salon.core.database.sqlite import TURN_SECONDS, TooLong
from salon.core.database.transaction import Transaction
from salon.core.refusals import Refused
from salon.core.storage import Storage

T = TypeVar("T")
AfterCommit = Callable[[], Awaitable[None] | None]
BATCH = 256
"""Jobs that share a transaction at most: bounds how long the first of them waits for the last."""

AHEAD_MS = 100
ALL_FAIL = (OperationalError, InterfaceError, TooLong)
"""Faults that are not one job's."""

logger = structlog.get_logger("salon.writer")


@dataclass(slots=True)
class Work:
    """What a job does in its transaction: it reads and writes, and notes what follows.

    A job may have to be done twice (see :meth:`Writer._commit`): it changes nothing but the database and its Work.
    """

    db: Transaction
    now: int
    drafts: list[log.Draft] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    """Rooms whose events are deleted at the end of the transaction, with those that their neighbours still added."""
    at_commit: list[Callable[[], None]] = field(default_factory=list)
    """Done right after the commit and before anything is published: for what must not be delivered any more."""
    after: list[AfterCommit] = field(default_factory=list)
    answered: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)
    """What the job answered, by room, identity and command."""

    @property
    def session(self) -> AsyncSession:
        """The job's own session, for whatever is not worth a :class:`Statement`."""
        return self.db.session

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


@dataclass(slots=True)
class _Waiting:
    job: Job[Any]
    answer: asyncio.Future[Any]
    now: int = 0
    """The time of the job, the same if it has to be done twice."""


@dataclass(slots=True)
class _Done:
    waiting: _Waiting
    work: Work
    result: Any


@dataclass
class _Group:
    """What became of the jobs of a transaction."""

    done: list[_Done] = field(default_factory=list)
    refused: list[tuple[_Waiting, Exception]] = field(default_factory=list)
    entries: list[log.Entry] = field(default_factory=list)


class _Spoilt(Exception):
    """A job failed after it had written something, or the database did not take what was written."""


class Writer:
    """Runs jobs, commits them in groups, and passes on what they told."""

    def __init__(self, storage: Storage, clock: Clock, publish: Callable[[list[log.Entry]], None]) -> None:
        self._storage = storage
        self._clock = clock
        self._publish = publish
        self._lanes: dict[str, deque[_Waiting]] = {}
        """What waits or is being done, by lane. One is here as long as it has anything of both."""
        self._ready: deque[str] = deque()
        """Lanes in which something waits and nothing is being done, the one that has waited longest first."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._working = 0
        self._moment = 0

    def now(self) -> int:
        """The time by the clock that jobs go by, in milliseconds."""
        return self._clock.now()

    async def run(self, room_id: str, job: Job[T]) -> T:
        """Run the job in a transaction. Returns its result after the commit; raises what it raised otherwise."""
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        lane = "" if self._storage.is_sqlite else room_id
        queue = self._lanes.get(lane)
        if queue is None:
            queue = self._lanes[lane] = deque()
            self._ready.append(lane)
            if self._working < self._storage.writers:
                self._working += 1
                task = asyncio.create_task(self._work(), name="writer")
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
        queue.append(_Waiting(job, answer))
        return await answer

    async def close(self) -> None:
        """Wait until everything that was asked for is committed."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _work(self) -> None:
        try:
            await asyncio.sleep(0)  # let the callers of this tick gather
            while self._ready:
                await self._serve(self._next_batch())
        finally:
            self._working -= 1

    async def _serve(self, taken: dict[str, list[_Waiting]]) -> None:
        batch = [waiting for waitings in taken.values() for waiting in waitings]
        try:
            await self._commit(batch)
        finally:
            _fail([waiting for waiting in batch if not waiting.answer.done()], RuntimeError("the writer has ended"))
            for lane in taken:
                if self._lanes[lane]:
                    self._ready.append(lane)
                else:
                    del self._lanes[lane]

    def _next_batch(self) -> dict[str, list[_Waiting]]:
        """What waits in the lanes that have waited longest, each in its order.

        The lanes themselves are in the order of their names, so that several processes lock rows in the same order.
        """
        taken: dict[str, list[_Waiting]] = {}
        left = BATCH
        while self._ready and left:
            lane = self._ready.popleft()
            queue = self._lanes[lane]
            taken[lane] = [queue.popleft() for _ in range(min(len(queue), left))]
            left -= len(taken[lane])
        return dict(sorted(taken.items()))

    async def _commit(self, batch: list[_Waiting]) -> None:
        """Do the jobs, commit, and pass on what they told.

        In most batches nobody fails, or only before having written anything. So there are no savepoints at first; when
        they turn out to be needed, everything is rolled back and done again, each job in a savepoint of its own.
        """
        for waiting in batch:
            waiting.now = self._next_moment()
        try:
            try:
                group = await self._together(batch)
            except (_Spoilt, TooLong):
                group = await self._apart(batch)
        except Exception as error:
            _fail(batch, error)
            return
        # It is committed: whatever goes wrong from here on must not keep the others from hearing of it.
        for each in group.done:
            for act in each.work.at_commit:
                _guarded(act)
        _guarded(lambda: self._publish(group.entries))
        for waiting, why in group.refused:
            if not waiting.answer.done():
                waiting.answer.set_exception(why)
        for each in group.done:
            if each.work.after:
                await _follow_up(each.work.after)
            if not each.waiting.answer.done():
                each.waiting.answer.set_result(each.result)

    async def _together(self, batch: list[_Waiting]) -> _Group:
        """All jobs without savepoints: whoever fails must not have written anything."""
        group = _Group()
        async with self._storage.transaction() as transaction:
            begun = time.perf_counter()
            for waiting in batch:
                if time.perf_counter() > begun + TURN_SECONDS:
                    await asyncio.sleep(0)
                    begun = time.perf_counter()
                transaction.begin_job()
                try:
                    group.done.append(await _attempt(transaction, waiting))
                except ALL_FAIL:
                    raise
                except Exception as error:
                    if isinstance(error, DBAPIError) or not transaction.undo_job():
                        raise _Spoilt from error
                    group.refused.append((waiting, error))
            try:
                await self._number(transaction, group)
            except ALL_FAIL:
                raise
            except Exception as error:
                raise _Spoilt from error
        return group

    async def _apart(self, batch: list[_Waiting]) -> _Group:
        """Each job in a savepoint. A fault of the database ends the whole batch, any other only its job."""
        group = _Group()
        async with self._storage.transaction(patient=True) as transaction:
            for waiting in batch:
                transaction.begin_job()
                try:
                    async with transaction.savepoint():
                        done = await _attempt(transaction, waiting)
                    group.done.append(done)
                except ALL_FAIL:
                    raise
                except Exception as error:
                    group.refused.append((waiting, error))
            await self._number(transaction, group)
        return group

    async def _number(self, transaction: Transaction, group: _Group) -> None:
        """Append what was told to the streams; after this nothing is left to be written."""
        drafts = [draft for each in group.done for draft in each.work.drafts]
        group.entries = await log.append(transaction, drafts, self._moment)
        for room_id in {room_id for each in group.done for room_id in each.work.forgotten}:
            await log.forget(transaction, room_id)
        await transaction.flush()

    def _next_moment(self) -> int:
        """The time of a job: the clock's, but later than that of any job before, so that times tell the order.

        Under more than a thousand jobs a second that would run away from the clock, on which deadlines depend: it
        stays within a tenth of a second, and times may then be alike again.
        """
        now = self._clock.now()
        self._moment = max(now, min(self._moment + 1, now + AHEAD_MS))
        return self._moment


async def _follow_up(acts: list[AfterCommit]) -> None:
    for act in acts:
        try:
            outcome = act()
            if outcome is not None:
                await outcome
        except Exception:
            logger.exception("what follows a commit failed")


async def _attempt(transaction: Transaction, waiting: _Waiting) -> _Done:
    work = Work(transaction, waiting.now)
    result = await waiting.job(work)
    await transaction.end_job()
    transaction.answers.update(work.answered)
    return _Done(waiting, work, result)


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
