"""One Socket.IO connection over an Engine.IO line: words in, words out, acks by number, and how it ended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

import orjson

from tests.faults.wire import Line

Json = dict[str, Any]
Answered = Callable[[Json], None]


class Hearer(Protocol):
    """Who a connection tells what comes."""

    def introduce(self) -> Json:
        """What to say about oneself on connecting."""

    def refused(self, refusal: Json) -> None: ...

    def word(self, name: str, data: Json) -> None: ...

    def odd(self, what: str) -> None:
        """Something came that breaks the protocol."""


class Talk:
    """``ended`` is done when the connection is over for its hearer, with the reason."""

    def __init__(self, line: Line, hearer: Hearer, first_number: int = 0) -> None:
        self.ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._line = line
        self._hearer = hearer
        self._number = first_number
        self._waiting: dict[int, Answered] = {}
        self._silence = 60.0
        self._watchdog: asyncio.TimerHandle | None = None

    def start(self) -> None:
        self._line.lost.add_done_callback(lambda lost: self._end(lost.result()))
        self._line.start(self._take)

    def ask(self, word: str, payload: Json, answered: Answered) -> None:
        """Send a word with an ack. It never comes when the connection is lost before."""
        self._number += 1
        self._waiting[self._number] = answered
        self._line.send(f"42{self._number}" + orjson.dumps([word, payload]).decode())

    def turn_away(self) -> None:
        """Hear nothing more of it; but it is not closed."""
        self._end("given up")

    def close(self) -> None:
        self._end("closed here")
        self._line.close()

    def _end(self, why: str) -> None:
        if self._watchdog is not None:
            self._watchdog.cancel()
        settle(self.ended, why)

    def _take(self, packet: str) -> None:
        if self.ended.done():
            return
        kind, rest = packet[:2], packet[2:]
        if kind == "42":
            name, data = orjson.loads(rest)
            self._hearer.word(name, data)
        elif kind == "43":
            number, _, answer = rest.partition("[")
            self._answer(int(number), orjson.loads("[" + answer)[0])
        elif kind == "44":
            self._hearer.refused(orjson.loads(rest).get("data") or {})
            self.close()
        elif kind == "41" or packet == "1":
            self.close()
        elif packet[0] == "0":
            self._open(orjson.loads(packet[1:]))
        elif packet[0] == "2":
            self._line.send("3" + packet[1:])
            self._watch()
        elif kind != "40" and packet != "6":
            self._hearer.odd(f"a packet {packet[:100]!r}")

    def _answer(self, number: int, answer: Json) -> None:
        answered = self._waiting.pop(number, None)
        if answered is None:
            self._hearer.odd(f"an ack {number} that nobody waits for: {answer}")
        else:
            answered(answer)

    def _open(self, said: Json) -> None:
        self._silence = (said["pingInterval"] + said["pingTimeout"]) / 1000
        self._watch()
        self._line.send("40" + orjson.dumps(self._hearer.introduce()).decode())

    def _watch(self) -> None:
        """A connection without a ping for so long is dead, whatever the system says of it."""
        if self._watchdog is not None:
            self._watchdog.cancel()
        self._watchdog = asyncio.get_running_loop().call_later(self._silence, self.close)


def settle(future: asyncio.Future[Any], result: object) -> None:
    if not future.done():
        future.set_result(result)
