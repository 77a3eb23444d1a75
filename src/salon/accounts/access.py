"""Whose account a request is about, and whether it may do what only some may."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.accounts.tables import Account
from salon.core.http import HouseOf, Visit, VisitOf
from salon.core.refusals import Refused
from salon.core.tables import Session

FRESH_MS = 10 * 60 * 1000
"""How long a sign-in stands for a password, for those who have none."""


async def access_own_account(session: AsyncSession, visit: Visit) -> Account:
    """The account that the caller is signed in to, as it is in this transaction."""
    alive = await session.get(Session, visit.session, populate_existing=True)
    account = await session.get(Account, visit.identity, populate_existing=True)
    # The session may have been ended since the request was let in.
    if alive is None or account is None or account.disabled_at is not None:
        raise Refused("sign_in_required")
    return account


async def access_admin(session: AsyncSession, visit: Visit) -> Account:
    """The same, for administrators only. Each transaction that changes something looks anew."""
    account = await access_own_account(session, visit)
    if not account.is_admin:
        raise Refused("forbidden")
    return account


async def access_account(session: AsyncSession, identity: str) -> Account:
    """Anybody's account, for administrators."""
    found = await session.get(Account, identity, populate_existing=True) if _is_id(identity) else None
    if found is None:
        raise Refused("account_unknown")
    return found


async def check_fresh(session: AsyncSession, visit: Visit, now: int) -> None:
    """The caller signed in a short while ago: every sign-in begins a session."""
    began = select(Session.created_at).where(Session.token_hash == visit.session)
    created_at = (await session.execute(began)).scalar_one_or_none()
    if created_at is None or created_at <= now - FRESH_MS:
        raise Refused("sign_in_required", "Sign in once more, then do this within ten minutes.")


async def admin(house: HouseOf, visit: VisitOf) -> Visit:
    """The request of an administrator."""
    async with house.storage.read() as session:
        await access_admin(session, visit)
    return visit


AdminOf = Annotated[Visit, Depends(admin)]


def _is_id(text: str) -> bool:
    return len(text) <= 32 and text.isascii() and text.isprintable()
