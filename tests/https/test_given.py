"""A certificate that was given: looked at when the server starts, and again whenever it changes."""

from __future__ import annotations

import datetime as dt
import ssl
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from salon.core.https.certificates import GivenCertificate, check_pair, clock
from salon.core.https.trouble import Trouble
from tests.support.authority import Authority

pytestmark = pytest.mark.feature("O2")


class Pair:
    """Two files, as a certificate authority's client leaves them."""

    def __init__(self, folder: Path) -> None:
        self.cert, self.key = folder / "cert.pem", folder / "key.pem"
        self._folder = folder
        self.authority = Authority(folder)

    def put(self, name: str = "hall.example.org", *, expired: bool = False) -> None:
        self.authority.server(name, expired=expired)
        both = (self._folder / f"server-{name}.pem").read_bytes()
        end = both.index(b"-----BEGIN CERTIFICATE")
        self.key.write_bytes(both[:end])
        self.cert.write_bytes(both[end:])


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    made = Pair(tmp_path)
    made.put()
    return made


def test_a_good_one_is_taken(pair: Pair) -> None:
    given = GivenCertificate(pair.cert, pair.key, clock)
    assert given.host == "hall.example.org"
    assert given.refresh() is False


def refused(pair: Pair, words: str, now: dt.datetime | None = None) -> None:
    with pytest.raises(Trouble, match=words):
        check_pair(pair.cert, pair.key, now or clock())


def test_what_is_wrong_with_others_is_said(pair: Pair, tmp_path: Path) -> None:
    good, key = pair.cert.read_bytes(), pair.key.read_bytes()
    refused(pair, "has expired on", clock() + dt.timedelta(days=2))
    refused(pair, "is valid only from .* clock right", clock() - dt.timedelta(days=6))

    pair.key.write_bytes(b"dust")
    refused(pair, "is no private key in PEM form")
    locked = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"secret")
    )
    pair.key.write_bytes(locked)
    refused(pair, "protected by a password")
    pair.key.unlink()
    refused(pair, "The key .* cannot be read: No such file")

    pair.put("other.example.org")
    pair.cert.write_bytes(good)
    refused(pair, "does not belong to the certificate")
    pair.key.write_bytes(key)
    pair.cert.write_bytes(key)
    refused(pair, "is no certificate in PEM form")
    pair.cert.unlink()
    pair.cert.mkdir()
    refused(pair, "The certificate .* cannot be read: Is a directory")


def test_a_changed_one_is_taken_and_a_bad_one_is_not(pair: Pair) -> None:
    given = GivenCertificate(pair.cert, pair.key, clock)
    context = given.context
    pair.put("new.example.org")
    assert given.refresh() is True
    assert given.host == "new.example.org"
    assert given.context is context

    pair.put("late.example.org", expired=True)
    assert given.refresh() is False
    pair.cert.unlink()
    assert given.refresh() is False
    assert given.host == "new.example.org"
    pair.put("again.example.org")
    assert given.refresh() is True
    assert isinstance(given.context, ssl.SSLContext)


def test_half_a_change_waits_for_the_other_half(pair: Pair) -> None:
    given = GivenCertificate(pair.cert, pair.key, clock)
    old_key = pair.key.read_bytes()
    pair.put("new.example.org")
    new_key = pair.key.read_bytes()
    pair.key.write_bytes(old_key)
    assert given.refresh() is False
    pair.key.write_bytes(new_key)
    assert given.refresh() is True


def test_links_carry_no_star(pair: Pair) -> None:
    pair.put("*.example.org")
    assert GivenCertificate(pair.cert, pair.key, clock).host is None
