"""Settings → storage → features → HTTP and Socket.IO: one ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI, Response
from starlette.types import ASGIApp, Receive, Scope, Send

import salon
from salon.core import pages
from salon.core.contract import Model
from salon.core.engine.polling import PollingApp
from salon.core.house import House
from salon.core.http import HouseOf, prepare
from salon.core.settings import Settings
from salon.features import FEATURES

PICTURE = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002014401003b")
"""The smallest there is, of one clear pixel."""


class Health(Model):
    ok: bool
    version: str


class Trusting(Model):
    guide: str | None
    """Where phones are led through trusting this server, when its certificate is by an authority of its own."""


routes = APIRouter()


@routes.get("/api/health", tags=["server"])
async def health() -> Health:
    """Whether the server answers."""
    return Health(ok=True, version=salon.__version__)


@routes.get("/api/trusting", tags=["server"])
async def trusting(house: HouseOf) -> Trusting:
    """What a phone needs before it trusts this server. Behind ``#``, a room's path leads on to the room."""
    return Trusting(guide=house.addresses.guide)


@routes.get("/api/secure.gif", include_in_schema=False)
async def secure() -> Response:
    """Comes only to browsers that trust the server's certificate: so the guide over plain HTTP can tell."""
    return Response(PICTURE, media_type="image/gif", headers={"Cache-Control": "no-store"})


class Mounted:
    """Requests below these paths go to the features' own applications, past everything that other routes share."""

    def __init__(self, app: ASGIApp, mounted: Mapping[str, ASGIApp]) -> None:
        self._app = app
        self._mounted = tuple(mounted.items())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._app
        if scope["type"] == "http":
            app = next((own for path, own in self._mounted if scope["path"].startswith(path)), app)
        await app(scope, receive, send)


def http_app(house: House | None = None) -> FastAPI:
    """The HTTP side. The house is started and stopped with it."""
    house = house or House(Settings(), FEATURES)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await house.start(getattr(app.state, "port", None))
        yield
        await house.stop()

    app = FastAPI(
        title="Salon",
        version=salon.__version__,
        lifespan=lifespan,
        # Its pages would load scripts from elsewhere; the document itself is in docs/openapi.json.
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    app.state.house = house
    prepare(app)
    app.add_middleware(Mounted, mounted=dict(each.mounted for each in FEATURES if each.mounted is not None))

    # As they are: to include a router is to build its routes once more, which takes a quarter of a second for all.
    for router in (routes, *(feature.router for feature in FEATURES if feature.router is not None), pages.router):
        app.router.routes.extend(router.routes)
    return app


def make_app(house: House, port: int | None = None) -> ASGIApp:
    """The whole application: long-polling at ``/socket.io``, everything else by FastAPI.

    WebSockets do not come by here: the server hands their connections to the engine (``salon.core.engine.websocket``).
    ``port`` is the one really listened on, when the settings leave it open.
    """
    app = http_app(house)
    app.state.port = port
    polling = PollingApp(house.edge.engine)

    async def either(scope: Scope, receive: Receive, send: Send) -> None:
        polls = scope["type"] == "http" and scope["path"] in {"/socket.io", "/socket.io/"}
        await (polling if polls else app)(scope, receive, send)

    return either
