"""Taking files away: wholly or a range, as themselves or as previews; several as one archive."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime

from salon.core.refusals import Refused
from salon.files.names import disposition
from salon.files.tables import File

SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""For what people brought: should a browser take it for a document after all, it may do nothing."""
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@dataclass(frozen=True)
class Span:
    """The bytes that are to be sent."""

    start: int
    end: int
    partial: bool

    @property
    def size(self) -> int:
        return self.end - self.start


def etag_of(file: File) -> str:
    """Strong: the same content has the same."""
    return f'"{(file.sha256 or file.id)[:40]}"'


def is_known(etag: str, given: str | None) -> bool:
    """Whether ``If-None-Match`` names it."""
    if given is None:
        return False
    tags = [each.strip().removeprefix("W/") for each in given.split(",")]
    return "*" in tags or etag in tags


def span_of(size: int, wanted: str | None, condition: str | None, etag: str, modified: int) -> Span:
    """Which part ``Range`` asks for. Several at once, and what is no range, is answered with all; ``If-Range`` with
    another content too. Raises when it lies behind the end."""
    whole = Span(0, size, partial=False)
    if wanted is None or (condition is not None and not _matches(condition.strip(), etag, modified)):
        return whole
    found = _RANGE.fullmatch(wanted.replace(" ", ""))
    if found is None or found.groups() == ("", ""):
        return whole
    first, last = found.groups()
    if first == "":
        if int(last) == 0 or size == 0:
            raise Refused("range_wrong")
        return Span(max(0, size - int(last)), size, partial=True)
    start, end = int(first), min(size, int(last) + 1 if last else size)
    if last and int(last) < start:
        return whole
    if start >= size:
        raise Refused("range_wrong")
    return Span(start, end, partial=True)


def _matches(condition: str, etag: str, modified: int) -> bool:
    if condition.startswith(('"', "W/")):
        return condition == etag
    try:
        return int(parsedate_to_datetime(condition).timestamp()) == modified // 1000
    except (ValueError, TypeError, OverflowError):
        return False


def headers_of(file: File, span: Span, *, shown: bool) -> dict[str, str]:
    """``shown``: for looking at within a page; otherwise it is an attachment, without a type."""
    headers = {
        "Content-Type": _shown_type(file) if shown else "application/octet-stream",
        "Content-Disposition": disposition(file.name, inline=shown),
        "Content-Length": str(span.size),
        "Accept-Ranges": "bytes",
        "ETag": etag_of(file),
        "Last-Modified": formatdate((file.done_at or 0) / 1000, usegmt=True),
        # It may be kept, but whether one is still in the room is asked each time.
        "Cache-Control": "private, no-cache",
        "Content-Security-Policy": SANDBOX,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Frame-Options": "DENY",
        "X-Download-Options": "noopen",
    }
    if file.sha256 is not None and not span.partial:
        headers["Repr-Digest"] = f"sha-256=:{_base64(file.sha256)}:"
    if span.partial:
        headers["Content-Range"] = f"bytes {span.start}-{span.end - 1}/{file.size}"
    return headers


def _shown_type(file: File) -> str:
    return "text/plain; charset=utf-8" if file.kind == "text" else file.type


def _base64(hexadecimal: str) -> str:
    return base64.b64encode(bytes.fromhex(hexadecimal)).decode()


def text_pieces(text: bytes, start: int, end: int) -> Iterator[bytes]:
    yield text[start:end]
