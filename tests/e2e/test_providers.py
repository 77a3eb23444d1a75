"""Signing in through a provider, in a real browser: there and back, linked and unlinked."""

from __future__ import annotations

import json
import re
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from aiohttp import web
from playwright.async_api import Browser, expect

from tests.accounts.test_oidc import SECRET, Provider
from tests.e2e import steps
from tests.e2e.account_steps import PASSWORD, age_sessions, at_account
from tests.e2e.conftest import fixture
from tests.support.process import ServerProcess

pytestmark = [pytest.mark.real("chromium"), pytest.mark.timeout(180)]


class Welcoming(Provider):
    """One that asks nothing: whoever comes is sent back at once."""

    async def _describe(self, request: web.Request) -> web.Response:
        self.now = int(time.time())
        return await super()._describe(request)

    def routes(self, app: web.Application) -> None:
        super().routes(app)
        app.router.add_get("/authorize", self._authorize)

    async def _authorize(self, request: web.Request) -> web.Response:
        self.now = int(time.time())
        back = request.query["redirect_uri"] + "?" + urlencode(self.agree(str(request.url)))
        raise web.HTTPFound(back)


@fixture()
async def provider() -> AsyncIterator[Welcoming]:
    made = Welcoming()
    await made.open()
    yield made
    assert made.runner is not None
    await made.runner.cleanup()


@pytest.fixture
def own_server(tmp_path: Path, provider: Welcoming) -> Iterator[ServerProcess]:
    known = {"name": "local", "title": "Local", "issuer": provider.url, "client_id": "salon", "client_secret": SECRET}
    process = ServerProcess(tmp_path, oidc=json.dumps([known]))
    process.start()
    yield process
    process.kill()


@pytest.mark.feature("P2", "P5")
async def test_a_provider_leads_in_and_back_to_the_room(
    own_server: ServerProcess, provider: Welcoming, browser: Browser
) -> None:
    context = await browser.new_context(base_url=own_server.url, viewport={"width": 1280, "height": 800})
    page = await context.new_page()
    await steps.create_room(page)
    await steps.come_in(page, "Ana")
    await steps.say(page, "before")
    link = page.url
    await page.get_by_role("button", name="You and this device").click()
    await page.get_by_role("menuitem", name="Sign in and keep what you did").click()
    await page.get_by_role("button", name="Continue with Local").click()
    await page.wait_for_url(link)
    await steps.act(page, "before", "Edit")

    await page.goto("/account")
    await at_account(page, "Ana P")
    await expect(page.get_by_text("Linked")).to_be_visible()
    await page.get_by_role("button", name="Unlink…").click()
    await steps.answer(page, "Unlink")
    await expect(page.get_by_role("alert")).to_contain_text("your only way to sign in")

    # An hour later it asks who it is; the provider knows.
    age_sessions(own_server)
    await page.get_by_role("button", name="Set a password…").click()
    await page.get_by_label("New password").fill(PASSWORD)
    await page.get_by_role("button", name="Save", exact=True).last.click()
    await page.get_by_role("dialog", name="Is it still you?").get_by_role("button", name="Sign in with Local").click()
    await at_account(page, "Ana P")
    await page.get_by_role("button", name="Set a password…").click()
    await page.get_by_label("New password").fill(PASSWORD)
    await page.get_by_role("button", name="Save", exact=True).last.click()
    await expect(page.get_by_text("Your password is set.")).to_be_visible()
    await page.get_by_role("button", name="Unlink…").click()
    await steps.answer(page, "Unlink")
    # “Unlink…” has the word in it, and so has what is told of the unlinking.
    await page.get_by_role("button", name=re.compile("^Link")).click()
    await expect(page.get_by_text("Linked", exact=True)).to_be_visible()
    await context.close()


@pytest.mark.feature("P2")
async def test_what_fails_at_the_provider_is_told(
    own_server: ServerProcess, provider: Welcoming, browser: Browser
) -> None:
    provider.bend = lambda claims: claims.update(nonce="another")
    context = await browser.new_context(base_url=own_server.url)
    page = await context.new_page()
    await page.goto("/account")
    await page.get_by_role("button", name="Continue with Local").click()
    await expect(page.get_by_role("alert")).to_contain_text("did not confirm who you are")
    await context.close()
