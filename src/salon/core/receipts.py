"""The answers given to commands, so that the same command sent twice has one effect and the same answer."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Index, String, Text, delete, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from salon.core.contract import Model
from salon.core.database.statements import Statement
from salon.core.storage import Base
from salon.core.writer import Work


class Receipt(Base):
    __tablename__ = "receipts"
    __table_args__ = (Index("receipts_at", "at"),)

    room_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    identity_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    command_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger)
    answer: Mapped[str] = mapped_column(Text)


_KEEP = Statement(insert(Receipt))


def keep(work: Work, room_id: str, identity: str, command_id: str, answer: Model) -> dict[str, Any]:
    """Store the answer in the command's own transaction and return it as it goes to the client."""
    told = answer.model_dump()
    work.answered[room_id, identity, command_id] = told
    row = {"room_id": room_id, "identity_id": identity, "command_id": command_id, "at": work.now}
    # Whoever asks for it before it is written finds it among what the transaction has answered.
    work.db.at_end(_KEEP, **row, answer=answer.model_dump_json())
    return told


async def prune(session: AsyncSession, before: int) -> None:
    await session.execute(delete(Receipt).where(Receipt.at < before))
