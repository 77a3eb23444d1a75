"""Deleting an account: what somebody wrote and was goes, what others built on stays without a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from salon.accounts.adoption import people_here, references, refresh_all
from salon.accounts.desk import Desk
from salon.accounts.second_factor import forget_factor
from salon.accounts.tables import Account, AccountLink, AccountToken, AuditEntry, Picture
from salon.core.dispatch import Context
from salon.core.mail import OutgoingMail
from salon.core.receipts import Receipt
from salon.core.security import new_id
from salon.core.tables import Identity, Member, Room
from salon.core.writer import Work
from salon.people.contract import PeopleChanged

if TYPE_CHECKING:
    from salon.core.house import House


async def erase(work: Work, house: House, desk: Desk, account: Account) -> None:
    """Remove the account and everything of its identity, in all rooms. Its members become somebody who left."""
    session, identity = work.session, account.identity_id
    await desk.end_all(work, identity)
    theirs = select(Member, Room).join(Room, Room.id == Member.room_id).where(Member.identity_id == identity)
    for member, room in (await session.execute(theirs)).all():
        await house.dispatcher.within(work, room, lambda ctx, it=member: _leave_nothing(ctx, house, it))  # type: ignore[misc]
    for feature in house.features:
        if feature.forgets_identity is not None:
            await feature.forgets_identity(work, identity)
    await session.execute(delete(AccountToken).where(AccountToken.identity_id == identity))
    await forget_factor(work, identity)
    await session.execute(delete(AccountLink).where(AccountLink.identity_id == identity))
    if account.picture_id is not None:
        await session.execute(delete(Picture).where(Picture.id == account.picture_id))
    if account.email is not None:
        await session.execute(delete(OutgoingMail).where(OutgoingMail.recipient == account.email))
    await session.delete(account)
    await session.execute(delete(Receipt).where(Receipt.identity_id == identity))
    await _forget_in_audit(work, identity)
    await session.flush()
    await _stand_in(work, identity)


async def _leave_nothing(ctx: Context, house: House, member: Member) -> None:
    here = await people_here(ctx)
    identity, was_present = member.identity_id, member.present
    if ctx.room.closed_at is None:
        for feature in house.features:
            if feature.forgets is not None:
                await feature.forgets(ctx, member)
    # Nothing ties what is left of somebody in one room to what is left in another.
    nobody = await _nobody(ctx.session, ctx.now)
    if ctx.room.creator_id == identity:
        ctx.room.creator_id = nobody
    member.identity_id = nobody
    await ctx.session.flush()
    ctx.forget_events()
    if ctx.room.closed_at is None:
        # One event in any case: what is kept of a room for many goes by the number of its stream.
        ctx.to_room(PeopleChanged(people=[], joined=[], left=[member.id] if was_present else []))
        refresh_all(ctx, here, but=identity)


async def _nobody(session: AsyncSession, now: int) -> str:
    made = Identity(id=new_id(), created_at=now)
    session.add(made)
    await session.flush()
    return made.id


async def _forget_in_audit(work: Work, identity: str) -> None:
    """That something was done stays, but not by whom or from where."""
    by_them = update(AuditEntry).where(AuditEntry.actor == identity)
    await work.session.execute(by_them.values(actor=None, network=None))
    await work.session.execute(update(AuditEntry).where(AuditEntry.subject == identity).values(subject=None))


async def _stand_in(work: Work, identity: str) -> None:
    """Whatever still refers to the identity (a room that was made and never entered) refers to nobody from now on."""
    nobody = await _nobody(work.session, work.now)
    for table, column in references(Identity.__table__):  # type: ignore[arg-type]
        await work.session.execute(update(table).where(table.c[column] == identity).values({column: nobody}))
    await work.session.execute(delete(Identity).where(Identity.id == identity))
