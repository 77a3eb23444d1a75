"""The second factor: set up, switched off, renewed; what of it is stored, and what ends with it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from sqlalchemy import select, update

from salon.accounts.tables import SecondFactor
from salon.core.settings import Settings
from tests.accounts.support import OTHER, PASSWORD, App, Caller, caller, half_in, make_admin, set_up
from tests.support.dump import dump, places_of
from tests.support.house import Stage, open_stage
from tests.support.mailbox import Mailbox
from tests.support.recorder import eventually


async def subjects(mailbox: Mailbox, count: int, address: str = "ana@example.org") -> list[str]:
    """Of the mails after the one that confirms the address, once there are so many."""
    await eventually(lambda: len(mailbox.to(address)) >= count + 1, "the mails")
    return [str(each["Subject"]) for each in mailbox.to(address)][1:]


async def actions(boss: Caller, prefix: str = "account.") -> list[str]:
    lines = (await boss.must("GET", "/admin/audit", params={"action": prefix}))["lines"]
    return [each["action"] for each in lines]


# Setting up.


@pytest.mark.feature("P2")
async def test_it_counts_from_the_first_right_code_on_and_ends_other_sessions(posting: Stage, mailbox: Mailbox) -> None:
    ana, phone = await caller(posting), await caller(posting)
    await ana.sign_up()
    await phone.sign_in()
    setup = await ana.must("POST", "/account/second-factor/start")
    app = App(posting, setup["key"])
    address = urlsplit(setup["uri"])
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert unquote(address.path) == "/Salon (127.0.0.1):ana@example.org"
    assert parse_qs(address.query) == {"secret": [app.key], "issuer": ["Salon (127.0.0.1)"]}
    assert len(app.key) == 32, "160 bits"
    assert setup["picture"].startswith("data:image/svg+xml")
    assert (await ana.must("GET", "/account"))["second_factor"] == {"since": None, "recovery_left": 0, "needed": False}
    await (await caller(posting)).sign_in()

    for wrong in (app.wrong(), "", "abc", app.code(-2), app.code(2)):
        assert await ana.code("POST", "/account/second-factor", {"code": wrong}) == "code_wrong"
        posting.clock.advance(seconds=2)
    old = ana.token
    made = await ana.must("POST", "/account/second-factor", {"code": app.code()})
    assert made["account"]["second_factor"] is True
    assert len(set(made["recovery_codes"])) == 10
    assert ana.token != old
    assert await posting.house.sessions.identify(old, bearer=True) is None
    assert await phone.code("GET", "/account/sessions") == "session_required", "it began without it"
    state = (await ana.must("GET", "/account"))["second_factor"]
    assert abs(state.pop("since") - posting.clock.now()) < 1000
    assert state == {"recovery_left": 10, "needed": False}
    for secret in (app.key, *made["recovery_codes"], *(each.replace("-", "") for each in made["recovery_codes"])):
        assert await places_of(posting.house.storage, secret) == []
    assert await subjects(mailbox, 1) == ["Your Salon account has a second factor now"]
    assert await ana.code("POST", "/account/second-factor/start") == "second_factor_on"
    assert await ana.code("POST", "/account/second-factor", {"code": app.next_code()}) == "second_factor_on"


@pytest.mark.feature("P2")
async def test_setting_up_needs_a_fresh_sign_in_and_does_not_wait_for_ever(stage: Stage) -> None:
    guest, ana = await caller(stage), await caller(stage)
    assert await guest.code("POST", "/account/second-factor/start") == "sign_in_required"
    await ana.sign_up()
    assert await ana.code("POST", "/account/second-factor", {"code": "123456"}) == "took_too_long", "nothing begun"
    stage.clock.advance(seconds=601)
    assert await ana.code("POST", "/account/second-factor/start") == "proof_required"
    await ana.must("POST", "/account/proof", {"password": PASSWORD})
    first = App(stage, (await ana.must("POST", "/account/second-factor/start"))["key"])
    later = App(stage, (await ana.must("POST", "/account/second-factor/start"))["key"])
    assert await ana.code("POST", "/account/second-factor", {"code": first.code()}) == "code_wrong", "it was replaced"
    stage.clock.advance(seconds=1801)
    assert await ana.code("POST", "/account/second-factor", {"code": later.code()}) == "took_too_long"
    await stage.pass_time(1801)
    assert (await dump(stage.house.storage))["account_second_factors"] == []


# Recovery codes.


@pytest.mark.feature("P2")
async def test_a_recovery_code_lets_in_once_and_its_owner_is_told(posting: Stage, mailbox: Mailbox) -> None:
    ana = await caller(posting)
    await ana.sign_up()
    app = await set_up(ana)
    code = app.recovery[3]
    phone = await caller(posting)
    ticket = await half_in(phone)
    sloppy = f" {code.lower().replace('-', ' ')} ".replace("1", "l").replace("0", "o")
    await phone.must("POST", "/account/second-step", {"ticket": ticket, "code": sloppy})
    assert phone.identity == ana.identity
    assert (await phone.must("GET", "/account"))["second_factor"]["recovery_left"] == 9
    assert (await subjects(mailbox, 2))[-1] == "A recovery code of your Salon account was used"
    assert "9 of them left" in mailbox.to("ana@example.org")[-1].get_content()
    again = await caller(posting)
    ticket = await half_in(again)
    assert await again.code("POST", "/account/second-step", {"ticket": ticket, "code": code}) == "code_wrong"
    other = app.recovery[4][:4] + app.recovery[5][4:]
    assert await again.code("POST", "/account/second-step", {"ticket": ticket, "code": other}) == "code_wrong"


@pytest.mark.feature("P2")
async def test_new_recovery_codes_end_the_earlier_ones(posting: Stage, mailbox: Mailbox) -> None:
    ana = await caller(posting)
    await ana.sign_up()
    app = await set_up(ana)
    path = "/account/second-factor/recovery-codes"
    assert await ana.code("POST", path, {}) == "credentials_wrong"
    assert await ana.code("POST", path, {"password": OTHER}) == "credentials_wrong"
    made = [
        await ana.must("POST", path, {"password": PASSWORD}),
        await ana.must("POST", path, {"code": app.next_code()}),
    ]
    sets = [app.recovery, *(each["recovery_codes"] for each in made)]
    assert len({code for each in sets for code in each}) == 30
    assert await ana.code("POST", path, {"code": app.code()}) == "code_wrong", "used"
    for number, each in enumerate(sets):
        phone = await caller(posting)
        body = {"ticket": await half_in(phone), "code": each[0]}
        assert await phone.code("POST", "/account/second-step", body) == ("code_wrong" if number < 2 else "")
    assert (await subjects(mailbox, 4))[1:3] == ["New recovery codes for your Salon account"] * 2
    ben = await caller(posting)
    await ben.sign_up("ben@example.org", "Ben")
    assert await ben.code("POST", path, {"password": PASSWORD}) == "second_factor_off"


# Switching off.


@pytest.mark.feature("P2")
async def test_switching_off_needs_the_password_or_a_code(posting: Stage, mailbox: Mailbox) -> None:
    ana = await caller(posting)
    await ana.sign_up()
    for round_, proof in enumerate(("password", "code", "recovery")):
        app = await set_up(ana)
        phone = await caller(posting)
        await phone.must("POST", "/account/second-step", {"ticket": await half_in(phone), "code": app.next_code()})
        assert await ana.code("DELETE", "/account/second-factor", {}) == "credentials_wrong"
        for wrong in ({"password": OTHER}, {"code": app.wrong()}, {"code": app.code()}):
            assert await ana.code("DELETE", "/account/second-factor", wrong) in {"credentials_wrong", "code_wrong"}
            posting.clock.advance(seconds=2)
        right = {"password": {"password": PASSWORD}, "code": {"code": app.next_code()}}
        old = ana.token
        await ana.must("DELETE", "/account/second-factor", right.get(proof, {"code": app.recovery[0]}))
        assert ana.token != old
        assert await phone.code("GET", "/account/sessions") == "session_required"
        assert (await ana.must("GET", "/account"))["account"]["second_factor"] is False
        assert await ana.code("DELETE", "/account/second-factor", {"password": PASSWORD}) == "second_factor_off"
        after = await dump(posting.house.storage)
        assert after["account_second_factors"] == after["account_recovery_codes"] == []
        await (await caller(posting)).sign_in()
        told = await subjects(mailbox, 2 * round_ + 2)
        assert told.count("Your Salon account has no second factor any more") == round_ + 1
        posting.clock.advance(seconds=60)


@pytest.mark.feature("P2", "P6")
async def test_an_administrator_switches_it_off_for_whoever_lost_it(posting: Stage, mailbox: Mailbox) -> None:
    boss, ana = await caller(posting), await caller(posting)
    await boss.sign_up("boss@example.org", "Boss")
    await make_admin(posting, boss)
    await ana.sign_up()
    path = f"/admin/users/{ana.identity}/second-factor"
    assert await boss.code("DELETE", path) == "second_factor_off"
    app = await set_up(ana)
    listed = (await boss.must("GET", "/admin/users"))["accounts"]
    assert {each["account"]["name"]: each["account"]["second_factor"] for each in listed} == {
        "Ana": True,
        "Boss": False,
    }
    phone = await caller(posting)
    ticket = await half_in(phone)
    assert await ana.code("DELETE", path) == "forbidden"
    assert (await boss.must("DELETE", path))["account"]["second_factor"] is False
    assert await ana.code("GET", "/account/sessions") == "session_required"
    given = {"ticket": ticket, "code": app.next_code()}
    assert await phone.code("POST", "/account/second-step", given) == "took_too_long", "it began before"
    await phone.sign_in()
    assert (await dump(posting.house.storage))["account_recovery_codes"] == []
    assert "an administrator" in mailbox.to("ana@example.org")[-1].get_content() or await subjects(mailbox, 2)
    assert (await subjects(mailbox, 2))[-1] == "Your Salon account has no second factor any more"
    (line,) = (await boss.must("GET", "/admin/audit", params={"action": "user."}))["lines"]
    assert (line["action"], line["actor_name"], line["subject_name"]) == ("user.second_factor_off", "Boss", "Ana")


@pytest.mark.feature("P2", "P6")
async def test_what_is_done_with_it_is_in_the_audit_list(stage: Stage) -> None:
    boss = await caller(stage)
    await boss.sign_up()
    await make_admin(stage, boss)
    app = await set_up(boss)
    await boss.must("POST", "/account/second-factor/recovery-codes", {"password": PASSWORD})
    phone = await caller(stage)
    await phone.must("POST", "/account/second-step", {"ticket": await half_in(phone), "code": app.next_code()})
    await boss.must("DELETE", "/account/second-factor", {"password": PASSWORD})
    assert (await actions(boss))[:4] == [
        "account.second_factor_off",
        "account.sign_in",
        "account.recovery_codes",
        "account.second_factor_on",
    ]


# Administrators.


@pytest.mark.feature("P2", "P6")
async def test_administrators_may_be_asked_for_one(tmp_path: Path, at_once: None) -> None:
    async with open_stage(tmp_path, admins_need_second_factor=True) as stage:
        boss, ana = await caller(stage), await caller(stage)
        await boss.sign_up()
        await ana.sign_up("ben@example.org", "Ben")
        await make_admin(stage, boss)
        paths = [
            (method.upper(), path.removeprefix("/api").format(identity=ana.identity, room="x", announcement="x"))
            for path, methods in stage.app.openapi()["paths"].items()
            if path.startswith("/api/admin")
            for method in methods
        ]
        assert len(paths) > 12
        for method, path in paths:
            body: dict[str, str] | None = {} if method == "PATCH" else None
            assert await boss.code(method, path, body) == "second_factor_required", path
            assert await ana.code(method, path, body) == "forbidden", path
        assert (await boss.must("GET", "/account"))["second_factor"]["needed"] is True
        assert (await ana.must("GET", "/account"))["second_factor"]["needed"] is False
        await set_up(boss)
        assert (await boss.must("GET", "/admin/users"))["total"] == 2
        await boss.must("DELETE", "/account/second-factor", {"password": PASSWORD})
        assert await boss.code("GET", "/admin/users") == "second_factor_required", "at once"


# What is stored.


@pytest.mark.feature("P2")
async def test_a_deleted_account_leaves_nothing_of_it(stage: Stage) -> None:
    ana = await caller(stage)
    await ana.sign_up()
    await set_up(ana)
    await half_in(await caller(stage))
    identity = ana.identity
    await ana.must("DELETE", "/account", {"password": PASSWORD})
    await stage.settle()
    assert await places_of(stage.house.storage, identity) == []
    after = await dump(stage.house.storage)
    for table in ("account_second_factors", "account_recovery_codes", "account_half_sign_ins"):
        assert after[table] == [], table


async def sealed(stage: Stage) -> str:
    async with stage.house.storage.read() as session:
        return (await session.execute(select(SecondFactor.secret))).scalar_one()


async def enters(stage: Stage, code: str) -> str:
    phone = await caller(stage)
    return await phone.code("POST", "/account/second-step", {"ticket": await half_in(phone), "code": code})


@pytest.mark.feature("P2")
async def test_the_secret_is_sealed_also_after_a_key_was_given(tmp_path: Path, at_once: None) -> None:
    async with open_stage(tmp_path) as stage:
        ana = await caller(stage)
        await ana.sign_up()
        app = await set_up(ana)
        identity, clock = ana.identity, stage.clock
        assert stage.house.settings.secret_key is None
    key = "a key of one's own, long enough to be one"
    async with open_stage(tmp_path, clock=clock, secret_key=key) as stage:
        before = await sealed(stage)
        app.stage = stage
        assert await enters(stage, app.next_code()) == "", "sealed with the key of before"
        assert await sealed(stage) != before
        assert await places_of(stage.house.storage, key) == []
    async with open_stage(tmp_path, clock=clock) as stage:
        app.stage = stage
        assert await enters(stage, app.next_code()) == "code_wrong", "it needs the key now"
        assert await enters(stage, app.recovery[0]) == "", "which recovery codes do not"
    async with open_stage(tmp_path, clock=clock, secret_key=key) as stage:
        app.stage = stage
        assert await enters(stage, app.next_code()) == ""
        # Put beside somebody else's account it opens nothing.
        secret = await sealed(stage)
        ben = await caller(stage)
        await ben.sign_up("ben@example.org", "Ben")
        theirs = await set_up(ben)
        swap = update(SecondFactor).where(SecondFactor.identity_id != identity).values(secret=secret)
        await stage.house.writer.run("", lambda work: work.session.execute(swap))
        for each in (app, theirs):
            phone = await caller(stage)
            given = {"ticket": await half_in(phone, "ben@example.org"), "code": each.next_code()}
            assert await phone.code("POST", "/account/second-step", given) == "code_wrong"
    with pytest.raises(ValueError, match="32"):
        Settings(secret_key="short")  # type: ignore[arg-type]
