"""A server that cannot have its database says so in a sentence, and ends."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.disks import fill, small_disk

LINES = 5
PATIENCE = 60

pytestmark = pytest.mark.xdist_group("disk")


def serve(data: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SALON_")}
    return subprocess.run(
        [sys.executable, "-m", "salon.cli", "serve", "--host", "127.0.0.1", "--port", "0", "--data-dir", str(data)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def full(folder: Path) -> Iterator[Path]:
    with small_disk(folder / "data", "64k") as disk:
        fill(disk / "ballast")
        yield disk


def read_only(folder: Path) -> Iterator[Path]:
    with small_disk(folder / "data", "64k", "ro") as disk:
        yield disk


def in_the_way(folder: Path) -> Iterator[Path]:
    """A file has the name of the folder."""
    (folder / "data").write_text("a file")
    yield folder / "data"


def no_database(folder: Path) -> Iterator[Path]:
    (folder / "data").mkdir()
    (folder / "data" / "salon.db").write_bytes(b"no database" * 1000)
    yield folder / "data"


@pytest.mark.parametrize("trouble", [full, read_only, in_the_way, no_database])
def test_it_says_what_is_wrong_and_ends(trouble: object, tmp_path: Path) -> None:
    assert callable(trouble)
    for data in trouble(tmp_path):
        ended = serve(data, tmp_path)
        said = ended.stdout + ended.stderr
        assert ended.returncode == 1, said
        assert "Traceback" not in said
        assert str(data) in said, "which place it is about"
        assert len(said.strip().splitlines()) <= LINES, said
