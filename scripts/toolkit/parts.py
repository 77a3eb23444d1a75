"""Where the parts are that Salon's tests use besides its packages: a browser, Node, databases, a compiler, a store."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from . import moto
from . import node as node_tools
from .ordinary import ordinary


def chromium() -> str | None:
    """A browser without a window. Debian's small one has half the work of starting and drawing."""
    small = _first(os.environ.get("SALON_CHROMIUM"), shutil.which("chromium-headless-shell"))
    return _ordinary(small) or whole_chromium()


def whole_chromium() -> str | None:
    """One that also has what belongs to a window, as notifications."""
    return _ordinary(
        _first(
            os.environ.get("SALON_CHROMIUM"),
            shutil.which("chromium"),
            shutil.which("chromium-browser"),
            shutil.which("google-chrome"),
            "/Applications/Chromium.app/Contents/MacOS/Chromium",
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        )
    )


def firefox() -> str | None:
    """Firefox, which brings its own way of being driven: WebDriver BiDi."""
    return _ordinary(
        _first(
            os.environ.get("SALON_FIREFOX"),
            shutil.which("firefox-esr"),
            shutil.which("firefox"),
            "/Applications/Firefox.app/Contents/MacOS/firefox",
        )
    )


def loudspeakers() -> str | None:
    """PulseAudio, for loudspeakers on a machine that has none, with what listens to them beside it."""
    program = shutil.which("pulseaudio")
    return program if program and Path(program).with_name("parec").exists() else None


def certutil() -> str | None:
    """What puts an authority on the list of those that Chromium trusts."""
    return shutil.which("certutil")


def node() -> str | None:
    found = node_tools.find()
    return str(found.node) if found else None


def postgres() -> str | None:
    """The folder that holds `initdb` and `postgres`; Debian keeps it off the PATH."""
    folders = [Path(name).parent for name in [shutil.which("initdb")] if name]
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    folders += sorted(Path("/opt/homebrew/opt").glob("postgresql*/bin"), reverse=True)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return str(folder)
    return None


def compiler() -> str | None:
    """A C compiler: the load client of the benchmarks is in C."""
    return next((found for name in ("cc", "gcc", "clang") if (found := shutil.which(name))), None)


def ffmpeg() -> str | None:
    """What looks into recordings, with `ffprobe` beside it."""
    program = shutil.which("ffmpeg")
    return program if program and Path(program).with_name("ffprobe").exists() else None


def redis() -> str | None:
    return shutil.which("redis-server") or shutil.which("valkey-server")


def coturn() -> str | None:
    """The relay of calls."""
    return shutil.which("turnserver")


def nginx() -> str | None:
    """A web server, in front of Salon and beside it. Debian keeps it off the PATH of those who are not root."""
    return _first(shutil.which("nginx"), "/usr/sbin/nginx", "/opt/homebrew/bin/nginx")


def networks() -> str | None:
    """What makes networks on this machine, where that is allowed."""
    ip, nft = shutil.which("ip"), shutil.which("nft")
    return ip if ip and nft and os.geteuid() == 0 else None


def s3() -> str | None:
    """The folder of an S3-compatible store, to be run as :mod:`toolkit.moto` says."""
    return moto.find()


def _first(*places: str | None) -> str | None:
    return next((place for place in places if place and os.access(place, os.X_OK)), None)


def _ordinary(program: str | None) -> str | None:
    return program and ordinary(program)


FINDERS: dict[str, Callable[[], str | None]] = {
    "chromium": chromium,
    "certutil": certutil,
    "whole-chromium": whole_chromium,
    "firefox": firefox,
    "loudspeakers": loudspeakers,
    "node": node,
    "postgres": postgres,
    "ffmpeg": ffmpeg,
    "redis": redis,
    "compiler": compiler,
    "coturn": coturn,
    "nginx": nginx,
    "networks": networks,
    "s3": s3,
}
