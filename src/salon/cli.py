"""The ``salon`` command."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import socket
import sys
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import segno
import structlog
import typer
import uvicorn
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp

import salon
from salon.accounts import cli as accounts_cli
from salon.app import make_app
from salon.core.engine.http import PatientHttp
from salon.core.engine.websocket import WebSocketProtocol
from salon.core.house import House
from salon.core.https.front import Front
from salon.core.https.trouble import Trouble
from salon.core.logging import configure
from salon.core.settings import Settings
from salon.core.storage import Storage
from salon.features import FEATURES

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


app.add_typer(accounts_cli.app, name="user")
accounts_cli.connect(lambda: House(Settings(), FEATURES))


@app.callback()
def about() -> None:
    """One room with many activities, on one server that anyone can run."""


@app.command()
def version() -> None:
    """Print the version."""
    print(salon.__version__)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Where the database and files are kept.")] = None,
    public_url: Annotated[str | None, typer.Option(help="The address under which people reach the server.")] = None,
    https: Annotated[
        bool | None, typer.Option("--https", help="HTTPS by a local authority, with a guide for phones to trust it.")
    ] = None,
    guide_port: Annotated[int | None, typer.Option(help="Port of that guide, over plain HTTP.")] = None,
    mdns: Annotated[bool | None, typer.Option(help="Announce the server's .local name to the network.")] = None,
    cert: Annotated[Path | None, typer.Option(help="HTTPS with this certificate: a PEM file with its chain.")] = None,
    key: Annotated[Path | None, typer.Option(help="The private key of that certificate.")] = None,
    tunnel: Annotated[Literal["ngrok"] | None, typer.Option(help="A public address by a tunnel: ngrok.")] = None,
    ready_file: Annotated[Path | None, typer.Option(help="File to write to when connections are accepted.")] = None,
) -> None:
    """Run the server. Every setting is also an environment variable, SALON_…"""
    given = {name: value for name, value in locals().items() if value is not None}
    settings = Settings(**given)
    configure(json_lines=settings.log_json)
    listening = _listen(settings.host, settings.port, "--port")
    plain = _listen(settings.host, settings.guide_port, "--guide-port") if settings.https else None
    front = _front(settings)
    asyncio.run(_prepare(settings))
    house = House(settings, FEATURES, reached=front.reached)
    application = make_app(house, listening.getsockname()[1])
    server = _Server(_config(application, house, front), house, front, plain)
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        # The server takes these over while it runs and raises them again at its end: being asked to stop is no failure.
        signal.signal(signal_number, lambda *_: sys.exit(0))
    server.run(sockets=[listening])
    if server.failed:
        raise typer.Exit(1)


def _front(settings: Settings) -> Front:
    """Certificate, name and tunnel. What is wrong with them is told in a sentence."""
    try:
        front = Front(settings)
        asyncio.run(front.prepare())
    except Trouble as trouble:
        typer.echo(str(trouble), err=True)
        raise typer.Exit(1) from None
    return front


async def _prepare(settings: Settings) -> None:
    """Make the database, or bring it up to date. What is wrong with it is told in a sentence."""
    place = make_url(settings.database()).render_as_string()
    try:
        storage = Storage(settings.database())
        try:
            await storage.open()
        finally:
            await storage.close()
    except (OSError, SQLAlchemyError) as error:
        reason = getattr(error, "orig", None) or error
        typer.echo(f"The database cannot be used: {reason}\nIt is {place}", err=True)
        raise typer.Exit(1) from None


def _config(application: ASGIApp, house: House, front: Front | None = None) -> uvicorn.Config:
    context = front.context if front is not None else None
    proxies = front.proxies if front is not None else house.settings.trusted_proxies
    return uvicorn.Config(
        application,
        http=PatientHttp,
        ws=partial(WebSocketProtocol, house.edge.engine),  # type: ignore[arg-type]
        log_level="warning",
        access_log=False,
        # Addresses of rooms are keys, and no proxy is believed that was not named.
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        ssl_context_factory=(lambda *_: context) if context is not None else None,
        timeout_graceful_shutdown=5,
        server_header=False,
    )


class _Server(uvicorn.Server):
    """Says when it is ready: on the terminal, with a QR code, and in the ready file."""

    def __init__(self, config: uvicorn.Config, house: House, front: Front, plain: socket.socket | None) -> None:
        super().__init__(config)
        self._house, self._front, self._plain = house, front, plain
        self.failed = False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.should_exit or not sockets:
            return
        _settle_memory()
        port = sockets[0].getsockname()[1]
        try:
            await self._front.start(self._house.addresses, port, self._plain)
        except Trouble as trouble:
            typer.echo(str(trouble), err=True)
            self.failed = self.should_exit = True
            return
        url = self._house.addresses.public_url
        if sys.stdout.isatty() or os.environ.get("SALON_QR"):
            _announce(url, port, self._front)
        structlog.get_logger("salon").info("ready", url=url, port=port, version=salon.__version__)
        if self._house.settings.ready_file is not None:
            _write_ready_file(self._house.settings.ready_file, port, self._front)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._front.stop()
        await self._house.farewell()
        await super().shutdown(sockets)


def _settle_memory() -> None:
    """What is loaded by now stays: looking through it for garbage took a third of the time under load."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def _listen(host: str, port: int, option: str) -> socket.socket:
    """Bind before anything else: a port that is taken is told at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        typer.echo(
            f"Cannot listen on {host} port {port}: {error.strerror}. "
            f"Choose another with {option}, or stop what uses it.",
            err=True,
        )
        raise typer.Exit(1) from None
    return listening


def _announce(url: str, port: int, front: Front) -> None:
    guide = front.guide_url()
    print(f"\n  Salon is open at  {url}\n  (on this machine also {front.reached.scheme}://localhost:{port})\n")
    segno.make_qr(guide or url, error="m").terminal(compact=True)
    if guide is not None and front.authority is not None:
        print(f"\n  Phones scan this. It leads them to {guide}, which they follow once, and then to Salon.")
        print(f"  Its fingerprint there must be (SHA-256):\n  {front.authority.fingerprint.replace(':', ' ')}")
    else:
        print("\n  Scan to open it on a phone in the same network.")
    print("  Ctrl-C stops the server.\n", flush=True)


def _write_ready_file(path: Path, port: int, front: Front) -> None:
    """In one step, so that whoever waits for it never reads half of it."""
    content = {"url": f"{front.reached.scheme}://127.0.0.1:{port}", "port": port, "pid": os.getpid()}
    if (guide := front.guide_url()) is not None:
        content["guide"] = guide
    temporary = path.with_name(path.name + ".new")
    temporary.write_text(json.dumps(content))
    temporary.replace(path)


def main() -> None:
    app()


if __name__ == "__main__":
    main()
