"""How people reach the server: with which certificate, under which name, by which tunnel. For ``salon serve``."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Iterator
from types import ModuleType
from urllib.parse import urlsplit

import structlog
import uvicorn

from salon.core.address import Addresses, Reached, interface_addresses, url_of
from salon.core.engine.http import PatientHttp
from salon.core.https.announce import Announcer, machine_name
from salon.core.https.authority import Authority, allowed, open_authority
from salon.core.https.certificates import Certificate, GivenCertificate, Now, OwnCertificate, clock
from salon.core.https.guide import Guide
from salon.core.https.trouble import Trouble
from salon.core.https.tunnel import Tunnel, find_sdk, open_tunnel
from salon.core.settings import Settings

logger = structlog.get_logger("salon.https")

LOOK_SECONDS = 5.0
"""How often addresses, files and the clock are looked at."""
EVERYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104  compared, not bound
TUNNEL_HOST = "127.0.0.1"


class Front:
    """Made before the server starts, so that what is wrong is told at once; :meth:`start` when it accepts."""

    def __init__(self, settings: Settings, now: Now = clock) -> None:
        self._settings, self._now = settings, now
        self.reached = Reached()
        self.authority: Authority | None = None
        self._certificate: Certificate | None = None
        self._announcer: Announcer | None = None
        self._sdk: ModuleType | None = None
        self._tunnel: Tunnel | None = None
        self._guide: Guide | None = None
        self._plain: _PlainServer | None = None
        self._running: list[asyncio.Task[None]] = []
        self._port = 0
        self._told: list[str] = []
        """The addresses that were announced."""
        check_choice(settings)

    async def prepare(self) -> None:
        """Make or read the certificate, find a name that is free, look for the tunnel's package."""
        settings = self._settings
        if settings.cert is not None and settings.key is not None:
            given = GivenCertificate(settings.cert, settings.key, self._now)
            self._certificate, self.reached = given, Reached("https", given.host)
        elif settings.https:
            await self._prepare_own()
        elif settings.tunnel is not None:
            self._sdk = find_sdk()

    async def _prepare_own(self) -> None:
        settings = self._settings
        folder = settings.data_dir / "authority"
        self.authority = open_authority(folder, machine_name(), self._now())
        name = None
        if settings.mdns and settings.host not in {"::1"}:
            announcer = Announcer(settings.host)
            name = await announcer.free_name(settings.local_name or machine_name(), self._addresses())
            self._announcer = announcer if name is not None else None
        self.reached = Reached("https", f"{name}.local" if name is not None else None)
        if settings.public_url is not None and not allowed(urlsplit(settings.public_url).hostname or ""):
            raise Trouble(
                f"The authority of --https may not speak for {settings.public_url}: choose a name that ends in .local "
                "or an address in a private network, or give a certificate for it with --cert and --key."
            )
        self._certificate = OwnCertificate(self.authority, folder, self._names, self._now)

    @property
    def context(self) -> ssl.SSLContext | None:
        return self._certificate.context if self._certificate is not None else None

    @property
    def proxies(self) -> list[str]:
        """Whose ``X-Forwarded-*`` headers are believed: the tunnel's end is in this process."""
        return [*self._settings.trusted_proxies, *([TUNNEL_HOST] if self._sdk is not None else [])]

    def guide_url(self) -> str | None:
        """Where phones are led through trusting the authority; by address, for those that find no names."""
        if self._plain is None:
            return None
        return url_of("http", (self._addresses() or [TUNNEL_HOST])[0], self._plain.port)

    async def start(self, addresses: Addresses, port: int, plain: socket.socket | None) -> None:
        self._port = port
        if self._sdk is not None:
            self._tunnel = await open_tunnel(self._sdk, port, self._settings.public_url)
            addresses.open_at(self._tunnel.url)
        if self.authority is not None and plain is not None:
            self._guide = Guide(self.authority, self._origins(addresses.public_url))
            self._plain = _PlainServer(self._guide, plain)
            self._running.append(asyncio.create_task(self._plain.serve(sockets=[plain]), name="guide"))
            addresses.guide = self.guide_url()
            await self._announce()
        if self._certificate is not None:
            self._running.append(asyncio.create_task(self._look_for_ever(addresses), name="certificate"))

    async def stop(self) -> None:
        if self._tunnel is not None:
            # The far end may be gone already; the process is about to end in any case.
            with contextlib.suppress(Exception):
                await asyncio.wait_for(self._tunnel.close(), 5)
        if self._announcer is not None:
            await self._announcer.stop()
        if self._plain is not None:
            self._plain.should_exit = True
        for task in self._running:
            if task.get_name() != "guide":
                task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def look(self, addresses: Addresses) -> None:
        """Follow what has changed: files, addresses, the time."""
        if self._certificate is not None:
            self._certificate.refresh()
        if self._guide is not None:
            self._guide.origins = self._origins(addresses.public_url)
            addresses.guide = self.guide_url()
            if self._told != self._addresses():
                await self._announce()

    async def _look_for_ever(self, addresses: Addresses) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self.look(addresses)
            except Exception:
                logger.exception("looking after the certificate failed")

    async def _announce(self) -> None:
        self._told = self._addresses()
        if self._announcer is not None and self.reached.host is not None:
            name = self.reached.host.removesuffix(".local")
            await self._announcer.start(name, self._told, self._port)

    def _addresses(self) -> list[str]:
        """Of this machine, as far as the server listens on them."""
        host = self._settings.host
        if host not in EVERYWHERE:
            return [host]
        return [each for each in interface_addresses() if host != "0.0.0.0" or ":" not in each]  # noqa: S104

    def _names(self) -> list[str]:
        chosen = urlsplit(self._settings.public_url or "").hostname
        own = [name for name in (self.reached.host, chosen) if name is not None]
        return list(dict.fromkeys([*own, "localhost", "127.0.0.1", "::1", *self._addresses()]))

    def _origins(self, public_url: str) -> list[str]:
        """The public address first, then those by which phones that find no names can come."""
        others = [url_of("https", each, self._port) for each in self._addresses() if allowed(each)]
        return list(dict.fromkeys([public_url, *others]))


class _PlainServer(uvicorn.Server):
    """Plain HTTP beside the server proper, which alone hears signals."""

    def __init__(self, guide: Guide, listening: socket.socket) -> None:
        self.port: int = listening.getsockname()[1]
        config = uvicorn.Config(
            guide,
            http=PatientHttp,
            ws="none",
            lifespan="off",
            log_level="warning",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=2,
            limit_concurrency=500,
        )
        super().__init__(config)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def check_choice(settings: Settings) -> None:
    """Settings that exclude or need one another."""
    if (settings.cert is None) != (settings.key is None):
        raise Trouble("A certificate needs both --cert and --key.")
    chosen = [
        name
        for name, on in (
            ("--https", settings.https),
            ("--cert", settings.cert is not None),
            ("--tunnel", settings.tunnel is not None),
        )
        if on
    ]
    if len(chosen) > 1:
        raise Trouble(f"{' and '.join(chosen)} exclude each other: each of them gives the server HTTPS.")
    if chosen and settings.public_url is not None and not settings.public_url.startswith("https://"):
        raise Trouble(f"With {chosen[0]} the public URL must begin with https://, not {settings.public_url}.")
