"""Whose account a request is of, and whether that is an administrator's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.accounts import Account
from salon.core.http import HouseOf, Visit, VisitOf
from salon.core.refusals import Refused
from salon.core.tables import Session


@dataclass(frozen=True)
class AdminVisit(Visit):
    """The request of an administrator, and what this server asks of them."""

    factor_needed: bool


async def access_own_account(session: AsyncSession, visit: Visit) -> Account:
    """The account that the caller is signed in to, as it is in this transaction."""
    alive = await session.get(Session, visit.session, populate_existing=True)
    account = await session.get(Account, visit.identity, populate_existing=True)
    # The session may have been ended since the request was let in.
    if alive is None or account is None or account.disabled_at is not None:
        raise Refused("sign_in_required")
    return account


async def access_admin(session: AsyncSession, visit: AdminVisit) -> Account:
    """The same, for administrators only. Each transaction that changes something looks anew."""
    account = await access_own_account(session, visit)
    if not account.is_admin:
        raise Refused("forbidden")
    # Switching it on ended all sessions that had begun without it.
    if visit.factor_needed and account.second_factor_at is None:
        raise Refused("second_factor_required")
    return account


async def admin(house: HouseOf, visit: VisitOf) -> AdminVisit:
    """The request of an administrator."""
    asking = AdminVisit(visit.identity, visit.session, visit.bearer, house.settings.admins_need_second_factor)
    async with house.storage.read() as session:
        await access_admin(session, asking)
    return asking


AdminOf = Annotated[AdminVisit, Depends(admin)]
