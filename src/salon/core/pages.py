"""The built web page: its files, compressed beforehand, and its one HTML document for every other address."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, Response

from salon.core.refusals import Refused

WEB = Path(__file__).resolve().parent.parent / "web"
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
FOREVER = "public, max-age=31536000, immutable"

MISSING = """<!doctype html><meta charset="utf-8"><title>Salon</title>
<body style="font: 16px/1.5 system-ui; max-width: 34rem; margin: 20vh auto; padding: 0 1rem">
<h1>The page is not built yet</h1><p>The server runs, but its web page is missing.
Run <code>make run</code> in the project's folder: it builds the page and starts the server.</p>"""

router = APIRouter(include_in_schema=False)


@router.api_route("/{path:path}", methods=["GET", "HEAD"])
async def page(path: str, request: Request) -> Response:
    """A built file by its name; for any other address the document, whose own router knows what to show."""
    if path.startswith(("api/", "socket.io/")):
        raise Refused("room_unknown", "There is nothing at this address.")
    file = _file(path)
    if file is not None:
        # Built files carry a hash of their content in their names, except the few at the top.
        cache = FOREVER if path.startswith("assets/") else "no-cache"
        return _served(file, request, cache)
    if path.startswith("assets/"):
        raise Refused("room_unknown", "There is nothing at this address.")
    document = WEB / "index.html"
    if not document.is_file():
        return HTMLResponse(MISSING, 503)
    return _served(document, request, "no-cache")


def _file(path: str) -> Path | None:
    """The built file of this name, if there is one. A name that no file system takes is no file's."""
    try:
        file = (WEB / path).resolve()
        return file if path and file.is_relative_to(WEB) and file.is_file() else None
    except (ValueError, OSError):
        return None


def _served(file: Path, request: Request, cache: str) -> Response:
    headers = {"Cache-Control": cache, "Vary": "Accept-Encoding"}
    media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    accepted = request.headers.get("accept-encoding", "")
    for encoding, suffix in ENCODINGS:
        compressed = file.with_name(file.name + suffix)
        if encoding in accepted and compressed.is_file():
            return FileResponse(compressed, headers={**headers, "Content-Encoding": encoding}, media_type=media_type)
    return FileResponse(file, headers=headers, media_type=media_type)
