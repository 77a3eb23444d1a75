"""docs/add-a-feature.md, performed: its blocks are put into a copy of the repository, and the result is run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```\w+ (?P<add>add to )?(?P<path>[\w./-]+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
COPIED = ["src", "tests", "scripts", "web/src", "docs", "pyproject.toml", "web/package.json"]
COPIED += ["web/tsconfig.json", "web/vite.config.ts", "web/index.html", "web/scripts"]
LEFT_OUT = shutil.ignore_patterns("__pycache__", "assets", "images")

pytestmark = [pytest.mark.xdist_group("wheel"), pytest.mark.timeout(300)]


def copy(target: Path) -> None:
    for name in COPIED:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target / name, ignore=LEFT_OUT)
        else:
            shutil.copy(ROOT / name, target / name)
    (target / "web" / "node_modules").symlink_to(ROOT / "web" / "node_modules")


def add_line(file: Path, block: str) -> None:
    """Put the block's import before the file's first one, and its line at the end of the file's list."""
    first, line = block.rstrip().split("\n")
    text = file.read_text()
    start = re.search(r"^(from salon\b|import )", text, re.MULTILINE)
    assert start is not None
    text = f"{text[: start.start()]}{first}\n{text[start.start() :]}".rstrip()
    before = text[:-1].rstrip()
    comma = "" if before.endswith((",", "[", "(", "{")) else ","
    file.write_text(f"{before}{comma}\n{line}\n{text[-1]}\n")


def perform(target: Path) -> None:
    blocks = list(BLOCK.finditer((ROOT / "docs" / "add-a-feature.md").read_text()))
    assert len(blocks) >= 10
    for block in blocks:
        file = target / block["path"]
        if block["add"]:
            add_line(file, block["text"])
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block["text"])


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("salon")
    copy(target)
    perform(target)
    run(target, sys.executable, "scripts/new_migration.py", "applause")
    run(target, sys.executable, "-m", "salon.core.codegen")
    return target


def run(target: Path, *command: str, folder: str = ".") -> None:
    environment = {**os.environ, "PYTHONPATH": str(target / "src")}
    done = subprocess.run(command, cwd=target / folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_server_side_works(house: Path) -> None:
    run(house, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/applause")


def test_the_server_side_is_typed(house: Path) -> None:
    run(house, sys.executable, "-m", "mypy", "src/salon/applause", "src/salon/features.py")


@pytest.mark.real("node")
def test_the_page_side_works(house: Path, real_part: Callable[[str], str]) -> None:
    node = real_part("node")
    run(house, node, "node_modules/vitest/vitest.mjs", "run", "src/features/applause", folder="web")
    # The new folder, the list of folds, and what these stand on; that all else is typed is seen to by `make check`.
    only = {"extends": "./tsconfig.json", "include": ["src/features/applause", "src/features/folds.ts"]}
    (house / "web" / "tsconfig.applause.json").write_text(json.dumps(only))
    run(house, node, "node_modules/vue-tsc/bin/vue-tsc.js", "--noEmit", "-p", "tsconfig.applause.json", folder="web")
