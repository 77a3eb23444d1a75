"""`make check` looks over the tree: what must never be committed is found, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "check_tree.py"

# Put together here, because this file is looked over too.
REGISTRY_LINES = [
    "index = 'https://" + "pypi." + "org/simple'",
    "https://files." + "pythonhosted." + "org/packages/a.whl",
    "registry=https://" + "registry." + "npmjs.org/",
    '      "res' + 'olved": "https://mirror.example/vue.tgz",',
    "--" + "index-url https://mirror.example/simple",
    "deb http://" + "deb." + "debian.org/debian bookworm main",
]
MACHINE_LINES = [
    "see /" + "work/notes",
    "open('/" + "root/.cache/x')",
    "/" + "home/ada/salon",
    "/" + "Users/ada/salon",
]
HARMLESS_LINES = [
    "https://example.org/work/",
    "docs/work/plan",
    "/api/rooms/home",
    "the registry of features",
    "frame/work/",
    "--index-urls",
    "pypi",
]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    return tmp_path


def look(tree: Path) -> subprocess.CompletedProcess[str]:
    order = [sys.executable, str(SCRIPT), "--root", str(tree)]
    return subprocess.run(order, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("line", REGISTRY_LINES)
def test_a_registry_address_is_found_with_its_line(tree: Path, line: str) -> None:
    (tree / "setup.txt").write_text(f"first\n{line}\n")
    done = look(tree)
    assert done.returncode == 1
    assert done.stdout.startswith("setup.txt:2: names a package registry")


@pytest.mark.parametrize("line", MACHINE_LINES)
def test_a_path_of_one_machine_is_found(tree: Path, line: str) -> None:
    (tree / "notes.md").write_text(line)
    done = look(tree)
    assert done.returncode == 1
    assert done.stdout.startswith("notes.md:1: a path of one machine")


@pytest.mark.parametrize("line", HARMLESS_LINES)
def test_what_only_looks_alike_passes(tree: Path, line: str) -> None:
    (tree / "notes.md").write_text(line)
    assert look(tree).returncode == 0, look(tree).stdout


def test_a_long_file_is_found_unless_it_is_generated_or_no_code(tree: Path) -> None:
    (tree / "src").mkdir()
    (tree / "src" / "long.py").write_text("x = 1\n" * 350)
    (tree / "src" / "short.py").write_text("x = 1\n" * 349)
    (tree / "src" / "made.py").write_text("# Generated from the contract.\n" + "x = 1\n" * 400)
    (tree / "README.md").write_text("word\n" * 400)
    done = look(tree)
    assert done.stdout == "src/long.py: 350 lines; a file ends before line 350\n"


def test_pictures_and_ignored_files_are_left_alone(tree: Path) -> None:
    (tree / "a.png").write_bytes(b"\x89PNG\0" + REGISTRY_LINES[0].encode())
    (tree / ".gitignore").write_text("built/\n")
    (tree / "built").mkdir()
    (tree / "built" / "log.txt").write_text(REGISTRY_LINES[0])
    assert look(tree).returncode == 0


def test_this_tree_is_clean() -> None:
    done = subprocess.run([sys.executable, str(SCRIPT)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
