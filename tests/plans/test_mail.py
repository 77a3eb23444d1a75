"""What is written to people: invitations that calendars understand, and how not to get them any more."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from salon.core.accounts import Account
from salon.core.mail import CalendarPart, OutgoingMail
from salon.plans import texts
from tests.plans.support import calendar_of, clock_at, look, notified, person, plan, text_of, turn_to
from tests.support.dump import dump
from tests.support.house import Stage, open_stage
from tests.support.mailbox import Mailbox, smtp
from tests.support.recorder import eventually

pytestmark = pytest.mark.feature("R6")

START = "2026-03-23T09:00"


async def until(condition: Callable[[], object]) -> None:
    await eventually(condition, "the mail")


def token_of(text: str) -> str:
    found = re.search(r"https://salon\.example\.org/plans/decline#(\S+)", text)
    assert found is not None
    return found[1]


async def test_the_invitation_is_one_that_calendars_understand(posting: Stage, mailbox: Mailbox) -> None:
    ana = await person(posting)
    weekly = {"every": "week", "weekdays": ["mon", "thu"], "until": "2026-04-30"}
    made = await plan(
        ana, START, "Europe/Berlin", minutes=45, repeat=weekly, description="Tea", invitees=["ben@example.org"]
    )
    (mail,) = mailbox.mails
    assert (mail["To"], mail["Subject"]) == ("ben@example.org", "Invitation: Weekly")
    text = text_of(mail)
    assert "Ana invites you to “Weekly”." in text
    assert (
        "When: Monday, 23 March 2026, 09:00 to 09:45 (Europe/Berlin), every week on Monday and Thursday"
        " until 30 April 2026" in text
    )
    assert f"Where: {made['url']}\nPIN: {made['pin'][:3]} {made['pin'][3:]}\n" in text
    assert "\n\nTea\n\n" in text
    assert f"https://salon.example.org/plans/{made['id']}" in text
    assert "because Ana invited ben@example.org" in text
    assert "ana@example.org" not in mail.as_string()
    whole = calendar_of(mail)
    assert whole["method"] == "REQUEST"
    (event,) = whole.events
    assert (event["uid"], event["sequence"]) == (f"{made['id']}@salon.example.org", 0)
    assert event["dtstart"].params["TZID"] == "Europe/Berlin"
    assert event["dtstart"].dt == datetime(2026, 3, 23, 9, tzinfo=ZoneInfo("Europe/Berlin"))
    assert event["duration"].dt == timedelta(minutes=45)
    # The last beginning that is still within: 09:00 on the 30th in Berlin.
    assert event["rrule"].to_ical() == b"FREQ=WEEKLY;UNTIL=20260430T070000Z;BYDAY=MO,TH"
    assert event["organizer"] == "mailto:salon@salon.example.org"
    assert event["organizer"].params["CN"] == "Ana"
    assert event["attendee"] == "mailto:ben@example.org"
    assert event["attendee"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert event["location"] == made["url"]
    assert event["status"] == "CONFIRMED"
    (zone,) = whole.timezones
    # A calendar that knows no zones finds the change of clocks in the mail itself.
    known = zone.to_tz(lookup_tzid=False)
    assert known.utcoffset(datetime(2026, 3, 28, 12)) == timedelta(hours=1)
    assert known.utcoffset(datetime(2026, 3, 30, 12)) == timedelta(hours=2)


async def test_nobody_is_told_who_else_is_invited(posting: Stage, mailbox: Mailbox) -> None:
    ana = await person(posting)
    people = [f"p{n}@example.org" for n in range(60)]
    await plan(ana, START, invitees=people)
    await until(lambda: len(mailbox.mails) == 60)
    await posting.settle()
    assert sorted(each["To"] for each in mailbox.mails) == sorted(people), "each once, though they are told in groups"
    for mail in mailbox.mails:
        assert set(re.findall(r"p\d+@example\.org", mail.as_string() + str(calendar_of(mail)))) == {mail["To"]}


async def test_changes_have_growing_numbers_and_the_same_name(posting: Stage, mailbox: Mailbox) -> None:
    ana = await person(posting)
    made = await plan(ana, START, invitees=["ben@example.org", "cem@example.org"])
    path = f"/plans/{made['id']}"
    await ana.must("PATCH", path, {"start": "2026-03-24T09:00"})
    await posting.settle()
    await ana.must("PATCH", path, {"theme": "moss"})
    await ana.must("PATCH", path, {"title": "Weekly"})
    await ana.must("PATCH", path, {"title": "Daily", "invitees": ["ben@example.org", "dee@example.org"]})
    await posting.settle()
    await ana.must("POST", f"{path}/cancel")
    await posting.settle()

    def told(address: str) -> list[tuple[str, str, int]]:
        wholes = [(each["Subject"], calendar_of(each)) for each in mailbox.to(address)]
        assert len({str(whole.events[0]["uid"]) for _, whole in wholes}) == 1
        return [(subject, str(whole["method"]), int(whole.events[0]["sequence"])) for subject, whole in wholes]

    assert told("ben@example.org") == [
        ("Invitation: Weekly", "REQUEST", 0),
        ("Changed: Weekly", "REQUEST", 1),
        ("Changed: Daily", "REQUEST", 2),
        ("Called off: Daily", "CANCEL", 3),
    ]
    assert told("cem@example.org") == [
        ("Invitation: Weekly", "REQUEST", 0),
        ("Changed: Weekly", "REQUEST", 1),
        ("Called off for you: Daily", "CANCEL", 2),
    ]
    assert told("dee@example.org") == [("Invitation: Daily", "REQUEST", 2), ("Called off: Daily", "CANCEL", 3)]
    assert calendar_of(mailbox.to("ben@example.org")[-1]).events[0]["status"] == "CANCELLED"


async def test_declining_by_the_link_needs_no_account(posting: Stage, mailbox: Mailbox) -> None:
    ana = await person(posting)
    made = await plan(ana, START, invitees=["ben@example.org", "cem@example.org"])
    token = token_of(text_of(mailbox.to("ben@example.org")[0]))
    async with posting.http() as nobody:
        seen = (await nobody.post("/api/plans/invitation", json={"token": token})).json()
        assert (seen["title"], seen["planner"], seen["email"], seen["answer"]) == (
            "Weekly",
            "Ana",
            "ben@example.org",
            "pending",
        )
        assert "cem@example.org" not in str(seen)
        for wrong in (token[:-1] + ("A" if token[-1] != "A" else "B"), token.partition(".")[0], ".", "x.y", "é"):
            answer = await nobody.post("/api/plans/invitation/answer", json={"token": wrong})
            assert (answer.status_code, answer.json()["code"]) == (410, "link_expired")
        declined = (await nobody.post("/api/plans/invitation/answer", json={"token": token})).json()
        assert declined["answer"] == "declined"
    assert [each["answer"] for each in (await look(ana, made["id"]))["invitees"]] == ["declined", "pending"]
    await ana.must("PATCH", f"/plans/{made['id']}", {"title": "Other"})
    await turn_to(posting, "2026-03-23T08:45")
    await ana.must("POST", f"/plans/{made['id']}/cancel")
    await posting.settle()
    assert len(mailbox.to("ben@example.org")) == 1, "no more mail about it"
    assert len(mailbox.to("cem@example.org")) == 4


async def test_an_address_can_be_left_alone_for_good(posting: Stage, mailbox: Mailbox) -> None:
    ana = await person(posting)
    ben = await person(posting, "ben@example.org", "Ben")
    made = await plan(ana, START, invitees=["ben@example.org"])
    token = token_of(text_of(mailbox.mails[0]))
    await ana.must("POST", f"/plans/{made['id']}/cancel")
    await posting.settle()
    count = len(mailbox.mails)
    async with posting.http() as nobody:
        late = await nobody.post("/api/plans/invitation/answer", json={"token": token})
        assert late.json()["code"] == "plan_over"
        said = await nobody.post("/api/plans/invitation/answer", json={"token": token, "silence": True})
        assert said.json()["silenced"] is True
        await plan(ana, START, title="Next", invitees=["BEN@example.org"])
        assert len(mailbox.mails) == count
        assert (await notified(ben))[-1] == ("created", None), "in the page it is told all the same"
        await nobody.post("/api/plans/invitation/answer", json={"token": token, "silence": False})
    await plan(ana, START, title="Last", invitees=["ben@example.org"])
    assert mailbox.mails[-1]["Subject"] == "Invitation: Last"


@pytest.mark.parametrize(
    "title",
    [
        "Hi\r\nBcc: eve@example.org",
        "Hi\nX-Bad: 1\n\nbody",
        "Hi\rATTENDEE:mailto:eve@example.org",
        "a\x00b\x1fc",
        "Hi\u2028BEGIN:VEVENT\u2029",
        'END:VEVENT;"quoted";BEGIN:VALARM',
        "=?utf-8?q?=0D=0ABcc:_eve=40example.org?=",
        "ü" * 80,
    ],
)
async def test_titles_are_words_and_nothing_else(posting: Stage, mailbox: Mailbox, title: str) -> None:
    ana = await person(posting, name='An"a; X')
    made = await plan(ana, START, title=title, description=title, invitees=["ben@example.org"])
    (mail,) = mailbox.mails
    allowed = {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"}
    assert set(mail.keys()) <= allowed | {"Content-Transfer-Encoding"}
    assert mail["To"] == "ben@example.org"
    whole = calendar_of(mail)
    (event,) = whole.events
    assert (len(whole.subcomponents), event.subcomponents) == (1, [])
    assert str(event["summary"]) == made["title"]
    assert event["attendee"] == "mailto:ben@example.org"
    assert event["organizer"].params["CN"] in {'An"a; X', "An'a; X"}


@given(st.text(max_size=80), st.text(max_size=200), st.emails())
def test_mails_are_made_of_any_words(title: str, description: str, email: str) -> None:
    news = texts.News("created", title, description, title, 0, "UTC", 60, None, "https://x/p", "https://x/r", "1234", 0)
    assert title in texts.subject(news)
    assert email in texts.mail(news, texts.Addressee(email, False, "https://x/plans/decline#t"))


async def test_mails_of_one_account_are_limited(tmp_path: Path, at_once: None, mailbox: Mailbox) -> None:
    settings: dict[str, Any] = {"plan_mails_per_day": 5, **smtp(mailbox)}
    async with open_stage(tmp_path, clock=clock_at("2026-03-20T12:00"), **settings) as stage:
        ana, ben = await person(stage), await person(stage, "ben@example.org", "Ben")
        three = [f"p{n}@example.org" for n in range(3)]
        made = await plan(ana, START, invitees=three)
        before = await dump(stage.house.storage)
        refused = await ana.ask("POST", "/plans", {"title": "T", "start": START, "zone": "UTC", "invitees": three})
        assert (refused.status_code, refused.json()["code"]) == (429, "mail_limit")
        assert refused.json()["retry_after"] == pytest.approx(12 * 3600, abs=1)
        path = f"/plans/{made['id']}"
        assert await ana.code("PATCH", path, {"title": "Another"}) == "mail_limit"
        assert await dump(stage.house.storage) == before, "nothing of what is refused stays"
        await ana.must("PATCH", path, {"theme": "moss"})
        await plan(ben, START, invitees=three)
        await ana.must("POST", f"{path}/cancel")
        await stage.settle()
        assert [each["Subject"] for each in mailbox.to("p0@example.org")][-1] == "Called off: Weekly"
        await turn_to(stage, "2026-03-21T00:00")
        await plan(ana, START, invitees=three)
        assert len(mailbox.mails) == 12


async def test_an_account_that_has_not_proven_its_own_address_writes_to_few(posting: Stage, mailbox: Mailbox) -> None:
    new = await person(posting, "new@example.org", "New", proven=False)
    body = {"title": "T", "start": START, "zone": "UTC"}
    assert (
        await new.code("POST", "/plans", {**body, "invitees": [f"p{n}@example.org" for n in range(21)]}) == "mail_limit"
    )
    assert await new.code("POST", "/plans", {**body, "invitees": [f"p{n}@example.org" for n in range(20)]}) == ""


async def test_whom_an_administrator_has_disabled_writes_to_nobody(posting: Stage, mailbox: Mailbox) -> None:
    ana, ben = await person(posting), await person(posting, "ben@example.org", "Ben")
    await plan(ana, "2026-03-20T13:00", invitees=["ben@example.org"])
    statement = update(Account).where(Account.identity_id == ana.identity).values(disabled_at=1)
    await posting.house.writer.run("", lambda work: work.session.execute(statement))
    await turn_to(posting, "2026-03-20T12:45")
    assert await notified(ben) == [("created", None)]
    assert len(mailbox.mails) == 1


async def test_reminders_beyond_the_limit_are_told_in_the_page_only(
    tmp_path: Path, at_once: None, mailbox: Mailbox
) -> None:
    settings: dict[str, Any] = {"plan_mails_per_day": 3, **smtp(mailbox)}
    async with open_stage(tmp_path, clock=clock_at("2026-03-20T12:00"), **settings) as stage:
        ana, ben = await person(stage), await person(stage, "ben@example.org", "Ben")
        await plan(ana, "2026-03-20T13:00", invitees=["ben@example.org"])
        await turn_to(stage, "2026-03-20T12:45")
        await turn_to(stage, "2026-03-20T12:55")
        assert [each["Subject"] for each in mailbox.to("ben@example.org")] == [
            "Invitation: Weekly",
            "In 15 minutes: Weekly",
        ]
        assert await notified(ben) == [("created", None), ("reminder", 15), ("reminder", 5)]


async def test_without_a_mail_server_there_are_no_mails_and_no_limit(tmp_path: Path, at_once: None) -> None:
    async with open_stage(tmp_path, clock=clock_at("2026-03-20T12:00"), plan_mails_per_day=0) as stage:
        ana = await person(stage)
        await plan(ana, START, invitees=["ben@example.org"])
        everything = await dump(stage.house.storage)
        assert everything["outgoing_mail"] == everything["plan_mail_counts"] == []


async def test_two_servers_on_one_database_send_each_mail_once(tmp_path: Path, at_once: None, mailbox: Mailbox) -> None:
    clock, settings = clock_at("2026-03-20T12:00"), smtp(mailbox)
    async with (
        open_stage(tmp_path, clock=clock, **settings) as one,
        open_stage(tmp_path, clock=clock, **settings) as two,
    ):
        part = CalendarPart("REQUEST", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
        await one.house.writer.run(
            "",
            lambda work: _post(one, work, part),
        )
        await two.house.mail.sweep()
        await one.settle()
        assert sorted(each["To"] for each in mailbox.mails) == sorted(f"p{n}@example.org" for n in range(30))
        assert (await dump(one.house.storage))["outgoing_mail"] == []


async def _post(stage: Stage, work: Any, part: CalendarPart) -> None:
    for number in range(30):
        stage.house.mail.post(work, f"p{number}@example.org", "Hi", "Text", useful_for_ms=10**6, calendar=part)


async def test_what_a_server_began_to_send_and_died_is_sent_after_it(posting: Stage, mailbox: Mailbox) -> None:
    now = posting.clock.now()
    claimed = OutgoingMail(
        id="m",
        recipient="ben@example.org",
        subject="S",
        body="B",
        created_at=now,
        attempts=0,
        due_at=now + 300_000,
        expires_at=now + 10**6,
    )

    async def add(work: Any) -> None:
        work.session.add(claimed)

    await posting.house.writer.run("", add)
    await posting.pass_time(299)
    assert mailbox.mails == []
    await posting.pass_time(2)
    assert len(mailbox.mails) == 1


def test_words_for_times() -> None:
    start = round(datetime(2026, 10, 24, 22, 30, tzinfo=UTC).timestamp() * 1000)
    news = texts.News("reminder", "T", "", "Ana", start, "Europe/Berlin", 180, None, "p", "r", None, start - 290_000)
    # Clocks go back meanwhile: three hours later it is two hours later on the clock.
    assert texts.when(news) == "Sunday, 25 October 2026, 00:30 to 02:30 (Europe/Berlin)"
    assert texts.subject(news) == "In 5 minutes: T"
