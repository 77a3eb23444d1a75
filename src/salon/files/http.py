"""The routes of files. They take bodies and give answers of any size, so they stand beside the other routes, and do
themselves what those share: whose request it is, where it comes from, how a refusal looks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import Message, Receive, Scope, Send

from salon.core.http import HEADERS, refusal_response, unwelcome
from salon.core.refusals import Refused
from salon.files import fetching, tus, tus_words

PREFIX = "/api/files/"
METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS"})

logger = structlog.get_logger("salon.files")

Endpoint = Callable[[Request], Awaitable[Response]]


def _by_method(**endpoints: Endpoint) -> Endpoint:
    async def choose(request: Request) -> Response:
        endpoint = endpoints.get(request.method)
        if endpoint is None:
            raise HTTPException(405, headers={"Allow": ", ".join(sorted(endpoints))})
        return await endpoint(request)

    return choose


def _route(path: str, **endpoints: Endpoint) -> Route:
    return Route(PREFIX + path, _by_method(**endpoints), methods=sorted(METHODS))


_router = Router(
    [
        _route("{link}/uploads", OPTIONS=tus.options, POST=tus.create),
        _route("{link}/uploads/{file}", OPTIONS=tus.options, HEAD=tus.look, PATCH=tus.send_on, DELETE=tus.give_up),
        _route("{link}/archive.zip", GET=fetching.archive, HEAD=fetching.archive),
        _route("{link}/everything.zip", GET=fetching.everything, HEAD=fetching.everything),
        _route("{link}/{file}", GET=fetching.download, HEAD=fetching.download),
        _route("{link}/{file}/preview", GET=fetching.preview, HEAD=fetching.preview),
        _route("{link}/{file}/thumbnail", GET=fetching.thumbnail, HEAD=fetching.thumbnail),
    ]
)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """All requests below :data:`PREFIX`."""
    begun = False

    async def noting(message: Message) -> None:
        nonlocal begun
        if message["type"] == "http.response.start":
            begun = True
            known = {name.lower() for name, _ in message["headers"]}
            message["headers"] = [
                *message["headers"],
                *((name.encode(), value.encode()) for name, value in _HEADERS.items() if name.encode() not in known),
            ]
        await send(message)

    scope = _as_meant(scope)
    try:
        refused = unwelcome(Request(scope))
        if refused is not None:
            raise refused
        await _router(scope, receive, noting)
    except Exception as error:
        if begun:
            raise
        await _refusal(error, scope)(scope, receive, noting)


_HEADERS = {name.lower(): value for name, value in HEADERS.items()}


def _as_meant(scope: Scope) -> Scope:
    """Clients behind something that knows only GET and POST say in a header what they mean."""
    for name, value in scope["headers"]:
        if name == b"x-http-method-override" and scope["method"] == "POST":
            meant = value.decode("latin-1").upper()
            if meant in METHODS - {"GET", "HEAD", "OPTIONS"} or meant == "HEAD":
                return {**scope, "method": meant}
    return scope


def _refusal(error: Exception, scope: Scope) -> Response:
    if isinstance(error, HTTPException):
        if error.status_code == 404:
            response = refusal_response(Refused("file_unknown", "There is nothing at this address."))
        else:
            response = refusal_response(Refused("invalid", str(error.detail)))
            response.status_code = error.status_code
            response.headers.update(error.headers or {})
    elif isinstance(error, Refused):
        response = refusal_response(error)
    else:
        logger.error("a request for files failed", exc_info=error)
        response = refusal_response(Refused("internal"))
    if "/uploads" in scope["path"]:
        response.headers["Tus-Resumable"] = tus_words.VERSION
        if isinstance(error, Refused) and error.code == "tus_version_wrong":
            response.headers["Tus-Version"] = tus_words.VERSION
    response.headers["Cache-Control"] = "no-store"
    return response
