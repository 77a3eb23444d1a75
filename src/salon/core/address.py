"""Where this server is reached, and whose pages may use it. Never taken from a request."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass

import ifaddr

from salon.core.settings import Settings


def interface_addresses() -> list[str]:
    """This machine's addresses, the likeliest one for other people first, loopback ones left out."""
    found = []
    for adapter in ifaddr.get_adapters():
        for each in adapter.ips:
            text = each.ip if isinstance(each.ip, str) else each.ip[0]
            parsed = ipaddress.ip_address(text)
            if not parsed.is_loopback and not parsed.is_link_local:
                found.append(text)
    routed = _routed_address()
    return sorted(found, key=lambda text: (text != routed, ":" in text))


def _routed_address() -> str | None:
    """The address that packets to other networks would carry. Nothing is sent: connecting UDP only asks for a route."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address: str = probe.getsockname()[0]
        return address


def _host(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def url_of(scheme: str, host: str, port: int) -> str:
    """As browsers name it: without the port where it is the usual one."""
    usual = {"http": 80, "https": 443}[scheme] == port
    return f"{scheme}://{_host(host)}" if usual else f"{scheme}://{_host(host)}:{port}"


@dataclass(frozen=True)
class Reached:
    """How this server's own port is reached: with which scheme, and by which name if it has one."""

    scheme: str = "http"
    host: str | None = None


class Addresses:
    """The public URL and the origins that are this server's own."""

    def __init__(self, settings: Settings, port: int, reached: Reached | None = None) -> None:
        self._settings = settings
        self._port = port
        self._reached = reached or Reached()
        self._tunnel: str | None = None
        self.guide: str | None = None
        """Where phones are led through trusting the server's own authority."""
        self._own = self._own_origins()
        self.public_url = settings.public_url or self._guess()

    def open_at(self, url: str) -> None:
        """From now on people reach the server at this address, too, and links lead there."""
        self._tunnel = self.public_url = url
        self._own = self._own_origins()

    def allows(self, origin: str) -> bool:
        """Whether a page of this origin may use the server. An address that came up later is looked for anew."""
        if origin in self._own:
            return True
        self._own = self._own_origins()
        return origin in self._own

    @property
    def secure(self) -> bool:
        return self.public_url.startswith("https://")

    def _guess(self) -> str:
        scheme, host = self._reached.scheme, self._reached.host or self._settings.host
        if host not in {"0.0.0.0", "::", ""}:  # noqa: S104  compared, not bound
            return url_of(scheme, host, self._port)
        addresses = interface_addresses()
        return url_of(scheme, addresses[0] if addresses else "127.0.0.1", self._port)

    def _own_origins(self) -> frozenset[str]:
        names = ["localhost", "127.0.0.1", "::1", socket.gethostname(), *interface_addresses()]
        if self._reached.host is not None:
            names.append(self._reached.host)
        scheme = self._reached.scheme
        # With the port for clients that name it where browsers do not.
        origins = {f"{scheme}://{_host(name)}:{self._port}" for name in names}
        origins |= {url_of(scheme, name, self._port) for name in names}
        origins.update(self._settings.allowed_origins)
        origins.update(each for each in (self._settings.public_url, self._tunnel) if each)
        return frozenset(origins)
