"""Whether somebody comes: said with an account, or by the link in a mail without one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.accounts import Account
from salon.core.http import Visit
from salon.core.refusals import Refused
from salon.core.security import digest
from salon.core.storage import upsert
from salon.core.writer import Work
from salon.plans import shapes
from salon.plans.access import Seen, access_plan
from salon.plans.keys import keys_of
from salon.plans.reading import times
from salon.plans.tables import Invitee, Plan, Silenced

if TYPE_CHECKING:
    from salon.core.house import House


async def answer(work: Work, visit: Visit, plan_id: str, said: shapes.Answer) -> Seen:
    seen = await access_plan(work.session, visit, plan_id, lock=True)
    if seen.invitee is None or seen.mine:
        raise Refused("forbidden", "Only who is invited can answer.")
    _note(work, seen.plan, seen.invitee, said)
    return seen


def _note(work: Work, plan: Plan, invitee: Invitee, said: shapes.Answer) -> None:
    if plan.cancelled_at is not None or plan.last_end <= work.now:
        raise Refused("plan_over")
    if invitee.answer != said:
        invitee.answer, invitee.answered_at = said, work.now


async def look(session: AsyncSession, house: House, token: str, now: int) -> shapes.Invitation:
    """What the link in a mail is about."""
    plan, invitee = await _access_invitation(session, house, token)
    planner = await session.get(Account, plan.planner_id)
    silent = await session.get(Silenced, digest(invitee.email_key)) is not None
    found = times(plan, now)
    return shapes.Invitation.model_validate(
        {
            "title": plan.title,
            "planner": planner.name if planner is not None else "",
            "email": invitee.email,
            "start": plan.start,
            "zone": plan.zone,
            "minutes": plan.minutes,
            "next": None if found.next is None else {"start": found.next.start, "end": found.next.end},
            "state": found.state,
            "answer": invitee.answer,
            "silenced": silent,
        }
    )


async def answer_by_link(work: Work, house: House, asked: shapes.InvitationAnswer) -> None:
    plan, invitee = await _access_invitation(work.session, house, asked.token)
    over = plan.cancelled_at is not None or plan.last_end <= work.now
    # Who wants no more mail can say so at any time.
    if not over or asked.silence is None:
        _note(work, plan, invitee, asked.answer)
    if asked.silence is None:
        return
    hashed = digest(invitee.email_key)
    if asked.silence:
        note = upsert(work.session, Silenced).values(email_hash=hashed, at=work.now).on_conflict_do_nothing()
        await work.session.execute(note)
    else:
        await work.session.execute(delete(Silenced).where(Silenced.email_hash == hashed))


async def _access_invitation(session: AsyncSession, house: House, token: str) -> tuple[Plan, Invitee]:
    invitee_id = keys_of(house).invitee_of(token)
    statement = select(Plan, Invitee).join(Plan, Plan.id == Invitee.plan_id).where(Invitee.id == (invitee_id or ""))
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise Refused("link_expired", "This link leads nowhere any more.", field="token")
    return row[0], row[1]
