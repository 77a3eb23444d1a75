"""Somebody has their account deleted: what was known of them in rooms goes."""

from __future__ import annotations

from sqlalchemy import delete, select

from salon.core.contract import PeopleOut
from salon.core.dispatch import Context
from salon.core.fanout import signal
from salon.core.tables import Member
from salon.core.writer import Work
from salon.people import contract
from salon.people.tables import Knock

WHO_LEFT = "Somebody who left"


async def forget_person(ctx: Context, member: Member) -> None:
    """The member stays without name and line, for what refers to them. An owner is followed by the first co-host."""
    if member.role == "owner":
        await _pass_on(ctx, member)
    member.role = ctx.room.newcomers
    member.name, member.name_key, member.about, member.picture = WHO_LEFT, member.id, "", None
    if member.status == "in":
        member.status, member.status_at = "left", ctx.now
    member.muted = member.seated = member.present = False
    member.devices, member.lost_at = [], None
    ctx.room.active_at = ctx.now
    ctx.expel(member.identity_id, signal(PeopleOut(reason="left")))


async def _pass_on(ctx: Context, owner: Member) -> None:
    others = select(Member).where(
        Member.room_id == ctx.room.id, Member.role == "cohost", Member.id != owner.id, Member.status.in_(("in", "left"))
    )
    following = (await ctx.session.execute(others.order_by(Member.status, Member.since, Member.id))).scalars().first()
    if following is not None:
        following.role, following.muted = "owner", False
        ctx.refresh(following.identity_id)


async def forget_knocks(work: Work, identity: str) -> None:
    """Whoever is gone does not wait at any door."""
    theirs = delete(Knock).where(Knock.identity_id == identity).returning(Knock.id, Knock.room_id, Knock.state)
    for row in (await work.session.execute(theirs)).all():
        if row.state == "waiting" and row.room_id is not None:
            work.to_hosts(row.room_id, contract.KnockSettled(knock=row.id, outcome="unanswered"))
