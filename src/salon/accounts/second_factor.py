"""The second factor of an account: set up, asked for, renewed and switched off.

A code is read outside of the transaction, where recovery codes may take their time in a thread, and used up in it: of
the same code given twice, at the same moment too, one is right.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

import structlog
from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from salon.accounts import codes
from salon.accounts.audit import record
from salon.accounts.desk import Desk
from salon.accounts.notices import tell_owner
from salon.accounts.tables import Account, RecoveryCode, SecondFactor
from salon.core.refusals import Refused
from salon.core.storage import upsert
from salon.core.writer import Work

logger = structlog.get_logger("salon.accounts")

SETUP_MS = 30 * 60 * 1000
"""How long a secret waits for its first code."""


@dataclass(frozen=True)
class Setup:
    """What goes into the app."""

    uri: str
    key: str


@dataclass(frozen=True)
class Given:
    """What somebody typed. With neither it is no code at all, or a recovery code that is not theirs."""

    digits: str | None = None
    recovery: RecoveryCode | None = None


def limit_key(identity: str) -> str:
    """Under which attempts at an account's codes are counted: apart from those at its password."""
    return f"second {identity}"


# Setting up.


async def begin_setup(work: Work, desk: Desk, account: Account) -> Setup:
    """A new secret, which counts once a code of it was given. An earlier one that waits is forgotten."""
    if account.second_factor_at is not None:
        raise Refused("second_factor_on")
    secret = codes.new_secret()
    values = {
        "secret": desk.vault.seal(account.identity_id, secret),
        "created_at": work.now,
        "used_step": 0,
        "warned_at": None,
    }
    made = upsert(work.session, SecondFactor).values(identity_id=account.identity_id, **values)
    await work.session.execute(made.on_conflict_do_update(index_elements=["identity_id"], set_=values))
    host = urlsplit(desk.house.addresses.public_url).hostname or "localhost"
    return Setup(codes.setup_uri(secret, account.email or account.name, host), secret)


async def switch_on(work: Work, desk: Desk, account: Account, given: Given) -> None:
    """The app is ready: here is its first code."""
    if account.second_factor_at is not None:
        raise Refused("second_factor_on")
    waiting = await work.session.get(SecondFactor, account.identity_id, populate_existing=True)
    if waiting is None or waiting.created_at <= work.now - SETUP_MS:
        raise Refused("took_too_long")
    if given.digits is None or not await _use_digits(work, desk, account, given.digits):
        raise Refused("code_wrong", "That is not the code that the app shows now.", field="code")
    account.second_factor_at = work.now
    tell_owner(work, desk.house, account, "on")


# Codes.


async def read_code(desk: Desk, identity: str, text: str) -> Given:
    """What this is, as far as it can be said before the transaction in which it is used up."""
    digits = codes.digits_of(text)
    if digits is not None:
        return Given(digits=digits)
    code = codes.recovery_of(text)
    if code is None:
        return Given()
    async with desk.house.storage.read() as session:
        stored = await session.get(RecoveryCode, (identity, code[: codes.MARK]))
    async with desk.passwords.turn():
        fits = await desk.passwords.fits(stored.code_hash if stored is not None else None, code)
    return Given(recovery=stored if fits else None)


async def use_code(work: Work, desk: Desk, account: Account, given: Given, network: str | None) -> None:
    """Use up the code, or refuse. It must be of the account's, not used before, and of about now."""
    if given.digits is not None and await _use_digits(work, desk, account, given.digits):
        return
    if given.recovery is not None and await _use_recovery(work, given.recovery):
        left = await recovery_left(work.session, account.identity_id)
        record(
            work.session, work.now, "account.recovery_code", actor=account.identity_id, network=network, codes_left=left
        )
        tell_owner(work, desk.house, account, "recovery", left=str(left))
        return
    raise Refused("code_wrong", field="code")


async def _use_digits(work: Work, desk: Desk, account: Account, digits: str) -> bool:
    factor = await work.session.get(SecondFactor, account.identity_id, populate_existing=True)
    if factor is None:
        return False
    secret = desk.vault.open(account.identity_id, factor.secret)
    if secret is None:
        logger.error("the secret of a second factor cannot be read: is secret_key another one?")
        return False
    step = codes.step_of(secret, digits, work.now)
    if step is None:
        return False
    used = (
        update(SecondFactor)
        .where(SecondFactor.identity_id == account.identity_id, SecondFactor.used_step < step)
        # Sealed anew, it is by the key that holds now.
        .values(used_step=step, secret=desk.vault.seal(account.identity_id, secret))
        .returning(SecondFactor.identity_id)
    )
    return (await work.session.execute(used)).first() is not None


async def _use_recovery(work: Work, code: RecoveryCode) -> bool:
    used = (
        update(RecoveryCode)
        .where(
            RecoveryCode.identity_id == code.identity_id,
            RecoveryCode.mark == code.mark,
            # A new set may have one that begins alike.
            RecoveryCode.code_hash == code.code_hash,
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=work.now)
        .returning(RecoveryCode.mark)
    )
    return (await work.session.execute(used)).first() is not None


# Recovery codes.


async def hashed_codes(desk: Desk) -> dict[str, str]:
    """A new set: each code, as it is shown, and its hash."""
    made: dict[str, str] = {}
    async with desk.passwords.turn():
        for shown in codes.new_recovery_codes():
            made[shown] = await desk.passwords.hash(shown.replace("-", ""))
    return made


async def replace_recovery(work: Work, identity: str, made: dict[str, str]) -> None:
    """From now on these hold, and no earlier ones."""
    await work.session.execute(delete(RecoveryCode).where(RecoveryCode.identity_id == identity))
    for shown, hashed in made.items():
        mark = shown[: codes.MARK]
        work.session.add(RecoveryCode(identity_id=identity, mark=mark, code_hash=hashed, used_at=None))


async def recovery_left(session: AsyncSession, identity: str) -> int:
    unused = select(func.count()).where(RecoveryCode.identity_id == identity, RecoveryCode.used_at.is_(None))
    return (await session.execute(unused)).scalar_one()


# Switching off.


async def forget_factor(work: Work, identity: str) -> None:
    """Remove all there is of it, also a secret that waits for its first code."""
    await work.session.execute(delete(RecoveryCode).where(RecoveryCode.identity_id == identity))
    await work.session.execute(delete(SecondFactor).where(SecondFactor.identity_id == identity))


async def switch_off(work: Work, account: Account) -> None:
    if account.second_factor_at is None:
        raise Refused("second_factor_off")
    account.second_factor_at = None
    await forget_factor(work, account.identity_id)
