"""The server's ``.local`` name, which phones in the same network find by mDNS."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Sequence

import structlog
from zeroconf import (  # type: ignore[attr-defined]
    AddressResolver,
    DNSOutgoing,
    DNSPointer,
    DNSQuestion,
    InterfaceChoice,
    IPVersion,
    NonUniqueNameException,
    Zeroconf,
)
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf
from zeroconf.const import _CLASS_IN, _DNS_OTHER_TTL, _FLAGS_QR_QUERY, _TYPE_A, _TYPE_PTR

logger = structlog.get_logger("salon.https")

SERVICE = "_https._tcp.local."
# RFC 6762, section 8.1: three probes, a quarter of a second apart; then somewhat longer for an answer.
PROBES = 3
PROBE_EVERY = 0.25  # seconds
PROBE_MS = 1200
TRIES = 9


def machine_name() -> str:
    """This machine's name as it can stand before ``.local``."""
    text = re.sub(r"[^a-z0-9-]+", "-", socket.gethostname().split(".")[0].lower()).strip("-")[:50].strip("-")
    return text if text not in {"", "localhost"} else "salon"


class Announcer:
    """Answers for one name on the networks that the server listens on."""

    def __init__(self, host: str) -> None:
        everywhere = host in {"0.0.0.0", "::", ""}  # noqa: S104  compared, not bound
        self._interfaces: InterfaceChoice | list[str] = InterfaceChoice.All if everywhere else [host]
        self._open: AsyncZeroconf | None = None

    async def free_name(self, wanted: str, own: Sequence[str]) -> str | None:
        """The wanted name, or one like it when another machine has it; ``None`` where there is no multicast."""
        try:
            around = self._begin()
        except (OSError, ValueError) as error:
            logger.warning("no .local name: multicast does not work here", reason=str(error))
            return None
        try:
            for number in range(1, TRIES + 1):
                name = wanted if number == 1 else f"{wanted}-{number}"
                resolver = AddressResolver(f"{name}.local.")
                probing = asyncio.create_task(_probe(around.zeroconf, name), name="probes")
                await resolver.async_request(around.zeroconf, PROBE_MS)
                await probing
                taken = {text.partition("%")[0] for text in resolver.parsed_addresses(IPVersion.All)}
                # This machine's own responder (Avahi, Bonjour) may say the same.
                if not taken - {*own, "127.0.0.1", "::1"}:
                    return name
        finally:
            await around.async_close()
        return None

    async def start(self, name: str, addresses: Sequence[str], port: int) -> None:
        """Begin to answer, or begin anew with other addresses, on interfaces that came up meanwhile too."""
        await self.stop()
        try:
            self._open = self._begin()
            service = AsyncServiceInfo(
                SERVICE,
                _service(name),
                port=port,
                parsed_addresses=list(addresses),
                properties={"path": "/"},
                server=f"{name}.local.",
            )
            await (await self._open.async_register_service(service, allow_name_change=True))
        except (OSError, NonUniqueNameException) as error:
            logger.warning("the .local name is not announced", reason=str(error))
            await self.stop()

    async def stop(self) -> None:
        """Say goodbye, so that nobody keeps the name in mind."""
        if self._open is not None:
            closing, self._open = self._open, None
            await closing.async_unregister_all_services()
            await closing.async_close()

    def _begin(self) -> AsyncZeroconf:
        return AsyncZeroconf(interfaces=self._interfaces, ip_version=IPVersion.V4Only)


async def _probe(around: Zeroconf, name: str) -> None:
    """Say that a name is about to be taken, which makes whoever has it answer everybody, at once.

    A question alone is not enough: the answer to its first sending comes to one address, where another responder of
    this machine may take it away, and the answer to the next may wait for a second (RFC 6762, sections 5.4 and 6).
    """
    for left in reversed(range(PROBES)):
        probe = DNSOutgoing(_FLAGS_QR_QUERY)
        probe.add_question(DNSQuestion(f"{name}.local.", _TYPE_A, _CLASS_IN))
        probe.add_authorative_answer(DNSPointer(SERVICE, _TYPE_PTR, _CLASS_IN, _DNS_OTHER_TTL, _service(name)))
        around.async_send(probe)
        if left:
            await asyncio.sleep(PROBE_EVERY)


def _service(name: str) -> str:
    return f"Salon on {name}.{SERVICE}"
