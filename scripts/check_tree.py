#!/usr/bin/env python3
"""Look over the files that git holds: no registry address, no path of one machine, no file grown too long."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from toolkit.common import ROOT

LONGEST = 350
COUNTED = re.compile(r"^(src|web/src|tests|scripts|bench)/.*\.(py|ts|vue|css|mjs|js|c|h)$")
GENERATED = re.compile(r"^\W*generated (from|by)\b", re.IGNORECASE)

# Locks and settings must not bind anybody to the registry, or the mirror of one, that was used to make them.
REGISTRIES = re.compile(
    r"""
      \b pypi \. (org|python\.org)  |  pythonhosted \. org
    | \b registry \. (npmjs|yarnpkg|npmmirror) \.  |  \b npm \. pkg \. github
    | \b (deb|security|ftp) (\.[\w-]+)? \. debian \. org
    | \b (archive|security) \. ubuntu \. com
    | "resolved": \s* "https?:
    | ^ \s* -- (extra-)? index-url \b | ^ \s* --find-links
    """,
    re.VERBOSE | re.IGNORECASE,
)
# A home or work folder of whoever made the file; the lookbehind keeps web addresses and longer paths out.
MACHINE_PATHS = re.compile(r"(?<![\w.~-])/(root|work|home/[a-z][\w-]*|Users/[A-Za-z][\w-]*)/")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=ROOT, help="the git work tree to look over")
    root: Path = parser.parse_args().root
    problems = [problem for name in _names(root) for problem in _problems(root, name)]
    for problem in problems:
        print(problem)
    if problems:
        sys.exit(1)


def _names(root: Path) -> list[str]:
    """What git holds, and what it would take in: a new file is wrong before it is added."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    return sorted({name for name in listed.stdout.split("\0") if name and (root / name).is_file()})


def _problems(root: Path, name: str) -> Iterator[str]:
    content = (root / name).read_bytes()
    if b"\0" in content[:8000]:
        return  # a picture, a font, a sound
    lines = content.decode(errors="replace").splitlines()
    for number, line in enumerate(lines, 1):
        if REGISTRIES.search(line):
            yield f"{name}:{number}: names a package registry: {_short(line)}"
        if MACHINE_PATHS.search(line):
            yield f"{name}:{number}: a path of one machine: {_short(line)}"
    generated = any(GENERATED.match(line) for line in lines[:3])
    if COUNTED.match(name) and not generated and len(lines) >= LONGEST:
        yield f"{name}: {len(lines)} lines; a file ends before line {LONGEST}"


def _short(line: str) -> str:
    return line.strip()[:100]


if __name__ == "__main__":
    main()
