"""People with accounts who plan and are invited, and a clock that is turned to the minute."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

from icalendar import Calendar
from sqlalchemy import select, update

from salon.core.accounts import Account
from salon.core.clock import ManualClock
from salon.core.tables import Room
from salon.core.writer import Work
from salon.plans.tables import Job
from tests.accounts.support import Caller, caller
from tests.support.dump import dump
from tests.support.house import Place, Stage

MINUTE = 60
HOUR = 3600
DAY = 24 * HOUR


def millis(text: str) -> int:
    """Of a time in UTC, such as 2026-03-29T01:00."""
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def clock_at(text: str) -> ManualClock:
    return ManualClock(millis(text))


async def person(stage: Stage, email: str = "ana@example.org", name: str = "Ana", *, proven: bool = True) -> Caller:
    """Somebody with an account, without the work of a password."""
    who = await caller(stage)

    async def add(work: Work) -> None:
        account = Account(
            identity_id=who.identity,
            email=email,
            email_key=email.lower(),
            password_hash=None,
            password_changed_at=None,
            name=name,
            about="",
            theme="auto",
            language="",
            picture_id=None,
            groups=[],
            is_admin=False,
            created_at=work.now,
            verified_at=work.now if proven else None,
            disabled_at=None,
        )
        work.session.add(account)

    await stage.house.writer.run("", add)
    return who


async def prove(stage: Stage, who: Caller) -> None:
    statement = update(Account).where(Account.identity_id == who.identity).values(verified_at=1)
    await stage.house.writer.run("", lambda work: work.session.execute(statement))


async def turn_to(stage: Stage, text: str) -> None:
    """Let time pass until this moment (UTC), and do what is due then."""
    await stage.pass_time((millis(text) - stage.clock.now()) / 1000)


async def plan(who: Caller, start: str, zone: str = "UTC", **more: Any) -> Any:
    """A new plan, as its planner sees it."""
    body = {"title": "Weekly", "start": start, "zone": zone, **more}
    made = (await who.must("POST", "/plans", body))["plan"]
    await who.stage.settle()
    return made


async def look(who: Caller, plan_id: str) -> Any:
    return (await who.must("GET", f"/plans/{plan_id}"))["plan"]


async def listed(who: Caller, which: str, **more: Any) -> list[str]:
    """The titles in one of somebody's lists."""
    query = "".join(f"&{name}={value}" for name, value in more.items())
    return [each["title"] for each in (await who.must("GET", f"/plans?list={which}{query}"))["plans"]]


async def notified(who: Caller) -> list[tuple[str, int | None]]:
    """What somebody is told in the page, the oldest first."""
    found = (await who.must("GET", "/notifications"))["notifications"]
    return [(each["kind"].removeprefix("plan."), each["minutes"]) for each in reversed(found)]


async def jobs(stage: Stage) -> list[Job]:
    async with stage.house.storage.read() as session:
        return list((await session.execute(select(Job).order_by(Job.due_at, Job.id))).scalars())


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    content: str = body.get_content()
    return content.replace("\r\n", "\n")


def calendar_of(mail: EmailMessage) -> Any:
    """What a mail program takes into the calendar; the same is attached as a file."""
    parts = [each for each in mail.walk() if each.get_content_type() == "text/calendar"]
    (attached,) = mail.iter_attachments()
    assert len(parts) == 1
    assert attached.get_filename() == "invite.ics"
    whole = Calendar.from_ical(attached.get_content())
    assert Calendar.from_ical(parts[0].get_content()).to_ical() == whole.to_ical()
    assert parts[0].get_param("method") == str(whole["method"])
    return whole


async def subscriptions(stage: Stage) -> list[Any]:
    return (await dump(stage.house.storage))["push_subscriptions"]


async def ben_of(stage: Stage) -> Caller:
    return await person(stage, "ben@example.org", "Ben")


async def room_row(stage: Stage, link: str) -> Room:
    async with stage.house.storage.read() as session:
        return (await session.execute(select(Room).where(Room.link == link))).scalar_one()


async def place_of(stage: Stage, made: Any, creator: str) -> Place:
    return Place(made, await stage.room_id(made["link"]), creator)
