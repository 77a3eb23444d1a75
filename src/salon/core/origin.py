"""Which page a Socket.IO request comes from, known where the client's CONNECT is handled.

A browser names the origin in websocket handshakes and in POST requests, but not in the GET requests of long-polling
to its own server. The environment that python-socketio keeps is the one of the first request, so that a polling
client would have no origin. Its CONNECT comes by POST, though, and is handled within that request: a context
variable carries the origin of just the request that brought it.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from starlette.datastructures import Headers

_origin: ContextVar[str | None] = ContextVar("origin", default=None)


def current_origin() -> str | None:
    """The Origin header of the request (or websocket) that is being handled."""
    return _origin.get()


class NotesOrigin:
    """ASGI wrapper that notes the origin of each request to the application within."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] in {"http", "websocket"}:
            _origin.set(Headers(scope=scope).get("origin"))
        await self._app(scope, receive, send)
