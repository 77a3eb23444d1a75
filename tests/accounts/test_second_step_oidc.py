"""A provider is one factor: where a second one is on, its code is asked for besides."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from tests.accounts.support import PASSWORD, App, caller, set_up
from tests.accounts.test_oidc import Browser, Provider, browser, linked, provider
from tests.support.dump import dump
from tests.support.house import ORIGIN, Stage

__all__ = ["linked", "provider"]
STEP = "/account/second-step"


async def browser_in(stage: Stage, who: Browser, provider: Provider) -> str:
    """To the provider and back. Returns the ticket."""
    url = (await who.must("POST", "/account/oidc/local/start", {"back_to": "/plans"}))["url"]
    answer = await who.ask("GET", "/account/oidc/local/callback", params=provider.agree(url))
    assert answer.headers["location"] == "/account?back=%2Fplans"
    assert "salon_session" not in answer.cookies
    return str(answer.cookies["salon_second_step"])


async def give(stage: Stage, who: Browser, ticket: str, code: str) -> Any:
    both = f"salon_session={who.token}; salon_second_step={ticket}"
    async with stage.http(Cookie=both, Origin=ORIGIN) as http:
        answer = await http.post("/api" + STEP, json={"code": code})
    assert answer.status_code == 200, answer.text
    who.token = answer.cookies["salon_session"]
    who.identity = answer.json()["account"]["identity"]
    return answer.json()


@pytest.mark.feature("P2")
async def test_a_provider_is_no_way_around(linked: Stage, provider: Provider) -> None:
    ana = await browser(linked)
    await ana.go(provider)
    app = App(linked, (await ana.must("POST", "/account/second-factor/start", {}))["key"])
    await ana.must("POST", "/account/second-factor", {"code": app.code()})
    phone = await browser(linked)
    ticket = await browser_in(linked, phone, provider)
    assert (await phone.must("GET", "/account"))["account"] is None
    linked.clock.advance(seconds=30)
    provider.now = linked.clock.now() // 1000
    await give(linked, phone, ticket, app.code())
    assert phone.identity == ana.identity
    # In a session that has had its code, the provider proves that it is still the same person.
    linked.clock.advance(seconds=601)
    provider.now = linked.clock.now() // 1000
    assert await phone.code("DELETE", "/account", {}) == "proof_required"
    assert await phone.go(provider, back_to="/account") == "/account"
    # Without a password a code switches it off.
    assert await phone.code("DELETE", "/account/second-factor", {"password": PASSWORD}) == "credentials_wrong"
    assert await phone.code("DELETE", "/account/second-factor", {"code": app.code()}) == ""


@pytest.mark.feature("P2")
async def test_a_provider_is_not_linked_before_the_code(linked: Stage, provider: Provider) -> None:
    """An account is found by its proven address: that alone gives it no further way in."""
    ana, phone = await caller(linked), await browser(linked)
    await ana.sign_up()
    app = await set_up(ana)
    verified = text("UPDATE accounts SET verified_at = 1")
    await linked.house.writer.run("", lambda work: work.session.execute(verified))
    ticket = await browser_in(linked, phone, provider)
    assert (await dump(linked.house.storage))["account_links"] == []
    linked.clock.advance(seconds=30)
    await give(linked, phone, ticket, app.code())
    assert (await phone.must("GET", "/account"))["linked"] == []
    provider.now = linked.clock.now() // 1000
    await phone.go(provider)
    assert (await phone.must("GET", "/account"))["linked"] == ["local"]
