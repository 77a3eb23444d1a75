"""What other features tell browsers while no page is open."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from salon.core.feature import Push
from salon.core.writer import AHEAD_MS, Work
from salon.plans import jobs
from salon.plans.tables import Subscription


async def push(work: Work, identities: Sequence[str], what: Push) -> None:
    """Put it among what is to be sent, to each browser of these people that they have switched on."""
    if not identities:
        return
    theirs = select(Subscription.id).where(Subscription.identity_id.in_(identities)).order_by(Subscription.id)
    message = {
        "kind": what.kind,
        "created_at": work.now,
        "tag": what.tag,
        "text": {"title": what.title, "body": what.body},
        "url": what.url,
    }
    for each in (await work.session.execute(theirs)).scalars():
        detail = {"subscription": each, "message": message, "until": work.now + what.useful_ms}
        jobs.add(work.session, "push", None, work.now - AHEAD_MS, detail=detail)
