"""Planned rooms: from the form to the mail, over the answer and the banner, into the room."""

from __future__ import annotations

import re
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import Opener
from tests.e2e.plans.support import (
    BERLIN,
    NEW_YORK,
    api,
    calendar_in,
    choose_zone,
    clock,
    mail_to,
    plan_by_api,
    row,
    with_account,
)
from tests.e2e.test_looks import find_faults
from tests.support.mailbox import Mailbox
from tests.support.process import ServerProcess

pytestmark = [pytest.mark.real("chromium"), pytest.mark.timeout(180), pytest.mark.feature("R6")]


async def test_a_meeting_from_the_form_into_the_room(
    people: Opener, own_server: ServerProcess, mailbox: Mailbox
) -> None:
    ana, ben = await people(zone=NEW_YORK), await people(zone=BERLIN, phone=True)
    await with_account(ana, mailbox, "Ana")
    await with_account(ben, mailbox, "Ben")

    # Planned by hand, in a zone that is found by letters, for somebody in another.
    await ana.goto("/")
    await ana.get_by_role("button", name="Plan for later").click()
    # To the minute below: there are two for all that is looked at before it is less than 13.
    soon = clock("Asia/Tokyo", minutes=15)
    await ana.get_by_label("Title").fill("Design review")
    await choose_zone(ana, "tok", "Tokyo")
    await ana.get_by_label("Day").fill(f"{soon:%Y-%m-%d}")
    await ana.get_by_label("Begins at").fill(f"{soon:%H:%M}")
    await ana.get_by_label("Invite by e-mail").fill('"Olsen, Ben" <ben@example.org>; ')
    await ana.get_by_label("Invite by e-mail").press("Enter")
    await expect(ana.get_by_role("list", name="Who is invited").get_by_role("listitem")).to_have_count(1)
    await ana.get_by_role("button", name="Plan the room").click()
    await expect(ana.get_by_role("heading", name="Design review")).to_be_visible()
    await expect(ana.get_by_text(re.compile("in Tokyo")).first).to_be_visible()

    # The mail has a file that calendars understand: the same moment.
    mail = await mail_to(mailbox, "ben@example.org", "Design review")
    [event] = calendar_in(mail).walk("VEVENT")
    assert event.decoded("dtstart").astimezone(UTC) == soon.astimezone(UTC)
    assert str(event["summary"]) == "Design review"

    # Whoever is invited finds it, at the time of their own clock, and answers.
    await ben.goto("/plans")
    here = soon.astimezone(ZoneInfo(BERLIN))
    mine = row(ben, "Design review")
    await expect(mine).to_contain_text(re.compile(rf"{here:%H:%M}|{here.hour % 12 or 12}:{here:%M}"))
    await expect(mine).to_contain_text("in Tokyo")
    await expect(mine).to_contain_text(re.compile(r"in 1[345] min"))
    await mine.get_by_text("Yes", exact=True).click()
    await expect(mine.get_by_role("radio", name="Yes")).to_be_checked()
    await ana.reload()
    await expect(ana.get_by_role("listitem").filter(has_text="ben@example.org")).to_contain_text("Yes")

    # Fifteen minutes before there is a banner on every page, for both; it leads into the room.
    await ben.goto("/account")
    banner = ben.get_by_role("region", name="Begins soon")
    await expect(banner).to_contain_text(re.compile(r"Design review\s*begins in 1[345] minutes"))
    await banner.get_by_role("button", name="Join now").click()
    await expect(ben).to_have_url(re.compile("/r/"))
    await expect(banner).to_have_count(0)
    await ben.get_by_label("Your name").fill("Ben")
    await ben.get_by_role("button", name="Come in").click()
    await expect(ben.get_by_role("button", name="Join the call")).to_be_visible()
    assert ben.url.rsplit("/", 1)[-1] == str(event["url"]).rsplit("/", 1)[-1]


async def test_another_time_moves_it_and_calling_off_takes_it_away(
    people: Opener, own_server: ServerProcess, mailbox: Mailbox
) -> None:
    ana, ben = await people(), await people()
    await with_account(ana, mailbox, "Ana")
    await with_account(ben, mailbox, "Ben")
    plan = await plan_by_api(ana, "Design review", invitees=["ben@example.org"])
    await ben.goto("/plans")
    await expect(row(ben, "Design review")).to_be_visible()
    banner = ben.get_by_role("region", name="Begins soon")
    await expect(banner).to_be_visible()
    await expect(ben.get_by_role("button", name="Notifications, 1 unread")).to_be_visible()

    later = clock("UTC", days=3)
    await ana.goto(f"/plans/{plan['id']}/edit")
    await ana.get_by_label("Day").fill(f"{later:%Y-%m-%d}")
    await ana.get_by_role("button", name="Save the changes").click()
    await expect(ana.get_by_text("The plan is changed.")).to_be_visible()
    # Nobody loads anything anew.
    await expect(row(ben, "Design review")).to_contain_text(re.compile(r"in (2|3) days|in 1 day"))
    await expect(banner).to_have_count(0)
    moved = await mail_to(mailbox, "ben@example.org", "hanged")
    [event] = calendar_in(moved).walk("VEVENT")
    assert event.decoded("dtstart").astimezone(UTC).date() == later.date()

    await ana.get_by_role("button", name="Call off…").click()
    asked = ana.get_by_role("alertdialog")
    await expect(asked).to_contain_text("One person who is invited will be told.")
    await asked.get_by_role("button", name="Call it off").click()
    await expect(ana.get_by_text("It is called off. Everyone")).to_be_visible()
    await expect(row(ben, "Design review")).to_have_count(0)
    await expect(ben.get_by_text("Nothing is planned")).to_be_visible()
    await ben.get_by_role("link", name="Past").click()
    await expect(row(ben, "Design review")).to_contain_text("Called off")
    off = await mail_to(mailbox, "ben@example.org", "Called off")
    assert calendar_in(off)["method"] == "CANCEL"

    await ben.get_by_role("button", name="Notifications, 3 unread").click()
    told = ben.get_by_role("dialog", name="Notifications")
    await expect(told.get_by_role("listitem")).to_have_count(3)
    await expect(told.get_by_role("listitem").first).to_contain_text("It is called off")
    assert await find_faults(ben) == []
    await told.get_by_role("button", name="Mark all as read").click()
    await expect(told.get_by_text("New", exact=True)).to_have_count(0)
    await ben.keyboard.press("Escape")
    await expect(ben.get_by_role("button", name="Notifications", exact=True)).to_be_visible()


async def test_declining_by_the_link_in_the_mail_needs_no_account(
    people: Opener, own_server: ServerProcess, mailbox: Mailbox
) -> None:
    ana, guest = await people(), await people(phone=True)
    await with_account(ana, mailbox, "Ana")
    plan = await plan_by_api(ana, "Design review", invitees=["ines@example.org"], ahead=24 * 60)
    mail = await mail_to(mailbox, "ines@example.org", "Design review")
    text = mail.get_body(("plain",))
    assert text is not None
    [link] = set(re.findall(r"/plans/decline#\S+", text.get_content()))
    await guest.goto(link)
    await expect(guest.get_by_role("heading", name="Design review")).to_be_visible()
    await expect(guest.get_by_text("you will not get further mails about this")).to_be_visible()
    assert await find_faults(guest) == []
    # Looking is no answer.
    assert (await api(ana, "GET", f"/plans/{plan['id']}"))["plan"]["answers"]["pending"] == 1
    await guest.get_by_role("button", name="I do not come").click()
    await expect(guest.get_by_text("You have declined.")).to_be_visible()
    assert (await api(ana, "GET", f"/plans/{plan['id']}"))["plan"]["answers"]["declined"] == 1
    await guest.get_by_role("button", name="I come after all").click()
    await expect(guest.get_by_role("button", name="I do not come")).to_be_visible()
    await guest.goto("/plans/decline#nothing")
    await guest.reload()
    await expect(guest.get_by_role("heading", name="This link leads nowhere")).to_be_visible()


async def test_an_invitee_whose_address_is_not_confirmed_is_told_so(
    people: Opener, own_server: ServerProcess, mailbox: Mailbox
) -> None:
    ana, ben = await people(), await people()
    await with_account(ana, mailbox, "Ana")
    await with_account(ben, mailbox, "Ben", proven=False)
    made = await plan_by_api(ana, "Design review", invitees=["ben@example.org"])
    await ben.goto(f"/plans/{made['id']}")
    await expect(ben.get_by_text("Your address is not confirmed yet")).to_be_visible()
