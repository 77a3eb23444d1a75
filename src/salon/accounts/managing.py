"""What administrators do to accounts, by page or by command line: each step with its line in the audit list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, func, or_, select

from salon.accounts import links, second_factor
from salon.accounts.access import access_account
from salon.accounts.audit import record
from salon.accounts.desk import Desk
from salon.accounts.notices import tell_owner
from salon.accounts.tables import Account
from salon.core.refusals import Refused
from salon.core.text import comparable
from salon.core.writer import Work

if TYPE_CHECKING:
    from salon.core.house import House


async def set_disabled(work: Work, desk: Desk, identity: str, disabled: bool, actor: str | None) -> Account:
    """A disabled account's sessions and connections end at once, and nobody signs in to it."""
    account = await access_account(work.session, identity)
    if disabled and account.is_admin:
        await _check_another_admin(work, account)
    if disabled != (account.disabled_at is not None):
        account.disabled_at = work.now if disabled else None
        record(work.session, work.now, f"user.{'disable' if disabled else 'enable'}", actor=actor, subject=identity)
    if disabled:
        await desk.end_all(work, identity)
    return account


async def set_admin(work: Work, identity: str, admin: bool, actor: str | None) -> Account:
    account = await access_account(work.session, identity)
    if not admin and account.is_admin:
        await _check_another_admin(work, account)
    if admin != account.is_admin:
        account.is_admin = admin
        record(work.session, work.now, f"user.{'admin' if admin else 'no_admin'}", actor=actor, subject=identity)
    return account


async def set_groups(work: Work, identity: str, groups: Sequence[str], actor: str | None) -> Account:
    account = await access_account(work.session, identity)
    account.groups = sorted(set(groups))
    record(work.session, work.now, "user.groups", actor=actor, subject=identity, groups=account.groups)
    return account


async def reset_second_factor(work: Work, desk: Desk, identity: str, actor: str | None) -> Account:
    """For whoever has lost both app and recovery codes: the password is enough again. All sessions end."""
    account = await access_account(work.session, identity)
    await second_factor.switch_off(work, account)
    record(work.session, work.now, "user.second_factor_off", actor=actor, subject=identity)
    tell_owner(work, desk.house, account, "reset")
    await desk.end_all(work, identity)
    return account


async def hand_link(work: Work, house: House, identity: str, actor: str | None) -> str:
    """A link with which somebody chooses a new password, to be handed to them in person."""
    account = await access_account(work.session, identity)
    if account.disabled_at is not None:
        raise Refused("account_disabled")
    record(work.session, work.now, "user.reset_link", actor=actor, subject=identity)
    return await links.new_link(work, house, identity, "handed", links.HANDED_MS)


async def _check_another_admin(work: Work, account: Account) -> None:
    others = select(func.count()).where(
        Account.is_admin, Account.disabled_at.is_(None), Account.identity_id != account.identity_id
    )
    if (await work.session.execute(others)).scalar_one() == 0:
        raise Refused("forbidden", "This is the only administrator. Make somebody else one first.")


def searched(text: str) -> list[ColumnElement[bool]]:
    """Conditions for accounts whose name or address has this in it."""
    sought = text.strip()
    if not sought:
        return []
    like = func.lower(Account.name).contains(sought.lower(), autoescape=True)
    return [or_(like, Account.email_key.contains(comparable(sought), autoescape=True))]
