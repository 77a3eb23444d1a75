"""How a server is reached as its surroundings change, and which choices go together."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography import x509

from salon.core.address import Addresses, Reached
from salon.core.https.authority import names_of
from salon.core.https.front import Front, check_choice
from salon.core.https.trouble import Trouble
from salon.core.settings import Settings
from tests.https.test_given import Pair

pytestmark = pytest.mark.feature("O2")


def settings(folder: Path, **more: object) -> Settings:
    return Settings(data_dir=folder, **more)  # type: ignore[arg-type]


async def test_certificate_and_guide_follow_the_machines_addresses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = ["192.168.1.5", "203.0.113.7", "fd00::5"]
    for module in ("salon.core.https.front", "salon.core.address"):
        monkeypatch.setattr(f"{module}.interface_addresses", lambda: here)
    chosen = settings(tmp_path, https=True, mdns=False)
    front = Front(chosen)
    await front.prepare()
    addresses = Addresses(chosen, 8000, front.reached)
    assert addresses.public_url == "https://192.168.1.5:8000"

    def covered() -> list[str]:
        shown = (tmp_path / "authority" / "server.pem").read_bytes()
        return names_of(x509.load_pem_x509_certificate(shown))

    # The server listens on IPv4, and the authority may not speak for public addresses.
    assert covered() == ["localhost", "127.0.0.1", "::1", "192.168.1.5"]
    here[:] = ["10.0.0.9"]
    await front.look(addresses)
    assert covered() == ["localhost", "127.0.0.1", "::1", "10.0.0.9"]
    assert addresses.allows("https://10.0.0.9:8000")
    assert not addresses.allows("http://10.0.0.9:8000")
    await front.stop()


def test_addresses_are_named_as_browsers_name_them(tmp_path: Path) -> None:
    usual = Addresses(settings(tmp_path), 443, Reached("https", "hall.local"))
    assert usual.public_url == "https://hall.local"
    assert usual.allows("https://hall.local")
    assert usual.allows("https://localhost")
    assert not usual.allows("http://localhost")
    with_port = Addresses(settings(tmp_path), 8000, Reached("https", "hall.local"))
    assert with_port.public_url == "https://hall.local:8000"
    assert with_port.allows("https://hall.local:8000")
    assert not with_port.allows("https://hall.local")
    chosen = Addresses(settings(tmp_path, public_url="https://salon.example.org"), 8000, Reached("https", None))
    assert chosen.public_url == "https://salon.example.org"
    chosen.open_at("https://calm-room.ngrok-free.app")
    assert chosen.public_url == "https://calm-room.ngrok-free.app"
    assert chosen.secure
    assert all(chosen.allows(each) for each in ("https://salon.example.org", "https://calm-room.ngrok-free.app"))


async def test_a_public_url_is_in_the_certificate_or_refused(tmp_path: Path) -> None:
    front = Front(settings(tmp_path, https=True, mdns=False, public_url="https://stage.local"))
    await front.prepare()
    shown = (tmp_path / "authority" / "server.pem").read_bytes()
    assert "stage.local" in names_of(x509.load_pem_x509_certificate(shown))
    await front.stop()
    with pytest.raises(Trouble, match=r"may not speak for https://salon\.example\.org"):
        await Front(settings(tmp_path, https=True, mdns=False, public_url="https://salon.example.org")).prepare()


async def test_links_carry_the_name_of_a_given_certificate(tmp_path: Path) -> None:
    pair = Pair(tmp_path)
    pair.put("salon.example.org")
    front = Front(settings(tmp_path, cert=pair.cert, key=pair.key))
    await front.prepare()
    assert front.reached == Reached("https", "salon.example.org")
    assert front.guide_url() is None
    await front.stop()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"cert": Path("c.pem")}, "both --cert and --key"),
        ({"key": Path("k.pem")}, "both --cert and --key"),
        ({"https": True, "cert": Path("c.pem"), "key": Path("k.pem")}, "--https and --cert exclude each other"),
        ({"https": True, "tunnel": "ngrok"}, "--https and --tunnel exclude each other"),
        ({"https": True, "public_url": "http://hall.local"}, "must begin with https://"),
        ({"tunnel": "ngrok", "public_url": "http://hall.example.org"}, "must begin with https://"),
    ],
)
def test_what_does_not_go_together_is_said(tmp_path: Path, more: dict[str, object], words: str) -> None:
    with pytest.raises(Trouble, match=words):
        check_choice(settings(tmp_path, **more))


def test_without_any_of_it_all_is_as_before(tmp_path: Path) -> None:
    check_choice(settings(tmp_path, public_url="http://hall.local"))
    front = Front(settings(tmp_path, trusted_proxies=["192.0.2.1"]))
    assert (front.reached, front.context, front.proxies) == (Reached("http", None), None, ["192.0.2.1"])
