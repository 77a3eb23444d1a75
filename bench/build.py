"""The programs in C, compiled when their sources are newer, and the Node peer's packages."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from bench import BUILD, ROOT
from toolkit import node, parts
from toolkit.common import Trouble

SOURCES = ROOT / "bench" / "load"
PEER = ROOT / "bench" / "peer"
PROGRAMS = {
    "load": ["main.c", "wire.c", "talk.c", "votes.c", "measure.c"],
    "floor": ["floor.c"],
    "transfer": ["transfer.c"],
}


def program(name: str) -> Path:
    """The path of a compiled program. Raises :class:`Trouble` where there is no compiler."""
    made = BUILD / name
    files = [SOURCES / file for file in PROGRAMS[name]]
    newest = max(file.stat().st_mtime for file in [*files, SOURCES / "load.h"])
    if made.exists() and made.stat().st_mtime > newest:
        return made
    cc = parts.compiler()
    if cc is None:
        raise Trouble("The load client is in C, and there is no compiler here: install gcc and libc6-dev.")
    BUILD.mkdir(exist_ok=True)
    # Beside, then into place: two runs may begin at once.
    beside = BUILD / f"{name}.{os.getpid()}"
    done = subprocess.run(
        [cc, "-O2", "-std=gnu11", "-Wall", "-Wextra", "-o", beside, *files], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise Trouble(f"bench/load does not compile:\n{done.stderr}")
    beside.replace(made)
    return made


def peer() -> node.Node:
    """Node, with the peer's packages in place."""
    tools = node.prepare()
    installed = PEER / "node_modules" / ".package-lock.json"
    lock = PEER / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        order = [str(tools.npm), "ci", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
        done = subprocess.run(order, cwd=PEER, env=tools.env(), capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Trouble(f"The packages of bench/peer could not be installed:\n{done.stderr}")
    return tools


def peer_version() -> str:
    tools = node.prepare()
    done = subprocess.run([tools.node, "--version"], capture_output=True, text=True, check=True)
    package = json.loads((PEER / "node_modules" / "socket.io" / "package.json").read_text())
    return f"Node {done.stdout.strip().removeprefix('v')} with socket.io {package['version']}"
