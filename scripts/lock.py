#!/usr/bin/env python3
"""Write the lock files anew: requirements/*.txt with hashes for every system, and web/package-lock.json.

What is locked already stays as it is while it fits; --upgrade takes the newest of everything.
"""

from __future__ import annotations

import argparse
import sys

from toolkit import node, web
from toolkit.common import REQUIREMENTS, ROOT, Trouble, run
from toolkit.python_env import UV

# No header, no notes: the file is the same whoever writes it, and from whichever index.
SHAPE = "--universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--upgrade", action="store_true")
    upgrade = ["--upgrade"] if parser.parse_args().upgrade else []
    project = ROOT / "pyproject.toml"
    try:
        _compile("build.txt", REQUIREMENTS / "build.in", *upgrade)
        _compile("node.txt", REQUIREMENTS / "node.in", *upgrade)
        _compile("moto.txt", REQUIREMENTS / "moto.in", *upgrade)
        _compile("dev.txt", project, "--extra", "dev", *upgrade)
        # A server runs the very versions that the tests ran.
        _compile("run.txt", project, "--constraint", REQUIREMENTS / "dev.txt", *upgrade)
        if web.present():
            _lock_web(upgrade=bool(upgrade))
    except Trouble as trouble:
        sys.exit(str(trouble))


def _compile(target: str, source: object, *more: object) -> None:
    options = [*SHAPE.split(), *(str(part) for part in more)]
    if not run([UV, "pip", "compile", "--quiet", *options, "--output-file", REQUIREMENTS / target, str(source)]):
        raise Trouble(f"requirements/{target} could not be written; the lines above say why.")


def _lock_web(*, upgrade: bool) -> None:
    tools = node.prepare()
    verb = "update" if upgrade else "install"
    order = [str(tools.npm), verb, "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"]
    if not run(order, cwd=web.WEB, env=tools.env()):
        raise Trouble("web/package-lock.json could not be written; the lines above say why.")


if __name__ == "__main__":
    main()
