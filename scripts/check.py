#!/usr/bin/env python3
"""All checks that run no test: format, lint, types on both sides, the generated contract, the tree itself."""

from __future__ import annotations

from toolkit import web
from toolkit.common import ROOT, VENV_PYTHON
from toolkit.steps import Step, run_all

PYTHON = VENV_PYTHON
STEPS = [
    Step("format", [PYTHON, "-m", "ruff", "format", "--check", "--quiet", "--diff", "."]),
    Step("lint", [PYTHON, "-m", "ruff", "check", "--quiet", "."]),
    Step("types", [PYTHON, "-m", "mypy"]),
    Step("contract is up to date", [PYTHON, "-m", "salon.core.codegen", "--check"]),
    Step("tree", [PYTHON, ROOT / "scripts" / "check_tree.py"]),
]
WEB = Step("web: lint, format, types", [PYTHON, ROOT / "scripts" / "npm.py", "run", "--silent", "check"])

if __name__ == "__main__":
    run_all([*STEPS, WEB] if web.present() else STEPS)
