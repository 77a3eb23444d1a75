"""What a connection is sent is bounded: who comes back gets all of it, who does not read is cut off."""

from __future__ import annotations

import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest

from salon.chat.contract import MessageEdited
from salon.core import welcome
from salon.core.access import access_room_by_link
from salon.core.engine import websocket
from salon.core.writer import Work
from tests.support.raw import RawSocket
from tests.support.recorder import eventually
from tests.support.wire import Served, serve


async def flood(served: Served, link: str, events: int, body: str = "") -> None:
    """So many events in one commit. What they say does not matter here."""
    async with served.house.storage.read() as session:
        room_id = (await access_room_by_link(session, link)).id
    event = MessageEdited(peer=None, message="nothing", body=body, excerpt="", mentions=[], edited_at=0)

    async def tell(work: Work) -> None:
        for _ in range(events):
            work.to_room(room_id, event)

    await served.house.writer.run(room_id, tell)


@pytest.mark.feature("C1", "R8")
async def test_as_much_as_is_resumed_fits_through(served: Served) -> None:
    """Neither the client nor the server gives up on it: no cut, no loop of coming back."""
    token = await served.token()
    room = (await served.room(token))["link"]
    olga, gil = await served.come(room, "Olga", token), await served.come(room, "Gil")
    await gil.leave()
    await olga.event("people.changed", 2)
    await flood(served, room, welcome.RESUME_LIMIT - 10)
    back = await served.client("Gil", gil.token)
    back.seqs = dict(gil.seqs)
    await back.connect(room, gil.seqs)
    await back.event("chat.edited", welcome.RESUME_LIMIT - 10)
    assert back.of("snapshot") == []
    assert back.connected


@pytest.mark.feature("C1")
async def test_who_does_not_read_is_cut_and_resumes(
    tmp_path: Path, at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(websocket, "KERNEL_BUFFER", 4096)
    async with serve(tmp_path) as served:
        engine = served.house.edge.engine
        engine.limits = replace(engine.limits, unsent=100_000)
        token = await served.token()
        room = (await served.room(token))["link"]
        olga = await served.come(room, "Olga", token)
        lazy = await served.token()
        async with aiohttp.ClientSession(served.url, connector=aiohttp.TCPConnector(socket_factory=narrow)) as http:
            raw = await RawSocket.open(served, http)
            await raw.send("40" + orjson.dumps({"room": room, "token": lazy}).decode())
            await raw.until('42["lobby"')
            assert (await raw.ask('["people.join",{"id":"j1","name":"Lazy"}]'))["ok"]
            snapshot = orjson.loads((await raw.until('42["snapshot"'))[2:])[1]
            # From here on it does not read.
            for round_number in range(1, 41):
                await flood(served, room, 5, "é" * 3900)
                await olga.event("chat.edited", 5 * round_number)  # who reads keeps up
            await eventually(lambda: len(served.house.fanout.links) == 1, "the cut")
        # Nobody else noticed, and whoever was cut off comes back to everything.
        back = await served.client("Lazy", lazy)
        back.seqs = dict(snapshot["seqs"])
        await back.connect(room, snapshot["seqs"])
        await back.event("chat.edited", 200)
        assert back.kinds[0] == "resumed"


def narrow(address: Any) -> socket.socket:
    """A socket for which the system keeps next to nothing that is not read."""
    made = socket.socket(*address[:3])
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    return made
