"""Signing in where a code is asked for: no session before it, each code once, and no way around."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from salon.accounts import second_factor, second_step
from tests.accounts.support import OTHER, PASSWORD, App, Caller, caller, half_in, make_admin, set_up
from tests.support.dump import dump, places_of
from tests.support.house import ORIGIN, LocalClient, Stage, open_stage
from tests.support.mailbox import Mailbox, token_in
from tests.support.recorder import eventually

STEP = "/account/second-step"


async def ana_with_app(stage: Stage) -> tuple[Caller, App]:
    ana = await caller(stage)
    await ana.sign_up()
    return ana, await set_up(ana)


def connected(client: LocalClient) -> bool:
    return client.link is not None


@pytest.mark.feature("P2", "P5")
async def test_no_session_begins_before_the_code(stage: Stage) -> None:
    place = await stage.room()
    _, app = await ana_with_app(stage)
    phone = await caller(stage)
    guest = await stage.come(place, "Ana", identity=phone.identity)
    me = guest.me
    first = phone.token
    wrong = {"email": "ana@example.org", "password": OTHER}
    assert await phone.code("POST", "/account/sign-in", wrong) == "credentials_wrong", "as without one"
    ticket = await half_in(phone)
    assert await places_of(stage.house.storage, ticket) == [], "only its hash is stored"
    assert (await phone.must("GET", "/account"))["account"] is None
    assert await phone.code("GET", "/account/sessions") == "sign_in_required"
    assert connected(guest), "the guest goes on as before"
    for wrong_ticket in ("", "x", ticket[:-1]):
        body = {"ticket": wrong_ticket, "code": app.next_code()}
        assert await phone.code("POST", STEP, body) in {"took_too_long", "invalid"}
    assert await phone.code("POST", STEP, {"ticket": ticket, "code": app.wrong()}) == "code_wrong"
    said = await phone.must("POST", STEP, {"ticket": ticket, "code": app.code()})
    assert said["account"]["email"] == "ana@example.org"
    assert phone.token != first
    assert await stage.house.sessions.identify(first, bearer=True) is None
    body = {"ticket": ticket, "code": app.next_code()}
    assert await (await caller(stage)).code("POST", STEP, body) == "took_too_long", "once"
    assert not connected(guest), "what was open as the guest comes again as the account"
    assert (await stage.snapshot(place, phone.identity))["features"]["people"]["me"] == me


@pytest.mark.feature("P2")
async def test_a_browser_keeps_its_ticket_where_scripts_and_others_cannot_reach_it(stage: Stage) -> None:
    _, app = await ana_with_app(stage)
    session = (await stage.house.sessions.open(bearer=False)).token
    password = {"email": "ana@example.org", "password": PASSWORD}
    async with stage.http(Cookie=f"salon_session={session}", Origin=ORIGIN) as http:
        answer = await http.post("/api/account/sign-in", json=password)
        planted = await http.get("/api/account")
    assert set(answer.json()["second_step"]) == {"expires_at", "ticket"}
    assert answer.json()["second_step"]["ticket"] is None
    cookie = answer.headers["set-cookie"]
    for part in ("salon_second_step=", "HttpOnly", "SameSite=strict", "Path=/api/account", "Max-Age=300"):
        assert part in cookie
    ticket = answer.cookies["salon_second_step"]
    # Whoever has planted the session's cookie has not got this one.
    assert planted.json()["second_step"] is None
    async with stage.http(Cookie=f"salon_session={session}", Origin=ORIGIN) as http:
        in_body = await http.post("/api" + STEP, json={"ticket": ticket, "code": app.next_code()})
    assert in_body.json()["code"] == "took_too_long"
    bot = await caller(stage)
    assert await bot.code("POST", STEP, {"ticket": ticket, "code": app.code()}) == "took_too_long"
    both = f"salon_session={session}; salon_second_step={ticket}"
    async with stage.http(Cookie=both, Origin=ORIGIN) as http:
        asked = (await http.get("/api/account")).json()
        assert asked["second_step"]["expires_at"] > stage.clock.now()
        assert asked["account"] is None
        done = await http.post("/api" + STEP, json={"code": app.code()})
    assert done.status_code == 200
    assert done.json()["token"] is None
    assert done.cookies["salon_session"] != session
    assert any(each.startswith('salon_second_step="";') for each in done.headers.get_list("set-cookie"))


@pytest.mark.feature("P2")
async def test_going_back_forgets_the_password_that_was_given(stage: Stage) -> None:
    _, app = await ana_with_app(stage)
    session = (await stage.house.sessions.open(bearer=False)).token
    async with stage.http(Cookie=f"salon_session={session}", Origin=ORIGIN) as http:
        password = {"email": "ana@example.org", "password": PASSWORD}
        ticket = (await http.post("/api/account/sign-in", json=password)).cookies["salon_second_step"]
    async with stage.http(Cookie=f"salon_session={session}; salon_second_step={ticket}", Origin=ORIGIN) as http:
        assert (await http.request("DELETE", "/api" + STEP, json={})).status_code == 200
        assert (await http.get("/api/account")).json()["second_step"] is None
        again = await http.post("/api" + STEP, json={"code": app.next_code()})
    assert again.json()["code"] == "took_too_long"
    assert (await dump(stage.house.storage))["account_half_sign_ins"] == []


# Codes.


@pytest.mark.feature("P2")
async def test_a_code_is_good_for_about_a_minute_and_once(stage: Stage) -> None:
    _, app = await ana_with_app(stage)

    async def enter(code: str) -> str:
        phone = await caller(stage)
        return await phone.code("POST", STEP, {"ticket": await half_in(phone), "code": code})

    assert await enter(app.code()) == "code_wrong", "it switched the second factor on"
    stage.clock.advance(seconds=300)
    assert await enter(app.code(-2)) == "code_wrong"
    assert await enter(app.code(2)) == "code_wrong"
    assert await enter(app.code(-1)) == "", "a clock that is slow"
    assert await enter(app.code(-1)) == "code_wrong"
    assert await enter(app.code(1)) == "", "a clock that is fast"
    assert await enter(app.code(1)) == "code_wrong"
    assert await enter(app.code()) == "code_wrong", "nor an earlier one after it"
    stage.clock.advance(seconds=60)
    assert await enter(app.code()) == ""


@pytest.mark.feature("P2")
async def test_one_code_given_many_times_at_once_lets_in_once(stage: Stage) -> None:
    ana, app = await ana_with_app(stage)
    for code in (app.next_code(), app.recovery[0]):
        people = [await caller(stage, f"198.51.100.{number}") for number in range(1, 6)]
        tickets = [await half_in(each) for each in people]
        given = zip(people, tickets, strict=True)
        found = await asyncio.gather(*(each.code("POST", STEP, {"ticket": t, "code": code}) for each, t in given))
        assert sorted(found) == ["", *["code_wrong"] * 4]
        assert sum(each.identity == ana.identity for each in people) == 1


@pytest.mark.feature("P2")
async def test_one_ticket_used_many_times_at_once_lets_in_once(stage: Stage) -> None:
    _, app = await ana_with_app(stage)
    phone = await caller(stage)
    ticket = await half_in(phone)
    people = [await caller(stage, f"198.51.100.{number}") for number in range(1, 4)]
    typed = [app.next_code(), app.recovery[0], app.recovery[1]]
    given = zip(people, typed, strict=True)
    found = await asyncio.gather(*(each.code("POST", STEP, {"ticket": ticket, "code": code}) for each, code in given))
    assert sorted(found) == ["", "took_too_long", "took_too_long"]
    left = (await people[found.index("")].must("GET", "/account"))["second_factor"]["recovery_left"]
    assert left == (10 if found[0] == "" else 9), "what was refused used up nothing"


@pytest.mark.real("postgres")
@pytest.mark.xdist_group("postgres")
@pytest.mark.parametrize("kind", ["digits", "recovery"])
async def test_two_servers_accept_one_code_once_on_postgres(
    tmp_path: Path, at_once: None, postgres: None, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """The second one comes while the first one's transaction has used the code and is not committed."""
    used, go_on = asyncio.Event(), asyncio.Event()
    really = second_factor.use_code

    async def use_and_wait(*arguments: Any) -> None:
        await really(*arguments)
        if not used.is_set():
            used.set()
            await go_on.wait()

    async with open_stage(tmp_path) as one, open_stage(tmp_path) as two:
        ana, app = await ana_with_app(one)
        two.clock.advance(seconds=30)
        code = app.next_code() if kind == "digits" else app.recovery[0]
        people = [await caller(one), await caller(two, "198.51.100.7")]
        tickets = [await half_in(each) for each in people]
        monkeypatch.setattr(second_step, "use_code", use_and_wait)
        first = asyncio.create_task(people[0].code("POST", STEP, {"ticket": tickets[0], "code": code}))
        await asyncio.wait_for(used.wait(), 30)
        second = asyncio.create_task(people[1].code("POST", STEP, {"ticket": tickets[1], "code": code}))
        try:
            async with asyncio.timeout(30):
                while not await waits_for_a_lock(one):
                    assert not second.done(), second.result()
                    await asyncio.sleep(0.02)
        finally:
            go_on.set()
        assert [await first, await second] == ["", "code_wrong"]
        assert [each.identity == ana.identity for each in people] == [True, False]


async def waits_for_a_lock(stage: Stage) -> bool:
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    async with stage.house.storage.read() as session:
        return int((await session.execute(waiting)).scalar_one()) > 0


# Guessing.


@pytest.mark.feature("P2")
async def test_guessing_codes_ends_after_five_and_its_owner_hears_of_it(posting: Stage, mailbox: Mailbox) -> None:
    ana, app = await ana_with_app(posting)
    mallory = await caller(posting, "198.51.100.9")
    ticket = await half_in(mallory)
    found = [await mallory.code("POST", STEP, {"ticket": ticket, "code": app.wrong()}) for _ in range(6)]
    assert found == [*["code_wrong"] * 4, "took_too_long", "took_too_long"]
    told = "Somebody has the password of your Salon account"
    await eventually(lambda: mailbox.to("ana@example.org")[-1]["Subject"] == told, "the mail")
    # The password once more is no new beginning: who waits is this network, and twice as long each time.
    waits = []
    for _ in range(9):
        posting.clock.advance(seconds=901)
        ticket = await half_in(mallory)
        assert await mallory.code("POST", STEP, {"ticket": ticket, "code": app.wrong()}) == "code_wrong"
        answer = await mallory.ask("POST", STEP, {"ticket": ticket, "code": app.wrong()})
        assert answer.json()["code"] == "rate_limited"
        waits.append(answer.json()["retry_after"])
    assert waits == sorted(waits)
    assert waits[-1] > 500
    await posting.settle()
    assert [each["Subject"] for each in mailbox.to("ana@example.org")].count(told) == 1, "once a day"
    phone = await caller(posting)
    await phone.must("POST", STEP, {"ticket": await half_in(phone), "code": app.code()})
    await make_admin(posting, ana)
    (line,) = (await ana.must("GET", "/admin/audit", params={"action": "account.code"}))["lines"]
    assert (line["actor"], line["subject_name"], line["network"]) == (None, "Ana", "198.51.100.9")


@pytest.mark.feature("P2")
async def test_codes_are_guessed_from_everywhere_no_faster_and_the_owner_s_place_is_spared(stage: Stage) -> None:
    _, app = await ana_with_app(stage)
    home = await caller(stage, "192.0.2.1")
    await home.must("POST", STEP, {"ticket": await half_in(home), "code": app.next_code()})
    stage.clock.advance(seconds=3600)
    desk = next(each for each in stage.house.services if hasattr(each, "strange_sign_ins"))
    found = []
    for number in range(1, 70):
        stranger = await caller(stage, f"198.51.100.{number}")
        # As if the password had been known in all of these places.
        desk.strange_sign_ins.give_back("ana@example.org")
        ticket = await half_in(stranger)
        found.append(await stranger.code("POST", STEP, {"ticket": ticket, "code": app.wrong()}))
    assert found.count("code_wrong") <= 60
    assert found[-1] == "rate_limited"
    again = await caller(stage, "192.0.2.1")
    desk.strange_sign_ins.give_back("ana@example.org")
    await again.must("POST", STEP, {"ticket": await half_in(again), "code": app.code()})


# What ends it.


@pytest.mark.feature("P2")
async def test_what_is_half_done_ends_with_time_and_with_all_sessions(stage: Stage) -> None:
    ana, app = await ana_with_app(stage)
    boss = await caller(stage)
    await boss.sign_up("boss@example.org", "Boss")
    await make_admin(stage, boss)
    phone = await caller(stage)

    async def after(
        method: str = "", path: str = "", body: Any = None, who: Caller = ana, password: str = PASSWORD
    ) -> str:
        ticket = await half_in(phone, password=password)
        if path:
            await who.must(method, path, body)
        else:
            stage.clock.advance(seconds=301)
        return await phone.code("POST", STEP, {"ticket": ticket, "code": app.next_code()})

    assert await after() == "took_too_long"
    assert await after("POST", "/account/password", {"current": PASSWORD, "password": OTHER}) == "took_too_long"
    user = f"/admin/users/{ana.identity}"
    assert await after("PATCH", user, {"disabled": True}, boss, OTHER) == "took_too_long"
    right = {"email": "ana@example.org", "password": OTHER}
    assert await phone.code("POST", "/account/sign-in", right) == "account_disabled"
    await boss.must("PATCH", user, {"disabled": False})
    ana = await caller(stage)
    await ana.must("POST", STEP, {"ticket": await half_in(ana, password=OTHER), "code": app.next_code()})
    assert await after("POST", "/account/sign-out-everywhere", None, ana, OTHER) == "took_too_long"
    await half_in(phone, password=OTHER)
    await stage.pass_time(301)
    assert (await dump(stage.house.storage))["account_half_sign_ins"] == []


@pytest.mark.feature("P2")
async def test_a_new_password_by_mail_is_not_enough(posting: Stage, mailbox: Mailbox) -> None:
    ana, app = await ana_with_app(posting)
    await (await caller(posting)).must("POST", "/account/reset", {"email": "ana@example.org"})
    await eventually(lambda: "A new password for Salon" in [each["Subject"] for each in mailbox.mails], "the mail")
    token = next(token_in(each) for each in mailbox.mails if each["Subject"] == "A new password for Salon")
    # Whoever reads the mail, and has somebody's signed-in browser too, is still asked.
    answer = await ana.must("POST", "/account/new-password", {"token": token, "password": OTHER})
    assert set(answer) == {"second_step"}
    ticket = answer["second_step"]["ticket"]
    assert await ana.code("GET", "/account/sessions") == "session_required", "all sessions end"
    thief = await caller(posting)
    assert await thief.code("POST", "/account/new-password", {"token": token, "password": OTHER}) == "link_expired"
    body = {"email": "ana@example.org", "password": PASSWORD}
    assert await thief.code("POST", "/account/sign-in", body) == "credentials_wrong", "the new password holds"
    new = await caller(posting)
    await new.must("POST", STEP, {"ticket": ticket, "code": app.next_code()})
    assert new.identity != thief.identity
    assert (await new.must("GET", "/account"))["account"]["email"] == "ana@example.org"
