"""Devices by name: what people choose from when something is to go to one of them. Kept as long as connections last."""

from __future__ import annotations

import asyncio
from typing import cast

import orjson
from pydantic import TypeAdapter

from salon.core.contract import Device
from salon.core.engine import packets
from salon.core.fanout import Fanout, Link
from salon.core.security import digest
from salon.files import contract

MERGE_SECONDS = 0.1
LONGEST = 40
TOLD = 200
"""Devices in a room that are told: beyond, nobody chooses from a list."""

_LIST = TypeAdapter(list[contract.NamedDevice])


def device_id(sid: str) -> str:
    """What others may know a connection by; its own id would let them use it."""
    return digest(f"device {sid}")[:16]


class Devices:
    def __init__(self, fanout: Fanout) -> None:
        self._fanout = fanout
        self._names: dict[str, dict[Link, str]] = {}
        """By room."""
        self._told: dict[str, bytes] = {}
        """By room: the list as it was told last."""
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def name(self, link: Link, name: str) -> None:
        room = self._names.setdefault(link.room_id, {})
        if name:
            room[link] = name
        elif room.pop(link, None) is None:
            return
        self._tell_soon(link.room_id)

    def tell_all(self, link: Link) -> None:
        """The devices that the room knows, to one who knows nothing of them yet."""
        known = self._told.get(link.room_id)
        if known is not None:
            link.send(self._framed(link, known))

    def depart(self, link: Link) -> None:
        if self._names.get(link.room_id, {}).pop(link, None) is not None:
            self._tell_soon(link.room_id)

    def forget(self, room_id: str) -> None:
        self._names.pop(room_id, None)
        self._told.pop(room_id, None)
        timer = self._timers.pop(room_id, None)
        if timer is not None:
            timer.cancel()

    def stop(self) -> None:
        for room_id in list({*self._names, *self._timers}):
            self.forget(room_id)

    def person_of(self, room_id: str, device: str) -> str | None:
        """Whose device this is, if it is here."""
        known = self._names.get(room_id, {})
        return next((link.person for link in known if device_id(link.sid) == device and link.welcomed), None)

    def _tell_soon(self, room_id: str) -> None:
        if room_id not in self._timers:
            self._timers[room_id] = asyncio.get_running_loop().call_later(MERGE_SECONDS, self._tell, room_id)

    def _tell(self, room_id: str) -> None:
        self._timers.pop(room_id, None)
        here = self._names.get(room_id, {})
        devices = [
            contract.NamedDevice(
                id=device_id(link.sid), person=link.person, name=name, kind=cast("Device", link.device)
            )
            for link, name in here.items()
            if link.person is not None
        ]
        found = _LIST.dump_json(devices[:TOLD])
        if here:
            self._told[room_id] = found
        else:
            self._names.pop(room_id, None)
            self._told.pop(room_id, None)
        for link in self._fanout.of_room(room_id):
            if link.hears:
                link.send(self._framed(link, found))

    def _framed(self, link: Link, devices: bytes) -> bytes:
        """The list is the same for all and large, so it is written once; only who one is oneself differs."""
        me = device_id(link.sid) if link in self._names.get(link.room_id, {}) else None
        said = {"me": me, "devices": orjson.Fragment(devices)}
        return packets.event("signal", {"type": contract.DevicesNow.wire_name, "from": None, "data": said})
