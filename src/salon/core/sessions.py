"""Sessions on the server: whose token is this? Browsers keep theirs in a cookie, bots send it as a bearer token."""

from __future__ import annotations

import contextlib
import secrets
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, bindparam, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.clock import Clock
from salon.core.refusals import Refused
from salon.core.security import digest, new_id
from salon.core.storage import Storage
from salon.core.tables import Identity, Session
from salon.core.writer import Work, Writer

COOKIE = "salon_session"
DAY_MS = 24 * 3600 * 1000
ENDED_KEPT = 10_000
TOUCH_EVERY_MS = 3600 * 1000
"""The time of use is written down this often at most: it only serves to end sessions that nobody uses."""

# Put together, and known to SQLAlchemy's cache, once: everybody who connects is looked up by it.
_VALID = select(Session.token_hash, Session.bearer, Session.identity_id, Session.used_at).where(
    Session.token_hash.in_(bindparam("hashes", expanding=True)),
    Session.used_at > bindparam("used_after"),
    Session.created_at > bindparam("created_after"),
)


@dataclass(frozen=True)
class NewSession:
    identity: str
    token: str


@dataclass(frozen=True)
class Known:
    """``identities``: whose each token is, or None. ``unused_for_long``: hashes of tokens to note as used."""

    identities: list[str | None]
    unused_for_long: list[str]


class Sessions:
    """Opens sessions, and tells whose they are."""

    def __init__(self, storage: Storage, writer: Writer, clock: Clock, days: int, days_at_most: int) -> None:
        self._storage = storage
        self._writer = writer
        self._clock = clock
        self._lifetime = days * DAY_MS
        self._longest = days_at_most * DAY_MS
        self._ended: OrderedDict[str, None] = OrderedDict()

    async def open(self, *, bearer: bool) -> NewSession:
        """A new identity with its first session."""
        made = NewSession(new_id(), secrets.token_urlsafe(32))

        async def store(work: Work) -> None:
            work.session.add(Identity(id=made.identity, created_at=work.now))
            await work.session.flush()
            _add(work, made, bearer=bearer)

        await self._writer.run("", store)
        return made

    def begin(self, work: Work, identity: str, *, bearer: bool) -> NewSession:
        """A new session of an identity that there is: after signing in, always with a new token."""
        made = NewSession(identity, secrets.token_urlsafe(32))
        _add(work, made, bearer=bearer)
        return made

    async def end(self, work: Work, *conditions: ColumnElement[bool]) -> list[str]:
        """Delete the sessions for which this holds, and return their tokens' hashes.

        With the commit they are remembered as ended: a connection whose session was looked up before is then not let
        in after (``has_ended``).
        """
        statement = delete(Session).where(*conditions).returning(Session.token_hash)
        hashes = list((await work.session.execute(statement)).scalars())
        work.at_commit.append(lambda: self._remember(hashes))
        return hashes

    def has_ended(self, token_hash: str) -> bool:
        """Whether this session was ended a short while ago."""
        return token_hash in self._ended

    def _remember(self, hashes: list[str]) -> None:
        self._ended.update(dict.fromkeys(hashes))
        while len(self._ended) > ENDED_KEPT:
            self._ended.popitem(last=False)

    async def identify(self, token: object, *, bearer: bool) -> str | None:
        """Whose token this is, or None. A cookie's token is no bearer token, nor the other way round."""
        async with self._storage.read() as session:
            known = await self.find(session, [(token, bearer)])
        await self.touch(known.unused_for_long)
        return known.identities[0]

    async def find(self, session: AsyncSession, asked: Sequence[tuple[object, bool]]) -> Known:
        """Whose tokens these are. Each is a token and whether it comes as a bearer token."""
        now = self._clock.now()
        hashes = [digest(token) if isinstance(token, str) and 0 < len(token) <= 100 else None for token, _ in asked]
        values = {
            "hashes": list({each for each in hashes if each is not None}),
            "used_after": now - self._lifetime,
            "created_after": now - self._longest,
        }
        found = {row.token_hash: row for row in await session.execute(_VALID, values)} if any(hashes) else {}
        identities = []
        for hashed, (_, bearer) in zip(hashes, asked, strict=True):
            row = found.get(hashed or "")
            identities.append(row.identity_id if row is not None and row.bearer == bearer else None)
        return Known(identities, [each for each, row in found.items() if now - row.used_at > TOUCH_EVERY_MS])

    async def touch(self, hashes: Sequence[str]) -> None:
        """Write down that these sessions are in use."""
        if hashes:
            touch = update(Session).where(Session.token_hash.in_(hashes)).values(used_at=self._clock.now())
            # Not being able to write it down makes the session no less valid.
            with contextlib.suppress(Refused):
                await self._writer.run("", lambda work: work.session.execute(touch))

    async def prune(self, work: Work) -> None:
        """Delete what was not used for too long, or began too long ago."""
        unused, old = Session.used_at <= work.now - self._lifetime, Session.created_at <= work.now - self._longest
        await work.session.execute(delete(Session).where(or_(unused, old)))


def _add(work: Work, made: NewSession, *, bearer: bool) -> None:
    work.session.add(
        Session(
            token_hash=digest(made.token),
            identity_id=made.identity,
            bearer=bearer,
            created_at=work.now,
            used_at=work.now,
        )
    )
