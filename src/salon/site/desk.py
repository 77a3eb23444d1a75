"""What the site needs for as long as it runs: the settings in force, and telling everyone what is new."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.database.statements import Statement
from salon.core.fanout import signal
from salon.core.feature import Service
from salon.core.storage import upsert
from salon.core.writer import Work
from salon.site import contract, limits, reading
from salon.site.tables import Revision

if TYPE_CHECKING:
    from salon.core.house import House

_REVISION = Statement(select(Revision.number))


class SiteDesk(Service):
    """One for each server; ``desk_of`` finds it. What another process changed is in force here within a second."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.configured = limits.in_force(house.settings)
        self._heard = 0

    async def start(self) -> None:
        async with self._house.storage.read() as session:
            self._heard = await self._revision(session)
        await self._apply()

    async def sweep(self) -> None:
        rows = await self._house.storage.look(_REVISION)
        if (rows[0][0] if rows else 0) != self._heard:
            await self._follow()

    async def prune(self, work: Work) -> None:
        await reading.forget_old(work)

    async def changed(self, work: Work) -> None:
        """Something of the site changes in this transaction: it is in force, and told, with the commit."""
        first = upsert(work.session, Revision).values(id=1, number=1)
        again = first.on_conflict_do_update(index_elements=["id"], set_={"number": Revision.number + 1})
        await work.session.execute(again)
        work.after_commit(self._follow)

    async def _revision(self, session: AsyncSession) -> int:
        return (await session.execute(select(Revision.number))).scalar_one_or_none() or 0

    async def _follow(self) -> None:
        async with self._house.storage.read() as session:
            self._heard = await self._revision(session)
        await self._apply()
        await self._tell()

    async def _apply(self) -> None:
        """Everything reads the one object of settings when it needs them."""
        async with self._house.storage.read() as session:
            chosen = await limits.chosen(session)
        for name in limits.NAMES:
            setattr(self._house.settings, name, chosen.get(name, getattr(self.configured, name)))

    async def _tell(self) -> None:
        async with self._house.storage.read() as session:
            news = await reading.current(session, self._house.clock.now())
        frames = signal(contract.Announced(announcements=news))
        for link in list(self._house.fanout.links.values()):
            if link.person is not None:
                link.send(frames)


def desk_of(house: House) -> SiteDesk:
    return next(service for service in house.services if isinstance(service, SiteDesk))
