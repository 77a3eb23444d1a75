"""A client as docs/protocol.md asks for one: it comes back, says what it has seen, and sends again what had no answer.

It tells its :class:`~tests.faults.history.Witness` everything that it does and sees.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.faults.history import Witness
from tests.faults.records import PASSING, Command, Json
from tests.faults.talk import Talk, settle
from tests.faults.wire import Lost, PollingLine, WebSocketLine

FINAL = frozenset({"removed", "banned", "room_closed", "room_unknown", "room_full", "origin_refused", "invalid"})
CONNECT_SECONDS = 10.0
PATIENCE = 45.0
"""Seconds until a test gives up waiting: far more than anything takes."""


@dataclass(frozen=True)
class Pace:
    """How long to wait before coming back, in seconds: between half and all of ``first`` doubled with each failure."""

    first: float = 0.02
    longest: float = 0.5


LIKE_THE_PAGE = Pace(0.4, 5.0)
"""FIRST_DELAY and LONGEST_DELAY of web/src/core/socket.ts."""


class Pending:
    """A command until it is answered for good."""

    def __init__(self, command: Command) -> None:
        self.command = command
        self.flying = False
        self.answered: asyncio.Future[Json] = asyncio.get_running_loop().create_future()


class Client:
    """One device of a person. ``port`` is where it connects: the server's, or that of a passage in front of it."""

    def __init__(
        self,
        witness: Witness,
        token: str,
        port: int,
        *,
        polling: bool = False,
        pace: Pace | None = None,
        seed: int | str = 0,
    ) -> None:
        self.witness = witness
        self.port = port
        self.polling = polling
        self.live = False
        """Welcomed on this connection: what is sent now counts."""
        self.out: str | None = None
        """Why it does not come back: sent away, or refused for good."""
        self.connections = 0
        """How often it was welcomed anew."""
        self._token = token
        self._pace = pace or Pace()
        self._random = random.Random(f"{seed} {witness.name}")
        self._pending: dict[str, Pending] = {}
        self._join: Pending | None = None
        self._talk: Talk | None = None
        self._ghosts: list[Talk] = []
        self._failures = 0
        self._not_before = 0.0
        self._put_off: asyncio.TimerHandle | None = None
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    # What tests do with it.

    def start(self) -> Client:
        """Connect, and go on doing so until :meth:`stop`; again after it was sent out."""
        if self._task is not None:
            self._task.cancel()
        if self._talk is not None:
            self._talk.close()
        self._over()
        self.out = None
        self._failures = 0
        self._task = asyncio.create_task(self._stay_connected(), name=self.witness.name)
        self._task.add_done_callback(self._note_failure)
        return self

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        for talk in (*self._ghosts, *([self._talk] if self._talk else ())):
            talk.close()
        self._over()

    def do(self, word: str, /, **payload: Any) -> Pending:
        """A command. It is sent now, or as soon as that is possible, and again until it is answered."""
        pending = Pending(self.witness.command(word, payload))
        self._pending[pending.command.id] = pending
        self._flush()
        return pending

    async def ask(self, word: str, /, **payload: Any) -> Json:
        """The answer to a command, which may have been sent several times for it."""
        async with asyncio.timeout(PATIENCE):
            return await self.do(word, **payload).answered

    def repeat(self, command: Command) -> None:
        """Send a command again that may have been answered long ago; one that waits for its turn goes on waiting."""
        if self.live and command.sent:
            again = Pending(command)
            settle(again.answered, None)
            self._transmit(again)

    async def look(self) -> None:
        """Return when a fresh snapshot has come, which was asked for by a resume from nothing; or when it is out."""
        seen = len(self.witness.shown)
        while self.out is None and len(self.witness.shown) == seen:
            await self.until(lambda: self.live or self.out, "being let in")
            if (talk := self._talk) is not None:
                talk.ask("resume", {}, lambda _answer: None)
            await self.until(partial(self._has_looked, seen, talk), "a snapshot")

    def _has_looked(self, seen: int, talk: Talk | None) -> bool:
        return len(self.witness.shown) > seen or self._talk is not talk or self.out is not None

    def abandon(self) -> None:
        """Give the connection up without closing it, and make a new one: to the server the old one still exists."""
        if self._talk is not None:
            self._ghosts.append(self._talk)
            self._talk.turn_away()
            self._over()

    @property
    def unanswered(self) -> int:
        return len(self._pending)

    async def until(self, done: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
        """Return when the condition holds; it is looked at whenever something came."""
        try:
            async with asyncio.timeout(patience):
                while not done():
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            state = f"{'' if self.live else 'not '}live, out={self.out}, unanswered: {list(self._pending)}"
            story = self.witness.story()
            raise AssertionError(f"{self.witness.name} waited in vain for {what}; {state}\n{story}") from None

    # Connecting.

    async def _stay_connected(self) -> None:
        while self.out is None:
            try:
                why = await self._one_connection()
            except (Lost, TimeoutError) as error:
                why = str(error)
            self._over()
            self.witness.note("lost", why)
            if why.startswith("broken frame"):
                self.witness.fault(why)
            if self.out is None:
                await asyncio.sleep(self._back_off())

    async def _one_connection(self) -> str:
        """Connect; returns why it ended."""
        async with asyncio.timeout(CONNECT_SECONDS):
            line: WebSocketLine | PollingLine
            line = await (PollingLine if self.polling else WebSocketLine).open(self.port)
        self._talk = talk = Talk(line, self, self._random.randrange(1000))
        talk.start()
        return await talk.ended

    def _back_off(self) -> float:
        """Seconds to wait. With jitter: many clients must not come back in one moment."""
        delay: float = min(self._pace.first * 2.0**self._failures, self._pace.longest)
        self._failures += 1
        wait, self._not_before = max(delay * (1 + self._random.random()) / 2, self._not_before), 0.0
        return wait

    def _over(self) -> None:
        """Acks of this connection will not come."""
        self._talk = None
        self.live = False
        if self._put_off is not None:
            self._put_off.cancel()
            self._put_off = None
        for pending in self._pending.values():
            pending.flying = False
        self._news.set()

    def _note_failure(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            self.witness.fault(f"the client itself failed: {error!r}")
            self.out = "failed"
        self._news.set()

    # What the connection tells: a Hearer.

    def introduce(self) -> Json:
        since = dict(self.witness.seqs)
        self.witness.connects(since or None)
        return {"room": self.witness.room, "token": self._token, **({"since": since} if since else {})}

    def refused(self, refusal: Json) -> None:
        self.witness.note("refused", refusal)
        if refusal.get("code") in FINAL:
            self.out = refusal["code"]
        self._not_before = refusal.get("retry_after", 0.0)
        self._news.set()

    def odd(self, what: str) -> None:
        self.witness.fault(what)

    def word(self, name: str, data: Json) -> None:
        if name == "event":
            self.witness.event(data)
        elif name == "snapshot":
            self.witness.snapshot(data)
            self._welcomed()
        elif name == "resumed":
            self.witness.resumed(data["seqs"])
            self._welcomed()
        elif name == "lobby":
            self.witness.note("lobby")
            self._come_in()
        elif name == "refused":
            self.refused(data)
        elif name == "signal":
            self.witness.note("signal", data)
            if data["type"] == "people.out":
                self.out = data["data"]["reason"]
        else:
            self.odd(f"a word {name!r}")
        self._news.set()

    def _welcomed(self) -> None:
        self._failures = 0
        if not self.live:
            self.connections += 1
        self.live = True
        self._flush()

    def _come_in(self) -> None:
        """Join, before anything else can be done. Who is in the lobby is not in the room: it is a new command."""
        self._failures = 0
        self._join = Pending(self.witness.command("people.join", {"name": self.witness.person}))
        self._transmit(self._join)

    # Commands.

    def _flush(self) -> None:
        if self.live and self._put_off is None:
            for pending in self._pending.values():
                if not pending.flying:
                    self._transmit(pending)

    def _transmit(self, pending: Pending) -> None:
        if self._talk is not None:
            pending.flying = True
            command = pending.command
            self.witness.sends(command)
            self._talk.ask(
                command.word, {"id": command.id, **command.payload}, lambda answer: self._answered(pending, answer)
            )

    def _answered(self, pending: Pending, answer: Json) -> None:
        self.witness.answered(pending.command, answer)
        pending.flying = False
        if not answer["ok"] and answer["code"] in PASSING and not pending.answered.done():
            # All that has no answer goes again, in its order, when the server says that it is worth trying.
            if self._put_off is None:
                seconds = answer.get("retry_after", 1.0)
                self._put_off = asyncio.get_running_loop().call_later(seconds, self._take_up_again)
            return
        self._pending.pop(pending.command.id, None)
        settle(pending.answered, answer)
        self._flush()
        self._news.set()

    def _take_up_again(self) -> None:
        self._put_off = None
        if not self.live and self._join is not None and not self._join.answered.done():
            self._transmit(self._join)
        self._flush()
