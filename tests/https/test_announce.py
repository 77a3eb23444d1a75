"""The ``.local`` name, asked for over real multicast on the loopback interface."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from zeroconf import AddressResolver, IPVersion  # type: ignore[attr-defined]
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from salon.core.https.announce import SERVICE, Announcer, machine_name

pytestmark = pytest.mark.feature("O2")

LOOPBACK = "127.0.0.1"
OURS = ["10.1.2.3"]


@pytest.fixture
async def phone() -> AsyncIterator[AsyncZeroconf]:
    """Somebody in the same network."""
    around = AsyncZeroconf(interfaces=[LOOPBACK], ip_version=IPVersion.V4Only)
    yield around
    await around.async_close()


async def look_up(phone: AsyncZeroconf, name: str) -> list[str]:
    resolver = AddressResolver(f"{name}.local.")
    await resolver.async_request(phone.zeroconf, 3000)
    return resolver.parsed_addresses()


async def gone(phone: AsyncZeroconf, name: str) -> bool:
    """Whether it is forgotten within a few seconds, as a goodbye makes it."""
    for _ in range(50):
        resolver = AddressResolver(f"{name}.local.")
        if not resolver.load_from_cache(phone.zeroconf):
            return True
        await asyncio.sleep(0.1)
    return False


async def test_phones_find_the_name(phone: AsyncZeroconf) -> None:
    announcer = Announcer(LOOPBACK)
    assert await announcer.free_name("salon-test-a", OURS) == "salon-test-a"
    await announcer.start("salon-test-a", [LOOPBACK, *OURS], 8443)
    try:
        assert set(await look_up(phone, "salon-test-a")) == {LOOPBACK, *OURS}
        service = AsyncServiceInfo(SERVICE, f"Salon on salon-test-a.{SERVICE}")
        assert await service.async_request(phone.zeroconf, 3000)
        assert (service.port, service.server) == (8443, "salon-test-a.local.")
    finally:
        await announcer.stop()
    assert await gone(phone, "salon-test-a")


async def test_it_follows_new_addresses(phone: AsyncZeroconf) -> None:
    announcer = Announcer(LOOPBACK)
    await announcer.start("salon-test-b", ["10.1.2.3"], 8443)
    assert await look_up(phone, "salon-test-b") == ["10.1.2.3"]
    await announcer.start("salon-test-b", ["10.9.9.9"], 8443)
    try:
        later = AsyncZeroconf(interfaces=[LOOPBACK], ip_version=IPVersion.V4Only)
        assert await look_up(later, "salon-test-b") == ["10.9.9.9"]
        await later.async_close()
    finally:
        await announcer.stop()


async def test_a_name_that_another_machine_has_is_left_to_it() -> None:
    other = Announcer(LOOPBACK)
    await other.start("salon-test-c", ["10.7.7.7"], 8443)
    try:
        assert await Announcer(LOOPBACK).free_name("salon-test-c", OURS) == "salon-test-c-2"
        # This machine's own responder says what we would say.
        assert await Announcer(LOOPBACK).free_name("salon-test-c", ["10.7.7.7"]) == "salon-test-c"
    finally:
        await other.stop()


async def test_other_responders_on_this_machine_do_not_hide_it() -> None:
    """What is sent to one address on the port that all share reaches one of them: not always the one who asked."""
    others = [AsyncZeroconf(interfaces=[LOOPBACK], ip_version=IPVersion.V4Only) for _ in range(3)]
    holder = Announcer(LOOPBACK)
    await holder.start("salon-test-e", ["10.7.7.7"], 8443)
    try:
        assert await Announcer(LOOPBACK).free_name("salon-test-e", OURS) == "salon-test-e-2"
    finally:
        await holder.stop()
        for other in others:
            await other.async_close()


async def test_without_multicast_there_is_no_name() -> None:
    assert await Announcer("203.0.113.9").free_name("salon-test-d", OURS) is None
    await Announcer("203.0.113.9").start("salon-test-d", OURS, 8443)


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("Anas-MacBook.fritz.box", "anas-macbook"),
        ("hall_2", "hall-2"),
        ("localhost", "salon"),
        ("-", "salon"),
        ("ÄÖ", "salon"),
    ],
)
def test_the_machines_name_as_it_can_be_announced(monkeypatch: pytest.MonkeyPatch, host: str, name: str) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: host)
    assert machine_name() == name
