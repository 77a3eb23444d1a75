"""The certificate that the server shows, and how it is exchanged while people are connected."""

from __future__ import annotations

import datetime as dt
import os
import ssl
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import structlog
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from salon.core.https import vault
from salon.core.https.authority import RENEW_BEFORE, Authority, allowed, names_of
from salon.core.https.trouble import Trouble

logger = structlog.get_logger("salon.https")

Now = Callable[[], dt.datetime]
TELL_BEFORE = dt.timedelta(days=14)


def clock() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Certificate(Protocol):
    """``context`` goes to the server once; what is loaded into it later counts for every new connection."""

    context: ssl.SSLContext

    def refresh(self) -> bool:
        """Look whether another certificate is due, and take it. Returns whether it did. Never raises."""


def _context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    return context


class OwnCertificate:
    """Issued by the server's own authority; again before it ends, and when the machine has other addresses."""

    def __init__(self, authority: Authority, folder: Path, names: Callable[[], Sequence[str]], now: Now) -> None:
        self.context = _context()
        self._authority, self._names, self._now = authority, names, now
        self._file = folder / "server.pem"
        self._shown: x509.Certificate | None = None
        if not self._take_kept():
            self._issue()

    def refresh(self) -> bool:
        try:
            if self._shown is not None and self._fits(self._shown):
                return False
            self._issue()
        except Trouble as trouble:
            # The one that is shown goes on being shown; the next look tries again.
            logger.warning("no new certificate", reason=str(trouble))
            return False
        return True

    def _take_kept(self) -> bool:
        secret = vault.read_secret(self._file)
        try:
            kept = x509.load_pem_x509_certificate(secret or b"")
            kept.verify_directly_issued_by(self._authority.certificate)
            if not self._fits(kept):
                return False
            self.context.load_cert_chain(self._file)
        except Exception:
            # Damaged, or of an earlier authority: it is no loss, a new one is made.
            return False
        self._shown = kept
        return True

    def _fits(self, certificate: x509.Certificate) -> bool:
        now = self._now()
        lasting = certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc - RENEW_BEFORE
        return lasting and {name for name in self._names() if allowed(name)} <= set(names_of(certificate))

    def _issue(self) -> None:
        pem = self._authority.issue(self._names(), self._now())
        vault.write(self._file, pem)
        self.context.load_cert_chain(self._file)
        self._shown = x509.load_pem_x509_certificate(pem)
        logger.info("certificate issued", until=f"{self._shown.not_valid_after_utc:%Y-%m-%d}")


class GivenCertificate:
    """Two files that somebody else keeps: looked at again whenever they change."""

    def __init__(self, cert: Path, key: Path, now: Now) -> None:
        self.context = _context()
        self._cert, self._key, self._now = cert, key, now
        self._seen = self._state()
        self._told = False
        self.certificate = self._take()

    @property
    def host(self) -> str | None:
        """The name that it is for, if it is for one that links can carry."""
        return next((name for name in names_of(self.certificate) if "*" not in name), None)

    def refresh(self) -> bool:
        state = self._state()
        if state == self._seen:
            self._tell_end()
            return False
        self._seen = state
        try:
            self.certificate = self._take()
        except Trouble as trouble:
            logger.warning("the changed certificate is not used", reason=str(trouble))
            return False
        self._told = False
        logger.info("certificate taken anew", until=f"{self.certificate.not_valid_after_utc:%Y-%m-%d}")
        return True

    def _state(self) -> object:
        """Changes when either file does, also when it is replaced or a link to another."""
        found = []
        for path in (self._cert, self._key):
            try:
                about = os.stat(path)
                found.append((about.st_ino, about.st_mtime_ns, about.st_size))
            except OSError:
                found.append((0, 0, 0))
        return found

    def _take(self) -> x509.Certificate:
        certificate = check_pair(self._cert, self._key, self._now())
        for context in (_context(), self.context):
            # First into one that nobody uses: what fails half way would leave the other without a certificate.
            try:
                context.load_cert_chain(self._cert, self._key)
            except (OSError, ssl.SSLError) as error:
                raise Trouble(f"{self._cert} and {self._key} cannot be used: {error}") from None
        return certificate

    def _tell_end(self) -> None:
        left = self.certificate.not_valid_after_utc - self._now()
        if left < TELL_BEFORE and not self._told:
            self._told = True
            logger.warning("the certificate ends soon", file=str(self._cert), days=left.days)


def check_pair(cert: Path, key: Path, now: dt.datetime) -> x509.Certificate:
    """The certificate, when it can be used now with this key; otherwise why not."""
    try:
        certificate = x509.load_pem_x509_certificates(_bytes(cert, "certificate"))[0]
    except ValueError:
        raise Trouble(f"{cert} is no certificate in PEM form (-----BEGIN CERTIFICATE-----).") from None
    try:
        private = serialization.load_pem_private_key(_bytes(key, "key"), None)
    except TypeError:
        raise Trouble(f"{key} is protected by a password. Give a key without one.") from None
    except ValueError:
        raise Trouble(f"{key} is no private key in PEM form (-----BEGIN PRIVATE KEY-----).") from None
    form = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    if private.public_key().public_bytes(*form) != certificate.public_key().public_bytes(*form):
        raise Trouble(f"The key {key} does not belong to the certificate {cert}.")
    if certificate.not_valid_after_utc <= now:
        raise Trouble(f"The certificate {cert} has expired on {certificate.not_valid_after_utc:%Y-%m-%d}.")
    if certificate.not_valid_before_utc > now:
        begins = f"{certificate.not_valid_before_utc:%Y-%m-%d %H:%M}"
        raise Trouble(f"The certificate {cert} is valid only from {begins} UTC. Is this machine's clock right?")
    return certificate


def _bytes(path: Path, what: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Trouble(f"The {what} {path} cannot be read: {error.strerror}.") from None
