"""One meeting from its plan to its attendance: two accounts, a guest who knocks, and a restart of the server."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from icalendar import Calendar, Component
from playwright.async_api import Page, expect

from tests.e2e import steps
from tests.e2e.conftest import Opener
from tests.support.mailbox import Mailbox, token_in
from tests.support.process import ServerProcess
from tests.support.recorder import eventually

pytestmark = [pytest.mark.usefixtures("mailbox"), pytest.mark.real("chromium"), pytest.mark.timeout(240)]

PASSWORD = "correct horse battery"
TITLE = "Design review"


async def sign_up(page: Page, box: Mailbox, name: str) -> None:
    """By hand, with the link in the mail."""
    email = f"{name.lower()}@example.org"
    await page.goto("/account")
    await page.get_by_role("button", name="New here").click()
    await page.get_by_label("Your name").fill(name)
    await page.get_by_label("E-mail address").fill(email)
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Create the account").click()
    await expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    await eventually(lambda: box.to(email), "the mail to confirm an address")
    await page.goto(f"/account/verify#{token_in(box.to(email)[0])}")
    await page.get_by_role("button", name="Confirm").click()
    await expect(page.get_by_text("confirmed")).to_be_visible()


async def mail_to(box: Mailbox, address: str, subject: str) -> EmailMessage:
    def found() -> list[EmailMessage]:
        return [each for each in box.to(address) if subject in str(each["Subject"])]

    await eventually(found, f"a mail of {subject!r} in {[str(each['Subject']) for each in box.to(address)]}")
    assert len(found()) == 1
    return found()[0]


def event_in(mail: EmailMessage) -> Component:
    [part] = [each for each in mail.walk() if each.get_content_type() == "text/calendar"]
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    [event] = Calendar.from_ical(content).walk("VEVENT")
    return event


async def plan(page: Page, start: datetime) -> None:
    """A meeting whose guests knock, for Ben."""
    await page.goto("/plans/new")
    await page.get_by_label("Title").fill(TITLE)
    await page.get_by_label("Day").fill(f"{start:%Y-%m-%d}")
    await page.get_by_label("Begins at").fill(f"{start:%H:%M}")
    await page.get_by_label("Who may come in").select_option("knock")
    await page.get_by_label("Invite by e-mail").fill("ben@example.org")
    await page.get_by_label("Invite by e-mail").press("Enter")
    await page.get_by_role("button", name="Plan the room").click()
    await expect(page.get_by_role("heading", name=TITLE)).to_be_visible()


async def join_from_banner(page: Page) -> None:
    banner = page.get_by_role("region", name="Begins soon")
    await expect(banner).to_contain_text(TITLE)
    await banner.get_by_role("button", name="Join now").click()


async def attendance(host: Page) -> list[list[str]]:
    await host.get_by_role("button", name="You and this device").click()
    await host.get_by_role("menuitem", name="Attendance").click()
    dialog = host.get_by_role("dialog", name="Attendance")
    async with host.expect_download() as begun:
        await dialog.get_by_role("link", name="CSV").click()
    text = (await (await begun.value).path()).read_bytes().decode("utf-8-sig")
    await host.keyboard.press("Escape")
    return list(csv.reader(io.StringIO(text)))


async def leave(guest: Page) -> None:
    await guest.get_by_role("button", name="You and this device").click()
    await guest.get_by_role("menuitem", name="Leave the room…").click()
    await steps.answer(guest, "Leave")


async def check_attendance(ana: Page) -> None:
    """Who was there, from when to when."""
    await expect(ana.get_by_role("button", name="2 people")).to_be_visible()
    head, *rows = await attendance(ana)
    assert [row[0] for row in rows] == ["Ana", "Ben", "Gil"]
    left = [row[head.index(next(name for name in head if name.startswith("Left")))] for row in rows]
    assert [bool(each) for each in left] == [False, False, True]


@pytest.mark.feature("R4", "R6", "R11", "P2")
async def test_from_the_invitation_to_the_attendance(
    own_server: ServerProcess, people: Opener, mailbox: Mailbox
) -> None:
    ana, ben, guest = await people(zone="UTC"), await people(zone="UTC", phone=True), await people(phone=True)
    await sign_up(ana, mailbox, "Ana")
    await sign_up(ben, mailbox, "Ben")

    # Planned for tomorrow; the invitation is a mail with a file for calendars.
    start = (datetime.now(UTC) + timedelta(days=1)).replace(second=0, microsecond=0)
    await plan(ana, start)
    event = event_in(await mail_to(mailbox, "ben@example.org", f"Invitation: {TITLE}"))
    assert event.decoded("dtstart").astimezone(UTC) == start
    room = urlsplit(str(event["url"])).path

    # The server is killed, and there again fourteen and a half minutes before the beginning.
    own_server.kill()
    ahead = (start - timedelta(minutes=14, seconds=30) - datetime.now(UTC)).total_seconds()
    own_server.program = (str(Path(__file__).with_name("later_server.py")), str(ahead))
    own_server.start()
    for address in ("ana@example.org", "ben@example.org"):
        await mail_to(mailbox, address, f"minutes: {TITLE}")

    # Both come in by the banner. Who was invited knocks as well: that is this room's rule.
    await ana.goto("/")
    await join_from_banner(ana)
    await steps.come_in(ana, "Ana")
    await steps.say(ana, "Between us")
    await ana.get_by_role("navigation", name="Beside the stage").get_by_role("button", name="People").click()
    for page, name in ((ben, "Ben"), (guest, "Gil")):
        if page is ben:
            await page.goto("/")
            await join_from_banner(page)
        else:
            await page.goto(room)
        await expect(page.get_by_role("heading", name="Knock first")).to_be_visible()
        await page.get_by_label("Your name").fill(name)
        await page.get_by_role("button", name="Knock").click()
        await expect(page.get_by_role("heading", name="You have knocked")).to_be_visible()
        assert "Between us" not in await page.content()
        await ana.get_by_role("group", name=f"{name} asks to come in").get_by_role("button", name="Let in").click()
        # A phone shows one part at a time, and a meeting begins with its call.
        await expect(page.get_by_role("button", name="Join the call")).to_be_visible()
        await steps.open_tab(page, "Chat")
        await steps.see(page, "Between us")

    await leave(guest)
    await check_attendance(ana)
    # The reminder came once, whatever the server went through.
    await mail_to(mailbox, "ben@example.org", f"minutes: {TITLE}")
