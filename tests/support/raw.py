"""A websocket that speaks Engine.IO and Socket.IO by hand, for frames that no client library would send."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import orjson

from tests.support.recorder import PATIENCE, Json
from tests.support.wire import Served


class RawSocket:
    """Frames as they are: ``42["name",{}]``."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    @classmethod
    async def open(cls, served: Served, http: aiohttp.ClientSession | None = None, **headers: str) -> RawSocket:
        path = "/socket.io/?EIO=4&transport=websocket"
        raw = cls(await (http or served.http).ws_connect(path, max_msg_size=0, headers=headers))
        assert (await raw.receive()).startswith("0")
        return raw

    @classmethod
    async def join(cls, served: Served, room: str, name: str) -> RawSocket:
        """A socket of somebody who is in the room."""
        raw = await cls.open(served)
        await raw.send("40" + orjson.dumps({"room": room, "token": await served.token()}).decode())
        await raw.until('42["lobby"')
        answer = await raw.ask(f'["people.join",{{"id":"j1","name":"{name}"}}]')
        assert answer["ok"], answer
        await raw.until('42["snapshot"')
        return raw

    async def send(self, frame: str | bytes) -> None:
        if isinstance(frame, bytes):
            await self._socket.send_bytes(frame)
        else:
            await self._socket.send_str(frame)

    async def receive(self) -> str:
        """The next frame; pings of the server are answered."""
        async with asyncio.timeout(PATIENCE):
            while True:
                message = await self._socket.receive()
                if message.type in {aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.CLOSING}:
                    raise EOFError("the server has closed the connection")
                if message.data != "2":
                    text: str = message.data
                    return text
                await self._socket.send_str("3")

    async def until(self, beginning: str) -> str:
        """Frames up to one that begins so."""
        while not (frame := await self.receive()).startswith(beginning):
            pass
        return frame

    async def ask(self, event: str, number: int = 1, prefix: str = "42") -> Json:
        """Send an event that asks for an ack, given as JSON; returns the ack."""
        await self.send(f"{prefix}{number}{event}")
        found: list[Any] = orjson.loads((await self.until(f"43{number}["))[2 + len(str(number)) :])
        answer: Json = found[0]
        return answer

    async def close(self) -> None:
        await self._socket.close()


async def connect_by_polling(served: Served, auth: Json, **headers: str) -> str | None:
    """Long-polling from handshake to CONNECT, as a browser does it: the code of the refusal, None when let in.

    A browser names its origin in the requests that POST, not in those that GET from the server of its own page.
    """
    path = "/socket.io/?EIO=4&transport=polling"
    reading = {name: value for name, value in headers.items() if name != "Origin"}
    async with served.http.get(path, headers=reading) as response:
        path += "&sid=" + orjson.loads((await response.text())[1:])["sid"]
    async with served.http.post(path, headers=headers, data="40" + orjson.dumps(auth).decode()) as response:
        assert await response.text() == "OK"
    async with served.http.get(path, headers=reading) as response:
        frame = (await response.text()).split("\x1e")[0]
    async with served.http.post(path, headers=headers, data="1") as response:
        await response.read()
    if frame.startswith("40"):
        return None
    assert frame.startswith("44"), frame
    code: str = orjson.loads(frame[2:])["data"]["code"]
    return code
