"""Servers for the way between two browsers, and credentials for them that hold for one hour."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable

from salon.core.contract import Model
from salon.core.settings import IceServer

HOUR_SECONDS = 3600


class IceEntry(Model):
    """As browsers take it (``RTCIceServer``)."""

    urls: list[str]
    username: str | None = None
    credential: str | None = None


class IceConfig(Model):
    servers: list[IceEntry]
    expires_at: int | None
    """Milliseconds since 1970: ask again before; null when nothing of it expires."""


def credentials(secret: str, person: str, now: int) -> tuple[str, str]:
    """Name and password for one hour from ``now`` (milliseconds), as coturn's ``use-auth-secret`` takes them.

    The name says when it ends and whose it is, so that the relay counts each person's use; the password proves that
    somebody who knows the secret has made it.
    """
    username = f"{now // 1000 + HOUR_SECONDS}:{person}"
    made = hmac.new(secret.encode(), username.encode(), hashlib.sha1).digest()
    return username, base64.b64encode(made).decode()


def config(servers: Iterable[IceServer], person: str, now: int) -> IceConfig:
    """What a person's browser is given. ``person`` is an opaque id."""
    entries: list[IceEntry] = []
    expires = None
    for server in servers:
        if server.secret is not None:
            username, credential = credentials(server.secret.get_secret_value(), person, now)
            entries.append(IceEntry(urls=server.urls, username=username, credential=credential))
            expires = (now // 1000 + HOUR_SECONDS) * 1000
        elif server.credential is not None:
            fixed = server.credential.get_secret_value()
            entries.append(IceEntry(urls=server.urls, username=server.username, credential=fixed))
        else:
            entries.append(IceEntry(urls=server.urls))
    return IceConfig(servers=entries, expires_at=expires)
