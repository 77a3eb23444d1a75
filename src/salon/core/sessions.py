"""Sessions on the server: whose token is this? Browsers keep theirs in a cookie, bots send it as a bearer token."""

from __future__ import annotations

import contextlib
import secrets
from dataclasses import dataclass

from sqlalchemy import delete, select, update

from salon.core.clock import Clock
from salon.core.refusals import Refused
from salon.core.security import digest, new_id
from salon.core.storage import Storage
from salon.core.tables import Identity, Session
from salon.core.writer import Work, Writer

COOKIE = "salon_session"
DAY_MS = 24 * 3600 * 1000
TOUCH_EVERY_MS = 3600 * 1000
"""The time of use is written down this often at most: it only serves to end sessions that nobody uses."""


@dataclass(frozen=True)
class NewSession:
    identity: str
    token: str


class Sessions:
    """Opens sessions, and tells whose they are."""

    def __init__(self, storage: Storage, writer: Writer, clock: Clock, days: int) -> None:
        self._storage = storage
        self._writer = writer
        self._clock = clock
        self._lifetime = days * DAY_MS

    async def open(self, *, bearer: bool) -> NewSession:
        """A new identity with its first session."""
        made = NewSession(new_id(), secrets.token_urlsafe(32))

        async def store(work: Work) -> None:
            work.session.add(Identity(id=made.identity, created_at=work.now))
            await work.session.flush()
            work.session.add(
                Session(
                    token_hash=digest(made.token),
                    identity_id=made.identity,
                    bearer=bearer,
                    created_at=work.now,
                    used_at=work.now,
                )
            )

        await self._writer.run("", store)
        return made

    async def identify(self, token: object, *, bearer: bool) -> str | None:
        """Whose token this is, or None. A cookie's token is no bearer token, nor the other way round."""
        if not isinstance(token, str) or not 0 < len(token) <= 100:
            return None
        now = self._clock.now()
        statement = select(Session.identity_id, Session.used_at).where(
            Session.token_hash == digest(token),
            Session.bearer == bearer,
            Session.used_at > now - self._lifetime,
        )
        async with self._storage.read() as session:
            found = (await session.execute(statement)).one_or_none()
        if found is None:
            return None
        if now - found.used_at > TOUCH_EVERY_MS:
            touch = update(Session).where(Session.token_hash == digest(token)).values(used_at=now)
            # Not being able to write it down makes the session no less valid.
            with contextlib.suppress(Refused):
                await self._writer.run("", lambda work: work.session.execute(touch))
        identity: str = found.identity_id
        return identity

    async def prune(self, work: Work) -> None:
        """Delete what was not used for too long."""
        await work.session.execute(delete(Session).where(Session.used_at <= work.now - self._lifetime))
