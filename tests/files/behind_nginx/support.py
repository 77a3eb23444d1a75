"""An nginx in front of a room, and asking for its files."""

from __future__ import annotations

import grp
import os
from pathlib import Path

import aiohttp

from bench.nginx import Nginx
from tests.files.test_wire import Hall

INTERNAL = "/salon-files"


def start_nginx(folder: Path, port: int, site: str) -> Nginx:
    return Nginx(folder / "nginx", port, site, user=f"nobody {grp.getgrgid(os.getegid()).gr_name}")


class Got:
    def __init__(self, answer: aiohttp.ClientResponse, content: bytes) -> None:
        self.status, self.headers, self.content = answer.status, answer.headers, content


async def get(hall: Hall, path: str, who: str = "ben", method: str = "GET", **more: str) -> Got:
    async with hall.served.http.request(method, f"{hall.base}/{path}", headers=hall.headers(who, **more)) as answer:
        return Got(answer, await answer.read())
