"""Who is invited to a room. Hosts invite by address, or somebody who is there; planned rooms invite theirs."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import BigInteger, ColumnElement, ForeignKey, Index, String, UniqueConstraint, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from salon.core.contract import Invitation, Invited, Uninvited
from salon.core.refusals import Refused
from salon.core.security import new_id
from salon.core.storage import Base
from salon.core.writer import Work

MOST = 500
"""Invitations of one room."""


class RoomInvitation(Base):
    """One person who is invited to one room: by an address, or by who they are."""

    __tablename__ = "room_invitations"
    __table_args__ = (
        UniqueConstraint("room_id", "email_key"),
        Index("room_invitations_email", "email_key"),
        Index("room_invitations_identity", "identity_id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    room_id: Mapped[str] = mapped_column(ForeignKey("rooms.id"))
    email_key: Mapped[str | None] = mapped_column(String(254))
    """As addresses are compared (``accounts.email_address``). It counts for the account that has proven it."""
    identity_id: Mapped[str | None] = mapped_column(ForeignKey("identities.id"))
    label: Mapped[str] = mapped_column(String(400))
    """The address as it was written, or the name that the person had."""
    created_at: Mapped[int] = mapped_column(BigInteger)


async def invite(work: Work, room_id: str, addresses: Iterable[tuple[str, str]]) -> int:
    """Invite by address: each as it was written and as it is compared. Hosts are told of those that are new.

    Returns how many were; refused with ``invalid`` when a room has more than :data:`MOST`.
    """
    labels = {key: written for written, key in addresses}
    known = set(await _keys(work.session, room_id))
    return await _add(work, room_id, [(label, key, None) for key, label in labels.items() if key not in known])


async def invite_identity(work: Work, room_id: str, identity: str, name: str) -> int:
    """Invite somebody by who they are, whether they have an account or not."""
    theirs = RoomInvitation.room_id == room_id, RoomInvitation.identity_id == identity
    if (await work.session.execute(select(RoomInvitation.id).where(*theirs))).first() is not None:
        return 0
    return await _add(work, room_id, [(name, None, identity)])


async def uninvite(work: Work, room_id: str, email_keys: Collection[str]) -> int:
    """Take back invitations by address. Returns how many there were."""
    return await _remove(work, room_id, RoomInvitation.email_key.in_(email_keys))


async def uninvite_ids(work: Work, room_id: str, ids: Collection[str]) -> int:
    """The same by the invitations' own ids."""
    return await _remove(work, room_id, RoomInvitation.id.in_(ids))


async def invitations_of(session: AsyncSession, room_id: str) -> list[Invitation]:
    """All of a room, in the order in which they were made."""
    theirs = select(RoomInvitation).where(RoomInvitation.room_id == room_id)
    rows = (await session.execute(theirs.order_by(RoomInvitation.created_at, RoomInvitation.id))).scalars()
    return [_shown(each) for each in rows]


async def forget_invitations(work: Work, identity: str, email_key: str | None) -> None:
    """Somebody's account is deleted: nothing is kept of where they were invited, also not in what was told to hosts."""
    theirs = [RoomInvitation.identity_id == identity]
    if email_key is not None:
        theirs.append(RoomInvitation.email_key == email_key)
    statement = delete(RoomInvitation).where(or_(*theirs)).returning(RoomInvitation.id, RoomInvitation.room_id)
    for row in (await work.session.execute(statement)).all():
        work.forgotten.append(row.room_id)
        work.to_hosts(row.room_id, Uninvited(invitations=[row.id]))


async def _keys(session: AsyncSession, room_id: str) -> list[str | None]:
    theirs = select(RoomInvitation.email_key).where(RoomInvitation.room_id == room_id)
    return list((await session.execute(theirs)).scalars())


async def _add(work: Work, room_id: str, wanted: list[tuple[str, str | None, str | None]]) -> int:
    if not wanted:
        return 0
    if len(await _keys(work.session, room_id)) + len(wanted) > MOST:
        raise Refused("invalid", f"A room has at most {MOST} invitations.", field="people")
    # By their ids within one moment, as they are listed later.
    ids = sorted(new_id() for _ in wanted)
    made = [
        RoomInvitation(id=each, room_id=room_id, email_key=key, identity_id=identity, label=label, created_at=work.now)
        for each, (label, key, identity) in zip(ids, wanted, strict=True)
    ]
    work.session.add_all(made)
    await work.session.flush()
    work.to_hosts(room_id, Invited(invitations=[_shown(each) for each in made]))
    return len(made)


async def _remove(work: Work, room_id: str, which: ColumnElement[bool]) -> int:
    statement = delete(RoomInvitation).where(RoomInvitation.room_id == room_id, which).returning(RoomInvitation.id)
    gone = sorted((await work.session.execute(statement)).scalars())
    if gone:
        work.to_hosts(room_id, Uninvited(invitations=gone))
    return len(gone)


def _shown(row: RoomInvitation) -> Invitation:
    return Invitation(id=row.id, label=row.label)
