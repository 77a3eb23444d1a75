"""What plain HTTP serves when the server has HTTPS: the way to trusting its authority, and the way over.

Nothing else: no room, no session, no file. Where it leads never depends on what a request calls this server.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from string import Template
from typing import Literal

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from salon.core.https.authority import Authority
from salon.core.https.profile import profile_of

System = Literal["ios", "android", "mac", "windows", "linux"]
SYSTEMS: dict[str, str] = {
    "ios": "iPhone, iPad",
    "android": "Android",
    "mac": "Mac",
    "windows": "Windows",
    "linux": "Linux",
}
PLACE = re.compile(r"(?:/[A-Za-z0-9_~.-]+)+/?")
"""Paths that are taken over to HTTPS; all of Salon's own are like this."""
FILES = {
    "/salon.crt": "application/x-x509-ca-cert",
    "/salon.mobileconfig": "application/x-apple-aspen-config",
}
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Vary": "User-Agent, Accept",
}


def system_of(agent: str) -> System:
    """What a browser says it runs on. iPads say that they are Macs; the page itself tells them apart."""
    if re.search(r"iPhone|iPad|iPod", agent):
        return "ios"
    if "Android" in agent:
        return "android"
    if "Macintosh" in agent:
        return "mac"
    return "windows" if "Windows" in agent else "linux"


@dataclass
class Guide:
    """An ASGI application. ``origins`` are the server's HTTPS addresses, the best one first; they may change."""

    authority: Authority
    origins: list[str]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        response = self.answer(Request(scope))
        response.headers.update({name: value for name, value in HEADERS.items() if name not in response.headers})
        await response(scope, receive, send)

    def answer(self, request: Request) -> Response:
        if request.method not in {"GET", "HEAD"}:
            # Whatever it was, it came unprotected: it is not carried on.
            return PlainTextResponse(f"Use {self.origins[0]}\n", 405, {"Allow": "GET, HEAD"})
        path = request.scope["path"]
        if path in FILES:
            return self._file(path)
        place = path if PLACE.fullmatch(path) else "/"
        if "text/html" in request.headers.get("accept", ""):
            return self._page(request, place)
        return RedirectResponse(self.origins[0] + place, 307)

    def _file(self, path: str) -> Response:
        content = profile_of(self.authority) if path.endswith("config") else self.authority.der
        name = f'attachment; filename="{path[1:]}"'
        return Response(content, headers={"Content-Disposition": name}, media_type=FILES[path])

    def _page(self, request: Request, place: str) -> Response:
        asked = request.query_params.get("system", "")
        system = asked if asked in SYSTEMS else system_of(request.headers.get("user-agent", ""))
        nonce = secrets.token_urlsafe(16)
        about = {"origins": self.origins, "place": place, "chosen": bool(asked), "system": system}
        html = _template("guide.html").substitute(
            nonce=nonce,
            style=_text("guide.css"),
            script=_text("guide.js"),
            # Inside a script element only these could end it.
            about=orjson.dumps(about).decode().replace("<", "\\u003c"),
            host=escape(self.origins[0].removeprefix("https://")),
            target=escape(self.origins[0] + place),
            tabs=_tabs(system, place),
            steps=_template(f"steps-{system}.html").substitute(name=escape(self.authority.name)),
            name=escape(self.authority.name),
            fingerprint=escape(self.authority.fingerprint.replace(":", " ")),
            until=f"{self.authority.ends:%Y}",
        )
        policy = (
            f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; "
            f"img-src data: {' '.join(self.origins)}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        return HTMLResponse(html, headers={"Content-Security-Policy": policy})


def _tabs(system: str, place: str) -> str:
    links = []
    for name, title in SYSTEMS.items():
        current = ' aria-current="page"' if name == system else ""
        links.append(f'<a href="{escape(place)}?system={name}"{current}>{title}</a>')
    return "\n".join(links)


def _text(name: str) -> str:
    return files("salon.core.https").joinpath("pages", name).read_text("utf-8")


def _template(name: str) -> Template:
    return Template(_text(name))
