"""The second step of signing in: the password was right, now a code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from salon.accounts.attempts import begin_attempt, forgive, take
from salon.accounts.audit import record
from salon.accounts.desk import Desk, desk_of
from salon.accounts.entering import Entered, enter
from salon.accounts.notices import DAY_MS, tell_owner
from salon.accounts.second_factor import limit_key, read_code, use_code
from salon.accounts.tables import Account, HalfSignIn, SecondFactor
from salon.core.http import Visit
from salon.core.refusals import Refused
from salon.core.security import digest
from salon.core.writer import Work

if TYPE_CHECKING:
    from salon.core.house import House

TRIES = 5
"""Codes for one password given: after them it is to be given again, and its owner hears of it."""


async def half_of(session: AsyncSession, ticket: str | None, bearer: bool, now: int) -> HalfSignIn | None:
    """The sign-in that waits for its code."""
    if not ticket:
        return None
    waiting = select(HalfSignIn).where(
        HalfSignIn.ticket_hash == digest(ticket), HalfSignIn.bearer == bearer, HalfSignIn.expires_at > now
    )
    return (await session.execute(waiting)).scalar_one_or_none()


async def finish_sign_in(house: House, visit: Visit, ticket: str | None, code: str, network: str) -> Entered:
    """Give a code of the app, or a recovery code. It is right once, and then the session begins."""
    desk = desk_of(house)
    take(desk.sign_ins.take(network, house.clock.now()))
    async with house.storage.read() as session:
        half = await half_of(session, ticket, visit.bearer, house.clock.now())
    if half is None:
        raise Refused("took_too_long")
    pair = await begin_attempt(desk, limit_key(half.identity_id), network)
    tries = await house.writer.run("", lambda work: _count_try(work, half))
    given = await read_code(desk, half.identity_id, code)

    async def finish(work: Work) -> Entered:
        account = await _use_half(work, half)
        await use_code(work, desk, account, given, network)
        for counted in (pair, half.pair):
            if counted is not None:
                await forgive(work, counted)
        return Entered(account, await enter(work, desk, visit, account, "sign_in", network))

    try:
        return await house.writer.run("", finish)
    except Refused as refused:
        if refused.code == "code_wrong" and tries >= TRIES:
            await house.writer.run("", lambda work: _give_up(work, desk, half, network))
            raise Refused("took_too_long", "Too many wrong codes. Begin again.") from None
        raise


async def _count_try(work: Work, half: HalfSignIn) -> int:
    """Counted before it is made, so that many at once are no more than that."""
    counted = (
        update(HalfSignIn)
        .where(HalfSignIn.ticket_hash == half.ticket_hash, HalfSignIn.tries < TRIES)
        .values(tries=HalfSignIn.tries + 1)
        .returning(HalfSignIn.tries)
    )
    tries = (await work.session.execute(counted)).scalar_one_or_none()
    if tries is None:
        raise Refused("took_too_long")
    return tries


async def _use_half(work: Work, half: HalfSignIn) -> Account:
    """It is used up, unless what follows is refused."""
    used = (
        delete(HalfSignIn)
        .where(HalfSignIn.ticket_hash == half.ticket_hash, HalfSignIn.expires_at > work.now)
        .returning(HalfSignIn.identity_id)
    )
    identity = (await work.session.execute(used)).scalar_one_or_none()
    # With all sessions what is half done ends: after another password, the end of the account or of its factor.
    if identity is None:
        raise Refused("took_too_long")
    return await work.session.get_one(Account, identity, populate_existing=True)


async def _give_up(work: Work, desk: Desk, half: HalfSignIn, network: str) -> None:
    """Whoever it is has the password: its owner is told, once a day at most."""
    await work.session.execute(delete(HalfSignIn).where(HalfSignIn.ticket_hash == half.ticket_hash))
    account = await work.session.get(Account, half.identity_id, populate_existing=True)
    factor = await work.session.get(SecondFactor, half.identity_id, populate_existing=True)
    if account is None or factor is None:
        return
    record(work.session, work.now, "account.code_guessed", actor=None, subject=account.identity_id, network=network)
    if factor.warned_at is None or factor.warned_at <= work.now - DAY_MS:
        factor.warned_at = work.now
        tell_owner(work, desk.house, account, "guessed")


async def forget_half(work: Work, ticket: str) -> None:
    await work.session.execute(delete(HalfSignIn).where(HalfSignIn.ticket_hash == digest(ticket)))
