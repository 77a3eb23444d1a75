"""The web page: its packages, its build into src/salon/web, and running its scripts."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .common import ROOT, Trouble, digest, drop_stamp, run, say, set_stamp, stamp
from .node import Node

WEB = ROOT / "web"
LOCK = WEB / "package-lock.json"
INSTALLED = WEB / "node_modules" / ".package-lock.json"
PAGE = ROOT / "src" / "salon" / "web" / "index.html"
NOT_SOURCES = {"node_modules", "dist", "coverage", ".vite"}


def present() -> bool:
    return LOCK.exists()


def install(tools: Node) -> None:
    """`npm ci`, unless what is installed is what the lock says."""
    wanted = digest([LOCK], sys.platform, platform.machine())
    if INSTALLED.exists() and stamp("web-packages") == wanted:
        return
    if not (INSTALLED.exists() and _same_packages()):
        say("installing the page's packages (npm ci)")
        drop_stamp("web-packages")
        order = [str(tools.npm), "ci", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
        if not run(order, cwd=WEB, env=tools.env(), quiet=True):
            raise Trouble("The page's packages could not be installed; the lines above say why.")
    set_stamp("web-packages", wanted)


def _same_packages() -> bool:
    """Whether somebody's own `npm install` left just what the lock names; then nothing is reinstalled."""
    locked = _packages(LOCK)
    installed = _packages(INSTALLED)
    if any(name not in locked for name in installed):
        return False
    for name, entry in locked.items():
        here = installed.get(name)
        if here is None and not (entry.get("optional") or entry.get("devOptional")):
            return False
        if here is not None and here.get("integrity") != entry.get("integrity"):
            return False
    return bool(installed)


def _packages(lock: Path) -> dict[str, dict[str, Any]]:
    try:
        packages: dict[str, dict[str, Any]] = json.loads(lock.read_text())["packages"]
    except (OSError, ValueError, KeyError):
        return {}
    return {name: entry for name, entry in packages.items() if name}


def build(tools: Node) -> None:
    """Build the page, unless it was built from these very sources."""
    sources = digest(_sources())
    if PAGE.exists() and stamp("web-page") == digest([PAGE], sources):
        return
    say("building the page")
    drop_stamp("web-page")
    order = [str(tools.npm), "run", "--silent", "build"]
    if not run(order, cwd=WEB, env=tools.env(), quiet=True) or not PAGE.exists():
        raise Trouble("The page could not be built; the lines above say why.")
    set_stamp("web-page", digest([PAGE], sources))


def _sources() -> Iterator[Path]:
    for folder, folders, names in os.walk(WEB):
        folders[:] = [name for name in folders if name not in NOT_SOURCES]
        for name in names:
            if not name.endswith((".test.ts", ".tsbuildinfo", ".md")):
                yield Path(folder, name)
