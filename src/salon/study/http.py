"""One's own record to take away."""

from __future__ import annotations

import asyncio
from typing import Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response

from salon.core.contract import Millis, Model
from salon.core.http import HouseOf, IdentityOf
from salon.study.archive import moment, records_csv
from salon.study.records import worked, zone_of


class RecordOfFocus(Model):
    day: str
    """By the clocks of the zone."""
    ended_at: Millis
    focus_ms: int
    timer: Literal["room", "own"]


class RecordsOfFocus(Model):
    zone: str
    records: list[RecordOfFocus]


def make_router() -> APIRouter:
    router = APIRouter(prefix="/api/study")

    @router.get("/focus.csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
    async def focus_csv(house: HouseOf, identity: IdentityOf) -> Response:
        async with house.storage.read() as session:
            records, zone = await worked(session, identity), await zone_of(session, identity)
        body = await asyncio.to_thread(records_csv, records, ZoneInfo(zone))
        return Response(body, media_type="text/csv; charset=utf-8", headers=_as_file("focus.csv"))

    @router.get("/focus.json")
    async def focus_json(house: HouseOf, identity: IdentityOf, response: Response) -> RecordsOfFocus:
        async with house.storage.read() as session:
            records, zone = await worked(session, identity), await zone_of(session, identity)
        response.headers.update(_as_file("focus.json"))
        return RecordsOfFocus(
            zone=zone,
            records=[
                RecordOfFocus(
                    day=moment(each.ended_at, ZoneInfo(zone)).date().isoformat(),
                    ended_at=each.ended_at,
                    focus_ms=each.focus_ms,
                    timer="room" if each.shared else "own",
                )
                for each in records
            ],
        )

    return router


def _as_file(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
