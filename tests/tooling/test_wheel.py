"""`make dist`: the wheel carries the built page, and serves it from an empty environment without Node."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "src" / "salon" / "web" / "index.html"
UV = Path(sys.executable).with_name("uv")
# One worker does all of it: building the wheel and its environment once is slow enough.
pytestmark = [pytest.mark.xdist_group("wheel"), pytest.mark.timeout(300)]


def must(*args: object, cwd: Path) -> None:
    done = subprocess.run([str(arg) for arg in args], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built as `make dist` builds it. `make test` has built the page already; a bare pytest may have not."""
    if not PAGE.exists():
        must(sys.executable, ROOT / "scripts" / "bootstrap.py", cwd=ROOT)
    target = tmp_path_factory.mktemp("dist")
    must(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", target, cwd=ROOT)
    [built] = target.glob("salon-*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty virtual environment into which only the wheel was installed, with what it asks for itself."""
    folder = tmp_path_factory.mktemp("empty")
    must(UV, "venv", "--python", sys.executable, folder / "env", cwd=folder)
    constraint = ROOT / "requirements" / "run.txt"
    order = [UV, "pip", "install", "--python", folder / "env" / "bin" / "python", "--constraint", constraint]
    must(*order, wheel, cwd=folder)
    return folder / "env"


@pytest.fixture
def server(environment: Path, tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """`salon serve` with nothing but the environment on the PATH."""
    path = str(environment / "bin")
    assert shutil.which("node", path=path) is None
    ready = tmp_path / "ready.json"
    order = ["--host", "127.0.0.1", "--port", "0", "--data-dir", tmp_path / "data", "--ready-file", ready]
    log = tmp_path / "log.txt"
    with log.open("w") as sink:
        process = subprocess.Popen(
            [str(part) for part in [environment / "bin" / "salon", "serve", *order]],
            cwd=tmp_path,
            env={"PATH": path, "HOME": str(tmp_path), "LANG": os.environ.get("LANG", "C.UTF-8")},
            stdout=sink,
            stderr=subprocess.STDOUT,
            text=True,
        )
    try:
        yield address(process, ready, log), process
    finally:
        process.kill()
        process.wait()


def address(process: subprocess.Popen[str], ready: Path, log: Path) -> str:
    # A first start compiles everything, and machines are busy.
    for _ in range(1200):
        if ready.exists() and (content := ready.read_text()):
            return str(json.loads(content)["url"])
        assert process.poll() is None, log.read_text()
        time.sleep(0.1)
    raise AssertionError(f"the server was not ready within two minutes: {log.read_text()}")


@pytest.mark.real("node")
def test_the_wheel_carries_the_page_and_the_migrations(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "salon/web/index.html" in names
    assert any(re.fullmatch(r"salon/web/assets/.+\.js", name) for name in names)
    assert any(re.fullmatch(r"salon/migrations/versions/\w+\.py", name) for name in names)
    assert not [name for name in names if "node_modules" in name or name.startswith(("web/", "tests/"))]


@pytest.mark.feature("O1")
@pytest.mark.real("node")
def test_an_empty_environment_serves_the_page_without_node(
    server: tuple[str, subprocess.Popen[str]],
) -> None:
    url, process = server
    with urlopen(url, timeout=10) as answer:
        page = answer.read().decode()
    assert answer.headers.get_content_type() == "text/html"
    scripts = re.findall(r'<script[^>]+src="(/[^"]+)"', page)
    assert scripts
    for script in scripts:
        with urlopen(url + script, timeout=10) as answer:
            assert answer.headers.get_content_type() == "text/javascript"
            assert answer.read()
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=15) == 0
