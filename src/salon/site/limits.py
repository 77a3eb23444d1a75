"""Settings that administrators may change while the server runs. What they choose wins over what is configured."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from salon.core.contract import Model
from salon.core.settings import Settings
from salon.core.storage import upsert
from salon.site.tables import Chosen

Hourly = Annotated[int, Field(ge=1, le=1_000_000)]


class Limits(Model):
    """As they are in force."""

    rooms_need_account: bool
    sign_ups_open: bool
    largest_room: int | None
    rooms_per_hour: int
    sign_ups_per_hour: int


class LimitOrders(Model):
    """What is left out stays as it is; null is as it was configured."""

    rooms_need_account: bool | None = None
    sign_ups_open: bool | None = None
    largest_room: Annotated[int, Field(ge=1, le=10_000)] | None = None
    rooms_per_hour: Hourly | None = None
    sign_ups_per_hour: Hourly | None = None


NAMES = tuple(Limits.model_fields)


def in_force(settings: Settings) -> Limits:
    return Limits.model_validate({name: getattr(settings, name) for name in NAMES})


async def chosen(session: AsyncSession) -> dict[str, Any]:
    """What administrators have set, by name."""
    rows = await session.execute(select(Chosen.name, Chosen.value).where(Chosen.name.in_(NAMES)))
    return {row.name: row.value["is"] for row in rows}


async def choose(session: AsyncSession, orders: LimitOrders) -> dict[str, Any]:
    """Store what was ordered. Returns it."""
    ordered = orders.model_dump(include=orders.model_fields_set)
    for name, value in ordered.items():
        if value is None:
            await session.execute(delete(Chosen).where(Chosen.name == name))
        else:
            kept = {"is": value}
            put = upsert(session, Chosen).values(name=name, value=kept)
            await session.execute(put.on_conflict_do_update(index_elements=["name"], set_={"value": kept}))
    return ordered
