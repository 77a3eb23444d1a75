#!/usr/bin/env python3
"""Run npm in web/ with the Node that this folder uses: `scripts/npm.py run check`."""

from __future__ import annotations

import os
import sys

from toolkit import node
from toolkit.web import WEB


def main() -> None:
    tools = node.find()
    if tools is None:
        sys.exit("There is no Node here yet: run `make run` or `python3 scripts/bootstrap.py` first.")
    os.chdir(WEB)
    os.execve(tools.npm, [str(tools.npm), *sys.argv[1:]], tools.env())  # noqa: S606 - no shell wanted


if __name__ == "__main__":
    main()
