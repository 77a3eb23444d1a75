"""The opening and closing handshakes of a WebSocket (RFC 6455 §4.2, §7), the server's side. No input or output here."""

from __future__ import annotations

import base64
import binascii
import hashlib
from urllib.parse import parse_qs

from starlette.datastructures import Headers

from salon.core.engine import frames

PATHS = frozenset({"/socket.io/", "/socket.io"})
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_CODES = frozenset({1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014})
_FIELDS = 20


class NotOpened(Exception):
    """The handshake is refused; ``answer`` is all that is sent before the connection closes."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.answer = f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".encode()


def parse(head: bytes) -> tuple[dict[str, str], Headers]:
    """The fields of the query, each once, and the headers of a request as it stands on the wire."""
    lines = head.split(b"\r\n")
    method, path, _version = lines[0].split(b" ", 2)
    if method != b"GET":
        raise NotOpened("405 Method Not Allowed")
    raw = []
    for line in lines[1:]:
        name, colon, value = line.partition(b":")
        if colon:
            raw.append((name.lower(), value.strip()))
    return _query(path.decode("latin-1")), Headers(raw=raw)


def _query(path: str) -> dict[str, str]:
    place, _, query = path.partition("?")
    if place not in PATHS:
        raise NotOpened("404 Not Found")
    try:
        return {name: values[0] for name, values in parse_qs(query, max_num_fields=_FIELDS).items()}
    except ValueError:
        raise NotOpened("400 Bad Request") from None


def accept(headers: Headers) -> bytes:
    """The head of the answer."""
    if headers.get("sec-websocket-version") != "13":
        raise NotOpened("426 Upgrade Required\r\nSec-WebSocket-Version: 13")
    key = headers.get("sec-websocket-key", "")
    try:
        if len(base64.b64decode(key, validate=True)) != 16:
            raise NotOpened("400 Bad Request")
    except (binascii.Error, ValueError):
        raise NotOpened("400 Bad Request") from None
    digest = hashlib.sha1(key.encode() + _GUID, usedforsecurity=False).digest()
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
        + base64.b64encode(digest)
        + b"\r\n\r\n"
    )


def answer_to_close(payload: bytes) -> int:
    """The code to answer a close frame with."""
    if not payload:
        return frames.NORMAL
    code = int.from_bytes(payload[:2], "big") if len(payload) >= 2 else 0
    try:
        payload[2:].decode()
    except UnicodeDecodeError:
        return frames.BAD_DATA
    return code if code in _CODES or 3000 <= code < 5000 else frames.PROTOCOL_ERROR
