"""Where push messages may go: a browser says where, and that must not lead into networks that only the server sees."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from salon.core.refusals import Refused

LOOK_UP_SECONDS = 5.0
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""Behind it a network's translator may reach IPv4 addresses of its own."""


@dataclass(frozen=True)
class Target:
    """An endpoint, and the addresses that were found to be allowed: they are what is connected to."""

    origin: str
    """``https://host``, with the port where it is not the usual one."""
    host: str
    """With the port where it is not the usual one, as requests name it."""
    name: str
    addresses: tuple[str, ...]
    port: int
    path: str
    secure: bool

    @property
    def urls(self) -> list[str]:
        """By address instead of by name, in the order in which they are to be tried."""
        scheme = "https" if self.secure else "http"
        hosts = [f"[{each}]" if ":" in each else each for each in self.addresses]
        return [f"{scheme}://{host}:{self.port}{self.path}" for host in hosts]


async def look_up(endpoint: str, *, private: bool) -> Target:
    """Where an endpoint is. Refused with ``push_invalid`` unless all its addresses are public and it is HTTPS;
    ``private``: unless it is an address at all. Raises ``OSError`` when its name cannot be looked up just now."""
    name, port, path, secure = _parts(endpoint, private=private)
    found = await _addresses(name, port)
    if not found or (not private and not all(_is_public(each) for each in found)):
        raise _refused()
    usual = port == (443 if secure else 80)
    shown = f"[{name}]" if ":" in name else name
    host = shown if usual else f"{shown}:{port}"
    return Target(f"{'https' if secure else 'http'}://{host}", host, name, tuple(found), port, path, secure)


def _parts(endpoint: str, *, private: bool) -> tuple[str, int, str, bool]:
    if not endpoint.isascii() or not endpoint.isprintable() or " " in endpoint:
        raise _refused()
    try:
        parts = urlsplit(endpoint)
        name, port = parts.hostname, parts.port
    except ValueError:
        raise _refused() from None
    secure = parts.scheme == "https"
    allowed = secure or (private and parts.scheme == "http")
    if not allowed or not name or parts.username is not None or parts.password is not None:
        raise _refused()
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return name, port or (443 if secure else 80), path, secure


async def _addresses(name: str, port: int) -> list[str]:
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(LOOK_UP_SECONDS):
        try:
            rows = await loop.getaddrinfo(name, port, type=socket.SOCK_STREAM)
        except UnicodeError:
            raise _refused() from None
    return list(dict.fromkeys(str(row[4][0]).partition("%")[0] for row in rows))


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text)
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if address in _TRANSLATED or (inner is not None and not _is_public(str(inner))):
            return False
        if address.ipv4_mapped is not None:
            return True
    return address.is_global and not address.is_multicast and not address.is_reserved


def _refused() -> Refused:
    return Refused("push_invalid", field="endpoint")
