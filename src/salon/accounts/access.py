"""Whose account a request is about, and whether it may do what only some may."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.accounts.tables import Account
from salon.core.admins import AdminOf as AdminOf
from salon.core.admins import access_admin as access_admin
from salon.core.admins import access_own_account as access_own_account
from salon.core.http import Visit
from salon.core.refusals import Refused
from salon.core.tables import Session

FRESH_MS = 10 * 60 * 1000
"""How long after a sign-in one counts as oneself for what matters most."""


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
        raise Refused("proof_required")


def _is_id(text: str) -> bool:
    return len(text) <= 32 and text.isascii() and text.isprintable()
