"""People who pass files to each other, over the real routes."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import func, select

from salon.core.house import House
from salon.core.writer import Work
from salon.files.tables import File, FileRoom, FileTotal
from salon.files.traffic import Traffic
from salon.files.vault import vault_of
from tests.support.house import LocalClient, Place, Stage
from tests.support.recorder import Json

TUS = {"Tus-Resumable": "1.0.0"}
BODY = {"Content-Type": "application/offset+octet-stream"}


def metadata(**given: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in given.items())


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class Person:
    """Somebody in the room, with a browser of their own."""

    def __init__(self, stage: Stage, place: Place, client: LocalClient, token: str) -> None:
        self.stage = stage
        self.place = place
        self.client = client
        self.http = stage.http(token)
        self.base = f"/api/files/{place.link}"

    @property
    def me(self) -> str:
        return self.client.me

    async def begin(self, size: int, name: str = "a.bin", *, body: Any = None, **more: str) -> httpx.Response:
        headers = {**TUS, "Upload-Length": str(size), "Upload-Metadata": metadata(filename=name, **more)}
        if body is not None:
            headers |= BODY
        return await self.http.post(f"{self.base}/uploads", headers=headers, content=body or b"")

    async def begun(self, size: int, name: str = "a.bin", **more: str) -> str:
        """The address of a new upload."""
        answer = await self.begin(size, name, **more)
        assert answer.status_code == 201, answer.text
        address: str = answer.headers["location"]
        return address

    async def send(
        self, address: str, offset: int, content: bytes | AsyncIterator[bytes], **more: str
    ) -> httpx.Response:
        headers = {**TUS, **BODY, "Upload-Offset": str(offset), **more}
        return await self.http.patch(address, headers=headers, content=content)

    async def ask(self, address: str) -> httpx.Response:
        return await self.http.head(address, headers=TUS)

    async def offset(self, address: str) -> int:
        answer = await self.ask(address)
        assert answer.status_code == 200, answer.headers
        return int(answer.headers["upload-offset"])

    async def drop(self, content: bytes, name: str = "a.bin", **more: str) -> str:
        """Upload it all. Returns the file's id."""
        address = await self.begun(len(content), name, **more)
        if content:
            answer = await self.send(address, 0, content)
            assert answer.status_code == 204, answer.text
        await self.stage.settle()
        return address.rpartition("/")[2]

    async def get(self, path: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        return await self.http.get(f"{self.base}/{path}", headers=dict(headers or {}))

    async def files(self) -> list[Json]:
        found: list[Json] = (await self.client.look())["features"]["files"]["files"]
        return found

    async def direct(self) -> list[Json]:
        found: list[Json] = (await self.client.look())["features"]["files"]["direct"]
        return found


async def person(stage: Stage, place: Place, name: str, **how: Any) -> Person:
    identity, token = await stage.session()
    return Person(stage, place, await stage.come(place, name, identity=identity, **how), token)


async def owner_of(stage: Stage, place: Place) -> Person:
    async def begin(work: Work) -> str:
        return stage.house.sessions.begin(work, place.creator, bearer=True).token

    return Person(stage, place, await stage.owner(place), await stage.house.writer.run("", begin))


async def check_taken(stage: Stage) -> int:
    """What is written down as taken is what the rows take. Returns it."""
    async with stage.house.storage.read() as session:
        total = (await session.execute(select(FileTotal.taken))).scalar_one()
        rows = (await session.execute(select(func.coalesce(func.sum(File.size), 0)))).scalar_one()
        rooms = (await session.execute(select(func.coalesce(func.sum(FileRoom.taken), 0)))).scalar_one()
    assert total == rows == rooms
    return int(total)


def on_disk(house: House) -> list[Path]:
    """All files with bytes of files; where they are in another store, their names there."""
    blobs = vault_of(house).blobs
    found = [] if blobs.path("any") is not None else [Path(name) for name, _ in blobs.names()]
    for folder, _, names in os.walk(house.settings.data_dir / "files"):
        found.extend(Path(folder) / name for name in names)
    return found


def traffic(stage: Stage) -> Traffic:
    return Traffic.of[stage.house.fanout]


__all__ = ["Person", "check_taken", "on_disk", "owner_of", "person", "traffic", "vault_of"]
