"""The queue as it stands: reading it, arranging it, and telling what changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.dispatch import Context
from salon.core.refusals import Refused
from salon.core.storage import upsert
from salon.core.tables import Room
from salon.floor import contract
from salon.floor.rules import Standing, arrange, places, without
from salon.floor.tables import FloorCounter, FloorItem, FloorSettings

VOTES = "floor.votes"
"""The bell that rings when somebody has voted in any room."""

PAST_SHOWN = 50
"""Of the history, in a snapshot."""

DEFAULTS: dict[str, object] = {
    "min_words": 1,
    "max_words": 20,
    "open_items": 1,
    "cooldown_seconds": 5,
    "order": "came",
    "upvotes": True,
    "approval": False,
    "text": True,
    "voice": True,
}


async def settings_of(session: AsyncSession, room_id: str) -> FloorSettings:
    """The room's settings; new ones, not stored yet, when nobody has changed any."""
    found = await session.get(FloorSettings, room_id, populate_existing=True)
    return found or FloorSettings(room_id=room_id, **DEFAULTS)


def settings_on_wire(settings: FloorSettings) -> contract.Settings:
    return contract.Settings.model_validate({name: getattr(settings, name) for name in contract.Settings.model_fields})


async def next_turn(ctx: Context) -> int:
    """A number for a move or a pinning, larger than all before."""
    return await _count(ctx, turn=1)


async def next_number(ctx: Context) -> int:
    """The number of a new item."""
    return await _count(ctx, number=1)


async def _count(ctx: Context, *, number: int = 0, turn: int = 0) -> int:
    counter = FloorCounter.number if number else FloorCounter.turn
    statement = (
        upsert(ctx.session, FloorCounter)
        .values(room_id=ctx.room.id, number=number, turn=turn)
        .on_conflict_do_update(
            index_elements=["room_id"],
            set_={"number": FloorCounter.number + number, "turn": FloorCounter.turn + turn},
        )
        .returning(counter)
    )
    counted: int = (await ctx.session.execute(statement)).scalar_one()
    return counted


async def hold(ctx: Context) -> None:
    """Nobody else changes this room's queue until the transaction has ended: several servers do it one after the other.

    Before anything that counts items or arranges them is read.
    """
    await ctx.session.execute(select(Room.id).where(Room.id == ctx.room.id).with_for_update())


async def access_item(ctx: Context, item: str, *states: str) -> FloorItem:
    """An item of this very room in one of these states."""
    found = await ctx.session.get(FloorItem, item, populate_existing=True)
    if found is None or found.room_id != ctx.room.id or found.state not in states:
        raise Refused("item_unknown", field="item")
    return found


async def open_items(session: AsyncSession, room_id: str) -> list[FloorItem]:
    """What everyone sees in the queue, in no order."""
    statement = select(FloorItem).where(FloorItem.room_id == room_id, FloorItem.state == "open")
    return list((await session.execute(statement.execution_options(populate_existing=True))).scalars())


async def answered_people(session: AsyncSession, room_id: str) -> set[str]:
    """Everyone of whom something was answered here."""
    statement = select(FloorItem.member_id).where(FloorItem.room_id == room_id, FloorItem.state == "answered")
    return set((await session.execute(statement.distinct())).scalars())


@dataclass
class Queue:
    """The open items of a room in one transaction, and what of them is to be told."""

    ctx: Context
    order: contract.Order
    items: dict[str, FloorItem]
    answered: set[str]
    """People of whom something was answered."""
    changed: set[str] = field(default_factory=set)
    fresh: set[str] = field(default_factory=set)
    """Those that have no place yet."""

    @classmethod
    async def load(cls, ctx: Context, settings: FloorSettings | None = None) -> Queue:
        await ctx.session.flush()
        settings = settings or await settings_of(ctx.session, ctx.room.id)
        order = settings_on_wire(settings).order
        items = {item.id: item for item in await open_items(ctx.session, ctx.room.id)}
        return cls(ctx, order, items, await answered_people(ctx.session, ctx.room.id))

    def standings(self) -> list[Standing]:
        return [
            Standing(
                item.id,
                item.number,
                item.member_id not in self.answered,
                item.told_votes,
                item.pinned,
                item.after,
                item.moved,
                item.taken_at,
            )
            for item in self.items.values()
        ]

    def settle(self) -> None:
        """Give everyone the place that is theirs, and tell the room what changed."""
        line = arrange(self.standings(), self.order)
        old = {each: self.items[each].place for each in line if each not in self.fresh}
        for each, number in places(line, old).items():
            self.items[each].place = number
            self.changed.add(each)
        told = [self.on_wire(self.items[each]) for each in line if each in self.changed]
        if told:
            self.ctx.to_room(contract.ItemsChanged(items=told))

    def add(self, item: FloorItem) -> None:
        """It stands in the queue from now on."""
        item.state, item.place, item.settled_at = "open", 0.0, None
        self.items[item.id] = item
        self.fresh.add(item.id)
        self.changed.add(item.id)

    def lift(self, item: FloorItem) -> None:
        """Take it from its place, to be put elsewhere. Whoever was put behind it stays where they are."""
        followers = without(self.standings(), item.id, self.order)
        for follower, before in followers.items():
            self.items[follower].after = before
        item.pinned = item.moved = item.after = item.taken_at = None
        self.changed.add(item.id)

    def drop(self, item: FloorItem) -> None:
        """It is no longer in the queue."""
        del self.items[item.id]
        self.changed.discard(item.id)

    def remove(self, item: FloorItem) -> None:
        self.lift(item)
        self.drop(item)

    def touch_newcomers(self, people: Iterable[str]) -> None:
        """Whether something of these people was answered has changed."""
        concerned = set(people)
        self.changed |= {item.id for item in self.items.values() if item.member_id in concerned}

    def on_wire(self, item: FloorItem) -> contract.Item:
        return item_on_wire(item, newcomer=item.member_id not in self.answered)


def item_on_wire(item: FloorItem, *, newcomer: bool) -> contract.Item:
    return contract.Item.model_validate(
        {
            "id": item.id,
            "number": item.number,
            "kind": item.kind,
            "body": item.body,
            "person": item.member_id,
            "name": item.name,
            "at": item.asked_at,
            "votes": item.told_votes,
            "pinned": item.pinned is not None,
            "taken_at": item.taken_at,
            "newcomer": newcomer,
            "place": item.place,
        }
    )


def past_on_wire(item: FloorItem) -> contract.PastItem:
    return contract.PastItem.model_validate(
        {
            "id": item.id,
            "number": item.number,
            "kind": item.kind,
            "body": item.body,
            "person": item.member_id,
            "name": item.name,
            "votes": item.votes,
            "at": item.settled_at,
        }
    )


async def count_open(session: AsyncSession, room: Room, member: str | None = None) -> int:
    """Items that wait or stand in the queue; of one person, or of all."""
    statement = (
        select(func.count())
        .select_from(FloorItem)
        .where(FloorItem.room_id == room.id, FloorItem.state.in_(("waiting", "open")))
    )
    if member is not None:
        statement = statement.where(FloorItem.member_id == member)
    counted: int = (await session.execute(statement)).scalar_one()
    return counted


async def past_page(session: AsyncSession, room: str, before: FloorItem | None, limit: int) -> contract.PastPage:
    """What was answered, newest first."""
    statement = select(FloorItem).where(FloorItem.room_id == room, FloorItem.state == "answered")
    if before is not None:
        earlier = and_(FloorItem.settled_at == before.settled_at, FloorItem.number < before.number)
        statement = statement.where(or_(FloorItem.settled_at < before.settled_at, earlier))
    newest = statement.order_by(FloorItem.settled_at.desc(), FloorItem.number.desc()).limit(limit + 1)
    rows = list((await session.execute(newest)).scalars())
    return contract.PastPage(past=[past_on_wire(row) for row in rows[:limit]], more=len(rows) > limit)


async def past_changed(ctx: Context, deleted: Sequence[str] = ()) -> contract.PastChanged:
    """What is told when something leaves the history."""
    await ctx.session.flush()
    page = await past_page(ctx.session, ctx.room.id, None, PAST_SHOWN)
    return contract.PastChanged(past=page.past, deleted=list(deleted))
