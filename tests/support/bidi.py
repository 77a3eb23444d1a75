"""WebDriver BiDi: commands to a browser and events from it, over one WebSocket."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Callable
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

Json = dict[str, Any]
Listener = Callable[[Json], None]

COMMAND_SECONDS = 60


class BidiError(Exception):
    """A command that the browser has refused. ``code`` is the protocol's word, as ``no such node``."""

    def __init__(self, method: str, code: str, message: str) -> None:
        super().__init__(f"{method}: {code}: {message}")
        self.code = code


class Bidi:
    """A connection with a session of its own. Events go to whoever listens, in the order in which they came."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Json]] = {}
        self._listeners: dict[str, list[Listener]] = {}
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def connect(cls, url: str, capabilities: Json) -> Bidi:
        """``url``: what the browser says that it listens on. Its answers may be as long as pictures are."""
        bidi = cls(await connect(f"{url}/session", max_size=None, proxy=None, compression=None))
        await bidi.do("session.new", capabilities={"alwaysMatch": capabilities})
        return bidi

    async def do(self, method: str, **params: Any) -> Json:
        """Returns the command's result.

        :raises BidiError: it was refused
        :raises TimeoutError: the browser does not answer
        :raises ConnectionError: the browser is gone
        """
        number = next(self._numbers)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            await self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
            async with asyncio.timeout(COMMAND_SECONDS):
                got = await answer
        except ConnectionClosed as error:
            raise ConnectionError(f"{method}: the browser is gone") from error
        except TimeoutError:
            raise TimeoutError(f"{method} was not answered within {COMMAND_SECONDS} s") from None
        finally:
            del self._waiting[number]
        if got["type"] == "error":
            raise BidiError(method, got["error"], got["message"])
        result: Json = got["result"]
        return result

    async def listen(self, event: str, listener: Listener) -> None:
        """From now on, in all windows. The listener gets the event's parameters."""
        first = event not in self._listeners
        self._listeners.setdefault(event, []).append(listener)
        if first:
            await self.do("session.subscribe", events=[event])

    async def close(self) -> None:
        """Only the connection: the browser stays."""
        await self._socket.close()
        await self._reading

    async def _read(self) -> None:
        try:
            async for text in self._socket:
                got: Json = json.loads(text)
                if got["type"] == "event":
                    for listener in self._listeners.get(got["method"], []):
                        listener(got["params"])
                elif (waiting := self._waiting.get(got["id"])) and not waiting.done():
                    waiting.set_result(got)
        except ConnectionClosed:
            pass
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(ConnectionError("the browser is gone"))
