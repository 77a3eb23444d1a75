"""What is kept around an account; the account itself is in :mod:`salon.core.accounts`."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from salon.core.accounts import Account as Account
from salon.core.audit import AuditEntry as AuditEntry
from salon.core.storage import Base


class Picture(Base):
    """Small, square, and made anew by the server from what was sent. Its id is its address: it never changes."""

    __tablename__ = "account_pictures"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class AccountLink(Base):
    """Who somebody is at a provider of OpenID Connect."""

    __tablename__ = "account_links"

    provider: Mapped[str] = mapped_column(String(32), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    identity_id: Mapped[str] = mapped_column(ForeignKey("identities.id"), index=True)
    created_at: Mapped[int] = mapped_column(BigInteger)


class ProviderVisit(Base):
    """Somebody was sent to a provider and has not come back yet. Of the state only the hash is stored."""

    __tablename__ = "account_provider_visits"

    state_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    provider: Mapped[str] = mapped_column(String(32))
    session_hash: Mapped[str] = mapped_column(String(64))
    """Only the browser that left may come back."""
    nonce: Mapped[str] = mapped_column(String(64))
    verifier: Mapped[str] = mapped_column(String(128))
    """Of PKCE."""
    back_to: Mapped[str] = mapped_column(String(400))
    expires_at: Mapped[int] = mapped_column(BigInteger, index=True)


class AccountToken(Base):
    """A link by mail or from an administrator, good for one use. Only its SHA-256 is stored."""

    __tablename__ = "account_tokens"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    identity_id: Mapped[str] = mapped_column(ForeignKey("identities.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(16))
    """``verify``; ``reset``, which came by mail and so proves the address too; ``handed`` out by an administrator."""
    expires_at: Mapped[int] = mapped_column(BigInteger)
    used_at: Mapped[int | None] = mapped_column(BigInteger)


class ResetRequest(Base):
    """Somebody asks for a new password. Whether there is such an account is looked up later, by the server's own."""

    __tablename__ = "account_reset_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    email_key: Mapped[str] = mapped_column(String(254))
    at: Mapped[int] = mapped_column(BigInteger)


class Attempts(Base):
    """Attempts to sign in to one account from one network. The key is a hash: no addresses are kept here."""

    __tablename__ = "account_attempts"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failed: Mapped[int]
    """In a row."""
    wait_until: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[int] = mapped_column(BigInteger, index=True)
    good_at: Mapped[int | None] = mapped_column(BigInteger)
    """When it last succeeded."""


class SignedOut(Base):
    """All sessions of an identity ended. Every process of the server looks here each second, and cuts connections."""

    __tablename__ = "account_signed_out"

    id: Mapped[int] = mapped_column(primary_key=True)
    identity_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[int] = mapped_column(BigInteger)


class SecondFactor(Base):
    """The secret that somebody's authenticator app has too. It counts from the moment that the account says so."""

    __tablename__ = "account_second_factors"

    identity_id: Mapped[str] = mapped_column(ForeignKey("identities.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(Text)
    """Sealed by ``vault.Vault``."""
    created_at: Mapped[int] = mapped_column(BigInteger)
    used_step: Mapped[int] = mapped_column(BigInteger)
    """The latest half minute whose code was accepted: neither it nor an earlier one is accepted again."""
    warned_at: Mapped[int | None] = mapped_column(BigInteger)
    """When the owner was last told that somebody has the password but no code."""


class RecoveryCode(Base):
    """Stands for a code of the app, once. What is stored is Argon2id of the whole of it."""

    __tablename__ = "account_recovery_codes"

    identity_id: Mapped[str] = mapped_column(ForeignKey("identities.id"), primary_key=True)
    mark: Mapped[str] = mapped_column(String(8), primary_key=True)
    """How it begins: which of the ten is to be compared."""
    code_hash: Mapped[str] = mapped_column(String(200))
    used_at: Mapped[int | None] = mapped_column(BigInteger)


class HalfSignIn(Base):
    """Somebody gave the right password, and not yet a code. Only the hash of the browser's ticket is stored."""

    __tablename__ = "account_half_sign_ins"

    ticket_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    identity_id: Mapped[str] = mapped_column(ForeignKey("identities.id"), index=True)
    bearer: Mapped[bool]
    """A browser's ticket is good in its cookie only, a bot's in the request only."""
    pair: Mapped[str | None] = mapped_column(String(64))
    """Where the attempt was counted: of the network it came from, the person is known when it ends well."""
    tries: Mapped[int]
    expires_at: Mapped[int] = mapped_column(BigInteger, index=True)
