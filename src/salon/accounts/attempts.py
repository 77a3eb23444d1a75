"""How often passwords and codes may be tried. Each attempt is counted before it is made."""

from __future__ import annotations

import functools

from salon.accounts.desk import Desk
from salon.accounts.rules import wait_after
from salon.accounts.tables import Attempts
from salon.core.refusals import Refused
from salon.core.security import digest
from salon.core.storage import upsert
from salon.core.writer import Work


def take(wait: float) -> None:
    """Refuse who has to wait."""
    if wait:
        raise Refused("rate_limited", retry_after=wait)


async def begin_attempt(desk: Desk, key: str, network: str) -> str:
    """Count an attempt as failed before it is made, so that many at once find no gap. Returns where it is counted.

    Who waits is one network at one account: others cannot lock a person out by guessing. All strange networks together
    have a limit for each account; where its person has signed in before, that does not count.
    """
    pair = digest(f"{key} {network}")
    # Once for each attempt, though what the writer does may have to be done twice.
    take_strange = functools.cache(desk.strange_sign_ins.take)

    now = desk.house.clock.now()

    async def count(work: Work) -> None:
        attempts = await work.session.get(Attempts, pair, populate_existing=True)
        if attempts is not None and attempts.wait_until > work.now:
            wait = (attempts.wait_until - work.now) / 1000
            raise Refused("rate_limited", "Too many wrong attempts. Wait a little.", retry_after=wait)
        if attempts is None or attempts.good_at is None:
            take(take_strange(key, now))
        failed = (attempts.failed if attempts is not None else 0) + 1
        values = {"failed": failed, "wait_until": work.now + wait_after(failed), "at": work.now}
        statement = upsert(work.session, Attempts).values(key=pair, good_at=None, **values)
        await work.session.execute(statement.on_conflict_do_update(index_elements=["key"], set_=values))

    await desk.house.writer.run("", count)
    return pair


async def forgive(work: Work, pair: str, *, known: bool = True) -> None:
    """The attempt was a right one. ``known``: its person is in, and was so from this network."""
    attempts = await work.session.get(Attempts, pair, populate_existing=True)
    # What is too old is deleted, also while somebody takes their time.
    if attempts is not None:
        attempts.failed, attempts.wait_until = 0, 0
        if known:
            attempts.good_at = work.now
