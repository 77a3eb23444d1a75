"""JSON for python-socketio, with the size limit at the one place where a request can still be answered."""

from __future__ import annotations

from typing import Any

import orjson

REQUEST_LIMIT = 64 * 1024
"""Bytes of one request (characters, of which none is less than a byte)."""
TOO_LARGE = "!too_large"
"""The name that an oversized request goes by instead of being parsed."""
MALFORMED = "!malformed"
"""The name that a request goes by which is no JSON, such as one with half a surrogate pair."""


def dumps(value: Any, **_options: Any) -> str:
    return orjson.dumps(value).decode()


def loads(text: str | bytes, **_options: Any) -> Any:
    if len(text) > REQUEST_LIMIT:
        return [TOO_LARGE]
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        if text[:1] in {"[", b"["}:
            return [MALFORMED]
        raise  # no request: the transport tries its own words, such as "probe", as JSON too
