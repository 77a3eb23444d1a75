"""How open polls stand, told while people vote; and deadlines, which end them by themselves.

Totals of an open poll are signals, made from what is committed: at most ten times a second for each poll, and less
often where they are long and the room is large. The final ones are in the event of the closing. Deadlines are in the
database: they hold over a restart, and no vote counts after one, however late the closing is told.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, ClassVar

import structlog
from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.database.statements import Statement
from salon.core.dispatch import Context
from salon.core.due import Errand, in_open_room
from salon.core.fanout import Beside, signal
from salon.core.feature import Service
from salon.core.log import StreamKey
from salon.polls import contract, counting
from salon.polls.contract import shapes
from salon.polls.desk import asked, hold, polls_of
from salon.polls.tables import Poll, PollVoter

if TYPE_CHECKING:
    from salon.core.house import House

MERGE_SECONDS = 0.1
SOONEST_SECONDS = 0.02
"""Of a timer that has come a moment too early."""
BYTES_PER_SECOND = 20_000_000
"""Of totals of one poll, to all who are told: long texts in a full room come less often."""
SHARE = 0.25
"""Of the time, telling the totals of one poll takes so much at most."""

logger = structlog.get_logger("salon.polls")

_DUE = Statement(select(Poll.room_id).where(Poll.state == "open", Poll.closes_at <= bindparam("now")).distinct())
_NEXT = Statement(select(func.min(Poll.closes_at)).where(Poll.state == "open"))


class Live(Service):
    """Tells how open polls stand, and closes them in time."""

    of: ClassVar[Beside[Live]] = Beside()
    """By the fan-out, which is all that a transaction knows of its house."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._untold: set[str] = set()
        self._turns = 0
        """Counts what changes who may see totals: what was read before is not told any more."""
        self._not_before: dict[str, float] = {}
        """By poll: when it may be told again, by the event loop's clock."""
        self._task: asyncio.Task[None] | None = None
        self._closing = Errand("poll deadline", self._close_in_time)
        self._timer: asyncio.TimerHandle | None = None
        Live.of[house.fanout] = self

    # What transactions say, for after their commit.

    @staticmethod
    def counted(ctx: Context, poll: str) -> None:
        """Somebody has voted."""
        live = Live.of[ctx.fanout]
        ctx.at_commit(lambda: live._mark(poll))

    @staticmethod
    def turned(ctx: Context, poll: str) -> None:
        """From this commit on others may see the totals, or there are none any more."""
        live = Live.of[ctx.fanout]
        ctx.at_commit(lambda: live._turn(poll))

    @staticmethod
    def timed(ctx: Context) -> None:
        """A poll has a deadline, or another one."""
        live = Live.of[ctx.fanout]
        ctx.after_commit(live._set_timer)

    def _turn(self, poll: str) -> None:
        self._turns += 1
        self._mark(poll)

    def _mark(self, poll: str) -> None:
        self._untold.add(poll)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._tell_soon(), name="polls")

    # The service.

    async def start(self) -> None:
        """What fell due while the server was away is closed now."""
        await self._close_due()
        await self._set_timer()

    async def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        await self._closing.stop()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def sweep(self) -> None:
        await self._close_due()

    # Deadlines.

    async def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        ((first,),) = await self._house.storage.look(_NEXT)
        if first is not None:
            seconds = max(SOONEST_SECONDS, (first - self._house.clock.now()) / 1000)
            self._timer = asyncio.get_running_loop().call_later(seconds, self._fall_due)

    def _fall_due(self) -> None:
        self._timer = None
        self._closing.begin()

    async def _close_in_time(self) -> None:
        await self._close_due()
        await self._set_timer()

    async def _close_due(self) -> None:
        due = await self._house.storage.look(_DUE, now=self._house.clock.now())
        for (room_id,) in due:
            await in_open_room(self._house.dispatcher, room_id, close_due)

    # Totals.

    async def _tell_soon(self) -> None:
        loop = asyncio.get_running_loop()
        while self._untold:
            first = min(self._not_before.get(poll, 0.0) for poll in self._untold)
            await asyncio.sleep(max(0.0, first - loop.time()))
            now = loop.time()
            due = [poll for poll in self._untold if self._not_before.get(poll, 0.0) <= now]
            self._untold.difference_update(due)
            self._not_before = {poll: until for poll, until in self._not_before.items() if until > now}
            for poll in due:
                try:
                    self._not_before[poll] = now + max(MERGE_SECONDS, await self._tell(poll))
                except Exception:
                    logger.exception("totals could not be told")

    async def _tell(self, name: str) -> float:
        """Tell one poll to everyone in its room. Returns for how many seconds that is enough."""
        turns, begun = self._turns, time.perf_counter()
        async with self._house.storage.read() as session:
            poll = await session.get(Poll, name)
            if poll is None or poll.state != "open":
                return 0.0
            tally = await counting.count(session, poll)
            voters = await voters_of(session, poll)
        if turns != self._turns:
            self._untold.add(name)
            return 0.0
        fanout, room_id = self._house.fanout, poll.room_id
        full = signal(contract.TallyNow(live=shapes.Live(poll=name, votes=tally.votes, tally=tally)))
        bare = signal(contract.TallyNow(live=shapes.Live(poll=name, votes=tally.votes, tally=None)))
        hosts = StreamKey("hosts", room_id)
        told = 0
        for link in fanout.of_room(room_id):
            if link.hears:
                entitled = poll.shown or link.person in voters or fanout.follows(link, hosts)
                frames = full if entitled else bare
                told += len(frames)
                link.send(frames)
        return max(told / BYTES_PER_SECOND, (time.perf_counter() - begun) / SHARE)


async def voters_of(session: AsyncSession, poll: Poll) -> frozenset[str]:
    """Who may see the totals because they have voted."""
    if poll.shown or asked(poll).question.visibility != "voted":
        return frozenset()
    voted = select(PollVoter.member_id).where(PollVoter.poll_id == poll.id)
    return frozenset((await session.execute(voted)).scalars())


async def close_due(ctx: Context) -> None:
    """Close what is due in this room by now."""
    await hold(ctx)
    for poll in await polls_of(ctx.session, ctx.room.id):
        if poll.state == "open" and poll.closes_at is not None and poll.closes_at <= ctx.now:
            await counting.close(ctx, poll)
            Live.turned(ctx, poll.id)
