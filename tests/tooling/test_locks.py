"""The lock files fit pyproject.toml, carry hashes, and agree with one another."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PIN = re.compile(
    r"""^(?P<name>[\w.-]+)==(?P<version>[\w.+!-]+)([ ];[^\\]+)?[ ]\\\n
    (?:[ ]{4}--hash=sha256:[0-9a-f]{64}([ ]\\)?\n)+""",
    re.MULTILINE | re.VERBOSE,
)


def pins(lock: Path) -> dict[str, str]:
    return {canonicalize_name(match["name"]): match["version"] for match in PIN.finditer(lock.read_text())}


def wanted(*extras: str) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = list(project["dependencies"])
    for extra in extras:
        lines += project["optional-dependencies"][extra]
    return [Requirement(line) for line in lines if not line.startswith("salon[")]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_package_is_pinned_with_its_hashes(lock: Path) -> None:
    assert PIN.sub("", lock.read_text()).strip() == ""
    assert pins(lock)


@pytest.mark.parametrize(("lock", "extras"), [("run.txt", []), ("dev.txt", ["postgres", "dev"])])
def test_a_lock_holds_what_the_project_asks_for(lock: str, extras: list[str]) -> None:
    locked = pins(ROOT / "requirements" / lock)
    for requirement in wanted(*extras):
        version = locked.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement.name} is not in {lock}: run `make lock`"
        assert requirement.specifier.contains(version), f"{lock} has {requirement.name} {version}: run `make lock`"


def test_a_server_runs_the_versions_that_the_tests_ran() -> None:
    run, dev = pins(ROOT / "requirements" / "run.txt"), pins(ROOT / "requirements" / "dev.txt")
    assert run.items() <= dev.items()
