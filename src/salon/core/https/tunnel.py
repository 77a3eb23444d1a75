"""A public address by ngrok, for when phones are not in the same network. Its package is an optional extra."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import os
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from salon.core.https.trouble import Trouble

TOKEN = "NGROK_AUTHTOKEN"  # noqa: S105  the name of the variable, not its value
SECONDS = 30.0


class Tunnel:
    """Open until :meth:`close`. ``url`` is its public address."""

    def __init__(self, listener: Any) -> None:
        self._listener = listener
        self.url = str(listener.url()).rstrip("/")

    async def close(self) -> None:
        closing = self._listener.close()
        if inspect.isawaitable(closing):
            await closing


def find_sdk() -> ModuleType:
    """ngrok's package. Without it or without a token it is said what is missing."""
    try:
        sdk = importlib.import_module("ngrok")
    except ImportError:
        raise Trouble("The tunnel needs ngrok's package: pip install 'salon[tunnel]'") from None
    if not os.environ.get(TOKEN):
        raise Trouble(f"The tunnel needs your ngrok token in the environment: {TOKEN}=…")
    return sdk


async def open_tunnel(sdk: ModuleType, port: int, public_url: str | None) -> Tunnel:
    """From ngrok to this port. With a public URL, at that domain, which must be yours at ngrok."""
    wanted = {"domain": urlsplit(public_url).hostname} if public_url else {}
    token = os.environ.get(TOKEN, "")
    try:
        opening = sdk.forward(f"127.0.0.1:{port}", authtoken=token, **wanted)
        listener = await asyncio.wait_for(opening, SECONDS) if inspect.isawaitable(opening) else opening
    except TimeoutError:
        raise Trouble(f"ngrok did not answer within {SECONDS:.0f} seconds.") from None
    except Exception as error:
        # What ngrok says of a wrong token quotes it.
        said = ": ".join(str(part) for part in error.args) or type(error).__name__
        raise Trouble(f"ngrok opened no tunnel: {said.replace(token, '…')}") from None
    tunnel = Tunnel(listener)
    if not tunnel.url.startswith("https://"):
        await tunnel.close()
        raise Trouble("ngrok gave an address without HTTPS.")
    return tunnel
