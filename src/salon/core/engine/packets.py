"""Socket.IO packets (protocol revision 5), carried in messages of Engine.IO (revision 4).

What is sent is made as a whole WebSocket frame: the ``4`` of Engine.IO's MESSAGE, the packet's type, JSON.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import orjson

from salon.core.engine.frames import frame

CONNECT, DISCONNECT, EVENT, ACK, CONNECT_ERROR, BINARY_EVENT, BINARY_ACK = range(7)

_HEAD = re.compile(r"([0-6])(?:(\d{1,10})-)?(?:(/[^,]{0,200})(?:,|$))?(\d{1,15})?", re.ASCII)
_BINARY = (BINARY_EVENT, BINARY_ACK)


class Unreadable:
    """Stands for the data of a packet that is not what it should be: it can still be answered."""

    def __init__(self, why: str) -> None:
        self.why = why


MALFORMED: Final = Unreadable("no JSON")
TOO_LARGE: Final = Unreadable("too large")


class BadPacket(ValueError):
    """No packet at all."""


@dataclass(slots=True)
class Packet:
    """``data`` is parsed JSON, or :class:`Unreadable`; None when there is none."""

    type: int
    namespace: str
    id: int | None
    data: Any


def decode(text: str, limit: int) -> Packet:
    """Read a packet of at most ``limit`` characters of JSON. Raises :class:`BadPacket`."""
    head = _HEAD.match(text)
    if head is None:
        raise BadPacket("no packet begins so")
    kind = int(head[1])
    if (head[2] is not None) != (kind in _BINARY):
        raise BadPacket("attachments where none can be, or none where they must")
    rest = text[head.end() :]
    return Packet(kind, head[3] or "/", int(head[4]) if head[4] else None, _parsed(rest, limit))


def _parsed(text: str, limit: int) -> Any:
    if not text:
        return None
    # Before parsing, so that what is refused costs nothing. Depth is bounded by the parser: 1024 levels.
    if len(text) > limit:
        return TOO_LARGE
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return MALFORMED


def event(name: str, payload: object) -> bytes:
    """An EVENT of the main namespace with one argument. ``payload`` may hold ``orjson.Fragment``."""
    return frame(b"42" + orjson.dumps([name, payload]))


def ack(number: int, payload: object) -> bytes:
    return frame(b"43%d" % number + orjson.dumps([payload]))


def connected(sid: str) -> bytes:
    return frame(b"40" + orjson.dumps({"sid": sid}))


def connect_error(message: str, data: object = None, namespace: str = "/") -> bytes:
    prefix = "" if namespace == "/" else f"{namespace},"
    reason = {"message": message} if data is None else {"message": message, "data": data}
    return frame(b"44" + prefix.encode() + orjson.dumps(reason))


DISCONNECTED: Final = frame(b"41")
"""Tells the client that it was the server's will: stock clients do not come back by themselves."""
