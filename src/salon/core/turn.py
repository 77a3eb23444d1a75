"""The relay beside the server: coturn as a child, with a configuration and a secret of its own at each start."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import ipaddress
import os
import secrets
import shutil
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import structlog
from pydantic import SecretStr

from salon.core.feature import Service
from salon.core.settings import IceServer, Settings

if TYPE_CHECKING:
    from salon.core.house import House

PROGRAM = "turnserver"
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds before a relay that has died is started again: doubled each time, from the beginning after a good minute."""
GOOD_SECONDS = 60.0
STOP_SECONDS = 3.0
ALLOCATIONS = 1200
PERSONS_ALLOCATIONS = 24
"""Four calls with a few network interfaces each, by UDP and TCP, twice while one replaces the other."""

logger = structlog.get_logger("salon.turn")

SPECIAL_PURPOSE = (
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.31.196.0/24",
    "192.52.193.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "192.175.48.0/24",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    # The unspecified address and loopback; with them IPv4 in IPv6, compatible, mapped and translated: coturn before 4.9
    # could be led past the ranges above by these.
    "::/96",
    "::ffff:0:0/96",
    "64:ff9b::/96",
    "64:ff9b:1::/48",
    "100::/64",
    "2001::/23",
    "2001:db8::/32",
    "2002::/16",
    "3fff::/20",
    "5f00::/16",
    "fc00::/7",
    "fe80::/10",
    "ff00::/8",
)
"""What the registries of IANA say is for special purposes: a relay must not lead strangers there."""


def configuration(settings: Settings, secret: str, folder: Path) -> str:
    """The text of ``turnserver.conf``."""
    allowed = [ipaddress.ip_network(each) for each in settings.turn_allowed_networks]
    lines = [
        "use-auth-secret",
        f"static-auth-secret={secret}",
        "realm=salon",
        "fingerprint",
        f"listening-port={settings.turn_port}",
        *(f"listening-ip={each}" for each in settings.turn_listen),
        *(f"relay-ip={each}" for each in settings.turn_listen),
        *([f"external-ip={settings.turn_external_address}"] if settings.turn_external_address else []),
        f"min-port={settings.turn_first_port}",
        f"max-port={settings.turn_last_port}",
        f"user-quota={PERSONS_ALLOCATIONS}",
        f"total-quota={ALLOCATIONS}",
        "stale-nonce=600",
        "no-tls",
        "no-dtls",
        "no-cli",
        "no-tcp-relay",
        "no-multicast-peers",
        "no-software-attribute",
        "no-rfc5780",
        "no-stun-backward-compatibility",
        "response-origin-only-with-rfc5780",
        f"userdb={folder / 'turndb'}",
        f"pidfile={folder / 'turnserver.pid'}",
        "log-file=stdout",
        "simple-log",
        *(["allow-loopback-peers"] if any(each.is_loopback for each in allowed) else []),
        *(f"denied-peer-ip={_range(each)}" for each in SPECIAL_PURPOSE),
        # What is allowed wins over what is denied.
        *(f"allowed-peer-ip={_range(each)}" for each in settings.turn_allowed_networks),
    ]
    return "".join(line + "\n" for line in lines)


def _range(network: str) -> str:
    """coturn takes first and last address, in one notation for all.

    A range that begins with ``::`` has no beginning for it, and all of IPv4 is in it. ``::`` itself it refuses anyway.
    """
    parsed = ipaddress.ip_network(network)
    first = parsed[1] if str(parsed[0]) == "::" else parsed[0]
    return f"{first}-{parsed[-1]}"


def urls(host: str, port: int) -> list[str]:
    """How browsers reach it: UDP is better for sound, TCP passes where UDP does not."""
    where = f"[{host}]" if ":" in host else host
    return [f"stun:{where}:{port}", f"turn:{where}:{port}?transport=udp", f"turn:{where}:{port}?transport=tcp"]


class Turn(Service):
    """Starts the relay, starts it again when it dies, and ends it with the server, however that ends."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._settings = house.settings
        self._secret = ""
        self._keeper: asyncio.Task[None] | None = None
        self.process: asyncio.subprocess.Process | None = None
        """The relay while it runs."""

    def servers(self) -> Sequence[IceServer]:
        """All that browsers may use: the own relay while it runs, and those of the settings."""
        if self.process is None:
            return self._settings.ice_servers
        host = self._settings.turn_host or urlsplit(self._house.addresses.public_url).hostname or "127.0.0.1"
        own = IceServer(urls=urls(host, self._settings.turn_port), secret=SecretStr(self._secret))
        return [own, *self._settings.ice_servers]

    async def start(self) -> None:
        if not self._settings.turn:
            return
        program = shutil.which(PROGRAM)
        if program is None:
            logger.error("no relay for calls: coturn is not installed", wanted=PROGRAM)
            return
        folder = self._settings.data_dir.absolute() / "turn"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._secret = secrets.token_urlsafe(32)
        _write_secretly(folder / "turnserver.conf", configuration(self._settings, self._secret, folder))
        self._keeper = asyncio.create_task(self._keep(program, folder), name="turn")

    async def stop(self) -> None:
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
            self._keeper = None

    async def _keep(self, program: str, folder: Path) -> None:
        loop, pause = asyncio.get_running_loop(), FIRST_PAUSE
        while True:
            began = loop.time()
            try:
                code = await self._run(program, folder)
                logger.error("the relay for calls has ended", code=code)
            except OSError as error:
                logger.error("the relay for calls cannot be started", reason=str(error))
            pause = FIRST_PAUSE if loop.time() - began > GOOD_SECONDS else pause
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE, 2 * pause)

    async def _run(self, program: str, folder: Path) -> int:
        process = await asyncio.create_subprocess_exec(
            program,
            "-c",
            str(folder / "turnserver.conf"),
            cwd=folder,
            stdin=asyncio.subprocess.DEVNULL,
            # It writes much of no interest, and the names of people's credentials.
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )
        self.process = process
        logger.info("a relay for calls runs", pid=process.pid, port=self._settings.turn_port)
        try:
            return await process.wait()
        finally:
            self.process = None
            await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOP_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()


_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def _die_with_parent() -> None:
    """In the child: the system ends it when the server dies in whichever way."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _write_secretly(path: Path, text: str) -> None:
    """Nobody else may read it, from the first byte on."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
