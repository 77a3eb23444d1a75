"""Who stands at the doors, and for how long: whoever closes the waiting page is off the hosts' card soon."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, or_, select, update

from salon.core.database.statements import Statement
from salon.core.feature import Service
from salon.core.tables import Pass
from salon.core.writer import Work
from salon.people import contract
from salon.people.knocks import bell
from salon.people.snapshot import knock_of
from salon.people.tables import Knock

if TYPE_CHECKING:
    from salon.core.house import House

ANSWER_MS = 3 * 60 * 1000
"""After so long nobody will answer any more."""
KEPT_MS = 24 * 3600 * 1000
"""How long somebody who waited can still see what became of it, and go in when they were accepted."""
AWAY_MS = 20 * 1000
"""Whose page has not asked for so long has gone from the door. A reload, or a short loss of the network, takes less."""

_UNDECIDED = or_(Knock.state == "new", Knock.state == "waiting", Knock.state == "away")
_DUE = Statement(select(Knock.id).where(_UNDECIDED, Knock.asked_at <= bindparam("limit")))


class Door(Service):
    """Sees who goes from the doors, and ends the waiting of those whom nobody answers.

    Whoever waits keeps a question open all the time (``GET /api/knocks/{ticket}``): by that it is known that they are
    there. Only which pages are open now is kept here; what follows from it is in the table.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._asking: Counter[str] = Counter()
        self._seen: dict[str, int] = {}
        """When the page was last heard of, of those that do not ask at this moment."""

    async def start(self) -> None:
        """Whoever waited when the server stopped has the usual time for asking again."""
        async with self._house.storage.read() as session:
            waiting = (await session.execute(select(Knock.id).where(Knock.state == "waiting"))).scalars().all()
        for ticket in waiting:
            self.expect(ticket)

    @contextmanager
    def watching(self, ticket: str) -> Iterator[None]:
        """The page of whoever has this ticket asks, for as long as the block lasts."""
        self._asking[ticket] += 1
        self._seen.pop(ticket, None)
        try:
            yield
        finally:
            self._asking[ticket] -= 1
            if self._asking[ticket] <= 0:
                del self._asking[ticket]
                self.expect(ticket)

    def expect(self, ticket: str) -> None:
        """Their page was heard of just now, and will ask in a moment."""
        if ticket not in self._asking:
            self._seen[ticket] = self._house.clock.now()

    def is_watched(self, ticket: str) -> bool:
        """Whether a page asks at this moment."""
        return ticket in self._asking

    async def sweep(self) -> None:
        await self._end_waiting()
        await self._miss()

    async def prune(self, work: Work) -> None:
        """Who was accepted and has not come since must knock again; who has come is a member."""
        old = delete(Pass).where(Pass.kind == "accepted", Pass.at <= work.now - KEPT_MS)
        await work.session.execute(old)

    async def _miss(self) -> None:
        """Tell the hosts who has gone from the door. Whoever comes back within their time is there again."""
        limit = self._house.clock.now() - AWAY_MS
        gone = [ticket for ticket, seen in self._seen.items() if seen <= limit]
        if not gone:
            return
        async with self._house.storage.read() as session:
            rows = await session.execute(select(Knock.id).where(Knock.id.in_(gone), Knock.state == "waiting"))
            waited = list(rows.scalars())
        if waited:
            await self._house.writer.run("", lambda work: self._note_gone(work, waited))
        for ticket in gone:
            if self._seen.get(ticket, limit + 1) <= limit:
                del self._seen[ticket]
        # Whose page has asked again in this very moment hears of it, and asks once more.
        for ticket in waited:
            self._house.bells.ring(bell(ticket))

    async def _note_gone(self, work: Work, tickets: list[str]) -> None:
        those = [ticket for ticket in tickets if not self.is_watched(ticket)]
        statement = (
            update(Knock)
            .where(Knock.id.in_(those), Knock.state == "waiting")
            .values(state="away")
            .returning(Knock.id, Knock.room_id)
        )
        for row in sorted((await work.session.execute(statement)).all()):
            if row.room_id is not None:
                work.to_hosts(row.room_id, contract.KnockSettled(knock=row.id, outcome="left"))

    async def _end_waiting(self) -> None:
        """Nobody answered: tell the hosts that it is over; those who wait see it too."""
        limit = self._house.clock.now() - ANSWER_MS
        tickets = [ticket for (ticket,) in await self._house.storage.look(_DUE, limit=limit)]
        if tickets:
            await self._house.writer.run("", lambda work: _give_up(work, tickets))
        for ticket in tickets:
            self._house.bells.ring(bell(ticket))
        if tickets:
            await self._house.writer.run("", _forget_old)


def door_of(house: House) -> Door:
    return next(each for each in house.services if isinstance(each, Door))


async def come_back(work: Work, ticket: str) -> None:
    """Whoever had gone from the door is there again, and the hosts see it. Nothing happens to others."""
    statement = update(Knock).where(Knock.id == ticket, Knock.state == "away").values(state="waiting")
    if (await work.session.execute(statement.returning(Knock.id))).first() is None:
        return
    knock = await work.session.get_one(Knock, ticket, populate_existing=True)
    if knock.room_id is not None:
        work.to_hosts(knock.room_id, contract.Knocked(knock=knock_of(knock)))


async def _give_up(work: Work, tickets: list[str]) -> None:
    theirs = update(Knock).where(Knock.id.in_(tickets)).values(state="unanswered", settled_at=work.now)
    seen = theirs.where(Knock.state == "waiting").returning(Knock.id, Knock.room_id)
    for row in sorted((await work.session.execute(seen)).all()):
        if row.room_id is not None:
            work.to_hosts(row.room_id, contract.KnockSettled(knock=row.id, outcome="unanswered"))
    # Of these the hosts know nothing, or know that they have gone.
    await work.session.execute(theirs.where(Knock.state.in_(("new", "away"))))


async def _forget_old(work: Work) -> None:
    await work.session.execute(delete(Knock).where(Knock.created_at <= work.now - KEPT_MS))
