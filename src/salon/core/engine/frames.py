"""WebSocket frames, the server's side of RFC 6455. No input or output here.

What a server sends has no mask and, without extensions, nothing that depends on the connection: a frame is made once
and is the same bytes for everyone.
"""

from __future__ import annotations

import sys
from typing import Final, Literal

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
_FIN = 0x80
_MASKED = 0x80
CONTROL_LIMIT = 125

NORMAL, GOING_AWAY, PROTOCOL_ERROR, BAD_DATA, TOO_BIG = 1000, 1001, 1002, 1007, 1009
"""Close codes of RFC 6455 §7.4.1."""

PIECE: Final = (CONTINUATION, b"")


class BadFrame(Exception):
    """The client broke the protocol; ``code`` is the close code to answer with."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code


def frame(payload: bytes, opcode: int = TEXT) -> bytes:
    """One whole, unmasked frame."""
    size = len(payload)
    if size < 126:
        return bytes((_FIN | opcode, size)) + payload
    if size < 1 << 16:
        return bytes((_FIN | opcode, 126)) + size.to_bytes(2, "big") + payload
    return bytes((_FIN | opcode, 127)) + size.to_bytes(8, "big") + payload


def close_frame(code: int) -> bytes:
    return frame(code.to_bytes(2, "big"), CLOSE)


def payloads(framed: bytes) -> list[bytes]:
    """The payloads of frames that :func:`frame` made, one after the other."""
    found = []
    at = 0
    while at < len(framed):
        size, at = _length(framed, at)
        found.append(framed[at : at + size])
        at += size
    return found


def parted(framed: bytes, most: int) -> tuple[bytes, bytes]:
    """The first frames, so many at most, and the others."""
    at = 0
    for _ in range(most):
        if at >= len(framed):
            break
        size, begin = _length(framed, at)
        at = begin + size
    return framed[:at], framed[at:]


def _length(framed: bytes, at: int) -> tuple[int, int]:
    short = framed[at + 1]
    if short < 126:
        return short, at + 2
    wide = 2 if short == 126 else 8
    return int.from_bytes(framed[at + 2 : at + 2 + wide], "big"), at + 2 + wide


class FrameReader:
    """Makes messages of what arrives, however it is cut into pieces.

    ``limit``: bytes of a message; beyond, :class:`BadFrame` with code 1009 before more is taken in.
    """

    __slots__ = ("_buffer", "_limit", "_message", "_opcode")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._buffer = bytearray()
        self._message: bytearray | None = None
        """Of a fragmented message what has come so far."""
        self._opcode = 0

    @property
    def waiting(self) -> int:
        """Bytes that are kept until more comes, or until they are asked for."""
        return len(self._buffer) + len(self._message or b"")

    def feed(self, data: bytes) -> None:
        self._buffer += data

    def next(self) -> tuple[int, bytes] | None:
        """``(opcode, payload)`` of the next message or control frame; None when it has not wholly come.

        A piece of a message that is not at its end yet is :data:`PIECE`, so that whoever counts what a client sends
        counts it as well: each costs as much as a message. Raises :class:`BadFrame`.
        """
        found = self._next_frame()
        if found is None:
            return None
        final, opcode, payload = found
        return (opcode, payload) if opcode >= CLOSE else self._assemble(final, opcode, payload)

    def _assemble(self, final: bool, opcode: int, payload: bytes) -> tuple[int, bytes]:
        if self._message is None:
            if opcode == CONTINUATION:
                raise BadFrame(PROTOCOL_ERROR, "nothing to continue")
            if final:
                return opcode, payload
            self._opcode, self._message = opcode, bytearray(payload)
            return PIECE
        if opcode != CONTINUATION:
            raise BadFrame(PROTOCOL_ERROR, "a new message within a message")
        self._message += payload
        if not final:
            return PIECE
        whole, self._message = bytes(self._message), None
        return self._opcode, whole

    def _next_frame(self) -> tuple[bool, int, bytes] | None:
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        first, second = buffer[0], buffer[1]
        size = second & 0x7F
        opcode = _checked_opcode(first, second, size)
        start = 2
        if size >= 126:
            wide = 2 if size == 126 else 8
            start += wide
            if len(buffer) < start:
                return None
            size = int.from_bytes(buffer[2:start], "big")
            if size < (126 if wide == 2 else 1 << 16):
                raise BadFrame(PROTOCOL_ERROR, "a length in more bytes than it takes")
        # A control frame is bounded by itself, and is no part of the message that it comes between.
        if opcode < CLOSE and size + len(self._message or b"") > self._limit:
            raise BadFrame(TOO_BIG, "a message beyond the limit")
        start += 4
        end = start + size
        if len(buffer) < end:
            return None
        payload = unmask(bytes(buffer[start:end]), bytes(buffer[start - 4 : start]))
        del buffer[:end]
        return bool(first & _FIN), opcode, payload


def _checked_opcode(first: int, second: int, size: int) -> int:
    opcode = first & 0x0F
    if first & 0x70:
        raise BadFrame(PROTOCOL_ERROR, "bits of an extension that was not agreed on")
    if opcode not in {CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG}:
        raise BadFrame(PROTOCOL_ERROR, "an unknown opcode")
    if not second & _MASKED:
        raise BadFrame(PROTOCOL_ERROR, "a client's frame without a mask")
    if opcode >= CLOSE and (size > CONTROL_LIMIT or not first & _FIN):
        raise BadFrame(PROTOCOL_ERROR, "a control frame that is too long or in pieces")
    return opcode


_ORDER: Literal["little", "big"] = sys.byteorder


def unmask(data: bytes, mask: bytes) -> bytes:
    """``data`` XOR the repeated four bytes of ``mask``; as one large number, which is the quickest in Python."""
    size = len(data)
    repeated = mask * (size // 4) + mask[: size % 4]
    return (int.from_bytes(data, _ORDER) ^ int.from_bytes(repeated, _ORDER)).to_bytes(size, _ORDER)
