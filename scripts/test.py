#!/usr/bin/env python3
"""The web tests, then the Python tests; arguments go to pytest and leave the web tests out."""

from __future__ import annotations

import os
import sys

from toolkit import web
from toolkit.common import ROOT, VENV_PYTHON
from toolkit.steps import Step, run_all

WEB = Step("web tests", [VENV_PYTHON, ROOT / "scripts" / "npm.py", "run", "--silent", "test"])


def pytest(args: list[str]) -> Step:
    # Tests of one group share a slow thing, such as a built wheel, and so stay on one worker.
    return Step("tests", [VENV_PYTHON, "-m", "pytest", "-n", "3", "--dist", "loadgroup", "--durations", "30", *args])


if __name__ == "__main__":
    chosen = sys.argv[1:]
    # Tests start Python many times, and what one process has compiled the others need not compile again: where that is
    # not kept, as images for containers often have it, most of the time of a start goes into it.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # pytest last: its closing line is what a person looks for.
    run_all([WEB, pytest(chosen)] if web.present() and not chosen else [pytest(chosen)])
