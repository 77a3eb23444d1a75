"""`@pytest.mark.real`: a missing part skips with its reason, and fails where real parts are required."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = """import pytest

@pytest.mark.real("redis")
def test_needs_a_part(): ...

@pytest.mark.real("node")
def test_gives_up_by_itself():
    pytest.skip("no mood")

@pytest.mark.real("node")
@pytest.mark.xfail(reason="known")
def test_fails_as_expected():
    raise AssertionError

def test_ordinary_skip():
    pytest.skip("not here")
"""
CONFTEST = """import pytest
from toolkit import parts

parts.FINDERS["redis"] = lambda: None
parts.FINDERS["node"] = lambda: "/somewhere/node"
pytest_plugins = ["tests.plugins.real_parts"]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_parts.py").write_text(TESTS)
    settings = f"pythonpath = {ROOT} {ROOT / 'scripts'}\nmarkers = real(*parts): what it needs\n"
    (tmp_path / "pytest.ini").write_text(
        f"[pytest]\naddopts = --import-mode=importlib -p no:cacheprovider -rs\n{settings}"
    )
    return tmp_path


def run(project: Path, *options: str, required: bool) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"SALON_REQUIRE_REAL": "1" if required else "0"}
    order = [sys.executable, "-m", "pytest", *options]
    return subprocess.run(order, cwd=project, env=env, capture_output=True, text=True, check=False)


def test_a_missing_part_skips_with_the_reason(project: Path) -> None:
    done = run(project, required=False)
    assert done.returncode == 0, done.stdout
    assert "needs redis, which is not on this machine" in done.stdout
    assert "3 skipped, 1 xfailed" in done.stdout


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["one process", "workers"])
def test_a_skip_fails_where_real_parts_are_required(project: Path, options: tuple[str, ...]) -> None:
    done = run(project, *options, required=True)
    assert done.returncode == 1
    assert "test_needs_a_part needs redis and was skipped" in done.stdout
    assert "test_gives_up_by_itself needs node and was skipped: Skipped: no mood" in done.stdout
    assert "1 failed, 1 skipped, 1 xfailed, 1 error" in done.stdout


def test_a_module_that_skips_itself_fails_too(project: Path) -> None:
    (project / "test_parts.py").write_text(
        TESTS.replace("import pytest\n", "import pytest\npytest.importorskip('nope')\n", 1)
    )
    done = run(project, required=True)
    assert done.returncode != 0
    assert "skipped itself as a whole" in done.stdout
    assert run(project, required=False).returncode in (0, 5)


def test_an_unknown_part_is_an_error(project: Path) -> None:
    (project / "test_parts.py").write_text(TESTS.replace('"redis"', '"abacus"'))
    done = run(project, required=False)
    assert done.returncode == 4
    assert "no real part is called abacus" in done.stdout + done.stderr
