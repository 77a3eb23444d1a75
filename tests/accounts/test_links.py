"""Links by mail, through a real SMTP server; new passwords; nothing that tells whether an address is known."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from salon.accounts.desk import Desk
from tests.accounts.support import OTHER, PASSWORD, Caller, caller, make_admin
from tests.support.dump import dump, places_of
from tests.support.house import Stage, open_stage
from tests.support.mailbox import Mailbox, smtp, token_in
from tests.support.recorder import eventually


async def until(condition: Callable[[], object]) -> None:
    await eventually(condition, "the mail")


@pytest.mark.feature("P2")
async def test_the_address_is_confirmed_by_mail(posting: Stage, mailbox: Mailbox) -> None:
    ana = await caller(posting)
    assert (await ana.sign_up())["account"]["verified"] is False
    await until(lambda: mailbox.mails)
    (mail,) = mailbox.mails
    assert mail["To"] == "ana@example.org"
    assert mail["Auto-Submitted"] == "auto-generated"
    token = token_in(mail)
    assert (
        await (await caller(posting)).code("POST", "/account/new-password", {"token": token, "password": OTHER}) != ""
    )
    await (await caller(posting)).must("POST", "/account/verify", {"token": token})
    assert (await ana.must("GET", "/account"))["account"]["verified"] is True
    assert await ana.code("POST", "/account/verify", {"token": token}) == "link_expired"


async def ask_for_reset(stage: Stage, email: str) -> Any:
    who = await caller(stage, "198.51.100.3")
    return await who.ask("POST", "/account/reset", {"email": email})


@pytest.mark.feature("P2")
async def test_a_new_password_by_mail_ends_all_sessions(posting: Stage, mailbox: Mailbox) -> None:
    ana = await caller(posting)
    await ana.sign_up()
    assert (await ask_for_reset(posting, "ANA@example.org")).json() == {"ok": True, "mail": True}
    await until(lambda: len(mailbox.to("ana@example.org")) == 2)
    token = token_in(mailbox.mails[-1])
    await posting.settle()
    assert await places_of(posting.house.storage, token) == [], "once sent, it is stored nowhere"
    new = await caller(posting)
    body = {"token": token, "password": OTHER}
    assert await new.code("POST", "/account/new-password", {**body, "password": "short"}) == "password_weak"
    assert (await new.must("POST", "/account/new-password", body))["account"]["verified"] is True
    assert new.identity == ana.identity
    assert await ana.code("GET", "/account/sessions") == "session_required"
    assert await (await caller(posting)).code("POST", "/account/new-password", body) == "link_expired"
    assert (
        await (await caller(posting)).code(
            "POST", "/account/sign-in", {"email": "ana@example.org", "password": PASSWORD}
        )
        == "credentials_wrong"
    )
    await (await caller(posting)).sign_in(password=OTHER)


@pytest.mark.feature("P2")
async def test_one_link_used_twice_at_once_has_one_effect(posting: Stage, mailbox: Mailbox) -> None:
    await (await caller(posting)).sign_up()
    await ask_for_reset(posting, "ana@example.org")
    await until(lambda: len(mailbox.mails) == 2)
    body = {"token": token_in(mailbox.mails[-1]), "password": OTHER}
    people = [await caller(posting) for _ in range(5)]
    codes = await asyncio.gather(*(each.code("POST", "/account/new-password", body) for each in people))
    assert sorted(codes) == ["", *["link_expired"] * 4]


@pytest.mark.feature("P2")
async def test_links_are_too_old_after_ten_minutes_and_later_ones_replace_them(
    posting: Stage, mailbox: Mailbox
) -> None:
    await (await caller(posting)).sign_up()
    await ask_for_reset(posting, "ana@example.org")
    await until(lambda: len(mailbox.mails) == 2)
    await ask_for_reset(posting, "ana@example.org")
    await until(lambda: len(mailbox.mails) == 3)
    first, second = (token_in(mail) for mail in mailbox.mails[1:])
    assert await (await caller(posting)).code("POST", "/account/new-password", {"token": first, "password": OTHER}) == (
        "link_expired"
    )
    posting.clock.advance(seconds=10 * 60 + 1)
    assert (
        await (await caller(posting)).code("POST", "/account/new-password", {"token": second, "password": OTHER})
        == "link_expired"
    )


@pytest.mark.feature("P2")
async def test_asking_for_a_reset_tells_nothing_about_the_address(
    posting: Stage, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    await (await caller(posting)).sign_up()
    await until(lambda: mailbox.mails)
    await posting.settle()
    answers, stored = [], []
    # What the request itself does is the same row in the same table; who it is is looked up after the answer.
    desk = next(each for each in posting.house.services if isinstance(each, Desk))
    later = desk.answer_resets
    monkeypatch.setattr(desk, "answer_resets", lambda: None)
    for email in ("ana@example.org", "nobody@example.org"):
        before = await dump(posting.house.storage)
        answer = await ask_for_reset(posting, email)
        answers.append((answer.status_code, answer.text, sorted(answer.headers)))
        after = await dump(posting.house.storage)
        stored.append({name: len(rows) - len(before[name]) for name, rows in after.items() if rows != before[name]})
    assert answers[0] == answers[1]
    assert stored[0] == stored[1]
    assert stored[0]["account_reset_requests"] == 1
    later()
    await posting.settle()
    assert len(mailbox.to("ana@example.org")) == 2
    assert mailbox.to("nobody@example.org") == []


@pytest.mark.feature("P2")
async def test_without_a_mail_server_an_administrator_hands_out_the_link(stage: Stage) -> None:
    ana, boss = await caller(stage), await caller(stage)
    await ana.sign_up()
    await boss.sign_up("boss@example.org", "Boss")
    await make_admin(stage, boss)
    assert (await ask_for_reset(stage, "ana@example.org")).json() == {"ok": True, "mail": False}
    assert (await ana.must("GET", "/account"))["mail"] is False
    made = await boss.must("POST", f"/admin/users/{ana.identity}/reset-link")
    token = made["url"].partition("#")[2]
    assert await places_of(stage.house.storage, token) == []
    new = await caller(stage)
    said = await new.must("POST", "/account/new-password", {"token": token, "password": OTHER})
    assert said["account"]["verified"] is False, "no mail proved the address"
    assert await ana.code("POST", "/account/new-password", {"token": token, "password": OTHER}) != ""


@pytest.mark.feature("P2")
async def test_no_mail_is_lost_over_a_restart(tmp_path: Path, at_once: None, mailbox: Mailbox) -> None:
    await mailbox.close()
    settings = smtp(mailbox)
    async with open_stage(tmp_path, **settings) as before:
        await Caller(before, *await before.session()).sign_up()
        await before.settle()
    assert mailbox.mails == []
    await mailbox.open()
    async with open_stage(tmp_path, **settings, clock=before.clock) as after:
        await after.pass_time(20)
        assert [each["To"] for each in mailbox.mails] == ["ana@example.org"]
        assert (await dump(after.house.storage))["outgoing_mail"] == []
        await after.pass_time(3600)
        assert len(mailbox.mails) == 1


@pytest.mark.feature("P2")
async def test_a_refused_mail_is_tried_again_less_and_less_often(posting: Stage, mailbox: Mailbox) -> None:
    mailbox.answer = "451 Try later"
    await (await caller(posting)).sign_up()
    await posting.settle()
    attempts = []
    for _ in range(3):
        await posting.pass_time(3600)
        ((*_, attempt, _due, _expires),) = (await dump(posting.house.storage))["outgoing_mail"]
        attempts.append(attempt)
    assert attempts == [2, 3, 4]
    mailbox.answer = "250 OK"
    await posting.pass_time(3600)
    assert len(mailbox.mails) == 1
