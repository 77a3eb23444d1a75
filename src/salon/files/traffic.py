"""What is under way in this process: uploads and downloads, which can be stopped, how far they are, and named devices.

Membership is looked at when a request begins. When anything about a room's people or files changes, those who are
fetching or sending there are looked at once more, at once; and everybody every few seconds, for what another process
has changed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import structlog

from salon.core.fanout import Beside
from salon.core.feature import Service
from salon.core.refusals import Refused
from salon.files.devices import Devices
from salon.files.hashing import Hashes
from salon.files.progress import Progress
from salon.files.threads import SENDERS, THREADS, Threads

if TYPE_CHECKING:
    from salon.core.fanout import Link
    from salon.core.house import House

T = TypeVar("T")
LOOK_SECONDS = 5
FINISH_SECONDS = 20.0
"""So long is an upload waited for that is being put away: less than proxies have patience for."""

logger = structlog.get_logger("salon.files")


@dataclass(eq=False)
class Transfer:
    """One request that brings or takes bytes."""

    room_id: str
    files: frozenset[str]
    """Which these bytes are of."""
    check: Callable[[], Awaitable[None]]
    """Raises the refusal when this may not go on."""
    upload: bool = False
    task: asyncio.Task[Any] | None = None
    why: Refused | None = None
    ending: Refused | None = None
    """What stops it from now on is of its own making, and this is what it says then."""
    finishing: bool = False
    """All bytes are here: it needs nobody who sends any more, and who asks waits for its end instead of ending it."""
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def stop(self, why: Refused) -> None:
        if self.why is None:
            self.why = self.ending or why
            if self.task is not None:
                self.task.cancel()


class Traffic(Service):
    """All transfers of this process, and what is kept while they run."""

    of: ClassVar[Beside[Traffic]] = Beside()
    sweep_seconds = LOOK_SECONDS

    def __init__(self, house: House) -> None:
        self._house = house
        self._under_way: set[Transfer] = set()
        self._looking: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._stopped = False
        self._threads = Threads(THREADS, "files")
        self._senders = Threads(SENDERS, "sending files")
        self.in_thread = self._threads.do
        """Do it in a thread. What has begun there is waited for, whatever happens to whoever waits."""
        self.taken_in_thread = self._threads.take
        """The same for what must be let go of again."""
        self.in_sender = self._senders.do
        """The same, in one of the few threads that copy files to connections."""
        self.hashes = Hashes()
        self.progress = Progress(house.fanout)
        self.devices = Devices(house.fanout)
        self.on_gone: Callable[[], None] = lambda: None
        """Called when there are bytes to be deleted."""
        Traffic.of[house.fanout] = self

    async def stop(self) -> None:
        self._stopped = True
        for transfer in list(self._under_way):
            transfer.stop(Refused("unavailable", retry_after=1.0))
        tasks = [each.task for each in self._under_way if each.task is not None] + list(self._looking.values())
        await asyncio.gather(*tasks, return_exceptions=True)
        self.progress.stop()
        self.devices.stop()
        self._threads.stop()
        self._senders.stop()

    def greet(self, link: Link) -> None:
        self.progress.tell_all(link)
        self.devices.tell_all(link)

    def depart(self, link: Link) -> None:
        self.devices.depart(link)

    async def sweep(self) -> None:
        for room_id in {each.room_id for each in self._under_way}:
            self.look_again(room_id)

    # Transfers.

    async def run(self, transfer: Transfer, work: Coroutine[Any, Any, T]) -> T:
        """Do the work as long as it may go on. Raises the refusal when it may not any more."""
        task: asyncio.Task[T] = asyncio.create_task(work, name="transfer")
        transfer.task = task
        self._under_way.add(transfer)
        try:
            if transfer.why is not None:
                task.cancel()
            return await task
        except asyncio.CancelledError:
            if transfer.why is not None:
                raise transfer.why from None
            raise
        finally:
            self._under_way.discard(transfer)
            transfer.over.set()

    def upload_of(self, file: str) -> Transfer | None:
        """The request that brings the bytes of this file, if one does."""
        return next((each for each in self._under_way if each.upload and file in each.files), None)

    async def end_upload(self, file: str) -> None:
        """Stop the request that brings its bytes, and return when it has let go of them. One that has them all is
        waited for; refused when that takes long."""
        while (found := self.upload_of(file)) is not None:
            if not found.finishing:
                found.stop(Refused("upload_busy", "Another request has taken this upload up."))
                await found.over.wait()
                continue
            try:
                async with asyncio.timeout(FINISH_SECONDS):
                    await found.over.wait()
            except TimeoutError:
                raise Refused("upload_busy", "It is all here and being put away.", retry_after=1.0) from None

    def file_gone(self, room_id: str, files: Iterable[str]) -> None:
        """They are deleted: nobody sends or fetches them any more."""
        gone = frozenset(files)
        for transfer in list(self._under_way):
            if transfer.room_id == room_id and not gone.isdisjoint(transfer.files):
                transfer.stop(Refused("upload_over" if transfer.upload else "file_unknown"))
        for file in gone:
            self.progress.over(room_id, file)
        self.on_gone()

    def room_gone(self, room_id: str) -> None:
        for transfer in list(self._under_way):
            if transfer.room_id == room_id:
                transfer.stop(Refused("room_closed"))
        self.progress.forget(room_id)
        self.devices.forget(room_id)
        self.on_gone()

    def look_again(self, room_id: str) -> None:
        """Look whether those under way in this room may go on."""
        if self._stopped or not any(each.room_id == room_id for each in self._under_way):
            return
        if room_id in self._looking:
            self._again.add(room_id)
            return
        self._looking[room_id] = asyncio.create_task(self._look(room_id), name="transfers looked at")

    async def _look(self, room_id: str) -> None:
        try:
            while True:
                self._again.discard(room_id)
                for transfer in [each for each in self._under_way if each.room_id == room_id]:
                    try:
                        await transfer.check()
                    except Refused as why:
                        transfer.stop(why)
                if room_id not in self._again:
                    return
        except Exception:
            logger.exception("transfers could not be looked at")
        finally:
            del self._looking[room_id]
