"""The roll: who is connected, and telling the room. What many do within a tenth of a second is told as one event."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import bindparam, select, update

from salon.core.accounts import Account
from salon.core.database.statements import Statement
from salon.core.dispatch import Context
from salon.core.door import check_way
from salon.core.feature import Service
from salon.core.refusals import Refused
from salon.core.tables import Member, Room
from salon.people import contract
from salon.people.commands import check_capacity, tell_changed
from salon.people.snapshot import person_of

if TYPE_CHECKING:
    from salon.core.fanout import Link
    from salon.core.house import House
    from salon.core.writer import Work

MERGE_SECONDS = 0.1
"""At most ten updates a second for each room, however many people come and go."""
RETRY_SECONDS = 1.0

logger = structlog.get_logger("salon.people")

# Put together, and known to SQLAlchemy's cache, once: a crowd that comes in costs several of these.
_THESE: Any = bindparam("identities", expanding=True)
_MEMBERS = (
    select(Member)
    .where(Member.room_id == bindparam("of"), Member.identity_id.in_(_THESE), Member.status == "in")
    .order_by(Member.id)
)
_LOST = Statement(
    select(Member.room_id)
    .join(Room, Room.id == Member.room_id)
    .where(Member.lost_at <= bindparam("limit"), Room.closed_at.is_(None))
    .distinct()
)
_PICTURES = select(Account.identity_id, Account.picture_id).where(
    Account.identity_id.in_(_THESE), Account.picture_id.is_not(None)
)


@dataclass
class _Pending:
    """Whose connections changed since the last update of a room, and who waits for being told of."""

    waiting: dict[str, list[asyncio.Future[None]]] = field(default_factory=lambda: defaultdict(list))
    told_at: float = float("-inf")
    task: asyncio.Task[None] | None = None


class Roll(Service):
    """Keeps the members' ``seated``, ``present`` and ``devices`` true to the connections there are."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._rooms: dict[str, _Pending] = {}
        self._stopped = False

    async def start(self) -> None:
        """Whoever was here when the server stopped has the usual grace for coming back."""

        async def begin_grace(work: Work) -> None:
            lost = update(Member).where(Member.seated).values(lost_at=work.now)
            await work.session.execute(lost)

        await self._house.writer.run("", begin_grace)

    async def stop(self) -> None:
        self._stopped = True
        for pending in list(self._rooms.values()):
            if pending.task is not None:
                pending.task.cancel()

    async def arrive(self, link: Link) -> None:
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._mark(link).waiting[link.identity].append(answer)
        await answer

    def depart(self, link: Link) -> None:
        # Connections that go after that are those of whoever was here when the server stopped.
        if link.person is not None and not self._stopped:
            self._mark(link).waiting.setdefault(link.identity, [])

    def _mark(self, link: Link) -> _Pending:
        pending = self._rooms.setdefault(link.room_id, _Pending())
        if pending.task is None:
            pending.task = asyncio.create_task(self._tell_soon(link.room_id, pending))
        return pending

    async def _tell_soon(self, room_id: str, pending: _Pending) -> None:
        """The first change of a quiet room is told at once, the following ones when the tenth of a second is over."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(max(0.0, pending.told_at + MERGE_SECONDS - loop.time()))
            pending.told_at = loop.time()
            waiting, pending.waiting = pending.waiting, defaultdict(list)
            if not await self._tell(room_id, waiting):
                # Nothing is lost: it is told, with what comes meanwhile, when the database is back.
                for identity, answers in waiting.items():
                    pending.waiting[identity].extend(answers)
                await asyncio.sleep(RETRY_SECONDS)
            if not pending.waiting:
                break
        pending.task = None
        if not self._house.fanout.of_room(room_id):
            self._rooms.pop(room_id, None)

    async def _tell(self, room_id: str, waiting: dict[str, list[asyncio.Future[None]]]) -> bool:
        """Write it down and tell the room. False when that was not possible just now."""
        try:
            refusals = await self._house.dispatcher.system(room_id, lambda ctx: self._update(ctx, set(waiting)))
        except Refused as why:
            if why.code == "unavailable":
                return False
            refusals = dict.fromkeys(waiting, why)
        except Exception:
            logger.exception("the roll failed")
            return False
        for identity, answers in waiting.items():
            refused = refusals.get(identity)
            for answer in answers:
                if answer.done():
                    continue
                if refused is None:
                    answer.set_result(None)
                else:
                    answer.set_exception(refused)
        return True

    async def _update(self, ctx: Context, identities: set[str]) -> dict[str, Refused]:
        """Bring the members up to date with their connections. Returns who finds no place."""
        refusals: dict[str, Refused] = {}
        changed: list[Member] = []
        joined: list[str] = []
        pictures = await _pictures(ctx, identities)
        values = {"of": ctx.room.id, "identities": list(identities)}
        for member in (await ctx.session.execute(_MEMBERS, values)).scalars():
            devices = sorted(
                {link.device for link in self._house.fanout.of_identity(ctx.room.id, member.identity_id) if link.person}
            )
            try:
                if await self._settle(ctx, member, devices, pictures.get(member.identity_id)):
                    changed.append(member)
                    if not member.present:
                        member.present, member.since = True, ctx.now
                        joined.append(member.id)
            except Refused as refused:
                refusals[member.identity_id] = refused
        if changed:
            people = [person_of(member) for member in changed]
            ctx.to_room(contract.PeopleChanged(people=people, joined=joined, left=[]))
        return refusals

    async def _settle(self, ctx: Context, member: Member, devices: list[str], picture: str | None) -> bool:
        """Note the member's devices and picture. Returns whether the room must be told."""
        ctx.room.active_at = ctx.now
        if not devices:
            if member.lost_at is None:
                member.lost_at = ctx.now
            news = member.present and member.devices != []
            member.devices = []
            return news
        if not member.seated:
            await check_way(ctx.session, ctx.room, member.identity_id, member)
            await check_capacity(ctx, member.role)
            member.seated = True
        member.lost_at = None
        news = not member.present or member.devices != devices or member.picture != picture
        member.devices, member.picture = devices, picture
        return news

    async def sweep(self) -> None:
        """Whoever was lost for longer than the grace has left."""
        limit = self._house.clock.now() - int(self._house.settings.presence_grace_seconds * 1000)
        for (room_id,) in await self._house.storage.look(_LOST, limit=limit):
            await self._house.dispatcher.system(room_id, lambda ctx: self._let_go(ctx, limit))

    async def _let_go(self, ctx: Context, limit: int) -> None:
        statement = select(Member).where(Member.room_id == ctx.room.id, Member.lost_at <= limit)
        left: list[str] = []
        for member in (await ctx.session.execute(statement.order_by(Member.id))).scalars():
            if self._house.fanout.of_identity(ctx.room.id, member.identity_id) and member.devices:
                continue
            if member.present:
                left.append(member.id)
            member.seated = member.present = False
            member.devices, member.lost_at = [], None
        if left:
            ctx.room.active_at = ctx.now
            ctx.to_room(contract.PeopleChanged(people=[], joined=[], left=left))


async def _pictures(ctx: Context, identities: set[str]) -> dict[str, str]:
    """The accounts' pictures, of those who have one."""
    rows = await ctx.session.execute(_PICTURES, {"identities": list(identities)})
    return {row[0]: row[1] for row in rows if row[1] is not None}


async def show_picture(ctx: Context, identity: str, picture: str | None) -> None:
    """Somebody has another picture, or none, from now on."""
    statement = select(Member).where(Member.room_id == ctx.room.id, Member.identity_id == identity)
    for member in (await ctx.session.execute(statement)).scalars():
        member.picture = picture
        tell_changed(ctx, member)
