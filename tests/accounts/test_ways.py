"""Another address, and showing once more that it is oneself."""

from __future__ import annotations

import pytest

from salon.accounts.passwords import common_passwords
from tests.accounts.support import OTHER, PASSWORD, caller
from tests.support.dump import dump, places_of
from tests.support.house import Stage
from tests.support.mailbox import Mailbox, token_in
from tests.support.recorder import eventually

NEW = "ana@new.example.org"


@pytest.mark.feature("P2")
async def test_a_new_address_is_asked_by_mail_and_the_old_one_is_told(posting: Stage, mailbox: Mailbox) -> None:
    ana = await caller(posting)
    await ana.sign_up()
    assert await ana.must("POST", "/account/email", {"email": NEW}) == {"ok": True, "mail": True}
    await eventually(lambda: len(mailbox.mails) == 3, "the mails")
    assert (await ana.must("GET", "/account"))["account"]["email"] == "ana@example.org", "not yet"
    notice, (asking,) = mailbox.to("ana@example.org")[-1], mailbox.to(NEW)
    assert "another e-mail address" in notice.get_content()
    assert "#" not in notice.get_content(), "the old address cannot confirm"
    token = token_in(asking)
    await posting.settle()
    assert await places_of(posting.house.storage, token) == [], "once sent, it is stored nowhere"
    secret = token.partition(".")[0]
    forged = f"{secret}.bWFsbG9yeUBldmlsLmV4YW1wbGU"
    stranger = await caller(posting)
    assert await stranger.code("POST", "/account/verify", {"token": forged}) == "link_expired", "for no other address"
    await stranger.must("POST", "/account/verify", {"token": token})
    account = (await ana.must("GET", "/account"))["account"]
    assert (account["email"], account["verified"]) == (NEW, True)
    assert await stranger.code("POST", "/account/verify", {"token": token}) == "link_expired", "once"
    await (await caller(posting)).sign_in(NEW)
    old = {"email": "ana@example.org", "password": PASSWORD}
    assert await (await caller(posting)).code("POST", "/account/sign-in", old) == "credentials_wrong"


@pytest.mark.feature("P2")
async def test_a_change_of_address_lasts_ten_minutes_and_ends_with_a_new_password(
    posting: Stage, mailbox: Mailbox
) -> None:
    ana = await caller(posting)
    await ana.sign_up()
    tokens = []
    for number in (3, 5, 7):
        await ana.must("POST", "/account/proof", {"password": PASSWORD})
        await ana.must("POST", "/account/email", {"email": NEW})
        await eventually(lambda n=number: len(mailbox.mails) == n, "the mails")  # type: ignore[misc]
        tokens.append(token_in(mailbox.to(NEW)[-1]))
        if number == 5:
            posting.clock.advance(seconds=10 * 60 + 1)
    await ana.must("POST", "/account/password", {"current": PASSWORD, "password": OTHER})
    for token in tokens:
        assert await ana.code("POST", "/account/verify", {"token": token}) == "link_expired"


@pytest.mark.feature("P2")
async def test_asking_for_another_address_does_not_tell_whether_it_is_taken(posting: Stage, mailbox: Mailbox) -> None:
    ana, ben = await caller(posting), await caller(posting)
    await ana.sign_up()
    await ben.sign_up("ben@example.org", "Ben")
    await eventually(lambda: len(mailbox.mails) == 2, "the first mails")
    await posting.settle()
    said, stored = [], []
    for email in ("ben@example.org", "nobody@example.org"):
        before = await dump(posting.house.storage)
        answer = await ana.ask("POST", "/account/email", {"email": email})
        said.append((answer.status_code, answer.text, sorted(answer.headers)))
        await posting.settle()
        after = await dump(posting.house.storage)
        stored.append({name for name, rows in after.items() if rows != before[name]})
    assert said[0] == said[1]
    assert stored[0] | {"account_tokens"} == stored[1] | {"account_tokens"}
    await eventually(lambda: len(mailbox.mails) == 6, "the mails")
    told = mailbox.to("ben@example.org")[-1].get_content()
    assert "there is an account with this address already" in told
    assert "#" not in told
    # Taken only after the mail had gone out.
    free = token_in(mailbox.to("nobody@example.org")[-1])
    await (await caller(posting)).sign_up("nobody@example.org", "Cia")
    assert await ana.code("POST", "/account/verify", {"token": free}) == "email_taken"


@pytest.mark.feature("P2")
async def test_without_mail_the_address_changes_at_once_and_is_not_confirmed(stage: Stage) -> None:
    ana, ben = await caller(stage), await caller(stage)
    await ana.sign_up()
    await ben.sign_up("ben@example.org", "Ben")
    assert await ana.must("POST", "/account/email", {"email": NEW}) == {"ok": True, "mail": False}
    account = (await ana.must("GET", "/account"))["account"]
    assert (account["email"], account["verified"]) == (NEW, False)
    assert await ana.code("POST", "/account/email", {"email": "BEN@example.org"}) == "email_taken"
    assert await ana.code("POST", "/account/email", {"email": NEW.upper()}) == "email_invalid"
    assert (await ana.must("GET", "/account"))["account"]["email"] == NEW


@pytest.mark.feature("P2")
async def test_what_matters_most_needs_a_fresh_sign_in_or_the_password(stage: Stage) -> None:
    home, phone = await caller(stage), await caller(stage)
    await home.sign_up()
    await phone.sign_in()
    stage.clock.advance(seconds=601)
    sessions = (await home.must("GET", "/account/sessions"))["sessions"]
    other = next(each["id"] for each in sessions if not each["current"])
    asked = [
        ("DELETE", f"/account/sessions/{other}", None),
        ("POST", "/account/email", {"email": NEW}),
        ("DELETE", "/account/providers/any", None),
    ]
    for method, path, body in asked:
        assert await home.code(method, path, body) == "proof_required", path
    assert await home.code("POST", "/account/proof", {"password": OTHER}) == "credentials_wrong"
    old = home.token
    await home.must("POST", "/account/proof", {"password": PASSWORD})
    assert home.token != old
    assert await stage.house.sessions.identify(old, bearer=True) is None, "a new token, as with every sign-in"
    assert [await home.code(*each) for each in asked] == ["", "", "provider_unknown"]
    assert await phone.code("GET", "/account/sessions") == "session_required"
    guest = await caller(stage)
    assert await guest.code("POST", "/account/proof", {"password": PASSWORD}) == "sign_in_required"


@pytest.mark.feature("P2")
async def test_proving_oneself_is_guessed_as_slowly_as_at_the_door(stage: Stage) -> None:
    ana = await caller(stage)
    await ana.sign_up()
    codes = [await ana.code("POST", "/account/proof", {"password": OTHER}) for _ in range(6)]
    assert codes == ["credentials_wrong"] * 5 + ["rate_limited"]


@pytest.mark.feature("P2")
async def test_one_s_own_session_ends_without_proof(stage: Stage) -> None:
    ana = await caller(stage)
    await ana.sign_up()
    stage.clock.advance(seconds=601)
    (session,) = (await ana.must("GET", "/account/sessions"))["sessions"]
    await ana.must("DELETE", f"/account/sessions/{session['id']}")
    assert await ana.code("GET", "/account/sessions") == "session_required"


@pytest.mark.feature("P2")
async def test_the_most_common_passwords_are_refused(stage: Stage) -> None:
    common = common_passwords()
    assert len(common) >= 3000
    ana = await caller(stage)
    for password in ("password1", "TrustNo1!"[:8], "Football", "qwertyuiop", "1q2w3e4r", "iloveyou"):
        assert password.lower() in common
        account = {"email": "ana@example.org", "password": password, "name": "Ana"}
        assert await ana.code("POST", "/account", account) == "password_weak", password
