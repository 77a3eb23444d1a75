"""What every HTTP route stands on: whose request it is, where it comes from, and how a refusal looks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from salon.core.house import House
from salon.core.refusals import Refused
from salon.core.security import digest, network_of
from salon.core.sessions import COOKIE, DAY_MS

STATUS = {
    "invalid": 422,
    "name_required": 422,
    "name_too_long": 422,
    "too_large": 413,
    "session_required": 401,
    "sign_in_required": 401,
    "proof_required": 401,
    "credentials_wrong": 401,
    "email_taken": 409,
    "already_signed_in": 409,
    "link_expired": 410,
    "took_too_long": 410,
    "code_wrong": 401,
    "second_factor_on": 409,
    "second_factor_off": 409,
    "password_weak": 422,
    "email_invalid": 422,
    "picture_invalid": 422,
    "provider_failed": 502,
    "rate_limited": 429,
    "slow_mode": 429,
    "unavailable": 503,
    "internal": 500,
    "room_closed": 410,
    "plan_over": 409,
    "plans_too_many": 409,
    "invitees_too_many": 422,
    "zone_unknown": 422,
    "time_invalid": 422,
    "mail_limit": 429,
    "push_invalid": 422,
    "room_full": 409,
    "room_password_wrong": 422,
    "file_too_large": 413,
    "room_files_full": 413,
    "server_files_full": 507,
    "disk_full": 507,
    "files_too_many": 409,
    "text_invalid": 422,
    "already_answered": 409,
    "upload_incomplete": 409,
    "upload_over": 410,
    "upload_busy": 423,
    "offset_wrong": 409,
    "checksum_wrong": 460,
    "tus_version_wrong": 412,
    "media_type_wrong": 415,
    "range_wrong": 416,
}
"""By code; what is not named is 404 for ``…_unknown`` and 403 otherwise."""

BODY_LIMIT = 64 * 1024
LARGER_BODIES = {"/api/account/picture": 256 * 1024}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # The address of a room is its key: it must not travel to other sites.
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(self), display-capture=(self), geolocation=()",
    # Styles are set on elements by the interface kit (positions of menus), scripts never are.
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
        "connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
}


def house_of(request: Request) -> House:
    house: House = request.app.state.house
    return house


def bearer_of(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token else None


async def identity_or_none(request: Request) -> str | None:
    """Whose session the request carries: a bearer token, or else the cookie."""
    sessions = house_of(request).sessions
    bearer = bearer_of(request)
    if bearer is not None:
        return await sessions.identify(bearer, bearer=True)
    return await sessions.identify(request.cookies.get(COOKIE), bearer=False)


async def identity(request: Request) -> str:
    found = await identity_or_none(request)
    if found is None:
        raise Refused("session_required")
    return found


def network(request: Request) -> str:
    """The client's network as limits count it. Behind a trusted proxy the server has put the real address here."""
    return network_of(request.client.host if request.client else "")


@dataclass(frozen=True)
class Visit:
    """Whose request it is, by which session."""

    identity: str
    session: str
    """The hash of its token."""
    bearer: bool


async def visit(request: Request) -> Visit:
    """The session that the request carries."""
    found = await identity(request)
    bearer = bearer_of(request)
    return Visit(found, digest(bearer or request.cookies.get(COOKIE, "")), bearer is not None)


def give_cookie(house: House, response: Response, token: str) -> None:
    """Let the browser keep the session's token, where no page's script can read it."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=house.settings.session_days * DAY_MS // 1000,
        httponly=True,
        samesite="lax",
        secure=house.addresses.secure,
    )


HouseOf = Annotated[House, Depends(house_of)]
IdentityOf = Annotated[str, Depends(identity)]
MaybeIdentityOf = Annotated[str | None, Depends(identity_or_none)]
NetworkOf = Annotated[str, Depends(network)]
VisitOf = Annotated[Visit, Depends(visit)]


def refusal_response(refused: Refused) -> Response:
    status = STATUS.get(refused.code) or (404 if refused.code.endswith("_unknown") else 403)
    headers = {"Retry-After": str(int(refused.retry_after) + 1)} if refused.retry_after else None
    return JSONResponse(refused.as_dict(), status, headers)


def prepare(app: FastAPI) -> None:
    """Put refusals, the origin check and the security headers in place."""

    @app.exception_handler(Refused)
    async def refuse(_request: Request, refused: Refused) -> Response:
        return refusal_response(refused)

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, error: RequestValidationError) -> Response:
        first: dict[str, Any] = dict(error.errors()[0])
        where = ".".join(str(part) for part in first["loc"] if part != "body")
        return refusal_response(Refused("invalid", f"{where}: {first['msg']}", field=where or None))

    @app.exception_handler(HTTPException)
    async def other(_request: Request, error: HTTPException) -> Response:
        code = "room_unknown" if error.status_code == 404 else "invalid"
        message = "There is nothing at this address." if error.status_code == 404 else str(error.detail)
        return JSONResponse({"ok": False, "code": code, "message": message}, error.status_code, error.headers)

    @app.exception_handler(Exception)
    async def fault(_request: Request, _error: Exception) -> Response:
        response = refusal_response(Refused("internal"))
        response.headers.update(HEADERS)
        return response

    @app.middleware("http")
    async def guard(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        refused = unwelcome(request) or _unmeasured(request)
        response = refusal_response(refused) if refused is not None else await call_next(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


def unwelcome(request: Request) -> Refused | None:
    """Requests that change something come from this server's pages, or carry a bearer token, or nothing to misuse."""
    if request.method in SAFE_METHODS:
        return None
    origin = request.headers.get("origin")
    if origin is not None and not house_of(request).addresses.allows(origin):
        return Refused("origin_refused")
    if origin is None and bearer_of(request) is None and COOKIE in request.cookies:
        return Refused("origin_refused")
    return None


def _unmeasured(request: Request) -> Refused | None:
    """Bodies are small, and say how long they are."""
    if request.method in SAFE_METHODS:
        return None
    length = request.headers.get("content-length", "")
    if not length.isdigit() and request.headers.get("transfer-encoding"):
        return Refused("invalid", "Say how long the body is, with Content-Length.")
    if length.isdigit() and int(length) > LARGER_BODIES.get(request.url.path, BODY_LIMIT):
        return Refused("too_large")
    return None
