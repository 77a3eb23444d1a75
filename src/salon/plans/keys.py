"""The server's own secrets: with which it signs links in mails, and by which push services know it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pywebpush import Vapid
from sqlalchemy import select

from salon.core.feature import Service
from salon.core.storage import upsert
from salon.core.writer import Work
from salon.plans.tables import ServerKey

if TYPE_CHECKING:
    from salon.core.house import House

TOKEN_BYTES = 16
VAPID_SECONDS = 12 * 3600
"""How long a push service accepts one proof of ours; a day is the most."""


class Keys(Service):
    """Made at the first start, and the same for all processes of a server."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._links = b""
        self._vapid: Vapid | None = None

    async def start(self) -> None:
        stored = await self._stored()
        if not {"links", "vapid"} <= set(stored):
            await self._house.writer.run("", self._make)
            stored = await self._stored()
        self._links = stored["links"].encode()
        self._vapid = Vapid.from_pem(stored["vapid"].encode())

    async def _stored(self) -> dict[str, str]:
        async with self._house.storage.read() as session:
            return {each.name: each.value for each in (await session.execute(select(ServerKey))).scalars()}

    async def _make(self, work: Work) -> None:
        # Of several processes that start at the same time, the first one's stay.
        for name, value in (("links", secrets.token_urlsafe(32)), ("vapid", _new_private_key())):
            await work.session.execute(
                upsert(work.session, ServerKey).values(name=name, value=value).on_conflict_do_nothing()
            )

    # Links in mails.

    def token_of(self, invitee: str) -> str:
        """What a mail's link proves: that whoever opens it was sent this invitation."""
        return f"{invitee}.{self._signature(invitee)}"

    def invitee_of(self, token: str) -> str | None:
        """Whose token it is; None when it is not one of ours."""
        invitee, _, signature = token.rpartition(".")
        if not token.isascii() or not hmac.compare_digest(signature, self._signature(invitee)):
            return None
        return invitee

    def _signature(self, invitee: str) -> str:
        made = hmac.new(self._links, f"invitee:{invitee}".encode(), hashlib.sha256).digest()
        return _base64(made[:TOKEN_BYTES])

    # Push.

    @property
    def push_key(self) -> str:
        """The public key, for browsers."""
        public = self._vapid_key().public_key.public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return _base64(public)

    def authorization(self, audience: str, contact: str, now: int) -> str:
        """The header by which the push service at this origin knows that it is us (RFC 8292)."""
        claims = {"aud": audience, "sub": f"mailto:{contact}", "exp": now // 1000 + VAPID_SECONDS}
        header: str = self._vapid_key().sign(claims)["Authorization"]
        return header

    def _vapid_key(self) -> Vapid:
        if self._vapid is None:
            raise LookupError("the server has not started")
        return self._vapid


def _new_private_key() -> str:
    form = serialization.PrivateFormat.PKCS8
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def keys_of(house: House) -> Keys:
    return next(each for each in house.services if isinstance(each, Keys))
