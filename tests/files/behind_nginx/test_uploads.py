"""Uploads through a real nginx, with the configuration of docs/operations.md: they come on as they are sent."""

from __future__ import annotations

import asyncio
import os

import pytest

from salon.files.vault import vault_of
from tests.files.behind_nginx.support import get
from tests.files.support import BODY, TUS
from tests.files.test_wire import MIB, Hall, Slow, _size_coming, close_room, half_sent, remove_ben, switch_off
from tests.support.recorder import eventually

pytestmark = pytest.mark.real("nginx")


@pytest.mark.feature("D2")
async def test_an_upload_reaches_salon_as_it_comes_and_goes_on_after_a_cut(hall: Hall) -> None:
    content = os.urandom(4 * MIB)
    address = await hall.begin("ann", len(content))
    assert address.startswith("/api/files/")
    body = Slow(content[:MIB], content[MIB:])
    sending = asyncio.create_task(hall.send("ann", address, 0, aiter(body)))
    body.more[0].set()
    await eventually(lambda: _size_coming(hall) >= MIB // 2, "the first bytes")
    sending.cancel()
    await asyncio.wait({sending})
    await eventually(lambda: not hall.traffic._under_way, "the end of the request")
    offset = await hall.offset("ann", address)
    assert MIB // 2 <= offset <= MIB
    assert await hall.send("ann", address, offset, content[offset:]) == (204, str(len(content)))
    assert (await get(hall, address.rpartition("/")[2])).content == content
    assert not vault_of(hall.served.house).coming()


@pytest.mark.feature("D2")
async def test_salons_refusals_come_through(hall: Hall) -> None:
    """With their numbers, and not nginx's own."""
    hall.served.house.settings.file_mib = 1
    said = {"Upload-Length": str(2 * MIB), "Upload-Metadata": "filename YQ=="}
    async with hall.served.http.post(f"{hall.base}/uploads", headers=hall.headers("ann", **TUS, **said)) as answer:
        assert answer.status == 413
        assert (await answer.json())["limit"] == MIB
    address = await hall.begin("ann", MIB)
    assert (await hall.send("ann", address, 5, b"x"))[0] == 409
    headers = hall.headers("ben", **TUS, **BODY, **{"Upload-Offset": "0"})
    async with hall.served.http.patch(address, headers=headers, data=b"x" * MIB) as answer:
        assert answer.status == 404


@pytest.mark.feature("D1", "D7")
@pytest.mark.parametrize("act", [remove_ben, close_room, switch_off])
async def test_an_upload_under_way_stops(hall: Hall, act: object) -> None:
    address, sending = await half_sent(hall)
    await act(hall, address)  # type: ignore[operator]
    await eventually(lambda: not hall.traffic._under_way, "the end of the request")
    sending.cancel()
    await asyncio.wait({sending})
    assert (await hall.served.http.head(address, headers=hall.headers("ben", **TUS))).status in {403, 404, 409, 410}
