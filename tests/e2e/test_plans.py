"""Planned rooms: from the form to the mail, over the answer and the banner, into the room."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from playwright.async_api import Page, expect

from tests.e2e.conftest import Opener
from tests.e2e.test_looks import find_faults
from tests.support.mailbox import Mailbox, smtp, token_in
from tests.support.process import ServerProcess
from tests.support.recorder import eventually

pytestmark = [pytest.mark.real("chromium"), pytest.mark.timeout(180), pytest.mark.feature("R6")]

PASSWORD = "correct horse battery"
BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"


@pytest.fixture(autouse=True)
async def mailbox() -> AsyncIterator[Mailbox]:
    box = Mailbox()
    await box.open()
    yield box
    await box.close()


@pytest.fixture
def own_server(tmp_path: Path, mailbox: Mailbox) -> Iterator[ServerProcess]:
    """One that sends its mail to the mailbox."""
    process = ServerProcess(tmp_path, **{name: str(value) for name, value in smtp(mailbox).items()})
    process.start()
    yield process
    process.kill()


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


async def test_a_meeting_from_the_form_into_the_room(
    people: Opener, own_server: ServerProcess, mailbox: Mailbox
) -> None:
    ana, ben = await people(zone=NEW_YORK), await people(zone=BERLIN, phone=True)
    await with_account(ana, mailbox, "Ana")
    await with_account(ben, mailbox, "Ben")

    # Planned by hand, in a zone that is found by letters, for somebody in another.
    await ana.goto("/")
    await ana.get_by_role("button", name="Plan for later").click()
    soon = clock("Asia/Tokyo", minutes=14)
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
    await expect(ben.get_by_role("textbox", name="Message everyone")).to_be_visible()
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


async def test_the_next_dates_are_the_servers_over_a_change_of_clocks(
    people: Opener, own_server: ServerProcess, mailbox: Mailbox
) -> None:
    page = await people(zone=BERLIN)
    await with_account(page, mailbox, "Ana")
    await page.goto("/plans/new")
    # The second Saturday of March is the last before New York changes its clocks; Europe does two weeks later.
    year = datetime.now(UTC).year + 1
    march = datetime(year, 3, 1)
    saturday = march + timedelta(days=(5 - march.weekday()) % 7 + 7)
    await choose_zone(page, "new york", "New York")
    await page.get_by_label("Day").fill(f"{saturday:%Y-%m-%d}")
    await page.get_by_label("Begins at").fill("09:00")
    await page.get_by_text("Weekly", exact=True).click()
    shown = page.get_by_role("list", name="The next times").get_by_role("listitem")
    await expect(shown).to_have_count(5)
    starts = [saturday + timedelta(days=7 * n) for n in range(5)]
    for line, start in zip(await shown.all(), starts, strict=True):
        there = start.replace(hour=9, tzinfo=ZoneInfo(NEW_YORK))
        here = there.astimezone(ZoneInfo(BERLIN))
        await expect(line).to_contain_text(re.compile(r"\b0?9:00"))
        await expect(line).to_contain_text(re.compile(rf"(0?{here.hour % 12 or 12}|{here:%H}):00.*in Berlin"))
    await expect(page.get_by_text("Clocks change in between")).to_be_visible()
    # A refusal of the server stands at its field, before anything is sent.
    await page.get_by_text("By number", exact=True).click()
    await page.get_by_label("How many times in all").fill("0")
    await expect(page.get_by_text(re.compile("It repeats 1 to"))).to_be_visible()
    assert (await api(page, "GET", "/plans?list=all"))["total"] == 0


async def test_a_draft_survives_a_reload(people: Opener, own_server: ServerProcess, mailbox: Mailbox) -> None:
    page = await people()
    await with_account(page, mailbox, "Ana")
    await page.goto("/plans/new")
    await page.get_by_label("Title").fill("Half a thought")
    await page.get_by_label("Invite by e-mail").fill("ben@example.org, broken")
    await page.get_by_label("Invite by e-mail").blur()
    await page.get_by_text("Daily", exact=True).click()
    await page.reload()
    await expect(page.get_by_label("Title")).to_have_value("Half a thought")
    await expect(page.get_by_role("button", name="Remove ben@example.org")).to_be_visible()
    await expect(page.get_by_role("radio", name="Daily")).to_be_checked()
    await page.get_by_role("button", name="Start over").click()
    await expect(page.get_by_label("Title")).to_have_value("")
    await page.reload()
    await expect(page.get_by_label("Title")).to_have_value("")


async def test_what_is_wrong_is_said_where_it_is(people: Opener, own_server: ServerProcess, mailbox: Mailbox) -> None:
    page = await people(phone=True)
    await with_account(page, mailbox, "Ana")
    await page.goto("/plans/new")
    send = page.get_by_role("button", name="Plan the room")
    await send.click()
    await expect(page.get_by_label("Title")).to_be_focused()
    await expect(page.get_by_text("A title is needed.")).to_be_visible()
    await page.get_by_label("Title").fill("Yesterday")
    past = clock("UTC", days=-1)
    await page.get_by_label("Day").fill(f"{past:%Y-%m-%d}")
    await send.click()
    await expect(page.get_by_label("Day")).to_be_focused()
    await expect(page.get_by_text("It would begin in the past.")).to_be_visible()
    await page.get_by_label("Invite by e-mail").fill("nobody")
    await send.click()
    await expect(page.get_by_text("One of these is no address.")).to_be_visible()
    assert await find_faults(page) == []


async def test_guests_are_told_why_it_needs_an_account_and_come_back(people: Opener, own_server: ServerProcess) -> None:
    page = await people()
    await page.goto("/")
    await page.get_by_role("button", name="Plan for later").click()
    await expect(page.get_by_text("Planning needs an account")).to_be_visible()
    assert await find_faults(page) == []
    await page.get_by_role("button", name="Sign in or make an account").click()
    await expect(page).to_have_url(re.compile(r"/account\?back=(/|%2F)plans(/|%2F)new"))
    await page.get_by_role("button", name="New here").click()
    await page.get_by_label("Your name").fill("Ana")
    await page.get_by_label("E-mail address").fill("ana@example.org")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Create the account").click()
    await expect(page).to_have_url(re.compile("/plans/new$"))
    await expect(page.get_by_label("Title")).to_be_visible()


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


async def test_the_banner_is_put_away_for_this_time_and_never_over_the_composer(
    people: Opener, own_server: ServerProcess, mailbox: Mailbox
) -> None:
    page = await people(phone=True)
    await with_account(page, mailbox, "Ana")
    await plan_by_api(page, "Design review")
    other = await api(page, "POST", "/rooms", {"preset": "meeting"})
    await page.goto(f"/r/{other['link']}")
    await page.get_by_label("Your name").fill("Ana")
    await page.get_by_role("button", name="Come in").click()
    composer = page.get_by_role("textbox", name="Message everyone")
    banner = page.get_by_role("region", name="Begins soon")
    await expect(composer).to_be_visible()
    await expect(banner).to_be_visible()
    below, above = await composer.bounding_box(), await banner.bounding_box()
    assert below is not None
    assert above is not None
    assert above["y"] == 0
    assert above["height"] < below["y"]
    assert below["y"] + below["height"] <= 844
    # The frame made room: nothing is to be scrolled.
    assert await page.evaluate("document.documentElement.scrollHeight") == 844
    assert await find_faults(page) == []
    await banner.get_by_role("button", name="Put away for this time").click()
    await expect(banner).to_have_count(0)
    await page.reload()
    await expect(composer).to_be_visible()
    await page.goto("/plans")
    await expect(row(page, "Design review").get_by_role("button", name="Join now")).to_be_visible()
    await expect(banner).to_have_count(0)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_no_page_of_plans_has_faults(
    people: Opener, own_server: ServerProcess, mailbox: Mailbox, dark: bool
) -> None:
    ana, ben = await people(dark=dark), await people(dark=dark, phone=True)
    await with_account(ana, mailbox, "Ana")
    await with_account(ben, mailbox, "Ben")
    repeat = {"every": "week", "weekdays": ["tue"]}
    made = await plan_by_api(ana, "Weekly", invitees=["ben@example.org"], repeat=repeat, description="Bring tea.")
    await plan_by_api(ana, "Soon", invitees=["ben@example.org"])
    for page in (ana, ben):
        for path in ("/plans", "/plans?list=past", f"/plans/{made['id']}"):
            await page.goto(path)
            await expect(page.locator("[aria-busy=true]")).to_have_count(0)
            await expect(page.get_by_role("region", name="Begins soon")).to_be_visible()
            assert await find_faults(page) == []
    await ana.goto(f"/plans/{made['id']}/edit")
    await expect(ana.get_by_role("list", name="The next times")).to_be_visible()
    assert await find_faults(ana) == []
    await ana.get_by_role("combobox", name="Time zone").click()
    await expect(ana.get_by_role("option", name="Abidjan")).to_be_visible()
    assert await find_faults(ana) == []
    await ben.goto(f"/plans/{made['id']}/edit")
    await expect(ben.get_by_role("heading", name="This cannot be changed")).to_be_visible()
    await ben.goto("/plans/unknown")
    await expect(ben.get_by_role("heading", name="No plan of yours")).to_be_visible()
    assert await find_faults(ben) == []


async def test_an_invitee_whose_address_is_not_confirmed_is_told_so(
    people: Opener, own_server: ServerProcess, mailbox: Mailbox
) -> None:
    ana, ben = await people(), await people()
    await with_account(ana, mailbox, "Ana")
    await with_account(ben, mailbox, "Ben", proven=False)
    made = await plan_by_api(ana, "Design review", invitees=["ben@example.org"])
    await ben.goto(f"/plans/{made['id']}")
    await expect(ben.get_by_text("Your address is not confirmed yet")).to_be_visible()


async def test_a_list_comes_in_pages(people: Opener, own_server: ServerProcess, mailbox: Mailbox) -> None:
    page = await people()
    await with_account(page, mailbox, "Ana")
    for number in range(23):
        await plan_by_api(page, f"Meeting {number:02}", ahead=60 * (number + 1))
    await page.goto("/plans")
    shown = page.get_by_role("list", name="Upcoming").get_by_role("listitem")
    await expect(shown).to_have_count(20)
    await page.get_by_role("button", name="Show more").click()
    await expect(shown).to_have_count(23)
    await expect(shown.last).to_contain_text("Meeting 22")
    await expect(page.get_by_role("button", name="Show more")).to_have_count(0)


async def test_a_push_is_shown_and_leads_to_the_room(
    people: Opener, own_server: ServerProcess, mailbox: Mailbox
) -> None:
    page = await people()
    await with_account(page, mailbox, "Ana")
    plan = await plan_by_api(page, "Design review", ahead=60)
    await page.context.grant_permissions(["notifications"], origin=own_server.url)
    served = await page.request.get("/sw.js")
    assert served.headers["content-type"].startswith("text/javascript")
    assert served.headers["cache-control"] == "no-cache"
    await page.evaluate(
        "navigator.serviceWorker.register('/sw.js', {scope: '/'}).then(() => navigator.serviceWorker.ready)"
    )

    inspector = await page.context.new_cdp_session(page)
    registrations: list[str] = []
    inspector.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: registrations.extend(each["registrationId"] for each in event["registrations"]),
    )
    await inspector.send("ServiceWorker.enable")
    await eventually(lambda: registrations, "the worker")
    data = (
        f'{{"kind": "plan.reminder", "plan": "{plan["id"]}", "title": "Design review", "minutes": 5, '
        f'"text": {{"title": "Design review", "body": "Begins in 5 minutes."}}, "url": "/r/{plan["link"]}"}}'
    )
    message = {"origin": own_server.url, "registrationId": registrations[0]}
    shown = """async () => {
        const worker = await navigator.serviceWorker.ready
        let all = []
        for (const end = Date.now() + 10000; all.length < 2 && Date.now() < end; ) {
            await new Promise((go) => setTimeout(go, 50))
            all = await worker.getNotifications()
        }
        return all.map((n) => [n.title, n.body, n.tag, n.data.url])
    }"""
    # Twice about the same plan: the second takes the place of the first. What cannot be read is shown as well.
    for text in (data, data, "garbage"):
        await inspector.send("ServiceWorker.deliverPushMessage", {**message, "data": text})
    seen = await page.evaluate(shown)
    assert sorted(seen) == [
        ["Design review", "Begins in 5 minutes.", f"plan {plan['id']}", f"/r/{plan['link']}"],
        ["Salon", "There is something new about your planned rooms.", "plan ", "/plans"],
    ]
