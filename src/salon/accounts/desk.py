"""What accounts need for as long as the server runs: password threads, limits, ending of sessions, clearing up."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, func, select

from salon.accounts import links
from salon.accounts.tables import (
    Account,
    AccountToken,
    Attempts,
    AuditEntry,
    HalfSignIn,
    ProviderVisit,
    ResetRequest,
    SecondFactor,
    SignedOut,
)
from salon.accounts.vault import Vault
from salon.core.database.statements import Statement
from salon.core.feature import Service
from salon.core.keys import server_key
from salon.core.security import TokenBuckets, digest
from salon.core.sessions import DAY_MS
from salon.core.tables import Session
from salon.core.writer import Work

if TYPE_CHECKING:
    from salon.core.fanout import Link
    from salon.core.house import House

HOUR_MS = 3600 * 1000

_SIGNED_OUT = Statement(select(SignedOut.id, SignedOut.identity_hash).where(SignedOut.id > bindparam("heard")))
_RESET_ASKED = Statement(select(ResetRequest.id).limit(1))


class Desk(Service):
    """One for each server; ``desk_of`` finds it."""

    def __init__(self, house: House) -> None:
        settings = house.settings
        self.house = house
        self.passwords = house.passwords
        self.sign_ins = _hourly(settings.sign_ins_per_hour)
        self.strange_sign_ins = _hourly(settings.account_sign_ins_per_hour)
        self._sign_ups = _hourly(settings.sign_ups_per_hour)
        self.pictures = asyncio.Semaphore(1)
        """A picture unfolded takes much memory: one at a time."""
        self._vault: Vault | None = None
        self._heard = 0
        self._resets: asyncio.Task[None] | None = None

    @property
    def sign_ups(self) -> TokenBuckets:
        """How often, as it is in force now: administrators may change it."""
        hourly = self.house.settings.sign_ups_per_hour
        self._sign_ups.retune(hourly / 3600, hourly)
        return self._sign_ups

    @property
    def vault(self) -> Vault:
        """For secrets that the server must read again. Its keys are there once the server has started."""
        if self._vault is None:
            raise LookupError("the server has not started")
        return self._vault

    async def start(self) -> None:
        async with self.house.storage.read() as session:
            self._heard = (await session.execute(select(func.max(SignedOut.id)))).scalar_one() or 0
        given = self.house.settings.secret_key
        # What was sealed before a key was given is still opened.
        own = await server_key(self.house, "secrets")
        self._vault = Vault(*([given.get_secret_value()] if given is not None else []), own)

    async def stop(self) -> None:
        if self._resets is not None:
            await asyncio.gather(self._resets, return_exceptions=True)

    # Ending sessions.

    async def end_session(self, work: Work, token_hash: str) -> None:
        """Delete one session and cut its connections."""
        await self.house.sessions.end(work, Session.token_hash == token_hash)
        work.at_commit.append(lambda: _cut(self.house, self.house.fanout.of_session(token_hash)))

    async def end_all(self, work: Work, identity: str) -> None:
        """Sign an identity out everywhere: here with the commit, in other processes within a second. Who has given its
        password and no code yet begins anew."""
        await self.house.sessions.end(work, Session.identity_id == identity)
        await work.session.execute(delete(HalfSignIn).where(HalfSignIn.identity_id == identity))
        work.session.add(SignedOut(identity_hash=digest(identity), at=work.now))
        work.at_commit.append(lambda: _cut(self.house, self.house.fanout.of_owner(identity)))

    async def sweep(self) -> None:
        rows = await self.house.storage.look(_SIGNED_OUT, heard=self._heard)
        if rows:
            self._heard = max(number for number, _ in rows)
            await self._cut_ended({identity_hash for _, identity_hash in rows})
        if await self.house.storage.look(_RESET_ASKED):
            self.answer_resets()

    async def _cut_ended(self, identities: set[str]) -> None:
        """Cut the connections of these identities whose sessions are no more: others began after the ending."""
        theirs = [link for link in self.house.fanout.links.values() if digest(link.identity) in identities]
        async with self.house.storage.read() as session:
            alive = select(Session.token_hash).where(Session.identity_id.in_({link.identity for link in theirs}))
            known = set((await session.execute(alive)).scalars())
        _cut(self.house, [link for link in theirs if link.session not in known])

    # New passwords.

    def answer_resets(self) -> None:
        """Look up those who asked for a new password, apart from their requests, so that these take the same time."""
        if self._resets is None or self._resets.done():
            self._resets = asyncio.create_task(self._answer_resets(), name="resets")

    async def _answer_resets(self) -> None:
        await self.house.writer.run("", lambda work: links.answer_resets(work, self.house))

    async def prune(self, work: Work) -> None:
        now, audit_ms = work.now, self.house.settings.audit_days * DAY_MS
        in_use = select(Account.identity_id).where(Account.second_factor_at.is_not(None))
        for statement in (
            delete(AccountToken).where(AccountToken.expires_at <= now),
            delete(ProviderVisit).where(ProviderVisit.expires_at <= now),
            delete(HalfSignIn).where(HalfSignIn.expires_at <= now),
            delete(SecondFactor).where(
                SecondFactor.created_at <= now - HOUR_MS, SecondFactor.identity_id.not_in(in_use)
            ),
            delete(Attempts).where(Attempts.at <= now - 30 * DAY_MS),
            delete(SignedOut).where(SignedOut.at <= now - HOUR_MS),
            delete(AuditEntry).where(AuditEntry.at <= now - audit_ms),
        ):
            await work.session.execute(statement)


def _hourly(count: int) -> TokenBuckets:
    return TokenBuckets(count / 3600, count)


def _cut(house: House, links: list[Link]) -> None:
    for link in links:
        house.fanout.unfollow(link)
        link.outlet.cut()


def desk_of(house: House) -> Desk:
    return next(each for each in house.services if isinstance(each, Desk))
