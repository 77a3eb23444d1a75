"""Signing up, in and out: sessions that cannot be planted, kept or guessed into."""

from __future__ import annotations

import asyncio
import threading

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from salon.accounts.tables import Account
from salon.core.hashing import AT_ONCE, WAITING
from salon.core.sessions import DAY_MS
from tests.accounts.support import OTHER, PASSWORD, caller
from tests.support.dump import places_of
from tests.support.house import ORIGIN, Stage
from tests.support.recorder import eventually


@pytest.mark.feature("P2", "P5")
async def test_signing_up_keeps_the_guest(stage: Stage) -> None:
    place = await stage.room()
    ana = await caller(stage)
    guest = await stage.come(place, "Ana", identity=ana.identity)
    await guest.must("chat.send", body="before")
    first = ana.token
    said = await ana.sign_up(" Ana@Example.org ")
    assert said["account"]["email"] == "Ana@Example.org"
    assert said["account"]["identity"] == guest.identity, "the identity is the guest's"
    assert ana.token != first
    again = await stage.come_back(guest)
    await again.must("chat.send", body="after")
    assert {each["author"] for each in (await again.look())["features"]["chat"]["room"]["messages"]} == {
        (await again.look())["features"]["people"]["me"]
    }


@pytest.mark.feature("P2")
async def test_every_sign_in_makes_a_new_session_and_ends_the_old(stage: Stage) -> None:
    ana = await caller(stage)
    tokens = [ana.token]
    await ana.sign_up()
    tokens.append(ana.token)
    await ana.sign_in()
    tokens.append(ana.token)
    await ana.must("POST", "/account/password", {"current": PASSWORD, "password": OTHER})
    tokens.append(ana.token)
    assert len(set(tokens)) == 4
    for old in tokens[:-1]:
        assert await stage.house.sessions.identify(old, bearer=True) is None
    assert await stage.house.sessions.identify(tokens[-1], bearer=True) == ana.identity
    assert await places_of(stage.house.storage, tokens[-1]) == [], "only hashes are stored"


@pytest.mark.feature("P2")
async def test_a_planted_cookie_is_worth_nothing_after_signing_in(stage: Stage) -> None:
    planted = await stage.house.sessions.open(bearer=False)
    account = {"email": "ana@example.org", "password": PASSWORD, "name": "Ana"}
    async with stage.http(Cookie=f"salon_session={planted.token}", Origin=ORIGIN) as http:
        answer = await http.post("/api/account", json=account)
    assert answer.status_code == 200
    assert "token" not in {name for name, value in answer.json().items() if value}
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert planted.token not in cookie
    assert await stage.house.sessions.identify(planted.token, bearer=False) is None


@pytest.mark.feature("P2")
async def test_an_https_server_gives_secure_cookies(stage: Stage) -> None:
    stage.house.addresses.public_url = "https://salon.example.org"
    guest = await stage.house.sessions.open(bearer=False)
    account = {"email": "ana@example.org", "password": PASSWORD, "name": "Ana"}
    async with stage.http(Cookie=f"salon_session={guest.token}", Origin=ORIGIN) as http:
        answer = await http.post("/api/account", json=account)
    assert "; Secure" in answer.headers["set-cookie"]


@pytest.mark.feature("P2")
async def test_other_pages_cannot_change_accounts(stage: Stage) -> None:
    """Every route that changes something, found in the application itself, is refused to a foreign page."""
    session = await stage.house.sessions.open(bearer=False)
    routes = [
        (method, path)
        for path, methods in stage.app.openapi()["paths"].items()
        if path.startswith(("/api/account", "/api/admin"))
        for method in methods
        if method != "get"
    ]
    assert len(routes) > 15
    for method, path in routes:
        path = path.replace("{", "").replace("}", "")
        for origin in ("https://evil.example", "null"):
            async with stage.http(Cookie=f"salon_session={session.token}", Origin=origin) as http:
                answer = await http.request(method, path, json={})
            assert (answer.status_code, answer.json()["code"]) == (403, "origin_refused"), path
        async with stage.http(Cookie=f"salon_session={session.token}") as http:
            answer = await http.request(method, path, json={})
        assert answer.json()["code"] == "origin_refused", path


@pytest.mark.feature("P2")
async def test_an_unknown_address_and_a_wrong_password_are_alike(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = await caller(stage)
    await ana.sign_up()
    passwords = next(each for each in stage.house.services if hasattr(each, "passwords")).passwords
    worked: list[str] = []
    check = passwords._check

    def note(hashed: str, password: str) -> bool:
        worked.append(hashed.rsplit("$", 2)[0])
        return bool(check(hashed, password))

    monkeypatch.setattr(passwords, "_check", note)
    said = []
    for email in ("ana@example.org", "nobody@example.org"):
        ben = await caller(stage)
        answer = await ben.ask("POST", "/account/sign-in", {"email": email, "password": OTHER})
        said.append((answer.status_code, answer.text, sorted(answer.headers)))
    assert said[0] == said[1]
    assert said[0][0] == 401
    assert worked == [worked[0]] * 2, "the same work with the same costs"
    assert "m=19456,t=2,p=1" in worked[0]


@pytest.mark.feature("P2")
async def test_a_person_without_password_is_not_signed_in_by_any(stage: Stage) -> None:
    ana = await caller(stage)
    await ana.sign_up()
    none = update(Account).values(password_hash=None)
    await stage.house.writer.run("", lambda work: work.session.execute(none))
    ben = await caller(stage)
    for password in (PASSWORD, ""):
        body = {"email": "ana@example.org", "password": password}
        assert await ben.code("POST", "/account/sign-in", body) == "credentials_wrong"


WEAK = [
    "",
    "short",
    "1234567",
    "x" * 129,
    "aaaaaaaaaaaa",
    "Password1",
    "PASSWORD123",
    "ana@example.org",
    "Ana Berg Dal",
]


@pytest.mark.feature("P2")
@pytest.mark.parametrize("password", WEAK)
async def test_weak_passwords_are_refused(stage: Stage, password: str) -> None:
    ana = await caller(stage)
    account = {"email": "ana@example.org", "password": password, "name": "Ana Berg Dal"}
    assert await ana.code("POST", "/account", account) == "password_weak"


@pytest.mark.feature("P2")
@pytest.mark.parametrize("password", ["eight ch", "ÅÄÖ åäö 中文 🎈🎈", "x1" * 64, "  spaces around  "])
async def test_any_characters_make_a_password(stage: Stage, password: str) -> None:
    ana = await caller(stage)
    await ana.sign_up(password=password)
    ben = await caller(stage)
    await ben.sign_in(password=password)
    if password.strip() != password:
        body = {"email": "ana@example.org", "password": password.strip()}
        assert await (await caller(stage)).code("POST", "/account/sign-in", body) == "credentials_wrong"


@pytest.mark.feature("P2")
async def test_the_same_characters_typed_otherwise_are_the_same_password(stage: Stage) -> None:
    ana = await caller(stage)
    await ana.sign_up(password="caf\u00e9 au lait")
    await (await caller(stage)).sign_in(password="cafe\u0301 au lait")


BAD_ADDRESSES = [
    "",
    "ana",
    "ana@",
    "@example.org",
    "a b@example.org",
    "ana@example",
    "ana@ex..org",
    "a@b.org\nBcc: x@y.org",
    "Ana <ana@example.org>",
    "a" * 65 + "@example.org",
    "ana@" + "x" * 260 + ".org",
    "a,b@example.org",
]


@pytest.mark.feature("P2")
@pytest.mark.parametrize("email", BAD_ADDRESSES)
async def test_what_is_no_address_is_refused(stage: Stage, email: str) -> None:
    ana = await caller(stage)
    account = {"email": email, "password": PASSWORD, "name": "Ana"}
    assert await ana.code("POST", "/account", account) == "email_invalid"


@pytest.mark.feature("P2")
async def test_an_address_has_one_account_however_it_is_written(stage: Stage) -> None:
    await (await caller(stage)).sign_up("ana@example.org")
    ben = await caller(stage)
    for email in ("ana@example.org", " ANA@EXAMPLE.ORG", "\uff41na@example.org"):
        account = {"email": email, "password": PASSWORD, "name": "Ben"}
        assert await ben.code("POST", "/account", account) == "email_taken"
    two = [(await caller(stage)) for _ in range(2)]
    account = {"email": "kim@example.org", "password": PASSWORD, "name": "Kim"}
    codes = await asyncio.gather(*(each.code("POST", "/account", account) for each in two))
    assert sorted(codes) == ["", "email_taken"]
    assert await ben.code("POST", "/account", {**account, "email": "ben@example.org"}) == ""
    assert await ben.code("POST", "/account", {**account, "email": "ben2@example.org"}) == "already_signed_in"


@pytest.mark.feature("P2")
async def test_guessing_slows_down_but_locks_nobody_out(stage: Stage) -> None:
    ana = await caller(stage)
    await ana.sign_up()
    mallory = await caller(stage, "198.51.100.9")
    wrong = {"email": "ana@example.org", "password": OTHER}
    codes = [await mallory.code("POST", "/account/sign-in", wrong) for _ in range(7)]
    assert codes == ["credentials_wrong"] * 5 + ["rate_limited"] * 2
    answer = await mallory.ask("POST", "/account/sign-in", wrong)
    assert int(answer.headers["retry-after"]) >= 1
    waits = []
    for _ in range(12):
        stage.clock.advance(seconds=3600)
        assert await mallory.code("POST", "/account/sign-in", wrong) == "credentials_wrong"
        waits.append((await mallory.ask("POST", "/account/sign-in", wrong)).json()["retry_after"])
    assert waits == sorted(waits)
    assert waits[0] < 5
    assert 899 < waits[-1] <= 900
    # Its own person, from elsewhere, does not notice.
    await (await caller(stage)).sign_in()


@pytest.mark.feature("P2")
async def test_guessing_from_everywhere_has_a_limit_that_spares_known_places(stage: Stage) -> None:
    ana = await caller(stage, "192.0.2.1")
    await ana.sign_up()
    await ana.sign_in()
    wrong = {"email": "ana@example.org", "password": OTHER}
    codes = [
        await (await caller(stage, f"198.51.100.{n}")).code("POST", "/account/sign-in", wrong) for n in range(1, 70)
    ]
    assert codes.count("credentials_wrong") <= 60
    assert codes[-1] == "rate_limited"
    await (await caller(stage, "192.0.2.1")).sign_in()


@pytest.mark.feature("P2")
async def test_a_flood_of_sign_ins_is_bounded_and_the_chat_goes_on(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = await stage.room()
    owner = await stage.owner(place)
    passwords = next(each for each in stage.house.services if hasattr(each, "passwords")).passwords
    running, most, runs = 0, 0, 0
    check = passwords._check

    def count(hashed: str, password: str) -> bool:
        nonlocal running, most, runs
        running, runs = running + 1, runs + 1
        most = max(most, running)
        try:
            return bool(check(hashed, password))
        finally:
            running -= 1

    monkeypatch.setattr(passwords, "_check", count)
    people = [await caller(stage, f"10.0.{n // 200}.{n % 200 + 1}") for n in range(200)]
    flood = [
        asyncio.create_task(each.code("POST", "/account/sign-in", {"email": f"p{n}@example.org", "password": OTHER}))
        for n, each in enumerate(people)
    ]
    await eventually(lambda: passwords._inside, "the flood")
    async with asyncio.timeout(10):
        for n in range(20):
            await owner.must("chat.send", body=f"still here {n}")
    codes = await asyncio.gather(*flood)
    assert set(codes) == {"credentials_wrong", "rate_limited"}
    assert most <= AT_ONCE
    assert codes.count("rate_limited") > 0
    assert runs == codes.count("credentials_wrong")
    assert passwords._inside == 0
    assert len(passwords._threads._threads) <= AT_ONCE
    assert WAITING <= 20


@pytest.mark.feature("P2")
async def test_sign_ins_that_wait_hold_up_nobody(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the checking is: while not one check ends, the chat goes on, and who cannot wait is told at once."""
    place = await stage.room()
    owner = await stage.owner(place)
    passwords = stage.house.passwords
    go_on = threading.Event()
    monkeypatch.setattr(passwords, "_check", lambda _hashed, _password: go_on.wait(60) and False)
    people = [await caller(stage, f"10.1.{n // 200}.{n % 200 + 1}") for n in range(200)]
    flood = [
        asyncio.create_task(each.code("POST", "/account/sign-in", {"email": f"p{n}@example.org", "password": OTHER}))
        for n, each in enumerate(people)
    ]
    try:
        most = AT_ONCE + WAITING
        await eventually(lambda: sum(each.done() for each in flood) == len(flood) - most, "all but those who may wait")
        assert {each.result() for each in flood if each.done()} == {"rate_limited"}
        for n in range(20):
            await owner.must("chat.send", body=f"still here {n}")
        assert sum(each.done() for each in flood) == len(flood) - most, "none of them was needed for it"
    finally:
        go_on.set()
    assert (await asyncio.gather(*flood)).count("credentials_wrong") == most


@pytest.mark.feature("P2")
async def test_weaker_hashes_are_made_anew(stage: Stage) -> None:
    ana = await caller(stage)
    await ana.sign_up()
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    await stage.house.writer.run("", lambda work: work.session.execute(update(Account).values(password_hash=weak)))
    await (await caller(stage)).sign_in()
    async with stage.house.storage.read() as session:
        stored = (await session.execute(select(Account.password_hash))).scalar_one()
    assert stored is not None
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.feature("P2")
async def test_signing_out_ends_the_session(stage: Stage) -> None:
    ana = await caller(stage)
    await ana.sign_up()
    await ana.must("POST", "/account/sign-out")
    assert await ana.code("GET", "/account/sessions") == "session_required"
    assert (await ana.ask("GET", "/account")).json()["account"] is None


@pytest.mark.feature("P2")
async def test_a_session_ends_however_much_it_is_used(stage: Stage) -> None:
    ana = await caller(stage)
    await ana.sign_up()
    for _ in range(364):
        stage.clock.advance(seconds=DAY_MS / 1000)
        assert await stage.house.sessions.identify(ana.token, bearer=True) == ana.identity
    stage.clock.advance(seconds=DAY_MS / 1000 + 1)
    assert await stage.house.sessions.identify(ana.token, bearer=True) is None
