"""Stays follow what people tell of coming and going, in the same transaction."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from salon.attendance.tables import Stay
from salon.core.dispatch import Context, listens
from salon.core.tables import Member
from salon.people.contract import PeopleChanged, Person
from salon.rooms.contract import RoomClosed

WHO_LEFT = "Somebody who left"


@listens(PeopleChanged)
async def follow(event: PeopleChanged, ctx: Context) -> None:
    """A crowd costs as many statements as one person."""
    # The members as they are now: the event was told before they were written.
    await ctx.session.flush()
    if event.joined:
        await begin(ctx, event.joined)
    known = [person for person in event.people if person.id not in set(event.joined)] if event.people else []
    lost = [person.id for person in known if not person.devices]
    if lost:
        going_on = _open(lost).where(Stay.lost_at.is_(None))
        await ctx.session.execute(going_on.values(lost_at=ctx.now, last_seen_at=ctx.now), **_QUIETLY)
    there = {person.id: person for person in known if person.devices}
    if there:
        await _note(ctx, there)
    if event.left:
        await _end(ctx, event.left)


_QUIETLY: dict[str, Any] = {"execution_options": {"synchronize_session": False}}


def _open(members: Collection[str]) -> Any:
    return update(Stay).where(Stay.member_id.in_(members), Stay.left_at.is_(None))


_STAYS: Any = Stay.__table__


def _begin() -> Any:
    under_way = select(Stay.id).where(Stay.member_id == Member.id, Stay.left_at.is_(None)).exists()
    now = bindparam("now", type_=Stay.joined_at.type)
    here = select(Member.room_id, Member.id, Member.name, Member.devices, now, now).where(
        Member.room_id == bindparam("of"), Member.id.in_(bindparam("those", expanding=True)), ~under_way
    )
    columns = ["room_id", "member_id", "name", "devices", "joined_at", "last_seen_at"]
    return insert(_STAYS).from_select(columns, here.order_by(Member.id))


# Put together, and known to SQLAlchemy's cache, once: a crowd that comes in costs several of these.
_BEGIN = _begin()
_BACK = (
    update(_STAYS)
    .where(Stay.member_id.in_(bindparam("those", expanding=True)), Stay.left_at.is_(None), Stay.lost_at.is_not(None))
    .values(lost_at=None, last_seen_at=bindparam("now"))
)


async def begin(ctx: Context, members: Collection[str]) -> None:
    """A stay for each who has none under way, by one statement however many they are."""
    those = {"now": ctx.now, "those": list(members)}
    await ctx.session.execute(_BEGIN, {**those, "of": ctx.room.id})
    # Who was adopted while away has one already.
    await ctx.session.execute(_BACK, those)


async def _note(ctx: Context, people: dict[str, Person]) -> None:
    """They are connected; perhaps by a further kind of device, or under a new name."""
    under_way = select(Stay.id, Stay.member_id, Stay.name, Stay.devices, Stay.lost_at).where(
        Stay.member_id.in_(people), Stay.left_at.is_(None)
    )
    rows = (await ctx.session.execute(under_way)).all()
    back = [row.id for row in rows if row.lost_at is not None]
    if back:
        again = update(Stay).where(Stay.id.in_(back)).values(lost_at=None, last_seen_at=ctx.now)
        await ctx.session.execute(again, **_QUIETLY)
    for row in rows:
        person = people[row.member_id]
        devices = sorted({*row.devices, *person.devices})
        if devices != row.devices or person.name != row.name:
            news = update(Stay).where(Stay.id == row.id).values(devices=devices, name=person.name)
            await ctx.session.execute(news, **_QUIETLY)


async def _end(ctx: Context, members: Collection[str]) -> None:
    """Whoever was lost before has been gone since then, not since the grace ran out."""
    asking = ctx.membership.id if ctx.membership is not None else None
    if asking is not None and asking in members:
        # They said it themselves, so they were here until now.
        await ctx.session.execute(
            _open([asking]).values(left_at=ctx.now, last_seen_at=ctx.now, lost_at=None), **_QUIETLY
        )
    end = func.coalesce(Stay.lost_at, ctx.now)
    await ctx.session.execute(_open(members).values(left_at=end, last_seen_at=end, lost_at=None), **_QUIETLY)


@listens(RoomClosed)
async def forget(_event: RoomClosed, ctx: Context) -> None:
    """A closed room does not remember who was in it. Hosts take it away before."""
    await ctx.session.execute(delete(Stay).where(Stay.room_id == ctx.room.id))


async def adopt(ctx: Context, guest: Member, own: Member) -> None:
    """What the guest stayed, the account's member stayed. Two stays under way become one."""
    session = ctx.session
    await session.flush()
    both = select(Stay).where(Stay.member_id.in_((guest.id, own.id)), Stay.left_at.is_(None)).order_by(Stay.joined_at)
    stays = list((await session.execute(both)).scalars())
    if len(stays) > 1:
        first, *others = stays
        first.devices = sorted({device for stay in stays for device in stay.devices})
        first.last_seen_at = max(stay.last_seen_at for stay in stays)
        first.name = next(stay.name for stay in stays if stay.member_id == own.id)
        lost = [stay.lost_at for stay in stays if stay.lost_at is not None]
        first.lost_at = max(lost) if len(lost) == len(stays) else None
        for stay in others:
            await session.delete(stay)
        await session.flush()
    await session.execute(update(Stay).where(Stay.member_id == guest.id).values(member_id=own.id), **_QUIETLY)


async def forget_name(ctx: Context, member: Member) -> None:
    """How long somebody was here stays, for what others make of it, but not who it was."""
    await ctx.session.flush()
    mine = update(Stay).where(Stay.member_id == member.id)
    end = func.coalesce(Stay.left_at, Stay.lost_at, ctx.now)
    await ctx.session.execute(mine.values(name=WHO_LEFT, devices=[], left_at=end, lost_at=None), **_QUIETLY)


def gone_without_word() -> Any:
    """Stays of people who are not here, and of whom nobody told that they left."""
    return Stay.left_at.is_(None) & Stay.member_id.in_(select(Member.id).where(~Member.seated))


def broken_unnoticed() -> Any:
    lost = select(Member.id).where(Member.lost_at.is_not(None))
    return Stay.left_at.is_(None) & Stay.lost_at.is_(None) & Stay.member_id.in_(lost)


def back_unnoticed() -> Any:
    here = select(Member.id).where(Member.present, Member.lost_at.is_(None))
    return Stay.left_at.is_(None) & Stay.lost_at.is_not(None) & Stay.member_id.in_(here)
