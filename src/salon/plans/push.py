"""Telling browsers while no page is open: encrypted for the browser, by the push service that it chose (RFC 8030)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import httpx
import orjson
import structlog
from pywebpush import WebPusher
from sqlalchemy import BigInteger, bindparam, case, delete, exists, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.database.statements import Statement
from salon.core.feature import Service
from salon.core.http import Visit
from salon.core.refusals import Refused
from salon.core.security import digest, new_id
from salon.core.storage import upsert
from salon.core.tables import Session
from salon.core.writer import Work
from salon.plans.endpoints import Target, look_up
from salon.plans.keys import keys_of
from salon.plans.shapes import NewSubscription, Subscribed, Subscriptions
from salon.plans.tables import Job, StoppedBrowser, Subscription

if TYPE_CHECKING:
    from salon.core.house import House

logger = structlog.get_logger("salon.push")

AT_ONCE = 8
URGENT = {"plan.reminder", "study.alarm"}
TIMEOUT_SECONDS = 10.0
CLAIM_MS = 2 * 60 * 1000
"""Longer than looking up and sending can take. What a process that died was at is done by another after it."""
ATTEMPTS = 6
FIRST_PAUSE_MS = 15 * 1000
STOPPED_KEPT_MS = 400 * 24 * 3600 * 1000
"""Longer than a browser keeps a subscription that is never used."""
SUBSCRIPTIONS = 10
"""Browsers of one person; the oldest gives way."""

_NOW = bindparam("now", type_=Job.due_at.type)
_WAITING = Statement(select(Job.id).where(Job.kind == "push", Job.due_at <= _NOW, Job.claimed_until <= _NOW).limit(1))

Outcome = Literal["done", "gone", "later"]


async def subscribe(house: House, visit: Visit, asked: NewSubscription, browser: str) -> None:
    """From now on tell this browser, for as long as its session lasts."""
    try:
        await look_up(asked.endpoint, private=house.settings.push_to_private_addresses)
    except (OSError, TimeoutError):
        raise Refused("push_invalid", field="endpoint") from None
    await house.writer.run("", lambda work: _store(work, visit, asked, browser))


async def _store(work: Work, visit: Visit, asked: NewSubscription, browser: str) -> None:
    alive = await work.session.get(Session, visit.session, populate_existing=True)
    if alive is None:
        raise Refused("session_required")
    stopped = StoppedBrowser.endpoint_hash == digest(asked.endpoint)
    theirs = select(StoppedBrowser.at).where(stopped, StoppedBrowser.identity_id == visit.identity)
    if asked.again and (await work.session.execute(theirs)).first() is not None:
        raise Refused("push_stopped")
    await work.session.execute(delete(StoppedBrowser).where(stopped))
    values = {
        "identity_id": visit.identity,
        "session_hash": visit.session,
        "endpoint": asked.endpoint,
        "p256dh": asked.keys.p256dh,
        "auth": asked.keys.auth,
        "browser": browser,
    }
    made = {"id": new_id(), "endpoint_hash": digest(asked.endpoint), "created_at": work.now}
    statement = upsert(work.session, Subscription).values(**made, **values)
    # The same browser, whoever used it before. Told anew by its page, it is on since when it was.
    same = literal(asked.again) & (Subscription.identity_id == visit.identity)
    since = case((same, Subscription.created_at), else_=literal(work.now, BigInteger()))
    change = statement.on_conflict_do_update(index_elements=["endpoint_hash"], set_={**values, "created_at": since})
    await work.session.execute(change)
    newest = (
        select(Subscription.id)
        .where(Subscription.identity_id == visit.identity)
        .order_by(Subscription.created_at.desc(), Subscription.id)
        .limit(SUBSCRIPTIONS)
    )
    kept = (await work.session.execute(newest)).scalars().all()
    others = Subscription.identity_id == visit.identity, Subscription.id.not_in(kept)
    await work.session.execute(delete(Subscription).where(*others))


async def unsubscribe(work: Work, identity: str, endpoint: str) -> None:
    mine = Subscription.identity_id == identity, Subscription.endpoint_hash == digest(endpoint)
    await work.session.execute(delete(Subscription).where(*mine))


async def listed(session: AsyncSession, visit: Visit) -> Subscriptions:
    """The browsers of this person that are told, without those that were signed out since."""
    alive = exists().where(Session.token_hash == Subscription.session_hash)
    mine = select(Subscription).where(Subscription.identity_id == visit.identity, alive)
    rows = (await session.execute(mine.order_by(Subscription.created_at.desc(), Subscription.id))).scalars()
    return Subscriptions(
        subscriptions=[
            Subscribed(
                id=row.id, browser=row.browser, current=row.session_hash == visit.session, created_at=row.created_at
            )
            for row in rows
        ]
    )


async def stop(work: Work, identity: str, subscription: str) -> None:
    """Tell this browser nothing more, until it is switched on there by hand. What is not theirs is left alone."""
    mine = Subscription.id == subscription, Subscription.identity_id == identity
    ended = delete(Subscription).where(*mine).returning(Subscription.endpoint_hash)
    endpoint_hash = (await work.session.execute(ended)).scalar_one_or_none()
    if endpoint_hash is None:
        return
    await work.session.execute(delete(StoppedBrowser).where(StoppedBrowser.endpoint_hash == endpoint_hash))
    work.session.add(StoppedBrowser(endpoint_hash=endpoint_hash, identity_id=identity, at=work.now))


@dataclass(frozen=True)
class _Message:
    """A job that is claimed, and where it goes."""

    job: int
    attempts: int
    until: int
    subscription: Subscription | None
    content: dict[str, Any]


class Pusher(Service):
    """Sends what is due, at most a few at a time. A job is claimed for a while before anything is sent."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._round: asyncio.Task[None] | None = None
        self._client: httpx.AsyncClient | None = None

    def _http(self) -> httpx.AsyncClient:
        """Made when first needed: it reads all of the system's authorities."""
        if self._client is None:
            # No redirects and no proxies of the environment: what was looked up is what is connected to.
            self._client = httpx.AsyncClient(timeout=TIMEOUT_SECONDS, trust_env=False, follow_redirects=False)
        return self._client

    async def stop(self) -> None:
        if self._round is not None:
            self._round.cancel()
            await asyncio.gather(self._round, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()

    async def sweep(self) -> None:
        if self._round is not None and not self._round.done():
            return
        now = self._house.clock.now()
        if await self._house.storage.look(_WAITING, now=now):
            self._round = asyncio.create_task(self._send_due(), name="pushes")

    async def _send_due(self) -> None:
        while True:
            try:
                claimed = await self._house.writer.run("", self._claim)
                if not claimed:
                    return
                outcomes = await asyncio.gather(*(self._send(each) for each in claimed))
                pairs = list(zip(claimed, outcomes, strict=True))
                await self._house.writer.run("", lambda work, them=pairs: _settle(work, them))  # type: ignore[misc]
            except Refused:
                return

    async def _claim(self, work: Work) -> list[_Message]:
        # By the clock, not the writer's moment, which may be a little ahead of what others compare with.
        now = self._house.clock.now()
        due = (
            select(Job.id)
            .where(Job.kind == "push", Job.due_at <= now, Job.claimed_until <= now)
            .order_by(Job.due_at, Job.id)
            .limit(AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        ids = (await work.session.execute(due)).scalars().all()
        if not ids:
            return []
        mine = update(Job).where(Job.id.in_(ids)).values(claimed_until=now + CLAIM_MS, attempts=Job.attempts + 1)
        await work.session.execute(mine)
        jobs = (await work.session.execute(select(Job).where(Job.id.in_(ids)).order_by(Job.id))).scalars().all()
        wanted = {each.detail["subscription"] for each in jobs}
        alive = exists().where(Session.token_hash == Subscription.session_hash)
        rows = await work.session.execute(select(Subscription).where(Subscription.id.in_(wanted), alive))
        found = {each.id: each for each in rows.scalars()}
        return [
            _Message(
                each.id,
                each.attempts,
                each.detail["until"],
                found.get(each.detail["subscription"]),
                each.detail["message"],
            )
            for each in jobs
        ]

    async def _send(self, message: _Message) -> Outcome:
        """What became of it. Whatever goes wrong, the others in the group are not kept from being settled."""
        now = self._house.clock.now()
        if message.subscription is None or message.until <= now:
            return "done"
        try:
            status = await self._post(message, message.subscription, now)
        except Refused:
            # Its name leads to other addresses than when it was subscribed.
            return "gone"
        except (httpx.HTTPError, OSError, TimeoutError) as error:
            logger.warning("a push was not taken", attempts=message.attempts, reason=type(error).__name__)
            return "later"
        except Exception:
            logger.exception("a push could not be made")
            return "gone"
        if status in {404, 410}:
            return "gone"
        if status == 429 or status >= 500:
            logger.warning("a push was not taken", attempts=message.attempts, status=status)
            return "later"
        if status >= 300:
            logger.warning("a push was refused", status=status)
        return "done"

    async def _post(self, message: _Message, to: Subscription, now: int) -> int:
        target = await look_up(to.endpoint, private=self._house.settings.push_to_private_addresses)
        body = await asyncio.to_thread(_encrypted, to, message.content)
        contact = self._house.mail.sender
        headers = {
            "Host": target.host,
            "Authorization": keys_of(self._house).authorization(target.origin, contact, now),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(max(0, message.until - now) // 1000),
            "Urgency": "high" if message.content["kind"] in URGENT else "normal",
        }
        async with asyncio.timeout(2 * TIMEOUT_SECONDS):
            return await _first_answer(self._http(), target, body, headers)

    async def prune(self, work: Work) -> None:
        """Forget browsers that were signed out, and in the end those that were taken off the list."""
        alive = exists().where(Session.token_hash == Subscription.session_hash)
        await work.session.execute(delete(Subscription).where(~alive))
        await work.session.execute(delete(StoppedBrowser).where(StoppedBrowser.at <= work.now - STOPPED_KEPT_MS))


async def _first_answer(client: httpx.AsyncClient, target: Target, body: bytes, headers: dict[str, str]) -> int:
    """The status that the first address to be reached answers with.

    Connected to by address, so that the name cannot lead elsewhere by now; the certificate must be for the name.
    """
    unreached: Exception = OSError("no address")
    for url in target.urls:
        request = client.build_request(
            "POST", url, content=body, headers=headers, extensions={"sni_hostname": target.name}
        )
        try:
            answer = await client.send(request, stream=True)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            unreached = error
            continue
        # What it says besides is of no interest, and may be long.
        await answer.aclose()
        return answer.status_code
    raise unreached


def _encrypted(to: Subscription, content: dict[str, Any]) -> bytes:
    keys = {"p256dh": to.p256dh, "auth": to.auth}
    pusher = WebPusher({"endpoint": to.endpoint, "keys": keys})
    body: bytes = pusher.encode(orjson.dumps(content), "aes128gcm")["body"]
    return body


async def _settle(work: Work, pairs: list[tuple[_Message, Outcome]]) -> None:
    """Note what became of each; who is gone is told nothing more."""
    done = [message.job for message, outcome in pairs if outcome != "later" or message.attempts >= ATTEMPTS]
    gone = [message.subscription.id for message, outcome in pairs if outcome == "gone" and message.subscription]
    await work.session.execute(delete(Job).where(Job.id.in_(done)))
    await work.session.execute(delete(Subscription).where(Subscription.id.in_(gone)))
    for message, _ in pairs:
        if message.job not in done:
            due_at = work.now + FIRST_PAUSE_MS * 4 ** (message.attempts - 1)
            later = update(Job).where(Job.id == message.job).values(due_at=due_at, claimed_until=0)
            await work.session.execute(later)
