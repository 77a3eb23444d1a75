"""PINs: how long they must be, giving them out, finding a room by one, and how many wrong ones are answered."""

from __future__ import annotations

import secrets

from sqlalchemy import BigInteger, Index, String, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from salon.core.settings import Settings
from salon.core.storage import Base
from salon.core.tables import Room

HOUR_MS = 3600 * 1000
SHORTEST_PIN = 4
HOURS_PER_HIT = 1000
"""Whoever guesses as fast as the server answers finds fewer than one room in so many hours."""


class WrongPin(Base):
    """One wrong guess that was answered as wrong. Kept in the database: a restart must not hand out new guesses."""

    __tablename__ = "wrong_pins"
    __table_args__ = (Index("wrong_pins_network", "network", "at"), Index("wrong_pins_at", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger)
    network: Mapped[str] = mapped_column(String(64))


def pin_length(open_by_length: dict[int, int], wrong_guesses_per_hour: int) -> int:
    """How many digits a new PIN needs.

    Who guesses PINs of ``d`` digits hits one of the ``n`` open rooms with such PINs with probability ``n / 10**d``
    each time. With ``g`` answered wrong guesses an hour on the whole server that is ``g * n / 10**d`` rooms an hour.
    A guesser may spread over lengths as they like: the sum of ``g_d * n_d / 10**d`` with ``sum(g_d) = g`` is never
    more than ``g`` times the largest of the densities ``n_d / 10**d``. So it is enough that each length by itself
    keeps ``g * n_d / 10**d < 0.001``, and no PIN that was given out must ever change. The answer is the smallest
    ``d`` for which that still holds with one more room:

        (n_d + 1) * g * 1000 < 10**d

    With the default of 600 guesses an hour: one room at 6 digits, 16 at 7, 166 at 8, 1,666 at 9. Knowing how many
    rooms there are does not help, nor does the network's own limit matter: a guesser may have many networks.

    :param open_by_length: number of digits → how many open rooms have such a PIN
    :param wrong_guesses_per_hour: answered wrong guesses in any hour, on the whole server
    """
    digits = SHORTEST_PIN
    while (open_by_length.get(digits, 0) + 1) * wrong_guesses_per_hour * HOURS_PER_HIT >= 10**digits:
        digits += 1
    return digits


async def new_pin(session: AsyncSession, settings: Settings) -> str:
    """A PIN that no open room has, as long as it must be. The unique constraint has the last word."""
    length = func.length(Room.pin)
    rows = await session.execute(select(length, func.count()).where(Room.pin.is_not(None)).group_by(length))
    digits = pin_length(dict(rows.all()), settings.pin_wrong_guesses_per_hour)
    while True:
        pin = f"{secrets.randbelow(10**digits):0{digits}d}"
        if (await session.execute(select(Room.id).where(Room.pin == pin))).first() is None:
            return pin


async def room_by_pin(session: AsyncSession, pin: str) -> Room | None:
    """The open room with this PIN; only open rooms have one."""
    return (await session.execute(select(Room).where(Room.pin == pin))).scalar_one_or_none()


async def guesses_are_used_up(session: AsyncSession, settings: Settings, network: str, now: int) -> bool:
    """Whether a wrong PIN must not be told to be wrong any more, for this network or for all."""
    recent = select(func.count()).select_from(WrongPin).where(WrongPin.at > now - HOUR_MS)
    everywhere = (await session.execute(recent)).scalar_one()
    here = (await session.execute(recent.where(WrongPin.network == network))).scalar_one()
    return everywhere >= settings.pin_wrong_guesses_per_hour or here >= settings.pin_wrong_guesses_per_network


async def note_wrong_pin(session: AsyncSession, network: str, now: int) -> None:
    await session.execute(insert(WrongPin).values(at=now, network=network))
    await session.execute(delete(WrongPin).where(WrongPin.at <= now - HOUR_MS))
