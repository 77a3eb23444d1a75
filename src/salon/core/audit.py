"""The list of what administrators and hosts did. An entry is written in the transaction of what it tells."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, Index, String
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from salon.core.storage import Base


class AuditEntry(Base):
    """Who did what to whom. Written in the transaction of what it tells; holds ids, never names or texts."""

    __tablename__ = "audit"
    __table_args__ = (Index("audit_at", "at"), Index("audit_actor", "actor"), Index("audit_subject", "subject"))

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger)
    actor: Mapped[str | None] = mapped_column(String(32))
    """An identity; null for the server itself, its command line, or somebody who deleted their account."""
    action: Mapped[str] = mapped_column(String(48))
    subject: Mapped[str | None] = mapped_column(String(64))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    network: Mapped[str | None] = mapped_column(String(64))


def record(
    session: AsyncSession,
    now: int,
    action: str,
    *,
    actor: str | None,
    subject: str | None = None,
    network: str | None = None,
    **detail: Any,
) -> None:
    """Note that somebody did something. ``actor`` is an identity, ``subject`` the id of what it was done to."""
    entry = AuditEntry(at=now, actor=actor, action=action, subject=subject, detail=detail, network=network)
    session.add(entry)
