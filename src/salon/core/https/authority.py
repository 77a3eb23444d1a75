"""An authority of this server's own. Whoever trusts it trusts this server, and nothing beyond the local network.

Its certificate carries name constraints: browsers refuse whatever it might sign for a name outside ``.local`` or an
address outside private networks, so that trusting it gives nobody a way to stand in for other sites.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path

import structlog
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from salon.core.https import vault
from salon.core.https.trouble import Trouble

logger = structlog.get_logger("salon.https")

DAY = dt.timedelta(days=1)
AUTHORITY_LASTS = 3650 * DAY
SERVER_LASTS = 396 * DAY
"""With the day below, 397: Apple takes no more than 398 for what is issued by others, and 825 for one's own."""
CLOCKS_DIFFER = DAY
"""Certificates are valid so long before they are made, for phones whose clock is behind."""
RENEW_BEFORE = 30 * DAY

NETWORKS: list[IPv4Network | IPv6Network] = [
    ip_network(text)
    for text in (
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8"),
        # Shared addresses of carriers, which private meshes (Tailscale and others) use too.
        "100.64.0.0/10",
        *("fc00::/7", "fe80::/10", "::1/128"),
    )
]
DOMAINS = ["local", "localhost"]


def allowed(name: str) -> bool:
    """Whether the authority may speak for this name or address."""
    try:
        address = ip_address(name)
    except ValueError:
        return any(name == domain or name.endswith(f".{domain}") for domain in DOMAINS)
    return any(address in network for network in NETWORKS if network.version == address.version)


class Authority:
    """A key that stays here, and a certificate for everyone."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
        self._key = key
        self.certificate = certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def name(self) -> str:
        """As phones list it."""
        return str(self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)

    @property
    def ends(self) -> dt.datetime:
        return self.certificate.not_valid_after_utc

    @property
    def fingerprint(self) -> str:
        """SHA-256, as phones and ``openssl`` show it."""
        return ":".join(f"{byte:02X}" for byte in self.certificate.fingerprint(hashes.SHA256()))

    def issue(self, names: Sequence[str], now: dt.datetime) -> bytes:
        """A server certificate for these names and addresses, with a new key: PEM of both.

        Names that the authority may not speak for are left out: one of them would make the whole of it void.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        known = [name for name in names if allowed(name)]
        signed = (
            _begin(_named(known[0]), key.public_key(), self.certificate.subject)
            .not_valid_before(now - CLOCKS_DIFFER)
            .not_valid_after(min(now + SERVER_LASTS, self.ends))
            .add_extension(x509.SubjectAlternativeName([_general(name) for name in known]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signing=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()),
                critical=False,
            )
            .sign(self._key, hashes.SHA256())
        )
        return _private(key) + signed.public_bytes(serialization.Encoding.PEM)


def open_authority(folder: Path, machine: str, now: dt.datetime) -> Authority:
    """The one that is kept in this folder; made when there is none, or when it is about to end."""
    key_file, file = folder / "authority-key.pem", folder / "authority.pem"
    vault.make_folder(folder)
    secret = vault.read_secret(key_file)
    public = _read(file)
    if secret is None and public is not None:
        raise Trouble(
            f"{key_file} is missing. Put it back, or delete {file}: then a new authority is made, for phones to trust."
        )
    if secret is None or public is None:
        return _make(key_file, file, machine, now)
    found = _parse(secret, public, key_file, file)
    if found.ends - now < RENEW_BEFORE:
        logger.warning("the authority is about to end: a new one was made, which phones must trust anew")
        return _make(key_file, file, machine, now)
    return found


def _make(key_file: Path, file: Path, machine: str, now: dt.datetime) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _named(f"Salon on {machine} ({now:%Y-%m-%d})"[:64])
    permitted = [*map(x509.DNSName, DOMAINS), *map(x509.IPAddress, NETWORKS)]
    signed = (
        _begin(name, key.public_key(), name)
        .not_valid_before(now - CLOCKS_DIFFER)
        .not_valid_after(now + AUTHORITY_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signing=True), critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .sign(key, hashes.SHA256())
    )
    # A certificate without its key would stop the next start; a key without its certificate is replaced by it.
    file.unlink(missing_ok=True)
    vault.write(key_file, _private(key))
    vault.write(file, signed.public_bytes(serialization.Encoding.PEM), 0o644)
    return Authority(key, signed)


def _parse(secret: bytes, public: bytes, key_file: Path, file: Path) -> Authority:
    try:
        key = serialization.load_pem_private_key(secret, None)
        certificate = x509.load_pem_x509_certificate(public)
    except (ValueError, TypeError):
        raise Trouble(f"{key_file} or {file} is damaged. Put them back, or delete both.") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise Trouble(f"{key_file} and {file} do not belong together. Put them back, or delete both.")
    return Authority(key, certificate)


def names_of(certificate: x509.Certificate) -> list[str]:
    """The names and addresses that it is for."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    addresses: Iterable[object] = found.get_values_for_type(x509.IPAddress)
    return [*found.get_values_for_type(x509.DNSName), *map(str, addresses)]


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Trouble(f"{path} cannot be read: {error.strerror}.") from None


def _begin(subject: x509.Name, key: ec.EllipticCurvePublicKey, issuer: x509.Name) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, signing: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signing,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signing,
        crl_sign=signing,
        encipher_only=False,
        decipher_only=False,
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
