"""Secrets of the server itself, each made when it is first needed: all processes of a server have the same."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from salon.core.storage import Base, upsert
from salon.core.writer import Work

if TYPE_CHECKING:
    from salon.core.house import House


class ServerKey(Base):
    """Secrets of the server, made at its first start: all its processes have the same."""

    __tablename__ = "server_keys"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


async def server_key(house: House, name: str) -> str:
    """The random key of this name: 256 bits, as text."""
    stored = select(ServerKey.value).where(ServerKey.name == name)
    async with house.storage.read() as session:
        found = (await session.execute(stored)).scalar_one_or_none()
    if found is not None:
        return found

    async def make(work: Work) -> str:
        # Of several processes that start at the same time, the first one's stays.
        made = upsert(work.session, ServerKey).values(name=name, value=secrets.token_urlsafe(32))
        await work.session.execute(made.on_conflict_do_nothing())
        return (await work.session.execute(stored)).scalar_one()

    return await house.writer.run("", make)
