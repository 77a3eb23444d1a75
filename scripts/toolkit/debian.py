"""What the tests need from the system: installed where we may, named where we may not."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from .common import ROOT, Trouble, run, say

LIST = ROOT / "scripts" / "debian-packages.txt"


def prepare() -> None:
    if not _is_debian():
        return
    missing = [name for name in _wanted() if not _installed(name)]
    if missing and not may_install():
        say(f"for all tests, install as root: apt-get install {' '.join(missing)}")
    elif missing and not install(missing):
        raise Trouble(f"These Debian packages could not be installed: {' '.join(missing)}")


def may_install() -> bool:
    return _is_debian() and os.geteuid() == 0


def install(packages: list[str]) -> bool:
    say(f"installing Debian packages: {' '.join(packages)}")
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=600"]
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    if not run([*apt, "update"], env=env, quiet=True):
        say("apt-get update failed; trying with the lists that are here")
    return run([*apt, "install", "--yes", "--no-install-recommends", *packages], env=env, quiet=True)


def _is_debian() -> bool:
    try:
        lines = Path("/etc/os-release").read_text().splitlines()
    except OSError:
        return False
    return "ID=debian" in lines and shutil.which("apt-get") is not None


def _wanted() -> list[str]:
    lines = (line.partition("#")[0].strip() for line in LIST.read_text().splitlines())
    return [line for line in lines if line]


def _installed(package: str) -> bool:
    asked = subprocess.run(
        ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package],
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout == "installed"
