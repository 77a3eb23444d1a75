"""A film as a browser records it: it does not know how long it is, nor do its clusters, and there is no index."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from salon.files import webm_worker as webm

ENDLESS = b"\x01" + b"\xff" * 7
FRAME = bytes(range(100))


def _endless(name: int) -> bytes:
    return name.to_bytes(4, "big") + ENDLESS


def _number(name: int, value: int) -> bytes:
    return webm.element(name, value.to_bytes(2, "big"))


def head() -> bytes:
    tracks = b"".join(
        webm.element(webm.ENTRY, _number(webm.NUMBER, number) + _number(webm.KIND, kind) + webm.element(0x86, codec))
        for number, kind, codec in ((1, 2, b"A_OPUS"), (2, webm.VIDEO, b"V_VP8"))
    )
    return (
        webm.element(webm.EBML, webm.element(0x4282, b"webm"))
        + _endless(webm.SEGMENT)
        + webm.element(webm.INFO, _number(0x2AD7B1, 1000))
        + webm.element(webm.TRACKS, tracks)
    )


def block(track: int, time: int, *, key: bool, content: bytes = FRAME) -> bytes:
    flags = webm.KEY if key else 0
    return webm.element(webm.SIMPLE, bytes([0x80 | track]) + struct.pack(">hB", time, flags) + content)


def clusters(seconds: int) -> Iterator[bytes]:
    """One a second: sound every 20 ms, a picture every 100, the first of them to begin with."""
    for second in range(seconds):
        sounds = [(at, 1, True) for at in range(0, 1000, 20)]
        blocks = sounds + [(at, 2, at == 0) for at in range(0, 1000, 100)]
        yield (
            _endless(webm.CLUSTER)
            + _number(webm.TIME, second * 1000)
            + b"".join(block(track, at, key=key) for at, track, key in sorted(blocks, key=lambda each: each[0]))
        )


def film(seconds: int) -> bytes:
    return head() + b"".join(clusters(seconds))
