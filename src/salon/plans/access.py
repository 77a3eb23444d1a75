"""Who may know a plan: its planner, and accounts with a proven address that is invited. For others there is none."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.accounts import Account
from salon.core.admins import access_own_account
from salon.core.http import Visit
from salon.core.refusals import Refused
from salon.plans.occurrences import Rule, Series
from salon.plans.rules import local_time
from salon.plans.tables import Invitee, Plan


@dataclass(frozen=True)
class Seen:
    """A plan, and who looks at it."""

    plan: Plan
    account: Account
    invitee: Invitee | None

    @property
    def mine(self) -> bool:
        return self.plan.planner_id == self.account.identity_id


async def access_plan(session: AsyncSession, visit: Visit, plan_id: str, *, lock: bool = False) -> Seen:
    """The plan, for its planner and invitees. ``lock``: nobody else changes it until the transaction has ended."""
    account = await access_own_account(session, visit)
    plan = None
    if len(plan_id) <= 32 and plan_id.isascii() and plan_id.isprintable():
        plan = await session.get(Plan, plan_id, populate_existing=True, with_for_update=lock or None)
    if plan is None:
        raise Refused("plan_unknown")
    invitee = await find_invitee(session, plan, account)
    if plan.planner_id != account.identity_id and invitee is None:
        raise Refused("plan_unknown")
    return Seen(plan, account, invitee)


async def access_own_plan(session: AsyncSession, visit: Visit, plan_id: str) -> Seen:
    """The plan, to change it: only its planner may, and only until it is over."""
    seen = await access_plan(session, visit, plan_id, lock=True)
    if not seen.mine:
        raise Refused("forbidden", "Only who planned it can change it.")
    return seen


async def find_invitee(session: AsyncSession, plan: Plan, account: Account) -> Invitee | None:
    key = proven_key(account)
    if key is None:
        return None
    statement = select(Invitee).where(Invitee.plan_id == plan.id, Invitee.email_key == key)
    return (await session.execute(statement)).scalar_one_or_none()


def proven_key(account: Account) -> str | None:
    """The account's address as it is compared, if it is proven that mail to it reaches this person."""
    return account.email_key if account.verified_at is not None else None


def known_to(account: Account) -> ColumnElement[bool]:
    """The plans that somebody may know."""
    mine: ColumnElement[bool] = Plan.planner_id == account.identity_id
    key = proven_key(account)
    if key is None:
        return mine
    return mine | Plan.id.in_(select(Invitee.plan_id).where(Invitee.email_key == key))


def series_of(plan: Plan) -> Series:
    rule = None if plan.repeat is None else Rule.of_json(plan.repeat)
    return Series(local_time(plan.start), plan.zone, plan.minutes, rule)
