"""A guest signs in: what the guest did becomes the account's, in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Table, delete, exists, func, select, update
from sqlalchemy.orm import aliased

from salon.accounts.tables import AuditEntry
from salon.core.contract import STANDING, PeopleOut
from salon.core.dispatch import Context
from salon.core.fanout import signal
from salon.core.log import LoggedEvent, Stream, StreamKey
from salon.core.receipts import Receipt
from salon.core.storage import Base
from salon.core.tables import Identity, Member, Room
from salon.core.writer import Work
from salon.people.contract import PeopleChanged

if TYPE_CHECKING:
    from salon.core.house import House

_WORSE = {"left": 0, "in": 1, "removed": 2, "banned": 3}
"""Who was sent out as a guest is not let in by signing in, nor the other way round."""


async def adopt(work: Work, house: House, guest: str, account: str) -> None:
    """Give everything of the guest's identity to the account's, and forget the guest's."""
    theirs = select(Member, Room).join(Room, Room.id == Member.room_id).where(Member.identity_id == guest)
    for member, room in (await work.session.execute(theirs)).all():
        same = select(Member).where(Member.room_id == room.id, Member.identity_id == account)
        own = (await work.session.execute(same)).scalar_one_or_none()
        if own is None:
            await house.dispatcher.within(work, room, lambda ctx, it=member: _move(ctx, it, account))  # type: ignore[misc]
        else:
            await house.dispatcher.within(work, room, lambda ctx, it=member, to=own: _merge(ctx, house, it, to))  # type: ignore[misc]
    await work.session.flush()
    await _move_receipts(work, guest, account)
    await work.session.execute(update(AuditEntry).where(AuditEntry.actor == guest).values(actor=account))
    for feature in house.features:
        if feature.adopts_identity is not None:
            await feature.adopts_identity(work, guest, account)
    for table, column in references(Identity.__table__):  # type: ignore[arg-type]
        await work.session.execute(update(table).where(table.c[column] == guest).values({column: account}))
    await work.session.execute(delete(Identity).where(Identity.id == guest))


def references(target: Table) -> list[tuple[Table, str]]:
    """Every table and column that refers to this table, of whichever feature."""
    return [
        (table, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table is target
    ]


async def _move(ctx: Context, member: Member, account: str) -> None:
    """The account was not in this room: the guest's member becomes the account's."""
    member.identity_id = account
    if member.seated:
        # The connections come again, as the account's. Until then this is a short loss.
        member.lost_at = ctx.now


async def _merge(ctx: Context, house: House, guest: Member, own: Member) -> None:
    """Both were in this room: the account's member stays, with what the guest's had and did."""
    here = await people_here(ctx)
    for feature in house.features:
        if feature.adopts is not None:
            await feature.adopts(ctx, guest, own)
    _join_rights(own, guest)
    if own.status == "in" and guest.seated and not own.seated:
        own.seated, own.lost_at = True, ctx.now
    if own.status in {"removed", "banned"}:
        own.seated = own.present = False
        own.devices, own.lost_at = [], None
        ctx.expel(own.identity_id, signal(PeopleOut.model_validate({"reason": own.status})))
    identity, guest_id, was_present = guest.identity_id, guest.id, guest.present
    answered = update(Receipt).where(Receipt.room_id == ctx.room.id, Receipt.identity_id == identity)
    await ctx.session.execute(answered.values(answer=func.replace(Receipt.answer, guest_id, own.id)))
    noted = select(AuditEntry).where(
        AuditEntry.subject == ctx.room.id, AuditEntry.detail["person"].as_string() == guest_id
    )
    for entry in (await ctx.session.execute(noted)).scalars().all():
        entry.detail = {**entry.detail, "person": own.id}
    await _move_audit(ctx, guest_id, own.id)
    await ctx.session.flush()
    await ctx.session.delete(guest)
    own_stream = StreamKey("me", guest_id).id
    await ctx.session.execute(delete(LoggedEvent).where(LoggedEvent.stream_id == own_stream))
    await ctx.session.execute(delete(Stream).where(Stream.id == own_stream))
    await ctx.session.flush()
    # Names, counts and authors have changed in many places: everyone looks anew, also those who are away.
    ctx.forget_events()
    # One event in any case: what is kept of a room for many goes by the number of its stream.
    ctx.to_room(PeopleChanged(people=[], joined=[], left=[guest_id] if was_present else []))
    refresh_all(ctx, here, but=identity)


async def _move_audit(ctx: Context, guest: str, own: str) -> None:
    """What hosts did to the guest's member they did to this one."""
    theirs = select(AuditEntry).where(
        AuditEntry.subject == ctx.room.id, AuditEntry.detail["person"].as_string() == guest
    )
    for entry in (await ctx.session.execute(theirs)).scalars():
        entry.detail = {**entry.detail, "person": own}


def _join_rights(own: Member, guest: Member) -> None:
    """The higher role of the two, but also the worse standing: signing in undoes no mute and no ban."""
    own.muted = own.muted or guest.muted
    if STANDING[guest.role] > STANDING[own.role]:  # type: ignore[index]
        own.role = guest.role
    if own.role == "owner":
        # Nobody is above an owner who could lift it.
        own.muted = False
        own.status = "in" if "in" in {own.status, guest.status} else own.status
    else:
        own.status = max(own.status, guest.status, key=_WORSE.__getitem__)
    own.status_at = max(own.status_at, guest.status_at)


async def people_here(ctx: Context) -> list[str]:
    statement = select(Member.identity_id).where(Member.room_id == ctx.room.id, Member.seated, Member.status == "in")
    return list((await ctx.session.execute(statement)).scalars())


def refresh_all(ctx: Context, identities: list[str], *, but: str) -> None:
    """Give everyone who is here a new snapshot."""
    for each in identities:
        if each != but:
            ctx.refresh(each)


async def _move_receipts(work: Work, guest: str, account: str) -> None:
    other = aliased(Receipt)
    both = exists().where(
        other.room_id == Receipt.room_id, other.command_id == Receipt.command_id, other.identity_id == account
    )
    await work.session.execute(delete(Receipt).where(Receipt.identity_id == guest, both))
    await work.session.execute(update(Receipt).where(Receipt.identity_id == guest).values(identity_id=account))
