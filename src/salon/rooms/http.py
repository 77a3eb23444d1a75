"""Making a room, looking at one from outside, its QR code, and taking its contents away."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import segno
from fastapi import APIRouter, Response
from sqlalchemy import select
from starlette.responses import RedirectResponse

from salon.core.access import access_member, access_room_by_link
from salon.core.accounts import check_account
from salon.core.card import RoomCard, room_card
from salon.core.contract import Model, Need
from salon.core.feature import Taking, View
from salon.core.http import HouseOf, IdentityOf, MaybeIdentityOf, NetworkOf
from salon.core.opening import chosen, open_room
from salon.core.refusals import Refused
from salon.core.security import TokenBuckets
from salon.core.tables import Room
from salon.core.writer import Work
from salon.core.zones import time_zone
from salon.rooms.contract import Activities, Admission, Capacity, Preset, RoomName, Theme
from salon.rooms.password import add_password
from salon.rooms.rules import PRESETS, check_size, room_name
from salon.rooms.snapshot import share_url

if TYPE_CHECKING:
    from salon.core.house import House

KINDS = {
    "txt": "text/plain; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class NewRoom(Model):
    preset: Preset
    name: RoomName = ""
    theme: Theme = "linen"
    capacity: Capacity | None = None
    admission: Admission | None = None
    """Who may come in; null is as usual for the preset."""
    activities: Activities | None = None
    """What is switched on from the beginning; null is as usual for the preset."""


class MadeRoom(Model):
    link: str
    url: str
    pin: str


def _creations(house: House) -> TokenBuckets:
    return TokenBuckets(house.settings.rooms_per_hour / 3600, house.settings.rooms_per_hour)


def router() -> APIRouter:
    routes = APIRouter(prefix="/api/rooms", tags=["rooms"])

    @routes.post("")
    async def create_room(asked: NewRoom, house: HouseOf, identity: IdentityOf, network: NetworkOf) -> MadeRoom:
        """Make a room. Whoever made it becomes its owner on joining."""
        name = room_name(asked.name, asked.preset)
        check_size(asked.capacity, house.settings)
        activities = chosen(house.activities, PRESETS[asked.preset].activities, asked.activities)
        creations = house.kept(_creations)
        creations.retune(house.settings.rooms_per_hour / 3600, house.settings.rooms_per_hour)
        wait = creations.take(network, house.clock.now())
        if wait:
            raise Refused("rate_limited", "Many rooms were made from your network. Wait a little.", retry_after=wait)

        async def make(work: Work) -> MadeRoom:
            if house.settings.rooms_need_account:
                await check_account(work.session, identity)
            room = await open_room(
                work,
                house.settings,
                creator=identity,
                preset=asked.preset,
                name=name,
                theme=asked.theme,
                activities=activities,
                newcomers=PRESETS[asked.preset].newcomers,
                capacity=asked.capacity,
                admission=asked.admission or PRESETS[asked.preset].admission,
            )
            return MadeRoom(link=room.link, url=share_url(house.addresses.public_url, room.link), pin=room.pin or "")

        return await house.writer.run("", make)

    @routes.get("/{link}")
    async def look_at_room(link: str, house: HouseOf, identity: MaybeIdentityOf) -> RoomCard:
        """What somebody who holds the link may know before joining."""
        async with house.storage.read() as session:
            return await room_card(session, await access_room_by_link(session, link), identity)

    @routes.get("/{link}/qr.svg", response_class=Response, responses={200: {"content": {"image/svg+xml": {}}}})
    async def qr_code(link: str, house: HouseOf) -> Response:
        """The share link as a QR code, from the configured public URL."""
        async with house.storage.read() as session:
            room = await access_room_by_link(session, link)
        picture = io.BytesIO()
        code = segno.make_qr(share_url(house.addresses.public_url, room.link), error="m")
        # Dark on light whatever the page's colours are, with its quiet zone: scanners want both.
        code.save(picture, kind="svg", border=4, dark="#1c1917", light="#ffffff", scale=10, xmldecl=False)
        return Response(
            picture.getvalue(), media_type="image/svg+xml", headers={"Cache-Control": "private, max-age=60"}
        )

    @routes.get("/{link}/export/{name}", response_class=Response)
    async def export(link: str, name: str, house: HouseOf, identity: IdentityOf, zone: str = "UTC") -> Response:
        """For hosts: one file of what the room holds; ``archive.zip`` leads to all. Times are in the IANA ``zone``."""
        if name == "archive.zip":
            return _to_everything(house, link, zone)
        files = await _files(house, link, identity, Taking(house.clock.now(), time_zone(zone), name))
        if name not in files:
            raise Refused("room_unknown", "There is no such file.")
        return _attachment(name, files[name])

    add_password(routes)
    return routes


async def _files(house: House, link: str, identity: str, taking: Taking) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    async with house.storage.read() as session:
        room_id = (await session.execute(select(Room.id).where(Room.link == link))).scalar_one_or_none()
        if room_id is None:
            raise Refused("room_unknown")
        room, member = await access_member(session, room_id, identity, Need.COHOST)
        view = View(session, house.settings, house.addresses.public_url, room, member, taking=taking)
        for feature in house.features:
            if feature.archive is not None:
                files.update(await feature.archive(view))
    return files


def _to_everything(house: House, link: str, zone: str) -> Response:
    """Whoever may take it is looked at there."""
    for feature in house.features:
        if feature.everything is not None:
            return RedirectResponse(
                f"{feature.everything.format(link=quote(link, safe=''))}?{urlencode({'zone': zone})}"
            )
    raise Refused("room_unknown", "There is no such file.")


def _attachment(name: str, content: bytes) -> Response:
    kind = KINDS.get(name.rsplit(".", 1)[-1], "application/zip")
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=kind, headers=headers)
