"""How many mails somebody may cause in a day: to plan is to have the server write to strangers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from salon.core.accounts import Account
from salon.core.refusals import Refused
from salon.core.sessions import DAY_MS
from salon.core.storage import upsert
from salon.core.writer import Work
from salon.plans.tables import MailCount

if TYPE_CHECKING:
    from salon.core.house import House

UNPROVEN = 20
"""For an account whose own address is not proven: they are made quickly."""


async def spend(work: Work, house: House, identity: str, mails: int, *, forced: bool = False) -> None:
    """Count mails that a request causes; refused when they are too many. To call something off is always possible."""
    if not mails or not house.mail.can_send:
        return
    if await _count(work, identity, mails) > await _limit(work, house, identity) and not forced:
        tomorrow = (work.now // DAY_MS + 1) * DAY_MS
        raise Refused("mail_limit", retry_after=(tomorrow - work.now) / 1000)


async def afford(work: Work, house: House, identity: str, mails: int) -> bool:
    """Count mails that nobody asked for just now, reminders, if that many are left of the day."""
    if not house.mail.can_send:
        return False
    today = select(MailCount.mails).where(MailCount.identity_id == identity, MailCount.day == work.now // DAY_MS)
    used = (await work.session.execute(today)).scalar_one_or_none() or 0
    if used + mails > await _limit(work, house, identity):
        return False
    await _count(work, identity, mails)
    return True


async def _limit(work: Work, house: House, identity: str) -> int:
    account = await work.session.get(Account, identity)
    proven = account is not None and account.verified_at is not None
    return house.settings.plan_mails_per_day if proven else min(UNPROVEN, house.settings.plan_mails_per_day)


async def _count(work: Work, identity: str, mails: int) -> int:
    statement = (
        upsert(work.session, MailCount)
        .values(identity_id=identity, day=work.now // DAY_MS, mails=mails)
        .on_conflict_do_update(index_elements=["identity_id", "day"], set_={"mails": MailCount.mails + mails})
        .returning(MailCount.mails)
    )
    total: int = (await work.session.execute(statement)).scalar_one()
    return total


async def prune(work: Work) -> None:
    await work.session.execute(delete(MailCount).where(MailCount.day < work.now // DAY_MS))
