"""OpenID Connect: the authorization code flow with state, nonce and PKCE, by Authlib."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
import structlog
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from salon.core.refusals import Refused
from salon.core.settings import OidcProvider

logger = structlog.get_logger("salon.oidc")

SCOPE = "openid email profile"
TIMEOUT_SECONDS = 10.0
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
"""Signatures by a key of the provider's own: neither none, nor one that the client secret could make."""
LEEWAY_SECONDS = 60
OLDEST_SECONDS = 600


@dataclass(frozen=True)
class Departure:
    """What is remembered of somebody who was sent to a provider."""

    url: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Person:
    """Whom a provider confirmed. ``email`` only if it is proven there."""

    subject: str
    email: str | None
    name: str


class Provider:
    """One provider, as its own description says it is to be spoken to."""

    def __init__(self, settings: OidcProvider) -> None:
        self.settings = settings
        self._description: dict[str, Any] | None = None

    async def depart(self, back: str) -> Departure:
        """Where to send somebody, who returns to the address ``back``."""
        described = await self._describe()
        verifier, nonce, state = (secrets.token_urlsafe(length) for length in (48, 24, 24))
        url = prepare_grant_uri(
            described["authorization_endpoint"],
            self.settings.client_id,
            "code",
            redirect_uri=back,
            scope=SCOPE,
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
        )
        return Departure(url, state, nonce, verifier)

    async def arrive(self, code: str, verifier: str, nonce: str, back: str, now: int) -> Person:
        """Exchange the code, and believe nothing but an ID token that is signed, for us, now, and for this sign-in."""
        described = await self._describe()
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
        secret = self.settings.client_secret.get_secret_value()
        identified: dict[str, Any] = {"auth": (quote(self.settings.client_id, safe=""), quote(secret, safe=""))}
        # The first is what providers take that say nothing.
        if "client_secret_basic" not in described.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
            form |= {"client_id": self.settings.client_id, "client_secret": secret}
            identified = {}
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as client:
                answer = await client.post(described["token_endpoint"], data=form, **identified)
                id_token = answer.raise_for_status().json()["id_token"]
                keys = (await client.get(described["jwks_uri"])).raise_for_status().json()
            return _person(self._claims(id_token, keys, nonce, now))
        except (httpx.HTTPError, JoseError, ValueError, KeyError, TypeError) as error:
            raise self._failed(error) from None

    async def _describe(self) -> dict[str, Any]:
        if self._description is None:
            try:
                async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as client:
                    address = self.settings.issuer.rstrip("/") + "/.well-known/openid-configuration"
                    described: dict[str, Any] = (await client.get(address)).raise_for_status().json()
                # A description in somebody else's name could send the codes elsewhere.
                if described["issuer"] != self.settings.issuer:
                    raise ValueError("the issuer is another")
                for part in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                    if not str(described[part]).startswith(("https://", "http://")):
                        raise ValueError(f"{part} is no address")
            except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
                raise self._failed(error) from None
            self._description = described
        return self._description

    def _claims(self, id_token: str, keys: dict[str, Any], nonce: str, now: int) -> dict[str, Any]:
        token = jwt.decode(id_token, KeySet.import_key_set(keys), algorithms=ALGORITHMS)  # type: ignore[arg-type]
        mine = self.settings.client_id
        options = {
            "iss": {"essential": True, "value": self.settings.issuer},
            "aud": {"essential": True, "value": mine},
            "nonce": {"essential": True, "value": nonce},
        }
        claims = CodeIDToken(token.claims, token.header, options, {"nonce": nonce, "client_id": mine})
        claims.validate(now=now // 1000, leeway=LEEWAY_SECONDS)
        if float(claims["iat"]) < now / 1000 - OLDEST_SECONDS:
            raise ValueError("the ID token is old")
        if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:
            raise ValueError("the ID token names nobody")
        return dict(claims)

    def _failed(self, error: Exception) -> Refused:
        logger.warning("a provider did not confirm a sign-in", provider=self.settings.name, reason=str(error)[:200])
        return Refused("provider_failed")


def _person(claims: dict[str, Any]) -> Person:
    email = claims.get("email")
    proven = isinstance(email, str) and claims.get("email_verified") is True
    name = claims.get("name") or claims.get("preferred_username") or ""
    return Person(claims["sub"], email if proven else None, name if isinstance(name, str) else "")
