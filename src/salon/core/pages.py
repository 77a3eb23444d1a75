"""The built web page: its files, compressed beforehand, and its one HTML document for every other address."""

from __future__ import annotations

import mimetypes
from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, Response

from salon.core.refusals import Refused

WEB = Path(__file__).resolve().parent.parent / "web"
SUFFIXES = {"br": ".br", "gzip": ".gz", "": ""}
"""Of what the build has compressed beforehand, best first."""
FOREVER = "public, max-age=31536000, immutable"

COMPILING = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; base-uri 'none'"
"""The policy of workers that run WebAssembly, whose files say so by ``.wasm.worker``: scripts and files of this server,
and nothing else. The page itself may compile none (decision 0017)."""

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
    encoding = _encoding(request)
    if path.startswith("assets/"):
        body, headers, media_type = _asset(path, encoding)
        return Response(body, headers=headers, media_type=media_type)
    file = _file(path) or WEB / "index.html"
    if not file.is_file():
        return HTMLResponse(MISSING, 503)
    packed, headers = _packed(file, encoding)
    return FileResponse(packed, headers={**headers, "Cache-Control": "no-cache"}, media_type=_media_type(file))


def _file(path: str) -> Path | None:
    """The built file of this name, if there is one. A name that no file system takes is no file's."""
    try:
        file = (WEB / path).resolve()
        return file if path and file.is_relative_to(WEB) and file.is_file() else None
    except (ValueError, OSError):
        return None


@lru_cache(maxsize=2048)
def _asset(path: str, encoding: str) -> tuple[bytes, dict[str, str], str]:
    """A file below ``assets/`` as it is sent. Its name has a hash of its content, so what was read once stays true."""
    file = _file(path)
    if file is None or file.parent != WEB / "assets":
        raise Refused("room_unknown", "There is nothing at this address.")
    packed, headers = _packed(file, encoding)
    if ".wasm.worker-" in file.name:
        headers["Content-Security-Policy"] = COMPILING
    return packed.read_bytes(), {**headers, "Cache-Control": FOREVER}, _media_type(file)


def _packed(file: Path, encoding: str) -> tuple[Path, dict[str, str]]:
    """The file, or the one beside it that was compressed beforehand, and what says so."""
    compressed = file.with_name(file.name + SUFFIXES[encoding])
    if encoding and compressed.is_file():
        return compressed, {"Vary": "Accept-Encoding", "Content-Encoding": encoding}
    return file, {"Vary": "Accept-Encoding"}


def _media_type(file: Path) -> str:
    return mimetypes.guess_type(file.name)[0] or "application/octet-stream"


def _encoding(request: Request) -> str:
    accepted = request.headers.get("accept-encoding", "")
    return next((encoding for encoding in SUFFIXES if encoding and encoding in accepted), "")
