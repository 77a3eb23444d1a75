"""What a file is, by its content alone: its name, and what the sender says, prove nothing.

A list of what browsers show, each by a signature that nothing else begins with. What is not on it is
``application/octet-stream``, and only ever downloaded. Documents that can carry scripts (HTML, SVG, XML) are text here:
they are shown as their source. A file that is two things at once is shown as what it is taken for here, and as nothing
else: its type is sent with ``nosniff``.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["image", "audio", "video", "pdf", "text", "other"]
HEAD = 64 * 1024
"""Bytes from the beginning that are looked at."""


@dataclass(frozen=True)
class Proof:
    kind: Kind
    type: str


OTHER = Proof("other", "application/octet-stream")
TEXT = Proof("text", "text/plain")

_KNOWN: tuple[tuple[bytes, Kind, str], ...] = (
    (rb"\x89PNG\r\n\x1a\n", "image", "image/png"),
    (rb"\xff\xd8\xff[\xc0-\xfe]", "image", "image/jpeg"),
    (rb"GIF8[79]a", "image", "image/gif"),
    (rb"RIFF....WEBPVP8[ LX]", "image", "image/webp"),
    (rb"%PDF-[12]\.[0-9]", "pdf", "application/pdf"),
    (rb"ID3[\x02-\x04].[\x00-\xff]", "audio", "audio/mpeg"),
    (rb"\xff[\xfb\xfa\xf3\xf2\xe3\xe2][\x10-\xeb]", "audio", "audio/mpeg"),
    (rb"\xff[\xf1\xf9][\x40-\xbf]", "audio", "audio/aac"),
    (rb"fLaC\x00\x00\x00\x22", "audio", "audio/flac"),
    (rb"OggS\x00\x02.{8}.{4}.{4}.{4}.{1,2}(\x01vorbis|OpusHead|\x7fFLAC|Speex )", "audio", "audio/ogg"),
    (rb"OggS\x00\x02.{8}.{4}.{4}.{4}.{1,2}\x80theora", "video", "video/ogg"),
    (rb"RIFF....WAVE", "audio", "audio/wav"),
    (rb"....ftypM4[AB] ", "audio", "audio/mp4"),
    (rb"....ftyp(isom|iso[2-9]|mp4[12]|avc1|M4V |dash|MSNV|mmp4|3gp[4-9]|qt  )", "video", "video/mp4"),
    (rb"\x1a\x45\xdf\xa3.{0,64}?\x42\x82.{1,8}?webm", "video", "video/webm"),
)
_SIGNATURES = tuple((re.compile(each, re.DOTALL), Proof(kind, name)) for each, kind, name in _KNOWN)
_NOT_IN_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")


def prove(head: bytes, *, whole: bool) -> Proof:
    """What begins like this. ``whole``: this is all of it."""
    for pattern, proof in _SIGNATURES:
        if pattern.match(head):
            return proof
    return TEXT if _is_text(head, whole=whole) else OTHER


def _is_text(head: bytes, *, whole: bool) -> bool:
    if not head or _NOT_IN_TEXT.search(head):
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=whole)
    except UnicodeDecodeError:
        return False
    return True
