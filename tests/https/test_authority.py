"""The server's own authority: made once, kept to oneself, of use in the local network only."""

from __future__ import annotations

import datetime as dt
import plistlib
import stat
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from salon.core.https import vault
from salon.core.https.authority import RENEW_BEFORE, Authority, allowed, names_of, open_authority
from salon.core.https.certificates import OwnCertificate
from salon.core.https.profile import profile_of
from salon.core.https.trouble import Trouble

pytestmark = pytest.mark.feature("O2")

NOW = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
NAMES = ["hall.local", "localhost", "127.0.0.1", "192.168.1.5", "fd00::2"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "authority"


@pytest.fixture
def authority(folder: Path) -> Authority:
    return open_authority(folder, "hall", NOW)


def issued(authority: Authority, *names: str, now: dt.datetime = NOW) -> x509.Certificate:
    return x509.load_pem_x509_certificate(authority.issue(names, now))


def verify(authority: Authority, certificate: x509.Certificate, name: str, now: dt.datetime = NOW) -> None:
    """As a browser does that trusts the authority. Raises when it would not connect."""
    builder = PolicyBuilder().store(Store([authority.certificate])).time(now)
    builder.build_server_verifier(x509.DNSName(name)).verify(certificate, [])


def test_it_is_made_once(folder: Path, authority: Authority) -> None:
    assert open_authority(folder, "hall", NOW + 300 * DAY).fingerprint == authority.fingerprint
    assert open_authority(folder.with_name("other"), "hall", NOW).fingerprint != authority.fingerprint


def test_only_its_owner_reads_the_keys(folder: Path, authority: Authority) -> None:
    OwnCertificate(authority, folder, lambda: NAMES, lambda: NOW)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
    assert modes == {"authority-key.pem": 0o600, "authority.pem": 0o644, "server.pem": 0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_key_that_others_can_read_or_change_is_refused(folder: Path, authority: Authority, mode: int) -> None:
    (folder / "authority-key.pem").chmod(mode)
    with pytest.raises(Trouble, match=rf"mode {mode:04o}.*chmod 600"):
        open_authority(folder, "hall", NOW)


def test_a_link_in_the_place_of_the_key_is_refused(folder: Path, authority: Authority) -> None:
    key = folder / "authority-key.pem"
    key.rename(folder / "elsewhere.pem")
    key.symlink_to(folder / "elsewhere.pem")
    with pytest.raises(Trouble, match="cannot be read"):
        open_authority(folder, "hall", NOW)


def test_what_was_lost_or_mixed_up_is_said(folder: Path, authority: Authority) -> None:
    key = (folder / "authority-key.pem").read_bytes()
    (folder / "authority-key.pem").unlink()
    with pytest.raises(Trouble, match="is missing"):
        open_authority(folder, "hall", NOW)
    open_authority(folder.with_name("other"), "hall", NOW)
    vault.write(folder / "authority-key.pem", (folder.with_name("other") / "authority-key.pem").read_bytes())
    with pytest.raises(Trouble, match="do not belong together"):
        open_authority(folder, "hall", NOW)
    vault.write(folder / "authority-key.pem", b"dust")
    with pytest.raises(Trouble, match="is damaged"):
        open_authority(folder, "hall", NOW)
    vault.write(folder / "authority-key.pem", key)
    assert open_authority(folder, "hall", NOW).fingerprint == authority.fingerprint


def test_a_new_one_is_made_before_it_ends(folder: Path, authority: Authority) -> None:
    before = authority.ends - RENEW_BEFORE
    assert open_authority(folder, "hall", before).fingerprint == authority.fingerprint
    assert open_authority(folder, "hall", before + DAY).fingerprint != authority.fingerprint


def test_its_certificates_are_as_apple_demands(authority: Authority) -> None:
    certificate = issued(authority, *NAMES)
    assert names_of(certificate) == ["hall.local", "localhost", "127.0.0.1", "192.168.1.5", "fd00::2"]
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc <= 398 * DAY
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.SERVER_AUTH]
    assert isinstance(certificate.public_key(), ec.EllipticCurvePublicKey)
    assert certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca is False
    certificate.verify_directly_issued_by(authority.certificate)
    verify(authority, certificate, "hall.local")


def test_no_certificate_outlasts_the_authority(authority: Authority) -> None:
    late = authority.ends - 40 * DAY
    assert issued(authority, *NAMES, now=late).not_valid_after_utc == authority.ends


def test_it_cannot_stand_in_for_other_sites(authority: Authority) -> None:
    """Somebody who took the key, and signs what the authority itself would never sign."""
    key = ec.generate_private_key(ec.SECP256R1())
    ours = issued(authority, "hall.local")
    begin = (
        x509.CertificateBuilder()
        .subject_name(ours.subject)
        .issuer_name(authority.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW)
        .not_valid_after(NOW + DAY)
    )
    extensions = [each for each in ours.extensions if not isinstance(each.value, x509.SubjectAlternativeName)]
    for name, accepted in (("bank.example.org", False), ("hall.local", True), ("fake-local", False)):
        builder = begin.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        for each in extensions:
            builder = builder.add_extension(each.value, each.critical)
        forged = builder.sign(authority._key, ours.signature_hash_algorithm)  # type: ignore[arg-type]
        if accepted:
            verify(authority, forged, name)
        else:
            with pytest.raises(VerificationError):
                verify(authority, forged, name)


def test_names_it_may_not_speak_for_are_left_out(authority: Authority) -> None:
    certificate = issued(authority, "hall.local", "203.0.113.7", "example.org", "2001:db8::1", "10.1.2.3")
    assert names_of(certificate) == ["hall.local", "10.1.2.3"]
    assert [allowed(name) for name in ("a.local", "local", "xlocal", "8.8.8.8", "::1")] == [
        True,
        True,
        False,
        False,
        True,
    ]


class Machine:
    """Its clock and its addresses, in the test's hands."""

    def __init__(self) -> None:
        self.now, self.names = NOW, list(NAMES)

    def certificate(self, authority: Authority, folder: Path) -> OwnCertificate:
        return OwnCertificate(authority, folder, lambda: self.names, lambda: self.now)


def shown(folder: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate((folder / "server.pem").read_bytes())


def test_the_certificate_is_kept_over_restarts_and_renewed_by_the_clock(folder: Path, authority: Authority) -> None:
    machine = Machine()
    own = machine.certificate(authority, folder)
    first = shown(folder)
    machine.certificate(authority, folder)
    assert shown(folder) == first

    machine.now = first.not_valid_after_utc - RENEW_BEFORE - DAY
    assert own.refresh() is False
    machine.now += 2 * DAY
    assert own.refresh() is True
    second = shown(folder)
    assert second.not_valid_after_utc > first.not_valid_after_utc
    assert own.refresh() is False
    # A clock that was set back, as on machines that have none of their own before they ask the network.
    machine.now = NOW - 30 * DAY
    assert own.refresh() is True
    assert shown(folder).not_valid_before_utc < machine.now


def test_it_follows_the_machines_addresses(folder: Path, authority: Authority) -> None:
    machine = Machine()
    own = machine.certificate(authority, folder)
    machine.names = [*NAMES, "192.168.7.9"]
    assert own.refresh() is True
    assert "192.168.7.9" in names_of(shown(folder))
    # Fewer names are covered already, and others may not be in it.
    machine.names = ["hall.local", "198.51.100.4"]
    assert own.refresh() is False


def test_one_of_an_earlier_authority_is_not_shown(folder: Path, authority: Authority) -> None:
    Machine().certificate(authority, folder)
    before = shown(folder)
    for name in ("authority.pem", "authority-key.pem"):
        (folder / name).unlink()
    Machine().certificate(open_authority(folder, "hall", NOW), folder)
    assert shown(folder) != before


def test_iphones_get_it_as_a_profile(authority: Authority) -> None:
    profile = plistlib.loads(profile_of(authority))
    (payload,) = profile["PayloadContent"]
    assert payload["PayloadType"] == "com.apple.security.root"
    assert payload["PayloadContent"] == authority.der
    assert profile["PayloadType"] == "Configuration"
    assert profile_of(authority) == profile_of(authority)
    assert len({profile["PayloadUUID"], payload["PayloadUUID"]}) == 2
