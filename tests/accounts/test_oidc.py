"""Signing in through a provider: a small real one on this machine, with signed ID tokens, and all that can be wrong."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from aiohttp import web
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.accounts.support import PASSWORD, Caller, caller
from tests.support.dump import places_of
from tests.support.house import Stage, open_stage

KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
STRANGER = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
SECRET = "the client's secret"


class Provider:
    """Everybody is let in as ``person``. ``bend`` may change the claims before they are signed."""

    def __init__(self) -> None:
        self.url = ""
        self.person: dict[str, Any] = {
            "sub": "p-1",
            "email": "ana@example.org",
            "email_verified": True,
            "name": "Ana P",
        }
        self.bend: Callable[[dict[str, Any]], object] = lambda _claims: None
        self.key = KEY
        self.algorithm = "RS256"
        self.now = 1_700_000_000
        self.codes: dict[str, dict[str, str]] = {}
        self.runner: web.AppRunner | None = None

    async def open(self) -> None:
        app = web.Application()
        self.routes(app)
        self.runner = web.AppRunner(app)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self.runner.addresses[0][1]}"

    def routes(self, app: web.Application) -> None:
        app.router.add_get("/.well-known/openid-configuration", self._describe)
        app.router.add_get("/keys", self._keys)
        app.router.add_post("/token", self._token)

    async def _describe(self, _request: web.Request) -> web.Response:
        return web.json_response(
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
            }
        )

    async def _keys(self, _request: web.Request) -> web.Response:
        return web.json_response({"keys": [KEY.as_dict(private=False)]})

    def agree(self, url: str) -> dict[str, str]:
        """Somebody signs in at the provider: what the browser comes back with."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
        assert set(asked["scope"].split()) == {"openid", "email", "profile"}
        code = f"code{len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        asked = self.codes.pop(str(form["code"]), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(str(form["code_verifier"]).encode()).digest())
        known = httpx.BasicAuth("salon", SECRET.replace("'", "%27").replace(" ", "%20"))._auth_header
        if (
            asked is None
            or request.headers["Authorization"] != known
            or challenge.decode().rstrip("=") != asked["code_challenge"]
            or form["redirect_uri"] != asked["redirect_uri"]
        ):
            return web.json_response({"error": "invalid_grant"}, status=400)
        claims = {
            "iss": self.url,
            "aud": "salon",
            "iat": self.now,
            "exp": self.now + 300,
            "nonce": asked["nonce"],
            **self.person,
        }
        self.bend(claims)
        signed = jwt.encode({"alg": self.algorithm, "kid": "one"}, claims, self.key, algorithms=[self.algorithm])
        return web.json_response({"access_token": "x", "token_type": "Bearer", "id_token": signed})


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    made = Provider()
    await made.open()
    yield made
    assert made.runner is not None
    await made.runner.cleanup()


@pytest.fixture
async def linked(tmp_path: Path, at_once: None, provider: Provider) -> AsyncIterator[Stage]:
    oidc = [{"name": "local", "title": "Local", "issuer": provider.url, "client_id": "salon", "client_secret": SECRET}]
    async with open_stage(tmp_path, oidc=oidc) as opened:
        provider.now = opened.clock.now() // 1000
        yield opened


class Browser(Caller):
    """Somebody with a cookie."""

    async def ask(self, method: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        headers = {"Cookie": f"salon_session={self.token}", "Origin": "http://localhost:8000"}
        async with self.stage.http(address=self.address, **headers) as http:
            json = {"json": body} if body is not None else {}
            answer = await http.request(method, "/api" + path, **json, **more)
        if "salon_session" in answer.cookies:
            self.token = answer.cookies["salon_session"]
            self.identity = await self.stage.house.sessions.identify(self.token, bearer=False) or ""
        return answer

    async def go(self, provider: Provider, **away: str) -> str:
        """All the way to the provider and back. Returns where that leads."""
        url = (await self.must("POST", "/account/oidc/local/start", away))["url"]
        return await self.come(provider.agree(url))

    async def come(self, query: dict[str, str]) -> str:
        answer = await self.ask("GET", "/account/oidc/local/callback", params=query)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])


async def browser(stage: Stage) -> Browser:
    made = await stage.house.sessions.open(bearer=False)
    return Browser(stage, made.identity, made.token)


@pytest.mark.feature("P2", "P5")
async def test_a_new_person_gets_an_account_and_keeps_what_the_guest_did(linked: Stage, provider: Provider) -> None:
    ana = await browser(linked)
    assert (await ana.must("GET", "/account"))["providers"] == [{"name": "local", "title": "Local"}]
    guest, first = ana.identity, ana.token
    assert await ana.go(provider, back_to="/r/x?y=1") == "/r/x?y=1"
    assert ana.token != first
    assert ana.identity == guest
    said = await ana.must("GET", "/account")
    assert said["linked"] == ["local"]
    shown = {name: said["account"][name] for name in ("email", "verified", "name", "has_password")}
    assert shown == {"email": "ana@example.org", "verified": True, "name": "Ana P", "has_password": False}
    again = await browser(linked)
    old = again.identity
    await again.go(provider)
    assert again.identity == guest
    assert await places_of(linked.house.storage, old) == []
    # A fresh sign-in stands for the password that there is not.
    linked.clock.advance(seconds=601)
    assert await again.code("DELETE", "/account", {}) == "proof_required"
    provider.now += 601
    await again.go(provider)
    await again.must("DELETE", "/account", {})
    assert await places_of(linked.house.storage, "p-1") == []


BENT: dict[str, Callable[[dict[str, Any]], object]] = {
    "nonce": lambda claims: claims.update(nonce="another"),
    "no nonce": lambda claims: claims.pop("nonce"),
    "audience": lambda claims: claims.update(aud="somebody else"),
    "audiences": lambda claims: claims.update(aud=["salon", "other"], azp="other"),
    "issuer": lambda claims: claims.update(iss="https://accounts.example"),
    "expired": lambda claims: claims.update(exp=claims["iat"] - 61),
    "old": lambda claims: claims.update(iat=claims["iat"] - 700),
    "no expiry": lambda claims: claims.pop("exp"),
    "nobody": lambda claims: claims.pop("sub"),
    "no text": lambda claims: claims.update(sub=5),
}


@pytest.mark.feature("P2")
@pytest.mark.parametrize("bend", BENT.values(), ids=BENT)
async def test_a_wrong_id_token_is_not_believed(
    linked: Stage, provider: Provider, bend: Callable[[dict[str, Any]], object]
) -> None:
    ana = await browser(linked)
    provider.bend = bend
    assert await ana.go(provider) == "/account?sign_in=provider_failed"
    assert (await ana.must("GET", "/account"))["account"] is None


@pytest.mark.feature("P2")
async def test_a_signature_of_somebody_else_is_not_believed(linked: Stage, provider: Provider) -> None:
    ana = await browser(linked)
    provider.key = STRANGER
    assert await ana.go(provider) == "/account?sign_in=provider_failed"


@pytest.mark.feature("P2")
async def test_only_the_browser_that_left_comes_back_and_only_once(linked: Stage, provider: Provider) -> None:
    ana, mallory = await browser(linked), await browser(linked)
    url = (await ana.must("POST", "/account/oidc/local/start", {}))["url"]
    query = provider.agree(url)
    assert await mallory.come(query) == "/account?sign_in=link_expired", "a planted return"
    assert await ana.come({**query, "state": "made-up"}) == "/account?sign_in=link_expired"
    assert await ana.come(query) == "/"
    assert await ana.come(query) == "/account?sign_in=link_expired"
    late = await browser(linked)
    url = (await late.must("POST", "/account/oidc/local/start", {}))["url"]
    linked.clock.advance(seconds=601)
    assert await late.come(provider.agree(url)) == "/account?sign_in=link_expired"
    assert await late.code("POST", "/account/oidc/other/start", {}) == "provider_unknown"
    for away in ("https://evil.example", "//evil.example", "/\\evil.example", "evil"):
        assert await late.code("POST", "/account/oidc/local/start", {"back_to": away}) == "invalid"


@pytest.mark.feature("P2")
async def test_an_address_leads_to_an_account_only_when_it_is_proven_on_both_sides(
    linked: Stage, provider: Provider
) -> None:
    squatter = await browser(linked)
    account = {"email": "ana@example.org", "password": PASSWORD, "name": "Mallory"}
    await squatter.must("POST", "/account", account)
    ana = await browser(linked)
    assert await ana.go(provider) == "/account?sign_in=email_taken", "whoever signed up may not be her"
    # One who proves the password, too, links the two.
    assert await squatter.go(provider) == "/"
    assert (await squatter.must("GET", "/account"))["linked"] == ["local"]
    provider.person = {"sub": "p-2", "email": "ana@example.org", "email_verified": False, "name": ""}
    other = await browser(linked)
    assert await other.go(provider) == "/"
    said = (await other.must("GET", "/account"))["account"]
    assert (said["email"], said["name"]) == (None, "Guest")
    assert other.identity != squatter.identity
    # Who is signed in as one does not become another by a link.
    assert await squatter.go(provider) == "/account?sign_in=already_signed_in"


@pytest.mark.feature("P2")
async def test_a_provider_that_is_away_is_told(linked: Stage, provider: Provider) -> None:
    assert provider.runner is not None
    await provider.runner.cleanup()
    ana = await caller(linked)
    answer = await ana.ask("POST", "/account/oidc/local/start", {})
    assert (answer.status_code, answer.json()["code"]) == (502, "provider_failed")


@pytest.mark.feature("P2")
async def test_linking_needs_a_fresh_sign_in(linked: Stage, provider: Provider) -> None:
    ana = await browser(linked)
    await ana.must("POST", "/account", {"email": "ana@example.org", "password": PASSWORD, "name": "Ana"})
    linked.clock.advance(seconds=599)
    url = (await ana.must("POST", "/account/oidc/local/start", {}))["url"]
    linked.clock.advance(seconds=2)
    provider.now += 601
    assert await ana.code("POST", "/account/oidc/local/start", {}) == "proof_required"
    assert await ana.come(provider.agree(url)) == "/", "it was fresh when she left"
    # Signing in anew by what is linked needs no proof: it is one. But nothing is linked on that way.
    linked.clock.advance(seconds=601)
    provider.now += 601
    provider.person = {**provider.person, "sub": "p-2", "email": "other@example.org"}
    assert await ana.go(provider) == "/account?sign_in=proof_required"
    provider.person = {**provider.person, "sub": "p-1"}
    assert await ana.go(provider) == "/"
    assert await ana.code("DELETE", "/account/providers/local") == ""


@pytest.mark.feature("P2")
async def test_a_provider_is_unlinked_unless_it_is_the_last_way_in(linked: Stage, provider: Provider) -> None:
    ana = await browser(linked)
    await ana.go(provider)
    assert await ana.code("DELETE", "/account/providers/local") == "forbidden"
    assert await ana.code("DELETE", "/account/providers/other") == "provider_unknown"
    await ana.must("POST", "/account/password", {"password": PASSWORD})
    await ana.must("DELETE", "/account/providers/local")
    assert (await ana.must("GET", "/account"))["linked"] == []
    again = await browser(linked)
    identity = ana.identity
    await again.go(provider)
    assert again.identity == identity, "its proven address still leads here"
    provider.person = {"sub": "p-9", "email": None, "email_verified": False, "name": "Ben"}
    ben = await browser(linked)
    await ben.go(provider)
    await ben.must("POST", "/account/password", {"password": PASSWORD})
    assert await ben.code("DELETE", "/account/providers/local") == "forbidden", "a password without address is no way"
