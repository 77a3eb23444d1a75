"""What a phone's share sheet gives to the installed page belongs to the page's service worker, never to the server.

Where the worker is not there (the browser has thrown it away, or not set it up yet), the request comes here: it is read
to its end, nothing of it is kept, and the answer leads to the page, which sets the worker up and says what to do next.
"""

from __future__ import annotations

import asyncio

from starlette.types import Receive, Scope, Send

from salon.core.http import HEADERS

PATH = "/share/files"
NEXT = "/share?again"
PATIENCE = 60.0
"""Seconds: browsers that are still sending when the answer comes show an error in its place."""


async def share(scope: Scope, receive: Receive, send: Send) -> None:
    status, location = (303, NEXT) if scope["path"] == PATH else (404, None)
    # A stalled body is given up by the timeout, and the connection with it.
    drained = False
    try:
        async with asyncio.timeout(PATIENCE):
            drained = await _read_past(receive)
    except TimeoutError:
        pass
    headers = {**HEADERS, "Cache-Control": "no-store", "Content-Length": "0"}
    if location is not None:
        headers["Location"] = location
    if not drained:
        headers["Connection"] = "close"
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": b""})


async def _read_past(receive: Receive) -> bool:
    """Tells whether the body came to its end."""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return False
        if not message.get("more_body", False):
            return True
