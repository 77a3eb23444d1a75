"""Telling people of plans: in the page, by push, by mail. A group of them in one transaction, with the note that it
is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.accounts import Account
from salon.core.mail import CalendarPart
from salon.core.security import digest
from salon.core.sessions import DAY_MS
from salon.core.tables import Room
from salon.core.writer import AHEAD_MS, Work
from salon.plans import budget, calendars, ending, jobs, notices, texts
from salon.plans.access import series_of
from salon.plans.keys import keys_of
from salon.plans.occurrences import MINUTE_MS
from salon.plans.tables import Invitee, Job, Plan, Silenced, Subscription

if TYPE_CHECKING:
    from salon.core.house import House

AT_ONCE = 50
NEWS_MS = 3 * DAY_MS
"""A mail that could not be sent for so long is of no use any more; a push for as long."""


@dataclass(frozen=True)
class Recipient:
    email: str | None
    email_key: str | None
    invitee: str | None
    """None for the planner, and for who is not invited any more."""
    answer: str
    account: str | None
    """The identity, if there is an account that has proven the address."""
    is_planner: bool = False


@dataclass(frozen=True)
class _Round:
    """One group of people who are told one thing."""

    work: Work
    house: House
    plan: Plan
    job: Job
    room: Room
    news: texts.News

    async def tell(self, people: Sequence[Recipient]) -> None:
        self._notices(people)
        await self._pushes(people)
        await self._mails(people)

    @property
    def _parts(self) -> dict[str, Any]:
        news = self.news
        gone = news.kind in {"cancelled", "uninvited"}
        return {
            "title": news.title,
            "start": news.start,
            "zone": news.zone,
            "minutes": self.job.minutes,
            "link": None if gone else self.room.link,
        }

    def _notices(self, people: Sequence[Recipient]) -> None:
        for each in people:
            if each.account is not None:
                notices.add(self.work, self.house, each.account, self.news.kind, self.plan.id, self._parts)

    async def _pushes(self, people: Sequence[Recipient]) -> None:
        whose = [each.account for each in people if each.account is not None]
        theirs = select(Subscription.id).where(Subscription.identity_id.in_(whose))
        subscriptions = (await self.work.session.execute(theirs)).scalars().all() if whose else ()
        kind = "cancelled" if self.news.kind == "uninvited" else self.news.kind
        path = f"/r/{self.room.link}" if kind == "reminder" else f"/plans/{self.plan.id}"
        message = {
            "kind": f"plan.{kind}",
            "plan": None if self.news.kind == "uninvited" else self.plan.id,
            "who": self.news.planner,
            "created_at": self.work.now,
            **self._parts,
            "text": texts.push(self.news),
            "url": "/plans" if self.news.kind == "uninvited" else path,
        }
        detail = {"message": message, "until": self.work.now + self._useful_for()}
        for each in subscriptions:
            more = {"subscription": each, **detail}
            jobs.add(self.work.session, "push", None, self.work.now - AHEAD_MS, detail=more)

    async def _mails(self, people: Sequence[Recipient]) -> None:
        if not self.house.mail.can_send:
            return
        wanting = await self._with_mail(people)
        if not wanting:
            return
        if self.news.kind == "reminder" and not await budget.afford(
            self.work, self.house, self.plan.planner_id, len(wanting)
        ):
            return
        subject = texts.subject(self.news)
        for each in wanting:
            text = texts.mail(self.news, self._addressee(each))
            self.house.mail.post(
                self.work,
                each.email or "",
                subject,
                text,
                useful_for_ms=self._useful_for(),
                calendar=self._calendar(each),
            )

    async def _with_mail(self, people: Sequence[Recipient]) -> list[Recipient]:
        """Those who have an address, and have not said that they want no mail."""
        hashes = {digest(each.email_key): each for each in people if each.email_key is not None}
        silent = select(Silenced.email_hash).where(Silenced.email_hash.in_(hashes))
        for each in (await self.work.session.execute(silent)).scalars():
            del hashes[each]
        return list(hashes.values())

    def _addressee(self, each: Recipient) -> texts.Addressee:
        decline = None
        if each.invitee is not None:
            decline = f"{self.house.addresses.public_url}/plans/decline#{keys_of(self.house).token_of(each.invitee)}"
        return texts.Addressee(each.email or "", each.is_planner, decline)

    def _calendar(self, each: Recipient) -> CalendarPart | None:
        if self.news.kind == "reminder":
            return None
        method: calendars.Method = "REQUEST" if self.news.kind in {"created", "changed"} else "CANCEL"
        entry = entry_of(self.house, self.plan, self.room, self.news.planner)
        return CalendarPart(method, calendars.calendar(entry, method, each.email, each.answer))

    def _useful_for(self) -> int:
        if self.news.kind == "reminder":
            return max(MINUTE_MS, self.news.start - self.work.now)
        return NEWS_MS


def entry_of(house: House, plan: Plan, room: Room, planner: str) -> calendars.Entry:
    """The plan as a calendar is told of it."""
    return calendars.Entry(
        uid=plan.uid,
        sequence=plan.sequence,
        stamp=plan.changed_at,
        title=plan.title,
        description=plan.description,
        url=f"{house.addresses.public_url}/r/{room.link}",
        organizer=house.mail.sender,
        planner=planner,
        series=series_of(plan),
    )


async def planner_name(session: AsyncSession, plan: Plan) -> str:
    planner = await session.get(Account, plan.planner_id)
    return planner.name if planner is not None else ""


async def tell_next(work: Work, house: House, plan: Plan, job: Job) -> None:
    """Tell the next group whom a job is for; without a further one, delete the job."""
    if job.kind == "reminder" and not _is_in_time(plan, job, work.now):
        await work.session.delete(job)
        return
    room = await work.session.get_one(Room, plan.room_id, populate_existing=True)
    planner = await work.session.get(Account, plan.planner_id, populate_existing=True)
    if _is_pointless(job, room, planner):
        await work.session.delete(job)
        return
    people, after = await _next_group(work, plan, job, planner)
    news = _news(house, plan, job, room, planner.name if planner is not None else "", work.now)
    await _Round(work, house, plan, job, room, news).tell(people)
    if after is not None:
        job.after = after
        return
    await work.session.delete(job)
    if planner is None and job.kind == "cancelled":
        await work.session.flush()
        # Its planner's account is gone, and now everybody knows.
        await ending.delete_plan(work.session, plan.id)


def _is_in_time(plan: Plan, job: Job, now: int) -> bool:
    """After the beginning nobody needs reminding, and the second reminder says what the first would have said."""
    start, minutes = job.occurrence or 0, job.minutes or 0
    if plan.cancelled_at is not None or now >= start:
        return False
    shorter = [each for each in jobs.REMINDERS if each < minutes]
    return not any(now >= start - each * MINUTE_MS for each in shorter)


def _is_pointless(job: Job, room: Room, planner: Account | None) -> bool:
    """Nobody is reminded of a closed room, and whom an administrator has disabled has nobody written to."""
    if planner is not None and planner.disabled_at is not None:
        return job.kind in {"created", "changed", "reminder"}
    return job.kind == "reminder" and room.closed_at is not None


async def _next_group(work: Work, plan: Plan, job: Job, planner: Account | None) -> tuple[list[Recipient], str | None]:
    """Whom to tell now, and where to go on after them."""
    if job.kind == "uninvited":
        return await _uninvited(work, job)
    people = [_planner(planner)] if job.kind == "reminder" and planner is not None and not job.after else []
    statement = (
        select(Invitee, Account.identity_id)
        .outerjoin(Account, _proven())
        .where(Invitee.plan_id == plan.id, Invitee.id > job.after, Invitee.answer != "declined")
        .order_by(Invitee.id)
        .limit(AT_ONCE)
    )
    only, but = job.detail.get("only"), job.detail.get("but")
    if only is not None:
        statement = statement.where(Invitee.id.in_(only))
    if but:
        statement = statement.where(Invitee.id.not_in(but))
    rows = (await work.session.execute(statement)).all()
    people += [_invited(invitee, account) for invitee, account in rows]
    return people, rows[-1][0].id if len(rows) == AT_ONCE else None


def _proven() -> Any:
    return and_(Account.email_key == Invitee.email_key, Account.verified_at.is_not(None), Account.disabled_at.is_(None))


def _invited(invitee: Invitee, account: str | None) -> Recipient:
    return Recipient(invitee.email, invitee.email_key, invitee.id, invitee.answer, account)


def _planner(account: Account) -> Recipient:
    proven = account.verified_at is not None
    email, key = (account.email, account.email_key) if proven else (None, None)
    return Recipient(email, key, None, "accepted", account.identity_id, is_planner=True)


async def _uninvited(work: Work, job: Job) -> tuple[list[Recipient], str | None]:
    """They have no rows any more: the job itself says who they are."""
    begun = int(job.after or 0)
    group = job.detail["people"][begun : begun + AT_ONCE]
    statement = select(Account.email_key, Account.identity_id).where(
        Account.email_key.in_([each["key"] for each in group]),
        Account.verified_at.is_not(None),
        Account.disabled_at.is_(None),
    )
    known = {row.email_key: row.identity_id for row in await work.session.execute(statement)}
    people = [Recipient(each["email"], each["key"], None, each["answer"], known.get(each["key"])) for each in group]
    further = begun + AT_ONCE < len(job.detail["people"])
    return people, str(begun + AT_ONCE) if further else None


def _news(house: House, plan: Plan, job: Job, room: Room, planner: str, now: int) -> texts.News:
    series = series_of(plan)
    coming = series.ending_after(now, 1)
    public_url = house.addresses.public_url
    return texts.News(
        kind=cast("texts.Kind", job.kind),
        title=plan.title,
        description=plan.description,
        planner=planner,
        start=job.occurrence or (coming[0].start if coming else series.first_start),
        zone=plan.zone,
        minutes=plan.minutes,
        rule=series.rule,
        page=f"{public_url}/plans/{plan.id}",
        room=f"{public_url}/r/{room.link}",
        pin=room.pin,
        now=now,
    )
