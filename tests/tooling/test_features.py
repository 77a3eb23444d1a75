"""`make features`: each promise with its tests, and no id that the list does not have."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "features.py"

LIST = """# A list

Not a line: C1.

- C1 Messages reach everyone in order.
- C2 Reply and react.
- F8 A phone comes back into the same call.
"""
PYTHON_TESTS = """import pytest

pytestmark = pytest.mark.feature("C1")

def test_order(): ...

@pytest.mark.feature("C2")
@pytest.mark.parametrize("emoji", ["a", "b"])
def test_react(emoji): ...
"""
WEB_TESTS = """
describe('messages', () => {
  it('keeps their order [C1, C2]', () => {});
  it.each([1, 2])("counts %i [C2]", () => {});
  expect(label('[F8]')).toBe('no title');
});
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project beside this one that uses the same plugin."""
    write(tmp_path / "docs" / "features.md", LIST)
    write(tmp_path / "suite" / "conftest.py", 'pytest_plugins = ["tests.plugins.features"]\n')
    write(tmp_path / "suite" / "test_chat.py", PYTHON_TESTS)
    write(tmp_path / "web" / "src" / "chat" / "state.test.ts", WEB_TESTS)
    settings = f"""[pytest]
testpaths = suite
pythonpath = {ROOT} {ROOT / "scripts"}
addopts = --import-mode=importlib --strict-markers
markers = feature(*ids): what it proves
"""
    write(tmp_path / "pytest.ini", settings)
    return tmp_path


def write(file: Path, content: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content)


def features(project: Path, *options: str) -> subprocess.CompletedProcess[str]:
    order = [sys.executable, str(SCRIPT), "--root", str(project), *options]
    return subprocess.run(order, capture_output=True, text=True, check=False)


def test_each_promise_is_printed_with_its_tests(project: Path) -> None:
    done = features(project)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "C1   Messages reach everyone in order.",
        "       suite/test_chat.py::test_order",
        "       suite/test_chat.py::test_react  ×2",
        "       web/src/chat/state.test.ts: keeps their order",
        "C2   Reply and react.",
        "       suite/test_chat.py::test_react  ×2",
        "       web/src/chat/state.test.ts: counts %i",
        "       web/src/chat/state.test.ts: keeps their order",
        "F8   A phone comes back into the same call.",
        "",
        "2 of 3 lines have a test behind them.",
    ]


def test_missing_prints_only_what_no_test_proves(project: Path) -> None:
    done = features(project, "--missing")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "F8   A phone comes back into the same call.\n"


def test_an_unknown_id_in_a_python_test_fails(project: Path) -> None:
    write(project / "suite" / "test_chat.py", PYTHON_TESTS.replace('"C2"', '"C9"'))
    done = features(project)
    assert done.returncode == 1
    assert "unknown id C9: suite/test_chat.py::test_react" in done.stderr


def test_an_unknown_id_in_a_web_test_fails(project: Path) -> None:
    write(project / "web" / "src" / "chat" / "state.test.ts", WEB_TESTS.replace("C1, C2", "C1, Z7"))
    done = features(project)
    assert done.returncode == 1
    assert "unknown id Z7: web/src/chat/state.test.ts: keeps their order" in done.stderr


def test_an_unknown_id_stops_an_ordinary_run_as_well(project: Path) -> None:
    write(project / "suite" / "test_chat.py", PYTHON_TESTS.replace('"C2"', '"C9"'))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 4
    assert "has no line C9" in done.stdout + done.stderr


def test_tests_that_cannot_be_collected_fail(project: Path) -> None:
    write(project / "suite" / "test_chat.py", "import no_such_module\n")
    done = features(project)
    assert done.returncode != 0
    assert "no_such_module" in done.stderr
