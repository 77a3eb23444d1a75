#!/usr/bin/env python3
"""Prepare this folder: Python packages, Node, the built page; with --tests also what tests need.

Everything is compared with what is already there, so a second run does nothing and takes a blink.
"""

from __future__ import annotations

import os
import shutil
import sys

OLDEST = (3, 11)


def _newer_python() -> str | None:
    """A Python that is new enough, for systems whose `python3` is not (macOS brings an old one)."""
    for minor in range(20, OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found:
            return found
    return None


# This file must still be readable by an old Python, so that it can say what is wrong.
if sys.version_info[:2] < OLDEST:
    newer = _newer_python()
    if newer is None:
        sys.exit(
            f"Salon needs Python 3.11 or newer, and {sys.executable} is Python {sys.version.split()[0]}.\n"
            "Install a newer one and name it: make run PYTHON=/path/to/python3"
        )
    os.execv(newer, [newer, *sys.argv])  # noqa: S606 - the same script, no shell


def main() -> None:
    import argparse

    from toolkit import debian, moto, node, parts, python_env, web
    from toolkit.common import Trouble, only_one_at_a_time, say

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--dev", action="store_true", help="what `make check` needs; the page is not built")
    parser.add_argument("--tests", action="store_true", help="also what `make test` needs (a browser, an S3 store)")
    parser.add_argument("--no-web", action="store_true", help="leave Node and the page alone")
    options = parser.parse_args()
    try:
        with only_one_at_a_time():
            python_env.prepare("dev" if options.dev or options.tests else "run")
            if options.tests:
                debian.prepare()
                moto.prepare()
                if parts.chromium() is None:
                    say("no Chromium or Chrome found: tests that need a browser will be skipped")
            if not options.no_web and web.present():
                tools = node.prepare()
                web.install(tools)
                if not options.dev:
                    web.build(tools)
    except Trouble as trouble:
        sys.exit(f"\n{trouble}")


if __name__ == "__main__":
    main()
