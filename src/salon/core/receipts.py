"""The answers given to commands, so that the same command sent twice has one effect and the same answer."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import BigInteger, Index, String, Text, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from salon.core.contract import Model
from salon.core.storage import Base


class Receipt(Base):
    __tablename__ = "receipts"
    __table_args__ = (Index("receipts_at", "at"),)

    room_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    identity_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    command_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger)
    answer: Mapped[str] = mapped_column(Text)


async def find(session: AsyncSession, room_id: str, identity: str, command_id: str) -> dict[str, Any] | None:
    statement = select(Receipt.answer).where(
        Receipt.room_id == room_id, Receipt.identity_id == identity, Receipt.command_id == command_id
    )
    answer = (await session.execute(statement)).scalar_one_or_none()
    return None if answer is None else orjson.loads(answer)


async def keep(
    session: AsyncSession, room_id: str, identity: str, command_id: str, answer: Model, at: int
) -> dict[str, Any]:
    """Store the answer in the command's own transaction and return it as it goes to the client."""
    await session.execute(
        insert(Receipt).values(
            room_id=room_id,
            identity_id=identity,
            command_id=command_id,
            at=at,
            answer=answer.model_dump_json(),
        )
    )
    return answer.model_dump()


async def prune(session: AsyncSession, before: int) -> None:
    await session.execute(delete(Receipt).where(Receipt.at < before))
