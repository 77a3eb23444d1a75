"""Accounts, as far as other features build on them: whose they are, their groups, and addresses of e-mail."""

from __future__ import annotations

import re
import unicodedata

from sqlalchemy import JSON, BigInteger, ForeignKey, String
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from salon.core.refusals import Refused
from salon.core.storage import Base

_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@[^\s@<>()\[\],;:\\\"]+\.[^\s@<>()\[\],;:\\\".]{2,}")


class Account(Base):
    """An identity with a way of proving that it is oneself."""

    __tablename__ = "accounts"

    identity_id: Mapped[str] = mapped_column(ForeignKey("identities.id"), primary_key=True)
    email: Mapped[str | None] = mapped_column(String(254))
    """As it was written; null when a provider told none that is proven."""
    email_key: Mapped[str | None] = mapped_column(String(254), unique=True)
    """As it is compared."""
    password_hash: Mapped[str | None] = mapped_column(String(200))
    """Argon2id; null for those who only sign in through a provider."""
    password_changed_at: Mapped[int | None] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(400))
    about: Mapped[str] = mapped_column(String(1000))
    theme: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(35))
    """A language tag, or empty: the browser's."""
    picture_id: Mapped[str | None] = mapped_column(String(32))
    groups: Mapped[list[str]] = mapped_column(JSON)
    """Names of groups, given by administrators."""
    is_admin: Mapped[bool]
    created_at: Mapped[int] = mapped_column(BigInteger)
    verified_at: Mapped[int | None] = mapped_column(BigInteger)
    """When it was proven that mail to the address reaches this person."""
    disabled_at: Mapped[int | None] = mapped_column(BigInteger)
    second_factor_at: Mapped[int | None] = mapped_column(BigInteger)
    """Since when codes of an authenticator app are asked for besides."""


async def check_account(session: AsyncSession, identity: str) -> None:
    """Whoever asks must be signed in to an account that is in use."""
    account = await session.get(Account, identity, populate_existing=True)
    if account is None or account.disabled_at is not None:
        raise Refused("sign_in_required", "Sign in to open a room on this server.")


def email_address(text: str) -> tuple[str, str]:
    """The address as it was written, and as it is compared."""
    written = unicodedata.normalize("NFC", text).strip()
    key = unicodedata.normalize("NFKC", written).lower()
    # The compared form is what counts: it must be an address too, and short enough for every mail server.
    for each in (written, key):
        # "=?" begins an encoded word, which mail programs would decode to another address.
        if "=?" in each or len(each) > 254 or not each.isprintable() or not _ADDRESS.fullmatch(each) or ".." in each:
            raise Refused("email_invalid", field="email")
    return written, key
