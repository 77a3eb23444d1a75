"""Signing up and in: every way of it ends in ``enter``, with a new session."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from salon.accounts import links
from salon.accounts.adoption import adopt
from salon.accounts.attempts import begin_attempt, forgive, take
from salon.accounts.audit import record
from salon.accounts.desk import Desk, desk_of
from salon.accounts.passwords import accepted
from salon.accounts.rules import account_name, email_address
from salon.accounts.tables import Account, AccountToken, HalfSignIn
from salon.core.http import Visit
from salon.core.refusals import Refused
from salon.core.security import digest
from salon.core.writer import Work

if TYPE_CHECKING:
    from salon.core.house import House

HALF_MS = 5 * 60 * 1000
"""How long one may take for a code after the password."""


async def enter(work: Work, desk: Desk, visit: Visit, account: Account, how: str, network: str | None) -> str:
    """Sign the caller in. What they did as a guest becomes the account's. Returns the new session's token.

    The old session ends in any case, so that a token that somebody planted or saw is worth nothing afterwards.
    """
    if account.disabled_at is not None:
        raise Refused("account_disabled")
    if visit.identity != account.identity_id and await work.session.get(Account, visit.identity) is None:
        await desk.end_all(work, visit.identity)
        await adopt(work, desk.house, visit.identity, account.identity_id)
    else:
        await desk.end_session(work, visit.session)
    record(work.session, work.now, f"account.{how}", actor=account.identity_id, network=network)
    return desk.house.sessions.begin(work, account.identity_id, bearer=visit.bearer).token


@dataclass(frozen=True)
class Entered:
    """A session has begun."""

    account: Account
    token: str


@dataclass(frozen=True)
class Halfway:
    """A code is asked for first (``second_step``)."""

    ticket: str
    expires_at: int


Entry = Entered | Halfway
"""What a right password or link, or a provider's word leads to."""


async def enter_or_ask(
    work: Work, desk: Desk, visit: Visit, account: Account, how: str, network: str | None, *, pair: str | None = None
) -> Entry:
    """Sign the caller in, unless the account has a second factor: then no session begins before a code is given."""
    if account.second_factor_at is None:
        return Entered(account, await enter(work, desk, visit, account, how, network))
    if account.disabled_at is not None:
        raise Refused("account_disabled")
    if how != "sign_in":
        record(work.session, work.now, f"account.{how}", actor=account.identity_id, network=network)
    # As long as a session's: until it is used up it is as good as the password.
    ticket, expires_at = secrets.token_urlsafe(32), work.now + HALF_MS
    work.session.add(
        HalfSignIn(
            ticket_hash=digest(ticket),
            identity_id=account.identity_id,
            bearer=visit.bearer,
            pair=pair,
            tries=0,
            expires_at=expires_at,
        )
    )
    return Halfway(ticket, expires_at)


def new_account(identity: str, name: str, now: int) -> Account:
    """An account with nothing but a name."""
    return Account(
        identity_id=identity,
        email=None,
        email_key=None,
        password_hash=None,
        password_changed_at=None,
        name=name,
        about="",
        theme="auto",
        language="",
        picture_id=None,
        groups=[],
        is_admin=False,
        created_at=now,
        verified_at=None,
        disabled_at=None,
        second_factor_at=None,
    )


async def sign_up(
    house: House, visit: Visit, email: str, password: str, name: str, network: str
) -> tuple[Account, str]:
    """Make the caller's identity an account. Returns it with the new session's token."""
    desk = desk_of(house)
    check_open(house)
    written, key = email_address(email)
    name = account_name(name)
    chosen = await accepted(password, written, key, name)
    take(desk.sign_ups.take(network, house.clock.now()))
    async with desk.passwords.turn():
        hashed = await desk.passwords.hash(chosen)

    async def make(work: Work) -> tuple[Account, str]:
        if await work.session.get(Account, visit.identity) is not None:
            raise Refused("already_signed_in")
        account = new_account(visit.identity, name, work.now)
        account.email, account.email_key = written, key
        account.password_hash, account.password_changed_at = hashed, work.now
        await add_account(work, account)
        await links.send_verification(work, house, account)
        return account, await enter(work, desk, visit, account, "sign_up", network)

    return await house.writer.run("", make)


def check_open(house: House) -> None:
    """People may make accounts themselves."""
    if not house.settings.sign_ups_open:
        raise Refused("sign_ups_closed")


async def add_account(work: Work, account: Account) -> None:
    """Store a new account; its address must be nobody else's."""
    taken = select(Account.identity_id).where(Account.email_key == account.email_key)
    if account.email_key is not None and (await work.session.execute(taken)).first() is not None:
        raise Refused("email_taken", field="email")
    work.session.add(account)
    try:
        await work.session.flush()
    except IntegrityError:
        raise Refused("email_taken", field="email") from None


def own_words(account: Account) -> tuple[str, ...]:
    """What belongs to the person and so makes no password."""
    return account.email or "", account.email_key or "", account.name


async def set_email(work: Work, account: Account, address: str, *, proven: bool) -> None:
    """Give the account another address. Links that went to the old one, or were for it, end."""
    account.email, account.email_key = email_address(address)
    account.verified_at = work.now if proven else None
    taken = select(Account.identity_id).where(
        Account.email_key == account.email_key, Account.identity_id != account.identity_id
    )
    with work.session.no_autoflush:
        if (await work.session.execute(taken)).first() is not None:
            raise Refused("email_taken", field="email")
    try:
        await work.session.flush()
    except IntegrityError:
        raise Refused("email_taken", field="email") from None
    await work.session.execute(delete(AccountToken).where(AccountToken.identity_id == account.identity_id))
    record(work.session, work.now, "account.email", actor=account.identity_id)


async def sign_in(house: House, visit: Visit, email: str, password: str, network: str) -> Entry:
    """Sign the caller in by password, or ask for a code besides. An unknown address and a wrong password take the same
    work and say the same."""
    desk = desk_of(house)
    _, key = email_address(email)
    take(desk.sign_ins.take(network, house.clock.now()))
    async with desk.passwords.turn():
        pair = await begin_attempt(desk, key, network)
        async with house.storage.read() as session:
            account = await find_by_email(session, key)
        hashed = account.password_hash if account is not None else None
        fits = await desk.passwords.fits(hashed, password)
        if account is None or hashed is None or not fits:
            raise Refused("credentials_wrong")
        better = await desk.passwords.hash(password) if desk.passwords.is_outdated(hashed) else hashed

    async def finish(work: Work) -> Entry:
        current = await work.session.get(Account, account.identity_id, populate_existing=True)
        # It may have been changed, or deleted, while the password was checked.
        if current is None or current.password_hash != hashed:
            raise Refused("credentials_wrong")
        current.password_hash = better
        entry = await enter_or_ask(work, desk, visit, current, "sign_in", network, pair=pair)
        await forgive(work, pair, known=isinstance(entry, Entered))
        return entry

    return await house.writer.run("", finish)


async def find_by_email(session: AsyncSession, key: str) -> Account | None:
    return (await session.execute(select(Account).where(Account.email_key == key))).scalar_one_or_none()


async def check_password(desk: Desk, account: Account, password: str, network: str) -> None:
    """The person who is signed in proves that it is them. Guessing is as slow as at the door."""
    async with desk.passwords.turn():
        pair = await begin_attempt(desk, account.identity_id, network)
        if not await desk.passwords.fits(account.password_hash, password):
            raise Refused("credentials_wrong", "That is not the password.", field="password")

    await desk.house.writer.run("", lambda work: forgive(work, pair))
