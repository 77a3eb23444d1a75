"""What people do about planned rooms, in the page and as the page does it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar
from playwright.async_api import Page

from tests.support.mailbox import Mailbox, token_in
from tests.support.recorder import eventually

PASSWORD = "correct horse battery"
BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"


async def api(page: Page, method: str, path: str, body: Any = None) -> Any:
    """As the page asks the server: with its cookies."""
    answer = await page.request.fetch(
        f"/api{path}", method=method, data=body, headers={"Origin": re.sub(r"(://[^/]+).*", r"\1", page.url)}
    )
    assert answer.ok, await answer.text()
    return await answer.json()


async def mail_to(box: Mailbox, address: str, subject: str) -> EmailMessage:
    """The mail that has come, or comes yet."""

    def found() -> list[EmailMessage]:
        return [each for each in box.to(address) if subject in str(each["Subject"])]

    await eventually(found, f"a mail of {subject}")
    return found()[0]


async def with_account(page: Page, box: Mailbox, name: str, *, proven: bool = True) -> None:
    """Signs the page's person up; the address is confirmed by the link in the mail."""
    email = f"{name.lower()}@example.org"
    await page.goto("/")
    await api(page, "POST", "/session", {})
    await api(page, "POST", "/account", {"email": email, "password": PASSWORD, "name": name})
    if not proven:
        return
    await eventually(lambda: box.to(email), "the mail to confirm an address")
    await api(page, "POST", "/account/verify", {"token": token_in(box.to(email)[0])})


def clock(zone: str, **ahead: float) -> datetime:
    """What a clock in the zone shows so much later, to the minute."""
    return (datetime.now(UTC) + timedelta(**ahead)).astimezone(ZoneInfo(zone)).replace(second=0, microsecond=0)


async def plan_by_api(page: Page, title: str, **more: Any) -> Any:
    at = clock("UTC", minutes=more.pop("ahead", 14))
    body = {"title": title, "start": f"{at:%Y-%m-%dT%H:%M}", "zone": "UTC", "minutes": 60, **more}
    return (await api(page, "POST", "/plans", body))["plan"]


async def choose_zone(page: Page, letters: str, city: str) -> None:
    field = page.get_by_role("combobox", name="Time zone")
    await field.click()
    await field.fill(letters)
    await page.get_by_role("option", name=city).click()


def calendar_in(mail: EmailMessage) -> Calendar:
    [part] = [each for each in mail.walk() if each.get_content_type() == "text/calendar"]
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return Calendar.from_ical(content)


def row(page: Page, title: str) -> Any:
    return page.get_by_role("listitem").filter(has=page.get_by_role("link", name=title))
