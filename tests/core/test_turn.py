"""Ways between browsers: which servers are given, and a real coturn that relays, refuses, and ends with Salon."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import signal
import socket
import stat
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from salon.core import ice, turn
from salon.core.settings import IceServer, Settings
from tests.support.house import Stage, open_stage
from tests.support.process import ServerProcess
from tests.support.recorder import PATIENCE, eventually
from tests.support.turn import TurnClient, free_port

NOW = 1_700_000_000_000


@pytest.mark.feature("M9")
def test_credentials_are_those_of_the_scheme() -> None:
    """Checked against ``printf 1700003600:ana | openssl dgst -sha1 -hmac s3cret -binary | base64``."""
    username, password = ice.credentials("s3cret", "ana", NOW)
    assert username == "1700003600:ana"
    assert password == "TXoPd9RegPY1ZMjIPfhuFy+EPxM="


@pytest.mark.feature("M9")
def test_nobody_is_contacted_by_default(clean: None) -> None:
    settings = Settings()
    assert settings.ice_servers == []
    assert settings.turn is False
    assert ice.config([], "ana", NOW) == ice.IceConfig(servers=[], expires_at=None)


@pytest.mark.feature("M9")
def test_any_list_of_servers() -> None:
    servers = [
        IceServer.model_validate({"urls": ["stun:stun.example.org"]}),
        IceServer.model_validate({"urls": ["turn:a.example.org"], "username": "u", "credential": "p"}),
        IceServer.model_validate({"urls": ["turns:b.example.org:443?transport=tcp"], "secret": "s3cret"}),
    ]
    made = ice.config(servers, "ana", NOW)
    assert [(entry.username, entry.credential is not None) for entry in made.servers] == [
        (None, False),
        ("u", True),
        ("1700003600:ana", True),
    ]
    assert made.expires_at == NOW + 3_600_000
    for wrong in ("http://a.example.org", "turn:", "turn:a b"):
        with pytest.raises(ValidationError):
            IceServer.model_validate({"urls": [wrong]})


@pytest.mark.feature("M9")
def test_every_special_purpose_range_is_denied(clean: None, tmp_path: Path) -> None:
    text = turn.configuration(Settings(data_dir=tmp_path), "secret", tmp_path)
    ranges = [
        line.removeprefix("denied-peer-ip=").split("-") for line in text.splitlines() if line.startswith("denied")
    ]
    parsed = [(ipaddress.ip_address(first), ipaddress.ip_address(last)) for first, last in ranges]

    def is_denied(address: str) -> bool:
        each = ipaddress.ip_address(address)
        return any(a.version == each.version and int(a) <= int(each) <= int(b) for a, b in parsed)

    v4 = "127.0.0.1 10.1.2.3 192.168.0.1 172.31.255.255 169.254.169.254 100.64.0.1 0.0.0.0 255.255.255.255 224.0.0.1"
    mapped = "::ffff:127.0.0.1 ::ffff:8.8.8.8 ::127.0.0.1 64:ff9b::7f00:1 2002:7f00:1::"
    for address in f"{v4} {mapped} ::1 fe80::1 fd00::1 2001:db8::1 ff02::1".split():
        assert is_denied(address), address
    for address in ("8.8.8.8", "1.1.1.1", "172.32.0.1", "2a00:1450::1"):
        assert not is_denied(address), address
    assert "allowed-peer-ip" not in text
    assert "allow-loopback-peers" not in text


@pytest.mark.feature("M9")
def test_settings_that_make_no_relay(clean: None) -> None:
    for wrong in (
        {"turn_first_port": 50_000, "turn_last_port": 49_999},
        {"turn_listen": "not an address"},
        {"turn_external_address": "1.2.3"},
        {"turn_host": "a.example.org:3478"},
        {"turn_allowed_networks": "10.0.0.1/8\nno-auth"},
    ):
        with pytest.raises(ValidationError):
            Settings(**wrong)


def relay_settings(**more: Any) -> dict[str, Any]:
    first = 50_000 + os.getpid() % 100 * 100
    return {
        "turn": True,
        "turn_host": "127.0.0.1",
        "turn_port": free_port(),
        "turn_listen": "127.0.0.1",
        "turn_first_port": first,
        "turn_last_port": first + 99,
        **more,
    }


@pytest.fixture
async def relay(tmp_path: Path, at_once: None) -> AsyncIterator[Stage]:
    async with open_stage(tmp_path, **relay_settings(turn_allowed_networks="127.0.0.0/8")) as stage:
        await stage_runs(stage)
        yield stage


async def stage_runs(stage: Stage) -> None:
    await eventually(lambda: stage.house.turn.process is not None, "the relay")


async def client_of(stage: Stage, *, seconds_ago: int = 0, secret: str | None = None) -> TurnClient:
    # coturn goes by the machine's clock.

    now = int((time.time() - seconds_ago) * 1000)
    made = ice.config(stage.house.turn.servers(), "ana", now).servers[0]
    assert made.username is not None
    assert made.credential is not None
    password = made.credential if secret is None else ice.credentials(secret, "ana", now)[1]
    return await TurnClient(made.username, password).connect(stage.house.settings.turn_port)


@pytest.mark.real("coturn")
@pytest.mark.feature("M9")
async def test_it_relays(relay: Stage) -> None:
    client = await client_of(relay)
    assert await client.allocate() == 0
    assert client.relayed is not None
    with socket.socket(type=socket.SOCK_DGRAM) as peer:
        peer.bind(("127.0.0.1", 0))
        peer.setblocking(False)
        address = peer.getsockname()
        assert await client.permit(address[0], address[1]) == 0
        client.send(address[0], address[1], b"hello")
        loop = asyncio.get_running_loop()
        data, origin = await asyncio.wait_for(loop.sock_recvfrom(peer, 100), 10)
        assert (data, origin) == (b"hello", client.relayed)
        await loop.sock_sendto(peer, b"and back", client.relayed)
        assert await asyncio.wait_for(client.data.get(), 10) == b"and back"
    client.close()


@pytest.mark.real("coturn")
@pytest.mark.feature("M9")
async def test_credentials_that_are_forged_or_of_yesterday_are_refused(relay: Stage) -> None:
    for wrong in (await client_of(relay, secret="guessed"), await client_of(relay, seconds_ago=3700)):
        assert await wrong.allocate() == 401
        wrong.close()
    good = await client_of(relay, seconds_ago=3500)
    assert await good.allocate() == 0
    good.close()


@pytest.mark.real("coturn")
@pytest.mark.feature("M9")
async def test_it_leads_nobody_into_private_networks(relay: Stage) -> None:
    client = await client_of(relay)
    assert await client.allocate() == 0
    for address in ("10.0.0.1", "192.168.1.1", "169.254.169.254", "172.16.0.1", "100.64.0.1", "0.0.0.0", "240.0.0.1"):
        assert await client.permit(address) == 403, address
    assert await client.permit("8.8.8.8") == 0
    assert await client.permit("127.0.0.1") == 0, "allowed by a setting"
    client.close()


@pytest.mark.real("coturn")
@pytest.mark.feature("M9")
async def test_nor_to_this_machine_unless_that_is_allowed(tmp_path: Path, at_once: None) -> None:
    listen = "127.0.0.1,::1" if _has_v6() else "127.0.0.1"
    async with open_stage(tmp_path, **relay_settings(turn_listen=listen)) as stage:
        await stage_runs(stage)
        client = await client_of(stage)
        assert await client.allocate() == 0
        assert await client.permit("127.0.0.1") == 403
        client.close()
        if not _has_v6():
            return
        client = await client_of(stage)
        assert await client.allocate(6) == 0
        for address in ("::1", "::", "fe80::1", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1"):
            assert await client.permit(address) == 403, address
        client.close()


def _has_v6() -> bool:
    with suppress(OSError), socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
        probe.bind(("::1", 0))
        return True
    return False


@pytest.mark.real("coturn")
@pytest.mark.feature("M9")
async def test_it_is_started_again_and_ends_with_the_server(tmp_path: Path, at_once: None) -> None:
    async with open_stage(tmp_path, **relay_settings()) as stage:
        await stage_runs(stage)
        first = stage.house.turn.process
        assert first is not None
        conf = tmp_path / "turn" / "turnserver.conf"
        assert stat.S_IMODE(conf.stat().st_mode) == 0o600
        os.kill(first.pid, signal.SIGKILL)
        await eventually(lambda: stage.house.turn.process not in {None, first}, "another relay")
        second = stage.house.turn.process
        assert second is not None
        client = await client_of(stage)
        assert await client.allocate() == 0
        client.close()
    assert second.returncode is not None
    assert stage.house.turn.servers() == []


@pytest.mark.feature("M9")
async def test_without_the_program_salon_runs_and_offers_no_relay(
    tmp_path: Path, at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turn, "PROGRAM", "no-such-program-anywhere")
    async with open_stage(tmp_path, **relay_settings()) as stage:
        assert stage.house.turn.process is None
        assert stage.house.turn.servers() == []


@pytest.mark.real("coturn")
@pytest.mark.feature("M9")
def test_it_ends_when_the_server_is_killed(tmp_path: Path) -> None:
    """As by the system when memory runs out: the server can do nothing for it any more."""
    settings = {name: str(value).lower() for name, value in relay_settings().items()}
    server = ServerProcess(tmp_path, **settings)
    server.start()
    try:
        _wait(lambda: "turnserver" in "".join(map(_command, _children(server.pid))), "the relay")
        (child,) = _children(server.pid)
    finally:
        server.kill()
    _wait(lambda: not _runs(child), "its end")


def _wait(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.02)


def _command(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text()
    return ""


def _children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _runs(pid: int) -> bool:
    """Whether it is there and no mere entry of one that has ended."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False
