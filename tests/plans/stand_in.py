"""A push service on this machine, and a browser that can read what it was sent."""

from __future__ import annotations

import base64
import os
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import http_ece
import orjson
from aiohttp import web
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02

POINT = (serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


class Browser:
    """Its half of the encryption: what is meant for it, nobody else can read."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = os.urandom(16)

    @property
    def subscription(self) -> dict[str, Any]:
        public = base64url(self.key.public_key().public_bytes(*POINT))
        return {"endpoint": self.endpoint, "keys": {"p256dh": public, "auth": base64url(self.auth)}}

    def read(self, body: bytes) -> Any:
        return orjson.loads(http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth, version="aes128gcm"))


@dataclass
class Push:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class PushService:
    """Takes pushes, and answers with ``status``."""

    url: str = ""
    status: int = 201
    pushes: list[Push] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.pushes.append(Push(request.path, dict(request.headers), await request.read()))
        return web.Response(status=self.status, headers={"Location": "http://127.0.0.1:9/elsewhere"})

    def browser(self, name: str = "one") -> Browser:
        return Browser(f"{self.url}/{name}")


@asynccontextmanager
async def push_service(context: ssl.SSLContext | None = None) -> AsyncIterator[PushService]:
    service = PushService()
    app = web.Application()
    app.router.add_post("/{name}", service.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await site.start()
    port = runner.addresses[0][1]
    service.url = f"http://127.0.0.1:{port}" if context is None else f"https://localhost:{port}"
    try:
        yield service
    finally:
        await runner.cleanup()


def vouches_for(push: Push, key: str, origin: str) -> bool:
    """Whether the server has proven with this key that it is itself, to this push service."""
    authorization = push.headers["Authorization"]
    fields = dict(each.split("=", 1) for each in authorization.removeprefix("vapid ").split(","))
    claims = orjson.loads(base64.urlsafe_b64decode(fields["t"].split(".")[1] + "=="))
    known: bool = Vapid02.verify(authorization)
    return known and fields["k"] == key and claims["aud"] == origin and claims["sub"].startswith("mailto:")
